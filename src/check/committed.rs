//! The histograms of committed trials, for rows of which no exact law is known.

use super::baseline::open_committed;
use crate::plan::Plan;
use kl_math::law::Bin;
use kl_math::statistics::Unit;
use std::collections::HashMap;
use std::path::Path;

/// Keys that may have changed since the results were committed: the estimates have the same law.
const IRRELEVANT: [&str; 6] = ["question", "seed", "trials", "sampler", "record", "estimators"];

/// Of each bin the ends as they are written, and how many trials are in it.
type WrittenBins = Vec<(f64, f64, u64)>;

/// The histograms of `law.csv` in a results folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommittedLaws {
    unit: Unit,
    /// By condition, from 1, and estimator.
    bins: HashMap<(String, String), WrittenBins>,
}

impl CommittedLaws {
    /// Reads those of `plan`; none where there are no results, or such of another spec, or unreadable or edited ones,
    /// of which the comparison of bytes tells.
    pub fn read(folder: &Path, plan: &Plan) -> Option<Self> {
        let committed = open_committed(folder).ok()??;
        let differences = committed.manifest().differences(&plan.resolved);
        if !differences.iter().all(|difference| IRRELEVANT.contains(&difference.key.as_str())) {
            return None;
        }
        let table = committed.table("law.csv").ok()?;
        let mut bins: HashMap<(String, String), WrittenBins> = HashMap::new();
        for row in 0..table.rows.len() {
            let cell = |column: &str| table.cell(row, column);
            let (condition, estimator) = (cell("condition")?.to_owned(), cell("estimator")?.to_owned());
            let (lower, upper) = (cell("lower")?.parse().ok()?, cell("upper")?.parse().ok()?);
            let trials = cell("trials")?.parse().ok()?;
            bins.entry((condition, estimator)).or_default().push((lower, upper, trials));
        }
        Some(Self { unit: plan.unit, bins })
    }

    /// How many committed trials fell into each of `bins`, of the condition at that place in the plan; none if they had others.
    pub(super) fn counts(&self, condition: usize, estimator: &str, bins: &[Bin]) -> Option<Vec<u64>> {
        let found = self.bins.get(&((condition + 1).to_string(), estimator.to_owned()))?;
        let is_same = |(bin, &(lower, upper, _)): (&Bin, &(f64, f64, u64))| {
            (self.unit.of_nats(bin.lower), self.unit.of_nats(bin.upper)) == (lower, upper)
        };
        let same = found.len() == bins.len() && bins.iter().zip(found).all(is_same);
        same.then(|| found.iter().map(|&(_, _, trials)| trials).collect())
    }
}
