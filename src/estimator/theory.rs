//! What is known beforehand of an estimator's estimates.

use crate::law::{Bins, CumulantFunction, Law};
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
    /// The exact law of the estimate.
    pub law: Option<Law>,
    /// The chance that the estimate is infinite.
    pub infinite_mass: DoubleDouble,
    /// The smallest and the largest finite value the estimate can take.
    pub range: (f64, f64),
}

impl Theory {
    /// Fixed bins for a histogram of the estimates.
    pub fn bins(&self) -> Bins {
        let std_dev = self.variance.map_or(0.0, f64::sqrt);
        let mean = self.mean.unwrap_or(self.closed_form);
        Bins::new(self.law.as_ref(), mean, std_dev, self.range, self.infinite_mass.to_f64())
    }
}
