//! Arithmetic whose every bit is the same on every machine.
//!
//! Only IEEE operations and [`libm`] are used; the platform's `ln` or `exp` never is (`clippy.toml`
//! forbids them).

mod arithmetic;
mod functions;
mod kd_tree;
mod linear;
mod memory;
mod quadrature;
mod unit;

pub use arithmetic::{
    CompensatedSum, DoubleDouble, compensated, precise_exp, precise_log, precise_log_or, shortest, shortest_real,
    write_shortest, write_shortest_real,
};
pub use functions::{
    Concentration, Positive, deviance_part, digamma, digamma_gap, dilogarithm_of_odds, divergence_term, exp_excess,
    hurwitz_zeta, log_binomial_mass, log_excess, log_excess_of, log_gamma, log_gamma_gap, log_gamma_gap_to,
    log_gamma_step, log_gap, log_less_digamma, log_of_ratio, log_poisson_mass, log1p_of, normal_quantile,
    pentagamma_excess, precise_log_gamma, sine_excess, stirling_error, stirling_gap, tetragamma_excess,
    trigamma_excess,
};
pub(crate) use functions::{FAR, exp_excess_of, log_less_digamma_fall, stirling_gap_growth, trigamma_growth};
pub use kd_tree::KdTree;
pub use linear::{Cholesky, PreciseCholesky, eigen, eigenvalues};
pub use memory::{NoMemory, ask_for};
pub(crate) use quadrature::GAUSS_LEGENDRE;
pub use quadrature::{Node, nodes};
pub use unit::Unit;
