//! One sequence scored, step by step.

use crate::distribution::{Pair, PairError};
use crate::divergence::Cumulants;

/// What theory says of L if one of the two distributions is true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// The mean of L: KL(P‖Q) if P is true, −KL(Q‖P) if Q is.
    pub mean: f64,
    /// Its variance a symbol, nats²; none where the mean is infinite.
    pub variance: Option<f64>,
}

/// Scores sequences of one pair by their symbol counts, in nats.
#[derive(Clone, Debug)]
pub struct SequenceScorer<'a> {
    pair: &'a Pair,
    /// If P is true.
    pub if_source: Expectation,
    /// If Q is true.
    pub if_model: Expectation,
}

/// The derivation of (1/N) ln(P(seq)/Q(seq)) for one sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceScore {
    /// How often each symbol occurs.
    pub counts: Vec<u64>,
    /// N.
    pub length: u64,
    /// ln P(seq) = Σ nᵢ ln pᵢ.
    pub log_source: f64,
    /// ln Q(seq).
    pub log_model: f64,
    /// ln(P(seq)/Q(seq)): +∞ if Q rules the sequence out, −∞ if P does, none if both do.
    pub log_ratio: Option<f64>,
    /// L = log_ratio/N, nats per symbol.
    pub estimate: Option<f64>,
    /// Distance of L from its mean in exact standard errors, if P is true.
    pub z_if_source: Option<f64>,
    /// The same if Q is true.
    pub z_if_model: Option<f64>,
}

impl<'a> SequenceScorer<'a> {
    /// A scorer for `pair`.
    pub fn new(pair: &'a Pair) -> Result<Self, PairError> {
        let expectation = |pair: &Pair, sign: f64| {
            let cumulants = Cumulants::of(pair);
            Expectation { mean: sign * cumulants.mean, variance: cumulants.spread.map(|spread| spread.variance) }
        };
        Ok(Self { pair, if_source: expectation(pair, 1.0), if_model: expectation(&pair.reversed()?, -1.0) })
    }

    /// Scores a sequence with these symbol counts; none for an empty one.
    ///
    /// ```
    /// use kl_runner::distribution::{Distribution, Pair};
    /// use kl_runner::estimator::SequenceScorer;
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let pair = Pair::new(coin(0.5), coin(0.25))?;
    /// let score = SequenceScorer::new(&pair)?.score(vec![1, 0]).expect("one symbol");
    /// assert_eq!((score.length, score.estimate), (1, Some(std::f64::consts::LN_2)));
    /// # Ok::<(), kl_runner::distribution::PairError>(())
    /// ```
    pub fn score(&self, counts: Vec<u64>) -> Option<SequenceScore> {
        let length: u64 = counts.iter().sum();
        if length == 0 {
            return None;
        }
        let occurring = || counts.iter().enumerate().filter(|&(_, &count)| count > 0);
        let log_probability = |masses: &[crate::numeric::DoubleDouble]| -> f64 {
            occurring().map(|(symbol, &count)| count as f64 * libm::log(masses[symbol].to_f64())).sum()
        };
        let ratios = self.pair.log_ratios();
        let (log_source, log_model) =
            (log_probability(self.pair.source_masses()), log_probability(self.pair.model_masses()));
        let is_defined = log_source.is_finite() || log_model.is_finite();
        let sum = || occurring().map(|(symbol, &count)| count as f64 * ratios[symbol]).sum::<f64>();
        let log_ratio = is_defined.then(sum);
        let estimate = log_ratio.map(|log_ratio| log_ratio / length as f64);
        let z = |expectation: Expectation| {
            let std_error = (expectation.variance? / length as f64).sqrt();
            let estimate = estimate.filter(|estimate| estimate.is_finite() && std_error > 0.0)?;
            Some((estimate - expectation.mean) / std_error)
        };
        Some(SequenceScore {
            length,
            log_source,
            log_model,
            log_ratio,
            estimate,
            z_if_source: z(self.if_source),
            z_if_model: z(self.if_model),
            counts,
        })
    }
}
