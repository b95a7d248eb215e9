//! Samples from Q, one beside each trial, for estimators that know Q by a sample alone.

use super::replay::TrialPlace;
use super::sampler::{Blocks, CountsBlocks, Sampler, Segment, ValueBlocks};
use super::stream::StreamKey;
use crate::estimator::{Cost, Detail, View};
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
    Counts(CountsBlocks),
    Values(ValueBlocks),
}

/// Q's probabilities in P's order; a sequence with a memory is not sampled from Q.
fn model_probabilities(pair: &Pair) -> &[DoubleDouble] {
    pair.symbols().map_or(&[], SymbolPair::model_probabilities)
}

impl ModelSamples {
    /// Those of `seed`, from the Q of `pair`; of symbols in P's order.
    pub fn new(seed: u64, pair: &Pair, m: u64) -> Self {
        let values = pair.values().and_then(|pair| ValueBlocks::of_model(seed, pair.model(), m));
        let counts = || Drawn::Counts(CountsBlocks::of_model(seed, model_probabilities(pair), m));
        let drawn = values.map_or_else(counts, Drawn::Values);
        Self { drawn, m }
    }

    /// What tells them from the samples of another Q or length.
    pub fn key(seed: u64, pair: &Pair, m: u64) -> StreamKey {
        match pair {
            Pair::Values(pair) => ValueBlocks::model_key(seed, pair.model(), m),
            Pair::Symbols(_) | Pair::Chains(_) => CountsBlocks::model_key(seed, model_probabilities(pair), m),
        }
    }

    /// About how many bytes its tables take at most, where that is much.
    pub fn table_bytes(&self) -> u64 {
        match &self.drawn {
            Drawn::Counts(blocks) => blocks.table_bytes(),
            Drawn::Values(blocks) => blocks.table_bytes(),
        }
    }

    /// About how long it takes to draw a trial's sample.
    pub fn cost(&self) -> Cost {
        match &self.drawn {
            Drawn::Counts(blocks) => blocks.cost(),
            Drawn::Values(blocks) => blocks.cost(),
        }
    }

    /// The samples of a block, from the given trial on.
    ///
    /// ```
    /// use kl_math::distribution::{Bernoulli, Pair};
    /// use kl_sim::simulation::{ModelSamples, TrialPlace};
    /// let samples = ModelSamples::new(57, &Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.4)?)?, 10);
    /// let mut sampler = samples.from(TrialPlace { block: 0, before: 3 });
    /// assert_eq!(sampler.draw(1).counts().flatten().sum::<u64>(), 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from(&self, place: TrialPlace) -> ModelSampler<'_> {
        let mut sampler = self.sampler(place.block);
        for _ in 0..place.before {
            sampler.draw(1);
        }
        sampler
    }

    /// The samples of a block's trials, in order.
    pub(super) fn sampler(&self, block: u64) -> ModelSampler<'_> {
        let (sampler, detail) = match &self.drawn {
            Drawn::Counts(blocks) => (blocks.sampler(block), Detail::Totals),
            Drawn::Values(blocks) => (blocks.sampler(block), Detail::Sequence),
        };
        ModelSampler { sampler, detail, m: self.m }
    }
}

/// Draws the samples that go with the trials of one block.
pub struct ModelSampler<'a> {
    sampler: Box<dyn Sampler + 'a>,
    detail: Detail,
    m: u64,
}

impl ModelSampler<'_> {
    /// Draws the samples of the next trials: counts of symbols, or every value.
    pub fn draw(&mut self, trials: usize) -> View<'_> {
        self.sampler.draw(Segment::whole(trials, self.m), self.detail)
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

    fn counts(sampler: &mut ModelSampler<'_>, trials: usize) -> Vec<u64> {
        sampler.draw(trials).counts().flatten().copied().collect()
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_samples_are_frozen() {
        let eighths = pair(Categorical::new([0.125, 0.25, 0.625]).unwrap());
        let samples = ModelSamples::new(57, &eighths, 10);
        let first: Vec<Vec<u64>> =
            (0..4).map(|before| counts(&mut samples.from(TrialPlace { block: 0, before }), 1)).collect();
        insta::assert_snapshot!(format!("{first:?}"), @"[[2, 1, 7], [2, 1, 7], [0, 4, 6], [0, 5, 5]]");
    }

    /// However many are drawn together, and for long samples too.
    #[test]
    fn a_trials_sample_is_the_same_alone() {
        let third = || Number::fraction("1/3").unwrap();
        let thirds = pair(Categorical::new([third(), third(), third()]).unwrap());
        for m in [1, 10, 100_000] {
            let samples = ModelSamples::new(57, &thirds, m);
            let mut sampler = samples.sampler(2);
            let (together, later) = (counts(&mut sampler, 5), counts(&mut sampler, 3));
            for (before, sample) in together.chunks(3).chain(later.chunks(3)).enumerate() {
                let place = TrialPlace { block: 2, before: before as u64 };
                assert_eq!(counts(&mut samples.from(place), 1), sample);
                assert_eq!(sample.iter().sum::<u64>(), m);
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
            let together = sampler.draw(3).draws().to_vec();
            assert_eq!(together.len(), 3 * m as usize * width);
            for (before, draws) in together.chunks(m as usize * width).enumerate() {
                let place = TrialPlace { block: 1, before: before as u64 };
                assert_eq!(samples.from(place).draw(1).draws(), draws);
            }
            let blocks = ValueBlocks::new(57, pair.source(), m).unwrap();
            let mut source = blocks.sampler(1);
            let draws = source.draw(Segment::whole(1, m), Detail::Sequence).draws();
            assert!(draws.len() == m as usize * width && draws.iter().zip(&together).all(|(one, other)| one != other));
        }
    }
}
