//! One point of the grid.

use super::{PlannedEstimator, PlannedTest};
use kl_math::decision::StoppingRule;
use kl_math::distribution::{Behaviour, Distribution, Pair};
use std::sync::Arc;

/// P and Q of a condition; conditions with the same two share them.
#[derive(Clone, Debug)]
pub enum Laws {
    /// They can be compared.
    Compared(Arc<Pair>),
    /// They cannot: nothing is known of their log ratio.
    Uncompared {
        /// P.
        source: Arc<Distribution>,
        /// Q.
        model: Arc<Distribution>,
        /// Why.
        reason: Arc<str>,
    },
}

impl Laws {
    /// The source P.
    pub fn source(&self) -> &Arc<Distribution> {
        match self {
            Self::Compared(pair) => pair.source(),
            Self::Uncompared { source, .. } => source,
        }
    }

    /// The model Q.
    pub fn model(&self) -> &Arc<Distribution> {
        match self {
            Self::Compared(pair) => pair.model(),
            Self::Uncompared { model, .. } => model,
        }
    }
}

/// Why a condition whose P and Q can be compared, or some of its rows, cannot be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Refusal {
    /// All of it can.
    #[default]
    None,
    /// The sampler cannot draw its sequences.
    Sampler(Arc<str>),
    /// Some estimators cannot work here: the place of each in [`Plan::estimators`](super::Plan::estimators), and why.
    Estimators(Vec<(usize, Arc<str>)>),
}

/// A pair, a length, and how often to try.
#[derive(Clone, Debug)]
pub struct Condition {
    /// P and Q.
    pub laws: Laws,
    /// S beside P and Q, where sequences are drawn from another distribution than P.
    pub drawn: Option<Arc<Behaviour>>,
    /// How trials decide between P and Q, if they do.
    pub test: Option<Arc<PlannedTest>>,
    /// Each of [`Plan::estimators`](super::Plan::estimators) as it works here, where that is not as it is written: on sequences from S,
    /// or on those that a test ends. Those that cannot are refused.
    pub bound: Option<Arc<[PlannedEstimator]>>,
    /// N, the symbols of a sequence: 1 to [`MAX_LENGTH`](super::MAX_LENGTH).
    pub n: u64,
    /// How many sequences: 1 to [`MAX_TRIALS`](super::MAX_TRIALS).
    pub trials: u64,
    /// What this condition sets each of [`Plan::setting_names`](super::Plan::setting_names) to.
    pub settings: Vec<String>,
    /// The name that the user gives it, empty if none: the labels of its case and of its values in the grid.
    pub label: Arc<str>,
    /// What of it cannot be had.
    pub refusal: Refusal,
}

impl Condition {
    /// The source P.
    pub fn source(&self) -> &Arc<Distribution> {
        self.laws.source()
    }

    /// The model Q.
    pub fn model(&self) -> &Arc<Distribution> {
        self.laws.model()
    }

    /// P and Q, where they can be compared.
    pub fn pair(&self) -> Option<&Arc<Pair>> {
        match &self.laws {
            Laws::Compared(pair) => Some(pair),
            Laws::Uncompared { .. } => None,
        }
    }

    /// When the test of a sequence ends, if that is not at a fixed length.
    pub fn rule(&self) -> Option<&StoppingRule> {
        self.test.as_ref()?.rule()
    }

    /// What sequences are drawn from: P, or S.
    pub fn drawn_from(&self) -> &Arc<Distribution> {
        self.drawn.as_ref().map_or_else(|| self.source(), |behaviour| behaviour.drawn().source())
    }

    /// What sequences are drawn from and Q, where there is something to sample and to score: estimators are given this pair.
    pub fn sampled_pair(&self) -> Option<&Arc<Pair>> {
        let pair = self.pair().filter(|_| !matches!(self.refusal, Refusal::Sampler(_)))?;
        Some(self.drawn.as_ref().map_or(pair, |behaviour| behaviour.drawn()))
    }

    /// One of the plan's estimators, by its place, as it works here.
    pub fn estimator<'a>(&'a self, estimators: &'a [PlannedEstimator], place: usize) -> Option<&'a PlannedEstimator> {
        self.bound.as_deref().unwrap_or(estimators).get(place)
    }

    /// Why there is nothing to sample or to score, if there is not.
    pub fn refused(&self) -> Option<&Arc<str>> {
        match (&self.laws, &self.refusal) {
            (Laws::Uncompared { reason, .. }, _) | (_, Refusal::Sampler(reason)) => Some(reason),
            _ => None,
        }
    }

    /// Whether there is nothing to sample or to score.
    pub fn is_refused(&self) -> bool {
        self.refused().is_some()
    }

    /// Why there are no estimates of the estimator at that place in the plan, if there are none.
    pub fn refusal_of(&self, estimator: usize) -> Option<&Arc<str>> {
        let of_estimator = || match &self.refusal {
            Refusal::Estimators(refused) => {
                refused.iter().find(|(place, _)| *place == estimator).map(|(_, reason)| reason)
            }
            Refusal::None | Refusal::Sampler(_) => None,
        };
        self.refused().or_else(of_estimator)
    }
}
