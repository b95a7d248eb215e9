//! Student's t test, for a mean whose estimates have an unknown variance.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// From so many degrees of freedom on the tail follows from that of a normal variable.
const MANY: f64 = 1e4;

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
