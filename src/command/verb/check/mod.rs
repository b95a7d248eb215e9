//! `runner check`: committed results against a rerun, and fresh trials against theory.

mod saved_trials;

use crate::check::{
    Baseline, Check, CheckVerdict, CommittedLaws, FreshTrials, Protocol, Schedule, Tolerated, compare_folders,
    fresh_seed, fresh_trials,
};
use crate::command::annotations::Annotations;
use crate::command::error::Error;
use crate::command::flags::{Json, Permission, Settings, Threads};
use crate::command::interrupt;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_document, shown_path};
use crate::command::pilots::run_pilots;
use crate::command::plans::read_plans;
use crate::command::programs::refuse_unless;
use crate::command::progress::Progress;
use crate::command::runs::{Overwrite, Runs};
use crate::experiment::{RunContext, planned_sampling};
use crate::outside::open_file;
use crate::plan::Plan;
use crate::record::ResultsReader;
use crate::report::{CheckReport, junit_xml};
use crate::store::{Interval, write_file};
use clap::{Args, ValueEnum};
use kl_sim::simulation::Cancel;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

const EXIT_CODES: &str = "\
Exit codes; if several apply, the first of 2, 1, 3, 4:
  0    everything is as it should be
  1    regressed: a committed result changed, or fresh trials disagree with theory
  2    could not run: a mistake in the input, or a failure of the machine
  3    changed: the committed results have another spec or stream version, or there are none
  4    inconclusive: the fresh trials are too few to detect a bias that [check] in the file requires
  130  interrupted (Ctrl-C)";

/// Compare committed results with a rerun, and fresh trials with theory
#[derive(Args, Clone, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Experiment files [default: all in experiments/], or folders that `runner summarize --save` wrote
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,

    /// Folder of the committed results, which are in DIR/NAME/
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,

    /// Text that the seed of the fresh trials is derived from, such as a commit; each text gives other trials
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    fresh: String,

    /// Test the fresh trials at several interim analyses and stop once the answer is clear; the error rates are the same
    #[arg(long)]
    anytime: bool,

    /// Check one layer only
    #[arg(long, value_name = "LAYER")]
    only: Option<Layer>,

    /// Accept the differences: rerun the experiments that differ into the committed results
    #[arg(long, conflicts_with = "only")]
    update: bool,

    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    permission: Permission,

    #[command(flatten)]
    threads: Threads,

    /// Write JUnit XML, with a test case for each test
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Print the table in Markdown, for the summary of a step
    #[arg(long, conflicts_with = "json")]
    markdown: bool,

    #[command(flatten)]
    annotations: Annotations,

    #[command(flatten)]
    json: Json,

    /// Print nothing if nothing differs
    #[arg(long, short)]
    quiet: bool,
}

/// A layer of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Layer {
    /// Committed results against a rerun.
    Bytes,
    /// Fresh trials against theory.
    Law,
}

impl Arguments {
    /// Checks every experiment that is named, or all there are.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        self.check().inspect_err(|error| self.annotations.show_error(error))
    }

    fn check(&self) -> Result<Outcome, Error> {
        let saved = self.saved_trials()?;
        if !saved.is_empty() {
            return self.check_saved(&saved);
        }
        let specs = self.specs()?;
        let plans = read_plans(&specs, &self.settings.overrides()?)?;
        refuse_unless(self.permission.allow_commands, &plans)?;
        let (engine, cancel) = (self.threads.engine()?, interrupt::watch()?);
        let plans = match run_pilots(plans, self.permission.allow_commands, &engine, &cancel)? {
            ControlFlow::Continue(plans) => plans,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let runs = Runs {
            engine,
            sampling: &planned_sampling,
            cancel,
            quiet: true,
            json: false,
            overwrite: Overwrite::Accepted,
            interval: Interval::DEFAULT,
            resume: false,
        };
        let bytes = match self.only {
            Some(Layer::Law) => plans.iter().map(|_| None).collect(),
            _ => compare_all(&runs, &plans, &self.out)?,
        };
        let tests = match self.only {
            Some(Layer::Bytes) => plans.iter().map(|_| None).collect(),
            _ => try_all(&runs, &plans, self)?,
        };
        if let Some(signal) = signal(&runs.cancel) {
            return Ok(Outcome::Interrupted(signal));
        }
        let check = runs.engine.install(|| Check::judge(plans, bytes, tests));
        let files: Vec<String> = specs.iter().map(|path| path.display().to_string()).collect();
        let report = CheckReport { check: &check, results: &self.out, files: &files };
        if let Some(path) = &self.junit {
            let xml = junit_xml(&check, &files).map_err(|error| Error::Junit(error.to_string()))?;
            write_file(path, &xml).map_err(|source| Error::Write { name: path.display().to_string(), source })?;
        }
        let verdict = check.verdict();
        self.annotations.show(|| report.annotations());
        if self.markdown {
            show_document(&report.markdown())?;
        } else if self.json.json || !self.quiet || verdict != CheckVerdict::Pass {
            self.json.print(|| report.json(), &report)?;
        }
        if self.update {
            return update(&runs, check, self);
        }
        Ok(match verdict {
            CheckVerdict::Pass => Outcome::Agreed,
            CheckVerdict::Regressed => Outcome::Disagreed,
            CheckVerdict::Changed => Outcome::Changed,
            CheckVerdict::Inconclusive => Outcome::Inconclusive,
        })
    }

    /// The files that are named, or all in `experiments/`.
    fn specs(&self) -> Result<Vec<PathBuf>, Error> {
        const FOLDER: &str = "experiments";
        if !self.specs.is_empty() {
            return Ok(self.specs.clone());
        }
        let unreadable = |source| Error::Input { name: FOLDER.to_owned(), source };
        let entries = std::fs::read_dir(FOLDER).map_err(unreadable)?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
        let mut specs = paths.map_err(unreadable)?;
        specs.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        // The user did not name these files: a pipe among them must not block the command.
        for path in &specs {
            open_file(path).map_err(|source| Error::Input { name: path.display().to_string(), source })?;
        }
        specs.sort();
        Ok(specs)
    }
}

/// Runs every plan with its own seed into a temporary folder, and compares the files.
fn compare_all(runs: &Runs<'_>, plans: &[Plan], committed: &Path) -> Result<Vec<Option<Baseline>>, Error> {
    let temporary = |source| Error::Write { name: "a temporary folder".to_owned(), source };
    let fresh = tempfile::tempdir().map_err(temporary)?;
    let mut found = Vec::with_capacity(plans.len());
    for plan in plans {
        let (mut plan, name) = (plan.clone(), &plan.experiment);
        // Trials that were recorded by a flag are compared as well.
        let reader = ResultsReader::open(&committed.join(name));
        if reader.is_ok_and(|reader| reader.manifest().also_records(&plan)) {
            plan.record_trials();
        }
        if runs.run(vec![plan.clone()], fresh.path())? == Outcome::Stopped {
            return Err(Error::Stopped);
        }
        if runs.cancel.reason().is_some() {
            break;
        }
        let rerun = fresh.path().join(name);
        let tolerated = Tolerated::of(&plan, &rerun);
        let compared = compare_folders(&committed.join(name), &rerun, tolerated.as_ref());
        found.push(Some(compared.map_err(temporary)?));
    }
    Ok(found)
}

/// Tests fresh trials of every plan. The list is shorter if the check is interrupted.
fn try_all(runs: &Runs<'_>, plans: &[Plan], arguments: &Arguments) -> Result<Vec<Option<FreshTrials>>, Error> {
    let schedule = if arguments.anytime { Schedule::anytime(plans) } else { Schedule::Once };
    let mut tests = Vec::with_capacity(plans.len());
    for plan in plans {
        let seed = fresh_seed(plan.seed, &arguments.fresh);
        let plan = Plan { seed, ..plan.clone() };
        let progress = Progress::new(&plan.experiment, plan.symbols(), std::io::stderr().is_terminal());
        let run = RunContext { engine: &runs.engine, cancel: &runs.cancel, meter: &progress };
        let committed = CommittedLaws::read(&arguments.out.join(&plan.experiment), &plan);
        let protocol = Protocol { schedule, committed: committed.as_ref() };
        match fresh_trials(&plan, protocol, runs.sampling, run) {
            Some(found) => tests.push(Some(found)),
            None if runs.cancel.reason().is_none() => return Err(Error::Stopped),
            None => break,
        }
    }
    Ok(tests)
}

fn signal(cancel: &Cancel) -> Option<u8> {
    cancel.reason().map(|reason| u8::try_from(reason).unwrap_or_default())
}

/// Runs what differs into the committed results.
fn update(runs: &Runs<'_>, check: Check, arguments: &Arguments) -> Result<Outcome, Error> {
    let is_other =
        |bytes: &Option<Baseline>| bytes.as_ref().is_some_and(|bytes| !matches!(bytes, Baseline::Same { .. }));
    let others = check.experiments.into_iter().filter(|experiment| is_other(&experiment.bytes));
    let plans: Vec<Plan> = others.map(|experiment| experiment.plan).collect();
    let names: Vec<String> = plans.iter().map(|plan| shown_path(&arguments.out.join(&plan.experiment))).collect();
    let outcome = runs.run(plans, &arguments.out)?;
    if !arguments.quiet {
        let text =
            if names.is_empty() { "nothing to update".to_owned() } else { format!("updated {}", names.join(", ")) };
        say(&format!("{text}\n"));
    }
    Ok(outcome)
}
