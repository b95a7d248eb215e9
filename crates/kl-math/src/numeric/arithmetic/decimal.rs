//! Numbers as text.

use crate::numeric::DoubleDouble;
use std::io::Write;
use std::num::ParseFloatError;
use std::str::FromStr;
use std::sync::LazyLock;

/// The shortest decimal that reads back to the same double, plain from 1e-5 up to 1e16 and with an
/// exponent beyond; `inf` and `-inf`. −0 is 0.
///
/// ```
/// use kl_math::numeric::shortest;
/// assert_eq!([0.1, 100.0, 1e-7, 1e300, -0.0].map(shortest), ["0.1", "100", "1e-7", "1e300", "0"]);
/// assert_eq!(shortest(f64::INFINITY), "inf");
/// ```
pub fn shortest(value: f64) -> String {
    let mut text = Vec::new();
    write_shortest(&mut text, value);
    String::from_utf8(text).unwrap_or_default()
}

/// The decimal of [`shortest`] in a form that every reader takes for a real number: with a point or an exponent.
///
/// ```
/// use kl_math::numeric::shortest_real;
/// assert_eq!([0.1, 100.0, 1e-7, 1e300, -0.0].map(shortest_real), ["0.1", "100.0", "1e-7", "1e300", "0.0"]);
/// assert_eq!(shortest_real(f64::NEG_INFINITY), "-inf");
/// ```
pub fn shortest_real(value: f64) -> String {
    let mut text = Vec::new();
    write_shortest_real(&mut text, value);
    String::from_utf8(text).unwrap_or_default()
}

/// Appends what [`shortest_real`] spells.
pub fn write_shortest_real(text: &mut Vec<u8>, value: f64) {
    if has_one_shortest(value.abs()) {
        write_fraction(text, value);
        return;
    }
    write_any_shortest(text, value + 0.0);
    // The cast is exact for whole numbers below 2^63, and those from 1e16 on have an exponent.
    if value.abs() < 1e16 && (value as i64) as f64 == value {
        text.extend_from_slice(b".0");
    }
}

/// Appends what [`shortest`] spells.
pub fn write_shortest(text: &mut Vec<u8>, value: f64) {
    if has_one_shortest(value.abs()) {
        write_fraction(text, value);
    } else {
        write_any_shortest(text, value + 0.0);
    }
}

/// Whether a positive number has a fraction, no exponent, and for certain only one decimal that is the shortest and the nearest.
/// There, `zmij` writes what the standard library does, in a quarter of the time.
///
/// Where two are as near, one rounds to even and the other up. Such a number lies halfway between two decimals of `k` places:
/// it has k + 1 binary places. Were ten times their distance less than what rounds to the number, there would be a shorter one.
/// So above 1e-5 there are at most 22 places.
#[inline]
fn has_one_shortest(size: f64) -> bool {
    const PLACES: f64 = (1u64 << 22) as f64;
    (1e-5..1e8).contains(&size) && (size * PLACES) as i64 as f64 != size * PLACES
}

#[inline]
fn write_fraction(text: &mut Vec<u8>, value: f64) {
    text.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
}

#[inline(never)]
fn write_any_shortest(text: &mut Vec<u8>, value: f64) {
    let size = value.abs();
    let is_plain = value == 0.0 || value.is_infinite() || (1e-5..1e16).contains(&size);
    // Writing to memory does not fail.
    let _ = if is_plain { write!(text, "{value}") } else { write!(text, "{value:e}") };
}

/// A decimal to about 32 digits: the double nearest to it, and the double nearest to what that leaves out.
///
/// Numbers are written as for `f64`, `inf` and `nan` included. Beyond 10^±290 what is left out is 0.
///
/// ```
/// use kl_math::numeric::DoubleDouble;
/// let tenth: DoubleDouble = "0.1".parse().unwrap();
/// assert_eq!((tenth.to_f64(), tenth), (0.1, DoubleDouble::ratio(1, 10)));
/// ```
impl FromStr for DoubleDouble {
    type Err = ParseFloatError;

    fn from_str(text: &str) -> Result<Self, ParseFloatError> {
        let nearest: f64 = text.parse()?;
        let exact = if (1e-290..1e290).contains(&nearest.abs()) { decimal(text) } else { None };
        // The halves of a double-double do not overlap, so its first is the nearest double; should a last bit differ, that
        // double stands.
        Ok(exact.filter(|exact| exact.to_f64() == nearest).unwrap_or(Self::from(nearest)))
    }
}

/// The value of plain digits with a point and an exponent.
fn decimal(text: &str) -> Option<DoubleDouble> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let unsigned = mantissa.trim_start_matches(['+', '-']);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let (mut first, mut digits, mut power) = (0u64, None, exponent);
    for (text, is_part) in [(whole, false), (part, true)] {
        for digit in text.bytes().map(|digit| digit.wrapping_sub(b'0')) {
            // Short numbers are faster.
            if digits.is_none() && first < 10u64.pow(18) {
                first = 10 * first + u64::from(digit);
                power -= i64::from(is_part);
                continue;
            }
            let digits = digits.get_or_insert(u128::from(first));
            // Of more than 37 digits the last do not matter.
            if *digits < 10u128.pow(36) {
                *digits = 10 * *digits + u128::from(digit);
                power -= i64::from(is_part);
            } else {
                power += i64::from(!is_part);
            }
        }
    }
    let digits = digits.unwrap_or(u128::from(first));
    let (size, value) = (usize::try_from(power.unsigned_abs()).ok()?, DoubleDouble::from(digits));
    let scale = *POWERS_OF_TEN.get(size)?;
    let value = if power < 0 { value / scale } else { value * scale };
    Some(if mantissa.starts_with('-') { -value } else { value })
}

/// 10⁰ to 10³⁰⁰.
static POWERS_OF_TEN: LazyLock<Vec<DoubleDouble>> = LazyLock::new(|| {
    let ten = DoubleDouble::from(10.0);
    std::iter::successors(Some(DoubleDouble::ONE), |&power| Some(power * ten)).take(301).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every double's shortest decimal is next to it, and whole numbers over powers of ten are the quotient.
        #[test]
        fn decimals_are_right_to_the_thirtieth_digit(digits in 0u64.., places in 0u32..19, bits in proptest::num::f64::NORMAL) {
            let text = format!("{digits}e-{places}");
            let expected = DoubleDouble::ratio(digits, 10u64.pow(places));
            let found: DoubleDouble = text.parse().unwrap();
            prop_assert!((found - expected).abs().to_f64() <= 1e-31 * expected.to_f64(), "{}", text);
            prop_assert_eq!(found.to_f64(), text.parse::<f64>().unwrap());
            let found: DoubleDouble = shortest(bits).parse().unwrap();
            prop_assert_eq!(found.to_f64(), bits);
            prop_assert!(found.remainder().abs() <= bits.abs() * f64::EPSILON);
        }
    }

    proptest! {
        /// A real has a point or an exponent, unless it is infinite, and is the same double.
        #[test]
        fn reals_read_back_as_reals(bits in any::<u64>(), whole in -1e17f64..1e17, power in -20i32..20) {
            for value in [f64::from_bits(bits), libm::round(whole), whole * libm::exp10(f64::from(power))] {
                prop_assume!(!value.is_nan());
                let text = shortest_real(value);
                prop_assert_eq!(text.parse::<f64>().unwrap(), value);
                prop_assert!(value.is_infinite() || text.contains(['.', 'e']), "{}", text);
                prop_assert_eq!(text.strip_suffix(".0").unwrap_or(&text), shortest(value));
            }
        }
    }

    #[test]
    fn whole_reals_have_a_point() {
        let around = [1e15, 9999999999999998.0, 1e16, 9007199254740992.0, -3.0, 0.0, -0.0, 1e-5, 9e-6];
        let texts = around.map(shortest_real);
        let expected = [
            "1000000000000000.0",
            "9999999999999998.0",
            "1e16",
            "9007199254740992.0",
            "-3.0",
            "0.0",
            "0.0",
            "0.00001",
            "9e-6",
        ];
        assert_eq!(texts, expected);
    }

    fn both_ways(value: f64) -> (String, String) {
        let mut text = Vec::new();
        write_any_shortest(&mut text, value);
        (shortest(value), String::from_utf8(text).unwrap())
    }

    proptest! {
        /// Numbers of every size, and of few binary places: of these some are halfway between two shortest decimals.
        #[test]
        fn the_fast_way_writes_what_the_standard_library_does(
            exponent in 1000u64..1056, mantissa in 0u64..1 << 52, zeros in 0u32..52, sign in 0u64..2,
        ) {
            for mantissa in [mantissa, mantissa >> zeros << zeros] {
                let (found, expected) = both_ways(f64::from_bits(sign << 63 | exponent << 52 | mantissa));
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn halfway_between_two_decimals_the_upper_is_written() {
        let binary_places = |places: i32, odd: f64| odd / f64::from(1u32 << places);
        for places in 2..=22 {
            for odd in (0..20_000).map(|half| f64::from(2 * half + 1)) {
                let (found, expected) = both_ways(binary_places(places, odd));
                assert_eq!(found, expected);
            }
        }
        // 0.50000762939453125 and 122732469.072265625.
        assert_eq!(shortest(0.5 + binary_places(17, 1.0)), "0.5000076293945313");
        assert_eq!(shortest(binary_places(9, 62_839_024_165.0)), "122732469.07226563");
    }

    #[test]
    fn every_way_of_writing_is_read() {
        let read = |text: &str| text.parse::<DoubleDouble>();
        let tenth = DoubleDouble::ratio(1, 10);
        for text in ["0.1", ".1", "+0.1", "1e-1", "0.01E1", "100e-3", "0.1000000000000000000000000000000000000000000"] {
            assert!((read(text).unwrap() - tenth).abs().to_f64() < 1e-32, "{text}");
        }
        assert_eq!(read("-0.1").unwrap(), -tenth);
        assert_eq!(read("12345678901234567890123456789012345678901").unwrap().to_f64(), 1.2345678901234568e40);
        assert_eq!(read("-inf").unwrap().to_f64(), f64::NEG_INFINITY);
        assert!(read("nan").unwrap().to_f64().is_nan());
        assert_eq!(read("1e-320").unwrap().to_f64(), 1e-320);
        for text in ["", "one", "0,5", "1e", "1_000"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
