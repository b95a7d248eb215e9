//! What a test of the mean can see.

use super::two_sided_bound;
use crate::divergence::CumulantFunction;

/// The least bias that a test of the mean at level `level` sees with a chance of at least 1 − `miss`, in either direction;
/// infinite where no bias is sure to be seen.
///
/// `cumulants` is K of the independent contributions, and `count` their number in all trials together. Chernoff's bound
/// rejects from a deviation t(level) on, and a mean that is off by t(level) + t(miss) stays below that with chance `miss`
/// at most, if its spread is that of the theory: no approximation to a normal law is made. Where the exact law of the mean
/// is known, less is seen.
///
/// ```
/// use kl_math::divergence::FiniteCumulants;
/// use kl_math::statistics::detectable_bias;
/// let coin = FiniteCumulants::new(vec![(0.5, 1.0), (0.5, -1.0)]);
/// // A normal approximation has (4.89 + 3.09)/100 = 0.0798.
/// let bias = detectable_bias(&coin, 10_000.0, 1e-6, 1e-3);
/// assert!((0.08..0.095).contains(&bias), "{bias}");
/// ```
pub fn detectable_bias(cumulants: &dyn CumulantFunction, count: f64, level: f64, miss: f64) -> f64 {
    let least = |upper: bool, level: f64| least_deviation(cumulants, count, level, upper);
    let (above, below) = (least(true, level) + least(false, 2.0 * miss), least(false, level) + least(true, 2.0 * miss));
    above.max(below)
}

/// The least deviation in one direction whose two-sided bound is at most `level`.
fn least_deviation(cumulants: &dyn CumulantFunction, count: f64, level: f64, upper: bool) -> f64 {
    /// In standard errors: no test looks further.
    const FARTHEST: f64 = 1e9;
    let std_error = (cumulants.variance() / count).sqrt();
    let is_seen = |errors: f64| {
        let deviation = if upper { errors * std_error } else { -errors * std_error };
        two_sided_bound(cumulants, deviation, count) <= level
    };
    let (mut near, mut far) = (0.0, 1.0);
    while !is_seen(far) {
        if far > FARTHEST {
            return f64::INFINITY;
        }
        (near, far) = (far, 2.0 * far);
    }
    for _ in 0..30 {
        let middle = 0.5 * (near + far);
        if is_seen(middle) {
            far = middle;
        } else {
            near = middle;
        }
    }
    far * std_error
}
