//! The `tally` sampler: how many of the trials have which symbol counts, all at once.

use super::shares::Shares;
use crate::simulation::sampler::binomial::BinomialDraw;
use crate::simulation::sampler::blocks::{Take, Tally};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::distribution::Distribution;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use std::ops::ControlFlow;

/// The tally of sequences of `n` symbols from one source.
///
/// The counts of a trial are multinomial: the first symbol's count takes each of its values with a binomial chance. So of
/// R trials the numbers with each value are multinomial again, and are drawn by halving: how many have a count in the
/// lower half of the values is Bin(R, chance of that half), and so on; then the trials of each value are parted by the next
/// symbol's count. The time taken grows with the number of count vectors that occur, not with R.
///
/// Chances are right to 26 digits (values of less than 1e-40 of the mode's are left out), and each binomial number is
/// within 1e-15 of its law: of the tally as a whole, 2e-15 a count vector that occurs.
#[derive(Debug)]
pub struct CountsTally {
    n: u64,
    alphabet: usize,
    shares: Shares,
    key: StreamKey,
}

/// Counts that are rarer than this part of the most probable one's chance are left out: 10¹⁵ trials never see them.
const NEGLIGIBLE: f64 = 1e-40;

impl CountsTally {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "tally";

    /// The tally of `seed`.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Self {
        let probabilities = source.mass_function().probabilities();
        let key = StreamKey::new(seed, Role::Source, Self::NAME, n, source);
        Self { n, alphabet: probabilities.len(), shares: Shares::of(probabilities), key }
    }
}

impl Tally for CountsTally {
    fn draw(&self, trials: u64, take: &mut Take<'_>) -> ControlFlow<()> {
        let mut drawing = Drawing { shares: &self.shares, stream: self.key.stream(0), take };
        drawing.part(0, self.n, trials, &mut vec![0; self.alphabet])
    }

    fn vectors(&self, trials: u64) -> u64 {
        /// Counts within seven standard deviations, of which √N/2 is the largest.
        const REACH: u128 = 14;
        let (n, others) = (u128::from(self.n), self.shares.list.len() as u128);
        let within = (1..=others)
            .fold(1u128, |found, _| found.saturating_mul((n + 1).min(REACH * u128::from(self.n.isqrt() + 1))));
        // All ways to write N as a sum, (N+1)(N+2)…/1·2…
        let all = (1..=others).fold(1u128, |found, place| found.saturating_mul(n + place) / place);
        u64::try_from(within.min(all)).unwrap_or(u64::MAX).min(trials)
    }

    fn cost_of_a_vector(&self) -> u128 {
        350_000
    }
}

/// A tally in the making.
struct Drawing<'a, 't> {
    shares: &'a Shares,
    stream: Stream,
    take: &'a mut Take<'t>,
}

impl Drawing<'_, '_> {
    /// Parts `trials` trials, in which `left` symbols are left over for the `place`-th symbol and later ones, by their counts.
    fn part(&mut self, place: usize, left: u64, trials: u64, counts: &mut [u64]) -> ControlFlow<()> {
        let symbol = self.shares.symbols.get(place).copied();
        let set = |counts: &mut [u64], count: u64| {
            if let Some(slot) = symbol.and_then(|symbol| counts.get_mut(symbol)) {
                *slot = count;
            }
        };
        let Some(share) = self.shares.list.get(place) else {
            set(counts, left);
            return (self.take)(counts, trials);
        };
        let (first, weights) = Binomial::new(left, share.success, share.failure).weights(NEGLIGIBLE);
        let halves = Halves::of(&weights);
        let numbers = halves.draw(trials, &mut self.stream);
        for (value, number) in (first..).zip(numbers) {
            if number > 0 {
                set(counts, value);
                self.part(place + 1, left - value, number, counts)?;
            }
        }
        set(counts, 0);
        ControlFlow::Continue(())
    }
}

/// Sums of weights over halves, quarters, … of their places.
struct Halves {
    /// How many places there are.
    places: usize,
    /// Node i is the sum of nodes 2i and 2i + 1; the weights begin in the middle.
    sums: Vec<DoubleDouble>,
}

impl Halves {
    fn of(weights: &[DoubleDouble]) -> Self {
        let size = weights.len().next_power_of_two();
        let mut sums = vec![DoubleDouble::ZERO; size];
        sums.extend_from_slice(weights);
        sums.resize(2 * size, DoubleDouble::ZERO);
        for node in (1..size).rev() {
            sums[node] = sums[2 * node] + sums[2 * node + 1];
        }
        Self { places: weights.len(), sums }
    }

    /// How many of `trials` fall on each place.
    fn draw(&self, trials: u64, stream: &mut Stream) -> Vec<u64> {
        let size = self.sums.len() / 2;
        let mut numbers = vec![0; self.sums.len()];
        numbers[1] = trials;
        for node in 1..size {
            let (number, low, high) = (numbers[node], self.sums[2 * node], self.sums[2 * node + 1]);
            if number == 0 {
                continue;
            }
            let lower = if high > DoubleDouble::ZERO {
                BinomialDraw::new(Binomial::new(number, low / self.sums[node], high / self.sums[node])).draw(stream)
            } else {
                number
            };
            numbers[2 * node] = lower;
            numbers[2 * node + 1] = number - lower;
        }
        numbers[size..size + self.places].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(weights: &[f64], n: u64, trials: u64) -> Vec<(Vec<u64>, u64)> {
        let source = Distribution::of_weights(weights).unwrap();
        let mut drawn = Vec::new();
        let _ = CountsTally::new(57, &source, n).draw(trials, &mut |counts, trials| {
            drawn.push((counts.to_vec(), trials));
            ControlFlow::Continue(())
        });
        drawn
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_tallies_are_frozen() {
        let drawn = [tally(&[0.4, 0.6], 4, 1_000_000_000_000_000), tally(&[0.5, 0.0, 0.25, 0.25], 2, 1_000)];
        insta::assert_snapshot!(format!("{:?}\n{:?}", drawn[0], drawn[1]), @"
        [([0, 4], 129600003035134), ([1, 3], 345599987124091), ([2, 2], 345600011855729), ([3, 1], 153600006177044), ([4, 0], 25599991808002)]
        [([0, 0, 0, 2], 77), ([0, 0, 1, 1], 136), ([0, 0, 2, 0], 70), ([1, 0, 0, 1], 219), ([1, 0, 1, 0], 238), ([2, 0, 0, 0], 260)]
        ");
    }

    #[test]
    fn every_trial_is_tallied_once_and_every_vector_sums_to_the_length() {
        for (weights, n) in
            [(vec![0.4, 0.6], 1_000), (vec![0.5, 0.0, 0.3, 0.2], 12), (vec![1.0, 0.0], 7), (vec![0.05; 20], 2)]
        {
            for trials in [1, 10, 1_000_000, 1_000_000_000_000_000] {
                let drawn = tally(&weights, n, trials);
                assert_eq!(drawn.iter().map(|(_, trials)| trials).sum::<u64>(), trials);
                assert!(drawn.iter().all(|(counts, trials)| counts.iter().sum::<u64>() == n && *trials > 0));
                let distinct: std::collections::BTreeSet<_> = drawn.iter().map(|(counts, _)| counts).collect();
                assert_eq!(distinct.len(), drawn.len());
            }
        }
    }

    #[test]
    fn a_tally_can_be_broken_off() {
        let source = Distribution::of_weights(&[0.5, 0.5]).unwrap();
        let mut taken = 0;
        let ended = CountsTally::new(57, &source, 10).draw(1_000, &mut |_, _| {
            taken += 1;
            ControlFlow::Break(())
        });
        assert_eq!((taken, ended), (1, ControlFlow::Break(())));
    }

    /// What a tally is said to cost grows with them.
    #[test]
    fn no_more_vectors_occur_than_are_expected() {
        let source = |weights: &[f64]| Distribution::of_weights(weights).unwrap();
        for (weights, n) in [(&[0.5, 0.5][..], 10), (&[0.5, 0.5], 100_000), (&[0.5, 0.3, 0.2], 6), (&[1.0, 0.0], 5)] {
            let tally = CountsTally::new(57, &source(weights), n);
            for trials in [1, 1_000, 1 << 50] {
                let mut found = 0;
                let _ = tally.draw(trials, &mut |_, _| {
                    found += 1;
                    ControlFlow::Continue(())
                });
                assert!(found <= tally.vectors(trials), "{weights:?} {n} {trials}: {found}");
                assert!(n > 10 || trials < 1 << 50 || found == tally.vectors(trials), "{weights:?} {n}: {found}");
            }
        }
    }
}
