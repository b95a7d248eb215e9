//! Power analysis: what the trials of a condition will be able to show.

use super::power::detectable;
use super::{Power, TestKind};
use crate::plan::{Plan, PlannedEstimator};
use rayon::prelude::*;

/// The expected precision of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerAnalysis {
    /// The index of the condition in the plan.
    pub condition: usize,
    /// The name of the estimator.
    pub estimator: String,
    /// The estimand, in nats per symbol.
    pub closed_form: f64,
    /// The exact mean of the estimator, if it is known.
    pub expected: Option<f64>,
    /// The exact variance of an estimate, if it is known and finite.
    pub exact_variance: Option<f64>,
    /// The Monte Carlo standard error of the mean, where the variance is known and finite.
    pub mcse: Option<f64>,
    /// The expected number of infinite trials, if any can be infinite.
    pub infinite: Option<f64>,
    /// The smallest bias, relative to D, that is missed with probability at most [`MISS`](super::MISS).
    pub bias: Option<Power>,
    /// The smallest relative change of the variance with the same property.
    pub variance: Option<Power>,
}

impl PowerAnalysis {
    /// Analyses every condition and estimator of a plan, at the level of the first step of Holm's procedure over all tests.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let conditions = plan.conditions.iter().enumerate();
        let rows: Vec<(usize, &PlannedEstimator)> = conditions
            .flat_map(|(index, condition)| plan.estimators_of(condition).map(move |(_, estimator)| (index, estimator)))
            .collect();
        // Each row has a test of the mean and one of the variance.
        let level = plan.check.false_alarm.get() / (2 * rows.len()).max(1) as f64;
        rows.par_iter().filter_map(|&(condition, estimator)| Self::of_row(plan, condition, estimator, level)).collect()
    }

    fn of_row(plan: &Plan, place: usize, estimator: &PlannedEstimator, level: f64) -> Option<Self> {
        let condition = plan.conditions.get(place)?;
        let theory = estimator.theory(condition.sampled_pair()?, condition.n);
        let trials = condition.trials as f64;
        let variance = theory.variance.filter(|variance| variance.is_finite());
        let mass = theory.infinite_mass.to_f64();
        let power = |test: TestKind| detectable(&theory, trials, test, level).map(|detectable| Power { detectable });
        Some(Self {
            condition: place,
            estimator: estimator.name().to_owned(),
            closed_form: theory.closed_form,
            expected: theory.mean,
            exact_variance: variance,
            mcse: variance.map(|variance| (variance / trials).sqrt()),
            infinite: (mass > 0.0).then_some(mass * trials),
            bias: power(TestKind::Mean),
            variance: power(TestKind::Variance),
        })
    }
}
