//! A function of the log ratio of a value that is no symbol, and its moments.

use super::tilted_moments::TiltedMoments;
use super::{CumulantFunction, FiniteCumulants, FormCumulants, SymbolFunction, VarianceAlone};
use crate::distribution::{ClosedFormSource, Moment, Points, ValuePair};
use crate::numeric::DoubleDouble;
use std::sync::Arc;

/// The moments under P of a [`SymbolFunction`] f over counts, numbers, vectors or shares. What is not known is `None`; what is
/// infinite is so by theory, by the tails of P and Q.
///
/// The mean is a formula where D and V are, else a sum or an integral with an error. The variance is the sum, or the integral, of
/// the squares about the mean; where there is none, as of vectors and shares, it comes of the cumulants of X, tilted.
///
/// ```
/// use kl_math::divergence::{SymbolFunction, ValueMoments};
/// use kl_math::distribution::{Normal, Pair};
/// let pair = Pair::of(Normal::new(0.0, 1.0)?, Normal::new(1.0, 1.0)?)?;
/// let k3 = ValueMoments::of(pair.values().expect("numbers"), SymbolFunction::Excess);
/// // V + χ² − 2J = 1 + (e − 1) − 2.
/// assert!((k3.variance.expect("finite") / (std::f64::consts::E - 2.0) - 1.0).abs() < 1e-13);
/// assert_eq!(k3.mean, Some(0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ValueMoments {
    /// E\[f\], nats.
    pub mean: Option<f64>,
    /// How far it may be off, if it is no formula that keeps its digits.
    pub error: Option<f64>,
    /// Var\[f\], nats²; none where the mean is infinite.
    pub variance: Option<f64>,
    /// κ₃ and κ₄, where they are finite.
    pub higher: Option<(f64, f64)>,
}

impl ValueMoments {
    /// The moments of `function`.
    pub fn of(pair: &ValuePair, function: SymbolFunction) -> Self {
        let known = pair.closed_form();
        let is_finite = |power: u32| is_finite(pair, function, power);
        if pair.uncovered().is_some() || known.mean == f64::INFINITY || is_finite(1) == Some(false) {
            return Self { mean: Some(f64::INFINITY), ..Self::default() };
        }
        if known.variance == Some(0.0) {
            // X is D throughout.
            let mean = Some(function.of(known.mean));
            return Self { mean, error: known.error, variance: Some(0.0), higher: Some((0.0, 0.0)) };
        }
        let (mean, error) = match formula(pair, function) {
            Some(formula) => formula,
            None => match summed_mean(pair, function) {
                Some((mean, error)) => (mean, Some(error)),
                None => return Self::default(),
            },
        };
        if pair.points().is_some_and(|points| is_constant(points, function, mean)) {
            return Self { mean: Some(mean), error, variance: Some(0.0), higher: Some((0.0, 0.0)) };
        }
        let central = |power: i32| central(pair.points()?, function, mean, power);
        let variance = match is_finite(2) {
            Some(true) if is_log_ratio(function) => known.variance,
            // Far from 0 the squares of X about their mean cancel, and nothing does in a sum of cumulants.
            Some(true) if function == SymbolFunction::HalfSquare && known.is_far() => {
                by_cumulants(pair, function, mean).or_else(|| central(2))
            }
            Some(true) => central(2).or_else(|| by_cumulants(pair, function, mean)),
            Some(false) => Some(f64::INFINITY),
            None => None,
        };
        let variance = variance.filter(|variance| !variance.is_nan());
        let higher = || {
            let variance = variance?;
            (is_finite(4)?).then(|| Some((central(3)?, central(4)? - 3.0 * variance * variance)))?
        };
        Self { mean: Some(mean), error, variance, higher: higher() }
    }

    /// The best control variate: the c of least variance. It is 0 where E\[r²\] is infinite, as every other c then has an
    /// infinite variance, and where it is not known.
    pub fn best_control(pair: &ValuePair) -> SymbolFunction {
        let is_spread = pair.closed_form().variance.is_some_and(|variance| variance > 0.0 && variance.is_finite());
        let is_known = is_spread && pair.uncovered().is_none() && pair.is_finite(Moment::Ratio(2)) != Some(false);
        let less_one = || {
            let tilted = || {
                let tilted = TiltedMoments::of(pair.form()?, pair.closed_form().mean)?;
                Some(tilted.best_weight())
            };
            match pair.points().filter(|_| pair.is_finite(Moment::Ratio(2)) == Some(true)) {
                Some(points) => best_weight(points),
                None => tilted(),
            }
        };
        match is_known.then(less_one).flatten() {
            Some(less_one) => SymbolFunction::Controlled { less_one: DoubleDouble::from(less_one) },
            None => SymbolFunction::controlled(0.0),
        }
    }

    /// K of f about its mean, for rigorous bounds: from the discretised law of X where that has the mean of the whole one, else no
    /// more than the variance; none where f does not vary or has no variance.
    pub fn cumulants(&self, pair: &ValuePair, function: SymbolFunction) -> Option<Arc<dyn CumulantFunction>> {
        let variance = self.variance.filter(|&variance| variance > 0.0 && variance.is_finite())?;
        let mean = self.mean?;
        let alone = VarianceAlone { variance, scale: mean.abs() + variance.sqrt() };
        let law = discretised(pair, function, mean);
        Some(law.map_or_else(|| Arc::new(alone) as Arc<dyn CumulantFunction>, |law| Arc::new(law) as _))
    }
}

/// Whether E\[|f|ᵏ\] is finite; none where that is not known.
fn is_finite(pair: &ValuePair, function: SymbolFunction, power: u32) -> Option<bool> {
    match function {
        SymbolFunction::LogRatio => pair.is_finite(Moment::LogRatio(power)),
        SymbolFunction::HalfSquare => pair.is_finite(Moment::LogRatio(2 * power)),
        SymbolFunction::Controlled { .. } if function.weight() == 0.0 => pair.is_finite(Moment::LogRatio(power)),
        SymbolFunction::Excess | SymbolFunction::Controlled { .. } => {
            // Of vectors and shares the tails are those of K.
            let tilted = || Some(FormCumulants::of(pair.form()?).value(-f64::from(power)).is_finite());
            let ratios = pair.is_finite(Moment::Ratio(power)).or_else(tilted)?;
            Some(ratios && pair.is_finite(Moment::LogRatio(power))?)
        }
    }
}

/// Whether f is X itself.
fn is_log_ratio(function: SymbolFunction) -> bool {
    function != SymbolFunction::HalfSquare && function.weight() == 0.0
}

/// The mean by a formula, and by how much that may be off.
fn formula(pair: &ValuePair, function: SymbolFunction) -> Option<(f64, Option<f64>)> {
    let known = pair.closed_form();
    match function {
        SymbolFunction::HalfSquare => {
            let variance = known.variance.filter(|_| known.source == ClosedFormSource::ClosedForm)?;
            Some((0.5 * (variance + known.mean * known.mean), known.error.map(|error| error * known.mean)))
        }
        SymbolFunction::LogRatio => Some((known.mean, known.error)),
        // E[r] = 1: D, whatever c is.
        SymbolFunction::Excess | SymbolFunction::Controlled { .. } => {
            let has_all = pair.points().is_none() || pair.covers_model();
            has_all.then_some((known.mean, known.error))
        }
    }
}

/// What rounding may do to a sum, as a part of its size.
const ROUNDING: f64 = 1e-15;

fn summed_mean(pair: &ValuePair, function: SymbolFunction) -> Option<(f64, f64)> {
    let points = pair.points()?;
    let (mean, change) =
        points.sum(|log_mass, ratio| weighed(log_mass, function.of(ratio), 1, log_size(function, ratio)));
    let (size, _) =
        points.sum(|log_mass, ratio| weighed(log_mass, function.of(ratio).abs(), 1, log_size(function, ratio)));
    mean.is_finite().then_some((mean, change + ROUNDING * size))
}

/// e^m yᵏ of a y that may be as large as e^m is small; `beyond` is ln |y| where y is too large for a double.
fn weighed(log_mass: f64, y: f64, power: i32, beyond: f64) -> f64 {
    const PLAIN: f64 = -600.0;
    const LARGE: f64 = 1e75;
    if log_mass > PLAIN && y.abs() < LARGE {
        // Factor by factor, so that a small mass meets a large value before that is squared.
        return (0..power).fold(libm::exp(log_mass), |product, _| product * y);
    }
    let size = if y.is_finite() { libm::log(y.abs()) } else { beyond };
    let sign = if y < 0.0 && power % 2 == 1 { -1.0 } else { 1.0 };
    sign * libm::exp(log_mass + f64::from(power) * size)
}

/// ln |f| far out, where f is beyond a double.
fn log_size(function: SymbolFunction, ratio: f64) -> f64 {
    match function {
        SymbolFunction::LogRatio => libm::log(ratio.abs()),
        SymbolFunction::HalfSquare => 2.0 * libm::log(ratio.abs()) - std::f64::consts::LN_2,
        SymbolFunction::Excess | SymbolFunction::Controlled { .. } => libm::log(function.weight().abs()) - ratio,
    }
}

/// E\[(f − mean)ᵏ\]; none where the quadrature has not settled.
fn central(points: &Points, function: SymbolFunction, mean: f64, power: i32) -> Option<f64> {
    /// A change from one quadrature to the next of this size is squared by the next.
    const SETTLED: f64 = 1e-7;
    let term =
        |log_mass: f64, ratio: f64| weighed(log_mass, function.of(ratio) - mean, power, log_size(function, ratio));
    let (sum, change) = points.sum(term);
    let (size, _) = points.sum(|log_mass, ratio| term(log_mass, ratio).abs());
    (sum.is_finite() && change <= SETTLED * size).then_some(sum)
}

/// Whether f is its mean at all points that P can take but for rounding: the best control of two values leaves nothing.
fn is_constant(points: &Points, function: SymbolFunction, mean: f64) -> bool {
    /// As a part of what f is made of.
    const ROUNDING: f64 = 1e-14;
    let SymbolFunction::Controlled { less_one } = function else { return false };
    let size = |ratio: f64| SymbolFunction::Excess.of(ratio) + (less_one.to_f64() * libm::expm1(-ratio)).abs();
    points.points().iter().all(|point| {
        let size = size(point.ratio);
        size.is_finite() && (function.of(point.ratio) - mean).abs() <= ROUNDING * (size + mean.abs())
    })
}

/// c − 1 = −Cov(r − 1 + x, r)/Var(r).
fn best_weight(points: &Points) -> Option<f64> {
    let excess = |ratio: f64| SymbolFunction::Excess.of(ratio);
    let relative = |ratio: f64| libm::expm1(-ratio);
    let mean = |f: &dyn Fn(f64) -> f64| points.sum(|log_mass, ratio| weighed(log_mass, f(ratio), 1, -ratio)).0;
    let (first, second) = (mean(&excess), mean(&relative));
    let variance = points.sum(|log_mass, ratio| weighed(log_mass, relative(ratio) - second, 2, -ratio)).0;
    let together = points.sum(|log_mass, ratio| {
        // Half of the mass for each factor.
        let half = 0.5 * log_mass;
        weighed(half, excess(ratio) - first, 1, -ratio) * weighed(half, relative(ratio) - second, 1, -ratio)
    });
    Some(-together.0 / variance).filter(|weight| weight.is_finite())
}

/// The variance from the cumulants of X.
fn by_cumulants(pair: &ValuePair, function: SymbolFunction, mean: f64) -> Option<f64> {
    let (form, d) = (pair.form()?, pair.closed_form().mean);
    if function != SymbolFunction::HalfSquare {
        return TiltedMoments::of(form, d)?.variance(function, mean);
    }
    /// What may be left of the terms at the least.
    const LEFT: f64 = 1e-3;
    let cumulants = FormCumulants::of(form);
    let (v, third, fourth) = (cumulants.variance(), cumulants.third(), cumulants.fourth());
    let terms = [fourth, 4.0 * third * d, 2.0 * v * v, 4.0 * d * d * v];
    let (sum, size) = (terms.iter().sum::<f64>(), terms.iter().map(|term| term.abs()).sum::<f64>());
    (sum > LEFT * size).then_some(0.25 * sum)
}

/// f over the points that have a mass to speak of, if nothing of its mean lies beyond them.
fn discretised(pair: &ValuePair, function: SymbolFunction, mean: f64) -> Option<FiniteCumulants> {
    /// A bound of the chance of all that is left out.
    const LEFT_OUT: f64 = 1e-60;
    /// Points with less of the mass are left out.
    const NEGLIGIBLE_LOG: f64 = -184.0;
    /// How far the mean of what is kept may be from the whole one, in standard deviations.
    const MEAN_ROOM: f64 = 1e-10;
    /// Larger values have squares beyond a double.
    const LARGEST: f64 = 1e100;
    let points = pair.points()?.points().iter().filter(|point| point.log_mass > NEGLIGIBLE_LOG);
    let kept: Vec<(f64, f64)> = points.map(|point| (libm::exp(point.log_mass), point.ratio)).collect();
    let terms: Vec<(f64, f64)> = kept.iter().map(|&(mass, ratio)| (mass, function.of(ratio) - mean)).collect();
    if terms.iter().any(|(_, value)| value.abs() > LARGEST) {
        return None;
    }
    let sum = |term: &dyn Fn(f64) -> f64| terms.iter().map(|&(mass, value)| mass * term(value)).sum::<f64>();
    let (centre, square) = (sum(&|value| value), sum(&|value| value * value));
    // What f is computed from: itself, and X by its slope.
    let slope = |ratio: f64| match function {
        SymbolFunction::LogRatio => 1.0,
        SymbolFunction::HalfSquare => ratio.abs(),
        SymbolFunction::Excess => libm::expm1(-ratio).abs(),
        SymbolFunction::Controlled { .. } => (1.0 - function.weight() * libm::exp(-ratio)).abs(),
    };
    let steepness: f64 = kept.iter().map(|&(mass, ratio)| mass * slope(ratio)).sum();
    let of_ratio = pair.form().map(|form| FormCumulants::of(form).scale());
    let of_ratio = of_ratio.or_else(|| pair.discretised().map(|law| law.size))?;
    let size = mean.abs() + square.sqrt() + of_ratio * steepness;
    let is_centred = centre.abs() <= MEAN_ROOM * square.sqrt() + f64::EPSILON * size;
    (is_centred && size.is_finite()).then(|| FiniteCumulants::gathered(terms, LEFT_OUT, size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{
        Beta, Binomial, Distribution, Exponential, Gamma, Lognormal, NegativeBinomial, Normal, Pair, Pareto, Poisson,
    };

    fn near(found: f64, expected: f64, room: f64, what: &str) {
        assert!((found - expected).abs() <= room * expected.abs(), "{what}: {found:e} is not {expected:e}");
    }

    /// Tilted cumulants and sums over points, which know nothing of each other, also where Q is near P.
    #[test]
    fn both_ways_lead_to_the_same_variance() {
        let mut examined = 0;
        for (p, q) in [
            (Normal::new(0.0, 1.0).map(Distribution::from), Normal::new(0.3, 1.2).map(Distribution::from)),
            (Normal::new(0.0, 1.0).map(Distribution::from), Normal::new(1e-6, 1.000001).map(Distribution::from)),
            (Lognormal::new(0.0, 1.0).map(Distribution::from), Lognormal::new(0.5, 1.0).map(Distribution::from)),
            (Exponential::new(1.0).map(Distribution::from), Exponential::new(1.5).map(Distribution::from)),
            (Exponential::new(1.0).map(Distribution::from), Exponential::new(1.0001).map(Distribution::from)),
            (Gamma::new(2.0, 1.0).map(Distribution::from), Gamma::new(2.5, 1.25).map(Distribution::from)),
            (Beta::new(2.0, 3.0).map(Distribution::from), Beta::new(2.5, 2.5).map(Distribution::from)),
            (Pareto::new(1.0, 2.5).map(Distribution::from), Pareto::new(1.0, 3.0).map(Distribution::from)),
            (Poisson::new(3.0).map(Distribution::from), Poisson::new(4.0).map(Distribution::from)),
            (Poisson::new(3.0).map(Distribution::from), Poisson::new(3.00001).map(Distribution::from)),
            (
                NegativeBinomial::new(3.0, 0.2).map(Distribution::from),
                NegativeBinomial::new(3.0, 0.25).map(Distribution::from),
            ),
            (Binomial::new(10.0, 0.3).map(Distribution::from), Binomial::new(10.0, 0.4).map(Distribution::from)),
        ] {
            let (p, q) = (p.unwrap(), q.unwrap());
            let against = format!("{p} against {q}");
            let pair = Pair::of(p, q).unwrap();
            let values = pair.values().unwrap();
            let best = ValueMoments::best_control(values);
            let tilted = TiltedMoments::of(values.form().unwrap(), values.closed_form().mean).unwrap();
            near(best.weight(), 1.0 + tilted.best_weight(), 1e-9, &against);
            for function in [SymbolFunction::HalfSquare, SymbolFunction::Excess, SymbolFunction::controlled(-1.0), best]
            {
                let found = ValueMoments::of(values, function);
                let what = format!("{function:?} of {against}");
                let expected = by_cumulants(values, function, found.mean.unwrap()).unwrap();
                near(found.variance.unwrap(), expected, 1e-9, &what);
                if function == SymbolFunction::HalfSquare {
                    near(found.mean.unwrap(), summed_mean(values, function).unwrap().0, 1e-10, &what);
                }
                examined += 1;
            }
        }
        assert_eq!(examined, 48);
    }
}
