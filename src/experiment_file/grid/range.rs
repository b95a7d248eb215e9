//! `{ from = 0.05, to = 0.95, steps = 19 }`: equally spaced values.

use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::key::fragment::{reference, whole, words_with_default};
use crate::experiment_file::key::{Key, names};
use crate::experiment_file::value::exact::{Exact, ExactSteps};
use crate::experiment_file::value::rules::{choice, whole_number};
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use kl_math::distribution::Number;

/// The keys of a range.
pub(crate) const KEYS: [Key; 4] = [
    Key::new("from", "The first value.", || reference("number")),
    Key::new("to", "The last value.", || reference("number")),
    Key::new("steps", "The number of values.", || whole(2, MAX_STEPS)),
    Key::new("scale", "`linear` for equal differences, `log` for equal ratios.", || words_with_default(&SCALES)),
];

const SCALES: [&str; 2] = ["linear", "log"];

/// The most steps of one range.
const MAX_STEPS: u64 = 1_000_000;

const EXAMPLE: &str = "for example { from = 0.05, to = 0.95, steps = 19 }, with scale = \"log\" for equal ratios";

/// A range of values.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    /// The table as written.
    pub(crate) written: Value,
    pub(crate) steps: u32,
    scale: Scale,
}

#[derive(Clone, Copy, Debug)]
enum Scale {
    Linear(ExactSteps),
    /// `decades` is the power of ten between the ends, if it is a whole number.
    Log {
        from: Exact,
        decades: Option<i32>,
        ends: [f64; 2],
    },
}

/// One value of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// An exact value.
    Exact(Exact),
    /// A rounded value of a range with equal ratios.
    Rounded(f64),
}

impl Range {
    /// Reads a table with the keys `from`, `to`, `steps` and, optionally, `scale`.
    pub(crate) fn read(value: &Value, entries: &[Entry], report: &mut Report) -> Option<Self> {
        let (before, known) = (report.len(), names(&KEYS));
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let help = nearest(&entry.key, &known)
                .map_or_else(|| format!("it has {}", listed(&known)), |near| format!("did you mean `{near}`?"));
            let title = format!("a range has no key `{}`", entry.key);
            report.push(Diagnostic::new(title).at(entry.key_place).help(help));
        }
        let find = |key: &str, report: &mut Report| {
            let found = entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
            if found.is_none() {
                let title = format!("a range needs its key `{key}`");
                report.push(Diagnostic::new(title).at(value.place).help(EXAMPLE).missing_part());
            }
            found
        };
        let from = find("from", report).and_then(|end| read_end(end, "from", report));
        let to = find("to", report).and_then(|end| read_end(end, "to", report));
        let steps = find("steps", report).and_then(|steps| {
            whole_number(steps, "steps", 2, MAX_STEPS, "steps = 19", report).and_then(|steps| u32::try_from(steps).ok())
        });
        let is_log = match entries.iter().find(|entry| entry.key == "scale").map(|entry| &entry.value) {
            None => false,
            Some(scale) => choice(scale, "scale", &SCALES, report)? == 1,
        };
        let ((from, low), (to, high), steps) = (from?, to?, steps?);
        if report.len() > before {
            return None;
        }
        let refused = |title: &str, help: &str| Diagnostic::new(title).at(value.place).help(help);
        if from == to {
            report
                .push(refused("the values of this range are all equal", "choose different values for `from` and `to`"));
            return None;
        }
        let scale = if is_log {
            if !(from.is_positive() && to.is_positive()) {
                let title = "a range with scale = \"log\" needs both ends above 0";
                report.push(refused(title, "raise the lower end, or remove `scale`"));
                return None;
            }
            Scale::Log { from, decades: from.decades_to(to), ends: [low, high] }
        } else {
            match ExactSteps::new(from, to, steps - 1) {
                Some(ladder) => Scale::Linear(ladder),
                None => {
                    let title = "the steps of this range have more digits than exact arithmetic can hold";
                    report.push(refused(title, "give `from` and `to` fewer digits, or write the values as a list"));
                    return None;
                }
            }
        };
        Some(Self { written: value.clone(), steps, scale })
    }

    /// The value of a step, counting from 0.
    pub(crate) fn step(&self, step: u32) -> Step {
        let last = self.steps - 1;
        match self.scale {
            Scale::Linear(ladder) => match ladder.step(step) {
                Some(exact) => Step::Exact(exact),
                None => Step::Rounded(ladder.rounded(step).unwrap_or(f64::NAN)),
            },
            Scale::Log { from, decades, ends: [low, high] } => {
                let decades = decades.map(|decades| i64::from(decades) * i64::from(step));
                let exact = decades
                    .filter(|decades| decades % i64::from(last) == 0)
                    .and_then(|decades| from.shifted(i32::try_from(decades / i64::from(last)).ok()?));
                match exact {
                    Some(exact) => Step::Exact(exact),
                    None if step == 0 => Step::Rounded(low),
                    None if step == last => Step::Rounded(high),
                    None => Step::Rounded(between(low, high, f64::from(step) / f64::from(last))),
                }
            }
        }
    }

    /// The values, each rounded to a double once.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> {
        let value = |step| match self.scale {
            Scale::Linear(ladder) => ladder.rounded(step).unwrap_or(f64::NAN),
            Scale::Log { .. } => self.step(step).to_f64(),
        };
        (0..self.steps).map(move |step| Value::number(self.written.place, value(step)))
    }

    /// Whether the scale is logarithmic; such steps are rounded where whole numbers are needed.
    pub(crate) fn is_log(&self) -> bool {
        matches!(self.scale, Scale::Log { .. })
    }

    /// The table as written, without the default scale.
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut object = serde_json::Map::new();
        if let Form::Table(entries) = &self.written.form {
            for key in names(&KEYS).iter().filter(|&&key| key != "scale" || self.is_log()) {
                if let Some(entry) = entries.iter().find(|entry| entry.key == *key) {
                    object.insert(entry.key.clone(), entry.value.json());
                }
            }
        }
        object.into()
    }
}

impl Step {
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            Self::Exact(exact) => exact.to_f64().unwrap_or(f64::NAN),
            Self::Rounded(value) => value,
        }
    }
}

/// The value at the fraction `share` of a logarithmic scale.
fn between(low: f64, high: f64, share: f64) -> f64 {
    let ratio = high / low;
    if ratio.is_normal() {
        low * libm::pow(ratio, share)
    } else {
        libm::exp(libm::log(low) + share * (libm::log(high) - libm::log(low)))
    }
}

/// Reads an end of the range: the exact value and the nearest double.
fn read_end(value: &Value, key: &str, report: &mut Report) -> Option<(Exact, f64)> {
    let text = match &value.form {
        Form::Number(numeral) => numeral.text.as_deref(),
        Form::Text(text) if Number::fraction(text).is_ok() => Some(text.as_str()),
        _ => None,
    };
    let end = text.and_then(Exact::parse).and_then(|exact| Some((exact, exact.to_f64()?)));
    let end = end.filter(|(_, double)| double.is_finite());
    if end.is_none() {
        let title =
            format!("`{key}` is {}, but must be a number or an exact fraction of at most 38 digits", value.described());
        report.push(Diagnostic::new(title).at(value.place).help(EXAMPLE));
    }
    end
}
