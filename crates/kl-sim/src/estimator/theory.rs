//! What is known beforehand of an estimator's estimates.

use super::{Estimator, LogRatio};
use kl_math::distribution::{ClosedFormSource, Pair};
use kl_math::divergence::{CumulantFunction, Cumulants, FiniteCumulants};
use kl_math::law::Law;
use kl_math::numeric::DoubleDouble;
use std::sync::Arc;

/// The exact facts about one estimate from N symbols, in nats per symbol. What is not known is `None`.
#[derive(Clone, Debug)]
pub struct Theory {
    /// The estimand: KL(P‖Q), for sequences with memory that of N symbols over N.
    pub closed_form: f64,
    /// Where it is from.
    pub source: ClosedFormSource,
    /// How far it may be off, if it is not from a formula that keeps its digits.
    pub closed_form_error: Option<f64>,
    /// What the estimand and N times the variance tend to as sequences grow, where they depend on N.
    pub rate: Option<Rate>,
    /// E\[estimate\].
    pub mean: Option<f64>,
    /// How far it may be off, if it is not from a formula that keeps its digits.
    pub mean_error: Option<f64>,
    /// The size of the numbers that an estimate is computed from: rounding moves it by some ulp of this.
    pub scale: f64,
    /// Var\[estimate\].
    pub variance: Option<f64>,
    /// Excess kurtosis of the estimate, κ₄/κ₂².
    pub excess_kurtosis: Option<f64>,
    /// The independent contributions that the estimate is a mean of.
    pub contributions: Option<Contributions>,
    /// The exact law of the estimate, where it has few atoms or follows from a sum whose law is known.
    pub law: Option<Law>,
    /// The chance that the estimate is infinite.
    pub infinite_mass: DoubleDouble,
}

impl Theory {
    /// Of an estimator of which nothing is known but what it is to estimate, from `n` symbols.
    pub fn of_estimand(pair: &Pair, n: u64) -> Self {
        let (closed_form, source, closed_form_error, rate) = match pair {
            Pair::Chains(_) => {
                let known = LogRatio.theory(pair, n);
                (known.closed_form, known.source, known.closed_form_error, known.rate)
            }
            Pair::Symbols(_) | Pair::Values(_) => {
                let known = Cumulants::of(pair);
                (known.mean, known.source, known.error, None)
            }
        };
        Self {
            closed_form,
            source,
            closed_form_error,
            rate,
            mean: None,
            mean_error: None,
            scale: closed_form.abs(),
            variance: None,
            excess_kurtosis: None,
            contributions: None,
            law: None,
            infinite_mass: DoubleDouble::ZERO,
        }
    }

    /// How far apart rounding and the error of the mean may put the estimates and their expected mean, nats.
    ///
    /// An estimate is a sum of few products: some ulp of its [`scale`](Self::scale). A mean that is a formula is right to
    /// 1e-13 of itself.
    pub fn uncertainty(&self) -> f64 {
        const ROUNDING: f64 = 1e-15;
        const FORMULA: f64 = 1e-13;
        let of_mean = self.mean.filter(|mean| mean.is_finite()).map_or(0.0, |mean| FORMULA * mean.abs());
        let scale = if self.scale.is_finite() { self.scale } else { 0.0 };
        of_mean.max(self.mean_error.unwrap_or(0.0)) + ROUNDING * scale
    }

    /// The value about which moments of the estimates are summed: their mean, or else the estimand, if it is finite.
    pub fn centre(&self) -> Option<f64> {
        self.mean.filter(|mean| mean.is_finite()).or(Some(self.closed_form).filter(|mean| mean.is_finite()))
    }
}

/// Limits of sequences with memory, per symbol.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The KL rate, nats.
    pub mean: f64,
    /// The asymptotic variance, lim N Var\[L\], nats²; none where the rate is infinite.
    pub variance: Option<f64>,
}

/// Independent copies of Y, whose mean is the distance of the estimate from its own mean.
#[derive(Clone, Debug)]
pub struct Contributions {
    /// K of Y.
    pub cumulants: ContributionCumulants,
    /// How many.
    pub count: u64,
}

/// K of a contribution.
#[derive(Clone, Debug)]
pub enum ContributionCumulants {
    /// A symbol of a finite alphabet.
    Symbol(FiniteCumulants),
    /// Anything else.
    Other(Arc<dyn CumulantFunction>),
}

impl ContributionCumulants {
    /// K itself.
    pub fn function(&self) -> &dyn CumulantFunction {
        match self {
            Self::Symbol(function) => function,
            Self::Other(function) => function.as_ref(),
        }
    }
}
