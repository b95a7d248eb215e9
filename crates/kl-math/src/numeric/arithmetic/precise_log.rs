//! Logarithms to about 30 digits.

use crate::numeric::DoubleDouble;
use std::sync::LazyLock;

/// ln(1 + u) and u − ln(1 + u) for the u = (q − p)/p of two positive numbers p and q, each with a relative error below 1e-29,
/// however small u is.
///
/// With s = u/(2 + u): ln(1 + u) = 2 artanh s = 2s Σ s²ᵏ/(2k+1) and u − ln(1 + u) = 2s²/(1−s) − 2s³ Σ s²ᵏ/(2k+3). Far from
/// 0 the binary exponent of q/p is taken off first. None where q/p is no normal double.
///
/// ```
/// use kl_math::numeric::{DoubleDouble, precise_log};
/// let [p, q] = [1.0, 1.0 + 1e-9f64].map(DoubleDouble::from);
/// let (log, excess) = precise_log(p, q).expect("a normal number");
/// let u = (q - p).to_f64();
/// assert!((excess.to_f64() / (0.5 * u * u - u * u * u / 3.0) - 1.0).abs() < 1e-15);
/// assert_eq!(log.to_f64(), libm::log1p(u));
/// ```
pub fn precise_log(p: DoubleDouble, q: DoubleDouble) -> Option<(DoubleDouble, DoubleDouble)> {
    const NEAR: f64 = 0.4;
    let (ratio, relative) = (q / p, (q - p) / p);
    if !(f64::MIN_POSITIVE..=f64::MAX).contains(&ratio.to_f64()) {
        return None;
    }
    if -0.29 < relative.to_f64() && relative.to_f64() < NEAR {
        let s = relative / (TWO + relative);
        let square = s * s;
        let excess = TWO * square * (DoubleDouble::ONE / (DoubleDouble::ONE - s) - s * series(square));
        return Some((relative - excess, excess));
    }
    let log = log_of_normal(ratio);
    Some((log, relative - log))
}

/// ln(q/p) and q/p − 1 − ln(q/p) as [`precise_log`] gives them; where it does not, from `log_ratio` = ln(p/q).
pub fn precise_log_or(p: DoubleDouble, q: DoubleDouble, log_ratio: f64) -> (DoubleDouble, DoubleDouble) {
    let beyond = || (DoubleDouble::from(-log_ratio), (q - p) / p + DoubleDouble::from(log_ratio));
    precise_log(p, q).unwrap_or_else(beyond)
}

const TWO: DoubleDouble = DoubleDouble::TWO;

/// Σ_{k≥0} xᵏ/(2k+3): for x ≤ (√2 − 1)⁴ < 0.03 it ends after 22 terms.
fn series(x: DoubleDouble) -> DoubleDouble {
    /// 1/(2k+3), k = 0 … 21.
    static COEFFICIENTS: LazyLock<[DoubleDouble; 22]> =
        LazyLock::new(|| std::array::from_fn(|k| DoubleDouble::ratio(1, 2 * k as u64 + 3)));
    COEFFICIENTS.iter().rev().fold(DoubleDouble::ZERO, |sum, coefficient| sum * x + *coefficient)
}

/// ln(m 2ᵉ) = e ln 2 + 2 artanh((m−1)/(m+1)) with m between √½ and √2.
fn log_of_normal(ratio: DoubleDouble) -> DoubleDouble {
    let (part, exponent) = libm::frexp(ratio.to_f64());
    let exponent = if part < std::f64::consts::FRAC_1_SQRT_2 { exponent - 1 } else { exponent };
    let scaled = |x: f64| DoubleDouble::from(libm::ldexp(x, -exponent));
    let m = scaled(ratio.to_f64()) + scaled(ratio.remainder());
    let s = (m - DoubleDouble::ONE) / (m + DoubleDouble::ONE);
    let square = s * s;
    DoubleDouble::LN_2 * DoubleDouble::from(f64::from(exponent))
        + TWO * s * (DoubleDouble::ONE + square * series(square))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln 10 and ln(3/4), by 40-digit arithmetic, each as two doubles.
    #[test]
    fn thirty_digits_are_right() {
        let near = |found: DoubleDouble, digits: [f64; 2]| {
            let expected = DoubleDouble::from(digits[0]) + DoubleDouble::from(digits[1]);
            let error = ((found - expected) / expected).to_f64();
            assert!(error.abs() < 1e-30, "{found:?} {error:e}");
        };
        let log = |p: f64, q: f64| precise_log(DoubleDouble::from(p), DoubleDouble::from(q)).unwrap().0;
        near(log(1.0, 10.0), [std::f64::consts::LN_10, -2.1707562233822494e-16]);
        near(log(4.0, 3.0), [-0.2876820724517809, -2.607160616442564e-17]);
        near(log(10.0, 1.0), [-std::f64::consts::LN_10, 2.1707562233822494e-16]);
    }

    /// Both ways to the same number, where either can be gone.
    #[test]
    fn the_excess_is_the_difference_where_that_keeps_its_digits() {
        for relative in [-0.3, -0.289, -0.1, 0.1, 0.39, 0.41, 7.0, 1e200] {
            let u = DoubleDouble::from(relative);
            let (log, excess) = precise_log(DoubleDouble::ONE, DoubleDouble::ONE + u).unwrap();
            let error = ((u - log - excess) / excess).to_f64();
            assert!(error.abs() < 1e-28, "{relative}: {error:e}");
        }
    }

    #[test]
    fn ratios_that_no_double_holds_have_none() {
        let [tiny, one] = [5e-324, 1.0].map(DoubleDouble::from);
        assert!(precise_log(tiny, one).is_none() && precise_log(one, tiny).is_none());
        assert!(precise_log(tiny, tiny).is_some_and(|(log, excess)| log.to_f64() == 0.0 && excess.to_f64() == 0.0));
    }
}
