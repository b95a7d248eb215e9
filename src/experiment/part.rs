//! A part of a plan carried out: simulated, and not judged.

use super::group::AtWork;
use super::sink::Sink;
use super::supply::Supply;
use super::{Failures, RunContext, Sampling};
use crate::plan::{Place, Plan};
use std::ops::Range;

/// How the work on a part ended.
#[derive(Clone, Debug)]
pub enum PartOutcome {
    /// All of it is done.
    Done,
    /// The run was cancelled.
    Cancelled,
    /// A program of the user's own failed too often.
    Stopped(Vec<Failures>),
}

/// Carries out the blocks of `plan` in a range of places.
pub fn carry_out_part<S: Sink, Y: Supply<S>>(
    supply: &mut Y,
    plan: &Plan,
    range: &Range<Place>,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
    sink: &mut S,
) -> Result<PartOutcome, Y::Error> {
    let groups = plan.groups();
    for index in Place::groups(range) {
        let Some(group) = groups.get(index) else { break };
        let worked: Option<Result<_, Y::Error>> =
            AtWork::with(plan, (index, group), sampling, run, sink.encoding(), |at_work| {
                let (part, complete) = supply.blocks(at_work, Place::blocks(range, index, at_work.blocks()), sink)?;
                at_work.close();
                if at_work.is_stopped() {
                    let summary = run.engine.outcome(&at_work.simulation(), part, false).summary;
                    return Ok(PartOutcome::Stopped(at_work.failures(&summary)));
                }
                Ok(if complete { PartOutcome::Done } else { PartOutcome::Cancelled })
            });
        match worked.unwrap_or(Ok(PartOutcome::Cancelled))? {
            PartOutcome::Done => {}
            other => return Ok(other),
        }
    }
    Ok(PartOutcome::Done)
}
