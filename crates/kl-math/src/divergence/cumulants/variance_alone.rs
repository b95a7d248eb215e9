//! A variable of which no more than its variance is known.

use super::CumulantFunction;

/// A centred variable whose exponentials have no mean, or none that is known: bounds of its tails come from the variance alone.
///
/// ```
/// use kl_math::divergence::VarianceAlone;
/// use kl_math::statistics::two_sided_bound;
/// // Cantelli's inequality, on either side: 2/(1 + 100 · 1²/4).
/// let bound = two_sided_bound(&VarianceAlone { variance: 4.0, scale: 0.0 }, 1.0, 100.0);
/// assert!((bound - 2.0 / 26.0).abs() < 1e-14);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceAlone {
    /// Its variance.
    pub variance: f64,
    /// The size of what it is computed from.
    pub scale: f64,
}

impl CumulantFunction for VarianceAlone {
    fn value(&self, s: f64) -> f64 {
        if s == 0.0 { 0.0 } else { f64::INFINITY }
    }

    fn slope(&self, s: f64) -> f64 {
        if s == 0.0 { 0.0 } else { f64::INFINITY.copysign(s) }
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn end_of_domain(&self, _upper: bool) -> f64 {
        0.0
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}
