//! `runner run SPEC…`: from experiment files to results folders.

use super::interrupt;
use super::programs::{refuse_unless, told_failures};
use super::{Outcome, say, show};
use crate::cli::RunArguments;
use crate::error::Error;
use crate::experiment::{DETAILED_CONDITIONS, Measured, Sampling, carry_out, planned_sampling};
use crate::outside::{check_name, printable};
use crate::plan::{Plan, Record};
use crate::record::{
    FinishedRun, MANIFEST, Manifest, Overview, Recorder, Rows, SummaryRow, predicted_size, write_summary,
};
use crate::report::{Progress, Report, grouped};
use crate::spec::{self, Override, Source};
use crate::store::{PARTIAL, ResultsFolder, StagedFile, StoreError};
use kl_sim::comparison::{FALSE_ALARM, Verdict, judge};
use kl_sim::simulation::{Cancel, Engine};
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The names that a misplaced word is compared with.
const VERBS: [&str; 13] = [
    "run",
    "plan",
    "check",
    "report",
    "replay",
    "init",
    "families",
    "estimators",
    "kl",
    "score",
    "summarize",
    "selftest",
    "help",
];

/// Runs every experiment that is named; all are checked before the first begins.
pub fn run(arguments: &RunArguments) -> Result<Outcome, Error> {
    let flags = [&arguments.seed, &arguments.trials, &arguments.sampler].map(Option::as_deref);
    let [seed, trials, sampler] = flags;
    let plans =
        read_plans(&arguments.specs, &overrides(seed, trials, sampler, arguments.record, &arguments.settings)?)?;
    refuse_unless(arguments.allow_commands, &plans)?;
    let runs = Runs {
        engine: Engine::new(arguments.threads.map(usize::from))?,
        sampling: &planned_sampling,
        cancel: interrupt::watch()?,
        quiet: arguments.quiet,
    };
    runs.run(plans, &arguments.out)
}

/// How plans are run.
pub struct Runs<'a> {
    /// The threads.
    pub engine: Engine,
    /// Where sequences come from, normally [`planned_sampling`].
    pub sampling: &'a Sampling<'a>,
    /// How to stop.
    pub cancel: Cancel,
    /// Whether to keep silent.
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
                    say(&format!("not begun: {}\n", printable(&left.join(", "))));
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
        let mut recorder = Recorder::start(plan, |name| folder.stage(name))?;
        let progress = Progress::new(&plan.experiment, plan.symbols(), !self.quiet && std::io::stderr().is_terminal());
        let findings = carry_out(plan, self.sampling, &self.engine, &mut recorder, &self.cancel, &progress)
            .map_err(in_folder(&folder))?;
        drop(progress);
        let verdicts = judged(&findings.measured);
        let run = FinishedRun { plan, measured: &findings.measured, verdicts: &verdicts, failures: &findings.failures };
        let rows = run.rows();
        if !findings.complete {
            drop(recorder);
            say(&told_failures(plan, &findings.failures, None));
            return self.keep_partial(plan, rows, folder);
        }
        let written = publish(&run, recorder, &mut folder)?;
        say(&told_failures(plan, &findings.failures, Some(folder.path())));
        if !self.quiet {
            let done = || format!("the new results in {} are in place", folder.path().display());
            show(&format!("{}\n", Report::new(&Overview::of_plan(plan), rows))).map_err(|error| error.after(done))?;
            say(&format!("wrote {}\n", written_files(plan, &written, &folder)));
        }
        let disagrees = verdicts.contains(&Verdict::Disagree);
        Ok(if disagrees { Outcome::Disagreed } else { Outcome::Agreed })
    }

    /// Results of another spec are about to be replaced: says in which keys it differs.
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

/// Every file read and checked; all mistakes of all files are reported together.
pub(super) fn read_plans(specs: &[PathBuf], overrides: &[Override]) -> Result<Vec<Plan>, Error> {
    if specs.is_empty() {
        return Err(Error::NoSpec);
    }
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut plans = Vec::new();
    let mut mistakes = Vec::new();
    for path in specs {
        let shown = path.display().to_string();
        let name = experiment_name(path)?;
        if let Some(first) = taken.insert(name.clone(), shown.clone()) {
            return Err(Error::SameName { first, second: shown, name });
        }
        if let Some(verb) = misplaced_verb(path) {
            return Err(Error::LooksLikeVerb { word: shown, verb });
        }
        match Source::open(path).and_then(|source| spec::read(&source, &name, overrides)) {
            Ok(plan) => plans.push(Plan { folder: folder_of(path), ..plan }),
            Err(diagnostics) => mistakes.push(diagnostics),
        }
    }
    if mistakes.is_empty() { Ok(plans) } else { Err(Error::Specs(mistakes)) }
}

/// The flags that stand for keys of the file.
pub(super) fn overrides(
    seed: Option<&str>,
    trials: Option<&str>,
    sampler: Option<&str>,
    records: bool,
    settings: &[String],
) -> Result<Vec<Override>, Error> {
    let flags = [("--seed", "seed", seed), ("--trials", "trials", trials), ("--sampler", "sampler", sampler)];
    let given = flags.into_iter().filter_map(|(flag, key, value)| Some(Override::flag(flag, key, value?)));
    let mut overrides: Vec<Override> = given.collect();
    if records {
        overrides.push(Override::flag("--record", "record", Record::Csv.name()));
    }
    for setting in settings {
        overrides.push(Override::assignment("--set", setting).map_err(|mistake| Error::Specs(vec![mistake]))?);
    }
    Ok(overrides)
}

/// Where the file is; of standard input, here.
fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The file's stem names the experiment and its results folder.
fn experiment_name(path: &Path) -> Result<String, Error> {
    if path.as_os_str() == "-" {
        return Ok("stdin".to_owned());
    }
    let nameless = |reason: &str| Error::Nameless { path: path.display().to_string(), reason: reason.to_owned() };
    let stem = path.file_stem().ok_or_else(|| nameless("it has none"))?;
    let stem = stem.to_str().ok_or_else(|| nameless("its name is no text"))?;
    check_name(stem).map_err(|error| nameless(error.rule))?;
    Ok(stem.to_owned())
}

/// A word that is no file but nearly a verb.
fn misplaced_verb(path: &Path) -> Option<&'static str> {
    let word = path.to_str().filter(|word| !word.contains(['/', '.', '\\']) && *word != "-")?;
    if path.exists() { None } else { kl_math::distribution::nearest(word, &VERBS) }
}

fn prepare_folder(plan: &Plan, out: &Path, missing: &[PathBuf]) -> Result<ResultsFolder, StoreError> {
    let folder = ResultsFolder::open(out.join(&plan.experiment), missing)?;
    if plan.record == Record::Csv {
        folder.check_room(predicted_size(plan))?;
    }
    Ok(folder)
}

/// The verdict of each row, under one false-alarm budget.
fn judged(measured: &[Measured]) -> Vec<Verdict> {
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

/// A path as a message shows it.
pub(super) fn shown_path(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn in_folder<E: Into<std::io::Error>>(folder: &ResultsFolder) -> impl FnOnce(E) -> StoreError {
    let path = folder.path().to_owned();
    |error| StoreError::Io { action: "write to", path, source: error.into() }
}
