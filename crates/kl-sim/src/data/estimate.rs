//! One estimate from given data.

use crate::estimator::BiasOrder;
use kl_math::numeric::normal_quantile;

/// How a standard error was had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorMethod {
    /// By the delta method.
    Delta,
    /// By leaving out each symbol once.
    Jackknife,
    /// From samples drawn again with replacement.
    Bootstrap,
    /// From disjoint parts of the data.
    Parts,
    /// From the spread of the terms of a mean.
    Spread,
    /// From the spread over sequences, whose tokens may depend on each other.
    Clusters,
}

/// Why an estimate has no standard error, or is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The estimate is infinite.
    Infinite,
    /// Some estimates from samples drawn again are infinite.
    InfiniteResamples,
    /// There are too few data.
    TooFew,
    /// One symbol only was seen from P: nothing tells how its share varies.
    OneSymbol,
    /// Values coincide: a distance is 0.
    Coincide,
    /// The estimate is so far below 0 that no KL(P‖Q) is within its interval.
    BelowZero,
}

/// An estimate of KL(P‖Q) in nats, and what is known of its error.
#[derive(Clone, Debug, PartialEq)]
pub struct DataEstimate {
    /// The name of the estimator.
    pub estimator: String,
    /// The estimate; none if there is no number.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// How that was had.
    pub method: Option<ErrorMethod>,
    /// The limits of an interval for KL(P‖Q).
    pub interval: Option<[f64; 2]>,
    /// Its bias, if that is known or was estimated.
    pub bias: Option<f64>,
    /// How its bias falls with the sample.
    pub bias_order: BiasOrder,
    /// Why a number is missing.
    pub lack: Option<Lack>,
}

impl DataEstimate {
    /// An estimate of which nothing else is known yet.
    pub(super) fn new(estimator: impl Into<String>, estimate: Option<f64>) -> Self {
        let lack = estimate.filter(|estimate| !estimate.is_finite()).map(|_| Lack::Infinite);
        Self {
            estimator: estimator.into(),
            estimate,
            std_error: None,
            method: None,
            interval: None,
            bias: None,
            bias_order: BiasOrder::Unknown,
            lack,
        }
    }

    /// With a standard error and the D ≥ 0 of the interval estimate − bias ± z se.
    #[must_use]
    pub(super) fn with_std_error(self, std_error: f64, method: ErrorMethod, quantile: f64) -> Self {
        let centre = self.estimate.map(|estimate| estimate - self.bias.unwrap_or(0.0));
        let limits = |centre: f64| [-1.0, 1.0].map(|sign| centre + sign * quantile * std_error);
        let interval = centre.map(limits).filter(|[_, high]| *high >= 0.0).map(|[low, high]| [low.max(0.0), high]);
        Self { std_error: Some(std_error), method: Some(method), ..self }.with_interval(interval)
    }

    /// With an interval; without one, since no D ≥ 0 is in it.
    #[must_use]
    pub(super) fn with_interval(self, interval: Option<[f64; 2]>) -> Self {
        let lack = if interval.is_none() { self.lack.or(Some(Lack::BelowZero)) } else { self.lack };
        Self { interval, lack, ..self }
    }

    /// Without an interval if its mean is not KL(P‖Q), however much data there are.
    #[must_use]
    pub(super) fn without_interval_if_lasting(self) -> Self {
        match self.bias_order {
            BiasOrder::Lasting => {
                Self { interval: None, lack: self.lack.filter(|&lack| lack != Lack::BelowZero), ..self }
            }
            _ => self,
        }
    }

    /// Without a standard error, for a reason.
    #[must_use]
    pub(super) fn lacking(self, lack: Lack) -> Self {
        Self { lack: self.lack.or(Some(lack)), ..self }
    }
}

/// The two-sided quantile of a normal variable at a level such as 0.95.
pub(super) fn quantile(level: f64) -> f64 {
    normal_quantile(0.5 * (1.0 - level))
}

/// How data are drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// The seed of the streams.
    pub seed: u64,
    /// How many times.
    pub resamples: u64,
    /// Whether all standard errors are had so, or those alone for which there is no formula.
    pub everywhere: bool,
}
