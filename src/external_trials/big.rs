//! Estimates and standard errors that are dropped because they are far from the others of their group.

use super::{ExternalTrials, Group, Number};
use kl_math::numeric::DoubleDouble;

/// How far a number may be from the median of its group, in distances of the quartiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BigLimits {
    /// Of estimates.
    pub estimate: f64,
    /// Of standard errors.
    pub std_error: f64,
}

impl ExternalTrials {
    /// Drops and counts the trials whose estimate or standard error is beyond the limits. The quartiles are Tukey's hinges; where
    /// they are the same nothing is dropped.
    pub fn drop_big(&mut self, limits: &BigLimits) {
        for group in &mut self.groups {
            let mut is_big = vec![false; group.estimates.len()];
            mark(&group.estimates, limits.estimate, &mut is_big);
            mark(group.of(Number::StdError), limits.std_error, &mut is_big);
            group.dropped += group.leave_out(&is_big);
        }
    }
}

impl Group {
    /// Leaves out the trials that are marked, and returns how many they are.
    pub(super) fn leave_out(&mut self, is_dropped: &[bool]) -> u64 {
        fn keep<T: Copy>(values: &mut Vec<T>, is_dropped: &[bool]) {
            if !values.is_empty() {
                *values =
                    values.iter().zip(is_dropped).filter(|(_, dropped)| !**dropped).map(|(&value, _)| value).collect();
            }
        }
        keep(&mut self.estimates, is_dropped);
        keep(&mut self.truths, is_dropped);
        keep(&mut self.trials, is_dropped);
        keep(&mut self.candidates, is_dropped);
        self.numbers.iter_mut().for_each(|numbers| keep(numbers, is_dropped));
        is_dropped.iter().filter(|dropped| **dropped).count() as u64
    }
}

/// Marks the numbers that are too far from the median.
fn mark(values: &[DoubleDouble], limit: f64, is_big: &mut [bool]) {
    let mut sorted: Vec<f64> = values.iter().map(|value| value.to_f64()).filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some([low, median, high]) = hinges(&sorted) else { return };
    let distance = high - low;
    if distance > 0.0 {
        for (value, is_big) in values.iter().zip(is_big) {
            *is_big |= (value.to_f64() - median).abs() / distance > limit;
        }
    }
}

/// Tukey's five numbers without the extremes; none of no numbers.
fn hinges(sorted: &[f64]) -> Option<[f64; 3]> {
    let count = sorted.len();
    // Twice the depth of the hinges, and of the median, from 1.
    let (hinge, median) = (count.div_ceil(2) + 1, count + 1);
    let at = |twice: usize| Some(0.5 * (sorted.get((twice / 2).checked_sub(1)?)? + sorted.get(twice.div_ceil(2) - 1)?));
    Some([at(hinge)?, at(median)?, at((2 * (count + 1)).checked_sub(hinge)?)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R's `fivenum` of these numbers.
    #[test]
    fn hinges_are_tukey_s() {
        for (values, expected) in [
            (vec![1.0, 2.0, 4.0, 8.0], [1.5, 3.0, 6.0]),
            (vec![1.0, 2.0, 4.0, 8.0, 16.0], [2.0, 4.0, 8.0]),
            (vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0], [2.0, 6.0, 16.0]),
            (vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], [3.0, 8.0, 24.0]),
            (vec![5.0], [5.0; 3]),
        ] {
            assert_eq!(hinges(&values), Some(expected), "{values:?}");
        }
        assert_eq!(hinges(&[]), None);
    }
}
