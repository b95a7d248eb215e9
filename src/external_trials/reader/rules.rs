//! The rules for the numbers of each column.

use crate::external_trials::NUMBERS;

/// A rule for the numbers of a column, and the next step.
pub(super) type Rule = (&'static str, &'static str);

/// Whether a number keeps a rule.
type Keeps = fn(f64) -> bool;

pub(super) const ESTIMATE: Rule =
    ("an estimate is a number", "write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate");
pub(super) const TRUTH: Rule = ("an estimand is a finite number", "write a number such as 0.0204, or nothing");

/// The rule for the numbers beside an estimate, and whether one keeps it.
pub(super) const RULES: [(Rule, Keeps); NUMBERS] = [
    (("a standard error is a finite number, 0 or more", "write a number such as 0.05, or nothing"), |value| {
        value >= 0.0 && value.is_finite()
    }),
    (("a limit is a number", "write a number such as 0.05, `-inf`, or nothing"), |_| true),
    (("a limit is a number", "write a number such as 0.05, `inf`, or nothing"), |_| true),
    (("a p-value is a number from 0 to 1", "write a number such as 0.05, or nothing"), |value| {
        (0.0..=1.0).contains(&value)
    }),
    (("degrees of freedom are a number above 0", "write a number such as 12.5, `inf`, or nothing"), |value| {
        value > 0.0
    }),
];
