//! The job that the engine does for a group of conditions, and its summary.

use super::model::ModelSamples;
use super::same_as::{Reference, TrialDifferences};
use super::sampler::Trials;
use crate::estimator::{Batch, EstimatedBy, Rows, ScoredTrial, Scorer, View};
use kl_math::decision::Decision;
use kl_math::decision::fixed::FixedTest;
use kl_math::distribution::Pair;
use kl_math::law::Bins;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{
    CentralSums, CountSums, CountTally, Decisions, Estimates, Histogram, IntervalTest, Intervals, JointMoments,
    MAX_PAIRED_SYMBOLS, Moments, Restore, Summary, restore_option,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// One estimator in one condition.
pub struct Estimation<'a> {
    /// Which condition of the plan, counted from 0.
    pub condition: usize,
    /// P and Q.
    pub pair: &'a Pair,
    /// What makes the estimates.
    pub by: EstimatedBy<'a>,
    /// Bins for a histogram of the estimates, if one is wanted.
    pub bins: Option<Box<Bins>>,
    /// The value about which moments of the estimates are summed, where sums of counts do not give them.
    pub centre: Option<f64>,
    /// Whether estimates can be infinite and are to be counted.
    pub counts_infinite: bool,
    /// Whether the running estimate of the first trials is wanted.
    pub wants_path: bool,
    /// With which other estimation's estimates these are compared trial by trial, if they are.
    pub compared: Option<Box<Compared>>,
    /// What intervals about the estimates are held against, if any are wanted.
    pub intervals: Option<Box<IntervalTest>>,
    /// How many estimates are kept at most, if they are wanted in order of size; 0 if not.
    pub capacity: usize,
    /// Which of the job's samples from Q the estimator is given, if it needs any.
    pub model: Option<usize>,
    /// Which other estimator's estimates these are to equal, if any.
    pub reference: Option<Box<Reference<'a>>>,
    /// What decides between P and Q by the estimates, if anything does.
    pub decides: Option<Decides>,
}

/// What decides between P and Q at the end of a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decides {
    /// This test, by N times the estimate.
    By(FixedTest),
    /// The scorer, which ends sequences early.
    AsScored,
}

/// The most places that the tally of a coin's counts may have, for trials that come in blocks of `block`: a place is filled and
/// merged in a small part of the time of a trial of some hundred symbols.
pub fn most_tally_places(block: u64) -> u64 {
    const PLACES_A_TRIAL: u64 = 32;
    const MAX_PLACES: u64 = 1 << 15;
    PLACES_A_TRIAL.saturating_mul(block).min(MAX_PLACES)
}

/// An estimation beside another of the same condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// The other one's place in the job.
    pub reference: usize,
    /// About which values the moments of the other's estimates and of these are summed.
    pub centres: [f64; 2],
    /// Up to here an estimate is 0 but for rounding.
    pub zero: f64,
}

/// A group of estimations that are scored from the same sequences.
pub struct Job<'a> {
    /// P's probabilities, if its values are symbols.
    pub probabilities: &'a [DoubleDouble],
    /// Symbols a sequence.
    pub n: u64,
    /// How many sequences.
    pub trials: u64,
    /// The estimations.
    pub estimations: Vec<Estimation<'a>>,
    /// Samples from their models: each Q's of each length once.
    pub models: Vec<ModelSamples>,
}

impl<'a> Estimation<'a> {
    /// What a comparison with theory needs of estimates from `n` symbols, and no more.
    pub fn new(condition: usize, pair: &'a Pair, by: EstimatedBy<'a>, n: u64) -> Self {
        let is_symbol_mean = by.is_symbol_mean(pair);
        let symbols = pair.symbols().map_or(0, |pair| pair.symbols().len());
        let counts_suffice = is_symbol_mean && symbols <= MAX_PAIRED_SYMBOLS;
        let same_as = by.same_as(pair, n);
        let centre = || by.theory(pair, n).centre().or((!is_symbol_mean).then_some(0.0));
        Self {
            condition,
            pair,
            by,
            bins: None,
            centre: if counts_suffice { None } else { centre() },
            counts_infinite: by.can_be_infinite(pair),
            wants_path: false,
            compared: None,
            intervals: None,
            capacity: 0,
            model: None,
            reference: same_as.map(|same_as| Box::new(Reference::new(same_as, pair, n))),
            decides: None,
        }
    }
}

impl Estimation<'_> {
    /// Whether each trial's estimate is needed.
    fn needs_estimates(&self) -> bool {
        self.bins.is_some()
            || self.centre.is_some()
            || self.counts_infinite
            || self.compared.is_some()
            || self.intervals.is_some()
            || self.decides.is_some()
    }

    fn empty_summary(&self) -> EstimationSummary {
        EstimationSummary {
            histogram: self.bins.as_ref().map(|bins| Histogram::empty(bins.bins().len())),
            moments: self.centre.map(Moments::about),
            joint: self.compared.as_deref().map(|compared| JointMoments::about(compared.centres)),
            intervals: self.intervals.as_deref().copied().map(Intervals::new),
            estimates: (self.capacity > 0).then(|| Estimates::within(self.capacity)),
            central: self.by.external().map(|_| CentralSums::default()),
            differences: self.reference.as_ref().map(|_| TrialDifferences::default()),
            decisions: self.decides.map(|_| Decisions::default()),
            ..EstimationSummary::NOTHING
        }
    }

    /// Sums up the estimate that `trials` more trials have.
    pub(super) fn push(&self, summary: &mut EstimationSummary, scored: &ScoredTrial, trials: u64) {
        let estimate = scored.estimate;
        if scored.is_failed() {
            summary.failed += trials;
            return;
        }
        if let (Some(decides), Some(decisions)) = (self.decides, &mut summary.decisions) {
            let decision = match decides {
                Decides::By(test) => Some(test.decide(estimate * scored.length as f64)),
                Decides::AsScored => scored.decision,
            };
            decisions.push(decision.unwrap_or(Decision::Undecided), scored.length, trials);
        }
        if let (Some(bins), Some(histogram)) = (&self.bins, &mut summary.histogram) {
            histogram.push(bins.place(estimate), trials);
        }
        if estimate.is_infinite() {
            summary.infinite += trials;
            return;
        }
        if let Some(moments) = &mut summary.moments {
            moments.push(estimate, trials);
        }
        if let Some(central) = &mut summary.central {
            central.push(estimate);
        }
        if let Some(estimates) = &mut summary.estimates {
            estimates.push(estimate, scored.std_error, trials);
        }
        if let Some(intervals) = &mut summary.intervals {
            intervals.push(estimate, scored.std_error, trials);
        }
    }

    /// A scorer of sequences of `n` symbols; one that gives standard errors if intervals are wanted.
    pub(super) fn scorer(&self, n: u64) -> Box<dyn Scorer + '_> {
        self.by.scorer(self.pair, n, self.intervals.is_some())
    }

    /// Sums up the estimates of the other estimation and of this one.
    pub(super) fn compare(&self, summary: &mut EstimationSummary, estimates: [f64; 2], trials: u64) {
        if self.compared.as_deref().is_some_and(|compared| estimates[1] <= compared.zero) {
            summary.nonpositive += trials;
        }
        if estimates.iter().any(|estimate| estimate.is_nan()) {
            summary.unpaired += trials;
        }
        if let Some(joint) = summary.joint.as_mut().filter(|_| estimates.iter().all(|estimate| estimate.is_finite())) {
            joint.push(estimates, trials);
        }
    }
}

/// What is kept of one estimation's estimates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EstimationSummary {
    /// How many were infinite, if that was counted.
    pub infinite: u64,
    /// How many fell into each bin, if bins were given.
    pub histogram: Option<Histogram>,
    /// Their moments, if a centre was given.
    pub moments: Option<Moments>,
    /// Their moments beside those of the estimation they are compared with, if there is one.
    pub joint: Option<JointMoments>,
    /// How many of them are 0 or less, if they are compared.
    pub nonpositive: u64,
    /// How many trials have no estimate: the estimator failed.
    pub failed: u64,
    /// For how many trials it or the one it is compared with has failed.
    pub unpaired: u64,
    /// Intervals about them, if any are wanted.
    pub intervals: Option<Intervals>,
    /// The finite estimates themselves, up to the capacity, if they are wanted.
    pub estimates: Option<Estimates>,
    /// Their mean, variance and skewness, if no theory gives them.
    pub central: Option<CentralSums>,
    /// How they differ from those of the reference, if there is one.
    pub differences: Option<TrialDifferences>,
    /// What was decided by them, if anything was.
    pub decisions: Option<Decisions>,
}

/// The summary of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// Sums of the symbol counts.
    pub sums: CountSums,
    /// The counts of two symbols while trials are drawn, if all else can be had from them in the end.
    pub tally: Option<CountTally>,
    /// Summaries of the estimations that need one, each with its place in the job, ascending.
    pub estimations: Vec<(usize, EstimationSummary)>,
}

impl EstimationSummary {
    /// The summary of no trial, of which nothing is wanted.
    const NOTHING: Self = Self {
        infinite: 0,
        histogram: None,
        moments: None,
        joint: None,
        nonpositive: 0,
        failed: 0,
        unpaired: 0,
        intervals: None,
        estimates: None,
        central: None,
        differences: None,
        decisions: None,
    };
}

impl GroupSummary {
    /// The summary of the estimation at `place` of the job.
    pub fn estimation(&self, place: usize) -> &EstimationSummary {
        static NOTHING: EstimationSummary = EstimationSummary::NOTHING;
        let found = self.estimations.binary_search_by_key(&place, |&(place, _)| place).ok();
        found.and_then(|index| self.estimations.get(index)).map_or(&NOTHING, |(_, summary)| summary)
    }

    /// How many trials there are.
    pub fn trials(&self) -> u64 {
        self.tally.as_ref().map_or(self.sums.trials(), CountTally::trials)
    }

    /// Moves what is counted in integers to the summary of other trials of the same group: their sum stays the same, and one of the
    /// two takes no room.
    pub(super) fn move_counts_to(&mut self, other: &mut Self) {
        other.sums.merge(self.sums.take());
        if let (Some(tally), Some(other)) = (&mut self.tally, &mut other.tally) {
            other.merge(tally.take());
        }
        for ((_, own), (_, other)) in self.estimations.iter_mut().zip(&mut other.estimations) {
            if let (Some(own), Some(other)) = (&mut own.histogram, &mut other.histogram) {
                other.merge(own.take());
            }
        }
    }

    /// Takes in the symbol counts of some trials, one after the other.
    pub(super) fn push_all(&mut self, counts: &[u64]) {
        match &mut self.tally {
            Some(tally) => counts.as_chunks::<2>().0.iter().for_each(|&[first, _]| tally.push(first)),
            None => self.sums.push_all(counts),
        }
    }
}

impl Job<'_> {
    /// The summary of no trial, for trials that come in blocks of `block`.
    ///
    /// If estimates follow from the counts of two symbols that are few for so many trials, only those are kept: another
    /// model then costs nothing a trial.
    pub(super) fn empty_summary(&self, block: u64) -> GroupSummary {
        let follow = self.estimations.iter().all(|estimation| estimation.by.is_symbol_mean(estimation.pair));
        let tally = if follow { CountTally::new(self.probabilities, self.n, most_tally_places(block)) } else { None };
        let mut estimations = if tally.is_some() { Vec::new() } else { self.empty_summaries() };
        for (_, summary) in &mut estimations {
            // Where the trials are more than there is room for, none is kept: not in the parts of a run either.
            let has_room = |estimates: &mut Estimates| self.trials <= estimates.room() as u64;
            summary.estimates = summary.estimates.take_if(has_room);
        }
        GroupSummary { sums: CountSums::new(self.probabilities, self.n), estimations, tally }
    }

    /// The summary of no trial.
    pub(super) fn empty(&self, trials: &Trials) -> GroupSummary {
        match trials {
            Trials::Each(blocks) => self.empty_summary(blocks.sizes().block),
            Trials::Tallied(_) => self.empty_tallied(),
        }
    }

    /// The summary of no trial, for trials that are drawn all at once.
    pub(super) fn empty_tallied(&self) -> GroupSummary {
        let sums = CountSums::new(self.probabilities, self.n);
        GroupSummary { sums, tally: None, estimations: self.empty_summaries() }
    }

    /// The summaries of the estimations whose estimates are needed.
    pub(super) fn empty_summaries(&self) -> Vec<(usize, EstimationSummary)> {
        let estimations = self.estimations.iter().enumerate().filter(|(_, estimation)| estimation.needs_estimates());
        estimations.map(|(place, estimation)| (place, estimation.empty_summary())).collect()
    }

    /// Sums up what was only tallied.
    pub(super) fn settle(&self, summary: &mut GroupSummary) {
        if let Some(tally) = summary.tally.take() {
            summary.estimations = self.empty_summaries();
            let (counts, trials): (Vec<_>, Vec<_>) =
                tally.counts().map(|(count, trials)| ([count, self.n - count], trials)).unzip();
            self.push(summary, counts.as_flattened(), &trials);
        }
    }

    /// Sums up trials by their symbol counts; `trials` is the number of trials with each.
    pub(super) fn push(&self, summary: &mut GroupSummary, counts: &[u64], trials: &[u64]) {
        let alphabet = self.probabilities.len();
        for (counts, &trials) in counts.chunks_exact(alphabet).zip(trials) {
            summary.sums.push(counts, trials);
        }
        let view = View::Counts(Rows::new(alphabet, counts));
        let batch = Batch { trials: trials.len(), first: 0, start: 0, end: self.n, view, model: None };
        summary.estimations.par_iter_mut().for_each(|(place, summary)| {
            let Some(estimation) = self.estimations.get(*place) else { return };
            let mut scored = Vec::with_capacity(trials.len());
            estimation.scorer(self.n).score(&batch, &mut scored);
            for (trial, &trials) in scored.iter().zip(trials) {
                estimation.push(summary, trial, trials);
            }
            let reference =
                estimation.compared.as_deref().and_then(|compared| self.estimations.get(compared.reference));
            if let Some(reference) = reference {
                let mut others = Vec::with_capacity(trials.len());
                reference.by.scorer(reference.pair, self.n, false).score(&batch, &mut others);
                for ((other, this), &trials) in others.iter().zip(&scored).zip(trials) {
                    estimation.compare(summary, [other.estimate, this.estimate], trials);
                }
            }
        });
    }
}

impl Summary for GroupSummary {
    fn merge(&mut self, later: Self) {
        self.sums.merge(later.sums);
        if let (Some(tally), Some(later)) = (&mut self.tally, later.tally) {
            tally.merge(later);
        }
        for ((_, estimation), (_, later)) in self.estimations.iter_mut().zip(later.estimations) {
            estimation.merge(later);
        }
    }
}

impl Restore for GroupSummary {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let tally = restore_option(self.tally, empty.tally.as_ref(), trials)?;
        if self.estimations.len() != empty.estimations.len() {
            return None;
        }
        let estimations = self.estimations.into_iter().zip(&empty.estimations);
        let estimations = estimations.map(|((place, saved), (expected, empty))| {
            let saved = saved.restore(empty, trials)?;
            (place == *expected).then_some((place, saved))
        });
        Some(Self {
            estimations: estimations.collect::<Option<_>>()?,
            sums: self.sums.restore(&empty.sums, trials)?,
            tally,
        })
    }
}

impl Restore for EstimationSummary {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let counts = [self.infinite, self.nonpositive, self.failed, self.unpaired];
        if counts.iter().any(|&count| count > trials) {
            return None;
        }
        Some(Self {
            histogram: restore_option(self.histogram, empty.histogram.as_ref(), trials)?,
            moments: restore_option(self.moments, empty.moments.as_ref(), trials)?,
            joint: restore_option(self.joint, empty.joint.as_ref(), trials)?,
            intervals: restore_option(self.intervals, empty.intervals.as_ref(), trials)?,
            estimates: restore_option(self.estimates, empty.estimates.as_ref(), trials)?,
            central: restore_option(self.central, empty.central.as_ref(), trials)?,
            differences: restore_option(self.differences, empty.differences.as_ref(), trials)?,
            decisions: restore_option(self.decisions, empty.decisions.as_ref(), trials)?,
            ..self
        })
    }
}

impl Summary for EstimationSummary {
    fn merge(&mut self, later: Self) {
        self.infinite += later.infinite;
        if let (Some(histogram), Some(later)) = (&mut self.histogram, later.histogram) {
            histogram.merge(later);
        }
        if let (Some(moments), Some(later)) = (&mut self.moments, later.moments) {
            moments.merge(later);
        }
        if let (Some(joint), Some(later)) = (&mut self.joint, later.joint) {
            joint.merge(later);
        }
        self.nonpositive += later.nonpositive;
        self.failed += later.failed;
        self.unpaired += later.unpaired;
        if let (Some(intervals), Some(later)) = (&mut self.intervals, later.intervals) {
            intervals.merge(later);
        }
        if let (Some(estimates), Some(later)) = (&mut self.estimates, later.estimates) {
            estimates.merge(later);
        }
        if let (Some(central), Some(later)) = (&mut self.central, later.central) {
            central.merge(later);
        }
        if let (Some(differences), Some(later)) = (&mut self.differences, later.differences) {
            differences.merge(later);
        }
        if let (Some(decisions), Some(later)) = (&mut self.decisions, later.decisions) {
            decisions.merge(later);
        }
    }
}
