//! Several estimators side by side.

use crate::harness::Workspace;
use std::collections::BTreeMap;

const CHAIN: &str = r#"
trials = 400
N = [5, 50]
estimators = ["log_ratio", "rao_blackwell"]
P.markov_chain = { initial = "stationary", transition = [[0.9, 0.1], [0.3, 0.7]] }
Q.markov_chain = { initial = "stationary", transition = [[0.8, 0.2], [0.6, 0.4]] }
"#;

/// By condition, estimator and measure: estimate, standard error, what theory says.
fn measures(workspace: &Workspace) -> BTreeMap<(String, String, String), [Option<f64>; 3]> {
    let rows = workspace.rows("results/coin/measures.csv").into_iter();
    rows.map(|row| {
        let number = |column: &str| row[column].parse::<f64>().ok();
        let key = (row["condition"].clone(), row["estimator"].clone(), row["measure"].clone());
        (key, ["estimate", "mcse", "expected"].map(number))
    })
    .collect()
}

/// Every measure once more from the recorded trials, its standard error by leaving trials out one by one where the file has
/// one that comes from the trials.
#[test]
fn measures_are_those_of_the_trials() {
    let workspace = Workspace::with_spec(CHAIN);
    workspace.run(["coin.toml", "--quiet", "--record"]).succeeds();
    let measures = measures(&workspace);
    assert_eq!(measures.len(), 2 * (11 + 12));
    let trials = workspace.rows("results/coin/trials.csv");
    for row in workspace.rows("results/coin/summary.csv") {
        let of = |estimator: &str| -> Vec<f64> {
            let wanted =
                trials.iter().filter(|trial| trial["condition"] == row["condition"] && trial["estimator"] == estimator);
            wanted.map(|trial| trial["estimate"].parse().unwrap()).collect()
        };
        let (own, reference) = (of(&row["estimator"]), of("log_ratio"));
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        let truth = number("closed_form");
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let variance = |values: &[f64]| {
            let centre = mean(values);
            values.iter().map(|value| (value - centre) * (value - centre)).sum::<f64>() / (values.len() as f64 - 1.0)
        };
        let square =
            |values: &[f64]| mean(&values.iter().map(|value| (value - truth) * (value - truth)).collect::<Vec<_>>());
        let gain = |reference: &[f64], own: &[f64]| 100.0 * (variance(reference) / variance(own) - 1.0);
        let jackknife = |measure: &dyn Fn(&[f64], &[f64]) -> f64| {
            let without = |values: &[f64], place: usize| [&values[..place], &values[place + 1..]].concat();
            let left: Vec<f64> = (0..own.len()).map(|j| measure(&without(&reference, j), &without(&own, j))).collect();
            (variance(&left) * (left.len() as f64 - 1.0) * (left.len() as f64 - 1.0) / left.len() as f64).sqrt()
        };
        let found = |measure: &str| {
            let key = (row["condition"].clone(), row["estimator"].clone(), measure.to_owned());
            measures.get(&key).map(|[estimate, mcse, _]| (estimate.unwrap(), mcse.unwrap()))
        };
        let near = |one: f64, other: f64, part: f64| {
            assert!((one - other).abs() <= part * other.abs() + 1e-15, "{one} {other} {row:?}")
        };
        let (bias, error) = found("bias").unwrap();
        near(bias, mean(&own) - truth, 1e-9);
        assert_eq!((bias, error), (number("bias"), number("mcse")));
        let (part, error) = found("relative_bias").unwrap();
        near(part, bias / truth, 1e-12);
        near(error, number("mcse") / truth, 1e-12);
        let (std_dev, error) = found("empirical_se").unwrap();
        near(std_dev, variance(&own).sqrt(), 1e-9);
        near(error, 0.5 * number("variance_mcse") / std_dev, 1e-12);
        let (mse, error) = found("mse").unwrap();
        near(mse, square(&own), 1e-9);
        near(error, jackknife(&|_, own| square(own)), 1e-9);
        let (rmse, rmse_error) = found("rmse").unwrap();
        assert_eq!(rmse, mse.sqrt());
        near(rmse_error, 0.5 * error / rmse, 1e-12);
        let mut ordered = own.clone();
        ordered.sort_by(f64::total_cmp);
        let names = ["quantile_5", "quantile_25", "median", "quantile_75", "quantile_95"];
        for (name, level) in names.into_iter().zip([0.05, 0.25, 0.5, 0.75, 0.95]) {
            let quantile = |level: f64| {
                let place = level * (own.len() as f64 - 1.0);
                let (below, above) = (ordered[place as usize], ordered[(place as usize + 1).min(own.len() - 1)]);
                below + place.fract() * (above - below)
            };
            let reach = (level * (1.0 - level) / own.len() as f64).sqrt();
            let (estimate, error) = found(name).unwrap();
            near(estimate, quantile(level), 1e-9);
            near(error, 0.5 * (quantile(level + reach) - quantile(level - reach)), 1e-9);
        }
        match found("precision_gain") {
            None => assert_eq!(row["estimator"], "log_ratio"),
            Some((found, error)) => {
                near(found, gain(&reference, &own), 1e-9);
                // The infinitesimal jackknife and the other one differ in the order of 1/n.
                near(error, jackknife(&gain), 0.03);
            }
        }
    }
}

/// 22 measures, none farther than five of their own standard errors from theory: a right program with another seed shows one
/// with a chance below 1e-4.
#[test]
fn measures_are_near_theory() {
    let workspace = Workspace::with_spec(CHAIN);
    workspace.run(["coin.toml", "--quiet", "--trials", "20000"]).succeeds();
    for (key, [estimate, mcse, expected]) in measures(&workspace) {
        match expected {
            Some(expected) => assert!((estimate.unwrap() - expected).abs() < 5.0 * mcse.unwrap(), "{key:?}"),
            // The law of a chain's estimate is not known.
            None => assert!(["nonpositive", "median"].contains(&key.2.as_str()) || key.2.starts_with("quantile_")),
        }
    }
}

#[test]
fn measures_do_not_depend_on_threads_or_on_the_unit() {
    let workspace = Workspace::with_spec(CHAIN);
    workspace.run(["coin.toml", "--quiet", "--threads", "1"]).succeeds();
    let nats = workspace.read("results/coin/measures.csv");
    workspace.run(["coin.toml", "--quiet", "--threads", "3"]).succeeds();
    assert_eq!(workspace.read("results/coin/measures.csv"), nats);
    let one = measures(&workspace);
    workspace.run(["coin.toml", "--quiet", "--set", "unit=bits"]).succeeds();
    for (key, [estimate, ..]) in measures(&workspace) {
        let ln2 = std::f64::consts::LN_2;
        let factor = match key.2.as_str() {
            "mse" => ln2 * ln2,
            "relative_bias" | "precision_gain" | "nonpositive" => 1.0,
            _ => ln2,
        };
        let nats = one[&key][0].unwrap();
        assert!((estimate.unwrap() * factor - nats).abs() <= 1e-12 * nats.abs(), "{key:?}");
    }
}

#[test]
fn precision_is_held_against_whom_the_file_names() {
    let workspace = Workspace::with_spec(CHAIN);
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    let gain = |estimator: &str| {
        let key = ("1".to_owned(), estimator.to_owned(), "precision_gain".to_owned());
        measures(&workspace).get(&key).and_then(|found| found[0])
    };
    let forth = gain("rao_blackwell").unwrap();
    assert_eq!(gain("log_ratio"), None);
    workspace.run(["coin.toml", "--quiet", "--set", "reference=rao_blackwell"]).succeeds();
    let back = gain("log_ratio").unwrap();
    assert_eq!(gain("rao_blackwell"), None);
    assert!(((1.0 + forth / 100.0) * (1.0 + back / 100.0) - 1.0).abs() < 1e-12);
    workspace
        .run(["coin.toml", "--set", "reference=rao"])
        .refuses()
        .says("`reference` is the string \"rao\", but must be \"log_ratio\" or \"rao_blackwell\"");
    workspace
        .run(["report", "results/coin", "--columns", "N,estimator,precision_gain", "--where", "precision_gain<0"])
        .succeeds();
}

#[test]
fn one_estimator_has_nobody_beside_it() {
    let workspace = Workspace::with_spec(CHAIN);
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    assert!(workspace.path("results/coin/measures.csv").exists());
    workspace.run(["coin.toml", "--quiet", "--set", "estimators=['log_ratio']"]).succeeds();
    assert!(!workspace.path("results/coin/measures.csv").exists());
    workspace
        .run(["coin.toml", "--set", "estimators=['rao_blackwell']", "--set", "P=[0.5, 0.5]", "--set", "Q=[0.4, 0.6]"])
        .refuses()
        .says("the estimator `rao_blackwell` is for Markov chains");
}

/// Intervals once more from the estimates: of two symbols an estimate tells the counts, and those the standard error.
#[test]
fn intervals_are_those_of_the_trials() {
    let spec = "trials = 3_000\nN = 12\nlevel = 0.9\nP = [0.5, 0.5]\nQ = [0.25, 0.75]\n";
    let workspace = Workspace::with_spec(spec);
    workspace.run(["coin.toml", "--quiet", "--record"]).succeeds();
    let measures = measures(&workspace);
    let (heads, tails) = (libm::log(2.0), libm::log(2.0 / 3.0));
    let (truth, n) = (0.5 * (heads + tails), 12.0f64);
    let sigma = 0.5 * (heads - tails) / n.sqrt();
    // The normal law's 95 % point, from tables.
    let z = 1.644_853_626_951_472_7;
    let estimate = |count: f64| (count * heads + (n - count) * tails) / n;
    let std_error = |count: f64| {
        let squares = count * (heads - estimate(count)) * (heads - estimate(count))
            + (n - count) * (tails - estimate(count)) * (tails - estimate(count));
        (squares / n / (n - 1.0)).sqrt()
    };
    let trials: Vec<f64> = workspace
        .rows("results/coin/trials.csv")
        .iter()
        .map(|trial| ((trial["estimate"].parse::<f64>().unwrap() * n - n * tails) / (heads - tails)).round())
        .collect();
    let share = |is_true: &dyn Fn(f64) -> bool| {
        trials.iter().filter(|&&count| is_true(count)).count() as f64 / trials.len() as f64
    };
    let found = |measure: &str| measures[&("1".to_owned(), "log_ratio".to_owned(), measure.to_owned())];
    let holds = |count: f64, value: f64, error: f64| (estimate(count) - value).abs() <= z * error;
    let covered = share(&|count| holds(count, truth, std_error(count)));
    assert_eq!(found("coverage")[0], Some(covered));
    assert!((found("coverage")[1].unwrap() - (covered * (1.0 - covered) / 3_000.0).sqrt()).abs() < 1e-15);
    assert_eq!(found("bias_eliminated_coverage")[0], Some(covered));
    assert_eq!(found("rejection")[0], Some(share(&|count| !holds(count, 0.0, std_error(count)))));
    assert_eq!(found("exact_se_coverage")[0], Some(share(&|count| holds(count, truth, sigma))));
    assert_eq!(found("nonpositive")[0], Some(share(&|count| estimate(count) <= 0.0)));
    let mean_square = trials.iter().map(|&count| std_error(count) * std_error(count)).sum::<f64>() / 3_000.0;
    assert!((found("model_se")[0].unwrap() - mean_square.sqrt()).abs() < 1e-12);
    // What theory says of them: sums over the binomial law.
    let mass = |count: u64| {
        let ways: f64 = (0..count).map(|place| (12 - place) as f64 / (place + 1) as f64).product();
        ways / 4096.0
    };
    let chance = |is_true: &dyn Fn(f64) -> bool| (0..=12).filter(|&count| is_true(count as f64)).map(mass).sum::<f64>();
    for (measure, expected) in [
        ("exact_se_coverage", chance(&|count| holds(count, truth, sigma))),
        ("exact_se_rejection", chance(&|count| !holds(count, 0.0, sigma))),
        ("nonpositive", chance(&|count| estimate(count) <= 1e-15)),
    ] {
        let [estimate, mcse, theory] = found(measure);
        assert!((theory.unwrap() - expected).abs() < 1e-12, "{measure} {theory:?} {expected}");
        assert!((estimate.unwrap() - expected).abs() < 5.0 * mcse.unwrap(), "{measure}");
    }
    // The jackknife of the average standard error's error, as the literature's formula would not give it.
    let [error, mcse, _] = found("model_se_error");
    let relative = |left_out: Option<usize>| {
        let kept: Vec<f64> =
            trials.iter().enumerate().filter(|(j, _)| Some(*j) != left_out).map(|(_, &count)| count).collect();
        let count = kept.len() as f64;
        let mean = kept.iter().map(|&k| estimate(k)).sum::<f64>() / count;
        let spread = kept.iter().map(|&k| (estimate(k) - mean) * (estimate(k) - mean)).sum::<f64>() / (count - 1.0);
        let model = kept.iter().map(|&k| std_error(k) * std_error(k)).sum::<f64>() / count;
        100.0 * ((model / spread).sqrt() - 1.0)
    };
    assert!((error.unwrap() - relative(None)).abs() < 1e-8);
    let left: Vec<f64> = (0..trials.len()).map(|j| relative(Some(j))).collect();
    let mean = left.iter().sum::<f64>() / 3_000.0;
    let jackknife = (left.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() * 2_999.0 / 3_000.0).sqrt();
    assert!((mcse.unwrap() / jackknife - 1.0).abs() < 0.01, "{mcse:?} {jackknife}");
    workspace
        .run(["coin.toml", "--set", "level=95"])
        .refuses()
        .says("`level` is 95, but must be a number above 0 and below 1");
}

/// Quantiles beside their exact values: of laws with a density within five standard errors (of 20 one is farther in 87,000
/// seeds); on the grid of a binomial law they are the same, but where a level falls between two values.
#[test]
fn quantiles_are_near_those_of_the_exact_law() {
    let spec = |pair: &str, n: u64| format!("trials = 20_000\nN = {n}\nseed = 57\nlevel = 0.95\n{pair}");
    let densities = [
        "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }",
        "P.exponential.rate = 1\nQ.exponential.rate = 3",
        "P.exponential.rate = 3\nQ.exponential.rate = 1",
        "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 0, std_dev = 2 }",
    ];
    for pair in densities {
        let workspace = Workspace::with_spec(&spec(pair, 7));
        workspace.run(["coin.toml", "--quiet"]).succeeds();
        let found = measures(&workspace);
        let quantiles = || found.iter().filter(|(key, _)| key.2 == "median" || key.2.starts_with("quantile_"));
        assert_eq!(quantiles().count(), 5);
        for (key, [estimate, mcse, expected]) in quantiles() {
            let z = (estimate.unwrap() - expected.unwrap()) / mcse.unwrap();
            assert!(z.abs() < 5.0, "{pair} {key:?}: {z}");
        }
    }
    for pair in
        ["P = [0.5, 0.5]\nQ = [0.4, 0.6]", "P = [0.5, 0.5]\nQ = [0.6, 0.4]", "P.poisson.rate = 1\nQ.poisson.rate = 2"]
    {
        let workspace = Workspace::with_spec(&spec(pair, 30));
        workspace.run(["coin.toml", "--quiet"]).succeeds();
        for (key, [estimate, _, expected]) in measures(&workspace) {
            if key.2 == "median" || key.2.starts_with("quantile_") {
                assert!((estimate.unwrap() - expected.unwrap()).abs() < 1e-14, "{pair} {key:?}");
            }
        }
    }
}

/// What a zip plot is drawn from: the recorded trials' own intervals, ranked, as many of them holding the truth as coverage says.
#[test]
fn intervals_are_ranked_trials() {
    let spec = "trials = 2_000\nN = [5, 40]\nseed = 57\nlevel = 0.9\nunit = \"bits\"\nP = [0.5, 0.3, 0.2]\nQ = [0.2, 0.3, 0.5]";
    let workspace = Workspace::with_spec(spec);
    workspace.run(["coin.toml", "--quiet", "--record"]).succeeds();
    let trials = workspace.rows("results/coin/trials.csv");
    let summary = workspace.rows("results/coin/summary.csv");
    for (condition, row) in ["1", "2"].into_iter().zip(&summary) {
        let rows = workspace.rows("results/coin/intervals.csv");
        let rows: Vec<_> = rows.iter().filter(|row| row["condition"] == condition).collect();
        assert_eq!(rows.len(), 100);
        let truth: f64 = row["closed_form"].parse().unwrap();
        let mut last = 0.0;
        for (rank, row) in rows.iter().enumerate() {
            let number = |column: &str| row[column].parse::<f64>().unwrap();
            assert!((number("centile") - (rank as f64 + 0.5)).abs() < 1e-12);
            let recorded = |trial: &&BTreeMap<String, String>| {
                trial["condition"] == condition && trial["estimate"] == row["estimate"]
            };
            assert!(trials.iter().find(recorded).is_some(), "{row:?}");
            // The 5 % beyond 1.6449 standard errors.
            let reach = 1.644_853_626_951_472_2 * number("std_error");
            assert!((number("low") - (number("estimate") - reach)).abs() < 1e-12, "{row:?}");
            assert!((number("high") - (number("estimate") + reach)).abs() < 1e-12, "{row:?}");
            let off = (number("estimate") - truth).abs() / number("std_error");
            assert!(off >= last * (1.0 - 1e-9), "{row:?}");
            last = off;
            assert_eq!(row["holds"] == "1", off <= 1.644_853_626_951_472_2);
        }
        let holding = rows.iter().filter(|row| row["holds"] == "1").count() as f64 / 100.0;
        let coverage = measures(&workspace)[&(condition.to_owned(), "log_ratio".to_owned(), "coverage".to_owned())][0];
        assert!((holding - coverage.unwrap()).abs() <= 0.0101, "{holding} {coverage:?}");
    }
    let one = workspace.contents("results");
    workspace.run(["coin.toml", "--quiet", "--record", "--threads", "3"]).succeeds();
    assert_eq!(workspace.contents("results"), one);
    workspace.run(["coin.toml", "--quiet", "--set", "estimators=[\"plug_in\"]"]).succeeds();
    assert!(!workspace.path("results/coin/intervals.csv").exists(), "plug_in has no standard error");
}

/// k3 and the control variate are right on average, the latter without any spread at N = 1 of two values: what was left of
/// their bias was 3e-18, as an estimate and as what is expected.
#[test]
fn dust_is_no_bias() {
    for (p, q) in [("0.1, 0.2, 0.7", "0.3, 0.3, 0.4"), ("0.3, 0.7", "0.35, 0.65"), ("0.25, 0.75", "0.1, 0.9")] {
        let text = format!(
            "seed = 1\ntrials = 1_000\nN = [1, 7, 50]\nestimators = [\"log_ratio\", \"k2\", \"k3\", \"control_variate\"]\n\
             P = [{p}]\nQ = [{q}]\n"
        );
        let here = Workspace::with_spec(&text);
        here.run(["coin.toml", "--quiet"]);
        let rows = here.rows("results/coin/measures.csv");
        assert!(rows.iter().any(|row| row["measure"] == "bias" && row["expected"] == "0.0"));
        // A chance may well be 1e-25.
        for row in rows.iter().filter(|row| row["measure"] != "nonpositive") {
            for column in ["estimate", "mcse", "expected"] {
                let value: f64 = row[column].parse().unwrap_or(0.0);
                assert!(value == 0.0 || value.abs() > 1e-15, "{row:?}");
            }
        }
    }
}
