//! `[grid]` and `[[case]]`: what varies from condition to condition.

use super::diagnostic::{Diagnostic, Place, Report};
use super::keys::{read_length, wrong};
use super::path::{Path, case_leaves, flattened};
use super::range::{Range, Step};
use super::value::{Entry, Form, Value};
use crate::plan::MAX_LENGTH;
use kl_math::distribution::{FamilyEntry, Number};
use std::collections::HashMap;

const LIST: &str = "write a list such as [0.55, 0.75], or { from = 0.05, to = 0.95, steps = 19 }";

/// Something that varies: one path of the grid, or all paths of the cases together.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) paths: Vec<Path>,
    pub(super) spread: Spread,
}

/// The values an axis runs through.
#[derive(Clone, Debug)]
pub(super) enum Spread {
    /// One row for each value; a row has one value for each path.
    Rows(Vec<Vec<Value>>),
    Range(Range),
}

impl Axis {
    /// How many values it has, at no cost.
    pub(super) fn len(&self) -> usize {
        match &self.spread {
            Spread::Rows(rows) => rows.len(),
            Spread::Range(range) => range.steps as usize,
        }
    }

    /// The values of an axis that is not N, a row for each; of too many, the first.
    pub(super) fn rows(&self, most: usize) -> Vec<Vec<Value>> {
        match &self.spread {
            Spread::Rows(rows) => rows.iter().take(most).cloned().collect(),
            Spread::Range(range) => range.values().take(most).map(|value| vec![value]).collect(),
        }
    }

    /// The place of N among the paths.
    pub(super) fn length_column(&self) -> Option<usize> {
        self.paths.iter().position(Path::is_length)
    }

    /// The lengths that it sets, with the places they stand at.
    pub(super) fn lengths(&self, column: usize, report: &mut Report) -> Vec<(u64, Place)> {
        match &self.spread {
            Spread::Rows(rows) => rows
                .iter()
                .filter_map(|row| row.get(column))
                .filter_map(|value| Some((read_length(value, report)?, value.place)))
                .collect(),
            Spread::Range(range) => {
                let place = range.written.place;
                let lengths = (0..range.steps).map_while(|step| match whole(range.step(step), range.is_log()) {
                    Ok(length) => Some((length, place)),
                    Err(value) => {
                        let title = format!("a step of this range is {value}, and `N` is a whole number from 1 to 1e12");
                        let help = "choose `from`, `to` and `steps` so that each step is whole, or scale = \"log\", which rounds";
                        report.push(Diagnostic::new(title).at(place).help(help));
                        None
                    }
                });
                lengths.collect()
            }
        }
    }

    /// Reports values that stand twice; `rows` are the axis's own.
    pub(super) fn report_repeats(&self, rows: &[Vec<Value>], report: &mut Report) {
        if let Spread::Range(range) = &self.spread {
            // It only rises or only falls: what is equal stands side by side.
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

    /// As the manifest has it.
    pub(super) fn json(&self) -> serde_json::Value {
        match &self.spread {
            Spread::Rows(rows) => rows.iter().flatten().map(Value::json).collect(),
            Spread::Range(range) => range.json(),
        }
    }
}

/// "the grid has … twice".
pub(super) fn repeated(axis: &Axis, value: &str, place: Place, earlier: Place) -> Diagnostic {
    let name = axis.paths.first().map_or("", |path| &path.name);
    let title = match axis.paths.len() {
        1 => format!("`{name}` takes the value {value} twice"),
        _ => "two cases set everything to the same values".into(),
    };
    let diagnostic = Diagnostic::new(title).at(place);
    if place == earlier {
        diagnostic.help("take fewer steps, or ends further apart")
    } else {
        diagnostic.context(earlier, "first here").help("remove one of the two")
    }
}

/// Equal for equal values, however they are spelt: 0.5, 5e-1 and "1/2".
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

/// A step as a length; what it is instead if it is none.
fn whole(step: Step, rounds: bool) -> Result<u64, f64> {
    let value = step.to_f64();
    let exact = match step {
        Step::Exact(exact) => exact.whole().and_then(|whole| u64::try_from(whole).ok()),
        Step::Rounded(_) => None,
    };
    let rounded = (rounds && (0.5..=1e15).contains(&value)).then(|| value.round() as u64);
    exact.or(rounded).filter(|length| (1..=MAX_LENGTH).contains(length)).ok_or(value)
}

/// Reads `[grid]`.
pub(super) fn read_grid(value: Value, report: &mut Report) -> Vec<Axis> {
    let Form::Table(entries) = value.form else {
        let help = "write [grid] on a line, and below it \"Q.bernoulli.p\" = [0.55, 0.75]";
        report.push(wrong(&value, "grid", "a table of key paths").help(help));
        return Vec::new();
    };
    if entries.is_empty() {
        let help = "name what varies, such as \"Q.bernoulli.p\" = [0.55, 0.75], or leave `grid` out";
        report.push(Diagnostic::new("the grid is empty").at(value.place).help(help).of_absence());
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
        if let Some(clash) = axes.iter().flat_map(|axis| &axis.paths).find_map(|earlier| path.clash(earlier)) {
            report.push(clash);
            continue;
        }
        if let Some(spread) = read_spread(&path.name, entry.value, report) {
            axes.push(Axis { paths: vec![path], spread });
        }
    }
    axes
}

fn read_spread(name: &str, value: Value, report: &mut Report) -> Option<Spread> {
    match value.form {
        Form::List(items) if items.is_empty() => {
            report.push(Diagnostic::new(format!("`{name}` has an empty list of values")).at(value.place).help(LIST));
            None
        }
        Form::List(items) => Some(Spread::Rows(items.into_iter().map(|item| vec![item]).collect())),
        Form::Table(ref entries) => Range::read(&value, entries, report).map(Spread::Range),
        _ => {
            report.push(wrong(&value, name, "a list of values or a range").help(LIST));
            None
        }
    }
}

/// Reads the `[[case]]` tables: one axis that sets several paths together.
pub(super) fn read_cases(value: Value, report: &mut Report) -> Option<Axis> {
    const EXAMPLE: &str = "write [[case]] on a line for each case, and below it P.bernoulli.p = 0.5, say";
    let whole = value.place;
    let cases = match value.form {
        Form::List(cases) if !cases.is_empty() => cases,
        Form::List(_) => {
            report.push(Diagnostic::new("there is no case in `case`").at(whole).help(EXAMPLE).of_absence());
            return None;
        }
        _ => {
            report.push(wrong(&value, "case", "a list of tables").help(EXAMPLE));
            return None;
        }
    };
    let before = report.len();
    let whole_sides: Vec<&str> = ["P", "Q"].into_iter().filter(|side| varies_in_family(&cases, side)).collect();
    let mut tables = Vec::with_capacity(cases.len());
    for case in cases {
        let place = case.place;
        let Form::Table(entries) = case.form else {
            report.push(wrong(&case, "case", "a list of tables").help(EXAMPLE));
            continue;
        };
        tables.push((place, read_case(entries, &whole_sides, report)));
    }
    let paths: Vec<Path> = tables.first().map(|(_, set)| set.iter().map(|(path, _)| path.clone()).collect())?;
    let mut rows = Vec::with_capacity(tables.len());
    for (index, (place, mut set)) in tables.into_iter().enumerate() {
        let mut row = Vec::with_capacity(paths.len());
        for path in &paths {
            match set.iter().position(|(other, _)| other.name == path.name) {
                Some(found) => row.push(set.swap_remove(found).1),
                None => report.push(
                    Diagnostic::new(format!("case {} does not set `{}`, and case 1 does", index + 1, path.name))
                        .at(place)
                        .context(path.place, "set in case 1")
                        .help("let every case set the same keys")
                        .of_absence(),
                ),
            }
        }
        for (path, _) in set {
            report.push(
                Diagnostic::new(format!("case {} sets `{}`, and case 1 does not", index + 1, path.name))
                    .at(path.place)
                    .help("let every case set the same keys"),
            );
        }
        rows.push(row);
    }
    if paths.is_empty() && report.len() == before {
        report.push(Diagnostic::new("a case sets nothing").at(whole).help(EXAMPLE).of_absence());
    }
    (report.len() == before).then_some(Axis { paths, spread: Spread::Rows(rows) })
}

/// Whether cases set this side to distributions of different families: each is then one value.
fn varies_in_family(cases: &[Value], side: &str) -> bool {
    let mut families =
        cases.iter().flat_map(|case| case.entries().iter().filter(|entry| entry.key == side)).map(|entry| match &entry
            .value
            .form
        {
            Form::Table(families) => families.iter().map(|family| family.key.as_str()).collect::<Vec<_>>(),
            _ => vec!["categorical"],
        });
    let first = families.next();
    let is_known = |names: &Vec<&str>| matches!(names.as_slice(), [name] if FamilyEntry::named(name).is_some());
    first.is_some_and(|first| is_known(&first) && families.any(|other| other != first && is_known(&other)))
}

/// The paths that one case sets.
fn read_case(entries: Vec<Entry>, whole_sides: &[&str], report: &mut Report) -> Vec<(Path, Value)> {
    let mut set: Vec<(Path, Value)> = Vec::new();
    for (keys, entry) in case_leaves(entries, whole_sides) {
        let path = match Path::new(keys, entry.key_place) {
            Ok(path) => path,
            Err(diagnostic) => {
                report.push(*diagnostic);
                continue;
            }
        };
        if let Some(clash) = set.iter().find_map(|(earlier, _)| path.clash(earlier)) {
            report.push(clash);
        } else if path.is_length() && matches!(entry.value.form, Form::List(_)) {
            let title = "in a case `N` is one number, and this is a list";
            let help = "to cross it with the cases, write N = […] above the first [[case]]";
            report.push(Diagnostic::new(title).at(entry.value.place).help(help));
        } else {
            set.push((path, entry.value));
        }
    }
    set
}
