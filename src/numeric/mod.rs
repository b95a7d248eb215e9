//! Floor 0: arithmetic whose every bit is the same on every machine.
//!
//! Only IEEE operations and [`libm`] are used; the platform's `ln` or `exp` never is (`clippy.toml`
//! forbids them).

mod decimal;
mod double_double;
mod elementary;
mod special;
mod symmetric;

pub use decimal::{shortest, write_shortest};
pub use double_double::DoubleDouble;
pub use elementary::{exp_excess, log_gap, sine_excess, stirling_error};
pub use special::{dilogarithm_of_odds, hurwitz_zeta, log_excess, log_gamma_gap, log_of_ratio};
pub use symmetric::{Cholesky, eigenvalues};
