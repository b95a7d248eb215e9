//! Regression checks: results are compared with the committed ones byte for byte, and fresh trials with theory.

mod baseline;
mod committed;
mod fresh;
mod guarantee;
mod interim;
mod outcome;
mod planned_decisions;
mod power;
mod power_analysis;
pub mod selftest;
mod step_noise;
mod theory_test;
mod tolerance;

#[cfg(all(test, feature = "cli"))]
pub(crate) use baseline::compare_watched;
pub use baseline::{Baseline, Change, compare_folders};
pub use committed::CommittedLaws;
pub use fresh::{FreshTrials, fresh_seed, fresh_trials};
pub use interim::{Protocol, Schedule};
pub use outcome::{Check, CheckVerdict, ExperimentCheck, JudgedTest, TheoryCheck};
pub use planned_decisions::PlannedDecisions;
pub use power::{MISS, Power, powers};
pub use power_analysis::PowerAnalysis;
pub use step_noise::StepNoise;
pub use theory_test::{TestKind, TheoryTest, tests_of};
pub use tolerance::Tolerated;
