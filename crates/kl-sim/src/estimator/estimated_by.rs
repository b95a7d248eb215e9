//! What makes the estimates of a condition.

use super::theory::chain_theory;
use super::{ClaimedMean, Claims, Estimator, RunningMoments, SameAs, Scorer, Theory};
use kl_math::distribution::Pair;
use kl_math::divergence::{Cumulants, reverse_divergence};
use kl_math::law::{Bin, Bins};
use kl_math::statistics::saddlepoint_masses;
use std::borrow::Cow;
use std::fmt;

/// Something outside of this library that makes the estimates of one condition, such as a program of the user's own. Nothing
/// is known of its estimates but what they are to estimate and what is claimed of them.
pub trait External: fmt::Debug + Sync {
    /// Its name in results.
    fn name(&self) -> &str;

    /// The number of symbols from Q that it needs beside each sequence from P.
    fn model_draws(&self) -> Option<u64>;

    /// A scorer of the condition's sequences. Threads have one each.
    fn scorer(&self) -> Box<dyn Scorer + '_>;

    /// What is claimed of its estimates.
    fn claims(&self) -> Claims<'_> {
        Claims::default()
    }

    /// Whether it is asked about many trials together, so that the last digits of an estimate may depend on which trials these
    /// are. They are then always the same: they follow from the block, never from what else is wanted of the trials.
    fn takes_many(&self) -> bool {
        false
    }

    /// Whether it has failed so often that no more trials are to be drawn.
    fn is_stopped(&self) -> bool;
}

/// What makes the estimates of a condition.
#[derive(Clone, Copy, Debug)]
pub enum EstimatedBy<'a> {
    /// An estimator of which something may be known.
    Estimator(&'a dyn Estimator),
    /// Something outside.
    External(&'a dyn External),
}

impl<'a> EstimatedBy<'a> {
    /// Its name in results.
    pub fn name(self) -> &'a str {
        match self {
            Self::Estimator(estimator) => estimator.name(),
            Self::External(external) => external.name(),
        }
    }

    /// The exact facts that are known of the estimates from `n` symbols: at least the estimand.
    pub fn theory(self, pair: &Pair, n: u64) -> Theory {
        match self {
            Self::Estimator(estimator) => estimator.theory(pair, n),
            Self::External(external) => {
                let mean = claimed_mean(external);
                Theory {
                    mean: mean.map(|mean| mean.value),
                    mean_error: mean.and_then(|mean| mean.error),
                    ..Theory::of_estimand(pair, n)
                }
            }
        }
    }

    /// The exact mean and standard deviation of the estimates, as far as they are known.
    pub fn moments(self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Estimator(estimator) => estimator.moments(pair, n),
            Self::External(external) => (claimed_mean(external).map(|mean| mean.value), None),
        }
    }

    /// The same for any number of symbols.
    pub fn running_moments(self, pair: &'a Pair) -> RunningMoments<'a> {
        match self {
            Self::Estimator(estimator) => estimator.running_moments(pair),
            Self::External(_) => Box::new(move |n| self.moments(pair, n)),
        }
    }

    /// The estimator that its estimates are held against, trial by trial.
    pub fn same_as(self, pair: &Pair, n: u64) -> Option<SameAs<'a>> {
        match self {
            Self::Estimator(estimator) => estimator.same_as(pair, n),
            Self::External(external) => external.claims().same_as?.ok(),
        }
    }

    /// Fixed bins for a histogram of the estimates.
    pub fn bins(self, pair: &Pair, n: u64) -> Bins {
        match self {
            Self::Estimator(estimator) => estimator.bins(pair, n),
            Self::External(_) => likely_bins(pair, n),
        }
    }

    /// The approximate probabilities of `bins` that its [`bins`](Self::bins) gave without exact ones: by the saddlepoint density,
    /// where that is good and the estimate is always finite.
    pub fn approximate_masses(self, pair: &Pair, n: u64, bins: &Bins) -> Option<Vec<f64>> {
        let bins = bins.bins();
        let is_open = |bin: &Bin| bin.mass.is_none() && bin.lower < bin.upper;
        if bins.len() < 2 || !bins.iter().all(is_open) {
            return None;
        }
        let theory = self.estimator()?.theory(pair, n);
        let (mean, contributions) = (theory.mean?, theory.contributions?);
        let lowest = bins.first().map(|bin| bin.lower);
        let edges: Vec<f64> =
            lowest.into_iter().chain(bins.iter().map(|bin| bin.upper)).map(|edge| edge - mean).collect();
        saddlepoint_masses(contributions.cumulants.function(), contributions.count as f64, &edges)
    }

    /// The function of a symbol whose mean over the sequence is the estimate, if it is one.
    pub fn symbol_values(self, pair: &Pair) -> Option<Cow<'_, [f64]>> {
        self.estimator()?.symbol_values(pair)
    }

    /// The same less its mean under P, where that has digits that the values themselves have not.
    pub fn symbol_deviations(self, pair: &Pair) -> Option<Vec<f64>> {
        self.estimator()?.symbol_deviations(pair)
    }

    /// Whether the estimate is a mean over symbols.
    pub fn is_symbol_mean(self, pair: &Pair) -> bool {
        self.estimator().is_some_and(|estimator| estimator.is_symbol_mean(pair))
    }

    /// KL(Q‖P), if it is known and the estimand is KL(P‖Q); for sequences with memory divided by N.
    pub fn reverse(self, pair: &Pair, n: u64) -> Option<f64> {
        let estimator = self.estimator();
        if estimator.is_some_and(|estimator| estimator.component().is_some()) {
            return None;
        }
        reverse_divergence(estimator.map_or(pair, |estimator| estimator.target(pair)), n)
    }

    /// Whether an estimate may be infinite: where Q cannot produce all that P can, unless the estimator says otherwise.
    pub fn can_be_infinite(self, pair: &Pair) -> bool {
        let of_pair = || match pair {
            Pair::Symbols(pair) => pair.uncovered().next().is_some(),
            Pair::Values(pair) => pair.uncovered().is_some(),
            Pair::Chains(_) => true,
        };
        self.estimator().and_then(|estimator| estimator.can_be_infinite(pair)).unwrap_or_else(of_pair)
    }

    /// The number of symbols from Q that are drawn beside each sequence of `n` symbols from P.
    pub fn model_draws(self, n: u64) -> Option<u64> {
        match self {
            Self::Estimator(estimator) => estimator.model_draws(n),
            Self::External(external) => external.model_draws(),
        }
    }

    /// A scorer of sequences of `n` symbols; one that gives standard errors, if they are wanted and it can.
    pub fn scorer(self, pair: &'a Pair, n: u64, with_std_errors: bool) -> Box<dyn Scorer + 'a> {
        match self {
            Self::External(external) => external.scorer(),
            Self::Estimator(estimator) => {
                let with_errors = if with_std_errors { estimator.std_error_scorer(pair, n) } else { None };
                with_errors.unwrap_or_else(|| estimator.scorer(pair, n))
            }
        }
    }

    /// The estimator, if it is not something outside.
    pub fn estimator(self) -> Option<&'a dyn Estimator> {
        match self {
            Self::Estimator(estimator) => Some(estimator),
            Self::External(_) => None,
        }
    }

    /// What is outside, if it is.
    pub fn external(self) -> Option<&'a dyn External> {
        match self {
            Self::Estimator(_) => None,
            Self::External(external) => Some(external),
        }
    }
}

/// The exact mean that is claimed, if it is known here.
fn claimed_mean(external: &dyn External) -> Option<ClaimedMean> {
    external.claims().mean?.ok()
}

/// Bins for estimates of which nothing is known: those of a good estimator have about the spread of the log ratio.
fn likely_bins(pair: &Pair, n: u64) -> Bins {
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    let (mean, std_dev) = match pair {
        Pair::Chains(chain) => {
            let known = chain_theory(chain.chains(), n);
            (known.closed_form, known.variance.map_or(f64::INFINITY, f64::sqrt))
        }
        Pair::Symbols(_) | Pair::Values(_) => {
            let known = Cumulants::of(pair);
            (known.mean, known.spread.map_or(f64::INFINITY, |spread| (spread.variance / n as f64).sqrt()))
        }
    };
    Bins::new(None, mean, std_dev, everything, 0.0)
}
