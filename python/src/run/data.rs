//! What was drawn, as bytes that an array can be made of.

use kl_runner::programs::{FunctionContext, TrialData};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

/// The type of the numbers ("i8" or "f8"), the shape, and the numbers.
pub(super) type Data<'py> = (&'static str, Vec<usize>, Bound<'py, PyByteArray>);

/// What was drawn for some trials. Counts and symbols are signed, since arithmetic with unsigned numbers surprises.
pub(super) fn data<'py>(py: Python<'py>, drawn: &TrialData, trials: usize) -> PyResult<Data<'py>> {
    match drawn {
        TrialData::Counts { symbols, counts } => {
            Ok(("i8", vec![trials, *symbols], integers(py, counts.len(), counts.iter().map(|count| *count as i64))?))
        }
        TrialData::Symbols { length, symbols } => Ok((
            "i8",
            vec![trials, *length],
            integers(py, symbols.len(), symbols.iter().map(|symbol| i64::from(*symbol)))?,
        )),
        TrialData::Values { length, width, values } => {
            let shape = if *width == 1 { vec![trials, *length] } else { vec![trials, *length, *width] };
            Ok(("f8", shape, filled(py, values.len(), values.iter().map(|value| value.to_ne_bytes()))?))
        }
    }
}

/// The seeds of some trials, "u8".
pub(super) fn seeds<'py>(py: Python<'py>, seeds: &[u64]) -> PyResult<Bound<'py, PyByteArray>> {
    filled(py, seeds.len(), seeds.iter().map(|seed| seed.to_ne_bytes()))
}

/// What all trials of a condition have in common.
pub(super) fn context_json(context: &FunctionContext) -> String {
    context.facts.to_string()
}

fn integers(py: Python<'_>, count: usize, numbers: impl Iterator<Item = i64>) -> PyResult<Bound<'_, PyByteArray>> {
    filled(py, count, numbers.map(i64::to_ne_bytes))
}

fn filled(py: Python<'_>, count: usize, numbers: impl Iterator<Item = [u8; 8]>) -> PyResult<Bound<'_, PyByteArray>> {
    PyByteArray::new_with(py, 8 * count, |bytes| {
        bytes.as_chunks_mut().0.iter_mut().zip(numbers).for_each(|(place, number)| *place = number);
        Ok(())
    })
}
