//! The normal distribution nearest to P by KL(P‖Q): mean and variance of P.

use super::error::FitError;
use super::normal::NormalFit;
use crate::distribution::{Distribution, Space, Values};
use crate::numeric::{CompensatedSum, nodes};

/// The normal Q that minimises KL(P‖Q): that with the mean and the variance of P.
///
/// # Formula
///
/// KL(P‖Q) = −H(P) + ln σ + ½ ln 2π + (Var\[x\] + (E\[x\] − m)²)/(2σ²), which is least at m = E_P\[x\], σ² = Var_P\[x\].
///
/// # Errors
///
/// P that is not over real numbers, whose variance is not finite, or whose integrals do not settle.
///
/// # Source
///
/// Bishop 2006, *Pattern Recognition and Machine Learning*, section 10.7, equation (10.187).
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::forward_normal;
/// use kl_math::prelude::*;
/// // Mean 0 and variance 1 + 2².
/// let two = Mixture::new([(0.5, Normal::new(-2.0, 1.0)?), (0.5, Normal::new(2.0, 1.0)?)])?;
/// let fit = forward_normal(&two.into())?;
/// assert!(fit.mean.abs() < 1e-15 && (fit.std_dev - 5f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn forward_normal(p: &Distribution) -> Result<NormalFit, FitError> {
    let values = real_values(p)?;
    let (ends, powers) = (values.support(), values.tail_power());
    if ends.into_iter().zip(powers).any(|(end, power)| end.is_infinite() && power <= 2.0) {
        return Err(FitError::NoVariance);
    }
    let Moments { mean, variance, mean_error, variance_error } = Moments::of(p)?;
    let std_dev = variance.sqrt();
    if !(std_dev > 0.0 && std_dev.is_finite() && mean.is_finite()) {
        return Err(FitError::Unsettled);
    }
    let std_dev_error = 0.5 * variance_error / std_dev + f64::EPSILON * std_dev;
    Ok(NormalFit { mean, std_dev, mean_error: Some(mean_error), std_dev_error: Some(std_dev_error) })
}

/// What can be done with P's values, if they are real numbers.
pub(super) fn real_values(p: &Distribution) -> Result<&dyn Values, FitError> {
    match p.values() {
        Some(values) if values.space() == Space::Line => Ok(values),
        other => Err(FitError::NotReal { taken: taken(p, other) }),
    }
}

/// What a distribution takes, in words.
pub(super) fn taken(p: &Distribution, values: Option<&dyn Values>) -> String {
    match values {
        Some(values) => values.space().to_string(),
        None if p.chain().is_some() => "sequences of states".to_owned(),
        None => "symbols".to_owned(),
    }
}

/// Mean and variance, and how far each may be off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
    pub(super) mean_error: f64,
    pub(super) variance_error: f64,
}

const ULP: f64 = f64::EPSILON;

impl Moments {
    /// Those of a law over real numbers whose variance is finite.
    pub(super) fn of(law: &Distribution) -> Result<Self, FitError> {
        match law {
            Distribution::Normal(normal) => Ok(Self::exact(normal.mean(), normal.variance())),
            // Its tails may reach further than nodes do.
            Distribution::StudentT(law) if law.df() > 2.0 => {
                Ok(Self::exact(law.location(), law.scale() * law.scale() * (law.df() / (law.df() - 2.0))))
            }
            Distribution::Mixture(mixture) => {
                let parts: Vec<(f64, Self)> = mixture
                    .weighed()
                    .map(|(weight, law)| Ok((weight, Self::of(law)?)))
                    .collect::<Result<_, FitError>>()?;
                Ok(Self::of_parts(&parts))
            }
            other => Self::by_quadrature(real_values(other)?),
        }
    }

    fn exact(mean: f64, variance: f64) -> Self {
        Self { mean, variance, mean_error: ULP * mean.abs(), variance_error: 4.0 * ULP * variance }
    }

    /// Σ w m, and Σ w (v + (m − mean)²), whose terms do not cancel.
    fn of_parts(parts: &[(f64, Self)]) -> Self {
        let sum = |term: &dyn Fn(&Self) -> f64| {
            let mut sum = CompensatedSum::default();
            parts.iter().for_each(|(weight, part)| sum.push(weight * term(part)));
            sum.value()
        };
        let mean = sum(&|part| part.mean);
        let size = sum(&|part| part.mean.abs());
        let variance = sum(&|part| part.variance + (part.mean - mean) * (part.mean - mean));
        let mean_error = sum(&|part| part.mean_error) + 4.0 * ULP * size;
        let distance = sum(&|part| (part.mean - mean).abs());
        let variance_error = sum(&|part| part.variance_error + 2.0 * (part.mean - mean).abs() * part.mean_error)
            + 2.0 * distance * mean_error
            + 8.0 * ULP * variance;
        Self { mean, variance, mean_error, variance_error }
    }

    /// By a quadrature that is refined until nothing changes: the mean about the centre, then the variance about the mean.
    fn by_quadrature(values: &dyn Values) -> Result<Self, FitError> {
        const FIRST_LEVEL: u32 = 5;
        const LAST_LEVEL: u32 = 11;
        /// What a quadrature's own change is multiplied with.
        const MARGIN: f64 = 4.0;
        /// How far the mass may be from 1.
        const MASS_ROOM: f64 = 1e-12;
        let mut last: Option<[f64; 4]> = None;
        for level in FIRST_LEVEL..=LAST_LEVEL {
            let now = sums(values, level);
            let [mass, mean, variance, rounding] = now;
            if now.iter().any(|sum| !sum.is_finite()) {
                return Err(FitError::Unsettled);
            }
            if let Some([_, mean_before, variance_before, _]) = last {
                let (mean_change, variance_change) = ((mean - mean_before).abs(), (variance - variance_before).abs());
                let std_dev = variance.sqrt();
                let is_settled = mean_change <= 8.0 * ULP * (mean.abs() + std_dev) + rounding * std_dev
                    && variance_change <= (16.0 * ULP + rounding) * variance;
                if is_settled && (mass - 1.0).abs() < MASS_ROOM {
                    let missing = (mass - 1.0).abs() + rounding + 8.0 * ULP;
                    return Ok(Self {
                        mean,
                        variance,
                        mean_error: MARGIN * (mean_change + missing * std_dev + ULP * mean.abs()),
                        variance_error: MARGIN * (variance_change + missing * variance),
                    });
                }
            }
            last = Some(now);
        }
        Err(FitError::Unsettled)
    }
}

/// The mass, the mean, the variance, and what rounding does to a density on the average, as a part of it.
fn sums(values: &dyn Values, level: u32) -> [f64; 4] {
    let change = values.change_of_variable();
    let [low, high] = values.support().map(|end| change.place(end));
    let inner = values.kinks().into_iter().map(|x| change.place(x)).chain([0.0]);
    let mut breakpoints: Vec<f64> = inner.filter(|v| low < *v && *v < high).chain([low, high]).collect();
    breakpoints.sort_by(f64::total_cmp);
    breakpoints.dedup();
    let points: Vec<[f64; 3]> = nodes(&breakpoints, level)
        .into_iter()
        .filter_map(|node| {
            let (point, log_jacobian) = change.at(node.x);
            let ln_prob = values.ln_prob(point);
            let mass = node.weight * libm::exp(ln_prob + log_jacobian);
            let loss = ULP * (2.0 + values.size_of_ln_prob(point) + log_jacobian.abs());
            // Next to an end where the density is infinite a node is rounding.
            (mass > 0.0 && mass.is_finite()).then(|| [point.value(), mass, mass * loss])
        })
        .collect();
    let sum = |term: &dyn Fn(f64) -> f64| {
        let mut sum = CompensatedSum::default();
        points.iter().for_each(|[x, mass, _]| sum.push(mass * term(*x)));
        sum.value()
    };
    let centre = change.at(0.0).0.value();
    let mass = sum(&|_| 1.0);
    let mean = centre + sum(&|x| x - centre) / mass;
    let variance = sum(&|x| (x - mean) * (x - mean)) / mass;
    let mut rounding = CompensatedSum::default();
    points.iter().for_each(|[x, _, loss]| {
        rounding.push(loss * (1.0 + (x - mean) * (x - mean) / variance));
    });
    [mass, mean, variance, rounding.value()]
}
