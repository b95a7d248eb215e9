//! Estimates of KL(P‖Q) and of its gradient that look along a sequence, and their exact moments.
//!
//! Such an estimate is linear in a few numbers that each symbol changes linearly: what is summed, the score so far, the weight so far.
//! Their means and the means of their products follow from those one symbol before.

mod component;
mod error;
mod estimate;
mod laws;
mod listed;
mod moments;
mod operator;
mod registers;
mod walk;

#[cfg(test)]
mod tests;

pub use component::{PathComponent, path_components};
pub use error::PathError;
pub use estimate::{PathEstimate, PathQuantity};
pub use laws::PathLaws;
pub use moments::PathMoments;
pub use walk::PathWalk;
