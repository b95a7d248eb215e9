//! P and Q at every point of the grid.

use super::diagnostic::{Diagnostic, Place, Report};
use super::grid::Axis;
use super::path::Path;
use super::value::{Entry, Form, Value};
use super::words::{fraction_help, parameter_help};
use kl_math::distribution::{Distribution, FamilyEntry, Fault, Number, Parameter, ParameterError, Step};
use std::collections::HashMap;
use std::sync::Arc;

/// Every distribution that P or Q takes.
///
/// It depends on some of the axes; `members` runs through the points of those alone.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// For each axis by how much a step along it moves through `members`; 0 for one it does not depend on.
    strides: Vec<usize>,
    members: Vec<Option<(Arc<Distribution>, Place)>>,
}

impl Side {
    /// Reads them all and reports their faults.
    pub(super) fn read(
        side: &str,
        written: Option<&Value>,
        axes: &[&Axis],
        rows: &[Vec<Vec<Value>>],
        report: &mut Report,
    ) -> Self {
        let columns: Vec<(usize, usize, &Path)> = axes
            .iter()
            .enumerate()
            .flat_map(|(axis, all)| all.paths.iter().enumerate().map(move |(column, path)| (axis, column, path)))
            .filter(|(_, _, path)| path.side() == side)
            .collect();
        let mut strides = vec![0; axes.len()];
        let mut count = 1;
        for (axis, rows) in rows.iter().enumerate().rev() {
            if columns.iter().any(|column| column.0 == axis) {
                strides[axis] = count;
                count *= rows.len();
            }
        }
        let base = fixed(written, columns.iter().map(|column| column.2));
        if base.is_none() && columns.is_empty() {
            return Self { strides, members: vec![None] };
        }
        // Several cases may well have one P: it is then one allocation. Grid values all differ.
        let may_repeat = columns.iter().any(|column| axes[column.0].paths.len() > 1);
        let mut known: HashMap<String, Option<(Arc<Distribution>, Place)>> = HashMap::new();
        // What is missing where nothing but the grid says anything is missing once, beside the key.
        let is_pieced = base.is_none() && columns.iter().all(|column| column.2.keys.len() > 2);
        let absent = columns.first().map(|column| column.2.place).filter(|_| is_pieced);
        let members = (0..count)
            .map(|point| {
                let mut value = base.clone();
                for &(axis, column, path) in &columns {
                    let row = point / strides[axis] % rows[axis].len();
                    value = Some(inserted(value, path.keys.get(1..).unwrap_or_default(), &rows[axis][row][column]));
                }
                let value = meant(value?);
                if may_repeat {
                    known.entry(value.toml()).or_insert_with(|| read_side(&value, absent, report)).clone()
                } else {
                    read_side(&value, absent, report)
                }
            })
            .collect();
        Self { strides, members }
    }

    /// How many there are, and how many symbols the largest alphabet has, or of a chain how many pairs of states.
    pub(super) fn extent(&self) -> (usize, usize) {
        let size = |distribution: &Distribution| match distribution.masses().alphabet().size() {
            symbols if distribution.chain().is_some() => symbols * symbols,
            symbols => symbols,
        };
        let known = self.members.iter().flatten();
        (self.members.len(), known.map(|(distribution, _)| size(distribution)).max().unwrap_or_default())
    }

    /// The one at a point, and the place it is written at.
    pub(super) fn at(&self, digits: &[usize]) -> Option<&(Arc<Distribution>, Place)> {
        let point: usize = self.strides.iter().zip(digits).map(|(stride, digit)| stride * digit).sum();
        self.members.get(point)?.as_ref()
    }
}

/// What is written for P or Q, without what the paths set anyway.
pub(super) fn fixed<'a>(written: Option<&Value>, paths: impl Iterator<Item = &'a Path>) -> Option<Value> {
    paths.fold(written.cloned().map(meant), |value, path| without(value?, path.keys.get(1..).unwrap_or_default()))
}

/// `[0.5, 0.5]` is short for `{ categorical = [0.5, 0.5] }`.
pub(super) fn meant(value: Value) -> Value {
    match value.form {
        Form::List(_) => {
            let place = value.place;
            Value::new(place, Form::Table(vec![Entry { key: "categorical".into(), key_place: place, value }]))
        }
        _ => value,
    }
}

fn without(mut value: Value, keys: &[String]) -> Option<Value> {
    let (first, rest) = keys.split_first()?;
    if let Form::Table(entries) = &mut value.form
        && let Some(found) = entries.iter().position(|entry| entry.key == *first)
    {
        let entry = entries.remove(found);
        if let Some(left) = without(entry.value, rest) {
            entries.insert(found, Entry { key: entry.key, key_place: entry.key_place, value: left });
        }
        if entries.is_empty() {
            return None;
        }
    }
    Some(value)
}

/// Sets a path; what is no table on the way stays, for the reading to complain of.
fn inserted(base: Option<Value>, keys: &[String], value: &Value) -> Value {
    let Some((first, rest)) = keys.split_first() else { return value.clone() };
    let mut base = base.unwrap_or_else(|| Value::new(value.place, Form::Table(Vec::new())));
    if let Form::Table(entries) = &mut base.form {
        let found = entries.iter().position(|entry| entry.key == *first).map(|found| entries.remove(found).value);
        let value = inserted(found, rest, value);
        entries.push(Entry { key: first.clone(), key_place: value.place, value });
    }
    base
}

/// The distribution, and the place of what stands under its family.
pub(super) fn read_distribution(value: &Value, report: &mut Report) -> Option<(Arc<Distribution>, Place)> {
    read_side(value, None, report)
}

/// The same; what it lacks is said to be missing at `absent`, if that is a place.
fn read_side(value: &Value, absent: Option<Place>, report: &mut Report) -> Option<(Arc<Distribution>, Place)> {
    let before = report.len();
    let parameter = parameter(value, report);
    match Distribution::read(&parameter) {
        Ok(distribution) if report.len() == before => {
            let place = value.entries().first().map_or(value.place, |family| family.value.place);
            Some((Arc::new(distribution), place))
        }
        Ok(_) => None,
        Err(errors) => {
            for error in errors {
                let diagnostic = explained(&error, value);
                match error.fault {
                    // Several may be missing at one place.
                    Fault::MissingKey { .. } | Fault::Either { .. } => report.push(match absent {
                        Some(place) => diagnostic.at(place),
                        None => diagnostic,
                    }),
                    _ => report.push_first(diagnostic),
                }
            }
            None
        }
    }
}

/// The value free of syntax and places.
fn parameter(value: &Value, report: &mut Report) -> Parameter {
    match &value.form {
        Form::Number(numeral) => {
            let digits = numeral.text.as_deref().and_then(|text| text.split(['e', 'E']).next()).unwrap_or_default();
            let beyond = match numeral.value {
                f64::INFINITY | f64::NEG_INFINITY if digits.contains(|c: char| c.is_ascii_digit()) => {
                    Some(("too large: numbers go up to 1.8e308", "write a smaller number"))
                }
                0.0 if digits.contains(|c| matches!(c, '1'..='9')) => {
                    Some(("too small: between 0 and 5e-324 there is no number here", "write a larger number, or 0"))
                }
                _ => None,
            };
            if let Some((reason, help)) = beyond {
                report.push_first(
                    Diagnostic::new(format!("{} is {reason}", value.described())).at(value.place).help(help),
                );
            }
            Parameter::Number(Number::new(numeral.value))
        }
        Form::Text(text) if text.contains('/') => match Number::fraction(text) {
            Ok(number) => Parameter::Number(number),
            Err(error) => {
                let help = fraction_help(&error);
                report
                    .push_first(Diagnostic::new(format!("{text:?} is no number: {error}")).at(value.place).help(help));
                Parameter::Text(text.clone())
            }
        },
        Form::Text(text) | Form::Other(text) => Parameter::Text(text.clone()),
        Form::List(items) => Parameter::List(items.iter().map(|item| parameter(item, report)).collect()),
        Form::Table(entries) => {
            Parameter::Table(entries.iter().map(|entry| (entry.key.clone(), parameter(&entry.value, report))).collect())
        }
    }
}

/// The fault at its place in the file.
fn explained(error: &ParameterError, root: &Value) -> Diagnostic {
    let (value, key_place) = located(root, &error.path);
    let family = match error.path.first() {
        Some(Step::Key(name)) => FamilyEntry::named(name),
        _ => None,
    };
    let is_about_key = matches!(
        error.fault,
        Fault::UnknownKey { .. }
            | Fault::UnknownFamily { .. }
            | Fault::DuplicateSymbol { .. }
            | Fault::NamelessSymbol
            | Fault::Both { .. }
    );
    let place = key_place.filter(|_| is_about_key).unwrap_or(value.place);
    let mut diagnostic = Diagnostic::new(error.fault.to_string()).at(place);
    if let Fault::FamilyCount { .. } = error.fault
        && let [first, .., last] = value.entries()
    {
        diagnostic = diagnostic.at(last.key_place).context(first.key_place, "one family is here");
    }
    if let (Fault::Both { one, .. }, [path @ .., _]) = (&error.fault, error.path.as_slice())
        && let Some(earlier) = located(root, path).0.entries().iter().find(|entry| entry.key == *one)
    {
        diagnostic = diagnostic.context(earlier.key_place, "set here");
    }
    let should_stand = |what: &dyn std::fmt::Display| format!("{} where {what} should stand", value.described());
    match &error.fault {
        Fault::WrongKind { expected, .. } => diagnostic.title = should_stand(expected),
        Fault::NotANumber { domain, .. } => diagnostic.title = should_stand(domain),
        _ => (),
    }
    let unquoted = match (&error.fault, &value.form) {
        (Fault::NotANumber { .. }, Form::Text(text)) if text.parse().is_ok_and(f64::is_finite) => Some(text),
        _ => None,
    };
    diagnostic.help.extend(match unquoted {
        Some(text) => Some(format!("write it without quotes: {text}")),
        None => parameter_help(&error.fault, family),
    });
    diagnostic.of_absence = match error.fault {
        Fault::MissingKey { .. } | Fault::Either { .. } | Fault::FamilyCount { .. } => true,
        // A line of a table may be the broken one; a broken list is seen to be.
        Fault::WeightSum { .. } | Fault::AlphabetSize { .. } => matches!(value.form, Form::Table(_)),
        _ => false,
    };
    diagnostic
}

/// The value at the end of a path, as far as there is one, and the place of its key.
fn located<'a>(root: &'a Value, path: &[Step]) -> (&'a Value, Option<Place>) {
    path.iter().fold((root, None), |(value, key_place), step| match (step, &value.form) {
        (Step::Key(key), Form::Table(entries)) => entries
            .iter()
            .find(|entry| entry.key == *key)
            .map_or((value, key_place), |entry| (&entry.value, Some(entry.key_place))),
        (Step::Index(index), Form::List(items)) => {
            items.get(*index).map_or((value, key_place), |item| (item, Some(item.place)))
        }
        _ => (value, key_place),
    })
}
