//! Seeded simulation of estimators, held against exact theory.

pub mod comparison;
pub mod estimator;
pub mod simulation;
