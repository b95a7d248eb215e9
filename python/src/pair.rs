//! P and Q from text, and their divergences.

use crate::SpecError;
use kl_math::distribution::Pair;
use kl_math::divergence::{Direction, Directions, Found as Known, Neighbours};
use kl_math::statistics::Unit;
use kl_runner::experiment_file::{Argument, pair_help, read_pair_of};
use kl_runner::outside::printable;
use kl_runner::report::{MEASURES, shown_names};
use pyo3::prelude::*;

/// The columns that a line of a message may take.
pub(crate) const WIDTH: usize = 120;

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

/// A measure: its value, its error, and why it is not computed.
type Measure = (Option<f64>, Option<f64>, Option<String>);

fn measure(found: Known) -> Measure {
    match found {
        Ok(found) => (Some(found.value), found.error, None),
        Err(reason) => (None, None, Some(reason.to_string())),
    }
}

/// The measures beside KL(P‖Q), by name.
#[pyfunction]
pub(crate) fn neighbours(py: Python<'_>, p: &str, q: &str) -> PyResult<Vec<(&'static str, Measure)>> {
    py.detach(|| {
        let found = Neighbours::of(&read("kl(p, q)", p, q)?);
        let order = found.chernoff.map(|chernoff| chernoff.order);
        let order = order.map_or_else(|reason| (None, None, Some(reason.to_string())), |order| (order, None, None));
        let measures = MEASURES.iter().map(|named| (named.key, measure(named.of(&found))));
        Ok(measures.chain([("chernoff_order", order)]).collect())
    })
}

/// The Rényi divergence of an order.
#[pyfunction]
pub(crate) fn renyi(py: Python<'_>, p: &str, q: &str, order: f64) -> PyResult<Measure> {
    py.detach(|| Ok(measure(Neighbours::renyi(&read("kl(p, q)", p, q)?, order))))
}
