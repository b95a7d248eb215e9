//! The performance of an estimator over the trials of a simulation study, with Monte Carlo standard errors.

mod gain;
mod interval;
mod measure;
mod model_spread;
mod order;
mod spread;
#[cfg(test)]
mod tests;

pub use gain::{precision_gain, precision_gain_mcse_if_normal};
pub use measure::{Assessment, Measure};
pub use spread::Spread;

use crate::numeric::{DoubleDouble, normal_quantile};
use interval::Intervals;
use model_spread::ModelSpread;
use order::Order;

/// The trials of one estimator, and what is known beside them.
///
/// Estimates and standard errors are finite; they may be [`DoubleDouble`]s, where decimals are to be more than doubles.
/// Numbers of any size can be assessed: powers of them do not overflow.
///
/// ```
/// use kl_math::statistics::{Measure, Study};
/// let study = Study::of(&[0.9, 1.1, 1.3, 0.8]).with_truth(1.0).with_std_errors(&[0.2, 0.2, 0.1, 0.2], 0.95);
/// let bias = study.assess(Measure::Bias).expect("θ is known");
/// assert!((bias.estimate - 0.025).abs() < 1e-15 && (bias.mcse.unwrap() - 0.110_867_789_130_417_26).abs() < 1e-15);
/// // Of the intervals ±1.96 se only that about 1.3 does not hold 1.
/// assert_eq!(study.assess(Measure::Coverage).map(|coverage| coverage.estimate), Some(0.75));
/// // What does not exist is none.
/// assert_eq!(Study::of(&[0.9]).assess(Measure::EmpiricalSe), None);
/// assert_eq!(Study::of(&[0.9, 1.1]).assess(Measure::Bias), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Study<'a, T> {
    estimates: &'a [T],
    std_errors: &'a [T],
    truth: Option<T>,
    intervals: Intervals<'a, T>,
    /// The share of the estimates that a trimmed mean leaves out at either end.
    trim: Option<f64>,
    /// A power of two: with it the largest estimate is near 1.
    factor: f64,
    spread: Spread,
    model: Option<ModelSpread>,
}

impl<'a, T: Copy + Into<DoubleDouble>> Study<'a, T> {
    /// The estimates alone.
    pub fn of(estimates: &'a [T]) -> Self {
        let factor = scale(estimates);
        let spread = Spread::scaled(estimates, factor);
        let intervals = Intervals::default();
        Self { estimates, std_errors: &[], truth: None, intervals, trim: None, factor, spread, model: None }
    }

    /// With the estimand.
    #[must_use]
    pub fn with_truth(self, truth: T) -> Self {
        Self { truth: Some(truth), ..self }
    }

    /// With the standard error that stands beside each estimate, as many as those, and the level of the intervals
    /// θ̂ᵢ ± z seᵢ, in (0, 1), such as 0.95.
    #[must_use]
    pub fn with_std_errors(self, std_errors: &'a [T], level: f64) -> Self {
        let model = ModelSpread::scaled(self.estimates, std_errors, &self.spread, self.factor);
        let z = normal_quantile(0.5 * (1.0 - level));
        Self { std_errors, model, intervals: Intervals { z, ..self.intervals }, ..self }
    }

    /// With the quantile that stands beside each standard error, as many as those, instead of the normal one: the intervals are
    /// θ̂ᵢ ± tᵢ seᵢ.
    #[must_use]
    pub fn with_quantiles(self, quantiles: &'a [f64]) -> Self {
        Self { intervals: Intervals { quantiles, ..self.intervals }, ..self }
    }

    /// With the limits of the interval of each trial, which outrank its standard error; they may be infinite.
    ///
    /// ```
    /// use kl_math::statistics::{Measure, Study};
    /// let study = Study::of(&[0.9, 1.6]).with_truth(1.0).with_limits(&[0.1, 1.2], &[1.7, 2.0]);
    /// assert_eq!(study.assess(Measure::Coverage).map(|coverage| coverage.estimate), Some(0.5));
    /// assert!((study.assess(Measure::MeanIntervalWidth).expect("two limits").estimate - 1.2).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn with_limits(self, lows: &'a [T], highs: &'a [T]) -> Self {
        Self { intervals: Intervals { lows, highs, ..self.intervals }, ..self }
    }

    /// With the p-value of each trial, which outranks its interval: what is below `alpha`, such as 0.05, rejects.
    #[must_use]
    pub fn with_p_values(self, p_values: &'a [T], alpha: f64) -> Self {
        Self { intervals: Intervals { p_values, alpha, ..self.intervals }, ..self }
    }

    /// With the value that intervals reject if they do not hold it, instead of 0.
    #[must_use]
    pub fn with_null(self, null: T) -> Self {
        Self { intervals: Intervals { null: Some(null), ..self.intervals }, ..self }
    }

    /// With the share of the estimates, from 0 to less than ½, that a trimmed mean leaves out at either end.
    ///
    /// ```
    /// use kl_math::statistics::{Measure, Study};
    /// let study = Study::of(&[1.0, 2.0, 3.0, 100.0]).with_trim(0.25);
    /// assert_eq!(study.assess(Measure::TrimmedMean).map(|mean| mean.estimate), Some(2.5));
    /// ```
    #[must_use]
    pub fn with_trim(self, trim: f64) -> Self {
        Self { trim: Some(trim), ..self }
    }

    /// The measure, if there is enough for it: trials, an estimand, standard errors. [`Measure::PrecisionGain`] is
    /// [`precision_gain`]'s.
    pub fn assess(&self, measure: Measure) -> Option<Assessment> {
        if measure.is_of_order() {
            return self.of_order(measure, &self.order());
        }
        self.scaled(measure).and_then(|found| self.put_back(measure, found))
    }

    /// What a measure of the scaled numbers is of the numbers themselves.
    fn put_back(&self, measure: Measure, (estimate, mcse): (f64, Option<f64>)) -> Option<Assessment> {
        // Step by step: the square of the factor may be no double.
        let back = |value: f64| (0..measure.dimension()).fold(value, |value, _| value / self.factor);
        let (estimate, mcse) = (back(estimate), mcse.map(back).filter(|mcse| mcse.is_finite()));
        estimate.is_finite().then_some(Assessment { measure, estimate: estimate + 0.0, mcse })
    }

    /// Every measure that exists.
    pub fn assess_all(&self) -> Vec<Assessment> {
        self.assess_those(|_| true)
    }

    /// Every measure that exists and that is wanted.
    pub fn assess_those(&self, is_wanted: impl Fn(Measure) -> bool) -> Vec<Assessment> {
        let (of_order, others): (Vec<Measure>, Vec<Measure>) =
            Measure::ALL.into_iter().filter(|&measure| is_wanted(measure)).partition(|measure| measure.is_of_order());
        let mut found: Vec<Assessment> = others.into_iter().filter_map(|measure| self.assess(measure)).collect();
        // What is sorted once is used for all, and takes memory when the others no longer do.
        if !of_order.is_empty() {
            let order = self.order();
            found.extend(of_order.into_iter().filter_map(|measure| self.of_order(measure, &order)));
        }
        found.sort_by_key(|found| Measure::ALL.iter().position(|measure| *measure == found.measure));
        found
    }

    fn order(&self) -> Order {
        Order::scaled(self.estimates, self.factor)
    }

    fn of_order(&self, measure: Measure, order: &Order) -> Option<Assessment> {
        let above_truth = |value: DoubleDouble| Some(value - self.truth?.into().scaled(self.factor));
        let found = match measure {
            Measure::TrimmedMean | Measure::TrimmedBias => {
                let (mean, mcse) = order.trimmed_mean(self.trim?)?;
                (if measure == Measure::TrimmedMean { mean } else { above_truth(mean)? }, mcse)
            }
            Measure::MedianBias if self.estimates.len() > 1 => {
                (above_truth(order.percentile(50)?)?, self.quantile_error(50, order))
            }
            _ => {
                let percent = measure.percent().filter(|_| self.estimates.len() > 1)?;
                (order.percentile(percent)?, self.quantile_error(percent, order))
            }
        };
        self.put_back(measure, (found.0.to_f64(), found.1))
    }

    fn quantile_error(&self, percent: u32, order: &Order) -> Option<f64> {
        order.percentile_error(percent).map(DoubleDouble::to_f64)
    }

    /// The standard error of the literature where that assumes normal estimates, beside that of [`Measure`] that does not:
    /// S/√(2(n−1)) of [`Measure::EmpiricalSe`]; 100 (ModSE/S) √(Var(Vᵢ)/(4 n ModSE⁴) + 1/(2(n−1))) of
    /// [`Measure::ModelSeError`], which also takes Vᵢ and θ̂ᵢ to be independent; none of others.
    ///
    /// ```
    /// use kl_math::statistics::{Measure, Study};
    /// let study = Study::of(&[1.0, 2.0, 3.0]);
    /// assert_eq!(study.mcse_if_normal(Measure::EmpiricalSe), Some(0.5));
    /// ```
    pub fn mcse_if_normal(&self, measure: Measure) -> Option<f64> {
        let spare = (self.spread.count() as f64) - 1.0;
        let std_dev = self.spread.std_dev()?;
        match measure {
            Measure::EmpiricalSe => Some(std_dev / (2.0 * spare).sqrt() / self.factor),
            Measure::ModelSeError => {
                let model = self.model.filter(|model| model.mean > 0.0 && std_dev > 0.0)?;
                let part = model.squares / spare / (model.mean * model.mean) / (4.0 * (spare + 1.0));
                Some(100.0 * model.mean.sqrt() / std_dev * (part + 0.5 / spare).sqrt())
            }
            _ => None,
        }
    }

    /// The measure of the scaled numbers.
    fn scaled(&self, measure: Measure) -> Option<(f64, Option<f64>)> {
        let spread = &self.spread;
        let n = spread.count() as f64;
        let mean = spread.mean()?;
        let truth = self.truth.map(|truth| truth.into().scaled(self.factor));
        let of_mean = spread.std_dev().map(|std_dev| std_dev / n.sqrt());
        match measure {
            Measure::Mean => Some((mean, of_mean)),
            Measure::Bias => Some((spread.distance_from(truth?).to_f64(), of_mean)),
            Measure::RelativeBias => {
                let truth = truth.filter(|truth| truth.to_f64() != 0.0)?;
                let part = spread.distance_from(truth) / truth;
                Some((part.to_f64(), of_mean.map(|mcse| mcse / truth.to_f64().abs())))
            }
            Measure::EmpiricalSe => {
                let std_dev = spread.std_dev()?;
                let mcse = spread.kurtosis().map(|k| 0.5 * std_dev * ((k - 1.0).max(0.0) / n).sqrt());
                Some((std_dev, mcse))
            }
            Measure::Mse => self.mean_square(truth?),
            Measure::Rmse => {
                let (mse, mcse) = self.mean_square(truth?)?;
                let root = mse.sqrt();
                Some((root, mcse.filter(|_| root > 0.0).map(|mcse| 0.5 * mcse / root)))
            }
            Measure::ModelSe => {
                let model = self.model?;
                let root = model.mean.sqrt();
                let mcse = (n > 1.0 && root > 0.0).then(|| 0.5 * (model.squares / (n * (n - 1.0))).sqrt() / root);
                Some((root, mcse))
            }
            Measure::ModelSeError => self.model_se_error(),
            Measure::MeanAbsoluteError => {
                let truth = truth?;
                mean_of(self.estimates.iter().map(|&estimate| (estimate.into().scaled(self.factor) - truth).abs()))
            }
            Measure::MeanModelSe => mean_of(self.std_errors.iter().map(|&se| se.into().scaled(self.factor))),
            Measure::MeanIntervalWidth => mean_of(self.widths()?.into_iter()),
            Measure::Coverage => {
                let truth = truth?;
                self.part(|place| self.holds(place, truth))
            }
            Measure::BiasEliminatedCoverage => self.part(|place| self.holds(place, spread.exact_mean())),
            Measure::Rejection => self.part(|place| self.rejects(place)),
            // Of these the trials alone do not tell.
            Measure::ExactSeCoverage | Measure::ExactSeRejection | Measure::Nonpositive | Measure::PrecisionGain => {
                None
            }
            Measure::EffectiveSampleSize
            | Measure::BiasNorm
            | Measure::CovarianceTrace
            | Measure::Cosine
            | Measure::NoiseToSignal => None,
            // Those are of numbers in order.
            Measure::Quantile5 | Measure::Quantile25 | Measure::Median | Measure::Quantile75 | Measure::Quantile95 => {
                None
            }
            Measure::MedianBias | Measure::TrimmedMean | Measure::TrimmedBias => None,
        }
    }

    /// With dᵢ = θ̂ᵢ − m and b = m − θ, (θ̂ᵢ−θ)² − MSE is dᵢ² − M + 2 b dᵢ: nothing cancels where b is large.
    fn mean_square(&self, truth: DoubleDouble) -> Option<(f64, Option<f64>)> {
        let n = self.spread.count() as f64;
        let bias = self.spread.distance_from(truth).to_f64();
        let [squares, cubes, _] = self.spread.powers();
        let spread = self.spread.spread_of_squares() + 4.0 * bias * (cubes + bias * squares);
        let mcse = (n > 1.0).then(|| (spread.max(0.0) / (n * (n - 1.0))).sqrt());
        Some((squares / n + bias * bias, mcse))
    }

    fn model_se_error(&self) -> Option<(f64, Option<f64>)> {
        let (model, std_dev) = (self.model?, self.spread.std_dev()?);
        let ratio = Some(model.mean.sqrt() / std_dev).filter(|ratio| ratio.is_finite())?;
        let n = self.spread.count() as f64;
        let mean_square = self.spread.powers()[0] / n;
        let parts = model.squares / (model.mean * model.mean) - 2.0 * model.product / (model.mean * mean_square)
            + self.spread.spread_of_squares() / (mean_square * mean_square);
        let known = n >= 4.0 && model.mean > 0.0;
        Some((100.0 * (ratio - 1.0), known.then(|| 50.0 * ratio * (parts.max(0.0) / (n * (n - 1.0))).sqrt())))
    }

    /// The part of the trials of which something is known and true.
    fn part(&self, is_true: impl Fn(usize) -> Option<bool>) -> Option<(f64, Option<f64>)> {
        let n = self.estimates.len();
        // All trials have an interval or none has.
        is_true(0)?;
        let part = (0..n).filter(|&place| is_true(place) == Some(true)).count() as f64 / n as f64;
        Some((part, Some((part * (1.0 - part) / n as f64).sqrt())))
    }
}

/// The mean of numbers and its standard error.
fn mean_of(values: impl Iterator<Item = DoubleDouble>) -> Option<(f64, Option<f64>)> {
    let values: Vec<DoubleDouble> = values.collect();
    if values.iter().any(|value| !value.to_f64().is_finite()) {
        return None;
    }
    let spread = Spread::of_squares(&values, 1.0);
    Some((spread.mean()?, spread.std_dev().map(|std_dev| std_dev / (values.len() as f64).sqrt())))
}

/// The power of two that brings the largest of these numbers near 1.
fn scale<T: Copy + Into<DoubleDouble>>(values: &[T]) -> f64 {
    let largest = values.iter().map(|&value| value.into().to_f64().abs()).fold(0.0, f64::max);
    libm::ldexp(1.0, -libm::frexp(largest).1.clamp(-1000, 1000))
}
