//! The trials without an estimate.

use super::Failure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// At most this many failed trials, those with the lowest numbers, are kept with their reasons; all failures are counted.
pub const KEPT_FAILURES: usize = 10_000;

/// The trials that failed, counted from 0, and why: the same whatever the order in which they are noted and merged.
///
/// A trial may fail twice: by itself, and since its program wrote a line too many. Both are counted, and the least of its
/// failures is its reason; see [`Failure`] for their order.
///
/// ```
/// use kl_runner::programs::{FailedTrials, Failure};
/// let (mut all, mut later) = (FailedTrials::default(), FailedTrials::default());
/// later.note(7, Failure::Reported("too few symbols".to_owned()));
/// all.note(23, Failure::Reported("out of memory".to_owned()));
/// all.merge(later);
/// assert_eq!(all.count(), 2);
/// assert_eq!(all.iter().map(|(trial, _)| trial).collect::<Vec<_>>(), [7, 23]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FailedTrials {
    count: u64,
    /// By number.
    kept: BTreeMap<u64, Failure>,
}

impl FailedTrials {
    /// Adds the failure of a trial.
    pub fn note(&mut self, trial: u64, failure: Failure) {
        self.count = self.count.saturating_add(1);
        self.keep(trial, failure);
    }

    /// Adds those that were noted elsewhere.
    pub fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        for (trial, failure) in other.kept {
            self.keep(trial, failure);
        }
    }

    /// Those before a trial, of which there are `count`.
    pub fn before(mut self, trial: u64, count: u64) -> Self {
        self.kept.split_off(&trial);
        Self { count, ..self }
    }

    /// Whether these can be failures of some trials.
    pub fn are_within(&self, trials: &Range<u64>) -> bool {
        let (kept, all) = (self.kept.len() as u64, trials.end.saturating_sub(trials.start));
        kept <= self.count && self.count <= all && self.kept.keys().all(|trial| trials.contains(trial))
    }

    /// The number of failures that were noted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The trials by number, with their reasons; of more than [`KEPT_FAILURES`] the first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Failure)> {
        self.kept.iter().map(|(trial, failure)| (*trial, failure))
    }

    /// The trial with the lowest number.
    pub fn first(&self) -> Option<(u64, &Failure)> {
        self.iter().next()
    }

    /// Whether none was noted.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn keep(&mut self, trial: u64, failure: Failure) {
        let is_beyond =
            self.kept.len() >= KEPT_FAILURES && self.kept.last_key_value().is_some_and(|(last, _)| trial > *last);
        if is_beyond {
            return;
        }
        match self.kept.get_mut(&trial) {
            Some(kept) if failure < *kept => *kept = failure,
            Some(_) => {}
            None => {
                self.kept.insert(trial, failure);
                if self.kept.len() > KEPT_FAILURES {
                    self.kept.pop_last();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reported(text: &str) -> Failure {
        Failure::Reported(text.to_owned())
    }

    fn noted(failures: impl IntoIterator<Item = (u64, Failure)>) -> FailedTrials {
        let mut all = FailedTrials::default();
        failures.into_iter().for_each(|(trial, failure)| all.note(trial, failure));
        all
    }

    fn numbers(failed: &FailedTrials) -> Vec<u64> {
        failed.iter().map(|(trial, _)| trial).collect()
    }

    #[test]
    fn the_lowest_numbers_are_kept_and_all_are_counted() {
        let most = KEPT_FAILURES as u64;
        let failed = noted((0..most + 500).rev().map(|trial| (2 * trial, reported("late"))));
        assert_eq!(failed.count(), most + 500);
        assert_eq!(numbers(&failed), (0..most).map(|trial| 2 * trial).collect::<Vec<_>>());
        let mut halves = noted((0..most).map(|trial| (2 * trial + 1, reported("odd"))));
        halves.merge(failed);
        assert_eq!((halves.count(), numbers(&halves)), (2 * most + 500, (0..most).collect()));
    }

    /// The last trial may fail by itself, and again when its program turns out to have written a line too many.
    #[test]
    fn a_trial_that_fails_twice_is_counted_twice_and_keeps_its_own_reason() {
        let surplus = |answer: &str| Failure::Surplus { answer: answer.to_owned() };
        let own = Failure::TimedOut { seconds: 1.0, said: None };
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let failed = noted(order.map(|place| (9, [surplus("1"), own.clone(), surplus("2")][place].clone())));
            assert_eq!((failed.count(), failed.iter().collect::<Vec<_>>()), (3, vec![(9, &own)]), "{order:?}");
        }
        let failed = noted([(9, surplus("2")), (9, surplus("1"))]);
        assert_eq!((failed.count(), failed.iter().collect::<Vec<_>>()), (2, vec![(9, &surplus("1"))]));
    }

    #[test]
    fn those_before_a_trial_are_within_it() {
        let failed = noted([3, 5, 9].map(|trial| (trial, reported("late"))));
        let before = failed.clone().before(9, 2);
        assert_eq!((before.count(), numbers(&before)), (2, vec![3, 5]));
        assert!(before.are_within(&(3..6)) && !before.are_within(&(4..9)) && !before.are_within(&(0..5)));
        // More than there are trials, or fewer than are kept.
        assert!(!failed.clone().before(9, 10).are_within(&(0..9)) && !failed.before(9, 1).are_within(&(0..9)));
    }

    #[test]
    fn what_is_saved_is_read_back() {
        let said = Some("Killed".to_owned());
        let failures = [
            Failure::CannotStart { reason: "gone".to_owned() },
            Failure::Ended { how: "it ended with exit status: 1".to_owned(), said: said.clone() },
            Failure::TimedOut { seconds: 0.1, said },
            crate::programs::Answer::read(b"{\"estimate\": 1, \"se\": -1}", 1).unwrap_err(),
            Failure::TooMuch { answer: "0".to_owned() },
            Failure::OfAnother { found: "\"3\"".to_owned() },
            reported("too few \u{1F600} symbols"),
            Failure::Surplus { answer: String::new() },
            Failure::NotAsked,
        ];
        let failed = noted((0..).map(|place| (place * place) << 40).zip(failures));
        let text = serde_json::to_string(&failed).unwrap();
        assert_eq!(serde_json::from_str::<FailedTrials>(&text).unwrap(), failed, "{text}");
    }

    /// Trials about the last that is kept, some of them several times.
    fn late() -> impl Strategy<Value = Vec<(u64, Failure)>> {
        let most = KEPT_FAILURES as u64;
        let failure = prop_oneof![
            Just(reported("a")),
            Just(reported("b")),
            Just(Failure::Surplus { answer: "0".to_owned() }),
            Just(Failure::TimedOut { seconds: 2.0, said: None }),
            Just(Failure::TimedOut { seconds: 2.0, said: Some("busy".to_owned()) }),
        ];
        prop::collection::vec((most - 20..most + 20, failure), 0..80)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Two threads or two machines find the same as one, in whatever order the trials fail.
        #[test]
        fn neither_order_nor_place_matters(
            (failures, other) in late().prop_flat_map(|late| {
                let early = (0..KEPT_FAILURES as u64 - 10).map(|trial| (trial, reported("early")));
                let failures: Vec<_> = early.chain(late).collect();
                (Just(failures.clone()), Just(failures).prop_shuffle())
            }),
            sides in prop::collection::vec(any::<bool>(), 64),
        ) {
            let expected = noted(failures.clone());
            prop_assert_eq!(expected.count(), failures.len() as u64);
            prop_assert_eq!(&noted(other.clone()), &expected);
            let mut halves = [FailedTrials::default(), FailedTrials::default()];
            for ((trial, failure), side) in other.into_iter().zip(sides.iter().cycle()) {
                halves[usize::from(*side)].note(trial, failure);
            }
            let [left, right] = halves;
            for (mut one, two) in [(left.clone(), right.clone()), (right, left)] {
                one.merge(two);
                prop_assert_eq!(&one, &expected);
            }
        }
    }
}
