//! `trials.csv`: the estimate of every trial, on request.

use super::{Line, Row};
use crate::plan::Plan;
use kl_math::statistics::Unit;

/// One estimate. Rows are in the order of (P, N) group, trial, condition, estimator.
#[derive(Clone, Copy, Debug)]
pub struct TrialRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// Symbols a sequence.
    pub n: u64,
    /// The estimator's name.
    pub estimator: &'a str,
    /// The estimate, in nats; NaN where there is none.
    pub estimate: f64,
}

impl Row for TrialRow<'_> {
    const COLUMNS: &'static [&'static str] = &["condition", "trial", "n", "estimator", "estimate"];

    fn write(&self, unit: Unit, line: &mut Line<'_>) {
        line.whole(self.condition as u64);
        line.whole(self.trial);
        line.whole(self.n);
        line.name(self.estimator);
        line.maybe(Some(unit.of_nats(self.estimate)).filter(|estimate| !estimate.is_nan()));
    }
}

/// About how many bytes `trials.csv` of `plan` will take: an estimate prints as some twenty characters.
pub fn predicted_size(plan: &Plan) -> u128 {
    const ESTIMATE_AND_COMMAS: u128 = 20 + 5;
    let digits = |number: u64| u128::from(number.max(1).ilog10() + 1);
    let names: u128 = plan.estimators.iter().map(|estimator| estimator.name().len() as u128).sum();
    let conditions = plan.conditions.iter().enumerate().map(|(index, condition)| {
        let row = digits(index as u64 + 1) + digits(condition.trials) + digits(condition.n) + ESTIMATE_AND_COMMAS;
        u128::from(condition.trials) * (row * plan.estimators.len() as u128 + names)
    });
    conditions.sum()
}
