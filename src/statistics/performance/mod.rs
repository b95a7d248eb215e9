//! The performance of an estimator over the trials of a simulation study, with Monte Carlo standard errors.

mod measure;

pub use measure::{Assessment, Measure};
