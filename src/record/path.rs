//! `paths.csv`: the running estimate of the first trials.

use super::{Line, Row};
use kl_math::statistics::Unit;

/// The estimate from the first symbols of a trial.
#[derive(Clone, Copy, Debug)]
pub struct PathRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// How many symbols were seen.
    pub length: u64,
    /// The estimator's name.
    pub estimator: &'a str,
    /// The estimate, in nats.
    pub estimate: f64,
    /// The exact mean and standard deviation of the estimate from that many symbols, in nats, where they are known.
    pub moments: (Option<f64>, Option<f64>),
}

impl Row for PathRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["condition", "trial", "length", "estimator", "estimate", "expected", "std_dev"];

    fn write(&self, unit: Unit, line: &mut Line<'_>) {
        line.whole(self.condition as u64);
        line.whole(self.trial);
        line.whole(self.length);
        line.name(self.estimator);
        line.number(unit.of_nats(self.estimate));
        let (mean, std_dev) = self.moments;
        line.maybe(mean.map(|mean| unit.of_nats(mean)));
        line.maybe(std_dev.map(|std_dev| unit.of_nats(std_dev)));
    }
}
