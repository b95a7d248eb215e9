//! Trials that lack a number beside their estimate, and are left out of all measures.

use super::{ExternalTrials, Group};
use kl_math::numeric::DoubleDouble;

impl ExternalTrials {
    /// Leaves out the trials that lack a standard error, a limit, a p-value, degrees of freedom or an estimand where the file has a column
    /// of these, and counts them as missing.
    pub fn keep_complete(&mut self) {
        for group in &mut self.groups {
            let is_incomplete: Vec<bool> = (0..group.estimates.len()).map(|place| group.lacks(place)).collect();
            group.missing += group.leave_out(&is_incomplete);
        }
    }
}

impl Group {
    /// Whether the trial at a place lacks a number.
    fn lacks(&self, place: usize) -> bool {
        let is_nan = |values: &Vec<DoubleDouble>| values.get(place).is_some_and(|value| value.to_f64().is_nan());
        self.numbers.iter().chain([&self.truths]).any(is_nan)
    }
}
