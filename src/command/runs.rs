//! Runs of plans, each into its results folder.

use super::outcome::Outcome;
use super::output::{Written, say, show, show_in_pieces, show_report, shown_path};
use super::programs::{describe_differences, describe_failures};
use crate::command::error::Error;
use crate::experiment::{ResultRow, RunContext, Sampling, carry_out};
use crate::outside::printable;
use crate::plan::{DETAILED_CONDITIONS, Plan, Record};
use crate::record::{
    FinishedRun, MANIFEST, Manifest, Overview, Recorder, ResultsError, Rows, SummaryRow, predicted_size, write_summary,
};
use crate::report::{Progress, Report, RunDocument, grouped};
use crate::store::{PARTIAL, ResultsFolder, StagedFile, StoreError};
use kl_sim::comparison::{FALSE_ALARM, Verdict, judge};
use kl_sim::simulation::{Cancel, Engine};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What becomes of earlier results of the same spec, which may have taken long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overwrite {
    /// Recorded trials stay, and a run that would lose trials is refused.
    #[default]
    Guarded,
    /// Recorded trials stay, unless the number of trials differs.
    Accepted,
    /// They are replaced, as if there were none.
    All,
}

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
    /// Whether to print JSON for programs.
    pub json: bool,
    /// What becomes of earlier results.
    pub overwrite: Overwrite,
}

impl Runs<'_> {
    /// Runs `plans` in order; the results of each go to its own folder in `out`.
    pub fn run(&self, plans: Vec<Plan>, out: &Path) -> Result<Outcome, Error> {
        let missing: Vec<PathBuf> = out.ancestors().take_while(|part| !part.exists()).map(Path::to_owned).collect();
        let (plans, folders) = self.prepare_folders(plans, out, &missing)?;
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

    /// Locks all folders, before any run begins, and refuses runs that would lose what took time. A plan whose trials are recorded
    /// already records them.
    fn prepare_folders(
        &self,
        mut plans: Vec<Plan>,
        out: &Path,
        missing: &[PathBuf],
    ) -> Result<(Vec<Plan>, Vec<ResultsFolder>), Error> {
        let (mut folders, mut losses, mut notes) = (Vec::with_capacity(plans.len()), Vec::new(), String::new());
        for plan in &mut plans {
            let folder = ResultsFolder::open(out.join(&plan.experiment), missing)?;
            if self.overwrite != Overwrite::All {
                let earlier = folder.earlier(plan);
                losses.extend(earlier.losses);
                if earlier.is_recorded {
                    notes.push_str(&note_of_recorded(&folder, earlier.damage.as_ref()));
                    plan.record_trials();
                }
            }
            folders.push(folder);
        }
        if self.overwrite == Overwrite::Guarded && !losses.is_empty() {
            return Err(Error::Losses(losses));
        }
        if !self.quiet {
            say(&notes);
        }
        for (plan, folder) in plans.iter().zip(&folders) {
            if plan.record == Record::Csv {
                folder.check_room(predicted_size(plan))?;
            }
        }
        Ok((plans, folders))
    }

    fn run_one(&self, plan: &Plan, mut folder: ResultsFolder) -> Result<Outcome, Error> {
        self.warn_of_changes(plan, &folder);
        let mut recorder = Recorder::start(plan, |name| folder.stage(name))?;
        let progress = Progress::new(&plan.experiment, plan.symbols(), !self.quiet && std::io::stderr().is_terminal());
        let run = RunContext { engine: &self.engine, cancel: &self.cancel, meter: &progress };
        let findings = carry_out(plan, self.sampling, run, &mut recorder).map_err(in_folder(&folder))?;
        drop(progress);
        let verdicts = judged(&findings.measured);
        let run = FinishedRun { plan, measured: &findings.measured, verdicts: &verdicts, failures: &findings.failures };
        let rows = run.rows();
        if !findings.complete {
            drop(recorder);
            say(&describe_failures(plan, &findings.failures, None));
            return self.keep_partial(plan, rows, folder);
        }
        let written = publish(&run, recorder, &mut folder)?;
        say(&describe_failures(plan, &findings.failures, Some(folder.path())));
        say(&describe_differences(plan, &findings.measured));
        let done = || format!("the new results in {} are in place", folder.path().display());
        let overview = Overview::of_plan(plan);
        if self.json {
            let files = &[&written[..], &[MANIFEST.to_owned()]].concat();
            let document = RunDocument { plan, overview: &overview, rows, folder: folder.path(), files };
            show_in_pieces(Written::Json, |out| document.write(out)).map_err(|error| error.after(done))?;
        } else if !self.quiet {
            show_report(Report::new(&overview, rows)).and_then(|_| show("\n")).map_err(|error| error.after(done))?;
        }
        if !self.quiet {
            say(&format!("wrote {}\n", written_files(plan, &written, &folder)));
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
            let file = folder.stage(PARTIAL)?;
            let file = write_summary(&Overview::of_plan(plan), rows.iter(), file).map_err(in_folder(&folder))?;
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

/// Says that the trials are recorded again, and why they are written anew if they are damaged.
fn note_of_recorded(folder: &ResultsFolder, damage: Option<&ResultsError>) -> String {
    match damage {
        None => {
            let path = shown_path(folder.path());
            format!("note: the trials of this spec are recorded in {path}, and stay so (to drop them, add --replace)\n")
        }
        Some(damage) => {
            format!("note: the trials of this spec are recorded anew: {}\n", printable(&damage.to_string()))
        }
    }
}

/// The verdict of each row, with one false-alarm rate for all.
fn judged(measured: &[ResultRow]) -> Vec<Verdict> {
    let comparisons: Vec<_> = measured.iter().map(|measured| &measured.comparison).collect();
    judge(&comparisons, FALSE_ALARM)
}

/// Puts all files in place at once, or none; returns their names.
fn publish(
    run: &FinishedRun<'_>,
    recorder: Recorder<StagedFile>,
    folder: &mut ResultsFolder,
) -> Result<Vec<String>, Error> {
    let files = recorder.finish(run).map_err(in_folder(folder))?;
    let names = files.iter().map(|file| file.name().to_owned()).collect();
    let mut manifest_file = folder.stage(MANIFEST)?;
    let path = folder.path().to_owned();
    folder.publish(files, |stamps| {
        let written = Manifest::new(run.plan, stamps)
            .and_then(|manifest| manifest.to_json())
            .map_err(std::io::Error::from)
            .and_then(|json| manifest_file.write_all(json.as_bytes()));
        match written {
            Ok(()) => Ok(manifest_file),
            Err(source) => Err(StoreError::Io { action: "write to", path, source }),
        }
    })?;
    Ok(names)
}

fn written_files(plan: &Plan, names: &[String], folder: &ResultsFolder) -> String {
    let mut text = format!("{}/: {}, {MANIFEST}", shown_path(folder.path()), names.join(", "));
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
