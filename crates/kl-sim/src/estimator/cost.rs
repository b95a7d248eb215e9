//! About how long things take, in whole numbers.

use kl_math::distribution::{
    Beta, Binomial, Cauchy, Dirichlet, Exponential, Family, Gamma, Geometric, Laplace, Lognormal, MultivariateNormal,
    NegativeBinomial, Normal, Pair, Pareto, Poisson, Space, Uniform, ValuePair, Weibull,
};
use std::iter::Sum;
use std::ops::{Add, Mul};

/// About how long something takes one thread, in picoseconds: so much for each trial, and so much once for a block of trials.
///
/// It is read from tables and follows from what is to be done alone, so it is the same on every machine. It says how a run is
/// best cut into parts of about equal time; no estimate depends on it. The tables were measured on one machine, over whole runs of
/// one thread: between things that are done there it is right to a factor of about two.
///
/// ```
/// use kl_sim::estimator::Cost;
/// let cost = Cost::of_trial(2_000) + Cost { trial: 500, block: 64_000 };
/// // Of 64 trials each bears a nanosecond of their block's.
/// assert_eq!(cost.nanoseconds(64), 4);
/// assert_eq!((Cost::default().nanoseconds(1), Cost::of_trial(u128::MAX).nanoseconds(1)), (1, Cost::MOST));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Of each trial.
    pub trial: u128,
    /// Once for a block of trials.
    pub block: u128,
}

impl Cost {
    /// The most that a trial is said to take, in nanoseconds: more than two years.
    pub const MOST: u64 = 1 << 56;

    /// So much for each trial.
    pub fn of_trial(trial: u128) -> Self {
        Self { trial, block: 0 }
    }

    /// What a trial takes with its share of its block, in nanoseconds: 1 to [`MOST`](Self::MOST).
    pub fn nanoseconds(self, trials_a_block: u64) -> u64 {
        let share = self.block.div_ceil(u128::from(trials_a_block.max(1)));
        let whole = self.trial.saturating_add(share).div_ceil(1000);
        u64::try_from(whole).unwrap_or(Self::MOST).clamp(1, Self::MOST)
    }

    /// What the mean of one number for each symbol, or for each event of a chain, takes; of values each one's density, as
    /// `of_values`.
    pub fn of_means(pair: &Pair, n: u64) -> Self {
        const SYMBOL: u128 = 600;
        const EVENT: u128 = 900;
        match pair {
            Pair::Symbols(pair) => Self::of_trial(SYMBOL * pair.symbols().len() as u128),
            Pair::Chains(pair) => Self::of_trial(EVENT * pair.chains().source_events().len() as u128),
            Pair::Values(pair) => Self::of_values(pair, n),
        }
    }

    /// What it takes to go through `n` values one by one, for the log ratio of each.
    pub(super) fn of_values(pair: &ValuePair, n: u64) -> Self {
        Self::of_trial(each_value(pair).saturating_mul(u128::from(n)))
    }
}

/// The log ratio of one value of two members of a family, without its coordinates.
const VALUES: &[(&str, u128)] = &[
    (Normal::NAME, 33_000),
    (Lognormal::NAME, 50_000),
    (Exponential::NAME, 33_000),
    (Pareto::NAME, 60_000),
    (Weibull::NAME, 130_000),
    (Gamma::NAME, 105_000),
    (Beta::NAME, 105_000),
    (Dirichlet::NAME, 40_000),
    (MultivariateNormal::NAME, 80_000),
    (Uniform::NAME, 38_000),
    (Laplace::NAME, 38_000),
    (Cauchy::NAME, 88_000),
    (Poisson::NAME, 105_000),
    (Geometric::NAME, 60_000),
    (NegativeBinomial::NAME, 200_000),
    (Binomial::NAME, 200_000),
];

/// That of two families, or of one that is not in the table.
const ANY_VALUE: u128 = 105_000;

/// A coordinate of a vector.
const COORDINATE: u128 = 35_000;

fn each_value(pair: &ValuePair) -> u128 {
    let (source, model) = (pair.source(), pair.model());
    let known = VALUES.iter().find(|(family, _)| source.family() == *family && model.family() == *family);
    let coordinates = source.values().map_or(0, |values| match values.space() {
        Space::Counts | Space::Line => 0,
        Space::Vectors(size) | Space::Simplex(size) => size as u128,
    });
    known.map_or(ANY_VALUE, |&(_, cost)| cost) + COORDINATE * coordinates
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { trial: self.trial.saturating_add(other.trial), block: self.block.saturating_add(other.block) }
    }
}

impl Mul<u128> for Cost {
    type Output = Self;

    fn mul(self, times: u128) -> Self {
        Self { trial: self.trial.saturating_mul(times), block: self.block.saturating_mul(times) }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Add::add)
    }
}
