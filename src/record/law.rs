//! `law.csv`: the histogram of the estimates beside their exact law.

use super::Row;
use crate::law::Bin;
use crate::numeric::shortest;
use crate::statistics::Unit;

/// One bin of one condition and estimator.
#[derive(Clone, Copy, Debug)]
pub struct LawRow {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: &'static str,
    /// The bin and its exact mass, in nats.
    pub bin: Bin,
    /// How many trials fell into it.
    pub count: u64,
    /// Of how many.
    pub trials: u64,
}

impl Row for LawRow {
    /// `lower` and `upper` are the smallest and the largest value in the bin, the same for an atom; `observed` the
    /// share of the trials and `exact` the probability, empty where the law is not known.
    const COLUMNS: &'static [&'static str] =
        &["condition", "estimator", "lower", "upper", "trials", "observed", "exact"];

    fn fields(&self, unit: Unit) -> Vec<String> {
        vec![
            self.condition.to_string(),
            self.estimator.to_owned(),
            shortest(unit.of_nats(self.bin.lower)),
            shortest(unit.of_nats(self.bin.upper)),
            self.count.to_string(),
            shortest(self.count as f64 / self.trials as f64),
            self.bin.mass.map(shortest).unwrap_or_default(),
        ]
    }
}
