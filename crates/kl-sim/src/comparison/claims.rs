//! Tests of what is claimed of estimators from outside: their mean, and that they equal another estimator.

use super::against_theory::{Comparison, Method};
use super::sample::ROUNDING;
use crate::estimator::{External, SameAs, Theory};
use crate::simulation::{DifferingTrial, EstimationSummary};
use kl_math::distribution::Pair;
use kl_math::numeric::{DoubleDouble, shortest};
use kl_math::statistics::{CentralSums, Unit, student_p_value, two_sided_bound};
use std::sync::Arc;

/// Student's t test is not made of fewer estimates.
const FEWEST_ESTIMATES: u64 = 1_000;

/// Nor if |skewness|/√R, which says how far the law of the mean is from normal, is not below this.
const MOST_SKEWED: f64 = 0.1;

/// Nor if something that P can produce is expected fewer times than this in all trials.
const FEWEST_EXPECTED: f64 = 100.0;

/// Estimates that are all the same may differ from what they should be by this part of it, for rounding.
const CONSTANT: f64 = 1e-9;

/// Estimates held against those of another estimator, trial by trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialComparison {
    /// The name of the other estimator.
    pub reference: Arc<str>,
    /// How far they may be from it besides rounding, nats per symbol.
    pub within: f64,
    /// In how many trials they differ by more.
    pub differing: u64,
    /// In how many they were compared.
    pub compared: u64,
    /// The first trial in which they differ.
    pub first: Option<DifferingTrial>,
}

impl TrialComparison {
    /// Says how the estimates differ, with numbers in `unit`; `None` if they do not.
    pub fn described(&self, unit: Unit) -> Option<String> {
        let DifferingTrial { trial, estimate, expected } = self.first?;
        let shown =
            |estimate: Option<f64>| estimate.map_or_else(|| "none".to_owned(), |nats| shortest(unit.of_nats(nats)));
        let Self { reference, within, differing, compared, .. } = self;
        let are_not = if *within > 0.0 {
            format!("are not within {} of those of", three_digits(unit.of_nats(*within)))
        } else {
            "are not those of".to_owned()
        };
        Some(format!(
            "{} of {} estimates {are_not} {reference}: the first is that of trial {}, {} where {reference} \
             gives {}",
            grouped(*differing),
            grouped(*compared),
            grouped(trial + 1),
            shown(estimate),
            shown(expected)
        ))
    }
}

impl TrialComparison {
    /// Says how near the estimates are to the others, if they are not the same but for rounding.
    fn nearness(&self, unit: Unit) -> Option<String> {
        let within = Some(self.within).filter(|&within| within > 0.0)?;
        let (reference, within) = (&self.reference, three_digits(unit.of_nats(within)));
        Some(format!("each estimate is within {within} of that of {reference}"))
    }
}

/// A count with commas between its thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Comparison {
    /// Tests what is claimed of the estimates, and says why if nothing can be tested.
    pub(super) fn test_claims(
        &mut self,
        pair: &Pair,
        n: u64,
        external: &dyn External,
        theory: &Theory,
        summary: &EstimationSummary,
    ) {
        let claims = external.claims();
        let mut reasons: Vec<Arc<str>> = Vec::new();
        match &claims.mean {
            None => {}
            Some(Err(reason)) => reasons.push(Arc::clone(reason)),
            Some(Ok(_)) => {
                let least = least_expected(pair, n, external.model_draws(), self.estimates());
                if let Err(reason) = self.test_mean(theory, summary, least) {
                    reasons.push(reason.into());
                }
            }
        }
        match &claims.same_as {
            None => {}
            Some(Err(reason)) => reasons.push(Arc::clone(reason)),
            Some(Ok(same_as)) => {
                self.compare_trials(*same_as, summary);
            }
        }
        if claims.mean.is_none() && claims.same_as.is_none() {
            reasons.push(NOTHING_CLAIMED.into());
        }
        let is_tested = self.nominal_test().is_some() || self.exact_match.is_some();
        self.reason = match reasons.as_slice() {
            _ if theory.closed_form.is_infinite() && !is_tested => None,
            [] => None,
            [reason] => Some(Arc::clone(reason)),
            several => Some(several.join("; ").into()),
        };
    }

    /// Says in [`reason`](Self::reason) how the estimates differ from those that they are to equal, if they do, with numbers in
    /// `unit`; and how near they are to those that they are to be near.
    pub fn state_differences(&mut self, unit: Unit) {
        let described = |found: &TrialComparison| found.described(unit).or_else(|| found.nearness(unit));
        if let Some(differences) = self.same_as.as_ref().and_then(described) {
            self.reason = Some(match &self.reason {
                Some(reason) => format!("{differences}; {reason}").into(),
                None => differences.into(),
            });
        }
    }

    /// Holds estimates of this library against those that they are near, trial by trial, and their mean against the exact mean of these.
    ///
    /// If each |a − b| ≤ within, then the means of the trials differ by at most that, too: a mean that is further from E\[b\] by x
    /// more than that has at most the chance that the mean of b is further than x.
    pub(super) fn test_nearness(&mut self, pair: &Pair, n: u64, same_as: SameAs<'_>, summary: &EstimationSummary) {
        self.compare_trials(same_as, summary);
        self.reason = None;
        let known = same_as.reference.theory(pair, n);
        let (Some(mean), Some(exact), Some(mcse)) = (self.mean, known.mean, self.mcse) else { return };
        let tolerance = same_as.within + known.uncertainty() + ROUNDING * mean.abs();
        if mcse <= tolerance && mcse > 0.0 {
            self.reason = Some("the standard error is smaller, so the mean has no test of its own".into());
        }
        let Some(contributions) = known.contributions.filter(|_| mcse > tolerance) else { return };
        let deviation = mean - exact;
        let sure = (deviation.abs() - tolerance).max(0.0).copysign(deviation);
        let count = contributions.count as f64 * self.estimates() as f64;
        let bound = two_sided_bound(contributions.cumulants.function(), sure, count);
        self.z = Some(deviation / mcse);
        (self.p_value, self.p_value_bound) = (Some(bound), Some(bound));
        self.p_value_method = Some(Method::Bound);
    }

    /// Takes how the estimates differ from those of another estimator.
    fn compare_trials(&mut self, same_as: SameAs<'_>, summary: &EstimationSummary) {
        let Some(found) = summary.differences.filter(|found| found.compared > 0) else { return };
        let is_same = found.differing == 0;
        self.exact_match = Some(is_same && self.exact_match != Some(false));
        self.same_as = Some(TrialComparison {
            reference: same_as.reference.name().into(),
            within: same_as.within,
            differing: found.differing,
            compared: found.compared,
            first: found.first,
        });
    }

    /// Student's t test of the mean, or why there is none. `least` is how often the rarest symbol is expected in all trials.
    fn test_mean(&mut self, theory: &Theory, summary: &EstimationSummary, least: Option<f64>) -> Result<(), String> {
        let (Some(expected), Some(central)) = (theory.mean, summary.central) else { return Ok(()) };
        if !expected.is_finite() {
            return Err("the exact mean is infinite, which no number of trials can show".to_owned());
        }
        if summary.infinite > 0 {
            self.exact_match = Some(false);
            return Err(format!("{} estimates are infinite, but their exact mean is not", summary.infinite));
        }
        if central.count() < FEWEST_ESTIMATES {
            return Err(format!(
                "Student's t test of the mean needs at least {FEWEST_ESTIMATES} estimates, and there are {}",
                central.count()
            ));
        }
        if let Some(least) = least.filter(|&least| least < FEWEST_EXPECTED) {
            return Err(format!(
                "Student's t test of the mean needs everything that P can produce at least {FEWEST_EXPECTED} times in all \
                 trials, and something is expected {} times",
                three_digits(least)
            ));
        }
        let (Some(mean), Some(variance)) = (central.mean(), central.variance()) else { return Ok(()) };
        let tolerance = theory.uncertainty() + ROUNDING * expected.abs();
        if variance.sqrt() <= tolerance.max(ROUNDING * mean.abs()) {
            // What is left is rounding, not spread: the mean is that of every trial.
            let is_expected = (mean - expected).abs() <= tolerance.max(CONSTANT * expected.abs());
            self.exact_match = Some(is_expected);
            return if is_expected {
                Ok(())
            } else {
                Err("all estimates are the same, and are not the exact mean".to_owned())
            };
        }
        self.test_by_student(central, mean - expected, variance, tolerance)
    }

    fn test_by_student(
        &mut self,
        central: CentralSums,
        deviation: f64,
        variance: f64,
        tolerance: f64,
    ) -> Result<(), String> {
        let count = central.count() as f64;
        let mcse = (variance / count).sqrt();
        let skewed = central.skewness().map(|skewness| skewness.abs() / count.sqrt()).filter(|_| mcse.is_finite());
        match skewed {
            Some(skewed) if skewed < MOST_SKEWED => {}
            skewed => {
                let found = skewed.map_or_else(|| "beyond the largest double".to_owned(), three_digits);
                return Err(format!(
                    "the estimates are too skewed for Student's t test of the mean: |skewness|/√R must be below {MOST_SKEWED}, \
                     and is {found}"
                ));
            }
        }
        // What rounding and the error of the exact mean may do is no deviation.
        let sure = (deviation.abs() - tolerance).max(0.0);
        self.mcse = Some(mcse);
        self.z = Some(deviation / mcse);
        self.p_value = Some(student_p_value(sure / mcse, count - 1.0));
        self.p_value_method = Some(Method::Student);
        Ok(())
    }
}

/// Why a row of which nothing is claimed is untested.
const NOTHING_CLAIMED: &str = "nothing is claimed of this estimator: beside its command write expected = \"closed_form\" if it \
                               is unbiased, or same_as = \"k3\" if its estimates are to be those of k3";

/// How often the rarest symbol or transition that P can produce is expected in all trials; of a sample of `model_draws` symbols
/// from Q beside each trial its rarest symbol, too. None where there are no symbols but numbers, whose tails show in the skewness.
fn least_expected(pair: &Pair, n: u64, model_draws: Option<u64>, trials: u64) -> Option<f64> {
    let trials = trials as f64;
    let rarest = |masses: &[DoubleDouble]| {
        masses.iter().map(|mass| mass.to_f64()).filter(|&mass| mass > 0.0).fold(f64::INFINITY, f64::min)
    };
    match pair {
        Pair::Values(_) => None,
        Pair::Symbols(pair) => {
            let of_source = n as f64 * rarest(pair.source_probabilities());
            let of_model = model_draws.map(|m| m as f64 * rarest(pair.model_probabilities()));
            Some(trials * of_model.map_or(of_source, |of_model| of_source.min(of_model)))
        }
        Pair::Chains(pair) => {
            let chains = pair.chains();
            let (states, events) = (chains.states(), chains.expected_events(n));
            // The first symbol is one of N: it matters where there is no other.
            let first = if n > 1 { states } else { 0 };
            let possible = events.into_iter().skip(first).filter(|&count| count > 0.0);
            Some(trials * possible.fold(f64::INFINITY, f64::min))
        }
    }
}

/// The number of trials that Student's t test of a claimed mean needs to be made at all, by what the test asks of the estimates: that
/// there are enough, that everything P can produce occurs, and that their mean is near to normal.
///
/// `skewness` is about that of the estimates, and `model_draws` the number of symbols from Q beside each trial.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_sim::comparison::trials_for_student;
/// let pair = Pair::of(Bernoulli::new(0.001)?, Bernoulli::new(0.5)?)?;
/// assert_eq!(trials_for_student(&pair, 10, None, 0.0), 10_000);
/// assert_eq!(trials_for_student(&pair, 1_000, None, 0.5), 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn trials_for_student(pair: &Pair, n: u64, model_draws: Option<u64>, skewness: f64) -> u64 {
    let of_rarest = least_expected(pair, n, model_draws, 1).map_or(0.0, |least| FEWEST_EXPECTED / least);
    let of_skewness = skewness / MOST_SKEWED * (skewness / MOST_SKEWED);
    // The limit of the skewness itself is too few.
    FEWEST_ESTIMATES.max(of_rarest.ceil() as u64).max(of_skewness.floor() as u64 + 1)
}

/// A number to three digits.
fn three_digits(number: f64) -> String {
    if (1e-3..1e6).contains(&number) {
        let decimals = if number >= 100.0 {
            0
        } else if number >= 1.0 {
            1
        } else {
            4
        };
        format!("{number:.decimals$}")
    } else {
        format!("{number:.2e}")
    }
}
