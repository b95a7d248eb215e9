//! Runs of plans, each into its results folder.

use super::interrupt;
use super::outcome::Outcome;
use super::output::{Written, say, show, show_in_pieces, show_report, shown_path};
use super::programs::{describe_differences, describe_failures};
use super::progress::Progress;
use crate::command::error::Error;
use crate::experiment::{ExperimentResults, RunContext, Sampling, carry_out_with};
use crate::outside::printable;
use crate::plan::{DETAILED_CONDITIONS, Plan, Record};
use crate::record::{
    FinishedRun, MANIFEST, Overview, Recorder, ResultsError, Rows, SummaryRow, predicted_size, write_summary,
};
use crate::report::{Report, RunDocument, grouped, unseen_by_behaviour};
use crate::store::{
    Interrupted, Interval, Loss, MergedParts, PARTIAL, PartFault, ResultsFolder, StagedFile, StoreError, write_results,
};
use kl_sim::comparison::{FALSE_ALARM, Verdict};
use kl_sim::simulation::{Cancel, Engine};
use std::io::IsTerminal;
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
    /// How often what is done so far is saved.
    pub interval: Interval,
    /// Whether to go on with runs that were interrupted.
    pub resume: bool,
}

/// Where the blocks of a run come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blocks {
    /// They are simulated.
    Simulated,
    /// Parts of the run have them, and the rows of their trials if these were recorded.
    Parts,
}

/// A run that is about to begin.
struct Start {
    plan: Plan,
    folder: ResultsFolder,
    /// What an interrupted run has done of it, if this one goes on from there.
    interrupted: Option<Interrupted>,
}

impl Runs<'_> {
    /// Runs `plans` in order; the results of each go to its own folder in `out`.
    pub fn run(&self, plans: Vec<Plan>, out: &Path) -> Result<Outcome, Error> {
        let starts = self.prepare_folders(plans, out, Blocks::Simulated)?;
        let names: Vec<String> = starts.iter().map(|start| start.plan.experiment.clone()).collect();
        let mut outcome = Outcome::Agreed;
        for (start, left) in starts.into_iter().zip((1..).map(|done| names.get(done..).unwrap_or_default())) {
            let tell_the_others = || {
                if !left.is_empty() {
                    say(&format!("not started: {}\n", printable(&left.join(", "))));
                }
            };
            match self.run_one(start).inspect_err(|_| tell_the_others())? {
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

    /// Judges what the parts of a run have done, and writes what one run would have written.
    pub fn merge(&self, plan: Plan, mut parts: MergedParts, out: &Path) -> Result<Outcome, Error> {
        for Start { plan, folder, .. } in self.prepare_folders(vec![plan], out, Blocks::Parts)? {
            self.warn_of_changes(&plan, &folder);
            for note in unseen_by_behaviour(&plan) {
                say(&format!("note: {}: {}\n", printable(&plan.experiment), printable(&note)));
            }
            let mut recorder = Recorder::start(&plan, |name| folder.stage(name))?;
            let run = RunContext { engine: &self.engine, cancel: &self.cancel, meter: &() };
            let findings = carry_out_with(&mut parts, &plan, self.sampling, run, &mut recorder);
            let findings = findings.map_err(StoreError::io("merge the parts into", folder.path()))?;
            if findings.complete {
                return self.finish(&plan, &findings, recorder, folder);
            }
            say(&describe_failures(&plan, &findings.failures, None));
            say("nothing was written\n");
        }
        Ok(interrupt::outcome(&self.cancel))
    }

    /// Locks all folders, before any run begins, and refuses runs that would lose what took time. A plan whose trials are recorded
    /// already records them.
    fn prepare_folders(&self, plans: Vec<Plan>, out: &Path, blocks: Blocks) -> Result<Vec<Start>, Error> {
        let missing: Vec<PathBuf> = out.ancestors().take_while(|part| !part.exists()).map(Path::to_owned).collect();
        let (mut starts, mut losses, mut notes, mut faults) = (Vec::new(), Vec::new(), String::new(), Vec::new());
        for mut plan in plans {
            let folder = ResultsFolder::open(out.join(&plan.experiment), &missing)?;
            if self.overwrite != Overwrite::All {
                let earlier = folder.earlier(&plan);
                losses.extend(earlier.losses);
                if earlier.is_recorded && blocks == Blocks::Parts {
                    // Parts that have no rows cannot get them now.
                    losses.push(Loss::Unrecorded { folder: folder.path().to_owned(), trials: earlier.trials });
                } else if earlier.is_recorded {
                    notes.push_str(&note_of_recorded(&folder, earlier.damage.as_ref()));
                    plan.record_trials();
                }
            }
            let interrupted = match blocks {
                Blocks::Parts => None,
                Blocks::Simulated => self.interrupted(&plan, &folder, &mut notes).unwrap_or_else(|fault| {
                    faults.push(PartFault::OfRun(Box::new(fault)));
                    None
                }),
            };
            starts.push(Start { plan, folder, interrupted });
        }
        if !faults.is_empty() {
            return Err(Error::Parts(faults));
        }
        if self.overwrite == Overwrite::Guarded && !losses.is_empty() {
            return Err(Error::Losses(losses));
        }
        if !self.quiet {
            say(&notes);
        }
        for Start { plan, folder, .. } in &starts {
            if plan.record == Record::Csv {
                folder.check_room(predicted_size(plan))?;
            }
        }
        Ok(starts)
    }

    /// What an interrupted run has done, if this one is to go on from there; notes what becomes of it else.
    fn interrupted(
        &self,
        plan: &Plan,
        folder: &ResultsFolder,
        notes: &mut String,
    ) -> Result<Option<Interrupted>, PartFault> {
        let (name, path) = (printable(&plan.experiment), shown_path(folder.path()));
        match folder.interrupted() {
            Ok(Some(interrupted)) if self.resume => {
                if !folder.check_interrupted(&interrupted, plan)? {
                    let text = "note: the rows of the checkpoint are gone, as where a run was complete";
                    notes.push_str(&format!("{text}: {name} in {path} starts from the beginning\n"));
                    return Ok(None);
                }
                notes.push_str(&format!("note: {name} goes on from the last checkpoint in {path}\n"));
                Ok(Some(interrupted))
            }
            Err(fault) if self.resume => Err(fault),
            Ok(None) => {
                if self.resume {
                    notes.push_str(&format!(
                        "note: there is no checkpoint of {name} in {path}: it starts from the beginning\n"
                    ));
                }
                Ok(None)
            }
            Ok(Some(_)) | Err(_) => {
                notes.push_str(&format!(
                    "note: {name} starts anew; to go on from the checkpoint of an interrupted run in {path}, stop it and add --resume\n"
                ));
                Ok(None)
            }
        }
    }

    fn run_one(&self, Start { plan, folder, interrupted }: Start) -> Result<Outcome, Error> {
        self.warn_of_changes(&plan, &folder);
        for note in unseen_by_behaviour(&plan) {
            say(&format!("note: {}: {}\n", printable(&plan.experiment), printable(&note)));
        }
        let mut recorder = Recorder::start(&plan, |name| folder.stage_after(interrupted.as_ref(), name))?;
        let progress = Progress::new(&plan.experiment, plan.symbols(), !self.quiet && std::io::stderr().is_terminal());
        let run = RunContext { engine: &self.engine, cancel: &self.cancel, meter: &progress };
        let mut checkpoint = folder.checkpoint(&plan, interrupted, self.interval);
        let findings = carry_out_with(&mut checkpoint, &plan, self.sampling, run, &mut recorder);
        let findings = findings.map_err(in_folder(&folder))?;
        drop(progress);
        if findings.complete {
            return self.finish(&plan, &findings, recorder, folder);
        }
        if self.cancel.reason().is_some() {
            checkpoint.save_due(&mut recorder).map_err(in_folder(&folder))?;
        } else {
            // A program failed: what it did before is of no use once it is corrected.
            folder.forget_interrupted();
        }
        drop(recorder);
        say(&describe_failures(&plan, &findings.failures, None));
        let is_saved = self.cancel.reason().is_some() && checkpoint.is_saved();
        self.keep_partial(&plan, &findings, folder, is_saved)
    }

    /// Judges a run that is complete, puts its files in place and reports it.
    fn finish(
        &self,
        plan: &Plan,
        findings: &ExperimentResults,
        recorder: Recorder<StagedFile>,
        mut folder: ResultsFolder,
    ) -> Result<Outcome, Error> {
        let verdicts = findings.verdicts(FALSE_ALARM);
        let run = FinishedRun { plan, measured: &findings.measured, verdicts: &verdicts, failures: &findings.failures };
        let rows = run.rows();
        let written = write_results(&run, recorder, &mut folder)?;
        folder.forget_interrupted();
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
        let mut text = format!("note: replacing the results in {}\n", shown_path(folder.path()));
        for difference in differences {
            let (old, new) = (shown(difference.here), shown(difference.there));
            text.push_str(&printable(&format!("  {} was {old}, is {new}", difference.key)));
            text.push('\n');
        }
        say(&text);
    }

    fn keep_partial(
        &self,
        plan: &Plan,
        findings: &ExperimentResults,
        mut folder: ResultsFolder,
        is_saved: bool,
    ) -> Result<Outcome, Error> {
        let verdicts = findings.verdicts(FALSE_ALARM);
        let rows = Rows::ResultRow { plan, measured: &findings.measured, verdicts: &verdicts };
        let signal = self.cancel.reason().map(|reason| u8::try_from(reason).unwrap_or_default());
        let expected = plan.conditions.len() * plan.estimators.len();
        let is_whole = |row: &SummaryRow<'_>| {
            let wanted = plan.conditions.get(row.condition - 1).map(|condition| condition.trials);
            wanted == Some(row.comparison.trials)
        };
        let whole = rows.iter().filter(is_whole).count();
        let why = if signal.is_some() { "interrupted" } else { "not finished" };
        let noun = if plan.estimators.len() > 1 { "rows" } else { "conditions" };
        let mut text = format!("{why}: of {expected} {noun} of {} {whole} are done", printable(&plan.experiment));
        if rows.is_empty() {
            text.push_str(if is_saved { "" } else { "; nothing was written" });
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
        if is_saved {
            let path = shown_path(folder.path());
            text.push_str(&format!(
                "\n  what is done is saved in {path}; to go on from there, give the same command with --resume"
            ));
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
