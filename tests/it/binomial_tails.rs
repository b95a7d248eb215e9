//! The binomial tails against reference values: `tests/reference/binomial_tails.py` says how they were made.

use std::time::{Duration, Instant};

use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;

struct Case {
    name: String,
    law: Binomial,
    k: u64,
    lower: f64,
    upper: f64,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/binomial_tails.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize::<(u64, f64, f64, u64, f64, f64)>();
    rows.map(|row| {
        let (trials, success, rest, k, lower, upper) = row.unwrap();
        let p = DoubleDouble::from(success) + DoubleDouble::from(rest);
        let law = Binomial::new(trials, p, DoubleDouble::ONE - p);
        Case { name: format!("n {trials}, p {success}, k {k}"), law, k, lower, upper }
    })
    .collect()
}

#[test]
fn tails_have_twelve_right_digits() {
    let cases = cases();
    assert!(cases.len() >= 200);
    let (mut worst, mut slowest) = ((0.0, String::new()), (Duration::ZERO, String::new()));
    for case in &cases {
        let start = Instant::now();
        let found = [case.law.lower_tail(case.k), case.law.upper_tail(case.k)];
        let time = start.elapsed() / 2;
        for (found, truth) in found.into_iter().zip([case.lower, case.upper]) {
            let error = (found / truth - 1.0).abs();
            if error > worst.0 {
                worst = (error, case.name.clone());
            }
            assert!(error < 1e-12, "{}: {found:e} is not {truth:e}, by {error:e}", case.name);
        }
        if time > slowest.0 {
            slowest = (time, case.name.clone());
        }
    }
    println!("{} cases; worst relative error {worst:?}; slowest {slowest:?}", cases.len());
}

#[test]
fn the_p_value_is_never_below_the_truth() {
    for case in cases() {
        let truth = (2.0 * case.lower.min(case.upper)).min(1.0);
        let p_value = case.law.two_sided_p_value(case.k);
        assert!(p_value >= truth && p_value <= truth * (1.0 + 3e-10), "{}: {p_value:e} {truth:e}", case.name);
    }
}
