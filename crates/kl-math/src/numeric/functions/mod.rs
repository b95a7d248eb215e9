//! Special functions that keep their digits where terms would cancel.

mod concentration;
mod elementary;
mod gammas;
mod mass;
mod positive;
mod quantile;
mod special;
mod stirling;

pub use concentration::Concentration;
pub(crate) use elementary::exp_excess_of;
pub use elementary::{exp_excess, log_gap, sine_excess, stirling_error};
pub use gammas::{digamma, digamma_gap, log_gamma, precise_log_gamma};
pub use mass::deviance_part;
pub use mass::{divergence_term, log_binomial_mass, log_poisson_mass};
pub use positive::Positive;
pub use quantile::normal_quantile;
pub(crate) use special::FAR;
pub use special::{
    dilogarithm_of_odds, hurwitz_zeta, log_excess, log_excess_of, log_gamma_gap, log_gamma_gap_to, log_gamma_step,
    log_of_ratio, log1p_of,
};
pub use stirling::{log_less_digamma, pentagamma_excess, stirling_gap, tetragamma_excess, trigamma_excess};
pub(crate) use stirling::{log_less_digamma_fall, stirling_gap_growth, trigamma_growth};
