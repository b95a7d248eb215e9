//! One block of trials, from its random bytes to its summary.

use super::control::{Cancel, Meter};
use super::job::{Cell, GroupSummary, Job};
use super::path::{PATH_TRIALS, PathPoint, path_lengths, running_estimate};
use super::sampler::{Portions, Sampler};
use crate::estimator::{Batch, Outcome, Scorer, View};
use std::ops::Range;

/// What a block leaves.
pub(super) struct BlockOutcome {
    pub(super) summary: GroupSummary,
    pub(super) paths: Vec<PathPoint>,
    /// Estimates trial by trial, cell by cell, if they are recorded.
    pub(super) estimates: Vec<f64>,
}

/// The run was cancelled before the block was done.
pub(super) struct Cancelled;

/// What all blocks of a group share.
pub(super) struct Run<'a> {
    pub(super) job: &'a Job<'a>,
    /// The summary of no trial.
    pub(super) empty: GroupSummary,
    pub(super) portions: Portions,
    /// Whether the estimate of each trial is wanted.
    pub(super) records: bool,
    pub(super) cancel: &'a Cancel,
    pub(super) meter: &'a dyn Meter,
}

impl Run<'_> {
    /// Samples and scores the trials `trials`, all of one block.
    pub(super) fn block(&self, sampler: &mut dyn Sampler, trials: Range<u64>) -> Result<BlockOutcome, Cancelled> {
        let (n, portions) = (self.job.n, self.portions);
        let mut block = Block::new(self.job, self.empty.clone(), self.records);
        let wants_paths = self.job.cells.iter().any(|cell| cell.wants_path);
        let mut trial = trials.start;
        while trial < trials.end {
            // Trials with a path come alone, stretch after stretch.
            let has_path = wants_paths && trial < PATH_TRIALS;
            let stretches = if has_path { path_lengths(n) } else { vec![n] };
            let together = if has_path { 1 } else { portions.batch.min(trials.end - trial) };
            block.batch.trials = together as usize;
            let mut start = 0;
            for stop in stretches {
                while start < stop {
                    if self.cancel.reason().is_some() {
                        return Err(Cancelled);
                    }
                    block.batch.start = start;
                    block.batch.end = stop.min(start + portions.stretch);
                    sampler.fill(&mut block.batch, block.view);
                    self.meter.advanced(together * (block.batch.end - start));
                    start = block.batch.end;
                    block.score();
                }
                if has_path {
                    block.follow(trial, stop);
                }
            }
            block.finish();
            trial += together;
        }
        Ok(block.outcome)
    }
}

/// The state of a block at work.
struct Block<'a> {
    job: &'a Job<'a>,
    scored: Vec<Scored<'a>>,
    view: View,
    batch: Batch,
    /// Counts of the stretches so far of a sequence that comes in several.
    so_far: Vec<u64>,
    records: bool,
    outcome: BlockOutcome,
}

/// A cell whose estimates are needed trial by trial.
struct Scored<'a> {
    cell: &'a Cell<'a>,
    /// Where its summary is, if it has one.
    summary: Option<usize>,
    scorer: Box<dyn Scorer + 'a>,
    /// The estimates of the trials just ended.
    ended: Vec<Outcome>,
}

impl<'a> Block<'a> {
    fn new(job: &'a Job<'a>, summary: GroupSummary, records: bool) -> Self {
        let mut summaries = summary.cells.iter().map(|(place, _)| *place).enumerate().peekable();
        let scored = job.cells.iter().enumerate().filter_map(|(place, cell)| {
            let summary = summaries.next_if(|&(_, of)| of == place).map(|(index, _)| index);
            (records || summary.is_some()).then(|| Scored {
                cell,
                summary,
                scorer: cell.estimator.scorer(cell.pair, job.n),
                ended: Vec::new(),
            })
        });
        let scored: Vec<Scored<'a>> = scored.collect();
        let view = scored.iter().map(|scored| scored.scorer.view()).max().unwrap_or(View::Counts);
        let alphabet = job.masses.len();
        Self {
            job,
            scored,
            view,
            batch: Batch { alphabet, ..Batch::default() },
            so_far: vec![0; alphabet],
            records,
            outcome: BlockOutcome { summary, paths: Vec::new(), estimates: Vec::new() },
        }
    }

    /// Takes in a batch.
    fn score(&mut self) {
        if self.batch.start == 0 && self.batch.end == self.job.n {
            self.outcome.summary.push_all(&self.batch.counts);
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
                self.outcome.summary.push_all(&self.so_far);
            }
        }
        for scored in &mut self.scored {
            scored.scorer.score(&self.batch, &mut scored.ended);
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
        for scored in &mut self.scored {
            let summaries = &mut self.outcome.summary.cells;
            if let Some((_, summary)) = scored.summary.and_then(|index| summaries.get_mut(index)) {
                scored.ended.iter().for_each(|outcome| scored.cell.push(summary, outcome.estimate, 1));
            }
        }
        if self.records {
            for trial in 0..self.batch.trials {
                let estimates = self.scored.iter().filter_map(|scored| scored.ended.get(trial));
                self.outcome.estimates.extend(estimates.map(|end| end.estimate));
            }
        }
        self.scored.iter_mut().for_each(|scored| scored.ended.clear());
    }
}
