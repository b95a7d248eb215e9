//! Quantiles of the normal law.

/// The z ≥ 0 that a standard normal number exceeds with chance `tail`, which is in (0, ½], by bisection of
/// erfc(z/√2)/2; 40 where the chance is smaller than any double's.
///
/// ```
/// use kl_math::numeric::normal_quantile;
/// assert!((normal_quantile(0.025) - 1.959_963_984_540_054).abs() < 1e-15);
/// assert!(normal_quantile(0.5) < 1e-15);
/// ```
pub fn normal_quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if 0.5 * libm::erfc(middle * std::f64::consts::FRAC_1_SQRT_2) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
