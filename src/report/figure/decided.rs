//! What tests decided, as pictures show it.

use super::series::Row;
use crate::record::DecisionRow;

/// A number of the trials beside the exact one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Beside {
    /// The number of the trials and its Monte Carlo standard error, if there were trials.
    pub(super) observed: Option<(f64, f64)>,
    /// The exact number, if it is known.
    pub(super) exact: Option<f64>,
}

impl Beside {
    fn new(observed: Option<f64>, mcse: Option<f64>, exact: Option<f64>) -> Self {
        let finite = |number: &f64| number.is_finite();
        let error = mcse.filter(finite).map_or(0.0, f64::abs);
        Self { observed: observed.filter(finite).map(|value| (value, error)), exact: exact.filter(finite) }
    }

    /// The ends of the bar that shows the number of the trials, two standard errors to either side.
    pub(super) fn bar(self) -> Option<(f64, f64)> {
        self.observed.map(|(value, error)| (value - 2.0 * error, value + 2.0 * error))
    }

    /// The exact number; where that is not known, the one of the trials.
    pub(super) fn best(self) -> Option<f64> {
        self.exact.or(self.observed.map(|(value, _)| value))
    }

    /// Whether the number of the trials is within two standard errors of the exact one; none if one of them is missing.
    pub(super) fn agrees(self) -> Option<bool> {
        let ((low, high), exact) = (self.bar()?, self.exact?);
        Some((low..=high).contains(&exact))
    }
}

/// What the test of a condition does where one law is true.
#[derive(Clone, Debug)]
pub(super) struct Decided<'a> {
    /// The row of results.
    pub(super) row: &'a Row,
    /// What is true.
    pub(super) truth: &'a str,
    /// The chance to decide P.
    pub(super) p: Beside,
    /// The chance to decide Q.
    pub(super) q: Beside,
    /// The chance to decide nothing; none of a test of fixed length.
    pub(super) undecided: Option<Beside>,
    /// The mean number of symbols.
    pub(super) length: Beside,
}

impl<'a> Decided<'a> {
    /// What is known of the test of a condition, for each law that may be true.
    pub(super) fn of(row: &'a Row) -> impl Iterator<Item = Self> {
        let of_truth = move |decisions: &'a [DecisionRow<'static>]| {
            let first = decisions.first()?;
            let outcome = |name: &str| decisions.iter().find(|decision| decision.outcome == name);
            let chance = |name: &str| {
                outcome(name).map(|found| Beside::new(found.rate, found.mcse, found.exact)).unwrap_or_default()
            };
            Some(Self {
                row,
                truth: &first.truth,
                p: chance("P"),
                q: chance("Q"),
                undecided: outcome("undecided").map(|_| chance("undecided")),
                length: Beside::new(first.mean_length, first.length_mcse, first.expected_length),
            })
        };
        row.decisions.chunk_by(|one, next| one.truth == next.truth).filter_map(of_truth)
    }

    /// Whether the test ends by itself.
    pub(super) fn is_sequential(&self) -> bool {
        self.undecided.is_some()
    }
}

/// Whether a setting is of the law that sequences are drawn from.
pub(super) fn is_of_drawn(name: &str) -> bool {
    name == "S" || name == "s" || name.starts_with("S.")
}
