//! Symmetric matrices: eigenvalues and Cholesky factors.

mod precise_cholesky;
mod symmetric;

pub use precise_cholesky::PreciseCholesky;
pub use symmetric::{Cholesky, eigen, eigenvalues};
