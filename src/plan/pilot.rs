//! Pilots: short runs that find the variances that a goal needs and theory does not give.

use super::Aim;
use serde_json::{Value, json};

/// The trials of a pilot in each condition. They are not part of the results.
pub const PILOT_TRIALS: u64 = 1_000;

/// The least number of them that must have an estimate.
pub const LEAST_PILOT_ESTIMATES: usize = 100;

/// The probability, about, that the true variance exceeds the bound that the trials of a condition follow from.
pub const PILOT_MISS: f64 = 0.01;

/// Whether the trials of a plan depend on a pilot.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pilot {
    /// They do not.
    #[default]
    None,
    /// They do, and it has not run: conditions have the trials that follow from theory alone.
    Pending {
        /// The goal.
        aim: Aim,
        /// The places of the condition and of the estimator whose variance is unknown.
        rows: Vec<(usize, usize)>,
        /// The level of the test of the mean of each of them, if a bias is to be detected.
        level: f64,
    },
    /// They do, and it has run.
    Done(Vec<PilotResult>),
}

impl Pilot {
    /// What the pilot found; nothing if none has run.
    pub fn results(&self) -> &[PilotResult] {
        match self {
            Self::Done(results) => results,
            Self::None | Self::Pending { .. } => &[],
        }
    }

    /// The places of the condition and the estimator of each row whose variance is still unknown.
    pub fn pending(&self) -> &[(usize, usize)] {
        match self {
            Self::Pending { rows, .. } => rows,
            Self::None | Self::Done(_) => &[],
        }
    }
}

/// What a pilot found of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct PilotResult {
    /// The place of the condition in the plan.
    pub condition: usize,
    /// The name of the estimator.
    pub estimator: String,
    /// The pilot's trials that have an estimate.
    pub estimates: u64,
    /// Their variance, in the unit of the experiment.
    pub variance: f64,
    /// The bound on the true variance, in the same unit.
    pub bound: f64,
    /// The number of trials with which the goal is reached if the variance is that bound.
    pub trials: u64,
}

impl PilotResult {
    /// The result as in the manifest and in the output of `runner plan`.
    pub fn json(&self) -> Value {
        json!({
            "condition": self.condition + 1,
            "estimator": self.estimator,
            "pilot_trials": self.estimates,
            "variance": self.variance,
            "variance_bound": self.bound,
            "trials": self.trials,
        })
    }
}
