//! P and Q from text, and their divergences.

use crate::SpecError;
use kl_math::distribution::Pair;
use kl_math::divergence::{Direction, Directions};
use kl_math::statistics::Unit;
use kl_runner::experiment_file::{Argument, pair_help, read_pair_of};
use kl_runner::outside::printable;
use kl_runner::report::shown_names;
use pyo3::prelude::*;

/// The columns that a line of a message may take.
const WIDTH: usize = 120;

/// Reads P and Q; a mistake is drawn as the command draws it.
pub(crate) fn read(origin: &str, p: &str, q: &str) -> PyResult<Pair> {
    let (p, q) = (Argument { name: "p =", text: p }, Argument { name: "q =", text: q });
    read_pair_of(origin, p, q)
        .map_err(|mistakes| SpecError::new_err(mistakes.drawings(false, Some(WIDTH)).join("\n\n")))
}

/// A mistake without a place.
pub(crate) fn refusal(mistake: &str, help: &str) -> PyErr {
    SpecError::new_err(format!("error: {}\n  help: {}", printable(mistake), printable(help)))
}

/// A distribution as JSON, in the form in which an experiment file writes it.
#[pyfunction]
pub(crate) fn distribution_json(text: &str) -> PyResult<String> {
    let json = Argument { name: "P or Q =", text }.json("<experiment>");
    let json = json.map_err(|mistakes| SpecError::new_err(mistakes.drawings(false, Some(WIDTH)).join("\n\n")))?;
    Ok(json.to_string())
}

/// D in nats and in bits, V, the error of D, and the source.
type Numbers = (f64, f64, Option<f64>, Option<f64>, &'static str);

fn numbers(direction: &Direction) -> Numbers {
    let bits = Unit::Bits.of_nats(direction.divergence);
    (direction.divergence, bits, direction.variance, direction.error, direction.source.name())
}

/// The names of P and Q, both directions, and why Q against P cannot be computed.
type Found = ([String; 2], Numbers, Option<Numbers>, Option<String>);

/// KL(P‖Q) and KL(Q‖P).
#[pyfunction]
pub(crate) fn kl(py: Python<'_>, p: &str, q: &str) -> PyResult<Found> {
    py.detach(|| {
        let pair = read("kl(p, q)", p, q)?;
        let both = Directions::of(&pair).map_err(|error| refusal(&error.to_string(), pair_help(&error)))?;
        let missing = both.back.as_ref().err().map(ToString::to_string);
        let back = both.back.as_ref().ok().map(numbers);
        Ok((shown_names(&pair), numbers(&both.there), back, missing))
    })
}
