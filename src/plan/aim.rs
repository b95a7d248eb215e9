//! The number of trials that a goal needs.

use super::{Chance, MAX_TRIALS, PlannedEstimator};
use kl_math::distribution::Pair;
use kl_math::statistics::detectable_bias;
use kl_sim::estimator::Theory;

/// The largest probability of missing a bias that must be detected.
pub const MISS: f64 = 1e-3;

/// A goal for the trials of a condition. Their number follows from theory, without a pilot run.
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

/// Why no number of trials is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// D is infinite.
    InfiniteMean,
    /// The variance of the estimate is infinite or not known.
    NoVariance,
    /// D is 0, so nothing can be measured relative to it.
    NoMean,
}

impl Aim {
    /// The number of trials with which all of `estimators` reach the goal, at least two, for sequences of `n` symbols.
    ///
    /// For a standard error, R = Var\[L\]/mcse². For a bias, the smallest R, to within one percent, at which
    /// [`detectable_bias`] at level `level` is at most that bias.
    pub fn trials(self, pair: &Pair, n: u64, estimators: &[PlannedEstimator], level: f64) -> Result<u64, Unreachable> {
        let mut most_needed = 2u64;
        for kind in estimators {
            let theory = kind.theory(pair, n);
            most_needed = most_needed.max(self.of_theory(&theory, level)?);
        }
        Ok(most_needed.min(self.most))
    }

    fn of_theory(self, theory: &Theory, level: f64) -> Result<u64, Unreachable> {
        if theory.closed_form.is_infinite() {
            return Err(Unreachable::InfiniteMean);
        }
        let variance = theory.variance.filter(|variance| variance.is_finite()).ok_or(Unreachable::NoVariance)?;
        if variance == 0.0 {
            // All trials give the same estimate.
            return Ok(2);
        }
        let size = |relative: Chance| match relative.get() * theory.closed_form {
            size if size > 0.0 => Ok(size),
            _ => Err(Unreachable::NoMean),
        };
        let whole = |trials: f64| trials.ceil().clamp(2.0, MAX_TRIALS as f64) as u64;
        match self.goal {
            Goal::Mcse(error) => Ok(whole(variance / error / error)),
            Goal::RelativeError(error) => size(error).map(|error| whole(variance / error / error)),
            Goal::Detect(bias) => {
                let contributions = theory.contributions.as_ref().ok_or(Unreachable::NoVariance)?;
                let (function, bias) = (contributions.cumulants.function(), size(bias)?);
                let count = contributions.count as f64;
                let detects = |trials: f64| detectable_bias(function, count * trials, level, MISS) <= bias;
                Ok(whole(least(detects, self.most as f64)))
            }
        }
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
