//! Elementary functions without jumps, for whole batches: the compiler puts several numbers side by side.

use std::f64::consts::{LN_2, LOG2_E};

/// eˣ, within 1 ulp for −708 < x < 709.5; below, as many digits as doubles have there, and at last 0.
///
/// x = k ln 2 + r with k whole and |r| ≤ ½ ln 2; Taylor's series for eʳ to r¹³, whose remainder is below 5e-18.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    /// ln 2 to 32 bits, so that its multiples are exact, and what it lacks.
    const HIGH: f64 = 0.693_147_180_369_123_8;
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    // The order of the comparisons is that of the vector instructions.
    let x = if x > -746.0 { x } else { -746.0 };
    let k = whole(x * LOG2_E);
    let r = (x - k * HIGH) - k * LOW;
    let (square, fourth) = (r * r, r * r * (r * r));
    // r² (1/2! + r/3! + …), in pairs.
    let pair = |n: usize| RECIPROCALS[n] + r * RECIPROCALS[n + 1];
    let low = pair(2) + square * pair(4);
    let middle = pair(6) + square * pair(8);
    let high = pair(10) + square * pair(12);
    let near_one = 1.0 + (r + square * (low + fourth * (middle + fourth * high)));
    // 2ᵏ in two factors, as it may be less than any normal number.
    let half = whole(0.5 * k);
    near_one * power_of_two(half) * power_of_two(k - half)
}

/// ln(1 + t) for 0 ≤ t ≤ 1, within 1.4 ulp: the series of the logarithm in FreeBSD's `e_log.c` (Sun Microsystems 1993), for
/// 1 + t or (1 + t)/2.
#[inline]
pub(super) fn log_one_plus(t: f64) -> f64 {
    const SERIES: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    /// √2 − 1.
    const MIDDLE: f64 = 0.414_213_562_373_095_05;
    /// What the double next to ln 2 lacks.
    const LOW: f64 = 2.319_046_813_846_299_6e-17;
    let is_large = t > MIDDLE;
    let (f, high, low) = (
        if is_large { 0.5 * (t - 1.0) } else { t },
        if is_large { LN_2 } else { 0.0 },
        if is_large { LOW } else { 0.0 },
    );
    let s = f / (2.0 + f);
    let (z, w) = (s * s, s * s * (s * s));
    let even = w * (SERIES[1] + w * (SERIES[3] + w * SERIES[5]));
    let odd = z * (SERIES[0] + w * (SERIES[2] + w * (SERIES[4] + w * SERIES[6])));
    let half_square = 0.5 * f * f;
    high - ((half_square - (s * (half_square + (even + odd)) + low)) - f)
}

/// 1/n!.
const RECIPROCALS: [f64; 14] = {
    let mut reciprocals = [1.0; 14];
    let mut factorial = 1u64;
    let mut n = 1;
    while n < reciprocals.len() {
        factorial *= n as u64;
        reciprocals[n] = 1.0 / factorial as f64;
        n += 1;
    }
    reciprocals
};

/// 1.5 · 2⁵²: with it a double has no digits behind the point.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// The nearest whole number, of at most 2⁵¹.
#[inline]
fn whole(x: f64) -> f64 {
    (x + SHIFT) - SHIFT
}

/// 2ᵏ for a whole number −1023 < k < 1024.
#[inline]
fn power_of_two(k: f64) -> f64 {
    const BIAS: u64 = 1023;
    const EXPONENT_AT: u32 = 52;
    // The lowest bits of the sum are k; all but the lowest are shifted out.
    f64::from_bits((k + SHIFT).to_bits().wrapping_add(BIAS) << EXPONENT_AT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far apart, in units of the last place of the second.
    fn ulps(found: f64, expected: f64) -> f64 {
        let ulp = f64::from_bits(expected.to_bits() + 1) - expected;
        (found - expected).abs() / ulp
    }

    /// `libm`'s functions are within 1 ulp, too.
    #[test]
    fn the_functions_are_those_of_libm_but_for_rounding() {
        for step in 0..2_000_000 {
            let share = f64::from(step) / 2_000_000.0;
            let x = -708.0 + 1_417.0 * share;
            assert!(ulps(exp(x), libm::exp(x)) <= 1.0, "{x}");
            let small = x / 512.0;
            assert!(ulps(exp(small), libm::exp(small)) <= 1.0, "{small}");
            for t in [share, libm::exp(-700.0 * share)] {
                assert!(ulps(log_one_plus(t), libm::log1p(t)) <= 2.0, "{t}");
            }
        }
    }

    /// By mpmath, to 17 digits.
    #[test]
    fn the_least_and_the_largest_are_right() {
        for (x, expected) in [
            (0.0, 1.0),
            (-0.0, 1.0),
            (709.0, 8.218407461554972e307),
            (-708.0, 3.307553003638408e-308),
            (-740.0, 4.2e-322),
            (-744.4, 5e-324),
            (-746.0, 0.0),
            (-1e300, 0.0),
            (f64::NEG_INFINITY, 0.0),
        ] {
            assert!(ulps(exp(x), expected) <= 1.0, "{x}: {:e}", exp(x));
        }
        assert_eq!((log_one_plus(0.0), log_one_plus(1.0)), (0.0, LN_2));
        assert_eq!(log_one_plus(5e-324), 5e-324);
    }
}
