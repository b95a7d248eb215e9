//! Reads a distribution from a value and reports the faults of its parameters.

use super::column_file::{self, Files};
use super::diagnostics::{Diagnostic, Place, Report};
use super::value::{Entry, Form, Value};
use super::words::{fraction_help, parameter_help};
use kl_math::distribution::{
    Distribution, FamilyEntry, Fault, Form as ParameterForm, Number, Parameter, ParameterError, Step,
};
use std::sync::Arc;

/// Expands the short form `[0.5, 0.5]` to `{ categorical = [0.5, 0.5] }`.
pub(super) fn with_family(value: Value) -> Value {
    match value.form {
        Form::List(_) => {
            let place = value.place;
            Value::new(place, Form::Table(vec![Entry { key: "categorical".into(), key_place: place, value }]))
        }
        _ => value,
    }
}

/// Turns a list of components into a table whose keys count from 1, for paths such as `mixture.2.normal.mean`.
pub(super) fn with_numbers(value: &mut Value) {
    if let Form::List(items) = &mut value.form {
        let entries = std::mem::take(items).into_iter().zip(1..);
        let entry =
            |(item, number): (Value, usize)| Entry { key: number.to_string(), key_place: item.place, value: item };
        value.form = Form::Table(entries.map(entry).collect());
    }
}

/// Whether a family is one of components.
pub(super) fn has_components(family: &str) -> bool {
    let first = FamilyEntry::named(family).and_then(|family| family.parameters.first());
    first.is_some_and(|first| first.form == ParameterForm::Component)
}

/// Reads a distribution; returns it with the place of its parameters.
pub(super) fn read_distribution(
    value: &Value,
    files: &Files,
    report: &mut Report,
) -> Option<(Arc<Distribution>, Place)> {
    read_side(value, None, files, report)
}

/// Reads a distribution; missing parameters are reported at `absent`, if given.
pub(super) fn read_side(
    value: &Value,
    absent: Option<Place>,
    files: &Files,
    report: &mut Report,
) -> Option<(Arc<Distribution>, Place)> {
    if let Some(file) = column_file::written(value) {
        return column_file::read(file, files, report);
    }
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

/// Converts a value to a parameter, which has no places.
fn parameter(value: &Value, report: &mut Report) -> Parameter {
    match &value.form {
        Form::Number(numeral) => {
            let digits = numeral.text.as_deref().and_then(|text| text.split(['e', 'E']).next()).unwrap_or_default();
            let beyond = match numeral.value {
                f64::INFINITY | f64::NEG_INFINITY if digits.contains(|c: char| c.is_ascii_digit()) => {
                    Some(("too large: numbers go up to 1.8e308", "write a smaller number"))
                }
                0.0 if digits.contains(|c| matches!(c, '1'..='9')) => {
                    Some(("too small: the smallest number above 0 is 5e-324", "write a larger number, or 0"))
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
                report.push_first(
                    Diagnostic::new(format!("{text:?} is not a number: {error}")).at(value.place).help(help),
                );
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

/// Makes a diagnostic of a fault, at its place in the file.
fn explained(error: &ParameterError, root: &Value) -> Diagnostic {
    let family = match error.path.first() {
        Some(Step::Key(name)) => FamilyEntry::named(name),
        _ => None,
    };
    let (value, key_place) = located(root, &error.path);
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
        diagnostic = diagnostic.at(last.key_place).context(first.key_place, "one family");
    }
    if let (Fault::Both { one, .. }, [path @ .., _]) = (&error.fault, error.path.as_slice())
        && let Some(earlier) = located(root, path).0.entries().iter().find(|entry| entry.key == *one)
    {
        diagnostic = diagnostic.context(earlier.key_place, "set here");
    }
    let expected = |what: &dyn std::fmt::Display| format!("expected {what}, found {}", value.described());
    match &error.fault {
        Fault::WrongKind { expected: kind, .. } => diagnostic.title = expected(kind),
        Fault::NotANumber { domain, .. } => diagnostic.title = expected(domain),
        _ => (),
    }
    let unquoted = match (&error.fault, &value.form) {
        (Fault::NotANumber { .. }, Form::Text(text)) if text.parse().is_ok_and(f64::is_finite) => Some(text),
        _ => None,
    };
    diagnostic.help.extend(match unquoted {
        Some(text) => Some(format!("write it without quotes: {text}")),
        None => symbols_help(&error.fault, value).or_else(|| parameter_help(&error.fault, family)),
    });
    diagnostic.missing_part = match error.fault {
        Fault::MissingKey { .. } | Fault::Either { .. } | Fault::FamilyCount { .. } => true,
        // The missing part may be on a line with broken syntax, unless it is a list.
        Fault::WeightSum { .. } | Fault::AlphabetSize { .. } => matches!(value.form, Form::Table(_)),
        _ => false,
    };
    diagnostic
}

/// What to write where a table has names of symbols and none of a family.
fn symbols_help(fault: &Fault, value: &Value) -> Option<String> {
    let first = value.entries().first().filter(|_| matches!(fault, Fault::FamilyCount { .. }))?;
    let names_symbols = value.entries().iter().all(|entry| FamilyEntry::named(&entry.key).is_none());
    names_symbols.then(|| format!("for named symbols write categorical = {{ {} = …, … }}", first.key))
}

/// Follows a path as far as it goes; returns the value there and the place of its key.
fn located<'a>(root: &'a Value, path: &[Step]) -> (&'a Value, Option<Place>) {
    path.iter().fold((root, None), |(value, key_place), step| match (step, &value.form) {
        (Step::Key(key), Form::Table(entries)) => entries
            .iter()
            .find(|entry| entry.key == *key)
            .map_or((value, key_place), |entry| (&entry.value, Some(entry.key_place))),
        (Step::Key(key), Form::List(items)) => {
            let item = key.parse::<usize>().ok().and_then(|number| items.get(number.checked_sub(1)?));
            item.map_or((value, key_place), |item| (item, Some(item.place)))
        }
        (Step::Index(index), Form::List(items)) => {
            items.get(*index).map_or((value, key_place), |item| (item, Some(item.place)))
        }
        _ => (value, key_place),
    })
}
