//! Intervals about estimates, trial by trial.

use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// What intervals θ̂ ± z·se are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IntervalTest {
    /// How many standard errors they reach.
    pub z: f64,
    /// The estimand.
    pub truth: f64,
    /// The exact mean of the estimates, if it is known.
    pub mean: Option<f64>,
    /// The exact standard deviation of an estimate, if it is known: a standard error that does not come from the trial.
    pub exact_error: Option<f64>,
}

/// How many intervals hold what they should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntervalCounts {
    /// How many there are.
    pub intervals: u64,
    /// How many hold the estimand.
    pub hold_truth: u64,
    /// How many hold the exact mean of the estimates.
    pub hold_mean: u64,
    /// How many do not hold 0.
    pub exclude_zero: u64,
}

/// Intervals of both kinds, and the squares of the standard errors that come with the estimates.
///
/// ```
/// use kl_math::statistics::{IntervalTest, Intervals};
/// let test = IntervalTest { z: 2.0, truth: 1.0, mean: None, exact_error: Some(0.25) };
/// let mut intervals = Intervals::new(test);
/// intervals.push(0.6, Some(0.1), 1);
/// intervals.push(1.1, Some(0.1), 1);
/// let (own, exact) = (intervals.own(), intervals.exact());
/// assert_eq!((own.hold_truth, own.exclude_zero, exact.hold_truth), (1, 2, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    #[serde(skip)]
    test: IntervalTest,
    own: IntervalCounts,
    exact: IntervalCounts,
    /// Σ V, Σ V², and Σ V d, Σ V d² with V = se² and d the distance of the estimate from the estimand.
    squares: [f64; 4],
}

impl Intervals {
    /// No trial yet.
    pub fn new(test: IntervalTest) -> Self {
        Self { test, own: IntervalCounts::default(), exact: IntervalCounts::default(), squares: [0.0; 4] }
    }

    /// The finite estimate of `trials` more trials, with its own standard error if it has one.
    pub fn push(&mut self, estimate: f64, std_error: Option<f64>, trials: u64) {
        let test = self.test;
        if let Some(error) = std_error.filter(|error| error.is_finite()) {
            self.own.push(test, estimate, error, trials);
            let (times, square, distance) = (trials as f64, error * error, estimate - test.truth);
            let terms = [square, square * square, square * distance, square * distance * distance];
            self.squares.iter_mut().zip(terms).for_each(|(sum, term)| *sum += times * term);
        }
        if let Some(error) = test.exact_error {
            self.exact.push(test, estimate, error, trials);
        }
    }

    /// What they are held against.
    pub fn test(&self) -> IntervalTest {
        self.test
    }

    /// Those from the estimates' own standard errors.
    pub fn own(&self) -> IntervalCounts {
        self.own
    }

    /// Those from the exact one.
    pub fn exact(&self) -> IntervalCounts {
        self.exact
    }

    /// Means over the trials with a standard error: of V = se², of V², of V d and of V d², d the distance of the estimate
    /// from the estimand.
    pub fn squares(&self) -> Option<[f64; 4]> {
        let count = self.own.intervals;
        (count > 0).then(|| self.squares.map(|sum| sum / count as f64))
    }
}

impl IntervalCounts {
    fn push(&mut self, test: IntervalTest, estimate: f64, error: f64, trials: u64) {
        let reach = test.z * error;
        let holds = |value: f64| if (estimate - value).abs() <= reach { trials } else { 0 };
        self.intervals += trials;
        self.hold_truth += holds(test.truth);
        self.hold_mean += test.mean.map_or(0, holds);
        self.exclude_zero += trials - holds(0.0);
    }

    fn merge(&mut self, later: Self) {
        self.intervals += later.intervals;
        self.hold_truth += later.hold_truth;
        self.hold_mean += later.hold_mean;
        self.exclude_zero += later.exclude_zero;
    }
}

impl Summary for Intervals {
    fn merge(&mut self, later: Self) {
        self.own.merge(later.own);
        self.exact.merge(later.exact);
        self.squares.iter_mut().zip(later.squares).for_each(|(sum, more)| *sum += more);
    }
}

impl Restore for Intervals {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let are_right = |counts: IntervalCounts| {
            let IntervalCounts { intervals, hold_truth, hold_mean, exclude_zero } = counts;
            intervals <= trials && [hold_truth, hold_mean, exclude_zero].iter().all(|&count| count <= intervals)
        };
        let is_number = self.squares.iter().all(|sum| !sum.is_nan());
        (are_right(self.own) && are_right(self.exact) && is_number).then_some(Self { test: empty.test, ..self })
    }
}
