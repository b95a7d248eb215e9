//! `runner check`: committed results against a rerun, and fresh trials against theory.

use super::programs::refuse_unless;
use super::run::{Runs, overrides, read_plans, shown_path};
use super::{Outcome, interrupt, say, show, show_json};
use crate::check::{
    Baseline, Check, CheckVerdict, CommittedLaws, FreshTrials, Protocol, Schedule, compare_folders, fresh_seed,
    fresh_trials,
};
use crate::cli::{CheckArguments, Layer};
use crate::error::Error;
use crate::experiment::{RunContext, planned_sampling};
use crate::outside::open_file;
use crate::plan::Plan;
use crate::report::{CheckReport, Progress, junit_xml};
use crate::store::write_file;
use kl_sim::simulation::{Cancel, Engine};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Checks every experiment that is named, or all there are.
pub(super) fn check(arguments: &CheckArguments) -> Result<Outcome, Error> {
    let specs = specs(arguments)?;
    let plans = read_plans(&specs, &overrides(None, None, None, false, &arguments.settings)?)?;
    refuse_unless(arguments.allow_commands, &plans)?;
    let runs = Runs {
        engine: Engine::new(arguments.threads.map(usize::from))?,
        sampling: &planned_sampling,
        cancel: interrupt::watch()?,
        quiet: true,
    };
    let bytes = match arguments.only {
        Some(Layer::Law) => plans.iter().map(|_| None).collect(),
        _ => compare_all(&runs, &plans, &arguments.out)?,
    };
    let tests = match arguments.only {
        Some(Layer::Bytes) => plans.iter().map(|_| None).collect(),
        _ => try_all(&runs, &plans, arguments)?,
    };
    if let Some(signal) = reason(&runs.cancel) {
        return Ok(Outcome::Interrupted(signal));
    }
    let check = runs.engine.install(|| Check::judge(plans, bytes, tests));
    let files: Vec<String> = specs.iter().map(|path| path.display().to_string()).collect();
    let report = CheckReport { check: &check, results: &arguments.out, files: &files };
    if let Some(path) = &arguments.junit {
        let xml = junit_xml(&check, &files).map_err(|error| Error::Junit(error.to_string()))?;
        write_file(path, &xml).map_err(|source| Error::Write { name: path.display().to_string(), source })?;
    }
    let verdict = check.verdict();
    if arguments.json {
        show_json(&format!("{:#}\n", report.json()))?;
    } else if !arguments.quiet || verdict != CheckVerdict::Pass {
        show(&report.to_string())?;
    }
    if arguments.update {
        return update(&runs, check, arguments);
    }
    Ok(match verdict {
        CheckVerdict::Pass => Outcome::Agreed,
        CheckVerdict::Regressed => Outcome::Disagreed,
        CheckVerdict::Changed => Outcome::Changed,
        CheckVerdict::Inconclusive => Outcome::Inconclusive,
    })
}

/// The files that are named, or all in `experiments/`.
fn specs(arguments: &CheckArguments) -> Result<Vec<PathBuf>, Error> {
    const FOLDER: &str = "experiments";
    if !arguments.specs.is_empty() {
        return Ok(arguments.specs.clone());
    }
    let unreadable = |source| Error::Input { name: FOLDER.to_owned(), source };
    let entries = std::fs::read_dir(FOLDER).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut specs = paths.map_err(unreadable)?;
    specs.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    // Nobody has named these by hand: a pipe among them would be waited for.
    for path in &specs {
        open_file(path).map_err(|source| Error::Input { name: path.display().to_string(), source })?;
    }
    specs.sort();
    Ok(specs)
}

/// Every plan is run with its own seed into a folder of its own, and the files are compared.
fn compare_all(runs: &Runs<'_>, plans: &[Plan], committed: &Path) -> Result<Vec<Option<Baseline>>, Error> {
    let temporary = |source| Error::Write { name: "a temporary folder".to_owned(), source };
    let fresh = tempfile::tempdir().map_err(temporary)?;
    let mut found = Vec::with_capacity(plans.len());
    for plan in plans {
        if runs.run(vec![plan.clone()], fresh.path())? == Outcome::Stopped {
            return Err(Error::Stopped);
        }
        if runs.cancel.reason().is_some() {
            break;
        }
        let name = &plan.experiment;
        found.push(Some(compare_folders(&committed.join(name), &fresh.path().join(name)).map_err(temporary)?));
    }
    Ok(found)
}

/// The tests of fresh trials of every plan, with their seeds; short if the check was interrupted.
fn try_all(runs: &Runs<'_>, plans: &[Plan], arguments: &CheckArguments) -> Result<Vec<Option<FreshTrials>>, Error> {
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

fn reason(cancel: &Cancel) -> Option<u8> {
    cancel.reason().map(|reason| u8::try_from(reason).unwrap_or_default())
}

/// Takes what differs for the new baseline.
fn update(runs: &Runs<'_>, check: Check, arguments: &CheckArguments) -> Result<Outcome, Error> {
    let is_other =
        |bytes: &Option<Baseline>| bytes.as_ref().is_some_and(|bytes| !matches!(bytes, Baseline::Same { .. }));
    let others = check.experiments.into_iter().filter(|experiment| is_other(&experiment.bytes));
    let plans: Vec<Plan> = others.map(|experiment| experiment.plan).collect();
    let names: Vec<String> = plans.iter().map(|plan| shown_path(&arguments.out.join(&plan.experiment))).collect();
    let outcome = runs.run(plans, &arguments.out)?;
    if !arguments.quiet {
        let told =
            if names.is_empty() { "nothing to update".to_owned() } else { format!("updated {}", names.join(", ")) };
        say(&format!("{told}\n"));
    }
    Ok(outcome)
}
