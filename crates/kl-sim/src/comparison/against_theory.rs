//! The estimates of one estimator in one condition beside their theory.

use super::claims::TrialComparison;
use super::sample::{ROUNDING, Sample};
use super::squares::{law_of_squares, near_p_value};
use crate::estimator::{EstimatedBy, Rate, Theory};
use crate::simulation::{EstimationSummary, GroupSummary};
use kl_math::distribution::{ClosedFormSource, Pair};
use kl_math::law::{Binomial, Law};
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{Dispersion, TailMethod, two_sided_bound, two_sided_p_value};
use std::sync::Arc;

/// How a p-value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// From the exact law.
    Exact,
    /// By the saddlepoint approximation.
    Saddlepoint,
    /// By Chernoff's bound: the truth is no larger.
    Bound,
    /// By Student's t test with the spread of the estimates themselves: nominal, as if the mean had a normal law.
    Student,
}

impl From<TailMethod> for Method {
    fn from(method: TailMethod) -> Self {
        match method {
            TailMethod::Exact => Self::Exact,
            TailMethod::Saddlepoint => Self::Saddlepoint,
        }
    }
}

impl Method {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Saddlepoint, Self::Bound, Self::Student];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Saddlepoint => "saddlepoint",
            Self::Bound => "bound",
            Self::Student => "student",
        }
    }
}

/// One estimator in one condition: what the trials say beside what theory says, in nats per symbol. What does
/// not exist is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How many trials there were.
    pub trials: u64,
    /// The estimand, KL(P‖Q); none where the condition cannot be had.
    pub closed_form: Option<f64>,
    /// Where the closed form is from.
    pub closed_form_source: ClosedFormSource,
    /// How far it may be off, if it is not from a formula.
    pub closed_form_error: Option<f64>,
    /// Where the estimand depends on N: what it and N Var\[L\] tend to.
    pub rate: Option<Rate>,
    /// The exact mean of the estimate.
    pub expected: Option<f64>,
    /// The mean of the estimates, if there are any.
    pub mean: Option<f64>,
    /// Its Monte Carlo standard error: the exact one, √(Var\[L\]/R), where Var\[L\] is known.
    pub mcse: Option<f64>,
    /// mean − closed form.
    pub bias: Option<f64>,
    /// (mean − expected)/mcse; none where mcse is below what rounding does to the mean.
    pub z: Option<f64>,
    /// Two-sided p-value of the mean, as near as it can be had.
    pub p_value: Option<f64>,
    /// How it was found.
    pub p_value_method: Option<Method>,
    /// The same, never below the truth: what verdicts use.
    pub p_value_bound: Option<f64>,
    /// Var\[L\], exact.
    pub closed_form_variance: Option<f64>,
    /// S², the variance of the estimates.
    pub variance: Option<f64>,
    /// Its exact standard error, √Var(S²) = Var\[L\] √(2/(R−1) + e/R), e the excess kurtosis of L.
    pub variance_mcse: Option<f64>,
    /// S²/Var\[L\].
    pub variance_ratio: Option<f64>,
    /// Two-sided p-value of (1/R) Σ (Lᵢ − E\[L\])², as near as it can be had; none where all (Lᵢ − E\[L\])² are the same.
    pub variance_p_value: Option<f64>,
    /// How it was found.
    pub variance_p_value_method: Option<Method>,
    /// The same, never below the truth: what verdicts use.
    pub variance_p_value_bound: Option<f64>,
    /// √((1/R) Σ (Lᵢ − closed form)²).
    pub rmse: Option<f64>,
    /// The number of trials without an estimate. All other columns are of the trials that have one.
    pub failed_trials: u64,
    /// How many estimates were infinite.
    pub infinite_trials: u64,
    /// How many are expected to be, where any can.
    pub infinite_expected: Option<f64>,
    /// Two-sided p-value of their number, which is binomial.
    pub infinite_p_value: Option<f64>,
    /// Where theory leaves no tolerance for chance: whether the estimates are what it says.
    pub exact_match: Option<bool>,
    /// The estimates beside those that they are to equal, if any.
    pub same_as: Option<TrialComparison>,
    /// Bounds of the p-values of what tests decided by the estimates, if they did: see [`DecisionComparison::tests`].
    ///
    /// [`DecisionComparison::tests`]: super::DecisionComparison::tests
    pub decision_p_values: Vec<f64>,
    /// Why a test is missing, why there are no estimates, or how they differ from those that they are to equal.
    pub reason: Option<Arc<str>>,
}

/// Why a test of a row is missing.
mod reasons {
    pub(super) const NO_THEORY: &str = "the exact mean and variance of this estimator are not known here";
    pub(super) const NO_VARIANCE: &str = "the variance of the estimate is not known, or beyond the largest double";
    pub(super) const INFINITE_VARIANCE: &str = "the variance of the estimate is infinite";
    pub(super) const NO_BOUND: &str = "no bound of the tails of the estimate is known";
    pub(super) const UNRESOLVED: &str =
        "the standard error is below what rounding does to the estimates and to the closed form";
}

impl Comparison {
    /// An upper bound of the Monte Carlo standard error of [`rmse`](Self::rmse), to the first order; none where a part is not known.
    ///
    /// # Formula
    ///
    /// rmse² is the mean of (Lᵢ − μ)² + 2 b (Lᵢ − μ) + b², where μ is the exact mean and b = μ − closed form. By the triangle inequality
    /// its standard error is at most se(S²) + 2 |b| mcse. That of the root is that of the square, divided by 2 √(Var\[L\] + b²), or by 2 rmse
    /// where the exact variance is not known (the delta method; Morris, White and Crowther 2019, table 6, has it for b that is estimated).
    ///
    /// ```
    /// use kl_sim::prelude::*;
    /// let row = Comparison { rmse: Some(0.5), mcse: Some(0.01), variance_mcse: Some(0.02), ..Comparison::default() };
    /// assert_eq!(row.rmse_mcse(), None);
    /// let row = Comparison { expected: Some(0.3), closed_form: Some(0.2), ..row };
    /// assert!((row.rmse_mcse().unwrap() - (0.02 + 2.0 * 0.1 * 0.01)).abs() < 1e-15);
    /// ```
    pub fn rmse_mcse(&self) -> Option<f64> {
        let rmse = self.rmse.filter(|&rmse| rmse > 0.0)?;
        let bias = self.expected? - self.estimand();
        let of_square = self.variance_mcse? + 2.0 * bias.abs() * self.mcse?;
        let root = self
            .closed_form_variance
            .filter(|variance| variance.is_finite())
            .map_or(rmse, |variance| (variance + bias * bias).sqrt());
        Some(of_square / (2.0 * root)).filter(|error| error.is_finite())
    }

    /// Holds the summary of one summary against its theory.
    pub fn new(
        pair: &Pair,
        by: EstimatedBy<'_>,
        theory: &Theory,
        group: &GroupSummary,
        summary: &EstimationSummary,
    ) -> Option<Self> {
        let mut comparison = Self::of_theory(pair, by, theory, group, summary)?;
        if let Some(external) = by.external() {
            comparison.test_claims(pair, group.sums.length(), external, theory, summary);
        }
        if let Some(same_as) = by.estimator().and_then(|estimator| estimator.same_as(pair, group.sums.length())) {
            comparison.test_nearness(pair, group.sums.length(), same_as, summary);
        }
        Some(comparison)
    }

    fn of_theory(
        pair: &Pair,
        by: EstimatedBy<'_>,
        theory: &Theory,
        group: &GroupSummary,
        summary: &EstimationSummary,
    ) -> Option<Self> {
        let sample = Sample::new(pair, by, theory, group, summary)?;
        let mut comparison = Self { failed_trials: summary.failed, ..Self::empty(theory, &sample, summary.infinite) };
        if theory.infinite_mass > DoubleDouble::ZERO {
            comparison.count_infinite(theory.infinite_mass);
            return Some(comparison);
        }
        if sample.impossible {
            comparison.p_value = theory.variance.filter(|&variance| variance > 0.0).map(|_| 0.0);
            comparison.p_value_bound = comparison.p_value;
            comparison.exact_match = Some(false);
            return Some(comparison);
        }
        let is_infinite = theory.mean.is_some_and(|mean| !mean.is_finite());
        let Some(dispersion) = sample.dispersion.filter(|_| !is_infinite) else {
            comparison.explain(theory);
            return Some(comparison);
        };
        let centre = theory.centre().unwrap_or(0.0);
        let from_estimand = centre - theory.closed_form;
        if from_estimand.is_finite() {
            comparison.bias = Some(dispersion.deviation + from_estimand);
            let square = dispersion.mean_square + from_estimand * (2.0 * dispersion.deviation + from_estimand);
            comparison.rmse = Some(square.max(0.0).sqrt());
        }
        comparison.variance = dispersion.variance;
        if !sample.is_consistent {
            comparison.exact_match = Some(false);
        }
        match theory.variance {
            Some(0.0) => comparison.match_constant(theory, centre, dispersion),
            Some(variance) if variance.is_finite() => {
                comparison.measure_mean(theory, &sample, dispersion, variance);
                comparison.measure_variance(theory, dispersion, variance);
            }
            _ => {
                let spread = dispersion.variance.map(|variance| (variance / comparison.estimates() as f64).sqrt());
                comparison.mcse = spread;
            }
        }
        comparison.explain(theory);
        Some(comparison)
    }

    /// A row without estimates, for this reason. Of the theory it holds the estimand only.
    pub fn unavailable(reason: Arc<str>, theory: Option<&Theory>) -> Self {
        Self {
            reason: Some(reason),
            closed_form: theory.map(|theory| theory.closed_form),
            closed_form_source: theory.map(|theory| theory.source).unwrap_or_default(),
            closed_form_error: theory.and_then(|theory| theory.closed_form_error),
            ..Self::default()
        }
    }

    /// Says why nothing was tested, if nothing was.
    fn explain(&mut self, theory: &Theory) {
        let is_tested = self.tests().next().is_some() || self.exact_match.is_some();
        if is_tested || self.reason.is_some() || theory.closed_form.is_infinite() {
            return;
        }
        let reason = match (theory.mean, theory.variance) {
            (None, _) => reasons::NO_THEORY,
            (_, None) => reasons::NO_VARIANCE,
            (_, Some(f64::INFINITY)) => reasons::INFINITE_VARIANCE,
            _ => reasons::NO_BOUND,
        };
        self.reason = Some(reason.into());
    }

    /// How many estimates there are.
    pub fn estimates(&self) -> u64 {
        self.trials - self.failed_trials
    }

    /// Whether rounding is small beside the spread of the estimates and of their mean, as far as that is known.
    pub fn is_resolved(&self) -> bool {
        self.reason.as_deref() != Some(reasons::UNRESOLVED)
    }

    /// The estimand; +∞ where the condition cannot be had, which pictures and sentences leave out.
    pub fn estimand(&self) -> f64 {
        self.closed_form.unwrap_or(f64::INFINITY)
    }

    /// The mean of the estimates; +∞ where there are none.
    pub fn estimated(&self) -> f64 {
        self.mean.unwrap_or(f64::INFINITY)
    }

    /// The nominal p-value of the mean, if that is what it is: its false-alarm rate is not guaranteed.
    pub fn nominal_test(&self) -> Option<f64> {
        self.p_value.filter(|_| self.p_value_method == Some(Method::Student))
    }

    /// The bounds of p-values there are, each a test of its own.
    pub fn tests(&self) -> impl Iterator<Item = f64> {
        let own = [self.p_value_bound, self.variance_p_value_bound, self.infinite_p_value].into_iter().flatten();
        own.chain(self.decision_p_values.iter().copied())
    }

    fn empty(theory: &Theory, sample: &Sample<'_>, infinite_trials: u64) -> Self {
        Self {
            trials: sample.sums.trials(),
            closed_form: Some(theory.closed_form),
            closed_form_source: theory.source,
            closed_form_error: theory.closed_form_error,
            rate: theory.rate,
            expected: theory.mean,
            mean: Some(sample.mean),
            closed_form_variance: theory.variance,
            infinite_trials,
            ..Self::default()
        }
    }

    fn count_infinite(&mut self, infinite_mass: DoubleDouble) {
        self.infinite_expected = Some(self.trials as f64 * infinite_mass.to_f64());
        let law = Binomial::new(self.trials, infinite_mass, DoubleDouble::ONE - infinite_mass);
        self.infinite_p_value = Some(law.two_sided_p_value(self.infinite_trials));
    }

    fn match_constant(&mut self, theory: &Theory, expected: f64, dispersion: Dispersion) {
        let tolerance = (ROUNDING * expected.abs()).max(theory.uncertainty());
        let is_constant = dispersion.mean_square.sqrt() <= tolerance;
        if is_constant {
            // What is left is rounding, not spread.
            self.variance = self.variance.map(|_| 0.0);
            self.rmse = self.bias.map(f64::abs);
        }
        self.exact_match =
            Some(is_constant && dispersion.deviation.abs() <= tolerance && self.exact_match != Some(false));
        self.mcse = Some(0.0);
        self.variance_mcse = self.variance.map(|_| 0.0);
    }

    fn measure_mean(&mut self, theory: &Theory, sample: &Sample<'_>, dispersion: Dispersion, variance: f64) {
        let mcse = variance.sqrt() / (self.trials as f64).sqrt();
        self.mcse = Some(mcse);
        // What rounding and the error of the expected mean may do is no deviation.
        let tolerance = theory.uncertainty();
        let is_resolved = mcse > tolerance;
        if is_resolved {
            self.z = Some(dispersion.deviation / mcse);
        } else {
            self.reason = Some(reasons::UNRESOLVED.into());
        }
        let sure = (dispersion.deviation.abs() * (1.0 - ROUNDING) - tolerance).max(0.0);
        let deviation = sure.copysign(dispersion.deviation);
        let is_counted = matches!(theory.law, Some(Law::TwoValues(_)));
        let exact = theory.law.as_ref().and_then(|law| sample.exact_p_value(law, deviation, self.trials));
        if let Some(p_value) = exact.filter(|_| is_resolved || is_counted) {
            self.p_value_bound = Some(p_value);
            (self.p_value, self.p_value_method) = (Some(p_value), Some(Method::Exact));
        } else if let Some(contributions) = theory.contributions.as_ref().filter(|_| is_resolved) {
            let (function, count) =
                (contributions.cumulants.function(), contributions.count as f64 * self.trials as f64);
            let bound = two_sided_bound(function, deviation, count);
            let near = two_sided_p_value(function, deviation, count);
            self.p_value_bound = Some(bound);
            (self.p_value, self.p_value_method) = nearest(near, bound);
        }
    }

    fn measure_variance(&mut self, theory: &Theory, dispersion: Dispersion, variance: f64) {
        let (Some(found), Some(kurtosis), Some(mean)) = (dispersion.variance, theory.excess_kurtosis, theory.mean)
        else {
            return;
        };
        let trials = self.trials as f64;
        self.variance_ratio = Some(found / variance);
        self.variance_mcse = Some(variance * (2.0 / (trials - 1.0) + kurtosis / trials).max(0.0).sqrt());
        // The root of a mean square is off by no more than its terms are (Minkowski).
        let tolerance = theory.uncertainty() / variance.sqrt();
        if tolerance >= 1.0 {
            self.reason = Some(reasons::UNRESOLVED.into());
            return;
        }
        let law = law_of_squares(theory, kurtosis, mean, variance);
        let root = (dispersion.mean_square / variance).sqrt();
        let sure = if root > 1.0 { (root - tolerance).max(1.0) } else { (root + tolerance).min(1.0) };
        let Some(law) = law else { return };
        let ratio = sure * sure;
        let bound = law.two_sided_p_value(ratio, self.trials);
        self.variance_p_value_bound = Some(bound);
        if !law.is_constant() {
            let near = near_p_value(theory, &law, ratio, self.trials);
            (self.variance_p_value, self.variance_p_value_method) = nearest(near, bound);
        }
    }
}

/// The p-value that is near the truth, if there is one, else the bound. What is above the bound is so by the error of an
/// approximation.
fn nearest(near: Option<(f64, TailMethod)>, bound: f64) -> (Option<f64>, Option<Method>) {
    let near = near.map(|(p_value, method)| (p_value.min(bound), method.into()));
    let (p_value, method) = near.unwrap_or((bound, Method::Bound));
    (Some(p_value), Some(method))
}
