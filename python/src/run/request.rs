//! What Python asks to be run: an experiment, settings that replace its own, and functions as estimators.

use super::relay::{Call, Relayed};
use crate::{RunError, SpecError};
use kl_runner::command::error::Error;
use kl_runner::command::read_plan;
use kl_runner::experiment_file::{Override, OwnFunction, Source, read_with};
use kl_runner::outside::check_name;
use kl_runner::plan::Plan;
use kl_runner::programs::Function;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// The columns that a line of a message may take.
const WIDTH: usize = 120;

/// Where settings are written, in messages.
const SETTINGS: &str = "<settings>";

/// An experiment as Python names it.
#[pyclass(frozen, module = "kl_runner._kl_runner")]
pub(crate) struct Request {
    /// The file; none if there is a text.
    path: Option<PathBuf>,
    text: String,
    name: String,
    settings: Vec<Override>,
    functions: Vec<FunctionSettings>,
    allows_commands: bool,
}

/// A function: its settings as a table in TOML, its own name, and whether it takes seeds.
struct FunctionSettings {
    table: String,
    name: String,
    takes_seeds: bool,
}

#[pymethods]
impl Request {
    /// `settings` are key paths and values in TOML; `functions` have the table of settings, the name and whether seeds are taken.
    #[new]
    fn new(
        path: Option<PathBuf>,
        text: String,
        name: String,
        settings: Vec<(String, String)>,
        functions: Vec<(String, String, bool)>,
        allows_commands: bool,
    ) -> PyResult<Self> {
        let refused = |error| run_error(&Error::Specs(vec![error]));
        let setting = |(key, value): (String, String)| {
            Override::assignment("set", &format!("{key} = {value}")).map(|setting| setting.typed_in(SETTINGS))
        };
        let settings = settings.into_iter().map(setting).collect::<Result<_, _>>().map_err(refused)?;
        let functions = functions.into_iter();
        let functions =
            functions.map(|(table, name, takes_seeds)| FunctionSettings { table, name, takes_seeds }).collect();
        Ok(Self { path, text, name, settings, functions, allows_commands })
    }
}

impl Request {
    /// The plan, and where the calls of its functions arrive.
    pub(super) fn plan(&self, py: Python<'_>) -> PyResult<(Plan, Receiver<Call>)> {
        let (calls, asked) = channel();
        let function = |(index, settings): (usize, &FunctionSettings)| OwnFunction {
            origin: "<estimators>".to_owned(),
            settings: settings.table.clone(),
            function: Arc::new(Relayed {
                index,
                name: settings.name.clone(),
                takes_seeds: settings.takes_seeds,
                calls: calls.clone(),
            }) as Arc<dyn Function>,
        };
        let functions: Vec<OwnFunction> = self.functions.iter().enumerate().map(function).collect();
        let plan = py.detach(|| match &self.path {
            Some(path) => read_plan(path, &self.settings, &functions),
            None => {
                check_name(&self.name)
                    .map_err(|error| Error::Nameless { path: self.name.clone(), reason: error.rule.to_owned() })?;
                let source = Source { name: "<experiment>".to_owned(), text: self.text.clone() };
                read_with(&source, &self.name, &self.settings, &functions)
                    .map_err(|mistakes| Error::Specs(vec![mistakes]))
            }
        });
        let plan = plan.map_err(|error| run_error(&error))?;
        let commands: Vec<&str> = plan
            .programs()
            .filter(|program| program.command().is_some())
            .map(|program| program.name.as_str())
            .collect();
        if !commands.is_empty() && !self.allows_commands {
            let text = format!(
                "error: the experiment would start programs for the estimators {}\n  help: if you trust them, add allow_commands=True",
                commands.join(", ")
            );
            return Err(SpecError::new_err(text));
        }
        Ok((plan, asked))
    }
}

/// Mistakes in an experiment are a `SpecError`, all else is a `RunError`; the text is that of the command.
pub(crate) fn run_error(error: &Error) -> PyErr {
    let text = error.render(false, Some(WIDTH));
    let text = text.trim_end().replace("--threads", "threads").replace("--replace", "replace=True");
    match error {
        Error::Specs(_) => SpecError::new_err(text),
        _ => RunError::new_err(text),
    }
}
