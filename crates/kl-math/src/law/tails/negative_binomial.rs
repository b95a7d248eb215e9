//! The negative binomial law to full relative accuracy, far into its tails and for any number of successes.

use std::f64::consts::TAU;

use super::counts::Counts;
use crate::numeric::{DoubleDouble, deviance_part, stirling_error};

/// The law of X, the number of failures before success number r: P(X = k) = Γ(k+r)/(Γ(r) k!) pʳ qᵏ, r > 0 real.
///
/// Every probability has a relative error below 1e-10 (measured: 1e-12), for r from 1e-12 to 1e18 and p from 1e-30 up,
/// as long as it is a normal double; smaller ones fade into the subnormal numbers and to 0. None is negative, above 1
/// or NaN. A call takes about a millisecond at most. Counts are doubles: beyond 2⁵³ only those that are doubles can be
/// asked for.
///
/// With n = k + r the mass is r/n times a binomial one in the saddle-point form of Loader (2000), "Fast and accurate
/// computation of binomial probabilities": with h(t) = (1+t) ln(1+t) − t, d = rq − kp and Stirling's remainder δ,
///
/// ln P(X = k) = δ(n) − δ(r) − δ(k) − np·h(d/np) − nq·h(−d/nq) + ½ ln(r / (2π k n)),
///
/// where no term cancels another. A tail is its outward sum, one by one or by Euler–Maclaurin.
///
/// ```
/// use kl_math::law::NegativeBinomial;
/// // The geometric law.
/// let law = NegativeBinomial::new(1.0, 0.25, 0.75);
/// assert!((law.upper_tail(3.0) / 0.421_875 - 1.0).abs() < 1e-14);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    successes: f64,
    success: DoubleDouble,
    failure: DoubleDouble,
}

impl NegativeBinomial {
    /// The law for `successes` r > 0, finite, and the probabilities `success` p > 0 and `failure` q. The smaller of the
    /// two is taken as it is, the other one as 1 less it, not as rounded.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// assert_eq!(NegativeBinomial::new(2.0, 0.5, 0.5).lower_tail(0.0), 0.25);
    /// ```
    pub fn new(successes: f64, success: f64, failure: f64) -> Self {
        let (success, failure) = if success <= failure {
            let success = DoubleDouble::from(success);
            (success, DoubleDouble::ONE - success)
        } else {
            let failure = DoubleDouble::from(failure);
            (DoubleDouble::ONE - failure, failure)
        };
        Self { successes, success, failure }
    }

    /// rq/p.
    ///
    /// ```
    /// assert_eq!(kl_math::law::NegativeBinomial::new(3.0, 0.25, 0.75).mean(), 9.0);
    /// ```
    pub fn mean(&self) -> f64 {
        self.successes * self.failure.to_f64() / self.success.to_f64()
    }

    /// √(rq)/p.
    ///
    /// ```
    /// assert_eq!(kl_math::law::NegativeBinomial::new(3.0, 0.25, 0.75).std_dev(), 6.0);
    /// ```
    pub fn std_dev(&self) -> f64 {
        (self.successes * self.failure.to_f64()).sqrt() / self.success.to_f64()
    }

    /// P(X = k), 0 unless k is a whole number ≥ 0. Relative error below 3e-12 while it is a normal double.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// let law = NegativeBinomial::new(2.0, 0.5, 0.5);
    /// assert!((law.mass(2.0) / 0.1875 - 1.0).abs() < 1e-14);
    /// assert_eq!(law.mass(0.5), 0.0);
    /// ```
    pub fn mass(&self, k: f64) -> f64 {
        if k >= 0.0 && k == k.floor() && k.is_finite() { libm::exp(self.log_mass_at(k)).min(1.0) } else { 0.0 }
    }

    /// P(X ≤ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// assert!((NegativeBinomial::new(2.0, 0.5, 0.5).lower_tail(1.0) - 0.5).abs() < 1e-14);
    /// ```
    pub fn lower_tail(&self, x: f64) -> f64 {
        self.below(x)
    }

    /// P(X ≥ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// // qᵏ for r = 1.
    /// let law = NegativeBinomial::new(1.0, 1e-9, 1.0 - 1e-9);
    /// assert!((law.upper_tail(5e11) / libm::exp(5e11 * libm::log1p(-1e-9)) - 1.0).abs() < 1e-12);
    /// ```
    pub fn upper_tail(&self, x: f64) -> f64 {
        self.above(x)
    }

    /// P(low ≤ X ≤ high), within 1e-10 of itself; 0 if no count is between them.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// assert!((NegativeBinomial::new(1.0, 0.5, 0.5).mass_between(1.0, 2.5) - 0.375).abs() < 1e-14);
    /// ```
    pub fn mass_between(&self, low: f64, high: f64) -> f64 {
        self.between(low, high)
    }

    /// min(1, 2 min(P(X ≤ x), P(X ≥ x))), rounded upward: never below the truth, and above it by 2e-10 of itself at
    /// most, or the least normal double, 2.2e-308; 0 only where x is impossible: below 0, above 0 for q = 0, or
    /// infinite.
    ///
    /// ```
    /// use kl_math::law::NegativeBinomial;
    /// let p_value = NegativeBinomial::new(3.0, 0.1, 0.9).two_sided_p_value(0.0);
    /// assert!((p_value - 0.002).abs() < 1e-12);
    /// ```
    pub fn two_sided_p_value(&self, x: f64) -> f64 {
        let none = self.failure == DoubleDouble::ZERO;
        self.p_value(x, x < 0.0 || x == f64::INFINITY || (none && x > 0.0))
    }

    /// rq − (k+s)p, in which up to fifteen digits cancel, right to the last bit.
    fn offset(&self, k: f64, s: f64) -> f64 {
        let (r, k, s) = (self.successes, k, s);
        (self.failure * DoubleDouble::from(r) - self.success * (DoubleDouble::from(k) + DoubleDouble::from(s))).to_f64()
    }
}

impl Counts for NegativeBinomial {
    fn mode(&self) -> f64 {
        ((self.successes - 1.0).max(0.0) * self.failure.to_f64() / self.success.to_f64()).floor()
    }

    fn log_mass_at(&self, k: f64) -> f64 {
        let (p, q) = (self.success.to_f64(), self.failure.to_f64());
        if k == 0.0 {
            // ln p, accurate for p near 1 too.
            self.successes * if p > 0.5 { libm::log1p(-q) } else { libm::log(p) }
        } else if q == 0.0 {
            f64::NEG_INFINITY
        } else {
            self.log_density(k, 0.0)
        }
    }

    fn log_density(&self, k: f64, s: f64) -> f64 {
        let (r, x, p, q) = (self.successes, k + s, self.success.to_f64(), self.failure.to_f64());
        let (n, offset) = (r + x, self.offset(k, s));
        let correction = stirling_error(n) - stirling_error(r) - stirling_error(x);
        let deviance = deviance_part(offset, n * p) + deviance_part(-offset, n * q);
        correction - deviance + libm::log((r / n).sqrt() / (TAU * x).sqrt())
    }

    /// ψ(x+r) − ψ(x+1) + ln q.
    fn slope(&self, k: f64, s: f64) -> f64 {
        let x = k + s;
        let (inverse, other) = (1.0 / x, 1.0 / (x + self.successes));
        let near = -0.5 * (inverse + other) + (inverse * inverse - other * other) / 12.0;
        libm::log1p(self.offset(k, s) / x) + near
    }

    fn curvature(&self, k: f64, s: f64) -> f64 {
        let x = k + s;
        (1.0 - self.successes) / (x + self.successes) / x
    }

    fn ratio(&self, k: f64) -> f64 {
        (k + self.successes) / (k + 1.0) * self.failure.to_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn geometric_laws_are_closed_forms() {
        for p in [1e-15, 1e-6, 0.01, 0.3, 0.5, 0.999, 1.0 - 1e-9] {
            let law = NegativeBinomial::new(1.0, p, 1.0 - p);
            let log_q = if p < 0.5 { libm::log1p(-p) } else { libm::log(1.0 - p) };
            for z in [0.0, 1e-3, 1.0, 50.0, 600.0] {
                let k = (z / -log_q).ceil();
                let expected = libm::exp(k * log_q);
                if expected > 1e-300 {
                    let (upper, lower) = (law.upper_tail(k), law.lower_tail(k - 1.0));
                    assert!((upper / expected - 1.0).abs() < 1e-12, "{p} {k}: {upper:e} {expected:e}");
                    let expected = -libm::expm1(k * log_q);
                    assert!((lower - expected).abs() <= 1e-12 * expected, "{p} {k}: {lower:e} {expected:e}");
                }
            }
        }
    }

    #[test]
    fn extremes_are_no_trouble() {
        for successes in [1e-300, 1e-12, 1e-3, 1.0, 1e3, 1e15, 1e18, 1e300] {
            for success in [1e-300, 1e-30, 1e-15, 1e-3, 0.5, 1.0] {
                let law = NegativeBinomial::new(successes, success, 1.0 - success);
                for x in [-1.0, 0.0, 0.5, 1.0, 170.0, 1e10, 1e15, 1e18, 1e300, f64::INFINITY, law.mean()] {
                    let (lower, upper) = (law.lower_tail(x), law.upper_tail(x));
                    assert!((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper), "{law:?} {x}");
                    let is_promised = (1e-12..=1e18).contains(&successes) && success > 1e-100;
                    let error = (lower + upper - 1.0 - law.mass(x)).abs();
                    assert!(error < 1e-11 || !is_promised, "{law:?} {x}: {lower} {upper}");
                    let p_value = law.two_sided_p_value(x);
                    assert!((2.0 * lower.min(upper)).min(1.0) <= p_value && p_value <= 1.0);
                    for other in [0.0, 1e5, 1e16, f64::INFINITY] {
                        assert!((0.0..=1.0).contains(&law.mass_between(x, other)), "{law:?} {x} {other}");
                    }
                }
                assert_eq!(law.mass_between(-1.0, f64::INFINITY), 1.0);
            }
        }
        let never = NegativeBinomial::new(2.0, 1.0, 0.0);
        assert_eq!(
            [never.mass(0.0), never.mass(1.0), never.lower_tail(0.0), never.upper_tail(1.0)],
            [1.0, 0.0, 1.0, 0.0]
        );
        assert_eq!([never.two_sided_p_value(0.0), never.two_sided_p_value(1.0)], [1.0, 0.0]);
    }

    fn any_case() -> impl Strategy<Value = (NegativeBinomial, f64)> {
        (-7.0..35.0f64, -35.0..0.0f64, any::<bool>(), -8.0..35.0f64).prop_map(|(log_r, log_p, swapped, z)| {
            let p = libm::exp(log_p);
            let (p, q) = if swapped { (1.0 - p, p) } else { (p, 1.0 - p) };
            let law = NegativeBinomial::new(libm::exp(log_r), p, q);
            let k = law.mean() + z * law.std_dev();
            // A negative z beyond the least count stands for a part of the mean.
            let k = if k < 0.0 { law.mean() * libm::exp(3.0 * z) } else { k };
            (law, k.floor())
        })
    }

    proptest! {
        #[test]
        fn the_two_tails_add_up((law, k) in any_case()) {
            let (lower, upper) = (law.lower_tail(k), law.upper_tail(k + 1.0));
            if k < 9e15 {
                prop_assert!((lower + upper - 1.0).abs() < 1e-12, "{lower} + {upper}");
            }
        }

        #[test]
        fn an_interval_is_a_difference_of_tails((law, low) in any_case(), fall in -30.0..3.0f64) {
            let high = (low + law.std_dev() * libm::exp(fall)).floor();
            if high < 9e15 {
                let mass = law.mass_between(low, high);
                let upward = law.upper_tail(low) - (law.upper_tail(high + 1.0) + mass);
                prop_assert!(upward.abs() <= 3e-12 * law.upper_tail(low) + 1e-300, "{upward:e} {mass:e}");
                let downward = law.lower_tail(high) - (law.lower_tail(low - 1.0) + mass);
                prop_assert!(downward.abs() <= 3e-12 * law.lower_tail(high) + 1e-300, "{downward:e} {mass:e}");
                prop_assert!(mass >= law.mass(low).max(law.mass(high)) * (1.0 - 1e-11));
            }
        }
    }
}
