//! Trials without an estimate.

use super::ProgramsOfGroup;
use crate::programs::{FailedTrial, Programs};
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
    /// Of a program of the user's own, which trials, by number, and why; of very many only some.
    pub failed: Vec<FailedTrial>,
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
            if kept.failed == 0 && programs.is_none_or(|programs| programs.failed() == 0) {
                return None;
            }
            Some(Self {
                condition: estimation.condition,
                estimator: estimation.by.name().to_owned(),
                count: programs.map_or(kept.failed, Programs::failed),
                failed: programs.map(Programs::failures).unwrap_or_default(),
                is_stopped: programs.is_some_and(External::is_stopped),
                has_row: kept.failed < summary.sums.trials(),
            })
        })
    }
}
