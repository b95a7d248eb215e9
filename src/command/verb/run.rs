//! `runner run SPEC…`: from experiment files to results folders.

use crate::command::error::Error;
use crate::command::flags::{Checkpoints, Results};
use crate::command::outcome::Outcome;
use crate::command::runs::Runs;
use crate::command::start::{Ready, StartFlags, Starts};
use crate::experiment::planned_sampling;
use clap::Args;
use std::ops::ControlFlow;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and every estimate agrees with theory
  1    done, and some estimate disagrees with theory
  2    could not run: a mistake in the input, a failure of the machine, or a program named in an experiment file that failed too often; earlier results are unchanged
  130  interrupted (Ctrl-C); finished conditions are in summary.partial.csv, and --resume goes on with a run that took over 10 s
  143  terminated, or 129 if the terminal was closed; the same";

/// Run experiments (the verb may be left out)
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Experiment files (`-` for standard input)
    #[arg(value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,

    #[command(flatten)]
    start: StartFlags,

    /// Go on from the last checkpoint of a run that was interrupted
    #[arg(long)]
    resume: bool,

    #[command(flatten)]
    checkpoints: Checkpoints,

    #[command(flatten)]
    results: Results,
}

impl Arguments {
    /// Runs every experiment that is named; all are checked before the first begins.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let Ready { plans, engine, cancel } = match self.start.ready(&self.specs, Starts::Programs)? {
            ControlFlow::Continue(ready) => ready,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let runs = Runs {
            engine,
            sampling: &planned_sampling,
            cancel,
            quiet: self.results.quiet,
            json: self.results.json.json,
            overwrite: self.results.overwrite(),
            interval: self.checkpoints.interval(),
            resume: self.resume,
        };
        runs.run(plans, &self.results.out)
    }
}
