//! Positive numbers of any size, to twice the digits of a double.

use crate::numeric::FAR;
use crate::numeric::{DoubleDouble, log_excess, precise_log};

/// m 2ᵉ with m in [½, 1) to 106 bits: a parameter as it was written, its reciprocal, or its root. Products and quotients do not
/// overflow, and the difference of two that are near keeps its digits. What is not positive is NaN.
///
/// ```
/// use kl_math::numeric::{DoubleDouble, Positive};
/// let [scale, other] = [3.0, 3.0 + 1e-12f64].map(|x| Positive::new(DoubleDouble::from(x)));
/// // The reciprocals as doubles have lost four of its digits.
/// let relative = scale.reciprocal().relative_to(other.reciprocal());
/// assert!((relative / other.relative_to(scale) - 1.0).abs() < 1e-15);
/// let [tiny, huge] = [1e-200, 1e200].map(|x| Positive::new(DoubleDouble::from(x)));
/// assert!((huge.log_over(tiny) / 921.034_037_197_618_2 - 1.0).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Positive {
    part: DoubleDouble,
    exponent: i32,
}

impl From<f64> for Positive {
    fn from(value: f64) -> Self {
        Self::new(DoubleDouble::from(value))
    }
}

impl Positive {
    /// One.
    pub const ONE: Self = Self { part: DoubleDouble::HALF, exponent: 1 };

    /// The number itself.
    pub fn new(value: DoubleDouble) -> Self {
        let high = value.to_f64();
        if high.is_nan() || high <= 0.0 || high.is_infinite() {
            return Self { part: DoubleDouble::from(f64::NAN), exponent: 0 };
        }
        let (_, exponent) = libm::frexp(high);
        let down = |x: f64| DoubleDouble::from(libm::ldexp(x, -exponent));
        Self { part: down(high) + down(value.remainder()), exponent }
    }

    fn of(part: DoubleDouble, exponent: i32) -> Self {
        let Self { part, exponent: more } = Self::new(part);
        Self { part, exponent: exponent + more }
    }

    /// The nearest double: 0 or ∞ where there is none.
    pub fn to_f64(self) -> f64 {
        libm::ldexp(self.part.to_f64(), self.exponent)
    }

    /// 1/x.
    #[must_use]
    pub fn reciprocal(self) -> Self {
        Self::of(DoubleDouble::ONE / self.part, -self.exponent)
    }

    /// √x.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let odd = self.exponent.rem_euclid(2);
        Self::of(self.part.scaled(f64::from(1 + odd)).sqrt(), (self.exponent - odd) / 2)
    }

    /// x y.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self::of(self.part * other.part, self.exponent + other.exponent)
    }

    /// x/y.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self::of(self.part / other.part, self.exponent - other.exponent)
    }

    /// x + y.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let top = self.exponent.max(other.exponent);
        let of = |side: Self| {
            let down = |x: f64| DoubleDouble::from(libm::ldexp(x, side.exponent - top));
            down(side.part.to_f64()) + down(side.part.remainder())
        };
        Self::of(of(self) + of(other), top)
    }

    /// x, beyond the doubles an infinity or a zero.
    pub fn to_double_double(self) -> DoubleDouble {
        self.scaled(0)
    }

    /// x 2⁻ᵉ.
    fn scaled(self, exponent: i32) -> DoubleDouble {
        let up = |x: f64| DoubleDouble::from(libm::ldexp(x, self.exponent - exponent));
        up(self.part.to_f64()) + up(self.part.remainder())
    }

    /// (x − y)/y: −1 or ∞ where they are further apart than doubles reach.
    pub fn relative_to(self, other: Self) -> f64 {
        (self.scaled(other.exponent) - other.part).to_f64() / other.part.to_f64()
    }

    /// (a − b)/x, where a − b alone may be beyond the doubles.
    pub fn measure(self, a: DoubleDouble, b: DoubleDouble) -> f64 {
        let distance = (a - b).to_f64();
        if distance.is_finite() {
            return distance / self.to_f64();
        }
        (a.scaled(0.5) - b.scaled(0.5)).to_f64() / (0.5 * self.to_f64())
    }

    /// |a − b|; none where they are equal.
    pub fn distance(a: DoubleDouble, b: DoubleDouble) -> Option<Self> {
        let (whole, half) = ((a - b).abs(), (a.scaled(0.5) - b.scaled(0.5)).abs());
        if whole.to_f64().is_finite() {
            return Some(Self::new(whole)).filter(|_| whole.to_f64() > 0.0);
        }
        Some(Self::new(half).times(Self::from(2.0)))
    }

    /// ln(x/y): through the difference where they are near.
    pub fn log_over(self, other: Self) -> f64 {
        let relative = self.relative_to(other);
        if relative.abs() < 0.5 {
            return libm::log1p(relative);
        }
        let ratio = self.part.to_f64() / other.part.to_f64();
        let exponent = self.exponent - other.exponent;
        let whole = libm::ldexp(ratio, exponent);
        if (f64::MIN_POSITIVE..f64::MAX).contains(&whole) {
            libm::log(whole)
        } else {
            libm::log(ratio) + f64::from(exponent) * std::f64::consts::LN_2
        }
    }

    /// ln(x/y) to some thirty digits.
    pub fn precise_log_over(self, other: Self) -> DoubleDouble {
        let exponent = self.exponent - other.exponent;
        let near = exponent.abs() <= 1;
        let (part, exponent) = if near { (self.scaled(other.exponent), 0) } else { (self.part, exponent) };
        let nan = DoubleDouble::from(f64::NAN);
        let log = precise_log(other.part, part).map_or(nan, |(log, _)| log);
        log + DoubleDouble::LN_2 * DoubleDouble::from(f64::from(exponent))
    }

    /// ln(1+t) for t = (y − x)/x, where t is as near to −1 as can be, too.
    pub fn log_to(self, other: Self) -> f64 {
        let t = other.relative_to(self);
        if t < FAR || t == f64::INFINITY { other.log_over(self) } else { libm::log1p(t) }
    }

    /// g(t) = t − ln(1+t), likewise.
    pub fn excess_to(self, other: Self) -> f64 {
        let t = other.relative_to(self);
        if t < FAR { t - other.log_over(self) } else { log_excess(t) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(x: f64) -> Positive {
        Positive::from(x)
    }

    #[test]
    fn doubles_go_in_and_out() {
        for x in [5e-324, 1e-310, f64::MIN_POSITIVE, 0.3, 1.0, 1e17, f64::MAX] {
            assert_eq!([of(x).to_f64(), of(x).to_double_double().to_f64()], [x, x]);
            assert!(of(x).reciprocal().reciprocal().relative_to(of(x)).abs() < 1e-30, "{x:e}");
            assert!(of(x).times(of(x)).sqrt().relative_to(of(x)).abs() < 1e-30, "{x:e}");
            assert!(of(x).plus(of(x)).over(of(2.0)).relative_to(of(x)).abs() < 1e-30, "{x:e}");
        }
        assert_eq!(of(1e-200).times(of(1e-200)).to_f64(), 0.0);
        assert_eq!(of(1e200).over(of(1e-200)).to_f64(), f64::INFINITY);
        assert!([0.0, -1.0, f64::NAN, f64::INFINITY].into_iter().all(|x| of(x).to_f64().is_nan()));
    }

    #[test]
    fn relative_differences_and_logarithms_are_those_of_doubles_where_these_are_exact() {
        for (a, b) in [(1.0, 3.0), (0.1, 0.3), (2.5, 2.5000001), (1e-300, 1e300), (1e300, 1e-5)] {
            assert_eq!(of(a).relative_to(of(b)), (a - b) / b);
            assert!(of(a).log_over(of(b)).is_finite());
        }
        assert!((of(1e-200).log_over(of(1e200)) / -921.034_037_197_618_2 - 1.0).abs() < 1e-15);
        assert!(
            (of(10.0).precise_log_over(of(1e-300)).to_f64() / (301.0 * std::f64::consts::LN_10) - 1.0).abs() < 1e-15
        );
        assert_eq!(of(1.0).log_to(of(1e-300)), libm::log(1e-300));
        assert_eq!(of(1.0).excess_to(of(1e-300)), -libm::log(1e-300) - 1.0);
    }
}
