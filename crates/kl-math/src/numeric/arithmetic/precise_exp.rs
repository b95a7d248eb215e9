//! Exponentials to about 30 digits.

use crate::numeric::DoubleDouble;
use std::sync::LazyLock;

/// eˣ with a relative error below 1e-29 for −630 ≤ x ≤ 700; below, the second double has fewer digits. 0 far below, ∞ far above.
///
/// With x = k ln 2 + 2⁸ r, |r| < 0.0014: eʳ − 1 by its series, of which eight doublings u ↦ 2u + u² make e^(2⁸ r) − 1.
///
/// ```
/// use kl_math::numeric::{DoubleDouble, precise_exp};
/// let e = precise_exp(DoubleDouble::ONE);
/// assert_eq!((e.to_f64(), e.remainder()), (std::f64::consts::E, 1.4456468917292502e-16));
/// ```
pub fn precise_exp(x: DoubleDouble) -> DoubleDouble {
    const DOUBLINGS: u32 = 8;
    /// Beyond, there is no double but 0 and ∞.
    const REACH: f64 = 800.0;
    let size = x.to_f64();
    if size > REACH {
        return DoubleDouble::from(f64::INFINITY);
    }
    // Not a number either way: −∞ has no remainder.
    if size < -REACH {
        return DoubleDouble::ZERO;
    }
    let exponent = libm::rint(size / std::f64::consts::LN_2);
    let rest = x - DoubleDouble::LN_2 * DoubleDouble::from(exponent);
    let small = scaled(rest, -(DOUBLINGS as i32));
    let mut less_one = small * series(small);
    for _ in 0..DOUBLINGS {
        less_one = DoubleDouble::TWO * less_one + less_one * less_one;
    }
    scaled(DoubleDouble::ONE + less_one, exponent as i32)
}

/// (eʳ − 1)/r = Σ rᵏ/(k+1)!: for |r| < 0.0014 eleven terms are enough.
fn series(r: DoubleDouble) -> DoubleDouble {
    /// 1/(k+1)!, k = 0 … 10.
    static COEFFICIENTS: LazyLock<[DoubleDouble; 11]> = LazyLock::new(|| {
        let mut factorial = 1;
        std::array::from_fn(|k| {
            factorial *= k as u64 + 1;
            DoubleDouble::ratio(1, factorial)
        })
    });
    COEFFICIENTS.iter().rev().fold(DoubleDouble::ZERO, |sum, coefficient| sum * r + *coefficient)
}

/// x 2ᵏ.
fn scaled(x: DoubleDouble, k: i32) -> DoubleDouble {
    DoubleDouble::from(libm::ldexp(x.to_f64(), k)) + DoubleDouble::from(libm::ldexp(x.remainder(), k))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::precise_log;
    use proptest::prelude::*;

    /// By mpmath with 40 digits, each as two doubles.
    #[test]
    fn thirty_digits_are_right() {
        for (x, digits) in EXPONENTIALS {
            let expected = DoubleDouble::from(digits[0]) + DoubleDouble::from(digits[1]);
            let error = ((precise_exp(DoubleDouble::from(x)) - expected) / expected).to_f64();
            assert!(error.abs() < 1e-29, "{x}: {error:e}");
        }
    }

    const EXPONENTIALS: [(f64, [f64; 2]); 5] = [
        (1.0, [std::f64::consts::E, 1.4456468917292502e-16]),
        (-0.001, [0.999000499833375, -3.026024053145243e-17]),
        (0.3, [1.3498588075760032, -9.447314673432387e-17]),
        (-37.25, [6.64554417291507e-17, -5.891784267265031e-34]),
        (650.5, [3.2252284201050854e+282, 2.291790547181322e+265]),
    ];

    #[test]
    fn beyond_doubles_there_are_0_and_infinity() {
        assert_eq!(precise_exp(DoubleDouble::from(f64::NEG_INFINITY)), DoubleDouble::ZERO);
        assert_eq!(precise_exp(DoubleDouble::from(-1e9)), DoubleDouble::ZERO);
        assert_eq!(precise_exp(DoubleDouble::from(f64::INFINITY)).to_f64(), f64::INFINITY);
        assert_eq!(precise_exp(DoubleDouble::ZERO), DoubleDouble::ONE);
    }

    proptest! {
        /// The logarithm is right to 1e-29 by its own tests.
        #[test]
        fn the_logarithm_leads_back(x in -630.0..690.0f64) {
            let (log, _) = precise_log(DoubleDouble::ONE, precise_exp(DoubleDouble::from(x))).unwrap();
            let error = (log - DoubleDouble::from(x)).to_f64();
            prop_assert!(error.abs() < 1e-29 * (1.0 + x.abs()), "{error:e}");
        }
    }
}
