//! `[grid]` and `[[case]]`: the parameters that vary from condition to condition.

mod axis;
mod cases;
mod label;
mod path;
mod range;

pub(crate) use axis::{Axis, AxisValues, repeated};
pub(crate) use cases::read_cases;
pub(crate) use label::Label;
pub(crate) use path::{Path, dotted, flattened};

use super::diagnostics::{Diagnostic, Report};
use super::value::rules::wrong;
use super::value::{Form, Value};
pub(crate) use range::KEYS as RANGE_KEYS;

use label::{complete, unlabelled};
use range::Range;

const LIST: &str = "write a list such as [0.55, 0.75], or { from = 0.05, to = 0.95, steps = 19 }";

/// Reads `[grid]`.
pub(crate) fn read_grid(value: Value, report: &mut Report) -> Vec<Axis> {
    let Form::Table(entries) = value.form else {
        let help = "write [grid] on a line of its own, and below it \"Q.bernoulli.p\" = [0.55, 0.75]";
        report.push(wrong(&value, "grid", "a table of key paths").help(help));
        return Vec::new();
    };
    if entries.is_empty() {
        let help = "add a parameter to vary, such as \"Q.bernoulli.p\" = [0.55, 0.75], or remove `grid`";
        report.push(Diagnostic::new("the grid is empty").at(value.place).help(help).missing_part());
    }
    let mut axes: Vec<Axis> = Vec::new();
    for (keys, entry) in flattened(entries) {
        let path = match Path::new(keys, entry.key_place) {
            Ok(path) => path,
            Err(diagnostic) => {
                report.push(*diagnostic);
                continue;
            }
        };
        if let Some(conflict) = axes.iter().flat_map(|axis| &axis.paths).find_map(|earlier| path.conflict(earlier)) {
            report.push(conflict);
            continue;
        }
        if let Some((values, labels)) = read_axis_values(&path, entry.value, report) {
            axes.push(Axis { paths: vec![path], values, labels });
        }
    }
    axes
}

fn read_axis_values(path: &Path, value: Value, report: &mut Report) -> Option<(AxisValues, Vec<Label>)> {
    let name = &path.name;
    match value.form {
        Form::List(items) if items.is_empty() => {
            report.push(Diagnostic::new(format!("`{name}` is an empty list")).at(value.place).help(LIST));
            None
        }
        Form::List(items) => {
            let before = report.len();
            let (values, labels): (Vec<Value>, Vec<_>) =
                items.into_iter().filter_map(|item| unlabelled(item, report)).unzip();
            if path.is_length()
                && let Some(label) = labels.iter().flatten().next()
            {
                let help = "write the numbers alone: they are shown as they are";
                report.push(Diagnostic::new("values of `N` have no labels").at(label.place).help(help));
            }
            let places: Vec<_> = values.iter().map(|value| value.place).collect();
            let labels = complete(labels, &places, "value", report).unwrap_or_default();
            let rows = values.into_iter().map(|value| vec![value]).collect();
            (report.len() == before).then_some((AxisValues::Rows(rows), labels))
        }
        Form::Table(ref entries) => Some((AxisValues::Range(Range::read(&value, entries, report)?), Vec::new())),
        _ => {
            report.push(wrong(&value, name, "a list of values or a range").help(LIST));
            None
        }
    }
}
