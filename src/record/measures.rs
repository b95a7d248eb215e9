//! `measures.csv`: how several estimators do beside each other, in long form.

use super::{Line, Row};
use kl_math::statistics::Unit;
use kl_sim::comparison::Performance;

/// One measure of one estimator in one condition.
#[derive(Clone, Copy, Debug)]
pub struct MeasureRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: &'a str,
    /// The measure, in nats.
    pub assessed: Performance,
}

impl Row for MeasureRow<'_> {
    /// `expected` is what theory says, empty where it is not known.
    const COLUMNS: &'static [&'static str] = &["condition", "estimator", "measure", "estimate", "mcse", "expected"];

    fn write(&self, unit: Unit, line: &mut Line<'_>) {
        let Performance { measure, estimate, mcse, expected } = self.assessed.in_unit(unit);
        line.whole(self.condition as u64);
        line.name(self.estimator);
        line.name(measure.name());
        line.number(estimate);
        line.maybe(mcse);
        line.maybe(expected);
    }
}
