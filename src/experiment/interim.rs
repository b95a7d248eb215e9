//! Trials that are analysed while they are drawn.

use super::group::AtWork;
use super::{ResultRow, RunContext, Sampling, compare};
use crate::plan::{Group, Plan};
use kl_sim::simulation::{GroupPart, GroupSummary, Job, Trials};
use std::ops::ControlFlow;

/// Analyses the trials of a group while they are drawn.
pub trait InterimAnalysis {
    /// The numbers of trials at which to analyse, ascending; the last one is the number of all trials of the job.
    ///
    /// `block` is the number of trials of a block: each analysis but the last must be at the end of a block. Without blocks,
    /// there can be only the last one.
    fn times(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64>;

    /// Analyses the first `trials` trials, compared with theory; may stop the sampling.
    fn analyse(
        &mut self,
        job: &Job<'_>,
        trials: u64,
        summary: &GroupSummary,
        measured: &[ResultRow],
    ) -> ControlFlow<()>;
}

/// Runs one group of `plan` with interim analyses; no trial is drawn twice. Returns whether the run was completed: a cancelled
/// run is not analysed.
pub fn run_with_interim_analyses(
    plan: &Plan,
    group: &Group,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
    analysis: &mut dyn InterimAnalysis,
) -> bool {
    let RunContext { engine, cancel, .. } = run;
    let worked = AtWork::with(plan, (0, group), sampling, run, None, |at_work| {
        let simulation = at_work.simulation();
        let job = simulation.job;
        let block = match simulation.trials {
            Trials::Each(blocks) => Some(blocks.sizes().block),
            Trials::Tallied(_) => None,
        };
        let mut part = GroupPart::new(0);
        for end in analysis.times(job, block) {
            let Ok(true) = engine.extend(&simulation, &mut part, simulation.trials.blocks(end), &mut ()) else {
                return false;
            };
            let summary = engine.outcome(&simulation, part.clone(), true).summary;
            let mut measured = Vec::with_capacity(job.estimations.len());
            engine.install(|| compare(job, &summary, (plan, cancel), &mut measured));
            if cancel.reason().is_some() {
                return false;
            }
            if analysis.analyse(job, end, &summary, &measured).is_break() {
                break;
            }
        }
        at_work.close();
        !at_work.is_stopped()
    });
    worked.unwrap_or(false)
}
