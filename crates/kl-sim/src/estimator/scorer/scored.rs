//! From batches to estimates, trial by trial.

use super::batch::{Batch, Detail};
use kl_math::decision::Decision;

/// The estimate from one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredTrial {
    /// The estimate, nats per symbol; NaN where the estimator has failed.
    pub estimate: f64,
    /// The estimator's own standard error, if it gives one.
    pub std_error: Option<f64>,
    /// How many symbols it used.
    pub length: u64,
    /// What it decides, if it is a test that may end before the sequence does.
    pub decision: Option<Decision>,
}

impl ScoredTrial {
    /// The estimate from all `length` symbols, without a standard error.
    pub fn of(estimate: f64, length: u64) -> Self {
        Self { estimate, std_error: None, length, decision: None }
    }

    /// A trial of `length` symbols that has no estimate.
    pub fn failed(length: u64) -> Self {
        Self::of(f64::NAN, length)
    }

    /// Whether there is no estimate.
    pub fn is_failed(&self) -> bool {
        self.estimate.is_nan()
    }
}

/// Turns batches into estimates. It keeps what it needs of a sequence that comes in segments.
pub trait Scorer: Send {
    /// How much of the sequences it has to see.
    fn detail(&self) -> Detail;

    /// Takes the next segment and adds an estimate for each trial that ends with it.
    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>);

    /// Adds the estimates of the trials that have ended without one: a scorer may wait for more trials to score them together.
    fn settle(&mut self, _scored: &mut Vec<ScoredTrial>) {}

    /// The estimate from the first `length` symbols of the current trial, which are all that it has seen of it.
    fn running(&self, length: u64) -> f64;

    /// After how many symbols the current trial has ended, if that was before the sequence did.
    fn ended_at(&self) -> Option<u64> {
        None
    }
}
