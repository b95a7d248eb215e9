//! Fresh trials against theory.

use super::CommittedLaws;
use super::sequential::{Followed, Protocol};
use crate::experiment::{Measured, Sampling, look_by_look};
use crate::plan::{Plan, Seed};
use kl_math::statistics::{goodness_of_fit, homogeneity};
use kl_sim::comparison::{Comparison, Method};
use kl_sim::simulation::{Cancel, Engine, FieldHash, GroupSummary, Job, Meter};

/// What is tested of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The mean of the estimates.
    Mean,
    /// Their variance.
    Variance,
    /// Their histogram against the exact law.
    Fit,
    /// Their histogram against that of the committed trials, where the exact law is not known.
    Baseline,
    /// How many are infinite.
    Infinite,
    /// How many there are at all.
    Count,
    /// What leaves no room for chance.
    Exact,
}

impl Kind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Variance => "variance",
            Self::Fit => "fit to the law",
            Self::Baseline => "fit to the committed trials",
            Self::Infinite => "infinite trials",
            Self::Count => "number of trials",
            Self::Exact => "exact match",
        }
    }
}

/// One test of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct LawTest {
    /// The condition's place in the plan, from 0.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// What is tested.
    pub kind: Kind,
    /// Never below the truth.
    pub p_value: f64,
    /// Where it is from, for the mean.
    pub method: Option<Method>,
    /// What was found beside what should be: the bias as a part of D, the ratio of the variances less one.
    pub effect: Option<f64>,
    /// How many trials it looked at in the end.
    pub trials: u64,
    /// Which part of the test's error rates the last look may spend: 1 unless there were several.
    pub share: f64,
    /// The bias, as a part of D, that all looks together miss with no more than the chance [`MISS`](super::MISS); none
    /// where one look decides, which [`powers`](super::powers) knows.
    pub promised: Option<f64>,
}

/// The tests of the fresh trials of one plan.
#[derive(Clone, Debug, PartialEq)]
pub struct FreshTrials {
    /// The seed of the trials.
    pub seed: Seed,
    /// By condition and estimator.
    pub tests: Vec<LawTest>,
    /// How many trials were drawn, those aside that are only tallied.
    pub drawn: u128,
    /// How many of them the plan has.
    pub planned: u128,
}

/// The seed of fresh trials: another one for each text, the same for the same text.
///
/// ```
/// use kl_runner::check::fresh_seed;
/// use kl_runner::plan::Seed;
/// let seed = Seed::new(57).expect("small enough");
/// assert_eq!(fresh_seed(seed, ""), fresh_seed(seed, ""));
/// assert_ne!(fresh_seed(seed, ""), fresh_seed(seed, "3f2c1a7"));
/// assert_ne!(fresh_seed(seed, ""), seed);
/// ```
pub fn fresh_seed(seed: Seed, text: &str) -> Seed {
    let hash = FieldHash::default().field(b"kl-runner check").field(&seed.get().to_le_bytes());
    let digest = hash.field(text.as_bytes()).finish();
    let bytes = digest.first_chunk::<8>().copied().unwrap_or_default();
    Seed::new(u64::from_le_bytes(bytes) >> 1).unwrap_or_default()
}

/// Every test of `plan`, carried out with its own seed; none if the run was cancelled.
pub fn fresh_trials(
    plan: &Plan,
    protocol: Protocol<'_>,
    sampling: &Sampling<'_>,
    run: (&Engine, &Cancel, &dyn Meter),
) -> Option<FreshTrials> {
    let mut fresh = FreshTrials { seed: plan.seed, tests: Vec::new(), drawn: 0, planned: 0 };
    for group in plan.groups() {
        let mut followed = Followed::new(protocol, plan);
        if !look_by_look(plan, &group, sampling, run, &mut followed) {
            return None;
        }
        if let Some(drawn) = followed.drawn() {
            fresh.drawn += u128::from(drawn);
            fresh.planned += u128::from(group.trials);
        }
        fresh.tests.extend(followed.into_tests());
    }
    fresh.tests.sort_by_key(|test| test.condition);
    Some(fresh)
}

/// The tests of one row: of what was found in `expected` trials, and of the histogram, if that was tested.
pub fn tests_of(measured: &Measured, fit: Option<(Kind, f64)>, expected: u64) -> Vec<LawTest> {
    let found = &measured.comparison;
    let test = |kind: Kind, p_value: Option<f64>| {
        let method = found.p_value_method.filter(|_| kind == Kind::Mean);
        p_value.map(|p_value| LawTest {
            condition: measured.condition,
            estimator: measured.estimator.to_string(),
            kind,
            p_value,
            method,
            effect: effect(kind, found),
            trials: found.trials,
            share: 1.0,
            promised: None,
        })
    };
    let exact = found.exact_match.map(|is_exact| if is_exact { 1.0 } else { 0.0 });
    let tests = [
        test(Kind::Mean, found.p_value),
        test(Kind::Variance, found.variance_p_value),
        // A histogram of estimates that rounding moves says nothing of the law.
        fit.filter(|_| found.is_resolved()).and_then(|(kind, p_value)| test(kind, Some(p_value))),
        test(Kind::Infinite, found.infinite_p_value),
        // What must match leaves chance no room: it is told whether it does, and takes nothing of the budget if so.
        test(Kind::Exact, exact.filter(|&p_value| p_value == 0.0)),
        test(Kind::Count, (found.trials != expected).then_some(0.0)),
    ];
    tests.into_iter().flatten().collect()
}

fn effect(kind: Kind, found: &Comparison) -> Option<f64> {
    let part = match kind {
        Kind::Mean => found.bias? / found.closed_form?,
        Kind::Variance => found.variance_ratio? - 1.0,
        Kind::Infinite => found.infinite_trials as f64 / found.infinite_expected? - 1.0,
        Kind::Fit | Kind::Baseline | Kind::Count | Kind::Exact => return None,
    };
    Some(part).filter(|part| part.is_finite())
}

/// The p-value of a cell's histogram: against its exact law, or else against the committed trials.
pub(super) fn fit(
    job: &Job<'_>,
    summary: &GroupSummary,
    place: usize,
    committed: Option<&CommittedLaws>,
) -> Option<(Kind, f64)> {
    let cell = job.cells.get(place)?;
    let bins = cell.bins.as_ref()?.bins();
    let histogram = summary.cell(place).histogram.as_ref()?;
    let masses: Option<Vec<f64>> = bins.iter().map(|bin| bin.mass).collect();
    if let Some(masses) = masses {
        let known: Vec<(f64, u64)> = masses.into_iter().zip(histogram.counts().iter().copied()).collect();
        return Some((Kind::Fit, goodness_of_fit(&known)?));
    }
    let before = committed?.counts(cell.condition, cell.estimator.name(), bins)?;
    Some((Kind::Baseline, homogeneity(&before, histogram.counts())?))
}
