//! Sums of polynomials times exponentials of quadratic polynomials, and their means under the standard normal law.

use super::polynomial::Polynomial;
use crate::numeric::{DoubleDouble, precise_exp};

/// A(z) e^{E(z)}, E of the second degree at most.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) polynomial: Polynomial,
    pub(super) exponent: Polynomial,
}

/// A sum of such terms, no two with the same exponent.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms(Vec<Term>);

/// A number to some thirty digits of the largest of the terms that it is summed from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summed {
    pub(super) value: DoubleDouble,
    /// A bound of what rounding may have made of it.
    pub(super) error: f64,
}

/// What an integrand does at one end of the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// z → −∞.
    Low,
    /// z → ∞.
    High,
}

impl End {
    /// Both.
    pub(super) const BOTH: [Self; 2] = [Self::Low, Self::High];

    fn sign(self) -> f64 {
        if self == Self::Low { -1.0 } else { 1.0 }
    }
}

/// A quadratic coefficient within this distance of another is the same but for rounding.
const SAME: f64 = 1e-28;

impl Term {
    /// Whether A e^{kE} is integrable at an end beside the normal density.
    fn is_integrable(&self, power: u32, end: End) -> bool {
        let times = f64::from(power);
        let square = (self.exponent.coefficient(2).scaled(times) - DoubleDouble::HALF).to_f64();
        let linear = end.sign() * self.exponent.coefficient(1).to_f64();
        if square.abs() <= SAME { linear < 0.0 } else { square < 0.0 }
    }

    /// The sign far out at an end.
    fn sign(&self, end: End) -> f64 {
        let Some((degree, leading)) = self.polynomial.leading() else { return 0.0 };
        let side = if degree % 2 == 1 { end.sign() } else { 1.0 };
        side * 1f64.copysign(leading.to_f64())
    }

    /// Of the exponent and that of the density together, c₀ + c₁ z + c₂ z² − z²/2: the middle c₁ τ² and the width τ of a bell, where it
    /// is one.
    pub(super) fn bell(&self, power: f64) -> Option<(DoubleDouble, DoubleDouble)> {
        let left = DoubleDouble::ONE - self.exponent.coefficient(2).scaled(2.0) * DoubleDouble::from(power);
        let spread = DoubleDouble::ONE / left;
        (left.to_f64() > SAME)
            .then(|| (self.exponent.coefficient(1) * DoubleDouble::from(power) * spread, spread.sqrt()))
    }

    /// E\[A(z) e^{E(z)}\] for z ~ N(0, 1): with the bell's middle μ and width τ, e^{c₀ + c₁ μ/2} τ E\[A(μ + τ z)\].
    fn mean(&self) -> Option<Summed> {
        /// Of the sum of all terms' sizes: a hundred times what some hundred operations round by.
        const ROUNDING: f64 = 1e-28;
        let (middle, width) = self.bell(1.0)?;
        let exponent = self.exponent.coefficient(0) + (self.exponent.coefficient(1) * middle).scaled(0.5);
        let factor = width * precise_exp(exponent);
        let (mut moment, mut lower) = (DoubleDouble::ONE, DoubleDouble::ZERO);
        let (mut value, mut size) = (DoubleDouble::ZERO, 0.0);
        for (power, &coefficient) in self.polynomial.coefficients().iter().enumerate() {
            if power > 0 {
                // E[xᵏ] = μ E[xᵏ⁻¹] + (k − 1) τ² E[xᵏ⁻²].
                let next = middle * moment + width * width * lower * DoubleDouble::from((power - 1) as f64);
                (lower, moment) = (moment, next);
            }
            let part = coefficient * moment;
            value += part;
            size += part.to_f64().abs();
        }
        let parts =
            self.exponent.coefficient(0).to_f64().abs() + (self.exponent.coefficient(1) * middle).to_f64().abs();
        Some(Summed { value: value * factor, error: ROUNDING * (1.0 + parts) * size * factor.to_f64() })
    }
}

impl Terms {
    /// The sum with one more term.
    pub(super) fn with(mut self, term: Term) -> Self {
        match self.0.iter_mut().find(|known| known.exponent == term.exponent) {
            Some(known) => known.polynomial = known.polynomial.plus(&term.polynomial),
            None => self.0.push(term),
        }
        self.0.retain(|term| term.polynomial.leading().is_some());
        self
    }

    /// The terms.
    pub(super) fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The product of two sums.
    pub(super) fn times(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|left| other.0.iter().map(move |right| (left, right)));
        pairs.fold(Self::default(), |sum, (left, right)| {
            sum.with(Term {
                polynomial: left.polynomial.times(&right.polynomial),
                exponent: left.exponent.plus(&right.exponent),
            })
        })
    }

    /// Whether the mean of the k-th power of the size exists, as far as this end goes.
    pub(super) fn is_integrable(&self, power: u32, end: End) -> bool {
        self.0.iter().all(|term| term.is_integrable(power, end))
    }

    /// ∞ or −∞ where the mean is so, which does not exist as a number; none where it has no sign either.
    pub(super) fn infinite_mean(&self) -> Option<f64> {
        let ends = End::BOTH.into_iter().flat_map(|end| self.0.iter().map(move |term| (term, end)));
        let mut signs = ends.filter(|(term, end)| !term.is_integrable(1, *end)).map(|(term, end)| term.sign(end));
        let first = signs.next()?;
        signs.all(|sign| sign == first).then_some(first * f64::INFINITY)
    }

    /// The mean under the standard normal law; none where a term has none.
    pub(super) fn mean(&self) -> Option<Summed> {
        let zero = Summed { value: DoubleDouble::ZERO, error: 0.0 };
        let sum = self.0.iter().try_fold(zero, |sum, term| {
            let next = term.mean()?;
            Some(Summed { value: sum.value + next.value, error: sum.error + next.error })
        })?;
        (sum.value.to_f64().is_finite() && sum.error.is_finite()).then_some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polynomial<const COUNT: usize>(coefficients: [f64; COUNT]) -> Polynomial {
        Polynomial::new(coefficients.map(DoubleDouble::from))
    }

    fn term<const COUNT: usize>(coefficients: [f64; COUNT], exponent: [f64; 3]) -> Terms {
        Terms::default().with(Term { polynomial: polynomial(coefficients), exponent: polynomial(exponent) })
    }

    /// E[z⁶] = 15; E[e^z] = √e; E[z e^z] = √e; E[e^{−z²}] = 1/√3.
    #[test]
    fn means_are_the_known_ones() {
        let root = libm::exp(0.5);
        for (terms, expected) in [
            (term([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], [0.0; 3]), 15.0),
            (term([1.0], [0.0, 1.0, 0.0]), root),
            (term([0.0, 1.0], [0.0, 1.0, 0.0]), root),
            (term([1.0], [0.0, 0.0, -1.0]), 1.0 / 3f64.sqrt()),
            (term([0.0, 0.0, 1.0], [0.0, 0.0, 0.25]), 2.0 * 2f64.sqrt()),
        ] {
            let found = terms.mean().unwrap();
            assert!((found.value.to_f64() / expected - 1.0).abs() < 1e-15, "{terms:?}: {found:?}");
            assert!(found.error < 1e-26 * expected);
        }
    }

    #[test]
    fn exponentials_that_outgrow_the_density_have_no_mean_but_maybe_a_sign() {
        assert!(term([1.0], [0.0, 0.0, 0.5]).mean().is_none());
        let signs =
            |terms: Terms| (terms.is_integrable(1, End::Low), terms.is_integrable(1, End::High), terms.infinite_mean());
        assert_eq!(signs(term([1.0], [0.0, 0.0, 0.5])), (false, false, Some(f64::INFINITY)));
        assert_eq!(signs(term([-1.0], [0.0, 1.0, 0.5])), (true, false, Some(f64::NEG_INFINITY)));
        assert_eq!(signs(term([0.0, 1.0], [0.0, 0.0, 0.7])), (false, false, None));
        assert_eq!(signs(term([0.0, 1.0], [0.0, 9.0, 0.4])), (true, true, None));
        assert!(!term([1.0], [0.0, 0.0, 0.25]).is_integrable(2, End::Low));
    }

    #[test]
    fn like_exponents_are_one_term() {
        let both = term([1.0], [0.0; 3]).with(Term { polynomial: polynomial([-1.0]), exponent: polynomial([0.0; 3]) });
        assert!(both.terms().is_empty());
        assert_eq!(both.mean().unwrap().value, DoubleDouble::ZERO);
    }
}
