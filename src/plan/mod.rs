//! Floor 1: an experiment as meant. Nothing here can hold nonsense, and nothing knows how it was written.

mod aim;
mod check;
mod condition;
mod group;
mod limits;
mod record;
mod sampler;
mod seed;

pub use aim::{Aim, Goal, MISS, Unreachable};
pub use check::{Chance, CheckSettings};
pub use condition::{Condition, Laws, Refusal};
pub use group::Group;
pub use limits::{MAX_CONDITIONS, MAX_LENGTH, MAX_TALLIED, MAX_TRIALS};
pub use record::Record;
pub use sampler::SamplerKind;
pub use seed::Seed;

use kl_math::statistics::Unit;
use kl_sim::estimator::{Estimator, Program};
use std::path::PathBuf;
use std::sync::Arc;

/// One experiment, ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its name: the file's stem.
    pub experiment: String,
    /// Where programs of the user's own are started: the folder of the file.
    pub folder: PathBuf,
    /// What it asks, in the user's words.
    pub question: Option<String>,
    /// Where its random numbers start.
    pub seed: Seed,
    /// The unit its results are written in.
    pub unit: Unit,
    /// Whether each trial is kept.
    pub record: Record,
    /// How sequences are made.
    pub sampler: SamplerKind,
    /// How strict regression checks are.
    pub check: CheckSettings,
    /// The estimators, in order, each once.
    pub estimators: Vec<Arc<dyn Estimator>>,
    /// The place of the one that the others' precision is held against.
    pub reference: usize,
    /// How often intervals about the estimates should hold the estimand, if such intervals are to be tried.
    pub level: Option<Chance>,
    /// Trials in each condition; the most of any, where they differ.
    pub trials: u64,
    /// The key paths that conditions differ in, N aside: one CSV column each.
    pub setting_names: Vec<String>,
    /// At least one, in order: case, grid keys as written, N last.
    pub conditions: Vec<Condition>,
    /// The spec with defaults and overrides filled in: the same for two files that mean the same.
    pub resolved: serde_json::Map<String, serde_json::Value>,
}

impl Plan {
    /// Whether performance measures are wanted: there are several estimators, or intervals.
    pub fn has_measures(&self) -> bool {
        self.estimators.len() > 1 || self.level.is_some()
    }

    /// The estimators that are programs of the user's own, with those programs.
    pub fn programs(&self) -> impl Iterator<Item = (&str, &Program)> {
        self.estimators.iter().filter_map(|estimator| Some((estimator.name(), estimator.program()?)))
    }

    /// The estimators that can work on a condition, with their places.
    pub fn estimators_of<'a>(&'a self, condition: &'a Condition) -> impl Iterator<Item = (usize, &'a dyn Estimator)> {
        let estimators = self.estimators.iter().map(Arc::as_ref).enumerate();
        estimators.filter(|(place, _)| condition.refusal_of(*place).is_none())
    }

    /// The rows that cannot be had: the condition's place, the condition, the estimator, and why.
    pub fn refused(&self) -> impl Iterator<Item = (usize, &Condition, &dyn Estimator, &Arc<str>)> {
        self.conditions.iter().enumerate().flat_map(|(index, condition)| {
            let estimators = self.estimators.iter().enumerate();
            estimators.filter_map(move |(place, estimator)| {
                Some((index, condition, estimator.as_ref(), condition.refusal_of(place)?))
            })
        })
    }

    /// The estimator of that name.
    pub fn estimator(&self, name: &str) -> Option<&dyn Estimator> {
        self.estimators.iter().map(Arc::as_ref).find(|estimator| estimator.name() == name)
    }

    /// How many symbols are drawn in all: conditions of a group share theirs.
    pub fn symbols(&self) -> u128 {
        self.groups().iter().map(|group| u128::from(group.n) * u128::from(group.trials)).sum()
    }

    /// The fewest and the most trials of a condition.
    pub fn trial_range(&self) -> (u64, u64) {
        let all = || self.conditions.iter().map(|condition| condition.trials);
        (all().min().unwrap_or(self.trials), all().max().unwrap_or(self.trials))
    }

    /// The conditions that share a source and a length, and so see the same sequences.
    pub fn groups(&self) -> Vec<Group> {
        group::groups(&self.conditions)
    }
}
