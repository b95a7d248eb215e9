//! Polynomials with coefficients of some thirty digits.

use crate::numeric::DoubleDouble;

/// Σ cₖ zᵏ, by rising k.
#[derive(Clone, Debug)]
pub(super) struct Polynomial(Vec<DoubleDouble>);

impl Polynomial {
    /// The one with these coefficients.
    pub(super) fn new<const COUNT: usize>(coefficients: [DoubleDouble; COUNT]) -> Self {
        Self(coefficients.to_vec())
    }

    /// A constant.
    pub(super) fn constant(value: DoubleDouble) -> Self {
        Self::new([value])
    }

    /// The coefficients, by rising power.
    pub(super) fn coefficients(&self) -> &[DoubleDouble] {
        &self.0
    }

    /// The coefficient of zᵏ.
    pub(super) fn coefficient(&self, power: usize) -> DoubleDouble {
        self.0.get(power).copied().unwrap_or(DoubleDouble::ZERO)
    }

    /// The highest power with a coefficient that is not 0, and that; none of 0.
    pub(super) fn leading(&self) -> Option<(usize, DoubleDouble)> {
        let terms = self.0.iter().copied().enumerate();
        terms.rev().find(|(_, coefficient)| *coefficient != DoubleDouble::ZERO)
    }

    /// The sum of two.
    pub(super) fn plus(&self, other: &Self) -> Self {
        let length = self.0.len().max(other.0.len());
        Self((0..length).map(|power| self.coefficient(power) + other.coefficient(power)).collect())
    }

    /// The product of two.
    pub(super) fn times(&self, other: &Self) -> Self {
        let mut product = Self(Vec::new());
        for (power, &coefficient) in self.0.iter().enumerate() {
            let part = other.0.iter().map(|&factor| coefficient * factor);
            product = product.plus(&Self(std::iter::repeat_n(DoubleDouble::ZERO, power).chain(part).collect()));
        }
        product
    }

    /// The product with a number.
    pub(super) fn scaled(&self, factor: DoubleDouble) -> Self {
        Self(self.0.iter().map(|&coefficient| coefficient * factor).collect())
    }

    /// This one at another one, by Horner's rule.
    pub(super) fn at(&self, inner: &Self) -> Self {
        self.0
            .iter()
            .rev()
            .fold(Self(Vec::new()), |sum, &coefficient| sum.times(inner).plus(&Self::constant(coefficient)))
    }
}

impl PartialEq for Polynomial {
    fn eq(&self, other: &Self) -> bool {
        (0..self.0.len().max(other.0.len())).all(|power| self.coefficient(power) == other.coefficient(power))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<const COUNT: usize>(coefficients: [f64; COUNT]) -> Polynomial {
        Polynomial::new(coefficients.map(DoubleDouble::from))
    }

    #[test]
    fn sums_products_and_composition() {
        let (a, b) = (of([1.0, 2.0]), of([3.0, 0.0, -1.0]));
        assert_eq!(a.plus(&b), of([4.0, 2.0, -1.0]));
        assert_eq!(a.times(&b), of([3.0, 6.0, -1.0, -2.0]));
        // 3 − (1 + 2z)²
        assert_eq!(b.at(&a), of([2.0, -4.0, -4.0]));
        assert_eq!(b.scaled(DoubleDouble::TWO).leading(), Some((2, DoubleDouble::from(-2.0))));
        assert_eq!(of([0.0, 0.0]).leading(), None);
    }
}
