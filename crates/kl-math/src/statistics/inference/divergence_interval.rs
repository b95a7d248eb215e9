//! An interval for a divergence that is never negative, from an estimate and its variance.

use crate::law::Gamma;
use crate::numeric::normal_quantile;

/// What an estimate of a divergence tells of its own law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DivergenceSpread {
    /// The variance of the estimate to the first order. It vanishes with the divergence.
    pub variance: f64,
    /// The divergence of the shares that the variance is computed from: the variance is taken to grow in proportion to it.
    pub divergence: f64,
    /// K − 1 of K symbols.
    pub degrees: f64,
    /// N, or N M/(N + M) of two samples.
    pub size: f64,
}

impl DivergenceSpread {
    /// The divergences D ≥ 0 that `estimate`, whose bias was taken away, does not reject at this level; none if it is so far below 0 that
    /// there are none.
    ///
    /// # Formula
    ///
    /// (estimate − D)² ≤ z² (ρ D + ν/(2 N²)), with ρ = variance/divergence, ν the degrees and N the size. The first part is the variance to
    /// the first order at D. At D = 0 it vanishes, and 2N times the plug-in estimate is about χ² with ν degrees, whose variance is the
    /// second part. Solved for D, as Wilson (1927) does for a share.
    ///
    /// ```
    /// use kl_math::statistics::DivergenceSpread;
    /// let spread = DivergenceSpread { variance: 0.0, divergence: 0.0, degrees: 1.0, size: 100.0 };
    /// let [low, high] = spread.interval(0.0, 0.95).expect("0 is near 0");
    /// assert!(low == 0.0 && (high - 0.0793).abs() < 1e-4);
    /// assert_eq!(spread.interval(-0.1, 0.95), None);
    /// ```
    pub fn interval(&self, estimate: f64, level: f64) -> Option<[f64; 2]> {
        let z = normal_quantile(0.5 * (1.0 - level));
        let square = z * z;
        let rate = if self.divergence > 0.0 { self.variance / self.divergence } else { 2.0 / self.size };
        let middle = estimate + 0.5 * square * rate;
        let inner =
            square * (rate * estimate + 0.25 * square * rate * rate + 0.5 * self.degrees / (self.size * self.size));
        let half = Some(inner).filter(|inner| *inner >= 0.0)?.sqrt();
        Some([(middle - half).max(0.0), middle + half]).filter(|[_, high]| *high >= 0.0)
    }
}

/// P(χ² ≥ `statistic`) with so many degrees of freedom, 1 without any.
///
/// ```
/// use kl_math::statistics::chi_square_p_value;
/// assert!((chi_square_p_value(3.841_458_820_694_124, 1.0) - 0.05).abs() < 1e-12);
/// assert_eq!((chi_square_p_value(0.0, 3.0), chi_square_p_value(2.0, 0.0)), (1.0, 1.0));
/// ```
pub fn chi_square_p_value(statistic: f64, degrees: f64) -> f64 {
    if degrees <= 0.0 || statistic <= 0.0 {
        return 1.0;
    }
    if statistic.is_infinite() { 0.0 } else { Gamma::new(0.5 * degrees, 0.5).upper_tail(statistic) }
}
