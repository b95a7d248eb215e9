//! D and V against values from an independent source (`tests/reference/closed_forms.py`).

#![allow(clippy::unwrap_used)]

use kl_runner::distribution::{Distribution, FAMILIES, Number, Pair, Parameter};
use kl_runner::divergence::Cumulants;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

fn parameter(value: &Value) -> Parameter {
    match value {
        Value::Array(items) => Parameter::List(items.iter().map(parameter).collect()),
        Value::Object(entries) => {
            Parameter::Table(entries.iter().map(|(key, value)| (key.clone(), parameter(value))).collect())
        }
        number => Parameter::Number(Number::new(number.as_f64().unwrap())),
    }
}

fn distribution(family: &str, parameters: &str) -> Arc<Distribution> {
    let parameters: Value = serde_json::from_str(parameters).unwrap();
    let written = if family == "categorical" { parameter(&parameters["probs"]) } else { parameter(&parameters) };
    Arc::new(Distribution::read(&Parameter::Table(vec![(family.into(), written)])).unwrap())
}

/// How far the families are allowed off, relatively.
fn room(family: &str) -> f64 {
    match family {
        "bernoulli" | "categorical" | "binomial" | "geometric" | "negative_binomial" | "poisson" => 5e-15,
        _ => 1e-13,
    }
}

#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/closed_forms.csv").unwrap();
    let mut worst: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let pair = Pair::new(distribution(&row[0], &row[1]), distribution(&row[0], &row[2])).unwrap();
        let found = Cumulants::of(&pair);
        let error = |found: f64, printed: &str| (found / printed.parse::<f64>().unwrap() - 1.0).abs();
        let errors = [error(found.mean, &row[3]), error(found.spread.unwrap().variance, &row[4])];
        for (worst, error) in worst.entry(row[0].to_owned()).or_default().iter_mut().zip(errors) {
            *worst = worst.max(error);
        }
        rows += 1;
    }
    for (family, [mean, variance]) in &worst {
        println!("{family:20} D {mean:.1e}  V {variance:.1e}");
        assert!(mean.max(*variance) <= room(family), "{family}: D {mean:e}, V {variance:e}");
    }
    assert_eq!(rows, 408);
    // The uniform has no reference value: its D is a logarithm and its V 0. The 48 rows of chains are in another file.
    assert_eq!(worst.len(), FAMILIES.len() - 2);
}
