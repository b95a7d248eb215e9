//! The `sequence` sampler of Markov chains: every symbol of every sequence, counted by transitions.

use super::block_sizes::BlockSizes;
use super::thresholds::{Lead, Thresholds};
use super::{Blocks, Sampler, Segment};
use crate::estimator::{Detail, Rows, View};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::chain::ChainLaw;
use kl_math::distribution::Distribution;

/// All blocks of sequences of `n` states of one Markov chain.
///
/// A batch's counts are those of a trial's events: K for the first symbol, one of which is 1, and then K² for the
/// transitions, row by row. Its symbols are the states, 0…K−1.
///
/// Each state is settled as `sequence` settles independent symbols: one byte decides nearly always, by the thresholds
/// of the row of the state before; bytes of the stream of role `refine` settle the rest. Every transition probability
/// is right to 2⁻⁶⁴.
///
/// One state waits for the last, so sixteen *lanes* are drawn at a time. Of short sequences each lane is a trial. A
/// long one is cut into pieces of 16384 states, and these into sixteen lanes that all set out from the state before
/// the piece, as if it were known that they start there. Then, lane after lane, the right path is drawn from where the
/// lane before it ended, by the same bytes, and with fresh ones of `refine`, until it meets the lane's: from there on
/// the two are one. Both are chains with the right law, and what comes after they meet does not depend on what was
/// before, so the path has the right law, too (a coupling). Chains that meet late, such as ones that hardly ever leave
/// a state, take longer.
#[derive(Debug)]
pub struct ChainBlocks {
    n: u64,
    states: usize,
    /// How the next state is settled, by state; the last is for the first symbol.
    rows: Vec<Thresholds>,
    /// What each byte leads to, by row: as many entries as a `u16` has values.
    table: Box<[u32; 1 << 16]>,
    /// The same of each second byte.
    second: Vec<u32>,
    /// For two states, see [`Pair`].
    pair: Option<Pair>,
    source: StreamKey,
    refine: StreamKey,
}

/// Lanes drawn at a time.
const LANES: usize = 16;

/// Longer sequences are cut up.
const WHOLE: u64 = 1 << 12;

/// States a piece.
const PIECE: u64 = 1 << 14;

/// The entry of a byte that is left over. Others are 65536 times the event and 256 times the next state.
const LEFT_OVER: u32 = 1;

/// Sizes of the counts of a lane: known in advance, they make the inner loop shorter. No power of two is among the
/// large ones, so that lanes do not push each other out of the cache.
const STRIDES: [usize; 4] = [32, 112, 1_088, 4_176];

/// Lanes that a table is looked up for at a time.
const FEW: usize = 4;

impl ChainBlocks {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "sequence";

    /// The blocks of sequences of `n` states of `law`, K ≤ 64, whose rows sum to one; `source` and `refine` are the
    /// keys of the streams.
    pub fn new(law: ChainLaw<'_>, n: u64, source: StreamKey, refine: StreamKey) -> Self {
        let states = law.initial.len();
        let masses = law.transition.chunks_exact(states.max(1)).chain([law.initial]);
        let rows: Vec<Thresholds> = masses.map(|row| Thresholds::with_lead(Lead::Byte, row)).collect();
        let mut table = Box::new([LEFT_OVER; 1 << 16]);
        let found = |row, next: Option<u16>| next.map_or(LEFT_OVER, |next| entry(row, next, states));
        let entries = rows
            .iter()
            .enumerate()
            .flat_map(|(row, thresholds)| (0..=255).map(move |byte: u8| found(row, thresholds.owner(u64::from(byte)))));
        table.iter_mut().zip(entries).for_each(|(place, entry)| *place = entry);
        let second = rows
            .iter()
            .enumerate()
            .flat_map(|(row, thresholds)| (0..=255).map(move |byte| found(row, thresholds.second_owner(byte))));
        let second = second.collect();
        Self { n, states, table, second, pair: Pair::of(&rows), rows, source, refine }
    }

    /// The blocks of `seed`, of a source whose law this is.
    pub fn of(seed: u64, source: &Distribution, law: ChainLaw<'_>, n: u64) -> Self {
        let key = |role| StreamKey::new(seed, role, Self::NAME, n, source);
        Self::new(law, n, key(Role::Source), key(Role::Refine))
    }

    /// How many counts a trial has: K + K².
    pub fn events(&self) -> usize {
        self.states + self.states * self.states
    }

    /// The counts kept for a lane, of which the first ones are of use.
    fn stride(&self) -> usize {
        STRIDES.into_iter().find(|&stride| stride >= self.events()).unwrap_or(self.events())
    }

    /// The event of going from one state to the next; `states` stands for no state before.
    fn event(&self, from: usize, next: usize) -> usize {
        event(from, next, self.states)
    }
}

/// Two states: the next one is told by a comparison, of all lanes at once.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// The first byte of state 1, by the state before.
    cuts: [u8; 2],
    /// 255 where the byte 255 is left over.
    over: [u8; 2],
}

impl Pair {
    /// None for other chains, and where a state cannot be followed by state 1.
    fn of(rows: &[Thresholds]) -> Option<Self> {
        let [first, second, _] = rows else { return None };
        let ends = |row: &Thresholds| <[u64; 2]>::try_from(row.ends()).ok();
        let [first, second] = [ends(first)?, ends(second)?];
        let cut = |[cut, _]: [u64; 2]| u8::try_from(cut).ok();
        let over = |[_, end]: [u64; 2]| if end < 256 { 255 } else { 0 };
        Some(Self { cuts: [cut(first)?, cut(second)?], over: [over(first), over(second)] })
    }
}

fn event(from: usize, next: usize, states: usize) -> usize {
    if from == states { next } else { states * (from + 1) + next }
}

fn entry(from: usize, next: u16, states: usize) -> u32 {
    (event(from, usize::from(next), states) as u32) << 16 | u32::from(next) << 8
}

impl Blocks for ChainBlocks {
    fn sizes(&self) -> BlockSizes {
        /// Counts that a batch holds.
        const COUNTS: u64 = 1 << 16;
        // To put down eight counts takes as long as a state.
        let events = self.events() as u64;
        let sequences = BlockSizes::of_sequences(self.n);
        let block = BlockSizes::of_sequences(self.n.max(events / 8)).block;
        BlockSizes { block, batch: sequences.batch.min(COUNTS / events.max(1)).max(1), ..sequences }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Chain {
            blocks: self,
            source: self.source.stream(block),
            refine: self.refine.stream(block),
            bytes: Vec::new(),
            drawn: Vec::new(),
            counts: vec![0; LANES * self.stride()],
            totals: Vec::new(),
            symbols: Vec::new(),
            piece: Piece { length: 0, used: 0, from: self.states, lane: LANES - 1, steps: 0 },
            done: 0,
        })
    }
}

/// The sampler of one block.
#[derive(Debug)]
struct Chain<'a> {
    blocks: &'a ChainBlocks,
    source: Stream,
    refine: Stream,
    /// The bytes of all lanes, step by step.
    bytes: Vec<[u8; LANES]>,
    /// Their states.
    drawn: Vec<[u8; LANES]>,
    /// The events of each lane.
    counts: Vec<u32>,
    piece: Piece,
    /// How much of the trial came in pieces before this one.
    done: u64,
    /// The last segment's counts, and its states if they were asked for.
    totals: Vec<u64>,
    symbols: Vec<u16>,
}

/// What can be taken of the trial at hand.
#[derive(Debug)]
struct Piece {
    /// So many states.
    length: usize,
    /// So many of them have been taken.
    used: usize,
    /// The state before the next.
    from: usize,
    /// The lane of the first one; a cut-up trial goes on in the next lanes.
    lane: usize,
    /// States a lane.
    steps: usize,
}

impl Sampler for Chain<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        let events = self.blocks.events();
        let (mut totals, mut symbols) = (std::mem::take(&mut self.totals), std::mem::take(&mut self.symbols));
        totals.clear();
        totals.resize(segment.trials * events, 0);
        symbols.clear();
        for counts in totals.chunks_exact_mut(events) {
            if segment.start == 0 {
                self.begin();
            }
            let mut left = segment.length();
            while left > 0 {
                if self.piece.used == self.piece.length {
                    self.advance();
                }
                let symbols = if detail == Detail::Sequence { Some(&mut symbols) } else { None };
                left -= self.take(left, counts, symbols);
            }
        }
        (self.totals, self.symbols) = (totals, symbols);
        let counts = Rows::new(events, self.totals.as_slice());
        match detail {
            Detail::Sequence => View::Symbols { counts, symbols: &self.symbols },
            Detail::Totals => View::Counts(counts),
        }
    }
}

impl Chain<'_> {
    /// Goes to the next trial.
    fn begin(&mut self) {
        let (n, states) = (self.blocks.n, self.blocks.states);
        self.done = 0;
        if n > WHOLE {
            self.piece = Piece { length: 0, used: 0, from: states, lane: 0, steps: 0 };
            return;
        }
        let mut lane = self.piece.lane + 1;
        if lane == LANES {
            lane = 0;
            self.run(n as usize, states, states);
        }
        self.piece = Piece { length: n as usize, used: 0, from: states, lane, steps: n as usize };
    }

    /// Goes to the next piece of a trial that is cut up.
    fn advance(&mut self) {
        let (states, from) = (self.blocks.states, self.piece.from);
        let length = (self.blocks.n - self.done).clamp(1, PIECE) as usize;
        let steps = length.div_ceil(LANES);
        let guess = if from == states { 0 } else { from };
        self.run(steps, from, guess);
        let mut before = from;
        for lane in 0..LANES {
            if lane > 0 {
                self.mend(lane, guess, before);
            }
            before = self.drawn.last().map_or(before, |row| usize::from(row[lane]));
        }
        // The last lanes may go beyond the end.
        self.piece = Piece { length, used: 0, from, lane: 0, steps };
        for place in length..LANES * steps {
            let event = self.blocks.event(self.state(place - 1), self.state(place));
            *self.count(place / steps, event) -= 1;
        }
        self.done += length as u64;
    }

    /// Draws `steps` states of each lane: the first one's from `first`, those of all others from `other`.
    fn run(&mut self, steps: usize, first: usize, other: usize) {
        let blocks = self.blocks;
        self.bytes.resize(steps, [0; LANES]);
        self.drawn.resize(steps, [0; LANES]);
        let mut room = self.bytes.as_flattened_mut();
        while !room.is_empty() {
            let bytes = self.source.bytes(room.len() as u64);
            let (now, later) = room.split_at_mut(bytes.len());
            now.copy_from_slice(bytes);
            room = later;
        }
        self.counts.fill(0);
        let mut rows = [256 * other as u16; LANES];
        rows[0] = 256 * first as u16;
        let mut lanes = Lanes { blocks, rows, counts: &mut self.counts, refine: &mut self.refine };
        match blocks.pair {
            Some(pair) => {
                // The first step may have no state before it.
                let (first, rest) = self.bytes.split_at(1);
                let (before, after) = self.drawn.split_at_mut(1);
                lanes.look_up(first, before);
                if let &[before] = &*before {
                    lanes.compare(pair, rest, before, after);
                }
            }
            None => lanes.look_up(&self.bytes, &mut self.drawn),
        }
    }

    /// Redraws a lane that set out from `guess` though it begins after `before`, until the two paths meet.
    fn mend(&mut self, lane: usize, guess: usize, before: usize) {
        let blocks = self.blocks;
        let (mut wrong, mut right) = (guess, before);
        for step in 0..self.drawn.len() {
            if wrong == right {
                return;
            }
            let mut entry = blocks.table[256 * right + usize::from(self.bytes[step][lane])];
            if entry == LEFT_OVER {
                entry = settled(blocks, right as u16, &mut self.refine);
            }
            let old = usize::from(self.drawn[step][lane]);
            *self.count(lane, blocks.event(wrong, old)) -= 1;
            *self.count(lane, (entry >> 16) as usize) += 1;
            self.drawn[step][lane] = (entry >> 8) as u8;
            (wrong, right) = (old, usize::from(self.drawn[step][lane]));
        }
    }

    fn count(&mut self, lane: usize, event: usize) -> &mut u32 {
        &mut self.counts[lane * self.blocks.stride() + event]
    }

    /// A state of the piece.
    fn state(&self, place: usize) -> usize {
        let Piece { lane, steps, .. } = self.piece;
        usize::from(self.drawn[place % steps][lane + place / steps])
    }

    /// Takes up to `most` states of the piece: adds their events, and puts the states themselves where they are asked
    /// for.
    fn take(&mut self, most: u64, counts: &mut [u64], symbols: Option<&mut Vec<u16>>) -> u64 {
        let Piece { length, used, lane, steps, .. } = self.piece;
        let end = length.min(used.saturating_add(usize::try_from(most).unwrap_or(usize::MAX)));
        if used == 0 && end == length {
            let lanes = self.counts.chunks_exact(self.blocks.stride());
            for lane in lanes.skip(lane).take(length.div_ceil(steps)) {
                counts.iter_mut().zip(lane).for_each(|(count, &more)| *count += u64::from(more));
            }
        } else {
            let mut from = self.piece.from;
            for place in used..end {
                let next = self.state(place);
                counts[self.blocks.event(from, next)] += 1;
                from = next;
            }
        }
        if let Some(symbols) = symbols {
            symbols.extend((used..end).map(|place| self.state(place) as u16));
        }
        self.piece.from = self.state(end - 1);
        self.piece.used = end;
        (end - used) as u64
    }
}

/// The lanes at work.
struct Lanes<'a> {
    blocks: &'a ChainBlocks,
    /// 256 times the last state of each.
    rows: [u16; LANES],
    counts: &'a mut [u32],
    refine: &'a mut Stream,
}

impl Lanes<'_> {
    /// By the table.
    fn look_up(&mut self, bytes: &[[u8; LANES]], drawn: &mut [[u8; LANES]]) {
        match STRIDES.iter().position(|&stride| stride == self.blocks.stride()) {
            Some(0) => self.look_up_in::<{ STRIDES[0] }>(bytes, drawn),
            Some(1) => self.look_up_in::<{ STRIDES[1] }>(bytes, drawn),
            Some(2) => self.look_up_in::<{ STRIDES[2] }>(bytes, drawn),
            _ => self.look_up_in::<{ STRIDES[3] }>(bytes, drawn),
        }
    }

    fn look_up_in<const STRIDE: usize>(&mut self, bytes: &[[u8; LANES]], drawn: &mut [[u8; LANES]]) {
        let (blocks, table) = (self.blocks, &*self.blocks.table);
        let (counts, _) = self.counts.as_chunks_mut::<STRIDE>();
        let (counts, _) = counts.as_chunks_mut::<FEW>();
        // A few lanes at a time: as many as the registers hold, and enough not to wait for memory.
        for (few, counts) in counts.iter_mut().enumerate() {
            let mut rows: [u16; FEW] = std::array::from_fn(|lane| self.rows[few * FEW + lane]);
            for (bytes, drawn) in bytes.iter().zip(&mut *drawn) {
                let (bytes, drawn) = (&bytes.as_chunks::<FEW>().0[few], &mut drawn.as_chunks_mut::<FEW>().0[few]);
                for lane in 0..FEW {
                    let mut entry = table[usize::from(rows[lane] | u16::from(bytes[lane]))];
                    if entry == LEFT_OVER {
                        entry = settled(blocks, rows[lane] >> 8, self.refine);
                    }
                    counts[lane][(entry >> 16) as usize] += 1;
                    rows[lane] = entry as u16;
                    drawn[lane] = (entry >> 8) as u8;
                }
            }
            self.rows[few * FEW..][..FEW].copy_from_slice(&rows);
        }
    }

    /// Of two states, by comparison, eight lanes a word; `from` are the states before.
    fn compare(&mut self, pair: Pair, bytes: &[[u8; LANES]], from: [u8; LANES], drawn: &mut [[u8; LANES]]) {
        let [cuts, overs] = [pair.cuts, pair.over].map(|[first, second]| [spread(first), spread(first ^ second)]);
        let mut was = words(&from);
        // A byte counts up to 255.
        for (bytes, drawn) in bytes.chunks(255).zip(drawn.chunks_mut(255)) {
            let before = was;
            // How often state 1 came, and how often after state 1.
            let (mut ones, mut both) = ([0u64; WORDS], [0u64; WORDS]);
            for (bytes, drawn) in bytes.iter().zip(drawn) {
                let now = words(bytes);
                let masks = was.map(|word| word * 255);
                let mut is: [u64; WORDS] =
                    std::array::from_fn(|word| at_least(now[word], cuts[0] ^ masks[word] & cuts[1]));
                let left_over: [u64; WORDS] =
                    std::array::from_fn(|word| all_ones(now[word], overs[0] ^ masks[word] & overs[1]));
                if left_over != [0; WORDS] {
                    self.settle(pair, bytes, was, &mut is);
                }
                for word in 0..WORDS {
                    ones[word] += is[word];
                    both[word] += is[word] & was[word];
                }
                drawn.as_chunks_mut().0.iter_mut().zip(is).for_each(|(drawn, is)| *drawn = is.to_le_bytes());
                was = is;
            }
            let steps = bytes.len() as u32;
            let number = |words: [u64; WORDS], lane: usize| u32::from(words[lane / 8].to_le_bytes()[lane % 8]);
            let (lanes, _) = self.counts.as_chunks_mut::<{ STRIDES[0] }>();
            for (lane, [_, _, stay, rise, fall, keep, ..]) in lanes.iter_mut().enumerate() {
                let [ones, both] = [ones, both].map(|words| number(words, lane));
                let left = ones + number(before, lane) - number(was, lane);
                *stay += steps + both - left - ones;
                *rise += ones - both;
                *fall += left - both;
                *keep += both;
            }
        }
    }

    /// The next states of the lanes whose bytes are left over.
    #[cold]
    fn settle(&mut self, pair: Pair, bytes: &[u8; LANES], was: [u64; WORDS], is: &mut [u64; WORDS]) {
        for (lane, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 255) {
            let (word, shift) = (lane / 8, lane % 8 * 8);
            let row = (was[word] >> shift & 1) as usize;
            if pair.over[row] != 0 {
                let next = u64::from(self.blocks.rows[row].settle(self.refine));
                is[word] = is[word] & !(1 << shift) | next << shift;
            }
        }
    }
}

/// Words of eight lanes, a byte each.
const WORDS: usize = LANES / 8;

/// The top bit of each byte.
const TOPS: u64 = spread(0x80);

/// A byte, eight times.
const fn spread(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

fn words(lanes: &[u8; LANES]) -> [u64; WORDS] {
    let (bytes, _) = lanes.as_chunks::<8>();
    std::array::from_fn(|word| u64::from_le_bytes(bytes[word]))
}

/// 1 in each byte where `a` ≥ `b`.
fn at_least(a: u64, b: u64) -> u64 {
    // The top bits are set aside, so that no byte borrows from the next.
    let lower = (a | TOPS) - (b & !TOPS);
    ((a & !b | !(a ^ b) & lower) & TOPS) >> 7
}

/// 0 unless some byte of `a` is 255 where that of `of` is 255, too; those of `of` are 0 or 255.
fn all_ones(a: u64, of: u64) -> u64 {
    // Where such a byte is, zero: the one place from which a byte borrows first.
    let rest = !(a & of);
    rest.wrapping_sub(spread(1)) & !rest & TOPS
}

/// The entry of a byte that is left over: other bytes settle it.
#[cold]
fn settled(blocks: &ChainBlocks, row: u16, refine: &mut Stream) -> u32 {
    let [byte] = refine.array();
    let row = usize::from(row);
    match blocks.second[256 * row + usize::from(byte)] {
        LEFT_OVER => entry(row, blocks.rows[row].settle_last(refine), blocks.states),
        entry => entry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::stream::Role;
    use kl_math::distribution::Distribution;
    use kl_math::numeric::DoubleDouble;

    /// Initial probabilities and transitions, normalised.
    struct Law {
        initial: Vec<DoubleDouble>,
        transition: Vec<DoubleDouble>,
    }

    impl Law {
        fn of(initial: &[f64], transition: &[f64]) -> Self {
            let normalised = |row: &[f64]| {
                let sum: DoubleDouble = row.iter().copied().map(DoubleDouble::from).sum();
                row.iter().map(|&weight| DoubleDouble::from(weight) / sum).collect::<Vec<_>>()
            };
            let transition = transition.chunks(initial.len()).flat_map(normalised).collect();
            Self { initial: normalised(initial), transition }
        }

        fn blocks(&self, n: u64) -> ChainBlocks {
            let stand_in = Distribution::of_weights(&[0.5, 0.5]).unwrap();
            let key = |role| StreamKey::new(57, role, ChainBlocks::NAME, n, &stand_in);
            let law = ChainLaw { initial: &self.initial, transition: &self.transition };
            ChainBlocks::new(law, n, key(Role::Source), key(Role::Refine))
        }
    }

    fn two() -> Law {
        Law::of(&[0.3, 0.7], &[0.9, 0.1, 0.4, 0.6])
    }

    /// Cycles of three, with no way to meet.
    fn cycle() -> Law {
        Law::of(&[0.2, 0.3, 0.5], &[0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    }

    fn sticky() -> Law {
        Law::of(&[0.5, 0.5], &[0.999, 0.001, 0.002, 0.998])
    }

    fn many(states: usize) -> Law {
        let weights = |salt: usize, count: usize| -> Vec<f64> {
            (0..count).map(|place| ((place * 31 + salt) % 97) as f64 + 0.5).collect()
        };
        Law::of(&weights(3, states), &weights(11, states * states))
    }

    fn laws() -> Vec<Law> {
        let half = Law::of(&[0.5, 0.5], &[0.5; 4]);
        let swapped = Law::of(&[0.25, 0.75], &[0.0, 1.0, 1.0, 0.0]);
        let closed = Law::of(&[1.0, 0.0], &[0.99, 0.01, 0.0, 1.0]);
        vec![two(), half, swapped, closed, cycle(), sticky(), many(10), many(64)]
    }

    #[test]
    fn bytes_of_a_word_are_compared_each_for_itself() {
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                let of = |a: [u8; 8], b: [u8; 8]| at_least(u64::from_le_bytes(a), u64::from_le_bytes(b)).to_le_bytes();
                let (a, b) = ([a, b, 0, a, 255, b, 1, 128], [b, a, 255, a, 0, 128, b, a]);
                let expected: [u8; 8] = std::array::from_fn(|place| u8::from(a[place] >= b[place]));
                assert_eq!(of(a, b), expected);
                let masks = b.map(|byte| if byte > 100 { 255 } else { 0 });
                let found = all_ones(u64::from_le_bytes(a), u64::from_le_bytes(masks)) != 0;
                assert_eq!(found, a.iter().zip(masks).any(|(&byte, mask)| byte == 255 && mask == 255));
            }
        }
    }

    /// Counts and symbols of the first trials of block 1, in batches of `together` and segments of `step`.
    fn drawn(
        law: &Law,
        n: u64,
        trials: usize,
        together: usize,
        step: u64,
        detail: Detail,
    ) -> (Vec<Vec<u64>>, Vec<u16>) {
        let blocks = law.blocks(n);
        let mut sampler = blocks.sampler(1);
        let (mut counts, mut symbols) = (Vec::new(), Vec::new());
        while counts.len() < trials {
            let trials = if step < n { 1 } else { together.min(trials - counts.len()) };
            let first = counts.len();
            counts.resize(first + trials, vec![0; blocks.events()]);
            let mut start = 0;
            while start < n {
                let end = n.min(start + step);
                let drawn = sampler.draw(Segment { trials, start, end }, detail);
                for (total, more) in counts[first..].iter_mut().zip(drawn.counts()) {
                    total.iter_mut().zip(more).for_each(|(total, more)| *total += more);
                }
                symbols.extend_from_slice(drawn.symbols());
                start = end;
            }
        }
        (counts, symbols)
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_states_are_frozen() {
        let shown = |law: &Law, n: u64, trials: usize| {
            let (counts, symbols) = drawn(law, n, trials, trials, n, Detail::Sequence);
            let last = &symbols[symbols.len().saturating_sub(24)..];
            format!("{last:?} {:?}", &counts[0][..counts[0].len().min(12)])
        };
        let drawn =
            [shown(&two(), 8, 3), shown(&two(), 20_000, 1), shown(&many(10), 24, 1), shown(&many(64), 5_000, 1)];
        insta::assert_snapshot!(drawn.join("\n"), @r"
        [1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0] [0, 1, 2, 1, 1, 3]
        [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1] [1, 0, 14239, 1602, 1601, 2557]
        [2, 6, 7, 7, 3, 4, 5, 4, 4, 0, 1, 8, 4, 2, 1, 7, 9, 3, 4, 6, 7, 4, 9, 0] [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        [9, 32, 33, 59, 18, 5, 32, 47, 12, 40, 8, 32, 51, 4, 3, 23, 63, 5, 11, 24, 25, 22, 8, 47] [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
        ");
    }

    #[test]
    fn counts_are_those_of_the_symbols() {
        for law in laws() {
            for n in [1, 2, 10, 4_096, 4_097, 4_111, 16_384, 16_385, 40_000] {
                let states = law.initial.len();
                let (counts, symbols) = drawn(&law, n, 3, 3, n, Detail::Sequence);
                for (counts, symbols) in counts.iter().zip(symbols.chunks_exact(n as usize)) {
                    let mut expected = vec![0; counts.len()];
                    let mut from = states;
                    for &next in symbols {
                        expected[event(from, usize::from(next), states)] += 1;
                        from = usize::from(next);
                    }
                    assert_eq!(counts, &expected, "{states} {n}");
                }
                assert_eq!(symbols.len() as u64, 3 * n);
                assert_eq!(drawn(&law, n, 3, 3, n, Detail::Totals).0, counts);
            }
        }
    }

    #[test]
    fn segments_and_batches_do_not_change_the_states() {
        for law in laws() {
            for n in [10, 300, 5_000, 20_001] {
                let whole = drawn(&law, n, 20, 20, n, Detail::Sequence);
                for (together, step) in [(1, n), (7, n), (1, 7), (1, 1_024), (1, 16_384)] {
                    assert_eq!(drawn(&law, n, 20, together, step, Detail::Sequence), whole, "{n} {together} {step}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_mass_never_occurs() {
        for n in [10, 10_000] {
            let law = cycle();
            for counts in drawn(&law, n, 40, 40, n, Detail::Totals).0 {
                assert_eq!(counts.iter().sum::<u64>(), n);
                let steps = counts[3..].iter().zip(&law.transition);
                assert!(steps.into_iter().all(|(&count, &mass)| count == 0 || mass > DoubleDouble::ZERO));
            }
        }
    }

    /// χ² of the transitions out of each state against their law, and of the first states, fixed seed. A right sampler
    /// exceeds a bound with chance 1e-9 (the rows are multinomial given how often each state is left, for long runs
    /// nearly; Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x), and there are some 300 of them.
    #[test]
    fn a_million_states_follow_their_law() {
        for law in [two(), Law::of(&[0.5, 0.5], &[0.5; 4]), sticky(), many(3), many(10), many(64)] {
            for (n, trials) in [(10, 100_000), (1_000, 1_000), (20_000, 50)] {
                let states = law.initial.len();
                if states * trials > 1_000_000 {
                    continue;
                }
                let mut totals = vec![0u64; states + states * states];
                for counts in drawn(&law, n, trials, 100, n, Detail::Totals).0 {
                    totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
                }
                let rows = std::iter::once(&law.initial[..]).chain(law.transition.chunks(states));
                for (row, counts) in rows.zip(totals.chunks(states)) {
                    let whole = counts.iter().sum::<u64>() as f64;
                    let expected = row.iter().map(|mass| whole * mass.to_f64());
                    let terms = counts.iter().zip(expected).map(|(&count, expected)| {
                        let distance = count as f64 - expected;
                        if expected > 0.0 { distance * distance / expected } else { 0.0 }
                    });
                    let chi_square: f64 = terms.sum();
                    let (k, x) = ((states - 1) as f64, 20.7);
                    assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{states} {n}: {chi_square}");
                }
            }
        }
    }

    /// Pairs of transitions, too: what a path does after lanes have met must not depend on what it did before.
    #[test]
    fn three_states_in_a_row_follow_their_law() {
        let law = two();
        let (_, symbols) = drawn(&law, 1_000_000, 1, 1, 1_000_000, Detail::Sequence);
        let mut counts = [0.0f64; 8];
        symbols.windows(3).for_each(|w| counts[usize::from(4 * w[0] + 2 * w[1] + w[2])] += 1.0);
        for pair in 0..4 {
            let [first, second] = [counts[2 * pair], counts[2 * pair + 1]];
            let p = law.transition[2 * (pair % 2) + 1].to_f64();
            let whole = first + second;
            // Six standard deviations: 2e-9 each.
            assert!((second - whole * p).abs() < 6.0 * (whole * p * (1.0 - p)).sqrt(), "{pair}: {counts:?}");
        }
    }
}
