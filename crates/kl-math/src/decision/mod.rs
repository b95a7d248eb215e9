//! Tests between P and Q by the log-likelihood ratio Λ = Σ ln(p(xᵢ)/q(xᵢ)): of fixed length, and sequential ones.
//!
//! P is decided where Λ is large. alpha is the chance to decide Q though P is true, beta the chance to decide P though Q is true.

mod approximation;
pub mod fixed;
mod outcome;
mod sequential;
mod stopping_rule;

pub use approximation::{ApproximatedQuantity, Approximation, approximations};
pub use outcome::Decision;
pub use sequential::{ContinuousStep, SequentialLaw, StepLaw};
pub use stopping_rule::{StoppingRule, StoppingRuleError};
