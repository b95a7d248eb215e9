//! The schema of distributions: a definition for each domain of numbers and for each family.

use super::grid::COMPONENT_NUMBER;
use crate::experiment_file::column_file;
use crate::experiment_file::key::fragment::{
    any_of, closed, described, either, list, reference, text, whole, with, words,
};
use crate::experiment_file::words::written;
use kl_math::chain::MAX_STATES;
use kl_math::distribution::{Declaration, Domain, FAMILIES, FamilyEntry, Form, MAX_SYMBOLS, Need};
use serde_json::{Map, Value as Json, json};

pub(super) const DOMAINS: [Domain; 7] = [
    Domain::Real,
    Domain::Positive,
    Domain::NonNegative,
    Domain::Probability,
    Domain::PositiveProbability,
    Domain::Count,
    Domain::DegreesOfFreedom,
];

/// The numbers and the distributions.
pub(super) fn definitions() -> Map<String, Json> {
    let numbers = DOMAINS.iter().map(|&domain| (number_name(domain).to_owned(), number(domain)));
    let families = FAMILIES.iter().map(|family| (family_name(family), family_schema(family)));
    let own = [
        ("file".to_owned(), column_file::schema()),
        ("component".to_owned(), component()),
        ("distribution".to_owned(), distribution()),
        ("drawn_from".to_owned(), any_of([words(&["P", "Q"]), reference("distribution")])),
    ];
    numbers.chain(families).chain(own).collect()
}

/// Whether its parameters are components.
pub(super) fn has_components(family: &FamilyEntry) -> bool {
    family.parameters.iter().any(|one| one.form == Form::Component)
}

/// The name of the definition of a family.
pub(super) fn family_name(family: &FamilyEntry) -> String {
    format!("family.{}", family.name)
}

/// A whole distribution, or the part of it that the grid and the cases leave.
fn distribution() -> Json {
    let mut all: Map<String, Json> = FAMILIES.iter().map(|family| (family.name.to_owned(), member(family))).collect();
    let file =
        "The probabilities are in a column of a CSV file, for example: file = { path = \"p.csv\", column = \"prob\" }";
    all.insert(column_file::KEY.to_owned(), described(reference("file"), file));
    either(probabilities(), with(closed(all), "maxProperties", 1.into()))
}

/// A member of a family, with an example.
fn member(family: &FamilyEntry) -> Json {
    described(reference(&family_name(family)), &format!("For example: {}", written(family, family.examples[0])))
}

fn family_schema(family: &FamilyEntry) -> Json {
    match family.parameters {
        // Any name is a symbol.
        [] => {
            let symbols = json!({
                "type": "object",
                "minProperties": 2,
                "maxProperties": MAX_SYMBOLS,
                "propertyNames": { "minLength": 1 },
                "additionalProperties": reference(number_name(Domain::Probability)),
            });
            either(probabilities(), symbols)
        }
        _ if has_components(family) => {
            let numbered = json!({
                "type": "object",
                "additionalProperties": false,
                "patternProperties": { format!("^{COMPONENT_NUMBER}$"): reference("component") },
            });
            either(list(reference("component")), numbered)
        }
        parameters => {
            let schema = |one: &Declaration| (one.name.to_owned(), parameter(one.form));
            let table = closed(parameters.iter().map(schema).collect());
            let excluded = |one: &Declaration| match one.need {
                Need::InsteadOf(other) => Some((one.name.to_owned(), json!({ "not": { "required": [other] } }))),
                _ => None,
            };
            let excluded: Map<String, Json> = parameters.iter().filter_map(excluded).collect();
            if excluded.is_empty() { table } else { with(table, "dependencies", excluded.into()) }
        }
    }
}

/// A weight and a distribution.
fn component() -> Json {
    let simple = FAMILIES.iter().filter(|family| !has_components(family));
    let mut parts: Map<String, Json> = simple.map(|family| (family.name.to_owned(), member(family))).collect();
    let weight = reference(number_name(Domain::Probability));
    parts.insert("weight".to_owned(), described(weight, "The weight of this component; all weights sum to 1."));
    with(closed(parts), "maxProperties", 2.into())
}

/// What is written for a parameter.
pub(super) fn parameter(form: Form) -> Json {
    let number = |domain| reference(number_name(domain));
    match form {
        Form::Number(domain) => described(number(domain), &format!("{domain}, or an exact fraction in quotes")),
        Form::Numbers { domain, least } => json!({
            "description": format!("A list: each is {domain}."),
            "type": "array",
            "minItems": least,
            "items": number(domain),
        }),
        Form::Matrix(domain) => described(list(list(number(domain))), "A list of rows of numbers."),
        Form::ProbabilitiesOr(word) => {
            let list = list(number(Domain::Probability));
            described(any_of([words(&[word]), list]), &format!("A list of probabilities, or {word:?}."))
        }
        Form::TransitionMatrix => json!({
            "description": "A row of probabilities for each state, each of which sums to 1.",
            "type": "array",
            "minItems": 2,
            "maxItems": MAX_STATES,
            "items": list(number(Domain::Probability)),
        }),
        Form::Names => {
            let names = with(list(with(text(), "minLength", 1.into())), "uniqueItems", true.into());
            described(names, "A name for each state.")
        }
        Form::Component => reference("component"),
    }
}

/// Probabilities of unnamed symbols.
fn probabilities() -> Json {
    json!({
        "type": "array",
        "minItems": 2,
        "maxItems": MAX_SYMBOLS,
        "items": reference(number_name(Domain::Probability)),
    })
}

/// The name of the definition of the numbers of a domain.
pub(super) fn number_name(domain: Domain) -> &'static str {
    match domain {
        Domain::Real => "number",
        Domain::Positive => "positive_number",
        Domain::NonNegative => "non_negative_number",
        Domain::Probability => "probability",
        Domain::PositiveProbability => "positive_probability",
        Domain::Count => "count",
        Domain::DegreesOfFreedom => "degrees_of_freedom",
    }
}

/// A number, or an exact fraction in quotes.
fn number(domain: Domain) -> Json {
    const ANY: &str = r"^\s*-?[0-9]+\s*/\s*0*[1-9][0-9]*\s*$";
    const NON_NEGATIVE: &str = r"^\s*(-0+|[0-9]+)\s*/\s*0*[1-9][0-9]*\s*$";
    const POSITIVE: &str = r"^\s*0*[1-9][0-9]*\s*/\s*0*[1-9][0-9]*\s*$";
    let number = || json!({ "type": "number" });
    let (number, fraction) = match domain {
        Domain::Real => (number(), ANY),
        Domain::Positive => (with(number(), "exclusiveMinimum", 0.into()), POSITIVE),
        Domain::NonNegative => (with(number(), "minimum", 0.into()), NON_NEGATIVE),
        Domain::Probability => (json!({ "type": "number", "minimum": 0, "maximum": 1 }), NON_NEGATIVE),
        Domain::PositiveProbability => (json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }), POSITIVE),
        Domain::Count => (whole(1, 1_000_000_000_000), POSITIVE),
        Domain::DegreesOfFreedom => (json!({ "type": "number", "minimum": 0.1, "maximum": 1e30 }), POSITIVE),
    };
    either(number, json!({ "type": "string", "pattern": fraction }))
}
