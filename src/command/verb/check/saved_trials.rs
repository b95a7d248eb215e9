//! Folders of saved trials: their files against the manifest, and their measures against a new computation.

use super::Arguments;
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_document;
use crate::command::verb::summarize::Summarized;
use crate::record::{ResultsError, SavedTrials, SavedTrialsError};
use crate::report::{MeasureChange, SavedCheck, SavedChecks, SavedVerdict};

impl Arguments {
    /// The folders of saved trials among the arguments; all of them are, or none.
    pub(super) fn saved_trials(&self) -> Result<Vec<SavedTrials>, Error> {
        let (mut saved, mut spec) = (Vec::new(), None);
        for path in &self.specs {
            let is_folder = path.is_dir();
            let opened = is_folder.then(|| SavedTrials::open(path)).transpose();
            match opened.map_err(|error| Error::Results(vec![error]))?.flatten() {
                Some(found) => saved.push(found),
                None => spec = Some(path),
            }
        }
        let Some(first) = saved.first() else { return Ok(saved) };
        let folder = first.folder().display().to_string();
        if let Some(spec) = spec {
            return Err(Error::SpecsAndTrials { spec: spec.display().to_string(), folder });
        }
        let flags = [
            ("--fresh", !self.fresh.is_empty()),
            ("--anytime", self.anytime),
            ("--only", self.only.is_some()),
            ("--update", self.update),
            ("--junit", self.junit.is_some()),
        ];
        match flags.into_iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(Error::FlagOfRuns { flag, folder }),
            None => Ok(saved),
        }
    }

    /// Computes the measures of each folder anew, and compares them with the saved ones.
    pub(super) fn check_saved(&self, all: &[SavedTrials]) -> Result<Outcome, Error> {
        let mut checks = Vec::with_capacity(all.len());
        for saved in all {
            checks.push(SavedCheck { folder: saved.folder().display().to_string(), verdict: check(saved)? });
        }
        let report = SavedChecks { checks: &checks };
        let are_same = checks.iter().all(|check| check.verdict == SavedVerdict::Same);
        self.annotations.show(|| report.annotations());
        if self.markdown {
            show_document(&report.markdown())?;
        } else if self.json.json || !self.quiet || !are_same {
            self.json.print(|| report.json(), &report)?;
        }
        Ok(if are_same { Outcome::Agreed } else { Outcome::Disagreed })
    }
}

fn check(saved: &SavedTrials) -> Result<SavedVerdict, Error> {
    let edited = |error: ResultsError| match error {
        ResultsError::Edited { path } | ResultsError::NoFile { path } => {
            Ok(SavedVerdict::Edited(path.file_name().unwrap_or_default().to_string_lossy().into_owned()))
        }
        other => Err(Error::Results(vec![other])),
    };
    let before = match saved.measures() {
        Ok(before) => before,
        Err(error) => return edited(error),
    };
    let trials = match saved.trials() {
        Ok(trials) => trials,
        Err(SavedTrialsError::Results(error)) => return edited(error),
        Err(error) => return Err(error.into()),
    };
    let summarized = Summarized::new(Vec::new(), trials, saved.manifest().spec.clone())?;
    let gates = summarized.without_gates();
    let now = summarized.report(&gates).csv().map_err(|error| Error::Output(error.into()))?;
    if before == now.as_bytes() {
        return Ok(SavedVerdict::Same);
    }
    Ok(SavedVerdict::Changed(changes(&String::from_utf8_lossy(&before), &now)))
}

/// The rows that are not the same.
fn changes(before: &str, now: &str) -> Vec<MeasureChange> {
    let count = before.lines().count().max(now.lines().count());
    let lines = before.lines().map(Some).chain(std::iter::repeat(None));
    let pairs = lines.zip(now.lines().map(Some).chain(std::iter::repeat(None))).take(count);
    let change = |((before, now), line): ((Option<&str>, Option<&str>), usize)| MeasureChange {
        line,
        saved: before.unwrap_or_default().to_owned(),
        now: now.unwrap_or_default().to_owned(),
    };
    pairs.zip(1..).filter(|((before, now), _)| before != now).map(change).collect()
}
