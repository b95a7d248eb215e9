//! Markov chains as plain numbers, and the exact cumulants of the log ratio of a whole sequence.

mod law;
mod pair;
mod stationary;
mod steps;
mod theory;
mod tilt;
mod visits;

#[cfg(test)]
mod tests;

pub use law::ChainLaw;
pub use pair::{ChainError, ChainPair};
pub use stationary::{MAX_STATES, stationary};
pub use theory::{ChainSpread, ChainTheory};
pub use tilt::ChainCumulant;
