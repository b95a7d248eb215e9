//! `trials`: a number, or what the trials are to be enough for.

use super::conditions::grouped;
use super::diagnostic::{Diagnostic, Place, Report};
use super::keys::{Spec, whole_number, wrong};
use super::value::{Entry, Form, Value};
use super::words::{listed, nearest};
use crate::plan::{Aim, Chance, Condition, Goal, MAX_TRIALS, Unreachable};
use serde_json::{Value as Json, json};
use std::sync::Arc;

const KEYS: [&str; 4] = ["mcse", "relative_error", "detect", "max"];
const EXAMPLE: &str = "write for example: trials = 10_000, or trials = { relative_error = 0.01, max = 1e6 }";

/// Trials that a spec may ask for without saying so.
const MOST: u64 = 100_000_000;

/// What stands for `trials`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trials {
    /// So many in each condition.
    Fixed(u64),
    /// As many as are needed; a standard error is in the file's unit until the plan is made.
    Aimed { aim: Aim, place: Place },
}

impl Trials {
    /// Reads the number or the table.
    pub(super) fn read(value: &Value, report: &mut Report) -> Option<Self> {
        let Form::Table(entries) = &value.form else {
            return whole_number(value, "trials", 1, MAX_TRIALS, "trials = 10_000", report).map(Self::Fixed);
        };
        let mut goals: Vec<(&Entry, Option<Goal>)> = Vec::new();
        let mut most = Some(MOST);
        let mut misspelt = false;
        for entry in entries {
            let positive = || entry.value.as_f64().filter(|number| *number > 0.0 && number.is_finite());
            let chance = || entry.value.as_f64().and_then(Chance::new);
            match entry.key.as_str() {
                "mcse" => goals.push((entry, positive().map(Goal::Mcse))),
                "relative_error" => goals.push((entry, chance().map(Goal::RelativeError))),
                "detect" => goals.push((entry, chance().map(Goal::Detect))),
                "max" => most = whole_number(&entry.value, "trials.max", 2, MAX_TRIALS, "max = 1e6", report),
                key => {
                    misspelt = true;
                    let help = nearest(key, &KEYS)
                        .map_or_else(|| format!("it has {}", listed(&KEYS)), |near| format!("did you mean `{near}`?"));
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
            [] if misspelt => None,
            [] => {
                let title = "`trials` says not what it is to be enough for: `mcse`, `relative_error` or `detect`";
                report.push(Diagnostic::new(title).at(value.place).help(EXAMPLE));
                None
            }
            [_, (second, _), ..] => {
                let title = "`trials` is to be enough for one thing only";
                report.push(Diagnostic::new(title).at(second.key_place).help(EXAMPLE));
                None
            }
        }
    }

    /// As the manifest has it.
    pub(super) fn json(self) -> Json {
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

/// Gives each condition its number of trials.
pub(super) fn settle(spec: &Spec, conditions: &mut [Condition], report: &mut Report) {
    let Some(Trials::Aimed { aim, place }) = spec.trials else { return };
    let goal = match aim.goal {
        Goal::Mcse(error) => Goal::Mcse(error / spec.unit.of_nats(1.0)),
        other => other,
    };
    // A mean and a variance each, as `runner plan` counts.
    let estimators: Vec<_> = spec.estimators.iter().map(|listed| Arc::clone(&listed.estimator)).collect();
    let tests = 2 * conditions.len() * estimators.len();
    let level = spec.check.false_alarm.get() / tests.max(1) as f64;
    for (index, condition) in conditions.iter_mut().enumerate() {
        let Some(pair) = condition.sampled_pair() else { continue };
        let aim = Aim { goal, ..aim };
        let able = estimators.iter().enumerate().filter(|(place, _)| condition.refusal_of(*place).is_none());
        let able: Vec<_> = able.map(|(_, estimator)| Arc::clone(estimator)).collect();
        match aim.trials(pair, condition.n, &able, level) {
            Ok(trials) => condition.trials = trials,
            Err(reason) => {
                let why = match reason {
                    Unreachable::InfiniteMean => "KL(P‖Q) is infinite",
                    Unreachable::NoVariance => "the variance of the estimate is infinite or not known",
                    Unreachable::NoMean => "KL(P‖Q) is 0, and nothing is a part of it",
                };
                let title = format!("no number of trials is enough in condition {}: {why}", grouped(index as u128 + 1));
                report.push(Diagnostic::new(title).at(place).help("write a number of trials, such as trials = 10_000"));
                return;
            }
        }
    }
}
