//! Trials without an estimate.

use super::preparation::ProgramsOfGroup;
use crate::programs::FailedTrials;
use kl_sim::estimator::External;
use kl_sim::simulation::{GroupSummary, Job};

/// Where an estimator gave no estimate, in one condition.
#[derive(Clone, Debug)]
pub struct Failures {
    /// The condition's place in the plan, counted from 0.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// In how many trials.
    pub count: u64,
    /// Of a program of the user's own, which trials and why.
    pub failed: FailedTrials,
    /// Whether they were so many that no more trials were made.
    pub is_stopped: bool,
    /// Whether there are estimates at all.
    pub has_row: bool,
}

impl Failures {
    /// The failures of a group.
    pub(super) fn of<'a>(
        job: &'a Job<'_>,
        summary: &'a GroupSummary,
        all: &'a ProgramsOfGroup<'_>,
    ) -> impl Iterator<Item = Self> + 'a {
        summary.estimations.iter().filter_map(|(place, kept)| {
            let estimation = job.estimations.get(*place)?;
            let mut of_condition = all.iter().filter(|(condition, _, _)| *condition == estimation.condition);
            let programs = of_condition.find(|(_, _, found)| found.name() == estimation.by.name());
            let programs = programs.filter(|_| estimation.by.external().is_some()).map(|(_, _, programs)| programs);
            let failed = programs.map(|programs| programs.failed());
            let count = failed.as_ref().map_or(kept.failed, FailedTrials::count);
            if kept.failed == 0 && count == 0 {
                return None;
            }
            Some(Self {
                condition: estimation.condition,
                estimator: estimation.by.name().to_owned(),
                count,
                failed: failed.unwrap_or_default(),
                is_stopped: programs.is_some_and(External::is_stopped),
                has_row: kept.failed < summary.sums.trials(),
            })
        })
    }
}
