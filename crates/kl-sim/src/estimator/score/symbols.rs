//! Sequences of independent symbols.

use super::{ItemTheory, Seen, SequenceScore, Sequences, add_counts, weighted};
use kl_math::distribution::{PairError, SymbolPair};
use kl_math::divergence::Cumulants;
use kl_math::numeric::DoubleDouble;

/// Sequences of independent symbols, scored by their counts in nats.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_sim::estimator::{Sequences, SymbolSequences};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let sequences = SymbolSequences::new(pair.symbols().expect("symbols"))?;
/// let score = sequences.score(&vec![1, 0]).expect("one symbol");
/// assert_eq!((score.length, score.estimate), (1, Some(std::f64::consts::LN_2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SymbolSequences<'a> {
    log_source: Vec<f64>,
    log_model: Vec<f64>,
    log_ratios: &'a [f64],
    theory: [ItemTheory; 2],
}

impl<'a> SymbolSequences<'a> {
    /// Of a pair of independent symbols.
    pub fn new(pair: &'a SymbolPair) -> Result<Self, PairError> {
        let theory = |pair: &SymbolPair, sign: f64| {
            let cumulants = Cumulants::of_symbols(pair);
            ItemTheory { mean: Some(sign * cumulants.mean), variance: cumulants.spread.map(|spread| spread.variance) }
        };
        let logs = |probabilities: &[DoubleDouble]| {
            probabilities.iter().map(|mass| libm::log(mass.to_f64())).collect::<Vec<f64>>()
        };
        Ok(Self {
            log_source: logs(pair.source_probabilities()),
            log_model: logs(pair.model_probabilities()),
            log_ratios: pair.log_ratios(),
            theory: [theory(pair, 1.0), theory(&pair.reversed()?, -1.0)],
        })
    }
}

impl Sequences for SymbolSequences<'_> {
    type Item = usize;
    type Tally = Vec<u64>;

    fn tally(&self) -> Vec<u64> {
        vec![0; self.log_ratios.len()]
    }

    fn push(&self, tally: &mut Vec<u64>, &symbol: &usize) {
        tally[symbol] += 1;
    }

    fn add(&self, total: &mut Vec<u64>, other: &Vec<u64>) {
        add_counts(total, other);
    }

    fn length(&self, tally: &Vec<u64>) -> u64 {
        tally.iter().sum()
    }

    fn score(&self, tally: &Vec<u64>) -> Option<SequenceScore> {
        let length = self.length(tally);
        let sums =
            || [&self.log_source, &self.log_model, self.log_ratios].map(|values: &[f64]| weighted(tally, values));
        let expected = || self.theory.map(|theory| theory.of_mean(length));
        (length > 0).then(|| SequenceScore::new(Seen::Symbols(tally.clone()), length, sums(), expected()))
    }
}
