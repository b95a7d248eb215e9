//! What is known beforehand of an estimator's estimates.

use crate::law::{CumulantFunction, Law};
use crate::numeric::DoubleDouble;

/// The exact facts about one estimate from N symbols, in nats per symbol. What is not known is `None`.
#[derive(Clone, Debug)]
pub struct Theory {
    /// The estimand KL(P‖Q).
    pub closed_form: f64,
    /// E\[estimate\].
    pub mean: Option<f64>,
    /// Var\[estimate\].
    pub variance: Option<f64>,
    /// Excess kurtosis of the estimate, κ₄/κ₂².
    pub excess_kurtosis: Option<f64>,
    /// K of one symbol's contribution about its mean, for estimates that are means over symbols.
    pub symbol_cumulants: Option<CumulantFunction>,
    /// The exact law of the estimate, where it has few atoms or follows from a binomial one.
    pub law: Option<Law>,
    /// The chance that the estimate is infinite.
    pub infinite_mass: DoubleDouble,
}
