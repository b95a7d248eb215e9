//! What the tests of a check can see.

use super::{Kind, LawTest};
pub use crate::plan::MISS;
use crate::plan::Plan;
use kl_math::numeric::normal_quantile;
use kl_math::statistics::detectable_bias;
use kl_sim::estimator::Theory;
use rayon::prelude::*;

/// The least deviation that one test sees but for a chance of [`MISS`], in the terms of its effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// For a mean: a bias, as a part of D; for a variance: its ratio to the right one less one, by a normal approximation.
    pub detectable: f64,
}

/// The power of each of `tests`, none where it is not known, if each is carried out at level `level`. What several looks
/// promised of a mean stands; of a variance the last look counts alone.
///
/// The bias is found with the bound that rejects: see [`detectable_bias`]. A relative change of the variance is about
/// (z(level/2) + z(miss)) √(2/(R−1) + e/R).
pub fn powers(plan: &Plan, tests: &[LawTest], level: f64) -> Vec<Option<Power>> {
    tests.par_iter().map(|test| power(plan, test, level)).collect()
}

fn power(plan: &Plan, test: &LawTest, level: f64) -> Option<Power> {
    if let Some(detectable) = test.promised {
        return Some(Power { detectable });
    }
    let condition = plan.conditions.get(test.condition)?;
    let theory = plan.estimator(&test.estimator)?.theory(condition.pair()?, condition.n);
    let detectable = detectable(&theory, test.trials as f64, test.kind, level * test.share)?;
    Some(Power { detectable })
}

/// The least deviation that a test of `kind` sees in `trials` trials; none where it is not known.
pub(super) fn detectable(theory: &Theory, trials: f64, kind: Kind, level: f64) -> Option<f64> {
    match kind {
        Kind::Mean => {
            let contributions = theory.contributions.as_ref()?;
            let function = Some(contributions.cumulants.function()).filter(|function| !function.is_costly())?;
            let count = contributions.count as f64 * trials;
            Some(detectable_bias(function, count, level, MISS) / theory.closed_form)
        }
        Kind::Variance => {
            let spread = 2.0 / (trials - 1.0) + theory.excess_kurtosis? / trials;
            let deviations = normal_quantile(0.5 * level) + normal_quantile(MISS);
            Some(deviations * spread.max(0.0).sqrt()).filter(|part| part.is_finite())
        }
        Kind::Fit | Kind::Baseline | Kind::Infinite | Kind::Count | Kind::Exact => None,
    }
}
