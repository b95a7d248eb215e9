//! Measures of performance against values from independent sources (`tests/reference/measures.py`, `strd.py`).

use crate::harness::rows;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{Measure, Node, Spread, Study, TreeMerge, precision_gain, precision_gain_mcse_if_normal};
use std::collections::BTreeMap;
use std::path::Path;

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

/// Right digits, as NIST counts them.
fn digits(found: f64, certified: &str) -> f64 {
    let certified = number(certified);
    let error = ((found - certified) / certified).abs();
    if error == 0.0 { 16.0 } else { -libm::log10(error) }
}

#[test]
fn every_reference_value_is_met() {
    let mut trials: BTreeMap<(String, String), [Vec<f64>; 2]> = BTreeMap::new();
    for row in rows(Path::new("tests/reference/measures_trials.csv")) {
        let [estimates, std_errors] = trials.entry((row["set"].clone(), row["estimator"].clone())).or_default();
        estimates.push(number(&row["estimate"]));
        if !row["se"].is_empty() {
            std_errors.push(number(&row["se"]));
        }
    }
    let mut worst: BTreeMap<String, f64> = BTreeMap::new();
    for row in rows(Path::new("tests/reference/measures.csv")) {
        let of = |estimator: &str| trials.get(&(row["set"].clone(), estimator.to_owned()));
        let [estimates, std_errors] = of("b").unwrap();
        let mut study = Study::of(estimates).with_truth(number(&row["truth"])).with_trim(0.1);
        if !std_errors.is_empty() {
            study = study.with_std_errors(std_errors, 0.95);
        }
        let (name, if_normal) = match row["measure"].strip_suffix("_if_normal") {
            Some(name) => (name, true),
            None => (row["measure"].as_str(), false),
        };
        let measure = Measure::named(name).unwrap();
        let reference = of("a").map(|[estimates, _]| estimates);
        let found = match (measure, reference) {
            (Measure::PrecisionGain, Some(reference)) => precision_gain(estimates, reference),
            _ => study.assess(measure),
        };
        let found = found.unwrap_or_else(|| panic!("{row:?}"));
        let mcse = match (measure, reference) {
            (Measure::PrecisionGain, Some(reference)) if if_normal => {
                precision_gain_mcse_if_normal(estimates, reference)
            }
            _ if if_normal => study.mcse_if_normal(measure),
            _ => found.mcse,
        };
        for (found, column) in [(found.estimate, "estimate"), (mcse.unwrap(), "mcse")] {
            let expected = number(&row[column]);
            // A square below all normal doubles keeps few digits, and a percentage those of the 100 that is taken off.
            let subtracted =
                if matches!(measure, Measure::ModelSeError | Measure::PrecisionGain) { 100.0 } else { 0.0 };
            let error =
                if expected.abs() < 1e-300 { 0.0 } else { (found - expected).abs() / expected.abs().max(subtracted) };
            let error = if expected == 0.0 { found.abs() } else { error };
            assert!(error < 4e-15, "{row:?}: {column} is {found}, off by {error:e}");
            let worst = worst.entry(row["measure"].clone()).or_default();
            *worst = worst.max(error);
        }
    }
    println!("worst errors: {worst:?}");
    // Three more by the formulas of the literature, and eight fewer that only runs have.
    assert_eq!(worst.len() + 5, Measure::ALL.len());
}

#[test]
fn certified_digits_come_out() {
    for row in rows(Path::new("tests/reference/strd.csv")) {
        let values: Vec<f64> = row["values"].split(' ').map(number).collect();
        // At once, and merged from blocks.
        let mut tree = TreeMerge::new();
        (0..).zip(values.chunks(7)).for_each(|(number, block)| tree.push(Node::block(number, Spread::of(block))));
        for spread in [Spread::of(&values), tree.finish().unwrap()] {
            let found =
                (digits(spread.mean().unwrap(), &row["mean"]), digits(spread.std_dev().unwrap(), &row["std_dev"]));
            println!("{}: {:.1} digits of the mean, {:.1} of S", row["set"], found.0, found.1);
            assert!(found.0 >= 14.3, "{}: {found:?}", row["set"]);
            // A part of the decimals of Mavro and Michelso is lost when they become doubles.
            let least = if ["Mavro", "Michelso"].contains(&row["set"].as_str()) { 12.0 } else { 14.3 };
            assert!(found.1 >= least, "{}: {found:?}", row["set"]);
        }
        let exact: Vec<DoubleDouble> = row["values"].split(' ').map(|text| text.parse().unwrap()).collect();
        let spread = Spread::of(&exact);
        let found = (digits(spread.mean().unwrap(), &row["mean"]), digits(spread.std_dev().unwrap(), &row["std_dev"]));
        assert!(found.0 >= 14.3 && found.1 >= 14.3, "{}: {found:?}", row["set"]);
    }
}

/// One number, then 500 times a pair: NIST's NumAcc2 to 4; NumAcc1 has three numbers.
#[test]
fn numbers_that_nearly_cancel_keep_their_digits() {
    let set = |first: &str, pair: [&str; 2]| {
        let pairs = (0..500).flat_map(|_| pair).map(str::to_owned);
        [first.to_owned()].into_iter().chain(pairs).collect::<Vec<_>>()
    };
    for (name, values, mean, std_dev) in [
        ("NumAcc1", ["10000001", "10000003", "10000002"].map(str::to_owned).to_vec(), "10000002", "1"),
        ("NumAcc2", set("1.2", ["1.1", "1.3"]), "1.2", "0.1"),
        ("NumAcc3", set("1000000.2", ["1000000.1", "1000000.3"]), "1000000.2", "0.1"),
        ("NumAcc4", set("10000000.2", ["10000000.1", "10000000.3"]), "10000000.2", "0.1"),
    ] {
        let exact: Vec<DoubleDouble> = values.iter().map(|text| text.parse().unwrap()).collect();
        let spread = Spread::of(&exact);
        assert_eq!(spread.mean().unwrap(), number(mean), "{name}");
        assert!(digits(spread.std_dev().unwrap(), std_dev) > 15.0, "{name}: {:?}", spread.std_dev());
        // As doubles the numbers are others: 0.1000000000349 and 0.1000000005588 is what the last two sets' have.
        let doubles: Vec<f64> = values.iter().map(|text| number(text)).collect();
        let of_doubles = Spread::of(&doubles).std_dev().unwrap();
        println!("{name}: {of_doubles} of doubles, {} of decimals", spread.std_dev().unwrap());
    }
}
