//! What is claimed of estimates that something outside of this library makes.

use super::Estimator;
use std::sync::Arc;

/// Claims to test. An `Err` says why a claim cannot be tested here.
#[derive(Clone, Debug, Default)]
pub struct Claims<'a> {
    /// The exact mean of the estimates.
    pub mean: Option<Result<ClaimedMean, Arc<str>>>,
    /// The estimator whose estimates they equal, trial by trial.
    pub same_as: Option<Result<SameAs<'a>, Arc<str>>>,
}

/// An exact mean that is claimed, nats per symbol.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClaimedMean {
    /// The mean.
    pub value: f64,
    /// How far the number may be off, if it is not from a formula.
    pub error: Option<f64>,
}

/// Another estimator that makes the same estimates.
#[derive(Clone, Copy, Debug)]
pub struct SameAs<'a> {
    /// The other estimator.
    pub reference: &'a dyn Estimator,
    /// How far apart two estimates may be, as a part of their size.
    pub tolerance: f64,
    /// How far apart they may be besides, nats per symbol: 0 if they are the same but for rounding.
    pub within: f64,
}
