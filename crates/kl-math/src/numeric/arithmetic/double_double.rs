//! A number as an unevaluated sum of two doubles: about 32 significant digits.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// `hi + lo` with `|lo| ≤ ½ ulp(hi)`, after Dekker (1971), "A floating-point technique for extending
/// the available precision", and Knuth's two-sum.
///
/// Probabilities live in this type, so that the difference of two that agree to twelve digits still
/// has twenty right ones. Only `+ − × ÷` are used: the bits are the same on every machine.
///
/// ```
/// use kl_math::numeric::DoubleDouble;
/// let third = DoubleDouble::ratio(1, 3);
/// assert_eq!((third + third + third).to_f64(), 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DoubleDouble {
    hi: f64,
    lo: f64,
}

impl DoubleDouble {
    /// Zero.
    pub const ZERO: Self = Self { hi: 0.0, lo: 0.0 };
    /// One.
    pub const ONE: Self = Self { hi: 1.0, lo: 0.0 };
    /// One half.
    pub const HALF: Self = Self { hi: 0.5, lo: 0.0 };
    /// Two.
    pub const TWO: Self = Self { hi: 2.0, lo: 0.0 };
    /// ln 2.
    pub const LN_2: Self = Self { hi: std::f64::consts::LN_2, lo: 2.319_046_813_846_3e-17 };

    /// The exact quotient of two integers, to 106 bits. `denominator` is not zero.
    pub fn ratio(numerator: u64, denominator: u64) -> Self {
        Self::from(u128::from(numerator)) / Self::from(u128::from(denominator))
    }

    /// The nearest double.
    #[inline]
    pub fn to_f64(self) -> f64 {
        self.hi
    }

    /// What [`to_f64`](Self::to_f64) leaves out.
    pub fn remainder(self) -> f64 {
        self.lo
    }

    /// The absolute value.
    #[inline]
    pub fn abs(self) -> Self {
        if self.hi < 0.0 { -self } else { self }
    }

    /// self · `factor`, exactly (barring overflow and underflow) if `factor` is a power of two.
    ///
    /// ```
    /// use kl_math::numeric::DoubleDouble;
    /// let third = DoubleDouble::ratio(1, 3);
    /// assert_eq!(third.scaled(0.25), third / DoubleDouble::from(4.0));
    /// ```
    #[must_use]
    #[inline]
    pub fn scaled(self, factor: f64) -> Self {
        Self { hi: self.hi * factor, lo: self.lo * factor }
    }

    /// The square root of a number that is not negative, to twice the digits of a double's (Karp & Markstein 1997).
    ///
    /// ```
    /// use kl_math::numeric::DoubleDouble;
    /// let root = DoubleDouble::from(2.0).sqrt();
    /// assert!((root * root - DoubleDouble::from(2.0)).to_f64().abs() < 1e-30);
    /// ```
    #[must_use]
    pub fn sqrt(self) -> Self {
        let first = self.hi.sqrt();
        if first == 0.0 || !first.is_finite() {
            return Self::from(first);
        }
        let rest = (self - Self::product(first, first)).hi;
        Self::renormalised(first, 0.5 * rest / first)
    }

    /// The exact product of two doubles (barring overflow and underflow).
    #[inline]
    pub fn product(a: f64, b: f64) -> Self {
        let hi = a * b;
        if !hi.is_finite() {
            return Self { hi, lo: 0.0 };
        }
        if a.abs() > BIG || b.abs() > BIG {
            return product_of_big(a, b);
        }
        let ((a1, a0), (b1, b0)) = (split(a), split(b));
        let lo = ((a1 * b1 - hi) + a1 * b0 + a0 * b1) + a0 * b0;
        Self { hi, lo }
    }

    /// ⌊self · 2⁶⁴⌋ for a number in [0, 1]; 2⁶⁴ for one.
    ///
    /// ```
    /// use kl_math::numeric::DoubleDouble;
    /// assert_eq!(DoubleDouble::ratio(1, 2).to_fixed_64(), 1 << 63);
    /// assert_eq!(DoubleDouble::ratio(1, 3).to_fixed_64(), u128::from(u64::MAX / 3));
    /// ```
    pub fn to_fixed_64(self) -> u128 {
        const SCALE: f64 = 18_446_744_073_709_551_616.0; // 2^64
        let (hi, lo) = (self.hi * SCALE, self.lo * SCALE);
        let whole = hi.floor();
        let rest = ((hi - whole) + lo).floor();
        let fixed = whole as i128 + rest as i128;
        fixed.clamp(0, 1 << 64) as u128
    }

    #[inline]
    fn renormalised(hi: f64, lo: f64) -> Self {
        let sum = hi + lo;
        if sum.is_finite() { Self { hi: sum, lo: lo - (sum - hi) } } else { Self { hi: sum, lo: 0.0 } }
    }
}

/// Beyond 2^996 the splitting overflows.
const BIG: f64 = 6.696_928_794_914_171e299;

/// The product with one factor beyond that: scaling by a power of two is exact.
#[cold]
fn product_of_big(a: f64, b: f64) -> DoubleDouble {
    const DOWN: f64 = 1.0 / (1u64 << 53) as f64;
    const UP: f64 = (1u64 << 53) as f64;
    let (a, b) = if a.abs() > BIG { (a * DOWN, b) } else { (a, b * DOWN) };
    DoubleDouble::product(a, b).scaled(UP)
}

/// Veltkamp's split into two halves of 26 bits.
#[inline]
fn split(a: f64) -> (f64, f64) {
    const FACTOR: f64 = 134_217_729.0; // 2^27 + 1
    let scaled = FACTOR * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

#[inline]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let virtual_b = sum - a;
    (sum, (a - (sum - virtual_b)) + (b - virtual_b))
}

impl From<f64> for DoubleDouble {
    #[inline]
    fn from(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }
}

impl From<u128> for DoubleDouble {
    fn from(value: u128) -> Self {
        if let Ok(small) = u64::try_from(value) {
            // The nearest double and what that leaves out, at most 2^10.
            let hi = small as f64;
            return Self { hi, lo: (i128::from(small) - hi as i128) as f64 };
        }
        from_limbs(value)
    }
}

/// Four limbs of 32 bits, each exact as a double.
fn from_limbs(value: u128) -> DoubleDouble {
    (0..4).rev().fold(DoubleDouble::ZERO, |sum, limb| {
        let part = ((value >> (32 * limb)) & 0xffff_ffff) as f64;
        sum * DoubleDouble::from(4_294_967_296.0) + DoubleDouble::from(part)
    })
}

impl From<i128> for DoubleDouble {
    fn from(value: i128) -> Self {
        let magnitude = Self::from(value.unsigned_abs());
        if value < 0 { -magnitude } else { magnitude }
    }
}

impl Add for DoubleDouble {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        let (hi, error) = two_sum(self.hi, other.hi);
        if !hi.is_finite() {
            return Self { hi, lo: 0.0 };
        }
        let (lo, rest) = two_sum(self.lo, other.lo);
        let first = Self::renormalised(hi, error + lo);
        Self::renormalised(first.hi, first.lo + rest)
    }
}

impl Neg for DoubleDouble {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl Sub for DoubleDouble {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        let exact = Self::product(self.hi, other.hi);
        if exact.hi == 0.0 || !exact.hi.is_finite() {
            return exact;
        }
        Self::renormalised(exact.hi, exact.lo + (self.hi * other.lo + self.lo * other.hi))
    }
}

impl Div for DoubleDouble {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        if first == 0.0 || !first.is_finite() {
            return Self::from(first);
        }
        let remainder = self - other * Self::from(first);
        let second = remainder.hi / other.hi;
        let remainder = remainder - other * Self::from(second);
        let third = remainder.hi / other.hi;
        Self::renormalised(first, second) + Self::from(third)
    }
}

impl AddAssign for DoubleDouble {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl AddAssign<f64> for DoubleDouble {
    fn add_assign(&mut self, other: f64) {
        *self = *self + Self::from(other);
    }
}

impl Sum for DoubleDouble {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::ZERO, |sum, term| sum + term)
    }
}

impl PartialOrd for DoubleDouble {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match self.hi.partial_cmp(&other.hi) {
            Some(Ordering::Equal) => self.lo.partial_cmp(&other.lo),
            order => order,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sixth_has_thirty_digits() {
        let sixth = DoubleDouble::ratio(1, 6);
        let six = DoubleDouble::from(6.0);
        let error = sixth * six - DoubleDouble::ONE;
        assert!(error.to_f64().abs() < 1e-31, "{error:?}");
    }

    proptest! {
        /// The short way has the bits of the long one.
        #[test]
        fn integers_convert_in_one_way(value in 0u64.., zeros in 0u32..64) {
            for value in [value, value >> zeros, value >> zeros << zeros, u64::MAX - (value >> zeros)] {
                let (short, long) = (DoubleDouble::from(u128::from(value)), from_limbs(u128::from(value)));
                prop_assert_eq!(short.hi.to_bits(), long.hi.to_bits());
                prop_assert_eq!(short.lo.to_bits(), long.lo.to_bits());
            }
        }
    }

    #[test]
    fn large_integers_convert_to_a_hundred_bits() {
        let value = (1u128 << 100) + 12_345;
        let number = DoubleDouble::from(value);
        assert_eq!(number.to_f64(), (1u128 << 100) as f64);
        assert_eq!(number.remainder(), 12_345.0);
        assert_eq!(DoubleDouble::from(-7i128).to_f64(), -7.0);
    }

    #[test]
    fn fixed_point_keeps_64_bits() {
        assert_eq!(DoubleDouble::ONE.to_fixed_64(), 1 << 64);
        assert_eq!(DoubleDouble::ZERO.to_fixed_64(), 0);
        // 1 − 2^−64 needs both halves.
        let almost = DoubleDouble::ONE - DoubleDouble::from(1.0 / 18_446_744_073_709_551_616.0);
        assert_eq!(almost.to_fixed_64(), (1 << 64) - 1);
    }

    #[test]
    fn infinities_pass_through_without_nan() {
        let huge = DoubleDouble::from(f64::MAX);
        assert_eq!((huge + huge).to_f64(), f64::INFINITY);
        assert_eq!((huge * huge).to_f64(), f64::INFINITY);
        assert_eq!((DoubleDouble::ONE / DoubleDouble::from(5e-324)).to_f64(), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn a_product_is_exact(a in -1e100f64..1e100, b in -1e100f64..1e100) {
            // The product of two 26-bit halves is exact, so compare in integers where they fit.
            let (a, b) = ((a as f32) as f64, b);
            let exact = DoubleDouble::product(a, b);
            prop_assert_eq!(exact.to_f64(), a * b);
        }

        #[test]
        fn integers_multiply_exactly(a in -(1i64 << 52)..(1i64 << 52), b in -(1i64 << 52)..(1i64 << 52)) {
            let exact = DoubleDouble::product(a as f64, b as f64);
            let (hi, lo) = (exact.to_f64() as i128, exact.remainder() as i128);
            prop_assert_eq!(hi + lo, i128::from(a) * i128::from(b));
        }

        #[test]
        fn division_undoes_multiplication(a in 1e-12f64..1.0, b in 1e-12f64..1.0) {
            let (a, b) = (DoubleDouble::from(a), DoubleDouble::from(b));
            let back = a * b / b - a;
            prop_assert!(back.to_f64().abs() <= 1e-30 * a.to_f64());
        }
    }
}
