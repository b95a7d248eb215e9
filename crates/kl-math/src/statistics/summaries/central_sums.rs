//! Mean, variance and skewness of numbers whose mean is not known beforehand.

use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// The mean of numbers, and the sums of the squares and cubes of their distances from it.
///
/// Unlike [`Moments`](super::Moments), it keeps its digits where the mean is far from any value that was expected: the sums are
/// updated together with the mean (Pébay 2008, Sandia report SAND2008-6212).
///
/// ```
/// use kl_math::statistics::{CentralSums, Summary};
/// let (mut some, mut more) = (CentralSums::default(), CentralSums::default());
/// [1e9, 1e9 + 1.0].iter().for_each(|&x| some.push(x));
/// [1e9 + 1.0, 1e9 + 6.0].iter().for_each(|&x| more.push(x));
/// some.merge(more);
/// assert_eq!((some.mean(), some.variance()), (Some(1e9 + 2.0), Some(22.0 / 3.0)));
/// // (1/4) Σ (x − 2)³ over the 3/2 power of (1/4) Σ (x − 2)².
/// assert!((some.skewness().expect("a spread") - 13.5 / (5.5 * 5.5f64.sqrt())).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CentralSums {
    count: u64,
    mean: f64,
    squares: f64,
    cubes: f64,
}

impl CentralSums {
    /// Adds a number.
    pub fn push(&mut self, x: f64) {
        self.merge(Self { count: 1, mean: x, squares: 0.0, cubes: 0.0 });
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, if there are any.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their variance, with divisor R − 1, if there are several.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Their skewness, (1/R) Σ d³ over the 3/2 power of (1/R) Σ d²; none without a spread, or if it is too large for a double.
    pub fn skewness(&self) -> Option<f64> {
        let count = self.count as f64;
        let variance = self.squares / count;
        let skewness = self.cubes / count / variance / variance.sqrt();
        Some(skewness).filter(|skewness| skewness.is_finite())
    }
}

impl Summary for CentralSums {
    fn merge(&mut self, later: Self) {
        if self.count == 0 || later.count == 0 {
            *self = if self.count == 0 { later } else { *self };
            return;
        }
        let (here, there) = (self.count as f64, later.count as f64);
        let all = here + there;
        let gap = later.mean - self.mean;
        let share = gap * here * there / all;
        self.cubes += later.cubes
            + share * gap * ((here - there) / all * gap)
            + 3.0 * gap * (here * later.squares - there * self.squares) / all;
        self.squares += later.squares + share * gap;
        self.mean += gap * there / all;
        self.count += later.count;
    }
}

impl Restore for CentralSums {
    fn restore(self, _: &Self, trials: u64) -> Option<Self> {
        let is_number = [self.mean, self.squares, self.cubes].iter().all(|sum| !sum.is_nan());
        (self.count <= trials && is_number).then_some(self)
    }
}
