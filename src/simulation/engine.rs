//! All blocks of a group on all threads, with the same result on any number of them.

use super::block::{BlockOutcome, Cancelled, Run};
use super::control::{Cancel, Meter};
use super::job::{GroupSummary, Job};
use super::path::PathPoint;
use super::sampler::{Blocks, Tally, Trials};
use crate::statistics::TreeMerge;
use rayon::prelude::*;
use std::ops::ControlFlow;

/// What a group leaves.
#[derive(Debug)]
pub struct GroupOutcome {
    /// The summary of the trials that were done: the first ones, without a gap.
    pub summary: GroupSummary,
    /// Running estimates, by trial and length.
    pub paths: Vec<PathPoint>,
    /// Whether all trials were done.
    pub complete: bool,
}

/// Takes the estimates of the next trials, trial by trial, cell by cell.
pub type Record<'a, E> = dyn FnMut(&[f64]) -> Result<(), E> + 'a;

/// Why the engine cannot run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The system gave no threads.
    #[error("cannot start {threads} threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },
}

/// Runs jobs on a fixed set of threads.
pub struct Engine {
    pool: rayon::ThreadPool,
}

/// A task is at most 2⁴ blocks: enough to make sharing out cheap, few enough to be interrupted.
const MAX_LEVEL: u32 = 4;

/// So many tasks a thread are under way in one round.
const TASKS_A_THREAD: u64 = 8;

impl Engine {
    /// An engine on `threads` threads, or on as many as the machine has cores.
    pub fn new(threads: Option<usize>) -> Result<Self, EngineError> {
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map(|pool| Self { pool }).map_err(|source| EngineError::Threads { threads, source })
    }

    /// Runs `work` on the engine's threads.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }

    /// Simulates a group. `record`, if given, is handed the estimates in order of trials, cell by cell, and
    /// can refuse them; of trials that are tallied it hears nothing.
    pub fn run<E>(
        &self,
        job: &Job<'_>,
        trials: &Trials,
        record: Option<&mut Record<'_, E>>,
        cancel: &Cancel,
        meter: &dyn Meter,
    ) -> Result<GroupOutcome, E> {
        match trials {
            Trials::Each(blocks) => self.run_blocks(job, blocks.as_ref(), record, cancel, meter),
            Trials::Tallied(tally) => Ok(self.pool.install(|| run_tally(job, tally.as_ref(), cancel))),
        }
    }

    fn run_blocks<E>(
        &self,
        job: &Job<'_>,
        blocks: &dyn Blocks,
        mut record: Option<&mut Record<'_, E>>,
        cancel: &Cancel,
        meter: &dyn Meter,
    ) -> Result<GroupOutcome, E> {
        let portions = blocks.portions();
        let size = portions.block;
        let records = record.is_some();
        let run = Run { job, empty: job.empty_summary(size), portions, records, cancel, meter };
        let block_count = job.trials.div_ceil(size);
        let threads = self.pool.current_num_threads() as u64;
        // The tree is fixed, so the size of tasks changes no bit. Records are kept until their round ends: few.
        let (level, tasks_a_round) = if records {
            (0, threads)
        } else {
            let share = (block_count / (threads * TASKS_A_THREAD)).max(1);
            (share.ilog2().min(MAX_LEVEL), threads * TASKS_A_THREAD)
        };
        let task = |first: u64| -> Result<BlockOutcome, Cancelled> {
            let mut tree = TreeMerge::new();
            let (mut paths, mut estimates) = (Vec::new(), Vec::new());
            for block in first..(first + (1 << level)).min(block_count) {
                let trials = block * size..((block + 1) * size).min(job.trials);
                let mut sampler = blocks.sampler(block);
                let outcome = run.block(sampler.as_mut(), trials)?;
                tree.push(outcome.summary, 0);
                paths.extend(outcome.paths);
                estimates.extend(outcome.estimates);
            }
            let summary = tree.finish().unwrap_or_else(|| run.empty.clone());
            Ok(BlockOutcome { summary, paths, estimates })
        };

        let mut tree = TreeMerge::new();
        let mut paths = Vec::new();
        let mut next = 0;
        let mut complete = true;
        while next < block_count && complete {
            let round = (0..tasks_a_round).map(|task| next + (task << level)).filter(|&first| first < block_count);
            let firsts: Vec<u64> = round.collect();
            next += tasks_a_round << level;
            let outcomes: Vec<_> = self.pool.install(|| firsts.into_par_iter().map(task).collect());
            for outcome in outcomes {
                let Ok(outcome) = outcome else {
                    complete = false;
                    break;
                };
                if let Some(record) = &mut record {
                    record(&outcome.estimates)?;
                }
                tree.push(outcome.summary, level);
                paths.extend(outcome.paths);
            }
        }
        let mut summary = tree.finish().unwrap_or(run.empty);
        self.pool.install(|| job.settle(&mut summary));
        Ok(GroupOutcome { summary, paths, complete })
    }
}

/// Draws all trials at once and sums them up, some count vectors at a time. An interrupted tally is no sample: then
/// nothing is left.
fn run_tally(job: &Job<'_>, tally: &dyn Tally, cancel: &Cancel) -> GroupOutcome {
    /// So many counts are summed up together.
    const PIECE: usize = 1 << 16;
    let empty = || GroupSummary { cells: job.empty_cells(), tally: None, ..job.empty_summary(0) };
    let mut summary = empty();
    let (mut counts, mut trials) = (Vec::new(), Vec::new());
    let drawn = tally.draw(job.trials, &mut |vector, times| {
        counts.extend_from_slice(vector);
        trials.push(times);
        if counts.len() >= PIECE {
            job.push(&mut summary, &counts, &trials);
            counts.clear();
            trials.clear();
        }
        if cancel.reason().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let complete = drawn.is_continue();
    if complete {
        job.push(&mut summary, &counts, &trials);
    } else {
        summary = empty();
    }
    GroupOutcome { summary, paths: Vec::new(), complete }
}
