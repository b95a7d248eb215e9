//! Estimates held against theory.

mod against_theory;
mod claims;
mod measures;
mod sample;
mod squares;
#[cfg(test)]
mod tests;
mod verdict;

pub use against_theory::{Comparison, Method};
pub use claims::{TrialComparison, trials_for_student};
pub use measures::{PairedComparison, Performance};
pub use verdict::{FALSE_ALARM, Verdict, judge};
