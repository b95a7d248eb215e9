//! The first line that a program reads: what all trials of a condition have in common.

use super::{Program, ProgramInput};
use kl_math::distribution::{Distribution, FamilyEntry, Pair};
use kl_math::numeric::DoubleDouble;
use serde_json::{Map, Value, json};

/// The version of what is said.
const PROTOCOL: u32 = 1;

/// The line, with its end.
pub(super) fn line(program: &Program, condition: usize, pair: &Pair, n: u64) -> Vec<u8> {
    format!("{}\n", facts(program, condition, pair, n)).into_bytes()
}

/// What it says.
pub(super) fn facts(program: &Program, condition: usize, pair: &Pair, n: u64) -> Value {
    let symbols = match pair {
        Pair::Symbols(pair) => Some(pair.symbols()),
        Pair::Chains(pair) => Some(pair.states()),
        Pair::Values(_) => None,
    };
    let [p, q] = sides(pair);
    let mut said = json!({
        "protocol": PROTOCOL,
        "estimator": program.name,
        "condition": condition,
        "n": n,
        "unit": "nats",
        "input": program.input.name(),
        "p": p,
        "q": q,
    });
    if let Value::Object(said) = &mut said {
        if let Some(symbols) = symbols {
            said.insert("symbols".to_owned(), json!(symbols));
        }
        if let Some(m) = program.model_draws {
            said.insert("m".to_owned(), json!(m));
        }
    }
    said
}

/// P and Q: the family, and its parameters by name; over symbols their probabilities in the order of P's.
fn sides(pair: &Pair) -> [Value; 2] {
    let both = [pair.source().as_ref(), pair.model().as_ref()];
    match pair {
        Pair::Symbols(pair) => {
            let probabilities =
                |probabilities: &[DoubleDouble]| probabilities.iter().map(|mass| mass.to_f64()).collect::<Vec<f64>>();
            let probabilities = [probabilities(pair.source_probabilities()), probabilities(pair.model_probabilities())];
            [0, 1].map(|side| described(both[side], [("probabilities", json!(probabilities[side]))]))
        }
        Pair::Values(_) => both.map(|side| described(side, parameters(side))),
        Pair::Chains(pair) => {
            let chains = pair.chains();
            let events = [chains.source_events(), chains.model_events()];
            [0, 1].map(|side| {
                let (initial, steps) = events[side].split_at(chains.states());
                let rows: Vec<&[f64]> = steps.chunks_exact(chains.states()).collect();
                described(both[side], [("initial", json!(initial)), ("transition", json!(rows))])
            })
        }
    }
}

fn described<'a>(side: &Distribution, parameters: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let written = [("written", json!(side.to_string())), ("family", json!(side.family()))];
    let fields = written.into_iter().chain(parameters).map(|(key, value)| (key.to_owned(), value));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// Of a distribution over numbers or vectors: those that tell it from the others of its family.
fn parameters(side: &Distribution) -> Vec<(&'static str, Value)> {
    let values = side.normalised_parameters();
    let width = side.values().map_or(1, |values| values.space().width());
    match side {
        Distribution::Dirichlet(_) => vec![("alpha", json!(values))],
        Distribution::MultivariateNormal(_) => {
            let (mean, rows) = values.split_at(width.min(values.len()));
            vec![("mean", json!(mean)), ("covariance", json!(rows.chunks_exact(width).collect::<Vec<_>>()))]
        }
        _ => {
            let names = FamilyEntry::named(side.family()).map(FamilyEntry::parameter_names).unwrap_or_default();
            names.into_iter().zip(values.into_iter().map(|value| json!(value))).collect()
        }
    }
}

/// What a trial is told by, beside its number and its seed.
pub(super) fn key(input: ProgramInput) -> &'static str {
    match input {
        ProgramInput::Sequence => "sequence",
        ProgramInput::Counts => "counts",
    }
}
