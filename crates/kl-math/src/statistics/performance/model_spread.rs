//! How the variances that a model claims lie, together with the estimates.

use super::Spread;
use crate::numeric::DoubleDouble;

/// Of estimated variances Vᵢ = seᵢ² their mean V̄, Σ(Vᵢ − V̄)², and Σ(Vᵢ − V̄)(θ̂ᵢ − m)².
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ModelSpread {
    pub(super) mean: f64,
    pub(super) squares: f64,
    pub(super) product: f64,
}

impl ModelSpread {
    /// Of the standard errors that stand beside these estimates, both times `factor`, a power of two; none without any.
    pub(super) fn scaled<T: Copy + Into<DoubleDouble>>(
        estimates: &[T],
        std_errors: &[T],
        spread: &Spread,
        factor: f64,
    ) -> Option<Self> {
        if std_errors.is_empty() {
            return None;
        }
        let variance = |&std_error: &T| {
            let std_error = std_error.into().scaled(factor);
            std_error * std_error
        };
        // About one of them: where all are the same, nothing strays.
        let offset = std_errors.first().map_or(DoubleDouble::ZERO, variance);
        let sum: DoubleDouble = std_errors.iter().map(|std_error| variance(std_error) - offset).sum();
        let mean = offset + sum / DoubleDouble::from(std_errors.len() as f64);
        let (mut squares, mut product) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
        for (&estimate, std_error) in estimates.iter().zip(std_errors) {
            let above = (variance(std_error) - mean).to_f64();
            let deviation = (estimate.into().scaled(factor) - spread.exact_mean()).to_f64();
            squares += DoubleDouble::product(above, above);
            product += above * (deviation * deviation);
        }
        Some(Self { mean: mean.to_f64(), squares: squares.to_f64(), product: product.to_f64() })
    }
}
