//! The number of trials that a goal needs.

use super::{Chance, MAX_TRIALS};
use kl_math::numeric::normal_quantile;
use kl_math::statistics::detectable_bias;
use kl_sim::estimator::Theory;

/// The largest probability of missing a bias that must be detected.
pub const MISS: f64 = 1e-3;

/// A goal for the trials of a condition. Their number follows from theory, or else from a [`Pilot`](super::Pilot).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// The precision to reach.
    pub goal: Goal,
    /// The most trials of a condition.
    pub most: u64,
}

/// A precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// A Monte Carlo standard error of the mean, in nats.
    Mcse(f64),
    /// A Monte Carlo standard error relative to D.
    RelativeError(Chance),
    /// A bias relative to D that a check must detect.
    Detect(Chance),
}

/// Why no number of trials is enough for an estimator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unreachable {
    /// D is infinite.
    InfiniteMean,
    /// D is 0, so nothing can be measured relative to it.
    NoMean,
    /// Estimates are infinite with this probability.
    InfiniteEstimates(f64),
    /// The mean of the estimates is infinite.
    InfiniteExpectation,
    /// The variance of the estimates is infinite.
    InfiniteVariance,
    /// Nothing is known of the mean of the estimates, so that no bias can be detected.
    UnknownExpectation,
    /// No bound of the tails of the estimates is known, so that no bias can be detected.
    NoBound,
}

impl Aim {
    /// The number of trials that an estimator of this theory needs, at least two; none where theory does not give its variance.
    ///
    /// For a standard error, R = Var\[L\]/mcse². For a bias, the smallest R, to within one percent, at which
    /// [`detectable_bias`] at level `level` is at most that bias.
    pub fn trials(self, theory: &Theory, level: f64) -> Result<Option<u64>, Unreachable> {
        if theory.closed_form.is_infinite() {
            return Err(Unreachable::InfiniteMean);
        }
        let infinite = theory.infinite_mass.to_f64();
        if infinite > 0.0 {
            return Err(Unreachable::InfiniteEstimates(infinite));
        }
        if theory.mean.is_some_and(f64::is_infinite) {
            return Err(Unreachable::InfiniteExpectation);
        }
        match theory.variance {
            // All trials give the same estimate.
            Some(0.0) => return Ok(Some(2)),
            Some(f64::INFINITY) => return Err(Unreachable::InfiniteVariance),
            _ => {}
        }
        let size = self.size(theory.closed_form)?;
        if !matches!(self.goal, Goal::Detect(_)) {
            return Ok(theory.variance.map(|variance| self.trials_of_variance(variance, size)));
        }
        let missing = if theory.mean.is_none() { Unreachable::UnknownExpectation } else { Unreachable::NoBound };
        let contributions = theory.contributions.as_ref().ok_or(missing)?;
        let (function, count) = (contributions.cumulants.function(), contributions.count as f64);
        let detects = |trials: f64| detectable_bias(function, count * trials, level, MISS) <= size;
        Ok(Some(self.whole(least(detects, self.most as f64))))
    }

    /// The standard error or the bias that is aimed at, in nats.
    pub fn size(self, closed_form: f64) -> Result<f64, Unreachable> {
        match self.goal {
            Goal::Mcse(error) => Ok(error),
            Goal::RelativeError(part) | Goal::Detect(part) => match part.get() * closed_form {
                size if size > 0.0 => Ok(size),
                _ => Err(Unreachable::NoMean),
            },
        }
    }

    /// The number of trials after which the standard error is `size`, both in nats.
    pub fn trials_of_variance(self, variance: f64, size: f64) -> u64 {
        self.whole(variance / size / size)
    }

    /// The number of trials that a goal of `size` needs where only a bound of the variance is known.
    ///
    /// A bias is detected by a test whose level is `level` and that takes the mean for normal: R = (z₁ + z₂)² V/size², where the level
    /// is the chance beyond ±z₁ and [`MISS`] that beyond z₂.
    pub fn trials_of_bound(self, variance: f64, size: f64, level: f64) -> u64 {
        let errors = match self.goal {
            Goal::Mcse(_) | Goal::RelativeError(_) => 1.0,
            Goal::Detect(_) => normal_quantile(0.5 * level) + normal_quantile(MISS),
        };
        self.trials_of_variance(variance, size / errors)
    }

    fn whole(self, trials: f64) -> u64 {
        (trials.ceil().clamp(2.0, MAX_TRIALS as f64) as u64).min(self.most)
    }
}

/// The smallest number from 2 up that is enough, to within one percent; `most` if no smaller one is.
fn least(is_enough: impl Fn(f64) -> bool, most: f64) -> f64 {
    let (mut low, mut high) = (1.0, 2.0);
    while !is_enough(high) {
        if high >= most {
            return most;
        }
        (low, high) = (high, (4.0 * high).min(most));
    }
    while high > 1.01 * low && high > low + 1.0 {
        let middle = (0.5 * (low + high)).floor();
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// z₁ + z₂ = 4.89163847… + 3.09023230…, by 20-digit arithmetic: (z₁ + z₂)² = 63.7102611…
    #[test]
    fn a_bias_needs_the_trials_of_both_errors() {
        let aimed = |goal| Aim { goal, most: MAX_TRIALS }.trials_of_bound(1.0, 0.1, 1e-6);
        let detected = Chance::new(0.01).map(Goal::Detect).map(aimed);
        assert_eq!((detected, aimed(Goal::Mcse(0.1))), (Some(6_372), 100));
    }
}
