//! Special functions against values from an independent source (`tests/reference/special.py`).

#![allow(clippy::unwrap_used)]

use kl_runner::numeric::{dilogarithm_of_odds, hurwitz_zeta, log_excess, log_gamma_gap};
use std::collections::BTreeMap;

#[test]
fn every_reference_value_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/special.csv").unwrap();
    let mut worst: BTreeMap<String, f64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let [a, b, expected] = [1, 2, 3].map(|column| row[column].parse::<f64>().unwrap());
        let found = match &row[0] {
            "hurwitz_zeta" => hurwitz_zeta(b as u32, a),
            "log_gamma_gap" => log_gamma_gap(a, b),
            "log_excess" => log_excess(a),
            _ => dilogarithm_of_odds(a),
        };
        let error = (found / expected - 1.0).abs();
        assert!(error <= 1e-15, "{row:?}: {found} is off by {error:e}");
        let worst = worst.entry(row[0].to_owned()).or_default();
        *worst = worst.max(error);
    }
    println!("worst errors: {worst:?}");
    assert_eq!(worst.len(), 4);
}
