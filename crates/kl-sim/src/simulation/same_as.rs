//! Estimates held against those of another estimator on the same sequences, trial by trial.

use crate::estimator::{Batch, SameAs, ScoredTrial, Scorer, View};
use kl_math::distribution::Pair;
use kl_math::divergence::Cumulants;
use kl_math::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// The estimator that an estimation is held against.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// What makes the other estimates, and how far they may be apart.
    pub same_as: SameAs<'a>,
    /// The spread of the other estimates: differences are measured by it where the estimates are smaller.
    pub spread: f64,
    /// Which of the job's samples from Q the other estimator is given, if it needs any.
    pub model: Option<usize>,
}

impl<'a> Reference<'a> {
    /// The reference for sequences of `n` symbols.
    ///
    /// The spread is the standard deviation of the other estimates; where that is not known or infinite, that of the log ratio;
    /// and 1 nat where P and Q are the same, so that all estimates are 0 but for rounding.
    pub fn new(same_as: SameAs<'a>, pair: &Pair, n: u64) -> Self {
        let finite = |spread: &f64| spread.is_finite();
        let of_log_ratio = || match pair {
            Pair::Chains(_) => None,
            Pair::Symbols(_) | Pair::Values(_) => {
                Cumulants::of(pair).spread.map(|spread| (spread.variance / n as f64).sqrt())
            }
        };
        let (mean, std_dev) = same_as.reference.moments(pair, n);
        let spread = std_dev.filter(finite).or_else(|| of_log_ratio().filter(finite)).unwrap_or(0.0);
        let is_nothing = spread == 0.0 && mean == Some(0.0);
        Self { same_as, spread: if is_nothing { 1.0 } else { spread }, model: None }
    }

    /// Whether an estimate is the other one but for rounding and what is allowed besides: |a − b| ≤ within + tolerance · max(|b|, spread). Infinite estimates equal
    /// each other, and so do failures.
    fn agrees(&self, estimate: f64, other: f64) -> bool {
        if !estimate.is_finite() || !other.is_finite() {
            return estimate.is_nan() == other.is_nan() && (estimate.is_nan() || estimate == other);
        }
        let SameAs { tolerance, within, .. } = self.same_as;
        (estimate - other).abs() <= within + tolerance * other.abs().max(self.spread)
    }
}

/// A trial whose estimate is not that of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DifferingTrial {
    /// Its number, from 0.
    pub trial: u64,
    /// The estimate, nats per symbol; none if the estimator failed.
    pub estimate: Option<f64>,
    /// That of the reference.
    pub expected: Option<f64>,
}

/// How many estimates differ from those of the reference, and the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrialDifferences {
    /// How many trials were compared.
    pub compared: u64,
    /// In how many of them the estimates differ.
    pub differing: u64,
    /// The first of these.
    pub first: Option<DifferingTrial>,
}

impl Summary for TrialDifferences {
    fn merge(&mut self, later: Self) {
        self.compared += later.compared;
        self.differing += later.differing;
        self.first = self.first.or(later.first);
    }
}

impl Restore for TrialDifferences {
    fn restore(self, _: &Self, trials: u64) -> Option<Self> {
        let is_number = |estimate: Option<f64>| estimate.is_none_or(|estimate| !estimate.is_nan());
        let first = self.first.is_none_or(|first| is_number(first.estimate) && is_number(first.expected));
        (self.differing <= self.compared && self.compared <= trials && first).then_some(self)
    }
}

/// The scorer of a reference at work on a block.
pub(super) struct ScoredReference<'a> {
    reference: Reference<'a>,
    scorer: Box<dyn Scorer + 'a>,
    /// The estimates of the trials just ended.
    ended: Vec<ScoredTrial>,
}

impl<'a> ScoredReference<'a> {
    pub(super) fn new(reference: &Reference<'a>, pair: &'a Pair, n: u64) -> Self {
        Self { reference: *reference, scorer: reference.same_as.reference.scorer(pair, n), ended: Vec::new() }
    }

    pub(super) fn scorer(&self) -> &dyn Scorer {
        self.scorer.as_ref()
    }

    pub(super) fn score(&mut self, batch: &Batch<'_>, models: &[View<'_>]) {
        let model = self.reference.model.and_then(|place| models.get(place)).copied();
        self.scorer.score(&Batch { model, ..*batch }, &mut self.ended);
    }

    /// Compares the estimates of the trials from number `first` on, and clears them.
    pub(super) fn compare(&mut self, first: u64, estimates: &[ScoredTrial], differences: &mut TrialDifferences) {
        for ((trial, own), other) in (first..).zip(estimates).zip(&self.ended) {
            differences.compared += 1;
            if !self.reference.agrees(own.estimate, other.estimate) {
                differences.differing += 1;
                let known = |estimate: f64| Some(estimate).filter(|estimate| !estimate.is_nan());
                let (estimate, expected) = (known(own.estimate), known(other.estimate));
                differences.first.get_or_insert(DifferingTrial { trial, estimate, expected });
            }
        }
        self.ended.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::LogRatio;

    #[test]
    fn what_is_the_same() {
        let same_as = SameAs { reference: &LogRatio, tolerance: 1e-3, within: 0.0 };
        let reference = Reference { same_as, spread: 0.5, model: None };
        let (inf, none) = (f64::INFINITY, f64::NAN);
        for (estimate, other, expected) in [
            (2.001, 2.0, true),
            (2.003, 2.0, false),
            (1e-4, -1e-4, true),
            (1e-3, 0.0, false),
            (inf, inf, true),
            (inf, 1.0, false),
            (1.0, inf, false),
            (-inf, inf, false),
            (none, none, true),
            (none, 1.0, false),
            (1.0, none, false),
            (none, inf, false),
        ] {
            assert_eq!(reference.agrees(estimate, other), expected, "{estimate} {other}");
        }
        let near = Reference { same_as: SameAs { within: 0.25, ..same_as }, ..reference };
        for (estimate, other, expected) in
            [(2.252, 2.0, true), (2.253, 2.0, false), (-0.25, 0.0, true), (-0.26, 0.0, false), (none, 0.0, false)]
        {
            assert_eq!(near.agrees(estimate, other), expected, "{estimate} {other}");
        }
    }

    #[test]
    fn the_first_trial_is_kept() {
        let of = |trial| TrialDifferences {
            compared: 10,
            differing: 1,
            first: Some(DifferingTrial { trial, estimate: Some(1.0), expected: None }),
        };
        let mut all = TrialDifferences { compared: 10, ..TrialDifferences::default() };
        all.merge(of(12));
        all.merge(of(21));
        assert_eq!(all, TrialDifferences { compared: 30, differing: 2, ..of(12) });
    }
}
