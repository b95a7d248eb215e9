//! Fresh trials against theory.

use crate::comparison::{Comparison, Method};
use crate::experiment::{Findings, Sampling, Sink, Spelling, carry_out};
use crate::plan::{Plan, Seed};
use crate::simulation::{Cancel, Engine, GroupOutcome, Job, Meter};
use crate::statistics::goodness_of_fit;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// What is tested of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The mean of the estimates.
    Mean,
    /// Their variance.
    Variance,
    /// Their histogram against the exact law.
    Fit,
    /// How many are infinite.
    Infinite,
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
            Self::Infinite => "infinite trials",
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
    pub estimator: &'static str,
    /// What is tested.
    pub kind: Kind,
    /// Never below the truth.
    pub p_value: f64,
    /// Where it is from, for the mean.
    pub method: Option<Method>,
    /// What was found beside what should be: the bias as a part of D, the ratio of the variances less one.
    pub effect: Option<f64>,
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
    let mut hash = Sha256::new();
    for field in [b"kl-runner check".as_slice(), &seed.get().to_le_bytes(), text.as_bytes()] {
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field);
    }
    let digest = hash.finalize();
    let bytes = digest.first_chunk::<8>().copied().unwrap_or_default();
    Seed::new(u64::from_le_bytes(bytes) >> 1).unwrap_or_default()
}

/// Every test of `plan`, carried out with its own seed; none if the run was cancelled.
pub fn fresh_trials(
    plan: &Plan,
    sampling: &Sampling<'_>,
    engine: &Engine,
    cancel: &Cancel,
    meter: &dyn Meter,
) -> Option<(Findings, Vec<LawTest>)> {
    let mut fits = Fits::default();
    let findings = carry_out(plan, sampling, engine, &mut fits, cancel, meter).unwrap_or_else(|never| match never {});
    if !findings.complete {
        return None;
    }
    let mut tests: Vec<LawTest> = Vec::new();
    for measured in &findings.measured {
        let test = |kind: Kind, p_value: Option<f64>| {
            let (condition, estimator) = (measured.condition, measured.estimator);
            let (method, effect) = (None, effect(kind, &measured.comparison));
            p_value.map(|p_value| LawTest { condition, estimator, kind, p_value, method, effect })
        };
        let found = &measured.comparison;
        let exact = found.exact_match.map(|is_exact| if is_exact { 1.0 } else { 0.0 });
        let mean = test(Kind::Mean, found.p_value).map(|test| LawTest { method: found.p_value_method, ..test });
        let fit = fits.0.iter().find(|fit| fit.0 == measured.condition && fit.1 == measured.estimator);
        tests.extend(mean);
        tests.extend(test(Kind::Variance, found.variance_p_value));
        tests.extend(test(Kind::Fit, fit.map(|fit| fit.2)));
        tests.extend(test(Kind::Infinite, found.infinite_p_value));
        // What must match leaves chance no room: it is told whether it does, and takes nothing of the budget if so.
        tests.extend(test(Kind::Exact, exact.filter(|&p_value| p_value == 0.0)));
    }
    Some((findings, tests))
}

fn effect(kind: Kind, found: &Comparison) -> Option<f64> {
    let part = match kind {
        Kind::Mean => found.bias? / found.closed_form,
        Kind::Variance => found.variance_ratio? - 1.0,
        Kind::Infinite => found.infinite_trials as f64 / found.infinite_expected? - 1.0,
        Kind::Fit | Kind::Exact => return None,
    };
    Some(part).filter(|part| part.is_finite())
}

/// Gathers the p-values of the histograms whose law is known: condition, estimator, p-value.
#[derive(Default)]
struct Fits(Vec<(usize, &'static str, f64)>);

impl Sink for Fits {
    type Error = Infallible;

    fn spelling(&self) -> Option<Spelling> {
        None
    }

    fn trials(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome) -> Result<(), Infallible> {
        for (place, cell) in job.cells.iter().enumerate() {
            let (Some(bins), Some(histogram)) = (&cell.bins, &outcome.summary.cell(place).histogram) else {
                continue;
            };
            let counts = bins.bins().iter().zip(histogram.counts());
            let known: Option<Vec<(f64, u64)>> = counts.map(|(bin, &count)| Some((bin.mass?, count))).collect();
            if let Some(p_value) = known.and_then(|bins| goodness_of_fit(&bins)) {
                self.0.push((cell.condition, cell.estimator.name(), p_value));
            }
        }
        Ok(())
    }
}
