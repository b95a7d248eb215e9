//! Estimates held against theory.

mod against_theory;
mod claims;
mod decisions;
mod effective_size;
mod measures;
mod sample;
mod squares;
#[cfg(test)]
mod tests;
mod vector;
mod verdict;

pub use against_theory::{Comparison, Method};
pub use claims::{TrialComparison, trials_for_student};
pub use decisions::{DecisionComparison, DecisionTheory, LengthQuantile, OutcomeComparison};
pub use effective_size::effective_sample_size;
pub use measures::{PairedComparison, Performance};
pub use vector::{assess_gradient, sequences_for_cosine};
pub use verdict::{FALSE_ALARM, Verdict, judge};
