//! From files and flags to plans that are ready to be carried out.

use super::flags::{Drawing, Permission, Settings, Threads, Trials};
use super::interrupt;
use super::outcome::Outcome;
use super::pilots::run_pilots;
use super::plans::read_plans;
use super::programs::refuse_unless;
use crate::command::error::Error;
use crate::experiment::planned_sampling;
use crate::experiment_file::Override;
use crate::plan::{BlockRow, Plan};
use crate::store::Identity;
use clap::Args;
use kl_sim::simulation::{Cancel, Engine};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The flags of every verb that carries plans out, or parts of them.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct StartFlags {
    #[command(flatten)]
    drawing: Drawing,

    #[command(flatten)]
    trials: Trials,

    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    permission: Permission,

    #[command(flatten)]
    threads: Threads,
}

/// Whether users' programs will be started to make estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starts {
    /// They will: without permission the plans are refused.
    Programs,
    /// They will not, but for pilots.
    Nothing,
}

/// Plans whose numbers of trials are known, and what carries them out.
pub(super) struct Ready {
    pub(super) plans: Vec<Plan>,
    pub(super) engine: Engine,
    pub(super) cancel: Cancel,
}

/// A plan that is cut into parts.
pub(super) struct CutPlan {
    pub(super) plan: Plan,
    pub(super) row: BlockRow,
    /// What its parts are of.
    pub(super) identity: Identity,
    pub(super) engine: Engine,
    pub(super) cancel: Cancel,
}

impl StartFlags {
    /// What the flags set in place of the file.
    pub(super) fn overrides(&self) -> Result<Vec<Override>, Error> {
        Ok([self.trials.overrides(), self.drawing.overrides(), self.settings.overrides()?].concat())
    }

    /// Whether programs may be started.
    pub(super) fn allows_commands(&self) -> bool {
        self.permission.allow_commands
    }

    /// Reads and checks all files, before anything runs but pilots; breaks if these are interrupted.
    pub(super) fn ready(&self, specs: &[PathBuf], starts: Starts) -> Result<ControlFlow<Outcome, Ready>, Error> {
        let plans = read_plans(specs, &self.overrides()?)?;
        let allowed = self.permission.allow_commands;
        refuse_unless(allowed || starts == Starts::Nothing, &plans)?;
        let (engine, cancel) = (self.threads.engine()?, interrupt::watch()?);
        Ok(match run_pilots(plans, allowed, &engine, &cancel)? {
            ControlFlow::Continue(plans) => ControlFlow::Continue(Ready { plans, engine, cancel }),
            ControlFlow::Break(interrupted) => ControlFlow::Break(interrupted),
        })
    }

    /// The same of one file, with the row of its blocks.
    pub(super) fn ready_to_cut(&self, spec: &Path, starts: Starts) -> Result<ControlFlow<Outcome, CutPlan>, Error> {
        let Ready { plans, engine, cancel } = match self.ready(&[spec.to_owned()], starts)? {
            ControlFlow::Continue(ready) => ready,
            ControlFlow::Break(interrupted) => return Ok(ControlFlow::Break(interrupted)),
        };
        let plan = plans.into_iter().next().ok_or(Error::NoSpec)?;
        let row = engine.install(|| BlockRow::of(&plan, planned_sampling));
        let identity = Identity::new(&plan, Some(&row));
        Ok(ControlFlow::Continue(CutPlan { plan, row, identity, engine, cancel }))
    }
}
