//! The Poisson law to full relative accuracy, far into its tails and for any mean.

use std::f64::consts::TAU;

use super::counts::Counts;
use crate::numeric::{deviance_part, log_poisson_mass, stirling_error};

/// The law of X with P(X = k) = e^−m mᵏ/k!.
///
/// Every probability has a relative error below 1e-10 (measured: 1e-12), for any mean up to 1e18, as long as it is a
/// normal double; smaller ones fade into the subnormal numbers and to 0. None is negative, above 1 or NaN. A call takes
/// less than a millisecond. Counts are doubles: beyond 2⁵³ only those that are doubles can be asked for.
///
/// The mass has the saddle-point form of Loader (2000), "Fast and accurate computation of binomial probabilities"
/// ([`log_poisson_mass`]); a tail is its outward sum, one by one or by Euler–Maclaurin.
///
/// ```
/// use kl_math::law::Poisson;
/// let law = Poisson::new(2.0);
/// assert!((law.lower_tail(1.0) / (3.0 * libm::exp(-2.0)) - 1.0).abs() < 1e-14);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson {
    mean: f64,
}

impl Poisson {
    /// The law with this mean m ≥ 0, finite.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// assert_eq!(Poisson::new(0.0).mass(0.0), 1.0);
    /// ```
    pub fn new(mean: f64) -> Self {
        Self { mean }
    }

    /// m.
    ///
    /// ```
    /// assert_eq!(kl_math::law::Poisson::new(4.0).mean(), 4.0);
    /// ```
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// √m.
    ///
    /// ```
    /// assert_eq!(kl_math::law::Poisson::new(4.0).std_dev(), 2.0);
    /// ```
    pub fn std_dev(&self) -> f64 {
        self.mean.sqrt()
    }

    /// P(X = k), 0 unless k is a whole number ≥ 0. Relative error below 3e-12 while it is a normal double.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// assert!((Poisson::new(3.0).mass(2.0) / (4.5 * libm::exp(-3.0)) - 1.0).abs() < 1e-14);
    /// assert_eq!(Poisson::new(3.0).mass(0.5), 0.0);
    /// ```
    pub fn mass(&self, k: f64) -> f64 {
        if k >= 0.0 && k == k.floor() && k.is_finite() { libm::exp(self.log_mass_at(k)).min(1.0) } else { 0.0 }
    }

    /// P(X ≤ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// assert!((Poisson::new(600.0).lower_tail(0.5) / libm::exp(-600.0) - 1.0).abs() < 1e-12);
    /// ```
    pub fn lower_tail(&self, x: f64) -> f64 {
        self.below(x)
    }

    /// P(X ≥ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// assert!((Poisson::new(1e-9).upper_tail(3.0) / (1e-27 / 6.0) - 1.0).abs() < 2e-9);
    /// ```
    pub fn upper_tail(&self, x: f64) -> f64 {
        self.above(x)
    }

    /// P(low ≤ X ≤ high), within 1e-10 of itself; 0 if no count is between them.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// assert!((Poisson::new(2.0).mass_between(1.0, 2.5) / (4.0 * libm::exp(-2.0)) - 1.0).abs() < 1e-14);
    /// ```
    pub fn mass_between(&self, low: f64, high: f64) -> f64 {
        self.between(low, high)
    }

    /// min(1, 2 min(P(X ≤ x), P(X ≥ x))), rounded upward: never below the truth, and above it by 2e-10 of itself at
    /// most, or the least normal double, 2.2e-308; 0 only where x is impossible: below 0, above 0 for m = 0, or
    /// infinite.
    ///
    /// ```
    /// use kl_math::law::Poisson;
    /// let p_value = Poisson::new(4.0).two_sided_p_value(0.0);
    /// assert!((p_value - 2.0 * libm::exp(-4.0)).abs() < 1e-11);
    /// ```
    pub fn two_sided_p_value(&self, x: f64) -> f64 {
        self.p_value(x, x < 0.0 || x == f64::INFINITY || (self.mean == 0.0 && x > 0.0))
    }
}

impl Counts for Poisson {
    fn mode(&self) -> f64 {
        self.mean.floor()
    }

    fn log_mass_at(&self, k: f64) -> f64 {
        log_poisson_mass(k, self.mean)
    }

    fn log_density(&self, k: f64, s: f64) -> f64 {
        let x = k + s;
        -stirling_error(x) - deviance_part((k - self.mean) + s, self.mean) - 0.5 * libm::log(TAU * x)
    }

    /// ln m − ψ(x+1).
    fn slope(&self, k: f64, s: f64) -> f64 {
        let inverse = 1.0 / (k + s);
        -libm::log1p(((k - self.mean) + s) / self.mean) - inverse * (0.5 - inverse / 12.0)
    }

    fn curvature(&self, k: f64, s: f64) -> f64 {
        -1.0 / (k + s)
    }

    fn ratio(&self, k: f64) -> f64 {
        self.mean / (k + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Gamma;
    use proptest::prelude::*;

    #[test]
    fn extremes_are_no_trouble() {
        for mean in [0.0, 1e-320, 1e-300, 1e-3, 1.0, 999.5, 1e15, 1e18, 1e300] {
            let law = Poisson::new(mean);
            for x in [-1.0, 0.0, 0.5, 1.0, 170.0, 1e10, 1e15, 1e18, 1e300, f64::INFINITY, law.mean()] {
                let (lower, upper) = (law.lower_tail(x), law.upper_tail(x));
                assert!((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper), "{law:?} {x}");
                assert!((lower + upper - 1.0 - law.mass(x)).abs() < 1e-11, "{law:?} {x}: {lower} {upper}");
                let p_value = law.two_sided_p_value(x);
                assert!((2.0 * lower.min(upper)).min(1.0) <= p_value && p_value <= 1.0);
                for other in [0.0, 1e5, 1e16, f64::INFINITY] {
                    assert!((0.0..=1.0).contains(&law.mass_between(x, other)), "{law:?} {x} {other}");
                }
            }
            assert_eq!(law.mass_between(-1.0, f64::INFINITY), 1.0);
        }
        let none = Poisson::new(0.0);
        assert_eq!([none.mass(0.0), none.mass(1.0), none.lower_tail(0.0), none.upper_tail(1.0)], [1.0, 0.0, 1.0, 0.0]);
        assert_eq!([none.two_sided_p_value(0.0), none.two_sided_p_value(1.0)], [1.0, 0.0]);
    }

    fn any_case() -> impl Strategy<Value = (Poisson, f64)> {
        (-7.0..35.0f64, -35.0..35.0f64).prop_map(|(log_mean, z)| {
            let mean = libm::exp(log_mean);
            (Poisson::new(mean), (mean + z * mean.sqrt()).max(0.0).floor())
        })
    }

    proptest! {
        /// P(X ≥ k) = P(Gamma(k) ≤ m).
        #[test]
        fn a_tail_is_one_of_a_gamma_law((law, k) in any_case()) {
            if k > 0.0 {
                let gamma = Gamma::new(k, 1.0);
                let (upper, expected) = (law.upper_tail(k), gamma.lower_tail(law.mean));
                prop_assert!((upper - expected).abs() <= 2e-12 * expected + 1e-300, "{upper:e} {expected:e}");
                let (lower, expected) = (law.lower_tail(k - 1.0), gamma.upper_tail(law.mean));
                prop_assert!((lower - expected).abs() <= 2e-12 * expected + 1e-300, "{lower:e} {expected:e}");
            }
        }

        #[test]
        fn an_interval_is_a_difference_of_tails((law, low) in any_case(), fall in -30.0..3.0f64) {
            let high = (low + law.std_dev() * libm::exp(fall)).floor();
            let mass = law.mass_between(low, high);
            let upward = law.upper_tail(low) - (law.upper_tail(high + 1.0) + mass);
            prop_assert!(upward.abs() <= 2e-12 * law.upper_tail(low) + 1e-300, "{upward:e}");
            prop_assert!(mass >= law.mass(low).min(law.mass(high)) * (high - low + 1.0) * (1.0 - 1e-11));
            prop_assert!(mass >= law.mass(low).max(law.mass(high)) * (1.0 - 1e-11));
        }
    }
}
