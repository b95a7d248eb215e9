//! One point of the grid.

use kl_math::distribution::Pair;
use std::sync::Arc;

/// Why a condition, or some of its rows, cannot be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Refusal {
    /// All of it can.
    #[default]
    None,
    /// P and Q cannot be compared: the pair says what they are, and nothing else.
    Pair(Arc<str>),
    /// The sampler cannot draw its sequences.
    Sampler(Arc<str>),
    /// Some estimators cannot work here: the place of each in [`Plan::estimators`](super::Plan::estimators), and why.
    Estimators(Vec<(usize, Arc<str>)>),
}

/// A pair, a length, and how often to try.
#[derive(Clone, Debug)]
pub struct Condition {
    /// P and Q; conditions with the same two share them.
    pub pair: Arc<Pair>,
    /// N, the symbols of a sequence: 1 to [`MAX_LENGTH`](super::MAX_LENGTH).
    pub n: u64,
    /// How many sequences: 1 to [`MAX_TRIALS`](super::MAX_TRIALS).
    pub trials: u64,
    /// What this condition sets each of [`Plan::setting_names`](super::Plan::setting_names) to.
    pub settings: Vec<String>,
    /// What of it cannot be had.
    pub refusal: Refusal,
}

impl Condition {
    /// Whether there is nothing to sample or to score.
    pub fn is_refused(&self) -> bool {
        matches!(self.refusal, Refusal::Pair(_) | Refusal::Sampler(_))
    }

    /// Whether P and Q cannot be compared, so that nothing is known of their log ratio.
    pub fn is_uncompared(&self) -> bool {
        matches!(self.refusal, Refusal::Pair(_))
    }

    /// Why there are no estimates of the estimator at that place in the plan, if there are none.
    pub fn refusal_of(&self, estimator: usize) -> Option<&Arc<str>> {
        match &self.refusal {
            Refusal::None => None,
            Refusal::Pair(reason) | Refusal::Sampler(reason) => Some(reason),
            Refusal::Estimators(refused) => {
                refused.iter().find(|(place, _)| *place == estimator).map(|(_, reason)| reason)
            }
        }
    }
}
