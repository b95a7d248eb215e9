//! What is known of the log ratio of sequences with memory.

use super::{ContributionCumulants, Contributions, Rate, Theory};
use kl_math::chain::{ChainPair, ChainTheory};
use kl_math::distribution::ClosedFormSource;
use kl_math::divergence::ChainCumulants;
use kl_math::numeric::DoubleDouble;
use std::sync::Arc;

/// Mean and variance of L from `n` symbols.
pub(in crate::estimator) fn chain_moments(pair: &ChainPair, n: u64) -> (f64, Option<f64>) {
    let (theory, length) = (ChainTheory::of(pair, n), n as f64);
    (theory.mean / length, theory.spread.map(|spread| spread.variance / length / length))
}

/// The theory of L from `n` symbols: the estimand is the exact mean of ln(P(seq)/Q(seq)) over N.
pub(in crate::estimator) fn chain_theory(pair: &Arc<ChainPair>, n: u64) -> Theory {
    let (theory, length) = (ChainTheory::of(pair, n), n as f64);
    let varies = theory.spread.filter(|spread| spread.variance > 0.0);
    let kurtosis = varies.map(|spread| spread.fourth / spread.variance / spread.variance);
    let rate = theory.rate.map(|mean| Rate { mean, variance: theory.asymptotic_variance });
    let contributions = ChainCumulants::new(Arc::clone(pair), n)
        .map(|function| Contributions { cumulants: ContributionCumulants::Other(Arc::new(function)), count: 1 });
    let scale = contributions.as_ref().map_or(0.0, |found| found.cumulants.function().scale());
    Theory {
        scale: scale.max((theory.mean / length).abs()),
        closed_form: theory.mean / length,
        source: ClosedFormSource::ClosedForm,
        closed_form_error: None,
        rate,
        mean: Some(theory.mean / length),
        mean_error: None,
        variance: theory.spread.map(|spread| spread.variance / length / length),
        excess_kurtosis: kurtosis.filter(|kurtosis| kurtosis.is_finite()),
        contributions,
        law: None,
        infinite_mass: DoubleDouble::from(theory.infinite_mass),
    }
}
