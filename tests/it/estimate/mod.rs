//! `runner estimate`: KL(P‖Q) from given data.

mod counts;
mod coverage;
mod files;
mod tokens;
mod values;

use std::collections::BTreeMap;
use std::path::Path;

type Row = BTreeMap<String, String>;

fn reference(name: &str) -> Vec<Row> {
    crate::harness::rows(&Path::new("tests/reference").join(name))
}

/// A list of numbers with spaces between them.
fn list<T: std::str::FromStr>(text: &str) -> Vec<T>
where
    T::Err: std::fmt::Debug,
{
    text.split_whitespace().map(|item| item.parse().unwrap()).collect()
}

/// Asserts that a number is there and near, or that none is.
#[track_caller]
fn near(what: &str, found: Option<f64>, expected: &str) {
    let expected = Some(expected).filter(|text| !text.is_empty()).map(|text| text.parse::<f64>().unwrap());
    match (found, expected) {
        (Some(found), Some(expected)) if found == expected => {}
        (Some(found), Some(expected)) => {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(error <= 1e-12, "{what}: {found} for {expected}");
        }
        _ => assert_eq!(found, expected, "{what}"),
    }
}

/// A JSON document of `runner estimate`.
fn json(here: &crate::harness::Workspace, arguments: &[&str]) -> serde_json::Value {
    let words = ["estimate"].iter().chain(arguments).chain(&["--json"]).copied();
    serde_json::from_str(&here.run(words).succeeds().out).unwrap()
}
