//! `trials`: a number, or a goal that the trials must reach.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::key::fragment::{above_zero, chance, either, table, whole, with_default, with_one};
use crate::experiment_file::key::{Key, names};
use crate::experiment_file::value::rules::{whole_number, wrong};
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::{Aim, Chance, Goal, MAX_TRIALS};
use serde_json::{Value as Json, json};

/// The keys of a goal.
const KEYS: [Key; 4] = [
    Key::new("mcse", "The Monte Carlo standard error of the mean, in the unit of the file.", above_zero),
    Key::new("relative_error", "The Monte Carlo standard error of the mean, as a fraction of KL(P‖Q).", chance),
    Key::new("detect", "A bias, as a fraction of KL(P‖Q), that `runner check` is to detect.", chance),
    Key::new("max", "The most trials of a condition.", || with_default(whole(2, MAX_TRIALS), MOST)),
];

/// The schema of `trials`.
pub(super) fn schema() -> Json {
    either(whole(1, MAX_TRIALS), with_one(table(&KEYS), &["mcse", "relative_error", "detect"]))
}

const EXAMPLE: &str = "write for example: trials = 10_000, or trials = { relative_error = 0.01, max = 1e6 }";

/// The default of `max`.
const MOST: u64 = 100_000_000;

/// The value of `trials`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trials {
    /// The same number in each condition.
    Fixed(u64),
    /// As many as the goal needs; a standard error is in the unit of the file.
    Aimed { aim: Aim, place: Place },
}

impl Trials {
    /// Reads the number or the table.
    pub(crate) fn read(value: &Value, report: &mut Report) -> Option<Self> {
        let Form::Table(entries) = &value.form else {
            return whole_number(value, "trials", 1, MAX_TRIALS, "trials = 10_000", report).map(Self::Fixed);
        };
        let mut goals: Vec<(&Entry, Option<Goal>)> = Vec::new();
        let mut most = Some(MOST);
        let mut has_unknown_key = false;
        for entry in entries {
            let positive = || entry.value.as_f64().filter(|number| *number > 0.0 && number.is_finite());
            let share = || entry.value.as_f64().and_then(Chance::new);
            match entry.key.as_str() {
                "mcse" => goals.push((entry, positive().map(Goal::Mcse))),
                "relative_error" => goals.push((entry, share().map(Goal::RelativeError))),
                "detect" => goals.push((entry, share().map(Goal::Detect))),
                "max" => most = whole_number(&entry.value, "trials.max", 2, MAX_TRIALS, "max = 1e6", report),
                key => {
                    has_unknown_key = true;
                    let keys = names(&KEYS);
                    let help = nearest(key, &keys)
                        .map_or_else(|| format!("it has {}", listed(&keys)), |near| format!("did you mean `{near}`?"));
                    report.push(Diagnostic::new(format!("`trials` has no key `{key}`")).at(entry.key_place).help(help));
                }
            }
        }
        match goals.as_slice() {
            [(_, Some(goal))] => Some(Self::Aimed { aim: Aim { goal: *goal, most: most? }, place: value.place }),
            [(entry, None)] => {
                let rule = if entry.key == "mcse" { "a number above 0" } else { "a number above 0 and below 1" };
                report.push(wrong(&entry.value, &format!("trials.{}", entry.key), rule).help(EXAMPLE));
                None
            }
            [] if has_unknown_key => None,
            [] => {
                let title = "`trials` needs a goal: `mcse`, `relative_error` or `detect`";
                report.push(Diagnostic::new(title).at(value.place).help(EXAMPLE));
                None
            }
            [_, (second, _), ..] => {
                let title = "`trials` may have only one goal";
                report.push(Diagnostic::new(title).at(second.key_place).help(EXAMPLE));
                None
            }
        }
    }

    /// The value as in the manifest.
    pub(crate) fn json(self) -> Json {
        match self {
            Self::Fixed(trials) => trials.into(),
            Self::Aimed { aim: Aim { goal, most }, .. } => match goal {
                Goal::Mcse(error) => json!({ "mcse": error, "max": most }),
                Goal::RelativeError(error) => json!({ "relative_error": error.get(), "max": most }),
                Goal::Detect(bias) => json!({ "detect": bias.get(), "max": most }),
            },
        }
    }
}
