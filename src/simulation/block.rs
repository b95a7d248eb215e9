//! One block of trials, from its random bytes to its summary.

use super::control::{Cancel, Meter};
use super::job::{Cell, GroupSummary, Job};
use super::path::{PATH_TRIALS, PathPoint, path_lengths, running_estimate};
use super::sampler::Sampler;
use crate::estimator::{Batch, Outcome, Scorer, View};
use std::ops::Range;

/// About so many symbols make a block.
const BLOCK_SYMBOLS: u64 = 1 << 18;

/// At most so many trials make a block.
const BLOCK_TRIALS: u64 = 1 << 12;

/// A batch has at most so many symbols: between two batches a run can be interrupted.
const BATCH_SYMBOLS: u64 = 1 << 16;

/// The number of trials in a block: a power of two that depends on N alone.
///
/// ```
/// use kl_runner::simulation::trials_per_block;
/// assert_eq!([10, 10_000, 1_000_000_000_000].map(trials_per_block), [4096, 16, 1]);
/// ```
pub fn trials_per_block(n: u64) -> u64 {
    let fitting = (BLOCK_SYMBOLS / n.max(1)).clamp(1, BLOCK_TRIALS);
    1 << fitting.ilog2()
}

/// What a block leaves.
pub(super) struct BlockOutcome {
    pub(super) summary: GroupSummary,
    pub(super) paths: Vec<PathPoint>,
    /// Estimates trial by trial, cell by cell, if they are recorded.
    pub(super) estimates: Vec<f64>,
}

/// The run was cancelled before the block was done.
pub(super) struct Cancelled;

/// Samples and scores the trials `trials` (all of one block) of `job`.
pub(super) fn run_block(
    job: &Job<'_>,
    sampler: &mut dyn Sampler,
    trials: Range<u64>,
    records: bool,
    cancel: &Cancel,
    meter: &dyn Meter,
) -> Result<BlockOutcome, Cancelled> {
    let mut block = Block::new(job, records);
    let wants_paths = job.cells.iter().any(|cell| cell.wants_path);
    let mut trial = trials.start;
    while trial < trials.end {
        let stretches = if wants_paths && trial < PATH_TRIALS { path_lengths(job.n) } else { vec![job.n] };
        let alone = stretches.len() > 1 || job.n > BATCH_SYMBOLS;
        let together = if alone { 1 } else { (BATCH_SYMBOLS / job.n).min(trials.end - trial) };
        // Trials with a path do not share a batch with those without.
        let together = if wants_paths && trial < PATH_TRIALS { 1 } else { together };
        block.batch.trials = together as usize;
        let mut start = 0;
        for stop in stretches {
            while start < stop {
                if cancel.reason().is_some() {
                    return Err(Cancelled);
                }
                block.batch.start = start;
                block.batch.end = stop.min(start + BATCH_SYMBOLS);
                sampler.fill(&mut block.batch, block.view);
                meter.advanced(together * (block.batch.end - start));
                start = block.batch.end;
                block.score();
            }
            if wants_paths && trial < PATH_TRIALS {
                block.follow(trial, stop);
            }
        }
        block.finish();
        trial += together;
    }
    Ok(block.outcome)
}

/// The state of a block at work.
struct Block<'a> {
    job: &'a Job<'a>,
    /// A scorer for each cell whose estimates are needed.
    scorers: Vec<Option<Box<dyn Scorer + 'a>>>,
    view: View,
    batch: Batch,
    /// Counts of the stretches so far of a sequence that comes in several.
    so_far: Vec<u64>,
    /// The estimates of the trials just ended, cell by cell.
    ended: Vec<Vec<Outcome>>,
    records: bool,
    outcome: BlockOutcome,
}

impl<'a> Block<'a> {
    fn new(job: &'a Job<'a>, records: bool) -> Self {
        let scorer =
            |cell: &'a Cell<'a>| (records || cell.needs_estimates()).then(|| cell.estimator.scorer(cell.pair, job.n));
        let scorers: Vec<_> = job.cells.iter().map(scorer).collect();
        let view = scorers.iter().flatten().map(|scorer| scorer.view()).max().unwrap_or(View::Counts);
        let alphabet = job.masses.len();
        Self {
            job,
            scorers,
            view,
            batch: Batch { alphabet, ..Batch::default() },
            so_far: vec![0; alphabet],
            ended: vec![Vec::new(); job.cells.len()],
            records,
            outcome: BlockOutcome { summary: job.empty_summary(), paths: Vec::new(), estimates: Vec::new() },
        }
    }

    /// Takes in a batch.
    fn score(&mut self) {
        if self.batch.start == 0 && self.batch.end == self.job.n {
            self.batch.counts().for_each(|counts| self.outcome.summary.sums.push(counts));
            if self.batch.trials == 1 {
                self.so_far.copy_from_slice(&self.batch.counts);
            }
        } else {
            if self.batch.start == 0 {
                self.so_far.fill(0);
            }
            for (total, count) in self.so_far.iter_mut().zip(&self.batch.counts) {
                *total += count;
            }
            if self.batch.end == self.job.n {
                self.outcome.summary.sums.push(&self.so_far);
            }
        }
        for (scorer, ended) in self.scorers.iter_mut().zip(&mut self.ended) {
            if let Some(scorer) = scorer {
                scorer.score(&self.batch, ended);
            }
        }
    }

    /// Notes the running estimates after `length` symbols.
    fn follow(&mut self, trial: u64, length: u64) {
        for (index, cell) in self.job.cells.iter().enumerate().filter(|(_, cell)| cell.wants_path) {
            if let Some(estimate) = running_estimate(cell.estimator, cell.pair, &self.so_far, length) {
                self.outcome.paths.push(PathPoint { cell: index, trial, length, estimate });
            }
        }
    }

    /// Sums up the trials that ended with the last batch.
    fn finish(&mut self) {
        for ((cell, summary), ended) in self.job.cells.iter().zip(&mut self.outcome.summary.cells).zip(&self.ended) {
            ended.iter().for_each(|outcome| cell.push(summary, outcome.estimate));
        }
        if self.records {
            for trial in 0..self.batch.trials {
                self.outcome
                    .estimates
                    .extend(self.ended.iter().filter_map(|ended| ended.get(trial)).map(|end| end.estimate));
            }
        }
        self.ended.iter_mut().for_each(Vec::clear);
    }
}
