//! Divergence from distances between values.

use crate::harness::Workspace;
use kl_sim::estimator::nearest_neighbour_estimate;

/// By all distances, to 25 digits: `tests/reference/knn.py`.
#[test]
fn estimates_are_those_of_an_independent_sum() {
    let rows = crate::harness::rows(std::path::Path::new("tests/reference/knn.csv"));
    assert_eq!(rows.len(), 27);
    for row in rows {
        let whole = |column: &str| row[column].parse::<usize>().unwrap();
        let list = |column: &str| row[column].split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
        let (source, model) = (list("source"), list("model"));
        let found = nearest_neighbour_estimate(&source, &model, whole("dimensions"), whole("k")).unwrap();
        let expected: f64 = row["estimate"].parse().unwrap();
        assert!((found - expected).abs() < 1e-14, "{found} for {expected}: {row:?}");
    }
}

#[test]
fn values_that_coincide_or_are_too_few_give_no_estimate() {
    assert_eq!(nearest_neighbour_estimate(&[0.0, 0.0, 1.0], &[0.5], 1, 1), None);
    assert_eq!(nearest_neighbour_estimate(&[0.0, 1.0], &[0.0], 1, 1), None);
    assert_eq!(nearest_neighbour_estimate(&[0.0, 1.0], &[0.5], 1, 2), None);
    assert_eq!(nearest_neighbour_estimate(&[0.0, f64::INFINITY], &[0.5], 1, 1), None);
    assert!(nearest_neighbour_estimate(&[0.0, 0.0, 1.0, 3.0], &[0.5, 7.0], 1, 2).is_some());
}

fn experiment(keys: &str) -> String {
    format!("seed = 57\nrecord = \"csv\"\n{keys}")
}

/// With P = Q and M = N − 1 both distances have one law, and the mean is 0 for any P. Of 8 means one is more than five
/// standard errors off in 200,000 seeds.
#[test]
fn the_mean_is_zero_where_both_samples_are_alike() {
    let pairs = [
        ("normal = { mean = 3, std_dev = 2 }", 1),
        ("exponential.rate = 2", 5),
        ("multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }", 1),
        ("dirichlet.alpha = [2, 3, 4]", 3),
    ];
    for (side, k) in pairs {
        for n in [10, 40] {
            let estimator = format!("estimators = [{{ name = \"knn\", k = {k}, M = {} }}]", n - 1);
            let keys = format!("trials = 4_000\nN = {n}\n{estimator}\nP.{side}\nQ.{side}\n");
            let here = Workspace::with_spec(&experiment(&keys));
            here.run(["coin.toml"]).succeeds();
            let row = &here.rows("results/coin/summary.csv")[0];
            let [mean, error] = ["mean", "mcse"].map(|column| row[column].parse::<f64>().unwrap());
            assert!(error > 0.0 && mean.abs() < 5.0 * error, "{side} {n}: {mean} ± {error}");
            assert_eq!((row["verdict"].as_str(), row["failed_trials"].as_str()), ("untested", "0"));
        }
    }
}

/// Against the known divergence, from 4,000 values of each: within five standard errors and the bias that is left.
#[test]
fn it_comes_near_the_divergence() {
    let keys = "trials = 60\nN = 4_000\nestimators = [\"knn\", { name = \"knn\", k = 4 }]\n\
                P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1.5 }\n";
    let here = Workspace::with_spec(&experiment(keys));
    here.run(["coin.toml"]).succeeds();
    for row in here.rows("results/coin/summary.csv") {
        let [bias, error] = ["bias", "mcse"].map(|column| row[column].parse::<f64>().unwrap());
        assert!(bias.abs() < 5.0 * error + 0.005 && error < 0.01, "{bias} ± {error}");
    }
}

/// Stretches, threads and replay: a trial's estimate is its own.
#[test]
fn a_trials_estimate_is_the_same_alone() {
    let keys = "trials = 300\nN = [7, 9_000]\nestimators = [\"log_ratio\", { name = \"knn\", k = 2, M = 11 }]\n\
                P.laplace = { location = 0, scale = 1 }\nQ.normal = { mean = 0, std_dev = 2 }\n";
    let here = Workspace::with_spec(&experiment(keys));
    here.run(["coin.toml", "--threads", "1", "--out", "one"]).succeeds();
    here.run(["coin.toml", "--threads", "3", "--out", "three"]).succeeds();
    assert_eq!(here.contents("one"), here.contents("three"));
    let trials = here.read("one/coin/trials.csv");
    for (condition, trial) in [("1", "1"), ("1", "299"), ("2", "3")] {
        let found = here.run(["replay", "coin.toml", "--condition", condition, "--trial", trial]).succeeds();
        let start = format!("{condition},{trial},");
        let rows: Vec<&str> = trials.lines().filter(|line| line.starts_with(&start)).collect();
        assert_eq!(rows.len(), 2);
        rows.iter().for_each(|row| assert!(found.out.contains(row), "{row} is not in\n{}", found.out));
    }
}

#[test]
fn what_has_no_distances_is_refused() {
    let refused = |keys: &str, told: &str| {
        Workspace::with_spec(&experiment(keys)).run(["coin.toml"]).refuses().says(told);
    };
    let knn = "trials = 10\nestimators = [{ name = \"knn\", k = 5 }]\n";
    let normals = "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }\n";
    refused(&format!("{knn}N = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n"), "measures distances");
    refused(
        &format!("{knn}N = 10\nP.poisson.rate = 1\nQ.poisson.rate = 2\n"),
        "the values of poisson(rate=1) coincide",
    );
    refused(&format!("{knn}N = 5\n{normals}"), "needs k = 5 other values beside each, and N is 5");
    refused(&format!("{}N = 9\n{normals}", knn.replace("k = 5", "k = 5, M = 4")), "M is 4");
    refused(&format!("{knn}N = 20_000_000\n{normals}"), "keeps at most 10000000");
    refused(&format!("{}N = 9\n{normals}", knn.replace("k = 5", "k = 0")), "a whole number from 1 to 1000");
    refused(&format!("sampler = \"counts\"\n{knn}N = 9\n{normals}"), "needs every value");
}

/// Values that are 0 to a double coincide: the trials are counted, and nothing is said of estimates that are not there.
#[test]
fn trials_whose_values_coincide_are_counted() {
    let gamma = |shape: f64| {
        let keys = format!(
            "trials = 50\nN = 10\nestimators = [\"log_ratio\", \"knn\"]\n\
             P.gamma = {{ shape = {shape}, rate = 1 }}\nQ.gamma = {{ shape = {shape}, rate = 2 }}\n"
        );
        Workspace::with_spec(&experiment(&keys))
    };
    let here = gamma(0.001);
    here.run(["coin.toml"]).succeeds().says("`knn` gave no estimate in 50 of 50 trials of condition 1: it has no row");
    assert_eq!(here.rows("results/coin/summary.csv").len(), 1);
    here.run(["report", "results/coin"]).succeeds();
    let here = gamma(0.004);
    let ended = here.run(["coin.toml"]).succeeds();
    let rows = here.rows("results/coin/summary.csv");
    let failed = &rows[1]["failed_trials"];
    assert!((1..50).contains(&failed.parse::<u32>().unwrap()), "{failed}");
    ended.says(&format!("gave no estimate in {failed} of 50 trials")).shows("failed trials");
    let empty = here.rows("results/coin/trials.csv").iter().filter(|row| row["estimate"].is_empty()).count();
    assert_eq!(&empty.to_string(), failed);
    here.run(["summarize", "results/coin/trials.csv", "--by", "estimator"]).succeeds();
}
