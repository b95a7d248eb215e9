//! What an experiment file claims of the estimates of a program.

use kl_math::distribution::Pair;
use kl_math::numeric::{Unit, shortest};
use kl_sim::estimator::{ClaimedMean, Claims, Estimator, SameAs, Theory};
use std::sync::Arc;

/// What the exact mean of a program's estimates is claimed to be.
#[derive(Clone, Debug)]
pub enum Expected {
    /// KL(P‖Q): the estimator is unbiased.
    ClosedForm,
    /// A number in the unit of the experiment.
    Number(f64),
    /// The exact mean of a built-in estimator.
    MeanOf(Arc<dyn Estimator>),
}

/// The built-in estimator whose estimates a program is to make, trial by trial.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The built-in estimator.
    pub reference: Arc<dyn Estimator>,
    /// How far apart two estimates may be: see [`Reference`](kl_sim::simulation::Reference).
    pub tolerance: f64,
}

impl Twin {
    /// The tolerance unless a file says otherwise.
    pub const TOLERANCE: f64 = 1e-9;
}

/// What is claimed of a program's estimates.
#[derive(Clone, Debug, Default)]
pub struct ProgramClaims {
    /// Their exact mean.
    pub expected: Option<Expected>,
    /// The estimator whose estimates they equal.
    pub same_as: Option<Twin>,
}

impl ProgramClaims {
    /// How the claims are tested, in words; `None` if nothing is claimed.
    pub fn described(&self) -> Option<String> {
        let mean = self.expected.as_ref().map(|expected| match expected {
            Expected::ClosedForm => "its mean is tested against the closed form".to_owned(),
            Expected::Number(number) => format!("its mean is tested against {}", shortest(*number)),
            Expected::MeanOf(estimator) => format!("its mean is tested against the exact mean of {}", estimator.name()),
        });
        let twin = self.same_as.as_ref().map(|Twin { reference, tolerance }| {
            let tolerance = if *tolerance > 0.0 { format!("{tolerance:e}") } else { "0".to_owned() };
            format!("each estimate is compared with that of {}, tolerance {tolerance}", reference.name())
        });
        let all: Vec<String> = [mean, twin].into_iter().flatten().collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The built-in estimators that the claims name, each with the key that names it.
    pub fn references(&self) -> impl Iterator<Item = (&'static str, &Arc<dyn Estimator>)> {
        let of_mean = match &self.expected {
            Some(Expected::MeanOf(estimator)) => Some(("expected", estimator)),
            _ => None,
        };
        of_mean.into_iter().chain(self.same_as.as_ref().map(|twin| ("same_as", &twin.reference)))
    }
}

/// The claims in one condition.
#[derive(Debug)]
pub(super) struct ClaimsHere {
    mean: Option<Result<ClaimedMean, Arc<str>>>,
    /// Why the estimates cannot be compared with those of the other estimator.
    no_twin: Option<Arc<str>>,
}

impl ClaimsHere {
    pub(super) fn of(claims: &ProgramClaims, pair: &Pair, n: u64, unit: Unit) -> Self {
        let unsuited = |key: &str, estimator: &Arc<dyn Estimator>| -> Option<Arc<str>> {
            let reason = estimator.suits(pair, n).err()?;
            Some(format!("{key} = {:?} cannot be had here: {} {reason}", estimator.name(), estimator.name()).into())
        };
        let mean = claims.expected.as_ref().map(|expected| match expected {
            Expected::ClosedForm => {
                let theory = Theory::of_estimand(pair, n);
                Ok(ClaimedMean { value: theory.closed_form, error: theory.closed_form_error })
            }
            Expected::Number(number) => Ok(ClaimedMean { value: number / unit.of_nats(1.0), error: None }),
            Expected::MeanOf(estimator) => match unsuited("expected", estimator) {
                Some(reason) => Err(reason),
                None => {
                    let theory = estimator.theory(pair, n);
                    let unknown = || format!("the exact mean of {} is not known here", estimator.name()).into();
                    theory.mean.map(|value| ClaimedMean { value, error: theory.mean_error }).ok_or_else(unknown)
                }
            },
        });
        let no_twin = claims.same_as.as_ref().and_then(|twin| unsuited("same_as", &twin.reference));
        Self { mean, no_twin }
    }

    pub(super) fn of_program<'a>(&self, claims: &'a ProgramClaims) -> Claims<'a> {
        let same_as = claims.same_as.as_ref().map(|Twin { reference, tolerance }| match &self.no_twin {
            Some(reason) => Err(Arc::clone(reason)),
            None => Ok(SameAs { reference: reference.as_ref(), tolerance: *tolerance, within: 0.0 }),
        });
        Claims { mean: self.mean.clone(), same_as }
    }
}
