//! Estimates from numbers and vectors.

use super::{json, list, near, reference};
use crate::harness::Workspace;
use kl_sim::data::{ErrorMethod, Lack, ModelValues, NearestData, estimate_log_ratios, estimate_nearest};

/// `tests/reference/estimate.py` looks at all distances.
#[test]
fn estimates_are_those_of_the_reference() {
    let rows = reference("estimate_values.csv");
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (values, log_q): (Vec<f64>, Vec<f64>) = (list(&row["values"]), list(&row["log_q"]));
        let dimensions = row["dimensions"].parse().unwrap();
        let data = NearestData { source: &values, model: ModelValues::LogDensity(&log_q), dimensions };
        let found = estimate_nearest(&data, row["k"].parse().unwrap(), 0.95, 57);
        near("knn_entropy", found.estimate, &row["knn_entropy"]);
        let ratios: Vec<(f64, u64)> = list::<f64>(&row["log_ratios"]).into_iter().map(|x| (x, 1)).collect();
        for found in estimate_log_ratios(&ratios, None, 0.95) {
            near(&found.estimator, found.estimate, &row[&found.estimator]);
            near(&found.estimator, found.std_error, &row[&format!("{}_se", found.estimator)]);
            if found.estimator != "k2" {
                let [low, high] = found.interval.unwrap();
                // Student's quantile is right to 1e-10.
                for (end, name) in [(low, "low"), (high, "high")] {
                    let expected: f64 = row[&format!("{}_{name}", found.estimator)].parse().unwrap();
                    assert!((end - expected).abs() < 1e-10, "{}: {end} for {expected}", found.estimator);
                }
            }
        }
    }
}

/// Shares that sum to less or more are no value of a Dirichlet law.
#[test]
fn shares_sum_to_one() {
    let here = Workspace::new().file("p.csv", "x,y\n0.333,0.666\n0.7,0.7\n0.25,0.75\n");
    here.run(["estimate", "p.csv", "--column", "x,y", "--q", "dirichlet(alpha=[1, 1])"])
        .refuses()
        .says("p.csv:3: the shares sum to 1.4");
}

/// Two numbers with one count each are the same as that number twice.
#[test]
fn counted_log_ratios_are_those_of_each_value() {
    let each = estimate_log_ratios(&[(0.5, 1), (0.5, 1), (-0.1, 1)], None, 0.9);
    let counted = estimate_log_ratios(&[(0.5, 2), (-0.1, 1), (7.0, 0)], None, 0.9);
    for (a, b) in each.iter().zip(&counted) {
        assert!((a.std_error.unwrap() - b.std_error.unwrap()).abs() < 1e-15, "{a:?} {b:?}");
        assert!((a.estimate.unwrap() - b.estimate.unwrap()).abs() < 1e-15, "{a:?} {b:?}");
    }
}

#[test]
fn values_that_coincide_have_no_nearest_neighbours() {
    let (p, q) = (vec![0.0, 0.0, 1.0, 3.0, 4.0], vec![0.5, 7.0, 8.0]);
    let data = NearestData { source: &p, model: ModelValues::Sample(&q), dimensions: 1 };
    let found = estimate_nearest(&data, 1, 0.95, 57);
    assert_eq!((found.estimate, found.lack), (None, Some(Lack::Coincide)));
    let found = estimate_nearest(&data, 2, 0.95, 57);
    assert!(found.estimate.is_some() && found.std_error.is_none());
    assert_eq!(estimate_nearest(&data, 9, 0.95, 57).lack, Some(Lack::TooFew));
    let here = Workspace::new().file("p.csv", "x\n0\n0\n1.5\n3\n4\n").file("q.csv", "x\n0.5\n7\n8\n");
    here.run(["estimate", "p.csv", "q.csv"])
        .succeeds()
        .says("1 of 5 values from P are the same as another one")
        .shows("values coincide")
        .shows("values are taken for numbers");
    let here = here.file("q.csv", "x\n0.5\n1.5\n8\n");
    here.run(["estimate", "p.csv", "q.csv", "--k", "1"])
        .succeeds()
        .says("1 of 5 values from P are the same as one from Q");
}

fn normals(seed: u64, n: usize, mean: f64) -> Vec<f64> {
    let mut stream = kl_sim::simulation::StreamKey::of_studies(seed, "values", 0).stream(0);
    (0..n).map(|_| mean + kl_sim::simulation::normal(&mut stream)).collect()
}

fn file(values: &[f64]) -> String {
    let rows: Vec<String> = values.iter().map(f64::to_string).collect();
    format!("x\n{}\n", rows.join("\n"))
}

#[test]
fn samples_of_numbers_are_estimated_with_and_without_q() {
    let here = Workspace::new().file("p.csv", file(&normals(1, 400, 0.0))).file("q.csv", file(&normals(2, 500, 1.0)));
    let two = json(&here, &["p.csv", "q.csv", "--k", "3"]);
    let number = |found: &serde_json::Value, key: &str| found[key]["nats"].as_f64().unwrap();
    let found = &two["estimates"][0];
    assert_eq!((found["estimator"].as_str(), found["std_error_by"].as_str()), (Some("knn(k=3)"), Some("parts")));
    assert!((number(found, "estimate") - 0.5).abs() < 4.0 * number(found, "std_error"), "{found}");
    let (p, q) = ("normal(mean=0, std_dev=1)", "normal(mean=1, std_dev=1)");
    let known = json(&here, &["p.csv", "--q", q, "--p", p]);
    let names: Vec<&str> =
        known["estimates"].as_array().unwrap().iter().map(|found| found["estimator"].as_str().unwrap()).collect();
    assert_eq!(names, ["log_ratio", "k2", "k3", "control_variate", "knn_entropy", "knn_entropy(k=5)"]);
    assert_eq!(known["expected"]["mean"]["nats"].as_f64(), Some(0.5));
    assert_eq!(known["expected"]["std_dev"]["nats"].as_f64(), Some(0.05));
    for found in known["estimates"].as_array().unwrap().iter().filter(|found| found["bias_order"] != "lasting") {
        assert!((number(found, "estimate") - 0.5).abs() < 4.5 * number(found, "std_error"), "{found}");
    }
}

/// The spread over parts is that of estimates from fresh samples: of 300 within 25 %, five standard errors.
#[test]
fn the_error_from_parts_is_the_spread_of_estimates() {
    let (n, runs) = (120, 300);
    let mut squares = 0.0;
    let mut estimates = Vec::new();
    for run in 0..runs {
        let (p, q) = (normals(2 * run, n, 0.0), normals(2 * run + 1, n, 0.5));
        let data = NearestData { source: &p, model: ModelValues::Sample(&q), dimensions: 1 };
        let found = estimate_nearest(&data, 2, 0.95, 57);
        assert_eq!(found.method, Some(ErrorMethod::Parts));
        squares += found.std_error.unwrap() * found.std_error.unwrap() / runs as f64;
        estimates.push(found.estimate.unwrap());
    }
    let mean = estimates.iter().sum::<f64>() / runs as f64;
    let variance = estimates.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (runs as f64 - 1.0);
    let ratio = (squares / variance).sqrt();
    assert!((0.75..1.25).contains(&ratio), "{ratio}");
}

#[test]
fn q_and_the_data_must_be_over_the_same_values() {
    let here = Workspace::new().file("p.csv", "x,y\n0.5,1\n0.7,2\n0.1,4\n");
    let (normal, coin) = ("normal(mean=0, std_dev=1)", "0.5,0.5");
    here.run(["estimate", "p.csv", "--column", "x,y", "--q", normal]).refuses().says("the data have 2 columns");
    here.run(["estimate", "p.csv", "--column", "x", "--numbers", "--q", coin])
        .refuses()
        .says("--numbers does not go with");
    here.run(["estimate", "p.csv", "--column", "x", "--symbols", "--q", normal])
        .refuses()
        .says("--symbols does not go");
    here.run(["estimate", "p.csv", "--column", "x", "--q", "poisson.rate=2"]).refuses().says("\"0.1\"");
    here.run(["estimate", "p.csv", "--column", "x,y", "--symbols", "--q", coin]).refuses().says("one column");
    here.run(["estimate", "p.csv", "--column", "x", "--p", "uniform(low=0, high=0.6)", "--q", normal])
        .refuses()
        .says("P has no density");
}
