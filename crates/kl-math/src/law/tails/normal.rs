//! The normal law to full relative accuracy, far into its tails.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::gauss_legendre::integral_outward;
use super::p_value::two_sided;

/// The law of X with density exp(−z²/2)/(σ √(2π)), z = (x−m)/σ.
///
/// Every probability has a relative error below 1e-10 (measured: 1e-12), as long as it is a normal double; smaller ones
/// fade into the subnormal numbers and to 0. None is negative, above 1 or NaN. P(X ≤ x) = erfc(−z/√2)/2 (Olver et al.,
/// NIST Handbook, 7.17.2).
///
/// ```
/// use kl_math::law::Normal;
/// let law = Normal::new(1.0, 2.0);
/// assert!((law.lower_tail(-1.0) - 0.158_655_253_931_457_05).abs() < 1e-15);
/// assert!((law.upper_tail(75.0) / 5.725_571_222_524_61e-300 - 1.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean: f64,
    std_dev: f64,
}

impl Normal {
    /// The law with this mean m and standard deviation σ > 0, both finite.
    ///
    /// ```
    /// use kl_math::law::Normal;
    /// assert_eq!(Normal::new(0.0, 1.0).lower_tail(0.0), 0.5);
    /// ```
    pub fn new(mean: f64, std_dev: f64) -> Self {
        Self { mean, std_dev }
    }

    /// m.
    ///
    /// ```
    /// assert_eq!(kl_math::law::Normal::new(3.0, 1.0).mean(), 3.0);
    /// ```
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// σ.
    ///
    /// ```
    /// assert_eq!(kl_math::law::Normal::new(3.0, 1.0).std_dev(), 1.0);
    /// ```
    pub fn std_dev(&self) -> f64 {
        self.std_dev
    }

    /// P(X ≤ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::Normal;
    /// assert!((Normal::new(0.0, 1.0).lower_tail(-10.0) / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-13);
    /// ```
    pub fn lower_tail(&self, x: f64) -> f64 {
        beyond(-self.z(x))
    }

    /// P(X ≥ x), within 1e-10 of itself.
    ///
    /// ```
    /// use kl_math::law::Normal;
    /// assert!((Normal::new(0.0, 1.0).upper_tail(10.0) / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-13);
    /// ```
    pub fn upper_tail(&self, x: f64) -> f64 {
        beyond(self.z(x))
    }

    /// P(low < X ≤ high), within 1e-10 of itself however narrow; 0 if low ≥ high.
    ///
    /// On one side of the mean by segments from the inner end; around it one less what is outside, unless that is most of
    /// it: then by segments on both sides.
    ///
    /// ```
    /// use kl_math::law::Normal;
    /// let mass = Normal::new(0.0, 1.0).mass_between(30.0, 30.0 + libm::ldexp(1.0, -30));
    /// assert!((mass / 1.372_439_893_234_473_7e-205 - 1.0).abs() < 1e-12);
    /// ```
    pub fn mass_between(&self, low: f64, high: f64) -> f64 {
        if low.is_nan() || high.is_nan() || low >= high {
            return 0.0;
        }
        let (a, b) = (self.z(low), self.z(high));
        let length = ratio(high, low, self.std_dev);
        let mass = if a >= 0.0 {
            outward(a, length)
        } else if b <= 0.0 {
            outward(-b, length)
        } else {
            let outside = beyond(-a) + beyond(b);
            if outside <= 0.75 { 1.0 - outside } else { outward(0.0, -a) + outward(0.0, b) }
        };
        mass.min(1.0)
    }

    /// min(1, 2 min(P(X ≤ x), P(X ≥ x))), rounded upward: never below the truth, and above it by 2e-10 of itself at
    /// most, or the least normal double, 2.2e-308; 0 only where x is infinite.
    ///
    /// ```
    /// use kl_math::law::Normal;
    /// let p_value = Normal::new(0.0, 1.0).two_sided_p_value(-1.96);
    /// assert!((p_value - 0.049_995_790_296_440_87).abs() < 1e-11);
    /// ```
    pub fn two_sided_p_value(&self, x: f64) -> f64 {
        if x.is_infinite() { 0.0 } else { two_sided(self.lower_tail(x), self.upper_tail(x)) }
    }

    /// (x − m)/σ.
    fn z(&self, x: f64) -> f64 {
        ratio(x, self.mean, self.std_dev)
    }
}

/// (a − b)/scale, also where the difference overflows.
fn ratio(a: f64, b: f64, scale: f64) -> f64 {
    let difference = a - b;
    if difference.is_finite() { difference / scale } else { (0.5 * a - 0.5 * b) / scale * 2.0 }
}

/// P(Z ≥ z).
fn beyond(z: f64) -> f64 {
    0.5 * libm::erfc(z * FRAC_1_SQRT_2)
}

/// P(z < Z ≤ z + length) for z ≥ 0.
fn outward(z: f64, length: f64) -> f64 {
    let log_density = -0.5 * z * z;
    let integral = integral_outward(length, |s| 2.0 / (2.0 + z + s), |s| libm::exp(-s * (z + 0.5 * s)));
    if integral > 0.0 { libm::exp(log_density + libm::log(integral / TAU.sqrt())) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn extremes_are_no_trouble() {
        for law in [Normal::new(0.0, 1.0), Normal::new(-1e308, 1e308), Normal::new(1.0, 5e-324)] {
            assert_eq!([law.lower_tail(f64::INFINITY), law.upper_tail(f64::NEG_INFINITY)], [1.0, 1.0]);
            assert_eq!([law.upper_tail(f64::INFINITY), law.lower_tail(f64::NEG_INFINITY)], [0.0, 0.0]);
            assert_eq!(law.two_sided_p_value(law.mean()), 1.0);
            assert_eq!([f64::INFINITY, f64::NEG_INFINITY].map(|x| law.two_sided_p_value(x)), [0.0, 0.0]);
            assert_eq!(law.mass_between(f64::NEG_INFINITY, f64::INFINITY), 1.0);
            assert_eq!([law.mass_between(1.0, 1.0), law.mass_between(2.0, 1.0)], [0.0, 0.0]);
        }
        assert!((Normal::new(-1e308, 1e308).upper_tail(1e308) - 0.022_750_131_948_179_21).abs() < 1e-16);
        assert_eq!(Normal::new(0.0, 1.0).two_sided_p_value(60.0), f64::MIN_POSITIVE);
    }

    proptest! {
        #[test]
        fn an_interval_is_a_difference_of_tails(low in -37.0..37.0f64, fall in -40.0..6.0f64) {
            let law = Normal::new(0.0, 1.0);
            let high = low + libm::exp(fall);
            let mass = law.mass_between(low, high);
            prop_assert!((0.0..=1.0).contains(&mass));
            let upward = law.upper_tail(low) - (law.upper_tail(high) + mass);
            prop_assert!(upward.abs() <= 1e-12 * law.upper_tail(low), "{upward:e}");
            let downward = law.lower_tail(high) - (law.lower_tail(low) + mass);
            prop_assert!(downward.abs() <= 1e-12 * law.lower_tail(high), "{downward:e}");
            // And it is at least its length times the lower of the densities at its ends.
            let least = libm::exp(-0.5 * f64::max(low * low, high * high)) / TAU.sqrt();
            prop_assert!(mass >= (high - low) * least * (1.0 - 1e-12));
        }
    }
}
