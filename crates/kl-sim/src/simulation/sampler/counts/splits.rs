//! The counts of a few symbols: the alphabet halved again and again.

use crate::simulation::sampler::binomial::{BinomialLadder, BinomialTable, GROUP, WIDEST};
use crate::simulation::stream::Stream;
use crate::simulation::words::Words;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use std::ops::RangeInclusive;

/// A tree over the symbols that have mass.
///
/// Of the n symbols of a sequence that are in some set of symbols, Bin(n, p) are in one half of the set, p that half's share
/// of the set's mass. So the root's number of tries is N, and the others' are what the splits above them gave.
///
/// Trials are drawn in groups of [`GROUP`], split by split: a split's tables stay in the nearest memory, and no number waits
/// for the one before it. Which words are whose does not depend on how many trials are wanted.
#[derive(Debug)]
pub(super) struct Splits {
    n: u64,
    alphabet: usize,
    root: BinomialTable,
    /// What the root's halves are.
    halves: [Part; 2],
    /// Each after the one that it is a half of.
    splits: Vec<Split>,
}

#[derive(Debug)]
struct Split {
    ladder: BinomialLadder,
    halves: [Part; 2],
}

/// A half of a set of symbols.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// One symbol.
    Symbol(usize),
    /// More than one: the place of the split that divides them.
    Split(usize),
}

/// log₂ of the bytes of the root's table.
const ROOT_BITS: u32 = 13;

/// More tables would not be worth their memory.
const MOST_BYTES: u64 = 1 << 27;

/// The sum of all tables' errors is kept below this.
const MOST_ERROR: f64 = 9e-13;

/// Beyond this many standard deviations a number of tries has no table: one in twenty million.
const REACH: f64 = 5.5;

impl Splits {
    /// For sequences of `n` symbols of this alphabet; none if that takes too many tables, or if fewer than two symbols have
    /// mass.
    pub(super) fn new(probabilities: &[DoubleDouble], n: u64) -> Option<Self> {
        let symbols: Vec<usize> =
            (0..probabilities.len()).filter(|&symbol| probabilities[symbol] > DoubleDouble::ZERO).collect();
        if symbols.len() < 2 {
            return None;
        }
        let mass = |set: &[usize]| set.iter().map(|&symbol| probabilities[symbol]).sum::<DoubleDouble>();
        let whole = mass(&symbols);
        // Sets that are to be divided; the root's comes first and is no split.
        let mut sets: Vec<&[usize]> = vec![&symbols];
        let (mut parts, mut splits) = (Vec::new(), Vec::new());
        let (mut bytes, mut error) = (0, BinomialTable::error((n as f64).sqrt() / 2.0));
        while let Some(&set) = sets.get(parts.len()) {
            let (left, right) = set.split_at(set.len() / 2);
            parts.push([left, right].map(|half| match half {
                &[symbol] => Part::Symbol(symbol),
                _ => {
                    sets.push(half);
                    Part::Split(sets.len() - 2)
                }
            }));
            if parts.len() > 1 {
                let (share, total) = (mass(set) / whole, mass(left) + mass(right));
                let range = range(Binomial::new(n, share, DoubleDouble::ONE - share));
                if range.end() - range.start() >= WIDEST {
                    return None;
                }
                let ladder = BinomialLadder::new(mass(left) / total, mass(right) / total, range);
                bytes += ladder.bytes();
                error += ladder.error();
                if bytes > MOST_BYTES || error > MOST_ERROR {
                    return None;
                }
                splits.push(ladder);
            }
        }
        let mut parts = parts.into_iter();
        let halves = parts.next()?;
        let (left, right) = symbols.split_at(symbols.len() / 2);
        Some(Self {
            root: BinomialTable::new(Binomial::new(n, mass(left) / whole, mass(right) / whole), ROOT_BITS),
            n,
            alphabet: probabilities.len(),
            halves,
            splits: splits.into_iter().zip(parts).map(|(ladder, halves)| Split { ladder, halves }).collect(),
        })
    }

    /// The most bytes that its tables take.
    pub(super) fn bytes(&self) -> u64 {
        self.splits.iter().map(|split| split.ladder.bytes()).sum()
    }

    /// How many symbols have mass.
    pub(super) fn symbols(&self) -> usize {
        self.splits.len() + 2
    }

    /// The counts of the next [`GROUP`] trials, one after the other. Those of symbols without mass stay as they are.
    pub(super) fn draw(&self, tries: &mut Tries, source: &mut Stream, refine: &mut Stream, counts: &mut [u64]) {
        tries.resize(self.splits.len(), [0; GROUP]);
        let mut numbers = [0; GROUP];
        for number in &mut numbers {
            *number = self.root.draw(source.word(), refine);
        }
        self.divide(self.halves, &[self.n; GROUP], &numbers, tries, counts);
        for (place, split) in self.splits.iter().enumerate() {
            let Some(&here) = tries.get(place) else { return };
            split.ladder.draw(&here, source, refine, &mut numbers);
            self.divide(split.halves, &here, &numbers, tries, counts);
        }
    }

    /// Notes what two halves get: the first `numbers` of `tries`, the other the rest.
    fn divide(
        &self,
        [first, second]: [Part; 2],
        whole: &[u64; GROUP],
        numbers: &[u64; GROUP],
        tries: &mut Tries,
        counts: &mut [u64],
    ) {
        let mut put = |part: Part, numbers: &[u64; GROUP]| match part {
            Part::Symbol(symbol) => {
                let rows = counts.chunks_exact_mut(self.alphabet);
                for (row, &number) in rows.zip(numbers) {
                    if let Some(count) = row.get_mut(symbol) {
                        *count = number;
                    }
                }
            }
            Part::Split(place) => {
                if let Some(tries) = tries.get_mut(place) {
                    *tries = *numbers;
                }
            }
        };
        put(first, numbers);
        put(second, &std::array::from_fn(|place| whole[place] - numbers[place]));
    }
}

/// How many symbols each split divides, trial by trial.
pub(super) type Tries = Vec<[u64; GROUP]>;

/// The values of a law, nearly always.
fn range(law: Binomial) -> RangeInclusive<u64> {
    let reach = (REACH * law.std_dev()) as u64 + 4;
    law.mode().saturating_sub(reach)..=(law.mode() + reach).min(law.trials())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::sampler::binomial::testing::{assert_follows, stream};
    use kl_math::law::Multinomial;
    use std::collections::BTreeMap;

    /// Weights w/Σw.
    fn probabilities(weights: &[u64]) -> Vec<DoubleDouble> {
        weights.iter().map(|&weight| DoubleDouble::ratio(weight, weights.iter().sum())).collect()
    }

    /// The counts of so many groups, one trial after the other.
    fn drawn(weights: &[u64], n: u64, groups: usize) -> Vec<u64> {
        let splits = Splits::new(&probabilities(weights), n).unwrap();
        let (mut source, mut refine, mut tries) = (stream(n), stream(n + 1), Tries::new());
        let mut counts = vec![0; groups * GROUP * weights.len()];
        for group in counts.chunks_exact_mut(GROUP * weights.len()) {
            splits.draw(&mut tries, &mut source, &mut refine, group);
        }
        counts
    }

    /// Every vector of counts, jointly: χ² of 1,000,000 trials. A right sampler fails with chance 1e-9, as in
    /// [`assert_follows`].
    #[test]
    fn vectors_of_counts_follow_the_multinomial_law() {
        for (weights, n) in [(&[1, 2, 3][..], 9), (&[3, 0, 1, 4, 2], 6), (&[1, 1, 1, 1, 1, 1], 4), (&[0, 5, 1, 0], 12)]
        {
            let trials = 15_625 * GROUP;
            let mut seen = BTreeMap::new();
            for counts in drawn(weights, n, 15_625).chunks_exact(weights.len()) {
                *seen.entry(counts.to_vec()).or_insert(0u64) += 1;
            }
            let law = Multinomial::new(&probabilities(weights), n, 10_000).unwrap();
            let (mut chi_square, mut cells, mut others) = (0.0, 0.0f64, [0.0; 2]);
            for (counts, chance) in law.iter() {
                let (expected, found) = (chance.to_f64() * trials as f64, seen.remove(counts).unwrap_or(0) as f64);
                if expected >= 20.0 {
                    chi_square += (found - expected) * (found - expected) / expected;
                    cells += 1.0;
                } else {
                    others = [others[0] + expected, others[1] + found];
                }
            }
            assert!(seen.is_empty(), "{weights:?}: impossible {seen:?}");
            assert!((others[0] - others[1]).abs() < 60.0 + 8.0 * others[0].sqrt(), "{weights:?}: {others:?}");
            let x = 20.7;
            assert!(
                chi_square < cells + 2.0 * (cells * x).sqrt() + 2.0 * x,
                "{weights:?}: χ² = {chi_square} of {cells}"
            );
        }
    }

    /// Each symbol's count, and how many are in the first half of the alphabet, of narrow ranges of tries and of wide ones.
    #[test]
    fn counts_of_symbols_and_sets_are_binomial() {
        for (size, n) in [(6u64, 1_000), (6, 1_000_000), (100, 1_000), (20, 30_000_000)] {
            let weights: Vec<u64> = (1..=size).collect();
            let counts = drawn(&weights, n, 1_000);
            let assert_binomial = |set: std::ops::Range<usize>| {
                let success = weights[set.clone()].iter().sum();
                let whole: u64 = weights.iter().sum();
                let law =
                    Binomial::new(n, DoubleDouble::ratio(success, whole), DoubleDouble::ratio(whole - success, whole));
                let trials = counts.chunks_exact(weights.len());
                let draws: Vec<u64> = trials.map(|counts| counts[set.clone()].iter().sum()).collect();
                assert_follows(&law, &draws, &format!("{size} {n} {set:?}"));
            };
            (0..weights.len()).for_each(|symbol| assert_binomial(symbol..symbol + 1));
            assert_binomial(0..weights.len() / 2);
            assert_binomial(1..weights.len() / 2 + 1);
            assert!(counts.chunks_exact(weights.len()).all(|counts| counts.iter().sum::<u64>() == n));
        }
    }

    #[test]
    fn long_sequences_and_single_symbols_have_no_splits() {
        assert!(Splits::new(&probabilities(&[1, 2, 3]), 1 << 40).is_none());
        assert!(Splits::new(&probabilities(&[0, 2, 0]), 10).is_none());
        assert_eq!(Splits::new(&probabilities(&[1, 0, 1]), 10).map(|splits| splits.symbols()), Some(2));
    }
}
