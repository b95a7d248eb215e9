//! `paths.csv`: the running estimate of the first trials.

use super::Row;
use crate::numeric::shortest;
use crate::statistics::Unit;

/// The estimate from the first symbols of a trial.
#[derive(Clone, Copy, Debug)]
pub struct PathRow {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// How many symbols were seen.
    pub length: u64,
    /// The estimator's name.
    pub estimator: &'static str,
    /// The estimate, in nats.
    pub estimate: f64,
}

impl Row for PathRow {
    const COLUMNS: &'static [&'static str] = &["condition", "trial", "length", "estimator", "estimate"];

    fn fields(&self, unit: Unit) -> Vec<String> {
        vec![
            self.condition.to_string(),
            self.trial.to_string(),
            self.length.to_string(),
            self.estimator.to_owned(),
            shortest(unit.of_nats(self.estimate)),
        ]
    }
}
