//! How many trials it takes to know something well enough.

use super::{Chance, MAX_TRIALS, PlannedEstimator};
use kl_math::distribution::Pair;
use kl_math::statistics::detectable_bias;
use kl_sim::estimator::Theory;

/// A bias of the size aimed at is missed with no more than this chance.
pub const MISS: f64 = 1e-3;

/// What the trials of a condition are to be enough for: their number follows from theory, without a pilot run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// What is aimed at.
    pub goal: Goal,
    /// No condition gets more trials.
    pub most: u64,
}

/// A precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// A Monte Carlo standard error of the mean, in nats.
    Mcse(f64),
    /// The same as a part of D.
    RelativeError(Chance),
    /// A bias that a check must see, as a part of D.
    Detect(Chance),
}

/// Why no number of trials will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// D is infinite.
    InfiniteMean,
    /// The variance of the estimate is not known, or infinite.
    NoVariance,
    /// D is 0, and nothing is a part of it.
    NoMean,
}

impl Aim {
    /// The number of trials for `n` symbols of `pair`, so that all of `estimators` reach the goal: at least two.
    ///
    /// For a standard error R = Var\[L\]/mcse². For a bias the smallest R, but for a percent, at which
    /// [`detectable_bias`] is no more than it, at level `level`.
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
            // Every trial gives the same.
            return Ok(2);
        }
        let part = |part: Chance| match part.get() * theory.closed_form {
            size if size > 0.0 => Ok(size),
            _ => Err(Unreachable::NoMean),
        };
        let whole = |trials: f64| trials.ceil().clamp(2.0, MAX_TRIALS as f64) as u64;
        match self.goal {
            Goal::Mcse(error) => Ok(whole(variance / error / error)),
            Goal::RelativeError(error) => part(error).map(|error| whole(variance / error / error)),
            Goal::Detect(bias) => {
                let contributions = theory.contributions.as_ref().ok_or(Unreachable::NoVariance)?;
                let (function, bias) = (contributions.cumulants.function(), part(bias)?);
                let count = contributions.count as f64;
                let sees = |trials: f64| detectable_bias(function, count * trials, level, MISS) <= bias;
                Ok(whole(least(sees, self.most as f64)))
            }
        }
    }
}

/// The least number from 2 on, but for a percent, that is enough; `most` if none below it is.
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
