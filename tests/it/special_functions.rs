//! Special functions against values from an independent source (`tests/reference/special.py`).

use kl_math::numeric::{
    dilogarithm_of_odds, hurwitz_zeta, log_excess, log_gamma_gap, log_less_digamma, pentagamma_excess, stirling_gap,
    tetragamma_excess, trigamma_excess,
};
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
            "stirling_gap" => stirling_gap(a, b, b - a),
            "log_less_digamma" => log_less_digamma(a),
            "trigamma_excess" => trigamma_excess(a),
            "tetragamma_excess" => tetragamma_excess(a),
            "pentagamma_excess" => pentagamma_excess(a),
            _ => dilogarithm_of_odds(a),
        };
        let error = (found / expected - 1.0).abs();
        let room = match &row[0] {
            "hurwitz_zeta" | "log_gamma_gap" | "log_excess" | "dilogarithm_of_odds" => 1e-15,
            "stirling_gap" => 3e-14,
            _ => 5e-15,
        };
        assert!(error <= room, "{row:?}: {found} is off by {error:e}");
        let worst = worst.entry(row[0].to_owned()).or_default();
        *worst = worst.max(error);
    }
    println!("worst errors: {worst:?}");
    assert_eq!(worst.len(), 9);
}
