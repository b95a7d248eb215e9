//! Chernoff's bound, a p-value without any approximation to a normal law.

use crate::divergence::CumulantFunction;

/// What rounding may do to a value of Y and to a mean of such values, as a part of their size.
pub(super) const ROUNDING: f64 = 5e-16;

/// min(1, 2 exp(−n·sup_s \[s t − K(s)\])): an upper bound of twice the chance that the mean of `count`
/// independent copies of Y lies as far as `deviation` from 0, on its side; rounded upward.
///
/// Any s gives a bound, so an inexact supremum costs power and never truth; what rounding may add, n·s times an ulp
/// of Y's values, is taken off the exponent. `cumulants` is Y's K.
///
/// ```
/// use kl_math::divergence::FiniteCumulants;
/// use kl_math::statistics::two_sided_bound;
/// let coin = FiniteCumulants::new(vec![(0.5, 1.0), (0.5, -1.0)]);
/// // 100 heads of 100: truly 2·2^−100.
/// let bound = two_sided_bound(&coin, 1.0, 100.0);
/// assert!(bound >= 1.577e-30 && bound < 1.578e-30);
/// assert_eq!(two_sided_bound(&coin, 0.0, 100.0), 1.0);
/// ```
pub fn two_sided_bound(cumulants: &dyn CumulantFunction, deviation: f64, count: f64) -> f64 {
    let variance = cumulants.variance();
    if deviation == 0.0 || variance == 0.0 {
        return 1.0;
    }
    let domain_end = cumulants.end_of_domain(deviation > 0.0);
    // Cantelli's inequality: all there is where no exponential of Y has a mean, and more where hardly any has.
    let sure = (deviation.abs() - ROUNDING * (cumulants.scale() + deviation.abs())).max(0.0);
    let cantelli = 2.0 / (1.0 + sure * sure * count / variance);
    if domain_end == 0.0 {
        return cantelli.min(1.0);
    }
    let s = tilt(cumulants, deviation, domain_end);
    let value = cumulants.value(s);
    let size = s.abs() * (cumulants.scale() + deviation.abs()) + value.abs();
    let p = from_exponent(count * (s * deviation - value), count * size * ROUNDING);
    let left_out = 2.0 * count * cumulants.left_out();
    // Where tails are cut off they may be so heavy that an exponential says nothing.
    (if left_out > 0.0 { p.min(cantelli) + left_out } else { p }).min(1.0)
}

/// 2 e^−exponent, at most 1, rounded upward; `error` is what rounding may have added to the exponent.
pub(super) fn from_exponent(exponent: f64, error: f64) -> f64 {
    let p = 2.0 * libm::exp(error - exponent) * (1.0 + 1e-12);
    p.clamp(f64::MIN_POSITIVE, 1.0)
}

/// The s, at most `domain_end` in size, at which the tilted mean K′(s) is `mean`, by doubling and then halving
/// an interval.
fn tilt(cumulants: &dyn CumulantFunction, mean: f64, domain_end: f64) -> f64 {
    let below = |s: f64| cumulants.slope(s).abs() < mean.abs();
    let domain_end = domain_end.copysign(mean);
    let mut far = mean / cumulants.variance();
    let mut near = 0.0;
    while far.abs() < domain_end.abs() && below(far) {
        (near, far) = (far, 2.0 * far);
    }
    if far.abs() >= domain_end.abs() {
        if below(domain_end) {
            return domain_end;
        }
        far = domain_end;
    }
    let halvings = if cumulants.is_costly() { 8 } else { 60 };
    for _ in 0..halvings {
        let middle = 0.5 * (near + far);
        if below(middle) {
            near = middle;
        } else {
            far = middle;
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::divergence::FiniteCumulants;
    use crate::law::Binomial;
    use crate::numeric::DoubleDouble;

    /// The bound against the exact binomial law: never below it, and for a far tail not far above.
    #[test]
    fn the_bound_holds_and_is_near() {
        let (p, q) = (DoubleDouble::ratio(1, 5), DoubleDouble::ratio(4, 5));
        let cumulants = FiniteCumulants::new(vec![(0.2, 0.8), (0.8, -0.2)]);
        let law = Binomial::new(200, p, q);
        for count in 0..=200 {
            let bound = two_sided_bound(&cumulants, count as f64 / 200.0 - 0.2, 200.0);
            let truth = law.two_sided_p_value(count);
            assert!(bound >= truth * (1.0 - 1e-9), "{count}: {bound:e} < {truth:e}");
            assert!(bound <= 1.0 && bound < truth * 60.0, "{count}: {bound:e} ≫ {truth:e}");
        }
    }

    #[test]
    fn tiny_deviations_of_many_symbols_keep_their_digits() {
        let cumulants = FiniteCumulants::new(vec![(0.2, 0.8), (0.8, -0.2)]);
        // n = 10²⁴ and z = 10: the exponent is 50, less a hundredth for an ulp of every symbol's value.
        let deviation = 10.0 * (0.16f64 / 1e24).sqrt();
        let bound = two_sided_bound(&cumulants, deviation, 1e24);
        let ratio = bound / (2.0 * libm::exp(-50.0));
        assert!((1.0..1.02).contains(&ratio), "{ratio}");
    }
}
