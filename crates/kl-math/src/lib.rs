//! Divergences between distributions, and the exact laws of their estimates.

pub mod chain;
pub mod distribution;
pub mod divergence;
pub mod law;
pub mod numeric;
pub mod statistics;
