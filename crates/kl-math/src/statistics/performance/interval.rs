//! The intervals and tests of the trials of a study.

use super::Study;
use crate::numeric::DoubleDouble;

/// What makes the intervals, and the tests, of all trials.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intervals<'a, T> {
    /// The normal quantile that standard errors are multiplied by.
    pub(super) z: f64,
    /// That of each trial instead, if there are any.
    pub(super) quantiles: &'a [f64],
    /// The limits that others computed, if there are any.
    pub(super) lows: &'a [T],
    pub(super) highs: &'a [T],
    /// The p-values that others computed, if there are any.
    pub(super) p_values: &'a [T],
    /// The p-value below which a test rejects.
    pub(super) alpha: f64,
    /// The value that is rejected; none stands for 0.
    pub(super) null: Option<T>,
}

impl<T> Default for Intervals<'_, T> {
    fn default() -> Self {
        Self { z: 0.0, quantiles: &[], lows: &[], highs: &[], p_values: &[], alpha: 0.0, null: None }
    }
}

impl<T: Copy + Into<DoubleDouble>> Study<'_, T> {
    /// Whether the interval of the trial at a place holds a value, times the factor; none without an interval.
    pub(super) fn holds(&self, place: usize, value: DoubleDouble) -> Option<bool> {
        let Intervals { lows, highs, .. } = self.intervals;
        if let (Some(&low), Some(&high)) = (lows.get(place), highs.get(place)) {
            return Some(low.into().scaled(self.factor) <= value && value <= high.into().scaled(self.factor));
        }
        let estimate: DoubleDouble = (*self.estimates.get(place)?).into();
        Some((estimate.scaled(self.factor) - value).abs().to_f64() <= self.reach(place)?)
    }

    /// Whether the test of that trial rejects.
    pub(super) fn rejects(&self, place: usize) -> Option<bool> {
        let Intervals { p_values, alpha, null, .. } = self.intervals;
        if let Some(&p_value) = p_values.get(place) {
            return Some(p_value.into().to_f64() < alpha);
        }
        let null = null.map_or(DoubleDouble::ZERO, |null| null.into().scaled(self.factor));
        self.holds(place, null).map(|holds| !holds)
    }

    /// The width of each interval, times the factor; none without intervals.
    pub(super) fn widths(&self) -> Option<Vec<DoubleDouble>> {
        let Intervals { lows, highs, .. } = self.intervals;
        if !lows.is_empty() {
            let width = |(&low, &high): (&T, &T)| (high.into() - low.into()).scaled(self.factor);
            return Some(lows.iter().zip(highs).map(width).collect());
        }
        (0..self.std_errors.len()).map(|place| Some(DoubleDouble::from(2.0 * self.reach(place)?))).collect()
    }

    /// Half the width of an interval that is made of a standard error.
    fn reach(&self, place: usize) -> Option<f64> {
        let std_error: DoubleDouble = (*self.std_errors.get(place)?).into();
        let quantile = self.intervals.quantiles.get(place).copied().unwrap_or(self.intervals.z);
        Some(quantile * std_error.scaled(self.factor).to_f64())
    }
}
