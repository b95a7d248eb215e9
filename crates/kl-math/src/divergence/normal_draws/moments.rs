//! Moments of what is averaged over draws of a normal law.

use super::function::NormalValues;
use super::panels::{Integral, Noisy, integral, masses};
use super::pieces::Piece;
use super::polynomial::Polynomial;
use super::terms::{End, Term};
use crate::distribution::LogRatioForm;
use crate::divergence::{CumulantFunction, FiniteCumulants, FormCumulants, ValueMoments, VarianceAlone};
use crate::numeric::DoubleDouble;
use std::f64::consts::TAU;
use std::sync::Arc;

/// A number and how far it may be off.
#[derive(Clone, Copy, Debug)]
struct Found {
    value: DoubleDouble,
    error: f64,
}

/// An error of this part of a number is none.
const EXACT: f64 = 1e-13;

impl Found {
    fn is_exact(self) -> bool {
        self.error <= EXACT * self.value.to_f64().abs()
    }

    /// The one that is nearer to the truth.
    fn nearer(self, other: Option<Self>) -> Self {
        other.filter(|other| other.error < self.error).unwrap_or(self)
    }
}

impl From<Integral> for Found {
    fn from(integral: Integral) -> Self {
        Self { value: DoubleDouble::from(integral.value), error: integral.error }
    }
}

impl NormalValues {
    /// Mean, variance, κ₃ and κ₄ under S. A mean or a variance is infinite where its integral diverges: weighed by p/s, a variance does
    /// where σ₁² ≥ 2σ_S², and that of r = q/p where 1/σ_S² + 2/σ₂² ≤ 2/σ₁² in units of S.
    ///
    /// By bells, to thirty digits of the largest term; where terms cancel, as k3 does where Q is near P, and for clipped weights by
    /// quadrature, with an error of the mean.
    pub fn moments(&self) -> ValueMoments {
        let pieces = self.pieces(false);
        if !is_finite(&pieces, 1) {
            let sign = if let [piece] = pieces.as_slice() { piece.terms.infinite_mean() } else { None };
            return ValueMoments { mean: sign, ..ValueMoments::default() };
        }
        let Some(centre) = self.mean(&pieces) else { return ValueMoments::default() };
        let computed = || {
            let is_exact = centre.is_exact() || centre.error == 0.0;
            let error = || self.in_units(DoubleDouble::from(centre.error), 1).unwrap_or(f64::MIN_POSITIVE);
            Some((self.in_units(centre.value, 1)?, (!is_exact).then(error)))
        };
        let known = self.known_mean.filter(|mean| mean.is_finite()).map(|mean| (mean, None));
        let Some((mean, error)) = known.or_else(computed) else { return ValueMoments::default() };
        let found = ValueMoments { mean: Some(mean), error, ..ValueMoments::default() };
        if !is_finite(&pieces, 2) {
            return ValueMoments { variance: Some(f64::INFINITY), ..found };
        }
        let Some(square) = self.central(&pieces, centre.value, 2, None) else { return found };
        if square.to_f64() == 0.0 {
            return ValueMoments { variance: Some(0.0), higher: Some((0.0, 0.0)), ..found };
        }
        let higher = || {
            let third = self.central(&pieces, centre.value, 3, Some(square))?;
            let fourth = self.central(&pieces, centre.value, 4, None)? - (square * square).scaled(3.0);
            is_finite(&pieces, 4).then_some(())?;
            Some((self.in_units(third, 3)?, self.in_units(fourth, 4)?))
        };
        ValueMoments { variance: self.in_units(square, 2), higher: higher(), ..found }
    }

    /// K about the mean, for rigorous bounds: exact where a value is a quadratic polynomial, else from the law of z cut into many points
    /// where these have the mean of the whole one, else no more than the variance; none where a value does not vary or has no variance.
    pub fn cumulants(&self, moments: &ValueMoments) -> Option<Arc<dyn CumulantFunction>> {
        let variance = moments.variance.filter(|&variance| variance > 0.0 && variance.is_finite())?;
        let mean = moments.mean?;
        let pieces = self.pieces(false);
        if let Some(form) = self.quadratic(&pieces) {
            return Some(Arc::new(FormCumulants::of(&form)));
        }
        let size = mean.abs() + variance.sqrt();
        let alone = || Arc::new(VarianceAlone { variance, scale: size }) as Arc<dyn CumulantFunction>;
        Some(self.discretised(&pieces, mean).map_or_else(alone, |law| Arc::new(law) as _))
    }

    fn mean(&self, pieces: &[Piece]) -> Option<Found> {
        let exact = match self.pieces(true).as_slice() {
            [piece] => piece.terms.mean().map(|sum| Found { value: sum.value, error: sum.error }),
            _ => None,
        };
        if let Some(found) = exact.filter(|found| found.is_exact()) {
            return Some(found);
        }
        let summed = self.integral(pieces, DoubleDouble::ZERO, 1).map(Found::from);
        exact.map_or(summed, |exact| Some(exact.nearer(summed)))
    }

    /// E\[(f − centre)ᵏ\]; for odd k, `square` says what is small.
    fn central(
        &self,
        pieces: &[Piece],
        centre: DoubleDouble,
        power: u32,
        square: Option<DoubleDouble>,
    ) -> Option<DoubleDouble> {
        /// A larger part of a moment is not to be unknown.
        const SETTLED: f64 = 1e-9;
        let less =
            Term { polynomial: Polynomial::constant(-centre), exponent: Polynomial::new([DoubleDouble::ZERO; 3]) };
        let exact = match pieces {
            [piece] => {
                let centred = piece.terms.clone().with(less);
                let whole = (1..power).fold(centred.clone(), |product, _| product.times(&centred));
                whole.mean().map(|sum| Found { value: sum.value, error: sum.error })
            }
            _ => None,
        };
        let scale = square.map_or(0.0, |square| square.to_f64() * square.to_f64().sqrt());
        let is_enough = |found: &Found, part: f64| found.error <= part * found.value.to_f64().abs().max(scale);
        if let Some(found) = exact.filter(|found| is_enough(found, EXACT)) {
            return Some(found.value);
        }
        let summed = self.integral(pieces, centre, power).map(Found::from);
        let best = exact.map_or(summed, |exact| Some(exact.nearer(summed)));
        best.filter(|found| is_enough(found, SETTLED)).map(|found| found.value)
    }

    /// ∫ (f − centre)ᵏ by panels.
    fn integral(&self, pieces: &[Piece], centre: DoubleDouble, power: u32) -> Option<Integral> {
        /// Further out the density is next to nothing, and f maybe large.
        const PLAIN: f64 = 20.0;
        let centre = centre.to_f64();
        integral(pieces, power, |z| {
            let deviation = self.plain_value(z) - centre;
            let noise = f64::EPSILON * f64::from(power) * (self.plain_size(z) + centre.abs());
            if z.abs() < PLAIN {
                let density = libm::exp(-0.5 * z * z) / TAU.sqrt();
                let lower = (1..power).fold(density, |product, _| product * deviation);
                return Noisy { value: lower * deviation, noise: lower.abs() * noise };
            }
            let (sign, log_size, log_noise) = if deviation.is_finite() && noise.is_finite() {
                (1f64.copysign(deviation), libm::log(deviation.abs()), libm::log(noise))
            } else {
                let (sign, log_size, part) = self.far_value(z);
                (sign, log_size, log_size + libm::log(f64::from(power) * part))
            };
            let log_density = -0.5 * z * z - 0.5 * libm::log(TAU);
            let sign = if power % 2 == 1 { sign } else { 1.0 };
            // Of 0 the logarithm is −∞.
            let log_lower = if power > 1 { f64::from(power - 1) * log_size } else { 0.0 };
            let at = |exponent: f64| if exponent.is_nan() { 0.0 } else { libm::exp(exponent) };
            Noisy {
                value: sign * at(log_density + log_lower + log_size),
                noise: at(log_density + log_lower + log_noise),
            }
        })
    }

    /// The value as a linear form in z and z², where it is one.
    fn quadratic(&self, pieces: &[Piece]) -> Option<LogRatioForm> {
        let [Piece { terms, .. }] = pieces else { return None };
        let [Term { polynomial, exponent }] = terms.terms() else { return None };
        let (degree, _) = polynomial.leading()?;
        if degree > 2 || exponent.leading().is_some() {
            return None;
        }
        Some(LogRatioForm::Normal {
            constant: self.in_units(polynomial.coefficient(0), 1)?,
            linear: self.in_units(polynomial.coefficient(1), 1)?,
            square: self.in_units(polynomial.coefficient(2).scaled(2.0), 1)?,
        })
    }

    /// The values at points that have a mass to speak of, if nothing of their mean lies beyond them.
    fn discretised(&self, pieces: &[Piece], mean: f64) -> Option<FiniteCumulants> {
        /// P(|z| > 17) < 1e-60.
        const REACH: f64 = 17.0;
        const LEFT_OUT: f64 = 1e-60;
        /// How far the mean of what is kept may be from the whole one, in standard deviations.
        const MEAN_ROOM: f64 = 1e-10;
        /// Larger values have squares beyond a double.
        const LARGEST: f64 = 1e100;
        let points = masses(pieces, REACH)?;
        let terms: Vec<(f64, f64)> = points.iter().map(|&(mass, z)| (mass, self.value(z) - mean)).collect();
        if terms.iter().any(|(_, value)| value.is_nan() || value.abs() > LARGEST) {
            return None;
        }
        let unit = self.in_units(DoubleDouble::ONE, 1)?;
        let sum = |term: &dyn Fn(f64) -> f64| terms.iter().map(|&(mass, value)| mass * term(value)).sum::<f64>();
        let (centre, square) = (sum(&|value| value), sum(&|value| value * value));
        let parts: f64 = points.iter().map(|&(mass, z)| mass * self.plain_size(z) * unit).sum();
        let size = mean.abs() + square.sqrt() + parts;
        let is_centred = centre.abs() <= MEAN_ROOM * square.sqrt() + f64::EPSILON * size;
        (is_centred && size.is_finite() && square > 0.0).then(|| FiniteCumulants::gathered(terms, LEFT_OUT, size))
    }
}

/// Whether E\[|f|ᵏ\] is finite.
fn is_finite(pieces: &[Piece], power: u32) -> bool {
    let at = |piece: Option<&Piece>, end: End| piece.is_none_or(|piece| piece.terms.is_integrable(power, end));
    at(pieces.first(), End::Low) && at(pieces.last(), End::High)
}
