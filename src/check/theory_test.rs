//! Tests of trials against theory.

use super::CommittedLaws;
use crate::experiment::ResultRow;
use kl_math::statistics::{goodness_of_fit, homogeneity};
use kl_sim::comparison::{Comparison, Method};
use kl_sim::simulation::{GroupSummary, Job};
use std::sync::Arc;

/// The quantity of a row that a test compares with theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// The mean of the estimates.
    Mean,
    /// Their variance.
    Variance,
    /// Their histogram, with the exact law.
    Fit,
    /// Their histogram, with that of the committed trials where the exact law is not known.
    Baseline,
    /// The number of infinite estimates.
    Infinite,
    /// How often each decision was made: all of them together.
    Decisions,
    /// After how many symbols tests ended: all quantiles together.
    Lengths,
    /// The number of trials.
    Count,
    /// Estimates that theory determines exactly, or that are to equal those of another estimator.
    Exact,
}

impl TestKind {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Variance => "variance",
            Self::Fit => "fit to the law",
            Self::Baseline => "fit to the committed trials",
            Self::Infinite => "infinite trials",
            Self::Decisions => "decisions",
            Self::Lengths => "lengths of tests",
            Self::Count => "number of trials",
            Self::Exact => "exact match",
        }
    }
}

/// One test of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct TheoryTest {
    /// The index of the condition in the plan.
    pub condition: usize,
    /// The name of the estimator.
    pub estimator: String,
    /// The quantity that is tested.
    pub kind: TestKind,
    /// A number that the p-value does not exceed, or the nominal p-value.
    pub p_value: f64,
    /// How a nominal p-value was found.
    pub method: Option<Method>,
    /// The deviation from theory: the bias relative to D, or the ratio of the variances minus one.
    pub effect: Option<f64>,
    /// The number of trials at the last analysis.
    pub trials: u64,
    /// The share of the error rates that the last analysis may spend: 1 if it is the only one.
    pub share: f64,
    /// How estimates that are determined exactly differ from what they should be, in words.
    pub detail: Option<Arc<str>>,
    /// The first trial, counted from 1, whose estimate is not that of the estimator that it is to equal.
    pub first_trial: Option<u64>,
    /// The bias relative to D that all analyses together miss with probability at most [`MISS`](super::MISS); none with a
    /// single analysis, whose power [`powers`](super::powers) gives.
    pub guaranteed: Option<f64>,
}

impl TheoryTest {
    /// Whether the p-value is nominal: such tests have a false-alarm rate of their own.
    pub fn is_nominal(&self) -> bool {
        self.method == Some(Method::Student)
    }
}

/// The tests of one row, which should have `expected` trials; `fit` is the test of its histogram, if there is one.
pub fn tests_of(measured: &ResultRow, fit: Option<(TestKind, f64)>, expected: u64) -> Vec<TheoryTest> {
    let found = &measured.comparison;
    let differing = found.same_as.as_ref().and_then(|found| Some(found.first?.trial + 1));
    // Of built-in estimators the variance is known, and the reason is why another test is missing.
    let detail = found.reason.as_ref().filter(|_| found.closed_form_variance.is_none());
    let nominal = found.nominal_test();
    let test = |kind: TestKind, p_value: Option<f64>| {
        let method = found.p_value_method.filter(|_| kind == TestKind::Mean && nominal.is_some());
        p_value.map(|p_value| TheoryTest {
            condition: measured.condition,
            estimator: measured.estimator.to_string(),
            kind,
            p_value,
            method,
            effect: effect(kind, found),
            trials: found.trials,
            share: 1.0,
            detail: detail.cloned().filter(|_| kind == TestKind::Exact),
            first_trial: differing.filter(|_| kind == TestKind::Exact),
            guaranteed: None,
        })
    };
    let decided = measured.decided.as_deref().and_then(|decided| decided.found.as_ref());
    let exact = found.exact_match.map(|is_exact| if is_exact { 1.0 } else { 0.0 });
    let tests = [
        test(TestKind::Mean, found.p_value_bound.or(nominal)),
        test(TestKind::Variance, found.variance_p_value_bound),
        // Rounding moves these estimates, so their histogram does not show the law.
        fit.filter(|_| found.is_resolved()).and_then(|(kind, p_value)| test(kind, Some(p_value))),
        test(TestKind::Infinite, found.infinite_p_value),
        test(TestKind::Decisions, decided.and_then(|found| together(found.decision_tests()))),
        test(TestKind::Lengths, decided.and_then(|found| together(found.length_tests()))),
        // An exact match is not a random event: it is reported only if it fails, and uses none of the false-alarm rate.
        test(TestKind::Exact, exact.filter(|&p_value| p_value == 0.0)),
        test(TestKind::Count, (found.trials != expected).then_some(0.0)),
    ];
    tests.into_iter().flatten().collect()
}

fn effect(kind: TestKind, found: &Comparison) -> Option<f64> {
    let part = match kind {
        TestKind::Mean => found.bias? / found.closed_form?,
        TestKind::Variance => found.variance_ratio? - 1.0,
        TestKind::Infinite => found.infinite_trials as f64 / found.infinite_expected? - 1.0,
        TestKind::Fit
        | TestKind::Baseline
        | TestKind::Count
        | TestKind::Exact
        | TestKind::Decisions
        | TestKind::Lengths => return None,
    };
    Some(part).filter(|part| part.is_finite())
}

/// One p-value of several tests, whatever depends on what (Bonferroni).
fn together(p_values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, smallest) = p_values.fold((0_u32, 1.0_f64), |(count, least), p_value| (count + 1, least.min(p_value)));
    (count > 0).then(|| (smallest * f64::from(count)).min(1.0))
}

/// The p-value of the histogram of a row: against its exact law or, if that is not known, against the committed trials.
pub(super) fn fit(
    job: &Job<'_>,
    summary: &GroupSummary,
    place: usize,
    committed: Option<&CommittedLaws>,
) -> Option<(TestKind, f64)> {
    let cell = job.estimations.get(place)?;
    let bins = cell.bins.as_ref()?.bins();
    let histogram = summary.estimation(place).histogram.as_ref()?;
    let probabilities: Option<Vec<f64>> = bins.iter().map(|bin| bin.mass).collect();
    if let Some(probabilities) = probabilities {
        let known: Vec<(f64, u64)> = probabilities.into_iter().zip(histogram.counts().iter().copied()).collect();
        return Some((TestKind::Fit, goodness_of_fit(&known)?));
    }
    let before = committed?.counts(cell.condition, cell.by.name(), bins)?;
    Some((TestKind::Baseline, homogeneity(&before, histogram.counts())?))
}
