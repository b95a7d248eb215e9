//! Pilots of plans whose trials theory does not give.

use super::interrupt;
use super::outcome::Outcome;
use super::programs::refuse_unless;
use super::progress::Progress;
use crate::command::error::Error;
use crate::experiment::{RunContext, run_pilot};
use crate::plan::{PILOT_TRIALS, Plan};
use kl_sim::simulation::{Cancel, Engine};
use std::io::IsTerminal;
use std::ops::ControlFlow;

/// Runs the pilots that `plans` need, so that every number of trials is known; breaks if they are interrupted.
///
/// A user's program is started only if that is `allowed`. All estimators that cannot be had are reported together.
pub(super) fn run_pilots(
    plans: Vec<Plan>,
    allowed: bool,
    engine: &Engine,
    cancel: &Cancel,
) -> Result<ControlFlow<Outcome, Vec<Plan>>, Error> {
    refuse_unless(allowed, plans.iter().filter(|plan| starts_programs(plan)))?;
    let (mut known, mut errors) = (Vec::with_capacity(plans.len()), Vec::new());
    for mut plan in plans {
        let progress =
            Progress::new(&format!("{} (pilot)", plan.experiment), symbols(&plan), std::io::stderr().is_terminal());
        match run_pilot(&mut plan, RunContext { engine, cancel, meter: &progress }) {
            Some(Ok(())) => known.push(plan),
            Some(Err(others)) => errors.extend(others),
            None => return Ok(ControlFlow::Break(interrupt::outcome(cancel))),
        }
    }
    if errors.is_empty() { Ok(ControlFlow::Continue(known)) } else { Err(Error::Pilots(errors)) }
}

/// Whether the pilot of a plan starts a user's program.
fn starts_programs(plan: &Plan) -> bool {
    let estimators = plan.pilot.pending().iter().filter_map(|&(_, place)| plan.estimators.get(place));
    estimators.into_iter().any(|estimator| estimator.program().is_some_and(|program| program.command().is_some()))
}

/// About how many symbols a pilot draws.
fn symbols(plan: &Plan) -> u128 {
    let mut conditions: Vec<usize> = plan.pilot.pending().iter().map(|&(condition, _)| condition).collect();
    conditions.dedup();
    let lengths = conditions.iter().filter_map(|&place| plan.conditions.get(place));
    lengths.map(|condition| u128::from(condition.n) * u128::from(PILOT_TRIALS)).sum()
}
