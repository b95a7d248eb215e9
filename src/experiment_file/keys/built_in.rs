//! A built-in estimator: its name, or a table with its name and settings.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value, number_json};
use crate::experiment_file::words::{listed, nearest};
use crate::programs::Program;
use kl_sim::estimator::{ESTIMATORS, Estimator, EstimatorKind, Setting, Settings};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// Keys by which a program says what its estimates are to be.
const CLAIMS: [&str; 3] = ["expected", "same_as", "tolerance"];

/// Reads an estimator that is given by its name alone.
pub(super) fn read_named(name: &str, place: Place, report: &mut Report) -> Option<Arc<dyn Estimator>> {
    Some((kind(name, place, report)?.make)(&Settings::new()))
}

/// Reads a table with a name and settings.
pub(super) fn read_table(
    place: Place,
    entries: &[Entry],
    example: &str,
    report: &mut Report,
) -> Option<Arc<dyn Estimator>> {
    let Some(Entry { value, .. }) = entries.iter().find(|entry| entry.key == "name") else {
        report.push(Diagnostic::new("an estimator needs a `name`").at(place).help(example));
        return None;
    };
    let Form::Text(name) = &value.form else {
        report.push(wrong(value, "name", "the name of an estimator").help(example));
        return None;
    };
    let kind = kind(name, value.place, report)?;
    let others = entries.iter().filter(|entry| entry.key != "name");
    let settings: Vec<Option<(&'static str, f64)>> = others.map(|entry| read_setting(kind, entry, report)).collect();
    Some((kind.make)(&settings.into_iter().collect::<Option<Settings>>()?))
}

/// Reads the built-in estimator that `key` of a program names.
pub(super) fn read_reference(value: &Value, key: &str, report: &mut Report) -> Option<Arc<dyn Estimator>> {
    let example = format!("write for example: {key} = \"k3\"");
    match &value.form {
        Form::Text(name) => read_named(name, value.place, report),
        Form::Table(entries) => read_table(value.place, entries, &example, report),
        _ => {
            report.push(wrong(value, key, "the name of a built-in estimator").help(example));
            None
        }
    }
}

/// The name of an estimator, or a table if it has settings.
pub(crate) fn built_in_json(estimator: &dyn Estimator) -> Json {
    let (name, settings) = estimator.written();
    if settings.is_empty() {
        return name.into();
    }
    let settings = settings.into_iter().map(|(key, value)| (key.to_owned(), number_json(value)));
    Json::Object(std::iter::once(("name".to_owned(), name.into())).chain(settings).collect::<Map<_, _>>())
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
        let own = || format!("for a program of your own write for example: {}", Program::EXAMPLE);
        report.push(if near.is_none() { mistake.help(own()) } else { mistake });
    }
    found
}

fn read_setting(kind: &EstimatorKind, entry: &Entry, report: &mut Report) -> Option<(&'static str, f64)> {
    let Some(setting) = kind.settings.iter().find(|setting| setting.name == entry.key) else {
        if CLAIMS.contains(&entry.key.as_str()) {
            let title =
                format!("the estimator `{}` is built in: `{}` is for programs of your own", kind.name, entry.key);
            let help = "remove it: what is known of built-in estimators is tested anyway";
            report.push(Diagnostic::new(title).at(entry.key_place).help(help));
            return None;
        }
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
