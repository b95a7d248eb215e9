//! `runner shard SPEC --part K/M`: one part of a run, anywhere.

use crate::command::error::Error;
use crate::command::flags::Checkpoints;
use crate::command::interrupt;
use crate::command::outcome::Outcome;
use crate::command::output::{say, shown_path};
use crate::command::programs::describe_failures;
use crate::command::progress::Progress;
use crate::command::start::{CutPlan, StartFlags, Starts};
use crate::experiment::{Encoding, PartOutcome, RunContext, carry_out_part, planned_sampling};
use crate::outside::printable;
use crate::plan::{BlockRow, PartNumber, Place, Plan, Record};
use crate::record::trial_encoding;
use crate::store::{PartState, PartsFolder};
use clap::Args;
use std::io::IsTerminal;
use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    the part is done, or was before
  2    could not run: a mistake in the input, a failure of the machine, a part of another spec in its place, or a program named in an experiment file that failed too often
  130  interrupted (Ctrl-C); what is done is saved, and the same command goes on from there
  143  terminated, or 129 if the terminal was closed; the same";

/// Do one part of a run, to be merged with the others
///
/// The parts of a run can be done at any time, in any order, on any machine: `runner merge` puts them together to what one run would have
/// written, byte for byte. A part that is done is not done again; one that was interrupted goes on from its last checkpoint.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// The experiment file (`-` for standard input)
    #[arg(value_name = "SPEC")]
    spec: PathBuf,

    /// Which part of how many, such as 3/100
    #[arg(long, value_name = "K/M")]
    part: PartNumber,

    /// Folder for the parts, which go to DIR/NAME/K-of-M.part
    #[arg(long, value_name = "DIR", default_value = "parts")]
    out: PathBuf,

    #[command(flatten)]
    checkpoints: Checkpoints,

    #[command(flatten)]
    start: StartFlags,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

impl Arguments {
    /// Does the part, unless it is done.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let cut = match self.start.ready_to_cut(&self.spec, Starts::Programs)? {
            ControlFlow::Continue(ready) => ready,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let wanted = cut.row.part(self.part);
        let folder = PartsFolder::new(&self.out, &cut.plan.experiment);
        folder.make()?;
        let found = folder.state(self.part, &wanted, &cut.identity).map_err(|fault| Error::Parts(vec![fault]))?;
        let (state, notes) = found;
        notes.iter().for_each(|note| self.tell(&format!("note: {note}")));
        match &state {
            PartState::Done => {
                self.tell(&format!("{} is done already", shown_path(&folder.part(self.part))));
                return Ok(Outcome::Agreed);
            }
            PartState::Begun(_) => self.tell(&format!("note: part {} goes on from its last checkpoint", self.part)),
            PartState::Absent => {}
        }
        self.work(cut, &wanted, &folder, state)
    }

    /// Does what is not done of the part.
    fn work(
        &self,
        cut: CutPlan,
        wanted: &Range<Place>,
        folder: &PartsFolder,
        state: PartState,
    ) -> Result<Outcome, Error> {
        let CutPlan { plan, row, identity, engine, cancel } = cut;
        let encoding: Option<Encoding> = (plan.record == Record::Csv).then_some(trial_encoding);
        let interval = self.checkpoints.interval();
        let (mut checkpoint, mut segments) = folder.begin((self.part, wanted), identity, state, interval, encoding)?;
        let progress = Progress::new(&self.name(&plan), symbols(&plan, &row, wanted), self.shows_progress());
        let run = RunContext { engine: &engine, cancel: &cancel, meter: &progress };
        let worked = carry_out_part(&mut checkpoint, &plan, wanted, &planned_sampling, run, &mut segments);
        drop(progress);
        match worked.map_err(folder.cannot_write())? {
            PartOutcome::Done => {
                let path = folder.publish(self.part, wanted.end, checkpoint, segments)?;
                self.tell(&format!("wrote {}", shown_path(&path)));
                Ok(Outcome::Agreed)
            }
            PartOutcome::Cancelled => {
                checkpoint.save_due(&mut segments).map_err(folder.cannot_write())?;
                let saved = shown_path(&folder.unfinished(self.part));
                say(&format!("interrupted: what is done is saved in {saved}; the same command goes on from there\n"));
                Ok(interrupt::outcome(&cancel))
            }
            PartOutcome::Stopped(failures) => {
                // What the program did before is of no use once it is corrected.
                checkpoint.remove();
                say(&describe_failures(&plan, &failures, None));
                Ok(Outcome::Stopped)
            }
        }
    }

    fn tell(&self, text: &str) {
        if !self.quiet {
            say(&format!("{text}\n"));
        }
    }

    fn name(&self, plan: &Plan) -> String {
        format!("{} {}", printable(&plan.experiment), self.part)
    }

    fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }
}

/// How many symbols the blocks of a part have.
fn symbols(plan: &Plan, row: &BlockRow, wanted: &Range<Place>) -> u128 {
    let groups = plan.groups();
    let of = |index: usize| {
        let group = groups.get(index)?;
        let (blocks, all) = (Place::blocks(wanted, index, row.blocks(index)), row.blocks(index).max(1));
        let symbols = u128::from(group.n) * u128::from(group.trials);
        Some(symbols / u128::from(all) * u128::from(blocks.end - blocks.start))
    };
    Place::groups(wanted).filter_map(of).sum()
}
