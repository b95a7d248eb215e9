//! What a plan estimates by.

use crate::programs::Program;
use kl_math::decision::StoppingRule;
use kl_math::distribution::{Behaviour, Pair};
use kl_sim::estimator::{Detail, Estimator, Theory};
use std::sync::Arc;

/// An estimator of a plan.
#[derive(Clone, Debug)]
pub enum PlannedEstimator {
    /// One of the estimators that a file may name.
    Estimator(Arc<dyn Estimator>),
    /// A program of the user's own.
    Program(Program),
}

impl PlannedEstimator {
    /// Its name in results, with its settings.
    pub fn name(&self) -> &str {
        match self {
            Self::Estimator(estimator) => estimator.name(),
            Self::Program(program) => &program.name,
        }
    }

    /// Whether it can work on sequences of `n` symbols of `pair`; or why it cannot, in a clause that follows its name.
    pub fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        match self {
            Self::Estimator(estimator) => estimator.suits(pair, n),
            Self::Program(program) => program.suits(pair, n),
        }
    }

    /// What is known of its estimates from `n` symbols: at least the estimand.
    pub fn theory(&self, pair: &Pair, n: u64) -> Theory {
        match self {
            Self::Estimator(estimator) => estimator.theory(pair, n),
            Self::Program(_) => Theory::of_estimand(pair, n),
        }
    }

    /// The same estimator of sequences that are drawn from S; none if it needs sequences from P.
    pub fn drawn_by(&self, behaviour: &Arc<Behaviour>) -> Option<Self> {
        match self {
            Self::Estimator(estimator) => estimator.drawn_by(behaviour).map(Self::Estimator),
            Self::Program(_) => None,
        }
    }

    /// The same estimator where a test ends each sequence by `rule`; none if it needs whole sequences.
    pub fn stopped_by(&self, rule: &StoppingRule, behaviour: Option<&Arc<Behaviour>>) -> Option<Self> {
        match self {
            Self::Estimator(estimator) => estimator.stopped_by(*rule, behaviour).map(Self::Estimator),
            Self::Program(_) => None,
        }
    }

    /// How many symbols from Q it needs beside the `n` from P.
    pub fn model_draws(&self, n: u64) -> Option<u64> {
        match self {
            Self::Estimator(estimator) => estimator.model_draws(n),
            Self::Program(program) => program.model_draws,
        }
    }

    /// How much of a sequence it has to see.
    pub fn detail(&self, pair: &Pair, n: u64) -> Detail {
        match self {
            Self::Estimator(estimator) => estimator.scorer(pair, n).detail(),
            Self::Program(program) => program.detail(),
        }
    }

    /// The estimator, if it is not a program.
    pub fn estimator(&self) -> Option<&dyn Estimator> {
        match self {
            Self::Estimator(estimator) => Some(estimator.as_ref()),
            Self::Program(_) => None,
        }
    }

    /// The program, if it is one.
    pub fn program(&self) -> Option<&Program> {
        match self {
            Self::Estimator(_) => None,
            Self::Program(program) => Some(program),
        }
    }
}

impl From<Arc<dyn Estimator>> for PlannedEstimator {
    fn from(estimator: Arc<dyn Estimator>) -> Self {
        Self::Estimator(estimator)
    }
}
