//! `runner merge SPEC --parts DIR`: the parts of a run, put together and judged.

use crate::command::error::Error;
use crate::command::flags::Results;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show_data};
use crate::command::runs::Runs;
use crate::command::start::{CutPlan, StartFlags, Starts};
use crate::experiment::planned_sampling;
use crate::plan::MOST_PARTS;
use crate::store::{Gathered, Interval, PartFault, PartsFolder};
use clap::Args;
use std::num::NonZeroU32;
use std::ops::ControlFlow;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    merged, and every estimate agrees with theory; with --missing, whatever is missing
  1    merged, and some estimate disagrees with theory
  2    could not merge: parts are missing, unfinished, damaged or of something else (all are listed), or a mistake in the input; nothing is written
  130  interrupted (Ctrl-C), 143 terminated, 129 if the terminal was closed; nothing is written";

/// Put the parts of a run together to what one run would have written
#[derive(Args, Clone, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// The experiment file (`-` for standard input)
    #[arg(value_name = "SPEC")]
    spec: PathBuf,

    /// Folder of the parts, which are in DIR/NAME/
    #[arg(long, value_name = "DIR", default_value = "parts")]
    parts: PathBuf,

    /// Print which parts are missing, as `5,9-12`, and merge nothing
    #[arg(long)]
    missing: bool,

    /// How many parts there are to be, where the files do not say it
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PARTS)))]
    of: Option<u32>,

    #[command(flatten)]
    start: StartFlags,

    #[command(flatten)]
    results: Results,
}

/// With --missing at most this many faults are told.
const SHOWN: usize = 5;

impl Arguments {
    /// Merges the parts, or says all that is wrong with them.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let CutPlan { plan, row, identity, engine, cancel } =
            match self.start.ready_to_cut(&self.spec, Starts::Nothing)? {
                ControlFlow::Continue(ready) => ready,
                ControlFlow::Break(interrupted) => return Ok(interrupted),
            };
        let folder = PartsFolder::new(&self.parts, &plan.experiment);
        let Gathered { parts, missing, faults, notes } =
            engine.install(|| folder.gather(&identity, &row, self.of.and_then(NonZeroU32::new)))?;
        if !self.results.quiet {
            notes.iter().for_each(|note| say(&format!("note: {note}\n")));
        }
        if self.missing {
            let Some(missing) = missing else { return Err(Error::Parts(faults)) };
            // A task that makes such a part again would fail again.
            let others: Vec<PartFault> = faults.into_iter().filter(|fault| !fault.is_absence()).collect();
            others.iter().take(SHOWN).for_each(|fault| say(&format!("note: {fault}\n  help: {}\n", fault.help())));
            if others.len() > SHOWN {
                say(&format!(
                    "and {} more like these: `runner merge` without --missing lists all\n",
                    others.len() - SHOWN
                ));
            }
            if !missing.is_empty() {
                show_data(&format!("{missing}\n"))?;
            }
            return Ok(Outcome::Agreed);
        }
        let Some(parts) = parts else { return Err(Error::Parts(faults)) };
        let runs = Runs {
            engine,
            sampling: &planned_sampling,
            cancel,
            quiet: self.results.quiet,
            json: self.results.json.json,
            overwrite: self.results.overwrite(),
            interval: Interval::DEFAULT,
            resume: false,
        };
        runs.merge(plan, parts, &self.results.out)
    }
}
