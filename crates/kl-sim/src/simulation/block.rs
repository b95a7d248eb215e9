//! One block of trials, from its random bytes to its summary.

use super::control::{Cancel, Meter};
use super::job::{Estimation, GroupSummary, Job};
use super::model::ModelSampler;
use super::path::{PATH_TRIALS, PathPoint, path_lengths};
use super::same_as::ScoredReference;
use super::sampler::{BlockSizes, Sampler, Segment};
use crate::estimator::{Batch, Detail, External, ScoredTrial, Scorer, View};
use std::ops::ControlFlow;

/// The results of a block.
pub(super) struct BlockOutcome {
    pub(super) summary: GroupSummary,
    pub(super) paths: Vec<PathPoint>,
    /// Whether all its trials were drawn; else the first ones: something outside failed too often.
    pub(super) is_whole: bool,
}

/// The run was cancelled before the block was done.
pub(super) struct Cancelled;

/// What all blocks of a group share.
pub(super) struct Run<'a> {
    pub(super) job: &'a Job<'a>,
    /// The summary of no trial.
    pub(super) empty: GroupSummary,
    pub(super) sizes: BlockSizes,
    /// What makes estimates outside of this library.
    pub(super) external: Vec<&'a dyn External>,
    pub(super) cancel: &'a Cancel,
    pub(super) meter: &'a dyn Meter,
}

/// Receives the estimates of the trials from the given one on, trial by trial; may stop the run.
pub(super) type Keep<'a> = dyn FnMut(u64, &[ScoredTrial]) -> ControlFlow<()> + 'a;

impl Run<'_> {
    /// How many estimates a block has.
    pub(super) fn rows_a_block(&self) -> u64 {
        self.sizes.block.min(self.job.trials).saturating_mul(self.job.estimations.len() as u64)
    }

    /// Whether something outside has failed too often.
    fn is_stopped(&self) -> bool {
        self.external.iter().any(|external| external.is_stopped())
    }

    /// How many trials are scored before their estimates are summed up.
    fn most_together(&self, keeps_all: bool) -> Together {
        /// At most this many estimates are kept at a time.
        const KEPT: u64 = 1 << 14;
        /// At most this many trials are lost when something outside stops.
        const ASKED: u64 = 32;
        /// The number of estimates that a chunk has at most, unless that is fewer trials than the number above.
        const OF_A_CHUNK: u64 = 1 << 18;
        let estimations = self.job.estimations.len().max(1) as u64;
        if self.external.iter().any(|external| external.takes_many()) {
            let most = 1 << (OF_A_CHUNK / estimations).max(ASKED).ilog2();
            return Together::Chunk(most);
        }
        let most = if keeps_all { (KEPT / estimations).max(1) } else { u64::MAX };
        Together::Batch(if self.external.is_empty() { most } else { most.min(ASKED) })
    }

    /// Samples and scores the trials of a block. `keep`, if given, has the estimates of each.
    pub(super) fn block(
        &self,
        sampler: &mut dyn Sampler,
        number: u64,
        mut keep: Option<&mut Keep<'_>>,
    ) -> Result<BlockOutcome, Cancelled> {
        let (n, sizes) = (self.job.n, self.sizes);
        let trials = number * sizes.block..((number + 1) * sizes.block).min(self.job.trials);
        let wants_paths =
            trials.start < PATH_TRIALS && self.job.estimations.iter().any(|estimation| estimation.wants_path);
        let mut block =
            Block::new(self.job, number, self.empty.clone(), Need { all: keep.is_some(), paths: wants_paths });
        let mut first = trials.start;
        while first < trials.end {
            let most = self.most_together(keep.is_some());
            // Trials with a path come alone, segment after segment.
            let is_followed = |trial: u64| wants_paths && trial < PATH_TRIALS;
            let end = match most {
                Together::Batch(_) if is_followed(first) => first + 1,
                Together::Batch(most) => first + sizes.batch.min(most),
                Together::Chunk(chunk) => first + chunk,
            };
            let end = end.min(trials.end);
            let mut trial = first;
            while trial < end {
                let has_path = is_followed(trial);
                let stops = if has_path { path_lengths(n) } else { vec![n] };
                let together = if has_path { 1 } else { sizes.batch.min(end - trial) };
                block.is_followed = has_path;
                let mut start = 0;
                for stop in stops {
                    while start < stop {
                        if self.cancel.reason().is_some() {
                            return Err(Cancelled);
                        }
                        let segment =
                            Segment { trials: together as usize, start, end: stop.min(start + sizes.segment) };
                        let view = sampler.draw(segment, block.detail);
                        self.meter.advanced(together * segment.length());
                        block.score(trial, segment, view);
                        start = segment.end;
                    }
                    if has_path {
                        block.follow(trial, (trial - first) as usize, stop);
                    }
                }
                trial += together;
            }
            block.settle();
            // A run that is cancelled asks for no more external estimates.
            if !self.external.is_empty() && self.cancel.reason().is_some() {
                return Err(Cancelled);
            }
            block.finish(first);
            if let Some(keep) = &mut keep {
                block.gather();
                if keep(first, &block.estimates).is_break() {
                    return Err(Cancelled);
                }
            }
            block.clear();
            first = end;
            if self.is_stopped() {
                block.outcome.is_whole = false;
                break;
            }
        }
        Ok(block.outcome)
    }
}

/// How many trials are scored before their estimates are summed up.
#[derive(Clone, Copy)]
enum Together {
    /// A batch as the sampler draws it, of at most so many.
    Batch(u64),
    /// So many, from the start of the block on, in however many batches they are drawn.
    Chunk(u64),
}

/// Which estimations are scored trial by trial, besides those that have a summary.
#[derive(Clone, Copy)]
struct Need {
    all: bool,
    paths: bool,
}

/// The state of a block at work.
struct Block<'a> {
    job: &'a Job<'a>,
    scored: Vec<Scored<'a>>,
    /// Whether the path of the current trial is kept.
    is_followed: bool,
    detail: Detail,
    /// Samples from the models, as the job lists them.
    models: Vec<ModelSampler<'a>>,
    /// The counts so far of a sequence that comes in segments.
    so_far: Vec<u64>,
    /// The estimates of the trials just ended, trial by trial, estimation by estimation, if they are kept.
    estimates: Vec<ScoredTrial>,
    outcome: BlockOutcome,
}

/// A estimation whose estimates are needed trial by trial.
struct Scored<'a> {
    /// Its place in the job.
    place: usize,
    /// Whether the estimates of other trials than the followed ones are needed.
    is_needed: bool,
    estimation: &'a Estimation<'a>,
    /// Where its summary is, if it has one.
    summary: Option<usize>,
    scorer: Box<dyn Scorer + 'a>,
    /// The estimates of the trials just ended.
    ended: Vec<ScoredTrial>,
    /// The estimator that these are to equal.
    reference: Option<ScoredReference<'a>>,
}

impl<'a> Block<'a> {
    fn new(job: &'a Job<'a>, number: u64, summary: GroupSummary, need: Need) -> Self {
        let mut summaries = summary.estimations.iter().map(|(place, _)| *place).enumerate().peekable();
        let scored = job.estimations.iter().enumerate().filter_map(|(place, estimation)| {
            let summary = summaries.next_if(|&(_, of)| of == place).map(|(index, _)| index);
            (need.all || summary.is_some() || (need.paths && estimation.wants_path)).then(|| Scored {
                place,
                is_needed: need.all || summary.is_some(),
                estimation,
                summary,
                scorer: estimation.scorer(job.n),
                ended: Vec::new(),
                reference: estimation
                    .reference
                    .as_deref()
                    .map(|reference| ScoredReference::new(reference, estimation.pair, job.n)),
            })
        });
        let scored: Vec<Scored<'a>> = scored.collect();
        let references = scored.iter().filter_map(|scored| scored.reference.as_ref()).map(ScoredReference::scorer);
        let scorers = scored.iter().map(|scored| scored.scorer.as_ref()).chain(references);
        let detail = scorers.map(|scorer| scorer.detail()).max().unwrap_or_default();
        Self {
            job,
            scored,
            is_followed: false,
            detail,
            models: job.models.iter().map(|model| model.sampler(number)).collect(),
            so_far: vec![0; job.probabilities.len()],
            estimates: Vec::new(),
            outcome: BlockOutcome { summary, paths: Vec::new(), is_whole: true },
        }
    }

    /// Scores a segment of the trials from number `first` on.
    fn score(&mut self, first: u64, segment: Segment, view: View<'_>) {
        let Segment { trials, start, end } = segment;
        let (is_last, is_whole) = (end == self.job.n, start == 0 && end == self.job.n);
        match view {
            _ if self.job.probabilities.is_empty() => {
                self.outcome.summary.sums.push(&[], if is_last { trials as u64 } else { 0 });
            }
            View::Counts(counts) | View::Symbols { counts, .. } if is_whole => {
                self.outcome.summary.push_all(counts.numbers());
            }
            View::Counts(counts) | View::Symbols { counts, .. } => {
                if start == 0 {
                    self.so_far.fill(0);
                }
                self.so_far.iter_mut().zip(counts.numbers()).for_each(|(total, count)| *total += count);
                if is_last {
                    self.outcome.summary.push_all(&self.so_far);
                }
            }
            View::Sums(_) | View::Values { .. } => {}
        }
        let drawn = self.models.iter_mut().take(if is_last { usize::MAX } else { 0 });
        let models: Vec<View<'_>> = drawn.map(|model| model.draw(trials)).collect();
        let followed = self.is_followed;
        for scored in self.scored.iter_mut().filter(|scored| scored.is_needed || followed) {
            let model = scored.estimation.model.and_then(|place| models.get(place)).copied();
            let batch = Batch { trials, first, start, end, view, model };
            scored.scorer.score(&batch, &mut scored.ended);
            if let Some(reference) = &mut scored.reference {
                reference.score(&batch, &models);
            }
        }
    }

    /// Makes the estimates that scorers have put off.
    fn settle(&mut self) {
        self.scored.iter_mut().for_each(|scored| scored.scorer.settle(&mut scored.ended));
    }

    /// Notes the running estimates after `length` symbols of a trial, before which `before` others have ended.
    fn follow(&mut self, trial: u64, before: usize, length: u64) {
        for scored in self.scored.iter().filter(|scored| scored.estimation.wants_path) {
            let ended = scored.ended.get(before).map(|trial| trial.estimate);
            let estimate = ended.unwrap_or_else(|| scored.scorer.running(length));
            // A test that ended earlier has its last point where it ended.
            let end = scored.scorer.ended_at().unwrap_or(length);
            let paths = &mut self.outcome.paths;
            let is_past =
                |point: &PathPoint| (point.estimation, point.trial, point.length) == (scored.place, trial, end);
            if end == length || !paths.iter().rev().take_while(|point| point.trial == trial).any(is_past) {
                paths.push(PathPoint { estimation: scored.place, trial, length: end, estimate });
            }
        }
    }

    /// Sums up the trials that ended with the last batch, from number `first` on.
    fn finish(&mut self, first: u64) {
        for scored in &mut self.scored {
            let summaries = &mut self.outcome.summary.estimations;
            if let Some((_, summary)) = scored.summary.and_then(|index| summaries.get_mut(index)) {
                scored.ended.iter().for_each(|trial| scored.estimation.push(summary, trial, 1));
                // What was stopped has no estimates to compare.
                let is_stopped = || scored.estimation.by.external().is_some_and(|external| external.is_stopped());
                if let (Some(reference), Some(differences)) = (&mut scored.reference, &mut summary.differences)
                    && !is_stopped()
                {
                    reference.compare(first, &scored.ended, differences);
                }
            }
        }
        self.compare();
    }

    /// Sums up the same trials' estimates of two estimations.
    fn compare(&mut self) {
        let summaries = &mut self.outcome.summary.estimations;
        for scored in &self.scored {
            let (Some(compared), Some(index)) = (scored.estimation.compared.as_deref(), scored.summary) else {
                continue;
            };
            let reference = self.scored.binary_search_by_key(&compared.reference, |scored| scored.place).ok();
            let reference = reference.and_then(|place| self.scored.get(place));
            if let (Some(reference), Some((_, summary))) = (reference, summaries.get_mut(index)) {
                for (other, this) in reference.ended.iter().zip(&scored.ended) {
                    scored.estimation.compare(summary, [other.estimate, this.estimate], 1);
                }
            }
        }
    }

    /// Puts together the estimates of the trials that ended with the last batch.
    fn gather(&mut self) {
        self.estimates.clear();
        let trials = self.scored.iter().map(|scored| scored.ended.len()).max().unwrap_or_default();
        for trial in 0..trials {
            let ended = self.scored.iter().filter_map(|scored| scored.ended.get(trial));
            self.estimates.extend(ended);
        }
    }

    /// Clears the estimates before the next trials.
    fn clear(&mut self) {
        self.scored.iter_mut().for_each(|scored| scored.ended.clear());
    }
}
