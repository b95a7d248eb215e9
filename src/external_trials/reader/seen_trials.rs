//! The trials of a group, each with the line that it is on.

use std::collections::{HashMap, TryReserveError};

/// The trials of a group that have been seen. Where trials and lines rise evenly, as they do in most files, a run of them takes no
/// more memory than one.
#[derive(Default)]
pub(super) struct SeenTrials {
    /// By rising trial.
    runs: Vec<Run>,
    /// What came after a larger one.
    others: HashMap<u64, u64>,
}

/// Trials at even distances on lines at even distances.
#[derive(Clone, Copy)]
struct Run {
    trial: u64,
    line: u64,
    trial_step: u64,
    line_step: u64,
    count: u64,
}

impl Run {
    fn last(&self) -> u64 {
        self.trial + self.trial_step * (self.count - 1)
    }

    /// The line of a trial, if it is in the run.
    fn line_of(&self, trial: u64) -> Option<u64> {
        let beyond = trial.checked_sub(self.trial)?;
        let place = if beyond == 0 { 0 } else { beyond.checked_div(self.trial_step)? };
        let is_in = place < self.count && self.trial_step * place == beyond;
        is_in.then(|| self.line + self.line_step * place)
    }

    /// Adds a trial and its line, if they go on as those before.
    fn extend(&mut self, trial: u64, line: u64) -> bool {
        if self.count == 1 {
            (self.trial_step, self.line_step) = (trial - self.trial, line.saturating_sub(self.line));
        }
        let is_next = trial - self.last() == self.trial_step && self.line + self.line_step * self.count == line;
        self.count += u64::from(is_next);
        is_next
    }
}

impl SeenTrials {
    /// Adds a trial, and returns the line of the same one before; fails without memory.
    pub(super) fn insert(&mut self, trial: u64, line: u64) -> Result<Option<u64>, TryReserveError> {
        if self.runs.last().is_none_or(|last| last.last() < trial) {
            if let Some(&earlier) = self.others.get(&trial).filter(|_| !self.others.is_empty()) {
                return Ok(Some(earlier));
            }
            if !self.runs.last_mut().is_some_and(|last| last.extend(trial, line)) {
                self.runs.try_reserve(1)?;
                self.runs.push(Run { trial, line, trial_step: 0, line_step: 0, count: 1 });
            }
            return Ok(None);
        }
        let place = self.runs.partition_point(|run| run.trial <= trial);
        let run = place.checked_sub(1).and_then(|place| self.runs.get(place));
        if let Some(earlier) = run.and_then(|run| run.line_of(trial)) {
            return Ok(Some(earlier));
        }
        self.others.try_reserve(1)?;
        if let Some(&earlier) = self.others.get(&trial) {
            return Ok(Some(earlier));
        }
        self.others.insert(trial, line);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the order and the distances, the line of the first occurrence is found.
        #[test]
        fn a_trial_that_comes_again_is_found_in_any_order(trials in proptest::collection::vec((0u64..40, 1u64..4), 1..60)) {
            let (mut seen, mut plain, mut line) = (SeenTrials::default(), HashMap::new(), 1);
            for (trial, step) in trials {
                line += step;
                prop_assert_eq!(seen.insert(trial, line), Ok(plain.get(&trial).copied()), "{} on line {}", trial, line);
                plain.entry(trial).or_insert(line);
            }
        }
    }

    #[test]
    fn even_trials_are_one_run() {
        let mut seen = SeenTrials::default();
        assert!((0..1_000).all(|place| seen.insert(5 + 2 * place, 2 + 3 * place) == Ok(None)));
        assert_eq!((seen.runs.len(), seen.insert(1_003, 9), seen.insert(1_004, 9)), (1, Ok(Some(1_499)), Ok(None)));
    }
}
