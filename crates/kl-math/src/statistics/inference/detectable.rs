//! What a test of the mean can see.

use super::tail_bound::{ROUNDING, two_sided_bound};
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
    let left_out = 2.0 * count * cumulants.left_out();
    if left_out == 0.0 {
        return by_tilt(cumulants, count, level, upper).unwrap_or_else(|| by_halving(cumulants, count, level, upper));
    }
    // The bound is the smaller of Chernoff's and Cantelli's, and what is left out more.
    let level = level - left_out;
    let variance = cumulants.variance();
    match by_tilt(cumulants, count, level, upper) {
        Some(chernoff) if level > 0.0 => {
            let sure = ((2.0 / level - 1.0) * variance / count).sqrt();
            chernoff.min((sure + ROUNDING * cumulants.scale()) / (1.0 - 2.0 * ROUNDING))
        }
        _ if level <= 0.0 => f64::INFINITY,
        _ => by_halving(cumulants, count, level + left_out, upper),
    }
}

/// The same for Chernoff's bound alone: the least of (x + K(s))/s over all tilts s, x the exponent of a contribution. At that
/// tilt it is K′(s) and changes least, so that a rough tilt is enough. None where no exponential has a mean.
fn by_tilt(cumulants: &dyn CumulantFunction, count: f64, level: f64, upper: bool) -> Option<f64> {
    /// A tilt so near has a deviation within some 1e-12 of the least.
    const NEAR: f64 = 1e-7;
    const MOST_STEPS: usize = 60;
    let (end, variance) = (cumulants.end_of_domain(upper), cumulants.variance());
    if end == 0.0 || variance <= 0.0 || level <= 0.0 || level >= 1.0 {
        return None;
    }
    let sign = if upper { 1.0 } else { -1.0 };
    let exponent = libm::log(2.0 / level) / count;
    // s K′(s) − K(s), which rises with s from 0 on.
    let excess = |s: f64| s * (sign * cumulants.slope(sign * s)) - cumulants.value(sign * s) - exponent;
    let (mut near, mut below) = (0.0, -exponent);
    let mut far = (2.0 * exponent / variance).sqrt().min(end);
    let mut above = excess(far);
    while above < 0.0 && far < end {
        (near, below) = (far, above);
        far = (2.0 * far).min(end);
        above = excess(far);
    }
    let mut s = far;
    if above > 0.0 {
        // The roots are what is nearly straight: the excess is some s². One end at rest counts half as much the next time.
        let root = |excess: f64| (excess + exponent).max(0.0).sqrt() - exponent.sqrt();
        let (mut low, mut high) = (root(below), root(above));
        let mut was_low = None;
        for _ in 0..MOST_STEPS {
            let next = near + (far - near) * (low / (low - high));
            let is_done = (next - s).abs() <= NEAR * next;
            s = next;
            if is_done || !(near < s && s < far) {
                break;
            }
            let found = root(excess(s));
            if found < 0.0 {
                (near, low) = (s, found);
                high *= if was_low == Some(true) { 0.5 } else { 1.0 };
            } else {
                (far, high) = (s, found);
                low *= if was_low == Some(false) { 0.5 } else { 1.0 };
            }
            was_low = Some(found < 0.0);
        }
    }
    let value = cumulants.value(sign * s);
    let deviation = (exponent + value) / s;
    // What rounding may add to the exponent is part of the bound.
    let size = s * (cumulants.scale() + deviation) + value.abs();
    let deviation = deviation + (size * ROUNDING + 2e-12 / count) / s;
    (deviation.is_finite() && deviation > 0.0).then_some(deviation)
}

/// The same by trying deviations.
fn by_halving(cumulants: &dyn CumulantFunction, count: f64, level: f64, upper: bool) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::divergence::FiniteCumulants;

    /// Tails that were cut off count in full, and Cantelli's inequality where it says more.
    #[test]
    fn what_is_left_out_counts() {
        let terms: Vec<(f64, f64)> = (-30..=30).map(|k| (1.0 / 61.0, f64::from(k))).collect();
        for left_out in [1e-20, 1e-12, 2e-11, 1e-6] {
            let cumulants = FiniteCumulants::gathered(terms.clone(), left_out, 30.0);
            for (count, level) in [(10_000.0, 1e-6), (100.0, 0.9), (1e6, 1e-3)] {
                let (found, tried) =
                    (least_deviation(&cumulants, count, level, true), by_halving(&cumulants, count, level, true));
                assert!(found == tried || (found / tried - 1.0).abs() < 1e-8, "{left_out} {count}: {found} {tried}");
            }
        }
    }

    fn coin(p: f64) -> FiniteCumulants {
        FiniteCumulants::new(vec![(p, 1.0 - p), (1.0 - p, -p)])
    }

    /// What is found by tilts is what the bound itself says: it rejects there, and not a little nearer.
    #[test]
    fn the_least_deviation_is_where_the_bound_reaches_the_level() {
        let many = FiniteCumulants::new((-20..=30).map(|k| (1.0 / 51.0, f64::from(k) - 5.0)).collect());
        for cumulants in [coin(0.5), coin(0.2), coin(1e-3), many] {
            for (count, level) in [(10.0, 0.2), (100.0, 1e-3), (10_000.0, 1e-6), (1e12, 1e-6), (1e4, 1e-12)] {
                for upper in [true, false] {
                    let Some(found) = by_tilt(&cumulants, count, level, upper) else { panic!("{count} {level}") };
                    let sign = if upper { 1.0 } else { -1.0 };
                    let bound = |part: f64| two_sided_bound(&cumulants, sign * part * found, count);
                    assert!(bound(1.0 + 1e-10) <= level, "{cumulants:?} {count} {level} {upper}");
                    assert!(bound(1.0 - 1e-8) > level, "{cumulants:?} {count} {level} {upper}");
                    let tried = by_halving(&cumulants, count, level, upper);
                    assert!((found / tried - 1.0).abs() < 1e-8, "{found} {tried}");
                }
            }
        }
    }
}
