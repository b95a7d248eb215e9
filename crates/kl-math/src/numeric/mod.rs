//! Floor 0: arithmetic whose every bit is the same on every machine.
//!
//! Only IEEE operations and [`libm`] are used; the platform's `ln` or `exp` never is (`clippy.toml`
//! forbids them).

mod compensated;
mod concentration;
mod decimal;
mod double_double;
mod elementary;
mod gammas;
mod mass;
mod memory;
mod neighbours;
mod positive;
mod precise_cholesky;
mod precise_log;
mod quadrature;
mod quantile;
mod special;
mod stirling;
mod symmetric;
mod unit;

pub use compensated::{CompensatedSum, compensated};
pub use concentration::Concentration;
pub use decimal::{shortest, write_shortest};
pub use double_double::DoubleDouble;
pub use elementary::{exp_excess, log_gap, sine_excess, stirling_error};
pub use gammas::{digamma, digamma_gap, log_gamma, precise_log_gamma};
pub use mass::deviance_part;
pub use mass::{divergence_term, log_binomial_mass, log_poisson_mass};
pub use memory::{NoMemory, ask_for};
pub use neighbours::Neighbours;
pub use positive::Positive;
pub use precise_cholesky::PreciseCholesky;
pub use precise_log::{precise_log, precise_log_or};
pub use quadrature::{Node, nodes};
pub use quantile::normal_quantile;
pub(crate) use special::FAR;
pub use special::{
    dilogarithm_of_odds, hurwitz_zeta, log_excess, log_excess_of, log_gamma_gap, log_gamma_gap_to, log_gamma_step,
    log_of_ratio, log1p_of,
};
pub use stirling::{log_less_digamma, pentagamma_excess, stirling_gap, tetragamma_excess, trigamma_excess};
pub(crate) use stirling::{log_less_digamma_fall, stirling_gap_growth, trigamma_growth};
pub use symmetric::{Cholesky, eigen, eigenvalues};
pub use unit::Unit;
