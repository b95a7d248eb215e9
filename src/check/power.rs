//! The power of the tests of a check.

use super::{TestKind, TheoryTest};
pub use crate::plan::MISS;
use crate::plan::Plan;
use kl_math::numeric::normal_quantile;
use kl_math::statistics::detectable_bias;
use kl_sim::estimator::Theory;
use rayon::prelude::*;

/// The power of a test: the smallest deviation that it misses with probability at most [`MISS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// For a mean: a bias relative to D. For a variance: its ratio to the true variance minus one, by a normal approximation.
    pub detectable: f64,
}

/// The power of each of `tests` at level `level`, where it is known. For a mean with interim analyses it is the guaranteed
/// bias; for a variance only the last analysis counts.
///
/// The bias follows from the bound that the test uses: see [`detectable_bias`]. A relative change of the variance is about
/// (z(level/2) + z(miss)) √(2/(R−1) + e/R).
pub fn powers(plan: &Plan, tests: &[TheoryTest], level: f64) -> Vec<Option<Power>> {
    tests.par_iter().map(|test| power(plan, test, level)).collect()
}

fn power(plan: &Plan, test: &TheoryTest, level: f64) -> Option<Power> {
    if let Some(detectable) = test.guaranteed {
        return Some(Power { detectable });
    }
    let condition = plan.conditions.get(test.condition)?;
    let theory = plan.estimator_of(condition, &test.estimator)?.theory(condition.sampled_pair()?, condition.n);
    let detectable = detectable(&theory, test.trials as f64, test.kind, level * test.share)?;
    Some(Power { detectable })
}

/// The smallest deviation that a test of `kind` detects in `trials` trials, where it is known.
pub(super) fn detectable(theory: &Theory, trials: f64, kind: TestKind, level: f64) -> Option<f64> {
    match kind {
        TestKind::Mean => {
            let contributions = theory.contributions.as_ref()?;
            let function = Some(contributions.cumulants.function()).filter(|function| !function.is_costly())?;
            let count = contributions.count as f64 * trials;
            Some(detectable_bias(function, count, level, MISS) / theory.closed_form)
        }
        TestKind::Variance => {
            let spread = 2.0 / (trials - 1.0) + theory.excess_kurtosis? / trials;
            let deviations = normal_quantile(0.5 * level) + normal_quantile(MISS);
            Some(deviations * spread.max(0.0).sqrt()).filter(|detectable| detectable.is_finite())
        }
        TestKind::Fit
        | TestKind::Baseline
        | TestKind::Infinite
        | TestKind::Count
        | TestKind::Exact
        | TestKind::Decisions
        | TestKind::Lengths => None,
    }
}
