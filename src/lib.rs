//! kl-runner
pub mod distribution;
pub mod divergence;
pub mod estimator;
pub mod numeric;
pub mod statistics;
