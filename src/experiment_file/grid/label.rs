//! Labels: names that a user gives to values of the grid and to cases.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::key::fragment::described;
use crate::experiment_file::value::exact::Exact;
use crate::experiment_file::value::{Entry, Form, Value};
use kl_math::distribution::Number;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// The most characters of a label: it names a line of a picture.
const MOST: usize = 60;

const EXAMPLE: &str = "write { label = \"flat\", value = … }";

/// A name and its place.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Label {
    /// The schema of a label.
    pub(crate) fn schema() -> Json {
        let label = json!({ "type": "string", "minLength": 1, "maxLength": MOST, "pattern": r"\S" });
        described(label, "A short name, which tables and figures show in place of the value.")
    }

    /// Reads the value of a key `label`.
    pub(super) fn read(value: &Value, report: &mut Report) -> Option<Self> {
        let rule = match &value.form {
            Form::Text(text) if text.trim().is_empty() => "is empty".to_owned(),
            Form::Text(text) if text.chars().count() > MOST => {
                format!("has {} characters, but may have at most {MOST}", text.chars().count())
            }
            Form::Text(text) => return Some(Self { text: text.trim().to_owned(), place: value.place }),
            _ => format!("is {}, but must be a text", value.described()),
        };
        let help = "write a short name in quotes: label = \"flat\"";
        report.push(Diagnostic::new(format!("a label {rule}")).at(value.place).help(help));
        None
    }
}

/// A value of an axis without its label: `{ label = "flat", value = [0.5, 0.5] }` is labelled.
pub(super) fn unlabelled(item: Value, report: &mut Report) -> Option<(Value, Option<Label>)> {
    let find = |key: &str| item.entries().iter().find(|entry| entry.key == key);
    let Some(label) = find("label") else { return Some((item, None)) };
    if let [_, _] = item.entries()
        && let Some(value) = find("value")
    {
        if is_probability(&label.value) {
            let title = "this may be a labelled value, or probabilities of the symbols `label` and `value`";
            let help = "of the symbols write { label = \"a name\", value = { label = 0.5, value = 0.5 } }, else give a label that is not a number";
            report.push(Diagnostic::new(title).at(item.place).help(help));
            return None;
        }
        let label = Label::read(&label.value, report)?;
        return Some((value.value.clone(), Some(label)));
    }
    if is_probability(&label.value) {
        // A symbol that is called so.
        return Some((item, None));
    }
    let other = item.entries().iter().find(|entry| !["label", "value"].contains(&entry.key.as_str()));
    let (title, place) = match (find("value"), other) {
        (Some(_), Some(other)) => (format!("a labelled value has no key `{}`", other.key), other.key_place),
        _ => ("a labelled value needs its key `value`".to_owned(), item.place),
    };
    report.push(Diagnostic::new(title).at(place).help(EXAMPLE));
    None
}

/// A case without its label.
pub(super) fn unlabelled_case(entries: Vec<Entry>, report: &mut Report) -> (Vec<Entry>, Option<Label>) {
    let (label, entries): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.key == "label");
    (entries, label.first().and_then(|entry| Label::read(&entry.value, report)))
}

/// The labels of all values of an axis, or none. `places` are those of the values.
pub(super) fn complete(
    labels: Vec<Option<Label>>,
    places: &[Place],
    noun: &str,
    report: &mut Report,
) -> Option<Vec<Label>> {
    let first = labels.iter().flatten().next()?.place;
    for (index, (label, place)) in labels.iter().zip(places).enumerate() {
        if label.is_none() {
            let title = format!("{noun} {} has no label, but another one has", index + 1);
            let help = format!("label every {noun}, or none");
            report.push(Diagnostic::new(title).at(*place).context(first, "a label").help(help).missing_part());
        }
    }
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for label in labels.iter().flatten() {
        if let Some(earlier) = seen.insert(&label.text, label.place) {
            let title = format!("the label {:?} is given twice", label.text);
            let help = "give each its own, so that they can be told apart";
            report.push(Diagnostic::new(title).at(label.place).context(earlier, "first here").help(help));
        }
    }
    labels.into_iter().collect()
}

/// Whether it may be a probability: a number or a fraction in quotes.
fn is_probability(value: &Value) -> bool {
    match &value.form {
        Form::Number(_) => true,
        Form::Text(text) => Number::fraction(text).is_ok() || Exact::parse(text).is_some(),
        _ => false,
    }
}
