//! kl-runner
pub mod comparison;
pub mod distribution;
pub mod divergence;
pub mod estimator;
pub mod experiment;
pub mod law;
pub mod numeric;
pub mod plan;
pub mod record;
pub mod report;
pub mod simulation;
pub mod statistics;
pub mod store;
