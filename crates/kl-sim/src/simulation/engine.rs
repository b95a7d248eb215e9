//! All blocks of a group on all threads, with the same result on any number of them.

use super::block::{BlockOutcome, Cancelled, Keep, Run};
use super::control::{Cancel, Meter};
use super::job::{GroupSummary, Job};
use super::path::PathPoint;
use super::sampler::{Blocks, Tally, Trials};
use kl_math::statistics::TreeMerge;
use rayon::prelude::*;
use std::ops::ControlFlow;

/// The results of a group.
#[derive(Debug)]
pub struct GroupOutcome {
    /// The summary of the trials that were done: the first ones, without a gap.
    pub summary: GroupSummary,
    /// Running estimates, by trial and length.
    pub paths: Vec<PathPoint>,
    /// Whether all trials were done.
    pub complete: bool,
}

/// Encodes the estimates of the trials from the given one on, trial by trial, as text; on any thread.
pub type Encode<'a> = dyn Fn(u64, &[f64], &mut Vec<u8>) + Sync + 'a;

/// Records the estimates of every trial.
pub struct Recording<'a, E> {
    /// Turns them into text.
    pub encode: &'a Encode<'a>,
    /// Receives the text, in order of the trials, and can refuse it.
    pub write: &'a mut (dyn FnMut(&[u8]) -> Result<(), E> + Send),
}

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

/// A task is at most 2⁴ blocks: large enough to distribute cheaply, small enough to be interrupted.
const MAX_LEVEL: u32 = 4;

/// The number of tasks of each thread in one round.
const TASKS_A_THREAD: u64 = 8;

impl Engine {
    /// An engine on `threads` threads, or on as many as the machine has cores.
    pub fn new(threads: Option<usize>) -> Result<Self, EngineError> {
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map(|pool| Self { pool }).map_err(|source| EngineError::Threads { threads, source })
    }

    /// How many threads it has.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Runs `work` on the engine's threads.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }

    /// Simulates a group. Tallied trials are not recorded.
    pub fn run<E: Send>(
        &self,
        job: &Job<'_>,
        trials: &Trials,
        recording: Option<Recording<'_, E>>,
        cancel: &Cancel,
        meter: &dyn Meter,
    ) -> Result<GroupOutcome, E> {
        let blocks = match trials {
            Trials::Each(blocks) => blocks.as_ref(),
            Trials::Tallied(tally) => return Ok(self.pool.install(|| run_tally(job, tally.as_ref(), cancel))),
        };
        let sizes = blocks.sizes();
        let external = job.estimations.iter().filter_map(|estimation| estimation.by.external()).collect();
        let run = Run { job, empty: job.empty_summary(sizes.block), sizes, external, cancel, meter };
        let merged = match recording {
            None => self.run_blocks(&run, blocks, None, &mut |_| Ok(()))?,
            Some(Recording { encode, write }) if run.rows_a_block() <= ROWS_A_BLOCK => {
                self.run_blocks(&run, blocks, Some(encode), write)?
            }
            Some(recording) => self.pool.install(|| stream_blocks(&run, blocks, recording))?,
        };
        let mut summary = merged.tree.finish().unwrap_or(run.empty);
        self.pool.install(|| job.settle(&mut summary));
        Ok(GroupOutcome { summary, paths: merged.paths, complete: merged.complete })
    }

    /// Runs all blocks on all threads. The results of a round are merged while the next one runs.
    fn run_blocks<E: Send>(
        &self,
        run: &Run<'_>,
        blocks: &dyn Blocks,
        encode: Option<&Encode<'_>>,
        write: &mut (dyn FnMut(&[u8]) -> Result<(), E> + Send),
    ) -> Result<Merged, E> {
        let all = run.blocks();
        let threads = self.pool.current_num_threads() as u64;
        // The tree is fixed, so the size of tasks changes no bit. Texts are kept until their round ends: few.
        let (level, tasks_a_round) = if encode.is_some() {
            (0, threads)
        } else {
            let share = ((all.end - all.start) / (threads * TASKS_A_THREAD)).max(1);
            (share.ilog2().min(MAX_LEVEL), threads * TASKS_A_THREAD)
        };
        let task = |first: u64| -> Result<BlockOutcome, Cancelled> {
            let mut tree = TreeMerge::new();
            let (mut paths, mut text, mut is_whole) = (Vec::new(), Vec::new(), true);
            for block in first..(first + (1 << level)).min(all.end) {
                let mut sampler = blocks.sampler(block);
                let mut keep = |trial: u64, estimates: &[f64]| {
                    encode.iter().for_each(|encode| encode(trial, estimates, &mut text));
                    ControlFlow::Continue(())
                };
                let keep: Option<&mut Keep<'_>> = if encode.is_some() { Some(&mut keep) } else { None };
                let outcome = run.block(sampler.as_mut(), block, keep)?;
                tree.push(outcome.summary, 0);
                paths.extend(outcome.paths);
                is_whole = outcome.is_whole;
                if !is_whole {
                    break;
                }
            }
            let summary = tree.finish().unwrap_or_else(|| run.empty.clone());
            Ok(BlockOutcome { summary, paths, text, is_whole })
        };

        let mut merged = Merged::default();
        let mut done = Vec::new();
        let mut next = all.start;
        while merged.complete && (next < all.end || !done.is_empty()) {
            let round = (0..tasks_a_round).map(|task| next + (task << level)).filter(|&first| first < all.end);
            let firsts: Vec<u64> = round.collect();
            next += tasks_a_round << level;
            let take = || merged.take(std::mem::take(&mut done), level, write);
            let (taken, outcomes) = self
                .pool
                .install(|| rayon::join(take, || firsts.into_par_iter().with_max_len(1).map(task).collect::<Vec<_>>()));
            taken?;
            done = outcomes;
        }
        Ok(merged)
    }
}

/// With more estimates a block than this, texts of whole blocks would fill the memory.
const ROWS_A_BLOCK: u64 = 1 << 16;

/// Runs one block after the other and encodes the estimates of each batch on all threads: with very many conditions sampling
/// takes little of the time.
fn stream_blocks<E: Send>(run: &Run<'_>, blocks: &dyn Blocks, recording: Recording<'_, E>) -> Result<Merged, E> {
    let Recording { encode, write } = recording;
    let estimations = run.job.estimations.len().max(1);
    let mut merged = Merged::default();
    let mut refused = Ok(());
    for block in run.blocks() {
        let mut keep = |trial: u64, estimates: &[f64]| {
            let trials: Vec<(u64, &[f64])> = (trial..).zip(estimates.chunks_exact(estimations)).collect();
            let encoded = |&(trial, estimates): &(u64, &[f64])| {
                let mut text = Vec::new();
                encode(trial, estimates, &mut text);
                text
            };
            let texts: Vec<Vec<u8>> = trials.par_iter().map(encoded).collect();
            refused = texts.iter().try_for_each(|text| write(text));
            if refused.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let outcome = run.block(blocks.sampler(block).as_mut(), block, Some(&mut keep));
        std::mem::replace(&mut refused, Ok(()))?;
        merged.take::<E>(vec![outcome], 0, &mut |_| Ok(()))?;
        if !merged.complete {
            break;
        }
    }
    Ok(merged)
}

/// The results of the blocks so far.
struct Merged {
    tree: TreeMerge<GroupSummary>,
    paths: Vec<PathPoint>,
    complete: bool,
}

impl Default for Merged {
    fn default() -> Self {
        Self { tree: TreeMerge::new(), paths: Vec::new(), complete: true }
    }
}

impl Merged {
    /// Merges the next results, up to the first that was cancelled.
    fn take<E>(
        &mut self,
        outcomes: Vec<Result<BlockOutcome, Cancelled>>,
        level: u32,
        write: &mut (dyn FnMut(&[u8]) -> Result<(), E> + Send),
    ) -> Result<(), E> {
        for outcome in outcomes {
            let Ok(outcome) = outcome else {
                self.complete = false;
                break;
            };
            write(&outcome.text)?;
            self.tree.push(outcome.summary, level);
            self.paths.extend(outcome.paths);
            if !outcome.is_whole {
                self.complete = false;
                break;
            }
        }
        Ok(())
    }
}

/// Draws all trials at once and sums them up, some count vectors at a time. A tally that is interrupted is not a sample: it has
/// no result.
fn run_tally(job: &Job<'_>, tally: &dyn Tally, cancel: &Cancel) -> GroupOutcome {
    /// The number of counts that are summed up together.
    const CHUNK: usize = 1 << 16;
    let empty = || GroupSummary { estimations: job.empty_summaries(), tally: None, ..job.empty_summary(0) };
    let mut summary = empty();
    let (mut counts, mut trials) = (Vec::new(), Vec::new());
    let drawn = tally.draw(job.trials.end - job.trials.start, &mut |vector, times| {
        counts.extend_from_slice(vector);
        trials.push(times);
        if counts.len() >= CHUNK {
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
