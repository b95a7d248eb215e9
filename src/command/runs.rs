//! Runs of plans, each into its results folder.

use super::outcome::Outcome;
use super::output::{say, show, shown_path};
use super::programs::describe_failures;
use crate::error::Error;
use crate::experiment::{DETAILED_CONDITIONS, Failures, Measured, RunContext, Sampling, carry_out};
use crate::outside::printable;
use crate::plan::{Plan, Record};
use crate::record::{
    IntervalRow, Manifest, MeasureRow, Overview, Recorder, Rows, Sheet, SummaryRow, SummaryWriter, predicted_size,
    write_failures,
};
use crate::report::{Progress, Report, grouped};
use crate::store::{FAILURES, MANIFEST, PARTIAL, ResultsFolder, StagedFile, StoreError};
use kl_math::numeric::normal_quantile;
use kl_sim::comparison::{FALSE_ALARM, Verdict, judge};
use kl_sim::simulation::{Cancel, Engine};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// How plans are run.
pub struct Runs<'a> {
    /// The engine with its threads.
    pub engine: Engine,
    /// The source of sequences, normally [`planned_sampling`](crate::experiment::planned_sampling).
    pub sampling: &'a Sampling<'a>,
    /// The request to stop.
    pub cancel: Cancel,
    /// Whether to print nothing but errors.
    pub quiet: bool,
}

impl Runs<'_> {
    /// Runs `plans` in order; the results of each go to its own folder in `out`.
    pub fn run(&self, plans: Vec<Plan>, out: &Path) -> Result<Outcome, Error> {
        let missing: Vec<PathBuf> = out.ancestors().take_while(|part| !part.exists()).map(Path::to_owned).collect();
        let folders = plans.iter().map(|plan| prepare_folder(plan, out, &missing)).collect::<Result<Vec<_>, _>>()?;
        let mut outcome = Outcome::Agreed;
        for (done, (plan, folder)) in plans.iter().zip(folders).enumerate() {
            let tell_the_others = || {
                let left: Vec<&str> = plans.iter().skip(done + 1).map(|plan| plan.experiment.as_str()).collect();
                if !left.is_empty() {
                    say(&format!("not started: {}\n", printable(&left.join(", "))));
                }
            };
            match self.run_one(plan, folder).inspect_err(|_| tell_the_others())? {
                Outcome::Agreed => {}
                interrupted @ Outcome::Interrupted(_) => {
                    tell_the_others();
                    return Ok(interrupted);
                }
                Outcome::Stopped => outcome = Outcome::Stopped,
                other if outcome == Outcome::Agreed => outcome = other,
                _ => {}
            }
        }
        Ok(outcome)
    }

    fn run_one(&self, plan: &Plan, mut folder: ResultsFolder) -> Result<Outcome, Error> {
        self.warn_of_changes(plan, &folder);
        let mut recorder = start_recording(plan, &folder)?;
        let progress = Progress::new(&plan.experiment, plan.symbols(), !self.quiet && std::io::stderr().is_terminal());
        let run = RunContext { engine: &self.engine, cancel: &self.cancel, meter: &progress };
        let findings = carry_out(plan, self.sampling, run, &mut recorder).map_err(in_folder(&folder))?;
        drop(progress);
        let verdicts = judged(&findings.measured);
        let rows = Rows::Measured { plan, measured: &findings.measured, verdicts: &verdicts };
        if !findings.complete {
            drop(recorder);
            say(&describe_failures(plan, &findings.failures, None));
            return self.keep_partial(plan, rows, folder);
        }
        publish(plan, rows, &findings.failures, recorder, &mut folder)?;
        say(&describe_failures(plan, &findings.failures, Some(folder.path())));
        if !self.quiet {
            let done = || format!("the new results in {} are in place", folder.path().display());
            show(&format!("{}\n", Report::new(&Overview::of_plan(plan), rows))).map_err(|error| error.after(done))?;
            say(&format!("wrote {}\n", written_files(plan, rows, &findings.failures, &folder)));
        }
        let disagrees = verdicts.contains(&Verdict::Disagree);
        Ok(if disagrees { Outcome::Disagreed } else { Outcome::Agreed })
    }

    /// Prints the keys in which the spec differs from that of the results that are about to be replaced.
    fn warn_of_changes(&self, plan: &Plan, folder: &ResultsFolder) {
        let Some(manifest) = folder.manifest().filter(|_| !self.quiet) else {
            return;
        };
        let differences = manifest.differences(&plan.resolved);
        if differences.is_empty() {
            return;
        }
        let shown = |value: Option<serde_json::Value>| match value {
            Some(value) => value.to_string(),
            None => "absent".to_owned(),
        };
        let mut text = format!("note: replacing the results of another spec in {}\n", shown_path(folder.path()));
        for difference in differences {
            let (old, new) = (shown(difference.here), shown(difference.there));
            text.push_str(&printable(&format!("  {} was {old}, is {new}", difference.key)));
            text.push('\n');
        }
        say(&text);
    }

    fn keep_partial(&self, plan: &Plan, rows: Rows<'_>, mut folder: ResultsFolder) -> Result<Outcome, Error> {
        let signal = self.cancel.reason().map(|reason| u8::try_from(reason).unwrap_or_default());
        let expected = plan.conditions.len() * plan.estimators.len();
        let is_whole = |row: &SummaryRow<'_>| {
            let wanted = plan.conditions.get(row.condition - 1).map(|condition| condition.trials);
            wanted == Some(row.comparison.trials)
        };
        let whole = rows.iter().filter(is_whole).count();
        let why = if signal.is_some() { "interrupted" } else { "not finished" };
        let mut text = format!("{why}: of {expected} conditions of {} {whole} are done", printable(&plan.experiment));
        if rows.is_empty() {
            text.push_str("; nothing was written");
        } else {
            let file = write_summary(plan, rows, folder.stage(PARTIAL)?).map_err(in_folder(&folder))?;
            folder.publish_partial(file)?;
            let path = folder.path().join(PARTIAL);
            let partly = rows.len() - whole;
            if partly > 0 {
                text.push_str(&format!(" and {partly} in part"));
            }
            text.push_str(&format!("; see {}", shown_path(&path)));
        }
        say(&format!("{text}\n"));
        Ok(signal.map_or(Outcome::Stopped, Outcome::Interrupted))
    }
}

fn prepare_folder(plan: &Plan, out: &Path, missing: &[PathBuf]) -> Result<ResultsFolder, StoreError> {
    let folder = ResultsFolder::open(out.join(&plan.experiment), missing)?;
    if plan.record == Record::Csv {
        folder.check_room(predicted_size(plan))?;
    }
    Ok(folder)
}

fn start_recording(plan: &Plan, folder: &ResultsFolder) -> Result<Recorder<StagedFile>, Error> {
    let trials = (plan.record == Record::Csv).then(|| folder.stage("trials.csv")).transpose()?;
    Ok(Recorder::new(plan.unit, folder.stage("law.csv")?, folder.stage("paths.csv")?, trials))
}

/// The verdict of each row, with one false-alarm rate for all.
fn judged(measured: &[Measured]) -> Vec<Verdict> {
    let comparisons: Vec<_> = measured.iter().map(|measured| &measured.comparison).collect();
    judge(&comparisons, FALSE_ALARM)
}

fn write_summary(plan: &Plan, rows: Rows<'_>, out: StagedFile) -> csv::Result<StagedFile> {
    let overview = Overview::of_plan(plan);
    let mut writer = SummaryWriter::new(&overview, out)?;
    for row in rows.iter() {
        writer.push(&row)?;
    }
    Ok(writer.finish()?)
}

/// `measures.csv`, where several estimators are compared.
fn write_measures(plan: &Plan, rows: Rows<'_>, folder: &ResultsFolder) -> Result<Option<StagedFile>, StoreError> {
    let Rows::Measured { measured, .. } = rows else { return Ok(None) };
    if !plan.has_measures() {
        return Ok(None);
    }
    let mut sheet: Sheet<MeasureRow<'static>, _> = Sheet::new(plan.unit, folder.stage("measures.csv")?);
    for measured in measured {
        for &assessed in &measured.measures {
            let (condition, estimator) = (measured.condition + 1, &*measured.estimator);
            sheet.push(&MeasureRow { condition, estimator, assessed }).map_err(in_folder(folder))?;
        }
    }
    Ok(Some(sheet.finish().map_err(in_folder(folder))?))
}

/// `intervals.csv`, where intervals are tried and estimates have standard errors.
fn write_intervals(plan: &Plan, rows: Rows<'_>, folder: &ResultsFolder) -> Result<Option<StagedFile>, StoreError> {
    let (Rows::Measured { measured, .. }, Some(level)) = (rows, plan.level) else { return Ok(None) };
    if !has_intervals(rows) {
        return Ok(None);
    }
    let z = normal_quantile(0.5 * (1.0 - level.get()));
    let mut sheet: Sheet<IntervalRow<'static>, _> = Sheet::new(plan.unit, folder.stage("intervals.csv")?);
    for measured in measured {
        for &ranked in &measured.ranked {
            let (condition, estimator) = (measured.condition + 1, &*measured.estimator);
            let truth = measured.comparison.estimand();
            sheet.push(&IntervalRow { condition, estimator, ranked, z, truth }).map_err(in_folder(folder))?;
        }
    }
    Ok(Some(sheet.finish().map_err(in_folder(folder))?))
}

fn has_intervals(rows: Rows<'_>) -> bool {
    matches!(rows, Rows::Measured { measured, .. } if measured.iter().any(|measured| !measured.ranked.is_empty()))
}

/// Whether there are failures to be listed: those of programs.
fn has_list(failures: &[Failures]) -> bool {
    failures.iter().any(|failures| !failures.failed.is_empty())
}

/// All files at once, or none.
fn publish(
    plan: &Plan,
    rows: Rows<'_>,
    failures: &[Failures],
    recorder: Recorder<StagedFile>,
    folder: &mut ResultsFolder,
) -> Result<(), Error> {
    let summary = write_summary(plan, rows, folder.stage("summary.csv")?).map_err(in_folder(folder))?;
    let measures = write_measures(plan, rows, folder)?;
    let intervals = write_intervals(plan, rows, folder)?;
    let failed = has_list(failures)
        .then(|| folder.stage(FAILURES))
        .transpose()?
        .map(|file| write_failures(failures, file).map_err(in_folder(folder)))
        .transpose()?;
    let recorded = recorder.finish().map_err(in_folder(folder))?;
    let mut manifest_file = folder.stage(MANIFEST)?;
    let files = [Some(summary), Some(recorded.law), Some(recorded.paths), measures, intervals, recorded.trials, failed];
    let path = folder.path().to_owned();
    folder.publish(files.into_iter().flatten().collect(), |stamps| {
        let written = Manifest::new(plan, stamps)
            .and_then(|manifest| manifest.to_json())
            .map_err(std::io::Error::from)
            .and_then(|json| manifest_file.write_all(json.as_bytes()));
        match written {
            Ok(()) => Ok(manifest_file),
            Err(source) => Err(StoreError::Io { action: "write to", path, source }),
        }
    })?;
    Ok(())
}

fn written_files(plan: &Plan, rows: Rows<'_>, failures: &[Failures], folder: &ResultsFolder) -> String {
    let trials = if plan.record == Record::Csv { ", trials.csv" } else { "" };
    let measures = if plan.has_measures() { ", measures.csv" } else { "" };
    let intervals = if has_intervals(rows) { ", intervals.csv" } else { "" };
    let failed = if has_list(failures) { format!(", {FAILURES}") } else { String::new() };
    let mut text = format!(
        "{}/: summary.csv, law.csv, paths.csv{measures}{intervals}{trials}{failed}, {MANIFEST}",
        shown_path(folder.path())
    );
    if plan.conditions.len() > DETAILED_CONDITIONS {
        let count = grouped(DETAILED_CONDITIONS as u64);
        text.push_str(&format!(" (law.csv and paths.csv hold the first {count} conditions)"));
    }
    text
}

fn in_folder<E: Into<std::io::Error>>(folder: &ResultsFolder) -> impl FnOnce(E) -> StoreError {
    let path = folder.path().to_owned();
    |error| StoreError::Io { action: "write to", path, source: error.into() }
}
