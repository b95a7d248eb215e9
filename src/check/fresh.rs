//! Fresh trials, drawn with a seed of their own and tested against theory.

use super::TheoryTest;
use super::interim::{InterimTests, Protocol};
use crate::experiment::{RunContext, Sampling, run_with_interim_analyses};
use crate::plan::{Plan, Seed};
use kl_sim::simulation::FieldHash;

/// The tests of the fresh trials of one plan.
#[derive(Clone, Debug, PartialEq)]
pub struct FreshTrials {
    /// The seed of the trials.
    pub seed: Seed,
    /// The tests, by condition and estimator.
    pub tests: Vec<TheoryTest>,
    /// The number of trials drawn, without those that are only tallied.
    pub drawn: u128,
    /// The number of such trials in the plan.
    pub planned: u128,
}

/// The seed of fresh trials: different for each text, and the same for the same text.
///
/// ```
/// use kl_runner::check::fresh_seed;
/// use kl_runner::plan::Seed;
/// let seed = Seed::new(57).expect("small enough");
/// assert_eq!(fresh_seed(seed, ""), fresh_seed(seed, ""));
/// assert_ne!(fresh_seed(seed, ""), fresh_seed(seed, "3f2c1a7"));
/// assert_ne!(fresh_seed(seed, ""), seed);
/// ```
pub fn fresh_seed(seed: Seed, text: &str) -> Seed {
    let hash = FieldHash::default().field(b"kl-runner check").field(&seed.get().to_le_bytes());
    let digest = hash.field(text.as_bytes()).finish();
    let bytes = digest.first_chunk::<8>().copied().unwrap_or_default();
    Seed::new(u64::from_le_bytes(bytes) >> 1).unwrap_or_default()
}

/// Runs all tests of `plan` with the seed of the plan; returns none if the run was cancelled.
pub fn fresh_trials(
    plan: &Plan,
    protocol: Protocol<'_>,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
) -> Option<FreshTrials> {
    let mut fresh = FreshTrials { seed: plan.seed, tests: Vec::new(), drawn: 0, planned: 0 };
    for group in plan.groups() {
        let mut interim = InterimTests::new(protocol, plan);
        if !run_with_interim_analyses(plan, &group, sampling, run, &mut interim) {
            return None;
        }
        if let Some(drawn) = interim.drawn() {
            fresh.drawn += u128::from(drawn);
            fresh.planned += u128::from(group.trials);
        }
        fresh.tests.extend(interim.into_tests());
    }
    fresh.tests.sort_by_key(|test| test.condition);
    Some(fresh)
}
