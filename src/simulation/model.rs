//! Samples from Q, one beside each trial, for estimators that know Q by a sample alone.

use super::replay::TrialPlace;
use super::sampler::{Blocks, CountsBlocks, Sampler};
use crate::estimator::{Batch, View};
use crate::numeric::DoubleDouble;

/// The samples of `m` symbols from one Q that go with the trials of a group.
///
/// Only their counts are drawn, whatever the group's sampler, block by block as its trials are. Trial j has the same sample
/// however many trials, threads or estimators there are.
#[derive(Debug)]
pub struct ModelSamples {
    blocks: CountsBlocks,
    m: u64,
    alphabet: usize,
}

impl ModelSamples {
    /// Those of `seed`, from a Q with these probabilities in P's order.
    pub fn new(seed: u64, masses: &[DoubleDouble], m: u64) -> Self {
        Self { blocks: CountsBlocks::of_model(seed, masses, m), m, alphabet: masses.len() }
    }

    /// The symbol counts of one trial's sample, alone.
    ///
    /// ```
    /// use kl_runner::numeric::DoubleDouble;
    /// use kl_runner::simulation::{ModelSamples, TrialPlace};
    /// let samples = ModelSamples::new(57, &[DoubleDouble::ratio(1, 2); 2], 10);
    /// let counts = samples.counts_of(TrialPlace { block: 0, before: 3 });
    /// assert_eq!(counts.iter().sum::<u64>(), 10);
    /// ```
    pub fn counts_of(&self, place: TrialPlace) -> Vec<u64> {
        let mut sampler = self.sampler(place.block);
        for _ in 0..=place.before {
            sampler.fill(1);
        }
        sampler.batch.counts
    }

    /// The samples of a block's trials, in order.
    pub(super) fn sampler(&self, block: u64) -> ModelSampler<'_> {
        let batch = Batch { end: self.m, alphabet: self.alphabet, ..Batch::default() };
        ModelSampler { sampler: self.blocks.sampler(block), batch }
    }
}

/// Draws the samples that go with the trials of one block.
pub(super) struct ModelSampler<'a> {
    sampler: Box<dyn Sampler + 'a>,
    batch: Batch,
}

impl ModelSampler<'_> {
    /// Draws those of the next trials.
    pub(super) fn fill(&mut self, trials: usize) {
        self.batch.trials = trials;
        self.sampler.fill(&mut self.batch, View::Counts);
    }

    /// Their counts, trial by trial.
    pub(super) fn counts(&mut self) -> &mut Vec<u64> {
        &mut self.batch.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_samples_are_frozen() {
        let samples = ModelSamples::new(57, &[1, 2, 5].map(|eighths| DoubleDouble::ratio(eighths, 8)), 10);
        let first = (0..4).map(|before| samples.counts_of(TrialPlace { block: 0, before })).collect::<Vec<_>>();
        insta::assert_snapshot!(format!("{first:?}"), @"[[0, 5, 5], [1, 2, 7], [1, 1, 8], [1, 0, 9]]");
    }

    /// However many are drawn together, and for long samples too.
    #[test]
    fn a_trials_sample_is_the_same_alone() {
        let thirds = [DoubleDouble::ratio(1, 3); 3];
        for m in [1, 10, 100_000] {
            let samples = ModelSamples::new(57, &thirds, m);
            let mut sampler = samples.sampler(2);
            sampler.fill(5);
            let together = sampler.counts().clone();
            sampler.fill(3);
            let later = sampler.counts().clone();
            for (before, counts) in together.chunks(3).chain(later.chunks(3)).enumerate() {
                assert_eq!(samples.counts_of(TrialPlace { block: 2, before: before as u64 }), counts);
                assert_eq!(counts.iter().sum::<u64>(), m);
            }
        }
    }
}
