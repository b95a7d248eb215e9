//! D and V against values from an independent source (`tests/reference/closed_forms.py`).

#![allow(clippy::unwrap_used)]

use kl_runner::distribution::{Distribution, Number, Pair, Parameter};
use kl_runner::divergence::Cumulants;
use std::sync::Arc;

fn distribution(family: &str, parameters: &str) -> Arc<Distribution> {
    let parameters: serde_json::Value = serde_json::from_str(parameters).unwrap();
    let number = |value: &serde_json::Value| Parameter::Number(Number::new(value.as_f64().unwrap()));
    let written = match family {
        "bernoulli" => Parameter::Table(vec![("p".into(), number(&parameters["p"]))]),
        _ => Parameter::List(parameters["probs"].as_array().unwrap().iter().map(number).collect()),
    };
    Arc::new(Distribution::read(&Parameter::Table(vec![(family.into(), written)])).unwrap())
}

#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/closed_forms.csv").unwrap();
    let (mut rows, mut worst_mean, mut worst_variance) = (0, 0.0f64, 0.0f64);
    for row in reader.records() {
        let row = row.unwrap();
        let pair = Pair::new(distribution(&row[0], &row[1]), distribution(&row[0], &row[2])).unwrap();
        let found = Cumulants::of(&pair);
        let error = |found: f64, printed: &str| (found / printed.parse::<f64>().unwrap() - 1.0).abs();
        worst_mean = worst_mean.max(error(found.mean, &row[3]));
        worst_variance = worst_variance.max(error(found.spread.unwrap().variance, &row[4]));
        rows += 1;
    }
    println!("{rows} rows; worst relative error: D {worst_mean:.1e}, V {worst_variance:.1e}");
    assert_eq!(rows, 48);
    assert!(worst_mean <= 2e-15, "D: {worst_mean:e}");
    assert!(worst_variance <= 1e-13, "V: {worst_variance:e}");
}
