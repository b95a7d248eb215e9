//! Student's t test, for a mean whose estimates have an unknown variance.

use crate::numeric::normal_quantile;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// From so many degrees of freedom on the tail follows from that of a normal variable.
const MANY: f64 = 1e4;

/// More of Newton's steps than any quantile takes.
const STEPS: usize = 1_000;

/// Returns 2 P(T ≥ |t|), T of Student's t distribution with `degrees` degrees of freedom: from 0 to 1, never NaN.
///
/// It is right to 1e-10 of itself down to the smallest doubles from 999 degrees on (1e-9 for |t| below 0.1).
///
/// # Source
///
/// The incomplete beta function of the crate statrs. It loses digits as degrees grow: from 10⁴ on Hill's expansion of the
/// normal variable with the same tail (1970, Algorithm 395, Communications of the ACM 13).
///
/// ```
/// use kl_math::statistics::student_p_value;
/// assert!((student_p_value(2.5, 999.0) / 0.012578727584509219 - 1.0).abs() < 1e-9);
/// assert_eq!((student_p_value(0.0, 999.0), student_p_value(f64::INFINITY, 999.0)), (1.0, 0.0));
/// ```
pub fn student_p_value(t: f64, degrees: f64) -> f64 {
    let t = t.abs();
    if t.is_nan() {
        return 1.0;
    }
    if degrees < MANY
        && let Ok(law) = StudentsT::new(0.0, 1.0, degrees)
    {
        return (2.0 * law.sf(t)).clamp(0.0, 1.0);
    }
    libm::erfc(normal_with_tail(t, degrees) * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the t ≥ 0 that T of Student's t distribution with `degrees` degrees of freedom exceeds with chance `tail`, which is in
/// (0, ½]; that of a normal variable where `degrees` is infinite. It is right to some 1e-10 of itself.
///
/// ```
/// use kl_math::statistics::student_quantile;
/// // 12.7062… of one degree is tan(0.475 π).
/// assert!((student_quantile(0.025, 1.0) / 12.706_204_736_174_707 - 1.0).abs() < 1e-9);
/// assert!((student_quantile(0.025, f64::INFINITY) - 1.959_963_984_540_054).abs() < 1e-14);
/// ```
pub fn student_quantile(tail: f64, degrees: f64) -> f64 {
    let normal = normal_quantile(tail);
    if degrees.is_infinite() {
        return normal;
    }
    // ln of the density at 0.
    let peak = libm::lgamma(0.5 * (degrees + 1.0))
        - libm::lgamma(0.5 * degrees)
        - 0.5 * libm::log(degrees * std::f64::consts::PI);
    let density = |t: f64| libm::exp(peak - 0.5 * (degrees + 1.0) * libm::log1p(t * (t / degrees)));
    // The tail is convex: Newton's steps from below do not pass the root, but for rounding.
    let mut t = normal;
    for _ in 0..STEPS {
        let step = (0.5 * student_p_value(t, degrees) - tail) / density(t);
        if !step.is_finite() || step <= 1e-15 * t {
            break;
        }
        t += step;
    }
    t
}

/// z with P(Z ≥ z) = P(T ≥ t).
fn normal_with_tail(t: f64, degrees: f64) -> f64 {
    let a = degrees - 0.5;
    let b = 48.0 * a * a;
    let square = a * libm::log1p(t * (t / degrees));
    if square.is_infinite() {
        return f64::INFINITY;
    }
    let z = square.sqrt();
    let first = z * (square + 3.0) / b;
    let second = z * (((4.0 * square + 33.0) * square + 240.0) * square + 855.0)
        / (10.0 * b * (b + 0.8 * square * square + 100.0));
    z + first - second
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUANTILES: [(f64, f64, f64); 6] = [
        (0.025, 3.0, 3.182_446_305_283_708_6),
        (0.025, 4.5, 2.658_912_347_204_404),
        (0.05, 30.0, 1.697_260_886_593_957_4),
        (0.005, 12.25, 3.043_228_310_411_185_2),
        (0.025, 99_999.0, 1.959_987_707_771_844_8),
        (0.025, 0.5, 164.557_673_480_488_46),
    ];

    /// Values from scipy.stats.t.isf.
    #[test]
    fn quantiles_have_their_tails() {
        for (tail, degrees, expected) in QUANTILES {
            let t = student_quantile(tail, degrees);
            assert!((t / expected - 1.0).abs() < 1e-9, "{tail} {degrees}: {t} {expected}");
        }
        assert!(student_quantile(0.5, 3.0) < 1e-12);
        // There and back, where no table is.
        for degrees in [0.3, 0.9, 1.5, 4.2, 17.0, 333.3, 9_999.0, 10_001.0, 1e9] {
            for tail in [0.4, 0.1, 0.025, 0.005, 1e-6] {
                let back = 0.5 * student_p_value(student_quantile(tail, degrees), degrees);
                assert!((back / tail - 1.0).abs() < 1e-9, "{tail} {degrees} {back}");
            }
        }
    }

    /// Values of I_x(ν/2, 1/2), x = ν/(ν + t²), from mpmath at 40 digits.
    #[test]
    fn both_tails_count() {
        for (t, degrees, expected) in [
            (1.0, 1.0, 0.5),
            (2.5, 3.0, 0.087_706_647_008_065_55),
            (0.7, 30.0, 0.489_320_443_499_671_5),
            (12.0, 30.0, 5.580_185_415_199_256e-13),
            (3.0, 999.0, 0.002_766_776_460_147_794),
            (2.0, 9_999.0, 0.045_527_263_361_510_106),
            (2.0, 10_000.0, 0.045_527_260_661_435_44),
            (6.0, 1e6, 1.973_849_812_354_434_7e-9),
        ] {
            for t in [t, -t] {
                let p = student_p_value(t, degrees);
                assert!((p / expected - 1.0).abs() < 1e-10, "{t} {degrees}: {p:e} {expected:e}");
            }
        }
    }
}
