//! A checked experiment: every value is valid, and nothing depends on how the file was written.

mod aim;
mod check;
mod condition;
mod cost;
mod curve;
mod cut;
mod estimator;
mod forecast;
mod group;
mod limits;
mod pilot;
mod record;
mod seed;
mod test;

pub use aim::{Aim, Goal, MISS, Unreachable};
pub use check::{Chance, CheckSettings, Tolerance};
pub use condition::{Condition, Laws, Refusal};
pub use cost::{group_cost, keeps_counts_alone, trial_cost};
pub use curve::{CURVE_POINTS, Curve};
pub use cut::{BlockRow, MOST_PARTS, PartNumber, PartNumberError, Place};
pub use estimator::PlannedEstimator;
pub use forecast::PartForecast;
pub use group::{Group, is_same};
pub use kl_sim::simulation::SamplerKind;
pub use limits::{DETAILED_CONDITIONS, MAX_CONDITIONS, MAX_LENGTH, MAX_TALLIED, MAX_TRIALS};
pub use pilot::{LEAST_PILOT_ESTIMATES, PILOT_MISS, PILOT_TRIALS, Pilot, PilotResult};
pub use record::Record;
pub use seed::Seed;
pub use test::{DECIDING, FixedKind, PlannedFixedTest, PlannedSequentialTest, PlannedTest, SequentialKind};

use crate::programs::Program;
use kl_math::statistics::Unit;
use kl_sim::estimator::split_component;
use std::path::PathBuf;
use std::sync::Arc;

/// One experiment, ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name: the stem of the file name.
    pub experiment: String,
    /// The file, as the user named it.
    pub file: String,
    /// The folder of the file, in which users' programs are started.
    pub folder: PathBuf,
    /// The question, in the user's words.
    pub question: Option<String>,
    /// The seed of its random numbers.
    pub seed: Seed,
    /// The unit of its results.
    pub unit: Unit,
    /// Whether each trial is recorded.
    pub record: Record,
    /// How trials are drawn.
    pub sampler: SamplerKind,
    /// The settings of regression checks.
    pub check: CheckSettings,
    /// The estimators in order, without repetition.
    pub estimators: Vec<PlannedEstimator>,
    /// The index of the estimator that the precision of the others is compared with.
    pub reference: usize,
    /// The nominal coverage of confidence intervals, if they are to be assessed.
    pub level: Option<Chance>,
    /// The trials of each condition; the largest number where they differ.
    pub trials: u64,
    /// Whether these depend on a pilot, and what it found.
    pub pilot: Pilot,
    /// The key paths that vary, without N: one CSV column each.
    pub setting_names: Vec<String>,
    /// The conditions, at least one, by case, by grid key as written, by N.
    pub conditions: Vec<Condition>,
    /// The experiment with defaults and overrides filled in: the same for two files with the same meaning.
    pub resolved: serde_json::Map<String, serde_json::Value>,
}

impl Plan {
    /// Records the estimate of each trial, as `--record` does.
    pub fn record_trials(&mut self) {
        self.record = Record::Csv;
        if let Some(record) = self.resolved.get_mut("record") {
            *record = Record::Csv.name().into();
        }
    }

    /// Whether performance measures are needed: there are several estimators, or intervals.
    pub fn has_measures(&self) -> bool {
        self.estimators.len() > 1 || self.level.is_some()
    }

    /// Whether its trials decide between P and Q.
    pub fn has_decisions(&self) -> bool {
        self.conditions.iter().any(|condition| condition.test.is_some())
    }

    /// Whether its estimators are of the components of a gradient.
    pub fn has_components(&self) -> bool {
        self.estimators.first().is_some_and(|estimator| split_component(estimator.name()).1.is_some())
    }

    /// The estimators that are users' programs.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        self.estimators.iter().filter_map(PlannedEstimator::program)
    }

    /// The estimators that can work on a condition, with their indices.
    pub fn estimators_of<'a>(
        &'a self,
        condition: &'a Condition,
    ) -> impl Iterator<Item = (usize, &'a PlannedEstimator)> {
        let able = (0..self.estimators.len()).filter(|&place| condition.refusal_of(place).is_none());
        able.filter_map(|place| Some((place, condition.estimator(&self.estimators, place)?)))
    }

    /// The rows without estimates: the index of the condition, the condition, the estimator, and the reason.
    pub fn refused(&self) -> impl Iterator<Item = (usize, &Condition, &PlannedEstimator, &Arc<str>)> {
        self.conditions.iter().enumerate().flat_map(|(index, condition)| {
            let estimators = self.estimators.iter().enumerate();
            estimators
                .filter_map(move |(place, estimator)| Some((index, condition, estimator, condition.refusal_of(place)?)))
        })
    }

    /// The estimator of that name.
    pub fn estimator(&self, name: &str) -> Option<&PlannedEstimator> {
        self.estimators.iter().find(|estimator| estimator.name() == name)
    }

    /// The estimator of that name as it works on a condition.
    pub fn estimator_of<'a>(&'a self, condition: &'a Condition, name: &str) -> Option<&'a PlannedEstimator> {
        let place = self.estimators.iter().position(|estimator| estimator.name() == name)?;
        condition.estimator(&self.estimators, place)
    }

    /// The total number of symbols drawn; the conditions of a group share theirs.
    pub fn symbols(&self) -> u128 {
        self.groups().iter().map(|group| u128::from(group.n) * u128::from(group.trials)).sum()
    }

    /// The smallest and the largest number of trials of a condition.
    pub fn trial_range(&self) -> (u64, u64) {
        let all = || self.conditions.iter().map(|condition| condition.trials);
        (all().min().unwrap_or(self.trials), all().max().unwrap_or(self.trials))
    }

    /// The groups of conditions that share a source, a length and a number of trials, and so the same sequences.
    pub fn groups(&self) -> Vec<Group> {
        group::groups(&self.conditions)
    }
}
