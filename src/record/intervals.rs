//! `intervals.csv`: of each estimator in each condition a hundred of its intervals, ranked by how far off they are.

use super::{Line, Row};
use kl_math::statistics::{RankedInterval, Unit};

/// One interval of one estimator in one condition.
#[derive(Clone, Copy, Debug)]
pub struct IntervalRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: &'a str,
    /// The estimate and its standard error, in nats.
    pub ranked: RankedInterval,
    /// How many standard errors the interval reaches.
    pub z: f64,
    /// What it should hold, in nats.
    pub truth: f64,
}

impl Row for IntervalRow<'_> {
    /// `centile`: the part of the trials whose estimate is fewer of its own standard errors off, in percent; `holds` is 1 or 0.
    const COLUMNS: &'static [&'static str] =
        &["condition", "estimator", "centile", "estimate", "std_error", "low", "high", "holds"];

    fn write(&self, unit: Unit, line: &mut Line<'_>) {
        let RankedInterval { centile, estimate, std_error } = self.ranked;
        let reach = self.z * std_error;
        line.whole(self.condition as u64);
        line.name(self.estimator);
        line.number(centile);
        line.number(unit.of_nats(estimate));
        line.number(unit.of_nats(std_error));
        line.number(unit.of_nats(estimate - reach));
        line.number(unit.of_nats(estimate + reach));
        line.whole(u64::from((estimate - self.truth).abs() <= reach));
    }
}
