//! All blocks of a group on all threads, with the same result on any number of them.

use super::block::{BlockOutcome, Cancelled, Keep, Run};
use super::control::{Cancel, Meter};
use super::job::{GroupSummary, Job};
use super::part::GroupPart;
use super::path::PathPoint;
use super::sampler::{Blocks, Tally, Trials};
use crate::estimator::ScoredTrial;
use kl_math::statistics::{Node, TreeMerge};
use rayon::prelude::*;
use std::convert::Infallible;
use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

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
pub type Encode<'a> = dyn Fn(u64, &[ScoredTrial], &mut Vec<u8>) + Sync + 'a;

/// Keeps what the engine has done, as it comes.
pub trait Keeper: Send {
    /// Why it cannot keep it.
    type Error: Send;

    /// Receives the text of the next trials, in their order.
    fn rows(&mut self, text: &[u8]) -> Result<(), Self::Error>;

    /// Is told what is done so far, after every block where trials are recorded: all rows of these blocks, and no others, have been
    /// received.
    fn reached(&mut self, part: &mut GroupPart) -> Result<(), Self::Error>;
}

/// Keeps nothing.
impl Keeper for () {
    type Error = Infallible;

    fn rows(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn reached(&mut self, _: &mut GroupPart) -> Result<(), Infallible> {
        Ok(())
    }
}

/// What the engine is to do.
#[derive(Clone, Copy)]
pub struct Simulation<'a> {
    /// What is estimated.
    pub job: &'a Job<'a>,
    /// Where the sequences come from.
    pub trials: &'a Trials,
    /// How the estimates of every trial become text, if they are recorded. Tallied trials are not.
    pub encode: Option<&'a Encode<'a>>,
    /// Stops it.
    pub cancel: &'a Cancel,
    /// Follows its progress.
    pub meter: &'a dyn Meter,
}

impl Simulation<'_> {
    /// The results from the blocks of a part that begins with number 0.
    fn outcome(&self, part: GroupPart, complete: bool) -> GroupOutcome {
        let (summary, paths) = part.finish();
        let mut summary = summary.unwrap_or_else(|| self.job.empty(self.trials));
        self.job.settle(&mut summary);
        GroupOutcome { summary, paths, complete }
    }
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

    /// Simulates a group.
    pub fn run<K: Keeper>(&self, simulation: &Simulation<'_>, keeper: &mut K) -> Result<GroupOutcome, K::Error> {
        let mut part = GroupPart::new(0);
        let complete = self.extend(simulation, &mut part, simulation.trials.blocks(simulation.job.trials), keeper)?;
        Ok(self.outcome(simulation, part, complete))
    }

    /// The results from the blocks of a part that begins with number 0; `complete` if these are all.
    pub fn outcome(&self, simulation: &Simulation<'_>, part: GroupPart, complete: bool) -> GroupOutcome {
        self.pool.install(|| simulation.outcome(part, complete))
    }

    /// Does the blocks that come after those of `part`, up to number `end`. Returns whether all of them are done; if not, the last one
    /// may be done in part, where something outside has failed.
    pub fn extend<K: Keeper>(
        &self,
        simulation: &Simulation<'_>,
        part: &mut GroupPart,
        end: u64,
        keeper: &mut K,
    ) -> Result<bool, K::Error> {
        let &Simulation { job, trials, encode, cancel, meter } = simulation;
        let wanted = part.blocks().end..end;
        let blocks = match trials {
            Trials::Each(blocks) => blocks.as_ref(),
            Trials::Tallied(_) if wanted.is_empty() => return Ok(true),
            Trials::Tallied(tally) => {
                let drawn = self.pool.install(|| run_tally(job, tally.as_ref(), cancel));
                let complete = drawn.is_some();
                part.push(drawn.map(|summary| Node::block(0, summary)).into_iter().collect(), Vec::new());
                keeper.reached(part)?;
                return Ok(complete);
            }
        };
        let sizes = blocks.sizes();
        let external = job.estimations.iter().filter_map(|estimation| estimation.by.external()).collect();
        let run = Run { job, empty: job.empty_summary(sizes.block), sizes, external, cancel, meter };
        let mut merged = Merged { part, complete: true };
        match encode {
            Some(encode) if run.rows_a_block() > ROWS_A_BLOCK => {
                self.pool.install(|| stream_blocks(&run, blocks, wanted, encode, &mut merged, keeper))?;
            }
            encode => self.run_blocks(&run, blocks, wanted, encode, &mut merged, keeper)?,
        }
        Ok(merged.complete)
    }

    /// Runs blocks on all threads. The results of a round are merged while the next one runs.
    fn run_blocks<K: Keeper>(
        &self,
        run: &Run<'_>,
        blocks: &dyn Blocks,
        wanted: Range<u64>,
        encode: Option<&Encode<'_>>,
        merged: &mut Merged<'_>,
        keeper: &mut K,
    ) -> Result<(), K::Error> {
        let threads = self.pool.current_num_threads() as u64;
        // The tree is fixed, so the size of tasks changes no bit. Texts are kept until their round ends: few.
        let (most_level, most_tasks) = if encode.is_some() {
            (0, threads)
        } else {
            let share = (wanted.end.saturating_sub(wanted.start) / (threads * TASKS_A_THREAD)).max(1);
            (share.ilog2().min(MAX_LEVEL), threads * TASKS_A_THREAD)
        };
        // The first round is small: it is not known how long a block takes.
        let (mut level, mut tasks_a_round) = (0_u32, threads);
        let task = |numbers: Range<u64>| -> Result<TaskOutcome, Cancelled> {
            let mut done = TaskOutcome { tree: TreeMerge::new(), paths: Vec::new(), text: Vec::new(), is_whole: true };
            for block in numbers {
                let mut sampler = blocks.sampler(block);
                let mut keep = |trial: u64, estimates: &[ScoredTrial]| {
                    encode.iter().for_each(|encode| encode(trial, estimates, &mut done.text));
                    ControlFlow::Continue(())
                };
                let keep: Option<&mut Keep<'_>> = if encode.is_some() { Some(&mut keep) } else { None };
                let BlockOutcome { summary, paths, is_whole } = run.block(sampler.as_mut(), block, keep)?;
                done.tree.push(Node::block(block, summary));
                done.paths.extend(paths);
                done.is_whole = is_whole;
                if !is_whole {
                    break;
                }
            }
            Ok(done)
        };

        let mut done = Vec::new();
        let mut next = wanted.start;
        while merged.complete && (next < wanted.end || !done.is_empty()) {
            let mut round = Vec::with_capacity(tasks_a_round as usize);
            while next < wanted.end && (round.len() as u64) < tasks_a_round {
                // Up to the end of a node: then the task is one.
                let end = (((next >> level) + 1) << level).min(wanted.end);
                round.push(next..end);
                next = end;
            }
            let started = Instant::now();
            let take = || merged.take(std::mem::take(&mut done), keeper);
            let (taken, outcomes) = self
                .pool
                .install(|| rayon::join(take, || round.into_par_iter().with_max_len(1).map(task).collect::<Vec<_>>()));
            taken?;
            done = outcomes;
            // What a round does is lost if the program is killed meanwhile.
            let time = started.elapsed();
            if time > LONG_ROUND {
                (level, tasks_a_round) = (level.saturating_sub(1), (tasks_a_round / 2).max(threads));
            } else if time < SHORT_ROUND && tasks_a_round < most_tasks {
                tasks_a_round = (2 * tasks_a_round).min(most_tasks);
            } else if time < SHORT_ROUND && level < most_level {
                level += 1;
            }
        }
        Ok(())
    }
}

/// A round that takes longer is followed by a smaller one.
const LONG_ROUND: Duration = Duration::from_millis(250);

/// A round that takes less is followed by a larger one.
const SHORT_ROUND: Duration = Duration::from_millis(25);

/// The results of the blocks of a task.
struct TaskOutcome {
    tree: TreeMerge<GroupSummary>,
    paths: Vec<PathPoint>,
    /// The recorded estimates of its trials, as text.
    text: Vec<u8>,
    /// Whether all trials of its blocks were done.
    is_whole: bool,
}

/// With more estimates a block than this, texts of whole blocks would fill the memory.
const ROWS_A_BLOCK: u64 = 1 << 16;

/// Runs one block after the other and encodes the estimates of each batch on all threads: with very many conditions sampling
/// takes little of the time.
fn stream_blocks<K: Keeper>(
    run: &Run<'_>,
    blocks: &dyn Blocks,
    wanted: Range<u64>,
    encode: &Encode<'_>,
    merged: &mut Merged<'_>,
    keeper: &mut K,
) -> Result<(), K::Error> {
    let estimations = run.job.estimations.len().max(1);
    let mut refused = Ok(());
    for block in wanted {
        let mut keep = |trial: u64, estimates: &[ScoredTrial]| {
            let trials: Vec<(u64, &[ScoredTrial])> = (trial..).zip(estimates.chunks_exact(estimations)).collect();
            let encoded = |&(trial, estimates): &(u64, &[ScoredTrial])| {
                let mut text = Vec::new();
                encode(trial, estimates, &mut text);
                text
            };
            let texts: Vec<Vec<u8>> = trials.par_iter().map(encoded).collect();
            refused = texts.iter().try_for_each(|text| keeper.rows(text));
            if refused.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let outcome = run.block(blocks.sampler(block).as_mut(), block, Some(&mut keep));
        std::mem::replace(&mut refused, Ok(()))?;
        let outcome = outcome.map(|BlockOutcome { summary, paths, is_whole }| {
            let mut tree = TreeMerge::new();
            tree.push(Node::block(block, summary));
            TaskOutcome { tree, paths, text: Vec::new(), is_whole }
        });
        merged.take(vec![outcome], keeper)?;
        if !merged.complete {
            break;
        }
    }
    Ok(())
}

/// The results of the blocks so far.
struct Merged<'a> {
    part: &'a mut GroupPart,
    complete: bool,
}

impl Merged<'_> {
    /// Merges the next results, up to the first that was cancelled or stopped.
    fn take<K: Keeper>(
        &mut self,
        outcomes: Vec<Result<TaskOutcome, Cancelled>>,
        keeper: &mut K,
    ) -> Result<(), K::Error> {
        for outcome in outcomes {
            let Ok(TaskOutcome { tree, paths, text, is_whole }) = outcome else {
                self.complete = false;
                break;
            };
            if !text.is_empty() {
                keeper.rows(&text)?;
            }
            self.part.push(tree.into_nodes(), paths);
            // Of a block that was stopped the part has only the first trials.
            if !is_whole {
                self.complete = false;
                break;
            }
            keeper.reached(self.part)?;
        }
        Ok(())
    }
}

/// Draws all trials at once and sums them up, some count vectors at a time. A tally that is interrupted is not a sample: it has
/// no result.
fn run_tally(job: &Job<'_>, tally: &dyn Tally, cancel: &Cancel) -> Option<GroupSummary> {
    /// The number of counts that are summed up together.
    const CHUNK: usize = 1 << 16;
    let mut summary = job.empty_tallied();
    let (mut counts, mut trials) = (Vec::new(), Vec::new());
    let drawn = tally.draw(job.trials, &mut |vector, times| {
        counts.extend_from_slice(vector);
        trials.push(times);
        if counts.len() >= CHUNK {
            job.push(&mut summary, &counts, &trials);
            counts.clear();
            trials.clear();
        }
        if cancel.reason().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if drawn.is_break() {
        return None;
    }
    job.push(&mut summary, &counts, &trials);
    Some(summary)
}
