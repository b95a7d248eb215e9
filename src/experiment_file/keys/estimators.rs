//! `estimators`: names and settings.

use super::built_in::{read_named, read_table};
use super::program::{self, read_function, read_program};
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::{choice, wrong};
use crate::experiment_file::value::{Form, Value};
use crate::plan::PlannedEstimator;
use crate::programs::Function;
use kl_sim::estimator::split_component;
use std::sync::Arc;

const EXAMPLE: &str = "write for example: estimators = [\"log_ratio\"]";

/// An estimator and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) estimator: PlannedEstimator,
    /// `None` for the default.
    pub(crate) place: Option<Place>,
}

/// Reads the list, which may be empty where functions are added to it.
pub(crate) fn read_estimators(value: &Value, may_be_empty: bool, report: &mut Report) -> Vec<Listed> {
    let Form::List(items) = &value.form else {
        report.push(wrong(value, "estimators", "a list of names").help(EXAMPLE));
        return Vec::new();
    };
    if items.is_empty() && !may_be_empty {
        report.push(Diagnostic::new("`estimators` is an empty list").at(value.place).help(EXAMPLE));
    }
    let mut found: Vec<Listed> = Vec::new();
    for item in items {
        if let Some(estimator) = read_estimator(item, report) {
            add(&mut found, estimator, item.place, report);
        }
    }
    found
}

/// Adds an estimator, unless its name is taken.
fn add(listed: &mut Vec<Listed>, estimator: PlannedEstimator, place: Place, report: &mut Report) {
    if listed.iter().any(|other| other.estimator.name() == estimator.name()) {
        let title = format!("the estimator `{}` is listed twice", estimator.name());
        report.push(Diagnostic::new(title).at(place).help("remove one of the two"));
    } else {
        listed.push(Listed { estimator, place: Some(place) });
    }
}

/// Adds a function of the program that reads the experiment, with its settings as a table.
pub(crate) fn add_function(
    listed: &mut Vec<Listed>,
    settings: &Value,
    function: &Arc<dyn Function>,
    report: &mut Report,
) {
    let Form::Table(entries) = &settings.form else {
        report.push(wrong(settings, "estimators", "a table of settings").help("write { name = \"mine\" }"));
        return;
    };
    if let Some(program) = read_function(entries, function, report) {
        add(listed, PlannedEstimator::Program(program), settings.place, report);
    }
}

/// A name, or a table with a name and settings.
fn read_estimator(item: &Value, report: &mut Report) -> Option<PlannedEstimator> {
    match &item.form {
        Form::Text(name) => read_named(name, item.place, report).map(Into::into),
        Form::Table(entries) if entries.iter().any(|entry| entry.key == "command") => {
            if !entries.iter().any(|entry| entry.key == "name") {
                report.push(Diagnostic::new("an estimator needs a `name`").at(item.place).help(program::example()));
                return None;
            }
            read_program(entries, report).map(PlannedEstimator::Program)
        }
        Form::Table(entries) if entries.iter().any(|entry| entry.key == "function") => {
            let title = "an estimator of a file cannot be a function";
            let help = "give the function to kl_runner.run(…, estimators={…}) in Python, or a program: command = [\"python3\", \"mine.py\"]";
            report.push(Diagnostic::new(title).at(item.place).help(help));
            None
        }
        Form::Table(entries) => read_table(item.place, entries, EXAMPLE, report).map(Into::into),
        _ => {
            report.push(wrong(item, "estimators", "a list of names").help(EXAMPLE));
            None
        }
    }
}

/// The index of the estimator that the others are compared with: the one that `reference` names, else the first.
pub(crate) fn read_reference(reference: Option<&Value>, estimators: &[Listed], report: &mut Report) -> usize {
    // If no estimator could be read, the name cannot be checked.
    let Some(value) = reference.filter(|_| !estimators.is_empty()) else { return 0 };
    // All components of a gradient have the same one.
    let all = || estimators.iter().map(|listed| split_component(listed.estimator.name()).0);
    let mut names: Vec<&str> = all().collect();
    names.dedup();
    let chosen = choice(value, "reference", &names, report).and_then(|place| names.get(place).copied());
    chosen.and_then(|chosen| all().position(|name| name == chosen)).unwrap_or_default()
}
