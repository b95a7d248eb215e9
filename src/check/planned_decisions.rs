//! What tests will decide and how long they take, before anything runs.

use crate::experiment::{TruthName, decision_theory};
use crate::plan::{DECIDING, Plan};
use kl_math::decision::Decision;
use kl_math::decision::fixed::smallest_length;
use rayon::prelude::*;

/// What is known beforehand of the test of one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedDecisions {
    /// The index of the condition in the plan.
    pub condition: usize,
    /// What its sequences are drawn from.
    pub truth: TruthName,
    /// The exact chance of each end, by [`Decision::ALL`], if it is known.
    pub chances: Option<[f64; 3]>,
    /// The exact mean number of symbols.
    pub expected_length: Option<f64>,
    /// The smallest length of a test of fixed length with the wanted alpha and beta, if both are wanted.
    pub smallest_n: Option<u64>,
    /// How many trials make the standard error of each rate no larger than is wanted; where chances are not known, of any rate.
    pub trials: u64,
}

impl PlannedDecisions {
    /// That of each condition with a test, for a standard error of `error`.
    pub fn of(plan: &Plan, error: f64) -> Vec<Self> {
        let one = |(index, condition): (usize, &crate::plan::Condition)| {
            let test = condition.test.as_deref().filter(|_| !condition.is_refused())?;
            let by = plan.estimator_of(condition, DECIDING)?.estimator()?;
            let theory = decision_theory(condition, by);
            let widest = |chances: &[f64; 3]| chances.iter().map(|chance| chance * (1.0 - chance)).fold(0.0, f64::max);
            let spread = theory.as_ref().map_or(0.25, |theory| widest(&theory.chances));
            let law = theory.as_ref().and_then(|theory| theory.law.as_deref());
            let wanted = test.wanted().zip(condition.pair());
            // A number that is whole but for rounding is that number.
            let trials = (spread / error / error * (1.0 - 1e-12)).ceil().clamp(1.0, 1e18) as u64;
            Some(Self {
                condition: index,
                truth: TruthName::of(condition),
                chances: theory.as_ref().map(|theory| theory.chances),
                expected_length: match test.rule() {
                    Some(_) => law.map(|law| law.mean_length()),
                    None => Some(condition.n as f64),
                },
                smallest_n: wanted.and_then(|((alpha, beta), pair)| Some(smallest_length(pair, alpha, beta)?.n)),
                trials,
            })
        };
        plan.conditions.par_iter().enumerate().filter_map(one).collect()
    }

    /// The chance of an end.
    pub fn chance(&self, decision: Decision) -> Option<f64> {
        self.chances.and_then(|chances| chances.get(decision as usize).copied())
    }
}
