//! An estimator that is a function of the program that reads the experiment.

use super::diagnostics::{Diagnostic, Place, Report, Source};
use super::keys::{Listed, add_function};
use super::value::Value;
use crate::programs::Function;
use std::sync::Arc;
use toml::de::DeValue;

/// A function, and the settings that a file gives an estimator: the name, what it takes, what is claimed of it.
#[derive(Clone, Debug)]
pub struct OwnFunction {
    /// Where the settings are written, for messages.
    pub origin: String,
    /// The settings as a table in TOML: `{ name = "mine", input = "counts", expected = "closed_form" }`.
    pub settings: String,
    /// The function.
    pub function: Arc<dyn Function>,
}

impl OwnFunction {
    /// The text that mistakes point into.
    pub(super) fn source(&self) -> Source {
        Source { name: self.origin.clone(), text: self.settings.clone() }
    }

    /// Adds the estimator to the list; `text` is the number of its text.
    pub(super) fn add_to(&self, listed: &mut Vec<Listed>, text: usize, report: &mut Report) {
        let place = |span: std::ops::Range<usize>| Place { text, start: span.start, end: span.end };
        match DeValue::parse(&self.settings) {
            Ok(settings) => add_function(listed, &Value::of_toml(&settings, &place), &self.function, report),
            Err(error) => {
                let mistake = Diagnostic::new(format!("broken TOML: {}", error.message()));
                report.push(mistake.at(place(error.span().unwrap_or_default())).help("write { name = \"mine\" }"));
            }
        }
    }
}
