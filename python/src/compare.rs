//! Several models compared by one sequence.

use crate::SpecError;
use crate::pair::{WIDTH, refusal};
use kl_math::statistics::check_priors;
use kl_runner::experiment_file::{Argument, Models};
use kl_runner::report::ModelReport;
use pyo3::prelude::*;

/// The comparison as JSON (`docs/json.md`). `items` is the number of items of a list and `is_numbers` says that they are numbers; a
/// text has neither.
#[pyfunction]
#[pyo3(signature = (sequence, names, models, priors=None, items=None, is_numbers=false))]
pub(crate) fn compare(
    py: Python<'_>,
    sequence: &str,
    names: Vec<String>,
    models: Vec<String>,
    priors: Option<Vec<f64>>,
    items: Option<u64>,
    is_numbers: bool,
) -> PyResult<String> {
    py.detach(|| {
        if models.len() < 2 {
            return Err(refusal("there is one model at most", "give two models or more"));
        }
        let written: Vec<String> = names.iter().map(|name| format!("{name} =")).collect();
        let arguments = written.iter().zip(&models).map(|(name, text)| Argument { name, text });
        let models = Models::read(&arguments.collect::<Vec<_>>()).map_err(|mistakes| {
            let drawn = mistakes.iter().flat_map(|mistakes| mistakes.drawings(false, Some(WIDTH)));
            SpecError::new_err(drawn.collect::<Vec<_>>().join("\n\n"))
        })?;
        let priors = priors.unwrap_or_else(|| vec![1.0 / names.len() as f64; names.len()]);
        check_priors(names.len(), &priors)
            .map_err(|error| refusal(&error.to_string(), "give a probability for each model"))?;
        let lines = models
            .read_sequences(sequence.as_bytes())
            .map_err(|unreadable| refusal(&unreadable.to_string(), unreadable.help()))?;
        let found = match lines.as_slice() {
            [] => return Err(refusal("there is no sequence", "give symbols or numbers")),
            [line] => line.likelihoods.as_ref().map_err(|(mistake, help)| refusal(mistake, help))?,
            _ => return Err(refusal("there are several sequences, one on each line", "compare by each of them")),
        };
        if is_numbers && models.has_symbols() {
            let help = "name the symbols 0, 1, … with {0: …, 1: …}";
            return Err(refusal("the sequence has numbers, but the models are over symbols", help));
        }
        if let Some(items) = items.filter(|&items| items != found.length) {
            let mistake = format!("the {items} items of the sequence are {} when written as text", found.length);
            return Err(refusal(&mistake, "give one symbol or one number an item"));
        }
        let report = ModelReport { names: &names, models: &models, priors: &priors, lines: &lines };
        match report.fault() {
            Some((_, error)) => Err(refusal(&error.to_string(), "add a model that gives the sequence mass")),
            None => Ok(report.json().to_string()),
        }
    })
}
