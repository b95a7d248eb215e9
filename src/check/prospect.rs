//! What a condition could show, before it runs.

use super::power::detectable;
use super::{Kind, Power};
use crate::plan::Plan;
use kl_sim::estimator::Estimator;
use rayon::prelude::*;

/// What is expected of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospect {
    /// The condition's place in the plan, from 0.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// The estimand, nats per symbol.
    pub closed_form: f64,
    /// The Monte Carlo standard error of the mean, where the variance is known and finite.
    pub mcse: Option<f64>,
    /// How many trials are infinite, where any can be.
    pub infinite: Option<f64>,
    /// The least bias that is seen but for a chance of [`MISS`](super::MISS), as a part of D.
    pub bias: Option<Power>,
    /// The least relative change of the variance, likewise.
    pub variance: Option<Power>,
}

impl Prospect {
    /// Of every condition and estimator of a plan, at the level of the first step of Holm's procedure over all their tests.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let conditions = plan.conditions.iter().enumerate();
        let cells: Vec<(usize, &dyn Estimator)> = conditions
            .flat_map(|(index, condition)| plan.estimators_of(condition).map(move |(_, estimator)| (index, estimator)))
            .collect();
        // A mean and a variance each.
        let level = plan.check.false_alarm.get() / (2 * cells.len()).max(1) as f64;
        cells
            .par_iter()
            .filter_map(|&(condition, estimator)| Self::of_cell(plan, condition, estimator, level))
            .collect()
    }

    fn of_cell(plan: &Plan, place: usize, estimator: &dyn Estimator, level: f64) -> Option<Self> {
        let condition = plan.conditions.get(place)?;
        let theory = estimator.theory(condition.pair()?, condition.n);
        let trials = condition.trials as f64;
        let variance = theory.variance.filter(|variance| variance.is_finite());
        let mass = theory.infinite_mass.to_f64();
        let power = |test: Kind| detectable(&theory, trials, test, level).map(|detectable| Power { detectable });
        Some(Self {
            condition: place,
            estimator: estimator.name().to_owned(),
            closed_form: theory.closed_form,
            mcse: variance.map(|variance| (variance / trials).sqrt()),
            infinite: (mass > 0.0).then_some(mass * trials),
            bias: power(Kind::Mean),
            variance: power(Kind::Variance),
        })
    }
}
