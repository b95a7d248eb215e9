//! Trials with their measures, from files or from a folder that they were saved in.

use super::files::TrialsFiles;
use crate::command::error::Error;
use crate::external_trials::{
    ExternalTrials, GroupPerformance, Settings, SummarySpec, TrialsError, measure_performance, pictured_groups,
};
use crate::record::SavedTrials;
use crate::report::figure::{PICTURED_GROUPS, PicturedTrials};
use crate::report::{GatesReport, TrialsReport};
use std::path::Path;

/// Trials and the measures of their groups.
pub(in crate::command) struct Summarized {
    /// The names of the files or folders, for people.
    pub(in crate::command) names: Vec<String>,
    /// The trials.
    pub(in crate::command) trials: ExternalTrials,
    /// What was asked for.
    pub(in crate::command) spec: SummarySpec,
    /// The measures of each group.
    pub(in crate::command) groups: Vec<GroupPerformance>,
}

impl Summarized {
    /// Computes the measures of trials.
    pub(in crate::command) fn new(
        names: Vec<String>,
        mut trials: ExternalTrials,
        spec: SummarySpec,
    ) -> Result<Self, TrialsError> {
        if spec.complete {
            trials.keep_complete();
        }
        if let Some(limits) = spec.big_limits() {
            trials.drop_big(&limits);
        }
        let groups = measure_performance(&trials, &spec.settings())?;
        Ok(Self { names, trials, spec, groups })
    }

    /// Reads saved trials, and computes their measures anew.
    pub(in crate::command) fn of_saved(saved: &SavedTrials) -> Result<Self, Error> {
        let name = saved.folder().display().to_string().trim_end_matches('/').to_owned();
        Ok(Self::new(vec![name], saved.trials()?, saved.manifest().spec.clone())?)
    }

    /// The report, with these gates.
    pub(in crate::command) fn report<'a>(&'a self, gates: &'a GatesReport<'a>) -> TrialsReport<'a> {
        TrialsReport {
            files: &self.names,
            by: &self.trials.by,
            level: self.trials.has_intervals.then_some(self.spec.level),
            reference: self.spec.reference.as_deref(),
            pairing: &self.trials.pairing,
            missing_cells: &self.trials.missing_cells,
            notes: &self.trials.notes,
            is_dropping: self.spec.drop_big.is_some(),
            groups: &self.groups,
            gates,
        }
    }

    /// The report without gates.
    pub(in crate::command) fn without_gates(&self) -> GatesReport<'_> {
        GatesReport { by: &self.trials.by, gates: &[], results: &[] }
    }

    /// Calls `write` with the files of the study of this name.
    pub(in crate::command) fn with_files<T>(
        &self,
        name: &str,
        (folder, is_own): (&Path, bool),
        report: &TrialsReport<'_>,
        write: impl FnOnce(&TrialsFiles<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let settings: Settings<'_> = self.spec.settings();
        let pictured = pictured_groups(&self.trials, &settings, PICTURED_GROUPS);
        let pictured = PicturedTrials {
            name,
            by: &self.trials.by,
            level: report.level,
            reference: report.reference,
            groups: &self.groups,
            pictured: &pictured,
        };
        write(&TrialsFiles { name, folder, is_own, report, pictured })
    }
}
