//! Samples from Q, one beside each trial, for estimators that know Q by a sample alone.

use super::replay::TrialPlace;
use super::sampler::{Blocks, CountsBlocks, Sampler, ValueBlocks};
use super::stream::StreamKey;
use crate::estimator::{Batch, ModelSample, View};
use kl_math::distribution::{Pair, SymbolPair};
use kl_math::numeric::DoubleDouble;

/// The samples of `m` symbols or values from one Q that go with the trials of a group.
///
/// Of symbols only the counts are drawn, whatever the group's sampler, block by block as its trials are. Trial j has the same
/// sample however many trials, threads or estimators there are.
#[derive(Debug)]
pub struct ModelSamples {
    drawn: Drawn,
    m: u64,
}

/// What is drawn of a sample.
#[derive(Debug)]
enum Drawn {
    Counts { blocks: CountsBlocks, alphabet: usize },
    Values(ValueBlocks),
}

/// Q's probabilities in P's order; a sequence with a memory is not sampled from Q.
fn model_masses(pair: &Pair) -> &[DoubleDouble] {
    pair.symbols().map_or(&[], SymbolPair::model_masses)
}

impl ModelSamples {
    /// Those of `seed`, from the Q of `pair`; of symbols in P's order.
    pub fn new(seed: u64, pair: &Pair, m: u64) -> Self {
        let values = pair.values().and_then(|pair| ValueBlocks::of_model(seed, pair.model(), m));
        let drawn = values.map_or_else(
            || {
                let masses = model_masses(pair);
                Drawn::Counts { blocks: CountsBlocks::of_model(seed, masses, m), alphabet: masses.len() }
            },
            Drawn::Values,
        );
        Self { drawn, m }
    }

    /// What tells them from the samples of another Q or length.
    pub fn key(seed: u64, pair: &Pair, m: u64) -> StreamKey {
        match pair {
            Pair::Values(pair) => ValueBlocks::model_key(seed, pair.model(), m),
            Pair::Symbols(_) | Pair::Chains(_) => CountsBlocks::model_key(seed, model_masses(pair), m),
        }
    }

    /// One trial's sample, alone.
    ///
    /// ```
    /// use kl_math::distribution::{Bernoulli, Pair};
    /// use kl_sim::simulation::{ModelSamples, TrialPlace};
    /// let samples = ModelSamples::new(57, &Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.4)?)?, 10);
    /// let sample = samples.sample_of(TrialPlace { block: 0, before: 3 });
    /// assert_eq!(sample.counts.iter().sum::<u64>(), 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample_of(&self, place: TrialPlace) -> ModelSample {
        let mut sampler = self.sampler(place.block);
        for _ in 0..=place.before {
            sampler.fill(1);
        }
        sampler.sample
    }

    /// The samples of a block's trials, in order.
    pub(super) fn sampler(&self, block: u64) -> ModelSampler<'_> {
        let (sampler, alphabet, view) = match &self.drawn {
            Drawn::Counts { blocks, alphabet } => (blocks.sampler(block), *alphabet, View::Counts),
            Drawn::Values(blocks) => (blocks.sampler(block), 0, View::Draws),
        };
        let batch = Batch { end: self.m, alphabet, ..Batch::default() };
        ModelSampler { sampler, batch, view, sample: ModelSample::default() }
    }
}

/// Draws the samples that go with the trials of one block.
pub(super) struct ModelSampler<'a> {
    sampler: Box<dyn Sampler + 'a>,
    batch: Batch,
    view: View,
    sample: ModelSample,
}

impl ModelSampler<'_> {
    /// Draws those of the next trials.
    pub(super) fn fill(&mut self, trials: usize) {
        self.batch.trials = trials;
        std::mem::swap(&mut self.batch.counts, &mut self.sample.counts);
        std::mem::swap(&mut self.batch.draws, &mut self.sample.draws);
        self.sampler.fill(&mut self.batch, self.view);
        std::mem::swap(&mut self.batch.counts, &mut self.sample.counts);
        std::mem::swap(&mut self.batch.draws, &mut self.sample.draws);
    }

    /// Those drawn last.
    pub(super) fn sample(&mut self) -> &mut ModelSample {
        &mut self.sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::distribution::{Categorical, Dirichlet, Distribution, Normal, Number};

    /// Two that are the same.
    fn pair(law: impl Into<Distribution>) -> Pair {
        let law = law.into();
        Pair::of(law.clone(), law).unwrap()
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_samples_are_frozen() {
        let eighths = pair(Categorical::new([0.125, 0.25, 0.625]).unwrap());
        let samples = ModelSamples::new(57, &eighths, 10);
        let first = (0..4).map(|before| samples.sample_of(TrialPlace { block: 0, before }).counts).collect::<Vec<_>>();
        insta::assert_snapshot!(format!("{first:?}"), @"[[0, 5, 5], [1, 2, 7], [1, 1, 8], [1, 0, 9]]");
    }

    /// However many are drawn together, and for long samples too.
    #[test]
    fn a_trials_sample_is_the_same_alone() {
        let third = || Number::fraction("1/3").unwrap();
        let thirds = pair(Categorical::new([third(), third(), third()]).unwrap());
        for m in [1, 10, 100_000] {
            let samples = ModelSamples::new(57, &thirds, m);
            let mut sampler = samples.sampler(2);
            sampler.fill(5);
            let together = sampler.sample().counts.clone();
            sampler.fill(3);
            let later = sampler.sample().counts.clone();
            for (before, counts) in together.chunks(3).chain(later.chunks(3)).enumerate() {
                assert_eq!(samples.sample_of(TrialPlace { block: 2, before: before as u64 }).counts, counts);
                assert_eq!(counts.iter().sum::<u64>(), m);
            }
        }
    }

    /// Values: of no other stream than the sequences', and the same alone.
    #[test]
    fn samples_of_values_are_streams_of_their_own() {
        let laws: [(Distribution, usize); 2] =
            [(Normal::new(1.0, 2.0).unwrap().into(), 1), (Dirichlet::new([1.0, 2.0, 3.0]).unwrap().into(), 3)];
        for (law, width) in laws {
            let (pair, m) = (pair(law), 5_000);
            let samples = ModelSamples::new(57, &pair, m);
            let mut sampler = samples.sampler(1);
            sampler.fill(3);
            let together = sampler.sample().draws.clone();
            assert_eq!(together.len(), 3 * m as usize * width);
            for (before, draws) in together.chunks(m as usize * width).enumerate() {
                assert_eq!(samples.sample_of(TrialPlace { block: 1, before: before as u64 }).draws, draws);
            }
            let mut source = Batch { trials: 1, end: m, ..Batch::default() };
            let blocks = ValueBlocks::new(57, pair.source(), m).unwrap();
            blocks.sampler(1).fill(&mut source, View::Draws);
            assert!(source.draws.iter().zip(&together).all(|(one, other)| one != other));
        }
    }
}
