//! The digamma and log-gamma functions.

use crate::numeric::{DoubleDouble, Positive, stirling_error};

/// Beyond this the asymptotic series is used, below it the recurrence: the first term left out is below 1e-18.
const LARGE: f64 = 20.0;

/// ψ(a) = d lnΓ(a)/da for a > 0, within 1e-15 · max(1, |ψ(a)|); NaN for a ≤ 0 or NaN.
///
/// Up to 20 by ψ(a) = ψ(a+1) − 1/a, beyond by ln a − 1/(2a) − Σ B₂ₘ/(2m a²ᵐ) (Olver et al., NIST Handbook, 5.5.2 and
/// 5.11.2). Near its zero, a = 1.4616…, the error is small beside 1, not beside ψ: for a difference of two see
/// [`digamma_gap`].
///
/// ```
/// use kl_math::numeric::digamma;
/// const EULER: f64 = 0.577_215_664_901_532_9;
/// assert!((digamma(1.0) + EULER).abs() < 1e-15);
/// assert!((digamma(1e-9) / -1e9 - 1.0).abs() < 1e-9);
/// ```
pub fn digamma(a: f64) -> f64 {
    if a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    let steps = (LARGE - a).max(0.0).ceil();
    let large = a + steps;
    let s = 1.0 / (large * large);
    let series = s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))));
    let logarithm = DoubleDouble::from(libm::log(large)) - DoubleDouble::from(0.5 / large + series);
    // The sum of up to twenty terms is rounded once.
    let (mut sum, mut j) = (logarithm, steps);
    while j > 0.0 {
        j -= 1.0;
        sum += -1.0 / (a + j);
    }
    sum.to_f64()
}

/// lnΓ(a) for a > 0, within 3e-16 · max(1, |lnΓ(a)|): `libm`'s. Near its zeros, 1 and 2, that is more than a part of
/// itself; there [`log_gamma_step`](crate::numeric::log_gamma_step)(1, h) is right to a few ulp.
///
/// ```
/// use kl_math::numeric::log_gamma;
/// assert!((log_gamma(0.5) - 0.572_364_942_924_700_1).abs() < 1e-15);
/// assert_eq!([log_gamma(1.0), log_gamma(2.0)], [0.0, 0.0]);
/// ```
pub fn log_gamma(a: f64) -> f64 {
    libm::lgamma(a)
}

/// lnΓ(a) for a > 0 to some 1e-18 beside its size where that is large: by Stirling's formula with logarithms to 30 digits.
///
/// ```
/// use kl_math::numeric::{DoubleDouble, precise_log_gamma};
/// // ln 30!, whose double is off by 3e-15.
/// let found = precise_log_gamma(DoubleDouble::from(31.0));
/// assert!((found.to_f64() - 74.658_236_348_830_16).abs() < 1e-14 && found.remainder().abs() < 1e-14);
/// ```
pub fn precise_log_gamma(a: DoubleDouble) -> DoubleDouble {
    /// ½ ln 2π.
    const HALF_LOG_TAU: [f64; 2] = [0.918_938_533_204_672_8, -3.878_294_158_067_241_4e-17];
    if a.to_f64() < 8.0 {
        return DoubleDouble::from(log_gamma(a.to_f64()));
    }
    let steps = (40.0 - a.to_f64()).max(0.0).ceil();
    let large = a + DoubleDouble::from(steps);
    let log = |x: DoubleDouble| Positive::new(x).precise_log_over(Positive::ONE);
    let mut product = DoubleDouble::ONE;
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        product = product * (a + DoubleDouble::from(j));
    }
    let tau = DoubleDouble::from(HALF_LOG_TAU[0]) + DoubleDouble::from(HALF_LOG_TAU[1]);
    let main = (large - DoubleDouble::HALF) * log(large) - large + tau;
    let below = if steps > 0.0 { log(product) } else { DoubleDouble::ZERO };
    main + DoubleDouble::from(stirling_error(large.to_f64())) - below
}

/// ψ(a+h) − ψ(a) for a > 0 and a + h > 0: of the sign of h, and right to a few ulp however small h is.
///
/// −∞ for a + h ≤ 0, its limit at 0; NaN for a ≤ 0. Up to 20 it is Σ h/((a+j)(a+j+h)), beyond the difference of the two asymptotic series, term by term.
///
/// ```
/// use kl_math::numeric::digamma_gap;
/// // ψ(3) − ψ(1) = 1 + ½, and ψ′(1) h = π²/6 h for a small h.
/// assert!((digamma_gap(1.0, 2.0) - 1.5).abs() < 1e-15);
/// assert!((digamma_gap(1.0, 1e-12) / 1.644_934_066_848_226_4e-12 - 1.0).abs() < 1e-11);
/// ```
pub fn digamma_gap(a: f64, h: f64) -> f64 {
    if a.is_nan() || a <= 0.0 || h.is_nan() {
        return f64::NAN;
    }
    if a + h <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let steps = (LARGE - a.min(a + h)).max(0.0).ceil();
    let (low, high) = (a + steps, a + h + steps);
    let (x, y) = (1.0 / (low * low), 1.0 / (high * high));
    // x − y = h (a+b)/(a²b²), and what follows is a small part of it.
    let squares = h * (low + high) * x * y;
    let square = x * x + x * y + y * y;
    let quartic = x * x * x * x + y * y * y * y + x * y * square;
    let cube = (x + y) * (x * x + y * y);
    let rest = 1.0 / 12.0 - (x + y) / 120.0 + square / 252.0 - cube / 240.0 + quartic / 132.0;
    let mut sum = libm::log1p(h / low) + 0.5 * h / (low * high) + squares * rest;
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += h / (a + j) / (a + j + h);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    // All by mpmath with 50 digits, at the exact doubles.

    #[test]
    fn digamma_meets_reference_values() {
        let rows = [
            (1e-300, -9.999_999_999_999_999e299),
            (1e-12, -1_000_000_000_000.577_2),
            (0.001, -1_000.575_571_931_810_3),
            (0.3, -3.502_524_222_200_133),
            (1.461_632_144_968_362_2, -9.241_265_521_729_427e-17),
            (2.0, 0.422_784_335_098_467_14),
            (7.25, 1.910_453_526_883_736),
            (19.5, 2.944_554_343_425_595),
            (20.0, 2.970_523_992_242_149),
            (1e6, 13.815_510_057_964_191),
            (1e15, 34.538_776_394_910_68),
            (1e300, 690.775_527_898_213_7),
        ];
        for (a, expected) in rows {
            let error = (digamma(a) - expected).abs() / f64::max(1.0, expected.abs());
            assert!(error <= 1e-15, "{a}: {} is off by {error:e}", digamma(a));
        }
        assert_eq!([digamma(1e-310), digamma(f64::INFINITY)], [-f64::INFINITY, f64::INFINITY]);
        assert!([0.0, -0.5, f64::NAN].into_iter().all(|a| digamma(a).is_nan()));
    }

    #[test]
    fn log_gamma_meets_reference_values() {
        let rows = [
            (1e-300, 690.775_527_898_213_7),
            (1e-9, 20.723_265_836_369_195),
            (0.25, 1.288_022_524_698_077_5),
            (0.999_999, 5.772_164_873_855_652e-7),
            (1.000_001, -5.772_148_423_874_147e-7),
            (1.461_632_144_968_362_2, -0.121_486_290_535_849_61),
            (1.999, -0.000_422_461_800_692_107_3),
            (2.00001, 4.227_875_597_648_36e-6),
            (7.25, 7.052_185_450_738_54),
            (171.5, 709.143_163_030_928_2),
            (1e6, 12_815_504.569_147_611),
            (1e15, 33_538_776_394_910_670.0),
        ];
        for (a, expected) in rows {
            let error = (log_gamma(a) - expected).abs() / f64::max(1.0, expected.abs());
            assert!(error <= 3e-16, "{a}: {} is off by {error:e}", log_gamma(a));
        }
    }

    #[test]
    fn differences_of_digamma_meet_reference_values() {
        let rows = [
            (1e-9, 1e-21, 0.000_999_999_999_998_999_8),
            (0.3, -0.29, -97.058_361_235_668_45),
            (1.5, 1e-14, 9.348_022_005_446_752e-15),
            (1.5, 1e6, 13.779_021_583_985_24),
            (19.0, -18.5, -4.881_402_439_316_204),
            (20.0, 0.0002, 1.025_411_202_495_174_2e-5),
            (300.0, -1.0, -0.003_344_481_605_351_170_6),
            (1e15, 1e3, 9.999_999_999_995_005e-13),
            (1e-6, 1e-6, 500_000.000_001_644_95),
        ];
        for (a, h, expected) in rows {
            let error = (digamma_gap(a, h) / expected - 1.0).abs();
            assert!(error <= 2e-15, "{a} {h}: {} is off by {error:e}", digamma_gap(a, h));
        }
    }

    /// It once went back to a + h = 20 step by step, wherever it began.
    #[test]
    fn a_difference_of_digamma_beyond_its_edge_takes_no_time() {
        assert_eq!(digamma_gap(2.0, -1e18), f64::NEG_INFINITY);
        assert_eq!(digamma_gap(2.0, -2.0), f64::NEG_INFINITY);
        assert!(digamma_gap(-1.0, 2.0).is_nan() && digamma_gap(1.0, f64::NAN).is_nan());
    }
}
