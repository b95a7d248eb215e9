//! An axis of the grid and its values.

use super::label::Label;
use super::path::Path;
use super::range::{Range, Step};
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::read_length;
use crate::experiment_file::value::{Form, Value};
use crate::plan::MAX_LENGTH;
use kl_math::distribution::Number;
use serde_json::json;
use std::collections::HashMap;

/// An axis: one path of the grid, or all paths of the cases together.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    pub(crate) paths: Vec<Path>,
    pub(crate) values: AxisValues,
    /// A label for each value, or none.
    pub(crate) labels: Vec<Label>,
}

/// The values of an axis.
#[derive(Clone, Debug)]
pub(crate) enum AxisValues {
    /// One row for each value; a row has one value for each path.
    Rows(Vec<Vec<Value>>),
    Range(Range),
}

impl Axis {
    /// The number of values.
    pub(crate) fn len(&self) -> usize {
        match &self.values {
            AxisValues::Rows(rows) => rows.len(),
            AxisValues::Range(range) => range.steps as usize,
        }
    }

    /// The first `most` values of an axis other than N, a row for each.
    pub(crate) fn rows(&self, most: usize) -> Vec<Vec<Value>> {
        match &self.values {
            AxisValues::Rows(rows) => rows.iter().take(most).cloned().collect(),
            AxisValues::Range(range) => range.values().take(most).map(|value| vec![value]).collect(),
        }
    }

    /// The index of N among the paths.
    pub(crate) fn length_column(&self) -> Option<usize> {
        self.paths.iter().position(Path::is_length)
    }

    /// The lengths that the axis sets, with their places.
    pub(crate) fn lengths(&self, column: usize, report: &mut Report) -> Vec<(u64, Place)> {
        match &self.values {
            AxisValues::Rows(rows) => rows
                .iter()
                .filter_map(|row| row.get(column))
                .filter_map(|value| Some((read_length(value, report)?, value.place)))
                .collect(),
            AxisValues::Range(range) => {
                let place = range.written.place;
                let lengths = (0..range.steps).map_while(|step| match whole(range.step(step), range.is_log()) {
                    Ok(length) => Some((length, place)),
                    Err(value) => {
                        let title = format!("a step of this range is {value}, but `N` must be a whole number from 1 to 1e12");
                        let help = "choose `from`, `to` and `steps` so that each step is a whole number, or use scale = \"log\", which rounds";
                        report.push(Diagnostic::new(title).at(place).help(help));
                        None
                    }
                });
                lengths.collect()
            }
        }
    }

    /// Reports values that are given twice; `rows` are those of the axis.
    pub(crate) fn report_repeats(&self, rows: &[Vec<Value>], report: &mut Report) {
        if let AxisValues::Range(range) = &self.values {
            // The values of a range are monotone: equal ones are adjacent.
            let number = |row: &[Value]| row.first().and_then(Value::as_f64);
            if let Some([row, ..]) = rows.windows(2).find(|pair| number(&pair[0]) == number(&pair[1])) {
                let (value, place) = (row.iter().map(Value::shown).collect::<String>(), range.written.place);
                report.push(repeated(self, &value, place, place));
            }
            return;
        }
        let mut seen: HashMap<String, Place> = HashMap::new();
        for row in rows {
            let Some(first) = row.first() else { continue };
            if let Some(earlier) = seen.insert(row.iter().map(identity).collect(), first.place) {
                report.push(repeated(self, &first.shown(), first.place, earlier));
            }
        }
    }

    /// The values as in the manifest.
    pub(crate) fn json(&self) -> serde_json::Value {
        match &self.values {
            AxisValues::Rows(rows) if self.labels.is_empty() => rows.iter().flatten().map(Value::json).collect(),
            AxisValues::Rows(rows) => {
                let labelled = |(value, label): (&Value, &Label)| json!({ "label": label.text, "value": value.json() });
                rows.iter().flatten().zip(&self.labels).map(labelled).collect()
            }
            AxisValues::Range(range) => range.json(),
        }
    }
}

/// The mistake of a value that is given twice.
pub(crate) fn repeated(axis: &Axis, value: &str, place: Place, earlier: Place) -> Diagnostic {
    let name = axis.paths.first().map_or("", |path| &path.name);
    let title = match axis.paths.len() {
        1 => format!("`{name}` has the value {value} twice"),
        _ => "two cases set the same values".into(),
    };
    let diagnostic = Diagnostic::new(title).at(place);
    if place == earlier {
        diagnostic.help("use fewer steps, or ends that are further apart")
    } else {
        diagnostic.context(earlier, "first here").help("remove one of the two")
    }
}

/// A text that is the same for equal values, such as 0.5, 5e-1 and "1/2".
fn identity(value: &Value) -> String {
    let number = match &value.form {
        Form::Number(numeral) => Some(numeral.value.into()),
        Form::Text(text) => Number::fraction(text).ok().map(|number| number.value()),
        _ => None,
    };
    match number {
        Some(number) => format!("{:?} + {:?}; ", number.to_f64() + 0.0, number.remainder() + 0.0),
        None => format!("{}; ", value.toml()),
    }
}

/// Converts a step to a length; an error is the value of a step that is not a length.
fn whole(step: Step, rounds: bool) -> Result<u64, f64> {
    let value = step.to_f64();
    let exact = match step {
        Step::Exact(exact) => exact.whole().and_then(|whole| u64::try_from(whole).ok()),
        Step::Rounded(_) => None,
    };
    let rounded = (rounds && (0.5..=1e15).contains(&value)).then(|| value.round() as u64);
    exact.or(rounded).filter(|length| (1..=MAX_LENGTH).contains(length)).ok_or(value)
}
