//! The histograms of committed trials, which replace an exact law where none is known.

use super::baseline::open_committed;
use crate::plan::Plan;
use crate::record::SavedBin;
use kl_math::law::Bin;
use kl_math::statistics::Unit;
use std::collections::HashMap;
use std::path::Path;

/// Keys that do not change the law of the estimates, and may differ from those of the committed results.
const IRRELEVANT: [&str; 6] = ["question", "seed", "trials", "sampler", "record", "estimators"];

/// The histograms of `law.csv` in a results folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommittedLaws {
    unit: Unit,
    /// By condition, counted from 1, and estimator.
    bins: HashMap<(usize, String), Vec<SavedBin>>,
}

impl CommittedLaws {
    /// Reads the histograms of `plan`; none if there are no results, or they are of another spec, unreadable or edited, which the
    /// comparison of bytes reports.
    pub fn read(folder: &Path, plan: &Plan) -> Option<Self> {
        let committed = open_committed(folder).ok()??;
        let differences = committed.manifest().differences(&plan.resolved);
        if !differences.iter().all(|difference| IRRELEVANT.contains(&difference.key.as_str())) {
            return None;
        }
        let mut bins: HashMap<(usize, String), Vec<SavedBin>> = HashMap::new();
        for bin in committed.file("law.csv").ok()?.rows::<SavedBin>().ok()? {
            bins.entry((bin.condition, bin.estimator.to_string())).or_default().push(bin);
        }
        Some(Self { unit: plan.unit, bins })
    }

    /// The number of committed trials in each of `bins` for the condition at this place in the plan; none if their bins differ.
    pub(super) fn counts(&self, condition: usize, estimator: &str, bins: &[Bin]) -> Option<Vec<u64>> {
        let found = self.bins.get(&(condition + 1, estimator.to_owned()))?;
        let is_same = |(bin, saved): (&Bin, &SavedBin)| {
            (self.unit.of_nats(bin.lower), self.unit.of_nats(bin.upper)) == saved.ends
        };
        let same = found.len() == bins.len() && bins.iter().zip(found).all(is_same);
        same.then(|| found.iter().map(|bin| bin.trials).collect())
    }
}
