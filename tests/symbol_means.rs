//! k2, k3 and control variates: theory against an independent source (`tests/reference/symbol_means.py`) and brute force, and
//! simulated estimates against theory.

#![allow(clippy::unwrap_used)]

use kl_runner::distribution::{Distribution, Number, Pair, Parameter};
use kl_runner::estimator::{Estimator, SymbolMean, Theory};
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
    let parameters = parameter(&serde_json::from_str(parameters).unwrap());
    let written =
        if family == "categorical" { parameters } else { Parameter::Table(vec![(family.to_owned(), parameters)]) };
    Arc::new(Distribution::read(&written).unwrap())
}

fn pair(family: &str, p: &str, q: &str) -> Pair {
    Pair::new(distribution(family, p), distribution(family, q)).unwrap()
}

fn estimator(name: &str, c: &str) -> SymbolMean {
    match name {
        "k2" => SymbolMean::k2(),
        "k3" => SymbolMean::k3(),
        _ => SymbolMean::control_variate(c.parse().ok()),
    }
}

/// Mean, variance and excess kurtosis of one symbol, to what the file says; how far each is off, relatively.
fn errors(theory: &Theory, row: &csv::StringRecord) -> [f64; 3] {
    let known = |column: usize| row[column].parse::<f64>().unwrap();
    let (mean, variance, fourth) = (known(5), known(6), known(8));
    let relative = |found: Option<f64>, expected: f64| match found.unwrap() {
        found if found == expected => 0.0,
        found => (found / expected - 1.0).abs(),
    };
    let kurtosis = if variance > 0.0 && fourth.is_finite() {
        let expected = fourth / variance / variance;
        (theory.excess_kurtosis.unwrap() - expected).abs() / expected.abs().max(1.0)
    } else {
        0.0
    };
    [relative(theory.mean, mean), relative(theory.variance, variance), kurtosis]
}

/// The relative errors of finite alphabets are rounding, also where Q is within 1e-12 of P.
#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/symbol_means.csv").unwrap();
    let mut worst: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    let mut rows = 0;
    for row in reader.records().map(Result::unwrap).filter(|row| &row[0] == "categorical") {
        let theory = estimator(&row[3], &row[4]).theory(&pair(&row[0], &row[1], &row[2]), 1);
        let found = errors(&theory, &row);
        assert!(found[0] <= 1e-15 && found[1] <= 1e-13 && found[2] <= 1e-10, "{row:?}: {found:?}");
        let worst = worst.entry(format!("{} {}", &row[0], &row[3])).or_default();
        worst.iter_mut().zip(found).for_each(|(worst, found)| *worst = worst.max(found));
        rows += 1;
    }
    worst.iter().for_each(|(what, worst)| println!("{what:30} mean, variance, kurtosis off by {worst:.1e?}"));
    assert_eq!(rows, 295);
}
