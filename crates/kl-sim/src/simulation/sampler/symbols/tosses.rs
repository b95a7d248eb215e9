//! Many tosses of one coin, bit by bit of its probability, until none is open.

use super::share::Share;
use crate::simulation::kernel::{Reading, SLACK, ones_each, widen, widen_each};
use crate::simulation::stream::Stream;

/// The tosses of several trials side by side.
///
/// A toss is a uniform number u in [0, 1), which falls to the left if u < p. Its bits are compared with p's, level by level:
/// at each level every toss that is still open reads one bit. Where p's bit is 1, a 0 goes left and a 1 stays open; where it
/// is 0, a 1 goes right and a 0 stays open. What is open after p's last 1 goes right. On average a toss takes at most two
/// bits, whatever p is (Knuth & Yao 1976).
///
/// At a level the trials come one after the other, each from a new byte on, lowest bit first; the bits of a trial are those
/// of its open tosses, in their order.
#[derive(Debug, Default)]
pub(super) struct Tosses {
    /// Which trials have open tosses; other trials may be left among them.
    trials: Vec<u32>,
    /// How many tosses of each are open.
    open: Vec<u32>,
    /// How many of each went left.
    left: Vec<u32>,
    ones: Vec<u32>,
    kept: Kept,
}

/// The bits that were read, if they are kept.
#[derive(Debug, Default)]
struct Kept {
    /// Of trials that have at most 64 tosses: what each read, level by level, and where each level ends.
    readings: Vec<Reading>,
    ends: Vec<usize>,
    /// Of longer ones: the levels of each trial, and their bits.
    levels: Vec<Vec<Level>>,
    words: Vec<u64>,
    /// The sides of the tosses that are open at a level, and at the level before.
    inner: Vec<u64>,
    outer: Vec<u64>,
}

/// The bits that a trial's open tosses read at a level.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// Where they begin among the words.
    start: usize,
    open: u32,
}

impl Tosses {
    /// Of `tosses[j]` tosses of trial j, how many go left: `left[j]`.
    pub(super) fn count(&mut self, stream: &mut Stream, share: Share, tosses: &[u32], left: &mut [u32]) {
        self.read(stream, share, tosses, left, |_, _, _| ());
    }

    /// The same, and to which side each toss of each trial goes: a 1 is the right. Trial j's bits begin at a new word of
    /// `sides`, lowest first.
    pub(super) fn sides(
        &mut self,
        stream: &mut Stream,
        share: Share,
        tosses: &[u32],
        left: &mut [u32],
        sides: &mut Vec<u64>,
    ) {
        let mut kept = std::mem::take(&mut self.kept);
        if tosses.iter().all(|&tosses| tosses <= 64) {
            kept.readings.clear();
            kept.ends.clear();
            self.read(stream, share, tosses, left, |trials, open, bytes| kept.keep_short(trials, open, bytes));
            kept.settle_short(share, tosses, sides);
        } else {
            kept.levels.iter_mut().for_each(Vec::clear);
            kept.levels.resize(tosses.len().max(kept.levels.len()), Vec::new());
            kept.words.clear();
            self.read(stream, share, tosses, left, |trials, open, bytes| kept.keep_long(trials, open, bytes));
            kept.settle_long(share, tosses, sides);
        }
        self.kept = kept;
    }

    /// Reads level after level; `take` has each level's trials, open tosses and bytes.
    fn read(
        &mut self,
        stream: &mut Stream,
        share: Share,
        tosses: &[u32],
        left: &mut [u32],
        mut take: impl FnMut(&[u32], &[u32], &[u8]),
    ) {
        self.trials.clear();
        self.trials.extend(0..tosses.len() as u32);
        self.open.clear();
        self.open.extend_from_slice(tosses);
        self.left.clear();
        self.left.resize(tosses.len(), 0);
        let mut total: u32 = tosses.iter().sum();
        for level in 0..share.levels() {
            if total == 0 {
                break;
            }
            // Trials without open tosses are dropped once most are.
            if (total as usize) < self.open.len() {
                self.drop_done(left);
            }
            self.ones.resize(self.open.len(), 0);
            let bytes = stream.ahead(total as usize / 8 + self.open.len() + SLACK);
            let used = ones_each(bytes, &self.open, &mut self.ones);
            take(&self.trials, &self.open, bytes);
            stream.skip(used);
            total = 0;
            let counts = self.open.iter_mut().zip(&self.ones);
            if share.bit(level) {
                for ((open, &ones), left) in counts.zip(&mut self.left) {
                    *left += *open - ones;
                    *open = ones;
                    total += ones;
                }
            } else {
                for (open, &ones) in counts {
                    *open -= ones;
                    total += *open;
                }
            }
        }
        self.open.fill(0);
        self.drop_done(left);
    }

    /// Drops the trials of which no toss is open, and notes how many of each went left.
    fn drop_done(&mut self, left: &mut [u32]) {
        let mut kept = 0;
        for place in 0..self.open.len() {
            let (trial, open, count) = (self.trials[place], self.open[place], self.left[place]);
            left[trial as usize] = count;
            (self.trials[kept], self.open[kept], self.left[kept]) = (trial, open, count);
            kept += usize::from(open > 0);
        }
        self.trials.truncate(kept);
        self.open.truncate(kept);
        self.left.truncate(kept);
    }
}

impl Kept {
    /// Keeps the bits of a level of trials that have at most 64 tosses.
    fn keep_short(&mut self, trials: &[u32], open: &[u32], bytes: &[u8]) {
        let mut start = 0;
        for (&trial, &open) in trials.iter().zip(open) {
            if open > 0 {
                let word = bytes.get(start..).and_then(|bytes| bytes.first_chunk::<SLACK>());
                let bits = word.map_or(0, |&word| u64::from_le_bytes(word));
                self.readings.push(Reading { trial, open, bits });
            }
            start += (open as usize).div_ceil(8);
        }
        self.ends.push(self.readings.len());
    }

    /// Adds the sides of all trials' tosses, from the last level back to the first.
    fn settle_short(&mut self, share: Share, tosses: &[u32], sides: &mut Vec<u64>) {
        // What is open after the last level goes right.
        self.inner.clear();
        self.inner.resize(tosses.len(), u64::MAX);
        let mut end = self.readings.len();
        for level in (0..self.ends.len()).rev() {
            let start = if level == 0 { 0 } else { self.ends[level - 1] };
            widen_each(share.bit(level as u32), &self.readings[start..end], &mut self.inner);
            end = start;
        }
        let has_some = self.inner.iter().zip(tosses).filter(|&(_, &tosses)| tosses > 0);
        sides.extend(has_some.map(|(sides, _)| sides));
    }

    /// Keeps the bits of a level.
    fn keep_long(&mut self, trials: &[u32], open: &[u32], mut bytes: &[u8]) {
        for (&trial, &open) in trials.iter().zip(open) {
            let (bits, rest) = bytes.split_at((open as usize).div_ceil(8));
            if let Some(levels) = self.levels.get_mut(trial as usize) {
                levels.push(Level { start: self.words.len(), open });
            }
            let (whole, last) = bits.as_chunks::<8>();
            self.words.extend(whole.iter().map(|&word| u64::from_le_bytes(word)));
            if !last.is_empty() {
                let mut word = [0; 8];
                word[..last.len()].copy_from_slice(last);
                self.words.push(u64::from_le_bytes(word));
            }
            bytes = rest;
        }
    }

    /// Adds the sides of each trial's tosses, from the last level back to the first.
    fn settle_long(&mut self, share: Share, tosses: &[u32], sides: &mut Vec<u64>) {
        let size = |bits: u32| (bits as usize).div_ceil(64);
        for (levels, &tosses) in self.levels.iter().zip(tosses) {
            // What is open after the last level goes right.
            self.inner.clear();
            self.inner.resize(size(levels.last().map_or(tosses, |level| level.open)), u64::MAX);
            for (number, level) in levels.iter().enumerate().rev() {
                let bits = &self.words[level.start..][..size(level.open)];
                self.outer.clear();
                widen(share.bit(number as u32), bits, level.open, &self.inner, &mut self.outer);
                std::mem::swap(&mut self.inner, &mut self.outer);
            }
            sides.extend_from_slice(&self.inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{Role, StreamKey};
    use kl_math::distribution::Distribution;
    use kl_math::numeric::DoubleDouble;

    fn stream(block: u64) -> Stream {
        StreamKey::new(57, Role::Source, "sequence", 10, &Distribution::of_weights(&[0.5, 0.5]).unwrap()).stream(block)
    }

    fn share(a: u64, b: u64) -> Share {
        Share::of(DoubleDouble::ratio(a, b), DoubleDouble::ratio(b - a, b))
    }

    /// The sides as the definition has them, toss by toss.
    fn expected(share: Share, tosses: &[u32], stream: &mut Stream) -> Vec<Vec<bool>> {
        let mut sides: Vec<Vec<Option<bool>>> = tosses.iter().map(|&tosses| vec![None; tosses as usize]).collect();
        for level in 0..share.levels() {
            for sides in &mut sides {
                let open: Vec<&mut Option<bool>> = sides.iter_mut().filter(|side| side.is_none()).collect();
                let mut byte = 0;
                for (place, side) in open.into_iter().enumerate() {
                    if place % 8 == 0 {
                        [byte] = stream.array();
                    }
                    let bit = byte >> (place % 8) & 1 == 1;
                    if bit != share.bit(level) {
                        *side = Some(bit);
                    }
                }
            }
        }
        sides.into_iter().map(|sides| sides.into_iter().map(|side| side.unwrap_or(true)).collect()).collect()
    }

    #[test]
    fn tosses_are_those_of_the_definition() {
        let mut scratch = Tosses::default();
        for share in
            [share(1, 2), share(2, 5), share(1, 3), share(5, 8), share(1, 1_000_000), share(999, 1_000), share(0, 1)]
        {
            for tosses in
                [vec![1], vec![0, 3, 0], vec![1_000; 8], vec![63, 64, 65, 0, 1, 128], vec![8_192], vec![10; 64]]
            {
                let (mut plain, mut counted, mut settled) = (stream(0), stream(0), stream(0));
                let expected = expected(share, &tosses, &mut plain);
                let lefts: Vec<u32> =
                    expected.iter().map(|sides| sides.iter().filter(|&&side| !side).count() as u32).collect();
                let mut left = vec![0; tosses.len()];
                scratch.count(&mut counted, share, &tosses, &mut left);
                assert_eq!(left, lefts);
                left.fill(0);
                let mut sides = Vec::new();
                scratch.sides(&mut settled, share, &tosses, &mut left, &mut sides);
                assert_eq!(left, lefts);
                let mut start = 0;
                for expected in &expected {
                    for (place, &side) in expected.iter().enumerate() {
                        assert_eq!(
                            sides[start + place / 64] >> (place % 64) & 1 == 1,
                            side,
                            "{share:?} {tosses:?} {place}"
                        );
                    }
                    start += expected.len().div_ceil(64);
                }
                assert_eq!(start, sides.len());
                // All have read the same bytes.
                assert_eq!([counted.position(), settled.position()], [plain.position(); 2]);
            }
        }
    }
}
