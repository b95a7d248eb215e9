//! `estimators`: names and settings.

use super::program::{self, read_program};
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::{choice, wrong};
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::PlannedEstimator;
use kl_sim::estimator::{ESTIMATORS, EstimatorKind, Setting, Settings};

const EXAMPLE: &str = "write for example: estimators = [\"log_ratio\"]";

/// An estimator and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) estimator: PlannedEstimator,
    /// `None` for the default.
    pub(crate) place: Option<Place>,
}

/// Reads the list.
pub(crate) fn read_estimators(value: &Value, report: &mut Report) -> Vec<Listed> {
    let Form::List(items) = &value.form else {
        report.push(wrong(value, "estimators", "a list of names").help(EXAMPLE));
        return Vec::new();
    };
    if items.is_empty() {
        report.push(Diagnostic::new("`estimators` is an empty list").at(value.place).help(EXAMPLE));
    }
    let mut found: Vec<Listed> = Vec::new();
    for item in items {
        let Some(estimator) = read_estimator(item, report) else { continue };
        if found.iter().any(|other| other.estimator.name() == estimator.name()) {
            let title = format!("the estimator `{}` is listed twice", estimator.name());
            report.push(Diagnostic::new(title).at(item.place).help("remove one of the two"));
        } else {
            found.push(Listed { estimator, place: Some(item.place) });
        }
    }
    found
}

/// A name, or a table with a name and settings.
fn read_estimator(item: &Value, report: &mut Report) -> Option<PlannedEstimator> {
    match &item.form {
        Form::Text(name) => Some((kind(name, item.place, report)?.make)(&Settings::new()).into()),
        Form::Table(entries) if entries.iter().any(|entry| entry.key == "command") => {
            if !entries.iter().any(|entry| entry.key == "name") {
                report.push(Diagnostic::new("an estimator needs a `name`").at(item.place).help(program::example()));
                return None;
            }
            read_program(entries, report).map(PlannedEstimator::Program)
        }
        Form::Table(entries) => {
            let Some(Entry { value, .. }) = entries.iter().find(|entry| entry.key == "name") else {
                report.push(Diagnostic::new("an estimator needs a `name`").at(item.place).help(EXAMPLE));
                return None;
            };
            let Form::Text(name) = &value.form else {
                report.push(wrong(value, "name", "the name of an estimator").help(EXAMPLE));
                return None;
            };
            let kind = kind(name, value.place, report)?;
            let others = entries.iter().filter(|entry| entry.key != "name");
            let settings: Vec<Option<(&'static str, f64)>> =
                others.map(|entry| read_setting(kind, entry, report)).collect();
            Some((kind.make)(&settings.into_iter().collect::<Option<Settings>>()?).into())
        }
        _ => {
            report.push(wrong(item, "estimators", "a list of names").help(EXAMPLE));
            None
        }
    }
}

fn kind(name: &str, place: Place, report: &mut Report) -> Option<&'static EstimatorKind> {
    let found = ESTIMATORS.iter().find(|kind| kind.name == name);
    if found.is_none() {
        let names: Vec<&str> = ESTIMATORS.iter().map(|kind| kind.name).collect();
        let near = nearest(name, &names);
        let help = near
            .map_or_else(|| format!("the estimators are {}", listed(&names)), |near| format!("did you mean {near:?}?"));
        let title = format!("there is no estimator called {name:?}");
        let mistake = Diagnostic::new(title).at(place).help(help);
        let own = || format!("for a program of your own {}", program::example());
        report.push(if near.is_none() { mistake.help(own()) } else { mistake });
    }
    found
}

fn read_setting(kind: &EstimatorKind, entry: &Entry, report: &mut Report) -> Option<(&'static str, f64)> {
    let Some(setting) = kind.settings.iter().find(|setting| setting.name == entry.key) else {
        let names: Vec<&str> = kind.settings.iter().map(|setting| setting.name).collect();
        let help = match names.as_slice() {
            [] => format!("it has no settings: write only {:?}", kind.name),
            names => format!("it has {}", listed(names)),
        };
        let title = format!("the estimator `{}` has no setting `{}`", kind.name, entry.key);
        report.push(Diagnostic::new(title).at(entry.key_place).help(help));
        return None;
    };
    let Setting { name, range: (least, most), is_whole, example } = *setting;
    let value =
        entry.value.as_f64().filter(|value| (least..=most).contains(value) && (!is_whole || value.fract() == 0.0));
    if value.is_none() {
        let kind_of = if is_whole { "a whole number" } else { "a number" };
        let rule = format!("{kind_of} from {least} to {most}");
        report.push(wrong(&entry.value, name, &rule).help(format!("write for example: {example}")));
    }
    value.map(|value| (name, value))
}

/// The index of the estimator that the others are compared with: the one that `reference` names, else the first.
pub(crate) fn read_reference(reference: Option<&Value>, estimators: &[Listed], report: &mut Report) -> usize {
    // If no estimator could be read, the name cannot be checked.
    let Some(value) = reference.filter(|_| !estimators.is_empty()) else { return 0 };
    let names: Vec<&str> = estimators.iter().map(|listed| listed.estimator.name()).collect();
    choice(value, "reference", &names, report).unwrap_or_default()
}
