//! Floor 3: regression checks: results against the committed ones byte for byte, and fresh trials against theory.

mod baseline;
mod committed;
mod law;
mod outcome;
mod power;
mod prospect;
mod sequential;

#[cfg(test)]
pub(crate) use baseline::compare_watched;
pub use baseline::{Baseline, Change, compare_folders};
pub use committed::CommittedLaws;
pub use law::{FreshTrials, Kind, LawTest, fresh_seed, fresh_trials, tests_of};
pub use outcome::{Check, CheckVerdict, ExperimentCheck, JudgedTest, LawCheck};
pub use power::{MISS, Power, powers};
pub use prospect::Prospect;
pub use sequential::{Protocol, Schedule};
