//! `law.csv`: the histogram of the estimates beside their exact law.

use super::{Line, Row};
use kl_math::law::Bin;
use kl_math::statistics::Unit;

/// One bin of one condition and estimator.
#[derive(Clone, Copy, Debug)]
pub struct LawRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: &'a str,
    /// The bin and its exact mass, in nats.
    pub bin: Bin,
    /// How many trials fell into it.
    pub count: u64,
    /// Of how many.
    pub trials: u64,
}

impl Row for LawRow<'_> {
    /// `lower` and `upper` are the smallest and the largest value in the bin, the same for an atom; `observed` the
    /// share of the trials and `exact` the probability, empty where the law is not known.
    const COLUMNS: &'static [&'static str] =
        &["condition", "estimator", "lower", "upper", "trials", "observed", "exact"];

    fn write(&self, unit: Unit, line: &mut Line<'_>) {
        line.whole(self.condition as u64);
        line.name(self.estimator);
        line.number(unit.of_nats(self.bin.lower));
        line.number(unit.of_nats(self.bin.upper));
        line.whole(self.count);
        line.number(self.count as f64 / self.trials as f64);
        line.maybe(self.bin.mass);
    }
}
