//! What the tests of many trials decided, and after how many symbols.

use crate::decision::Decision;
use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// How often each decision was made, and how long the sequences were. All of it is counted in integers.
///
/// Lengths are kept to 12 binary digits: up to 4,096 symbols each by itself, above that some together.
///
/// ```
/// use kl_math::decision::Decision;
/// use kl_math::statistics::Decisions;
/// let mut decisions = Decisions::default();
/// decisions.push(Decision::P, 7, 1);
/// decisions.push(Decision::Q, 9, 3);
/// assert_eq!((decisions.count(Decision::Q), decisions.trials(), decisions.at_most(8)), (3, 4, 1));
/// assert_eq!(decisions.mean_length(), Some(8.5));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    /// By [`Decision::ALL`].
    counts: [u64; 3],
    /// The last length of each step that occurs, ascending, with how many trials ended in it.
    lengths: Vec<(u64, u64)>,
    sum: u128,
    squares: u128,
}

/// Lengths below this are told apart.
const TOLD_APART: u32 = 12;

impl Decisions {
    /// The last of the lengths that are counted together with this one.
    pub fn step(length: u64) -> u64 {
        let digits = u64::BITS - length.leading_zeros();
        let shift = digits.saturating_sub(TOLD_APART);
        // Steps end at multiples of their size, so that powers of two end one.
        let size = 1_u64 << shift;
        length.div_ceil(size).saturating_mul(size)
    }

    /// Counts `trials` more trials that ended so after `length` symbols.
    pub fn push(&mut self, decision: Decision, length: u64, trials: u64) {
        if let Some(count) = self.counts.get_mut(decision as usize) {
            *count += trials;
        }
        let (length_squared, times) = (u128::from(length) * u128::from(length), u128::from(trials));
        self.sum += u128::from(length) * times;
        self.squares += length_squared * times;
        let step = Self::step(length);
        match self.lengths.binary_search_by_key(&step, |&(end, _)| end) {
            Ok(place) => self.lengths[place].1 += trials,
            Err(place) => self.lengths.insert(place, (step, trials)),
        }
    }

    /// How many trials ended so.
    pub fn count(&self, decision: Decision) -> u64 {
        self.counts.get(decision as usize).copied().unwrap_or_default()
    }

    /// How many trials there are.
    pub fn trials(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many trials ended after at most `length` symbols, which is the end of a [step](Self::step).
    pub fn at_most(&self, length: u64) -> u64 {
        self.lengths.iter().take_while(|&&(end, _)| end <= length).map(|&(_, trials)| trials).sum()
    }

    /// The mean length; none without trials.
    pub fn mean_length(&self) -> Option<f64> {
        let trials = self.trials();
        (trials > 0).then(|| self.sum as f64 / trials as f64)
    }

    /// The variance of the length about `mean`: E (length − mean)², from the trials.
    pub fn length_spread(&self) -> Option<f64> {
        let trials = u128::from(self.trials());
        if trials < 2 {
            return None;
        }
        // n Σx² − (Σx)² in integers, where it fits; else in doubles.
        let exact = trials.checked_mul(self.squares).zip(self.sum.checked_mul(self.sum));
        let spread = match exact {
            Some((squares, square)) => squares.saturating_sub(square) as f64,
            None => (trials as f64 * self.squares as f64 - self.sum as f64 * self.sum as f64).max(0.0),
        };
        Some(spread / (trials as f64 * (trials - 1) as f64))
    }

    /// The smallest end of a step up to which at least this part of the trials ended.
    pub fn length_quantile(&self, level: f64) -> Option<u64> {
        let wanted = level * self.trials() as f64;
        let mut seen = 0;
        self.lengths.iter().find_map(|&(end, trials)| {
            seen += trials;
            (seen as f64 >= wanted).then_some(end)
        })
    }
}

impl Summary for Decisions {
    fn merge(&mut self, later: Self) {
        self.counts.iter_mut().zip(later.counts).for_each(|(count, more)| *count += more);
        self.sum += later.sum;
        self.squares += later.squares;
        if self.lengths.is_empty() {
            self.lengths = later.lengths;
            return;
        }
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.lengths.len() + later.lengths.len());
        let (mut own, mut others) = (self.lengths.iter().copied().peekable(), later.lengths.into_iter().peekable());
        while let Some(&(end, trials)) = own.peek() {
            match others.peek() {
                Some(&(other, more)) if other < end => {
                    merged.push((other, more));
                    others.next();
                }
                Some(&(other, more)) if other == end => {
                    merged.push((end, trials + more));
                    own.next();
                    others.next();
                }
                _ => {
                    merged.push((end, trials));
                    own.next();
                }
            }
        }
        merged.extend(others);
        self.lengths = merged;
    }
}

impl Restore for Decisions {
    fn restore(self, _: &Self, trials: u64) -> Option<Self> {
        let all = |mut counts: std::slice::Iter<'_, u64>| counts.try_fold(0_u64, |sum, &count| sum.checked_add(count));
        let of_lengths: Vec<u64> = self.lengths.iter().map(|&(_, trials)| trials).collect();
        let counted = all(self.counts.iter())?;
        let rises = self.lengths.windows(2).all(|pair| matches!(pair, [(one, _), (next, _)] if one < next));
        (counted <= trials && all(of_lengths.iter())? == counted && rises).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_end_at_multiples_of_their_size() {
        assert_eq!([1, 4_095, 4_096, 4_097, 8_192, 8_193].map(Decisions::step), [1, 4_095, 4_096, 4_098, 8_192, 8_196]);
        assert_eq!(Decisions::step(Decisions::step(1_234_567)), Decisions::step(1_234_567));
    }

    proptest! {
        /// Merging is pushing all; the mean and the spread are those of the lengths.
        #[test]
        fn merging_equals_pushing_all(
            lengths in proptest::collection::vec((0_usize..3, 1_u64..100_000), 2..60),
            cut in 0_usize..60,
        ) {
            let of = |part: &[(usize, u64)]| {
                let mut decisions = Decisions::default();
                part.iter().for_each(|&(place, length)| decisions.push(Decision::ALL[place], length, 1));
                decisions
            };
            let cut = cut.min(lengths.len());
            let (all, mut parts) = (of(&lengths), of(&lengths[..cut]));
            parts.merge(of(&lengths[cut..]));
            prop_assert_eq!(&parts, &all);
            let count = lengths.len() as f64;
            let mean = lengths.iter().map(|&(_, length)| length as f64).sum::<f64>() / count;
            prop_assert!((all.mean_length().unwrap() - mean).abs() < 1e-9 * mean);
            let spread = lengths.iter().map(|&(_, length)| (length as f64 - mean) * (length as f64 - mean)).sum::<f64>();
            prop_assert!((all.length_spread().unwrap() - spread / (count - 1.0)).abs() < 1e-9 * spread.max(1.0));
            prop_assert!(all.clone().restore(&Decisions::default(), lengths.len() as u64).is_some());
            prop_assert!(all.restore(&Decisions::default(), lengths.len() as u64 - 1).is_none());
        }
    }
}
