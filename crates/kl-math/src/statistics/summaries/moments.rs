//! Mean and spread of estimates about the value they should have.

use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// How the estimates of R trials lie about their expected value, in nats per symbol.
///
/// Infinite estimates are not part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// Mean minus expected value.
    pub deviation: f64,
    /// (1/R) Σ (Lᵢ − expected)².
    pub mean_square: f64,
    /// S² = Σ (Lᵢ − mean)²/(R−1); none for a single trial.
    pub variance: Option<f64>,
}

/// Sums of estimates and their squares about a fixed centre, the expected value.
///
/// ```
/// use kl_math::statistics::{Moments, Summary};
/// let (mut some, mut more) = (Moments::about(1.0), Moments::about(1.0));
/// some.push(0.0, 1);
/// more.push(4.0, 1);
/// some.merge(more);
/// let spread = some.dispersion().expect("two trials");
/// assert_eq!((spread.deviation, spread.mean_square, spread.variance), (1.0, 5.0, Some(8.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    #[serde(skip)]
    centre: f64,
    count: u64,
    sum: f64,
    sum_of_squares: f64,
}

impl Moments {
    /// No estimate yet.
    pub fn about(centre: f64) -> Self {
        Self { centre, count: 0, sum: 0.0, sum_of_squares: 0.0 }
    }

    /// A finite estimate, that of `trials` more trials.
    pub fn push(&mut self, estimate: f64, trials: u64) {
        let (deviation, times) = (estimate - self.centre, trials as f64);
        self.count += trials;
        self.sum += times * deviation;
        self.sum_of_squares += times * (deviation * deviation);
    }

    /// Mean and spread; none without an estimate.
    pub fn dispersion(&self) -> Option<Dispersion> {
        if self.count == 0 {
            return None;
        }
        let count = self.count as f64;
        let deviation = self.sum / count;
        let about_mean = (self.sum_of_squares - self.sum * deviation).max(0.0);
        Some(Dispersion {
            deviation,
            mean_square: self.sum_of_squares / count,
            variance: (self.count > 1).then(|| about_mean / (count - 1.0)),
        })
    }
}

impl Summary for Moments {
    fn merge(&mut self, later: Self) {
        self.count += later.count;
        self.sum += later.sum;
        self.sum_of_squares += later.sum_of_squares;
    }
}

impl Restore for Moments {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let is_number = !self.sum.is_nan() && !self.sum_of_squares.is_nan();
        (self.count <= trials && is_number).then_some(Self { centre: empty.centre, ..self })
    }
}
