//! A built-in estimator: its name, or a table with its name and settings.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::value::rules::wrong;
use crate::experiment_file::value::{Entry, Form, Value, number_json};
use crate::experiment_file::words::{listed, nearest};
use crate::programs::Program;
use kl_sim::estimator::{
    ESTIMATORS, Estimator, EstimatorKind, GRADIENTS, Setting, SettingForm, SettingValue, Settings, conflict,
};
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
    Some((kind.make)(&read_settings(kind.name, kind.settings, entries, report)?))
}

/// Reads the settings beside a name.
pub(super) fn read_settings(
    kind: &str,
    known: &'static [Setting],
    entries: &[Entry],
    report: &mut Report,
) -> Option<Settings> {
    let others = || entries.iter().filter(|entry| entry.key != "name");
    let settings: Vec<_> = others().map(|entry| read_setting(kind, known, entry, report)).collect();
    let settings = settings.into_iter().collect::<Option<Settings>>()?;
    if let Some((key, what)) = conflict(&settings) {
        let place = others().find(|entry| entry.key == key).map(|entry| entry.key_place);
        let mistake = Diagnostic::new(format!("`{key}` of `{kind}` {what}"));
        report.push(match place {
            Some(place) => mistake.at(place),
            None => mistake,
        });
        return None;
    }
    Some(settings)
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
    settings_json(name, &settings)
}

/// A table with a name and settings, or the name alone.
pub(super) fn settings_json(name: &str, settings: &Settings) -> Json {
    if settings.is_empty() {
        return name.into();
    }
    let value = |value: SettingValue| match value {
        SettingValue::Number(number) => number_json(number),
        SettingValue::Word(word) => word.into(),
        SettingValue::Flag(flag) => flag.into(),
    };
    let settings = settings.iter().map(|(key, setting)| ((*key).to_owned(), value(*setting)));
    Json::Object(std::iter::once(("name".to_owned(), name.into())).chain(settings).collect::<Map<_, _>>())
}

fn kind(name: &str, place: Place, report: &mut Report) -> Option<&'static EstimatorKind> {
    let found = ESTIMATORS.iter().find(|kind| kind.name == name);
    if found.is_none() {
        if GRADIENTS.iter().any(|kind| kind.name == name) {
            let title = format!("the estimator `{name}` is of the gradient of KL(P‖Q)");
            report.push(Diagnostic::new(title).at(place).help("write beside it: gradient = \"P\""));
            return None;
        }
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

fn read_setting(
    kind: &str,
    known: &'static [Setting],
    entry: &Entry,
    report: &mut Report,
) -> Option<(&'static str, SettingValue)> {
    let Some(setting) = known.iter().find(|setting| setting.name == entry.key) else {
        if CLAIMS.contains(&entry.key.as_str()) {
            let title = format!("the estimator `{kind}` is built in: `{}` is for programs of your own", entry.key);
            let help = "remove it: what is known of built-in estimators is tested anyway";
            report.push(Diagnostic::new(title).at(entry.key_place).help(help));
            return None;
        }
        let names: Vec<&str> = known.iter().map(|setting| setting.name).collect();
        let help = match names.as_slice() {
            [] => format!("it has no settings: write only {kind:?}"),
            names => format!("it has {}", listed(names)),
        };
        let title = format!("the estimator `{kind}` has no setting `{}`", entry.key);
        report.push(Diagnostic::new(title).at(entry.key_place).help(help));
        return None;
    };
    let Setting { name, form, example } = *setting;
    let number = |least: f64, most: f64, is_whole: bool| {
        let found = entry.value.as_f64().filter(|value| (least..=most).contains(value));
        found.filter(|value| !is_whole || value.fract() == 0.0).map(SettingValue::Number)
    };
    let word = |words: &'static [&'static str]| match &entry.value.form {
        Form::Text(text) => words.iter().find(|word| *word == text).copied().map(SettingValue::Word),
        _ => None,
    };
    let quoted = |words: &[&str]| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
    let (value, rule) = match form {
        SettingForm::Number(least, most) => (number(least, most, false), format!("a number from {least} to {most}")),
        SettingForm::Whole(least, most) => {
            (number(least, most, true), format!("a whole number from {least} to {most}"))
        }
        SettingForm::Word(words) => (word(words), format!("one of {}", quoted(words))),
        SettingForm::WordOrNumber(words, least, most) => {
            let rule = format!("one of {}, or a number from {least} to {most}", quoted(words));
            (word(words).or_else(|| number(least, most, false)), rule)
        }
        SettingForm::Flag => {
            let value = match entry.value.form {
                Form::Other(ref text) => text.parse().ok().map(SettingValue::Flag),
                _ => None,
            };
            (value, "true or false".to_owned())
        }
    };
    if value.is_none() {
        report.push(wrong(&entry.value, name, &rule).help(format!("write for example: {example}")));
    }
    value.map(|value| (name, value))
}
