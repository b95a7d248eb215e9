//! Estimators from symbol counts: their exact laws against an independent enumeration
//! (`tests/reference/count_estimators.py`), known facts, and runs.

use crate::harness::Workspace;
use kl_math::distribution::{Distribution, Pair};
use kl_math::law::{Atom, Law};
use kl_sim::estimator::{CountEstimator, ESTIMATORS, Estimator, Settings, Theory};
use std::collections::BTreeMap;
use std::sync::Arc;

fn pair(p: &[f64], q: &[f64]) -> Pair {
    let law = |weights: &[f64]| Arc::new(Distribution::of_weights(weights).unwrap());
    Pair::new(law(p), law(q)).unwrap()
}

/// Probabilities in 64ths.
fn weights(text: &str) -> Vec<f64> {
    text.split(' ').map(|part| part.parse::<f64>().unwrap() / 64.0).collect()
}

fn atoms(theory: &Theory) -> &[Atom] {
    match &theory.law {
        Some(Law::Atoms(atoms)) => atoms,
        _ => panic!("the law is not listed"),
    }
}

/// Mean, second, third and fourth central moment of the finite values, and the chance of the infinite one.
fn moments(atoms: &[Atom]) -> ([f64; 4], f64) {
    let finite = || atoms.iter().filter(|atom| atom.value.is_finite());
    let whole: f64 = finite().map(|atom| atom.mass).sum();
    let mean = finite().map(|atom| atom.mass * atom.value).sum::<f64>() / whole;
    let central = [2, 3, 4].map(|power| {
        let term = |atom: &Atom| (0..power).fold(atom.mass, |product, _| product * (atom.value - mean));
        finite().map(term).sum::<f64>() / whole
    });
    let infinite = atoms.iter().filter(|atom| atom.value.is_infinite()).map(|atom| atom.mass).sum();
    ([mean, central[0], central[1], central[2]], infinite)
}

#[test]
fn every_reference_law_is_met() {
    let mut reader = csv::Reader::from_path("tests/reference/count_estimators.csv").unwrap();
    let (mut worst, mut rows): (BTreeMap<String, f64>, usize) = (BTreeMap::new(), 0);
    for row in reader.records() {
        let row = row.unwrap();
        let kind = ESTIMATORS.iter().find(|kind| kind.name == &row[0]).unwrap();
        let a = row[1].parse::<f64>().map(|a| ("a", a));
        let m = row[5].parse::<f64>().map(|m| ("M", m));
        let settings: Settings =
            [a, m].into_iter().filter_map(Result::ok).map(|(key, value)| (key, value.into())).collect();
        let estimator = (kind.make)(&settings);
        let (pair, n) = (pair(&weights(&row[2]), &weights(&row[3])), row[4].parse().unwrap());
        assert_eq!(estimator.suits(&pair, n), Ok(()));
        let theory = estimator.theory(&pair, n);
        let (found, infinite) = moments(atoms(&theory));
        let number = |column: usize| row[column].parse::<f64>().ok();
        let mut close = |what: &str, found: f64, expected: f64| {
            let error = (found - expected).abs() / f64::max(1.0, expected.abs());
            assert!(error <= 1e-12, "{row:?}: {what} {found} {expected}");
            let worst = worst.entry(row[0].to_owned()).or_default();
            *worst = worst.max(error);
        };
        for (place, &found) in found.iter().enumerate() {
            if let Some(expected) = number(6 + place) {
                close("moment", found, expected);
            }
        }
        let expected_infinite = number(10).unwrap();
        close("infinite", infinite, expected_infinite);
        close("infinite mass", theory.infinite_mass.to_f64(), expected_infinite);
        if expected_infinite == 0.0 {
            close("mean", theory.mean.unwrap(), number(6).unwrap());
            close("variance", theory.variance.unwrap(), number(7).unwrap());
            let (mean, std_dev) = estimator.moments(&pair, n);
            close("running mean", mean.unwrap(), number(6).unwrap());
            close("running deviation", std_dev.unwrap() * std_dev.unwrap(), number(7).unwrap());
        } else {
            assert_eq!((theory.mean, theory.variance), (Some(f64::INFINITY), None));
        }
        rows += 1;
    }
    println!("worst errors of {rows} laws: {worst:?}");
    assert!(rows > 220 && worst.len() == 13);
}

/// Every estimator from counts.
fn all() -> Vec<Arc<dyn Estimator>> {
    let coins = pair(&[0.5, 0.5], &[0.25, 0.75]);
    let others = ESTIMATORS
        .iter()
        .filter(|kind| !["log_ratio", "code_length"].contains(&kind.name))
        .map(|kind| (kind.make)(&Settings::new()));
    others.filter(|estimator| estimator.suits(&coins, 10).is_ok()).collect()
}

#[test]
fn the_order_of_symbols_is_no_matter() {
    let (one, other) = (pair(&[0.5, 0.3, 0.2], &[0.2, 0.2, 0.6]), pair(&[0.2, 0.5, 0.3], &[0.6, 0.2, 0.2]));
    for estimator in all() {
        let [one, other] = [&one, &other].map(|pair| moments(atoms(&estimator.theory(pair, 6))));
        for (one, other) in one.0.iter().zip(&other.0) {
            assert!((one - other).abs() < 1e-14, "{}", estimator.name());
        }
        assert!((one.1 - other.1).abs() < 1e-14);
    }
}

#[test]
fn known_biases_are_found() {
    let pair = pair(&[0.5, 0.3, 0.2], &[0.2, 0.2, 0.6]);
    let bias = |estimator: &CountEstimator, n: u64| {
        let theory = estimator.theory(&pair, n);
        theory.mean.unwrap() - theory.closed_form
    };
    for n in [1, 2, 5, 20, 80, 320] {
        assert!(bias(&CountEstimator::plug_in(), n) > 0.0);
        // Zhang: Σ_{v≥N} (1/v) Σ p (1−p)ᵛ, exactly.
        let tail: f64 = (n..n + 2000)
            .map(|v| [0.5f64, 0.3, 0.2].map(|p| p * libm::pow(1.0 - p, v as f64)).iter().sum::<f64>() / v as f64)
            .sum();
        assert!((bias(&CountEstimator::zhang(), n) - tail).abs() < 1e-14);
    }
    // (K−1)/(2N) for the plug-in; twice the length, a quarter of the bias for the corrected ones.
    assert!((bias(&CountEstimator::plug_in(), 320) * 320.0 - 1.0).abs() < 0.02);
    for corrected in [CountEstimator::miller_madow(), CountEstimator::jackknife()] {
        let ratio = bias(&corrected, 160) / bias(&corrected, 320);
        assert!((ratio - 4.0).abs() < 0.2, "{}: {ratio}", corrected.name());
    }
}

/// 65,536 vectors are the limit: 3 symbols up to N = 360. Two of them have one q, so that half of the values are the same.
#[test]
fn beyond_the_limit_nothing_is_claimed() {
    let pair = pair(&[0.5, 0.3, 0.2], &[0.2, 0.2, 0.6]);
    let (last, first) = (CountEstimator::plug_in().theory(&pair, 360), CountEstimator::plug_in().theory(&pair, 361));
    assert!(last.mean.is_some() && last.contributions.is_some() && atoms(&last).len() > 30_000);
    assert!(first.mean.is_none() && first.variance.is_none() && first.contributions.is_none() && first.law.is_none());
    let bins = CountEstimator::plug_in().bins(&pair, 361);
    assert!(bins.bins().len() > 100 && bins.bins().iter().all(|bin| bin.mass.is_none()));
}

const SPEC: &str = r#"
seed   = 57
trials = 20_000
N      = [1, 4, 12, 400]
P      = { categorical = { a = 0.5, b = 0.3, c = 0.2 } }
Q      = { categorical = { c = 0.6, a = 0.2, b = 0.2 } }
estimators = ["log_ratio", "plug_in", "miller_madow", "jackknife", "grassberger_schurmann", "zhang", "chao_shen",
    { name = "dirichlet", a = 0.5 }, "shrink", "plug_in_two_sample", { name = "zhang_grabchak", M = 9 }, "augmented_plug_in",
    "bu_augmented", "jeffreys"]
"#;

/// Mean, variance and infinite trials, by theory and by simulation; and the same bytes on any threads and CPU.
#[test]
fn simulations_agree_with_theory() {
    let here = Workspace::with_spec(SPEC);
    for sampler in ["sequence", "counts"] {
        let out = |name: &str| format!("{sampler}-{name}");
        here.run(["coin.toml", "--sampler", sampler, "--threads", "1", "--out", &out("one")])
            .succeeds()
            .shows("44 of 56 rows could be tested and agree with theory");
        let mut plain = here.command(["coin.toml", "--sampler", sampler, "--threads", "3", "--out", &out("plain")]);
        plain.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2");
        crate::harness::Ended::new(plain.output().unwrap()).succeeds();
        assert!(here.contents(&out("one")) == here.contents(&out("plain")), "{sampler}");
        let rows = here.rows(&format!("{}/coin/summary.csv", out("one")));
        assert_eq!(rows.len(), 4 * 14);
        for row in rows {
            let is_listed =
                row["n"] != "400" || row["estimator"] == "log_ratio" || row["estimator"] == "plug_in_two_sample";
            assert_eq!(row["verdict"], if is_listed { "agree" } else { "untested" }, "{row:?}");
            if !is_listed {
                assert!(row["expected"].is_empty() && row["z"].is_empty() && row["closed_form_variance"].is_empty());
                let number = |name: &str| row[name].parse::<f64>().unwrap();
                assert!((number("mean") - number("closed_form") - number("bias")).abs() < 1e-15);
                assert!(number("mcse") > 0.0 && number("bias").abs() < 0.2 && number("rmse") >= number("bias").abs());
                let mcse = libm::sqrt(number("variance") / number("trials"));
                assert!((number("mcse") / mcse - 1.0).abs() < 1e-12);
            }
        }
    }
}

/// Where P = Q and M = N the two samples would be one, were their streams.
#[test]
fn samples_from_equal_distributions_are_independent() {
    let third = "[\"1/3\", \"1/3\", \"1/3\"]";
    let names = "[\"plug_in_two_sample\", \"zhang_grabchak\", \"augmented_plug_in\", \"jeffreys\"]";
    let spec = format!("trials = 20_000\nN = [1, 12]\nP = {third}\nQ = {third}\nestimators = {names}\n");
    let here = Workspace::with_spec(&spec);
    for sampler in ["sequence", "counts"] {
        here.run(["coin.toml", "--sampler", sampler]).succeeds().shows("all 8 rows agree with theory");
    }
}

/// The same trial has the same sample from Q whatever stands beside it, and its estimate can be had alone.
#[test]
fn a_trials_sample_depends_on_nothing_else() {
    let here = Workspace::with_spec(SPEC);
    let all = ["coin.toml", "--record", "--set", "N=[4, 400]", "--trials", "300", "--out", "all"];
    here.run(all).succeeds();
    let alone =
        ["coin.toml", "--record", "--set", "N=[4, 400]", "--set", "estimators=[\"jeffreys\"]", "--trials", "200"];
    here.run(alone.into_iter().chain(["--out", "alone"])).succeeds();
    let of = |folder: &str| {
        let rows = here.rows(&format!("{folder}/coin/trials.csv")).into_iter();
        let wanted = rows.filter(|row| row["estimator"] == "jeffreys" && row["trial"].parse::<u64>().unwrap() <= 200);
        wanted.map(|row| row["estimate"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("all"), of("alone"));
    let text = here.read("all/coin/trials.csv");
    for (condition, trial) in [("1", "1"), ("1", "290"), ("2", "77")] {
        let set = ["coin.toml", "--set", "N=[4, 400]", "--condition", condition, "--trial", trial];
        let replayed = here.run(["replay"].into_iter().chain(set)).succeeds();
        let start = format!("{condition},{trial},");
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with(&start)).collect();
        assert_eq!(rows.len(), 14);
        rows.into_iter().fold(replayed, |replayed, row| replayed.shows(row));
    }
}

#[test]
fn tallies_work_with_known_models_and_are_refused_for_samples() {
    let spec = SPEC.replace("20_000", "1e9").replace("[1, 4, 12, 400]", "[2, 12]");
    let (known, _) = spec.split_once(", \"plug_in_two_sample\"").unwrap();
    let here = Workspace::with_spec(&format!("{known}]\n")).file("both.toml", &spec);
    here.run(["coin.toml", "--sampler", "tally"]).succeeds().shows("agree");
    here.run(["both.toml", "--sampler", "tally"]).refuses().says("needs a sample from Q for each trial");
}

#[test]
fn what_has_no_independent_symbols_is_refused() {
    let spec = |side: &str| format!("trials = 10\nN = 5\nestimators = [\"zhang\"]\nP.{side}\nQ.{side}\n");
    let here = Workspace::with_spec(&spec("poisson.rate = 2"));
    here.run(["coin.toml"]).refuses().says("the estimator `zhang` counts symbols, and poisson(rate=2) has none");
    let chain = "markov_chain = { initial = \"stationary\", transition = [[0.9, 0.1], [0.4, 0.6]] }";
    let here = Workspace::with_spec(&spec(chain));
    here.run(["coin.toml"]).refuses().says("the estimator `zhang` takes symbols for independent");
    let many = format!("[{}]", vec!["\"1/15\""; 15].join(", "));
    let spec = format!("trials = 10\nN = 5\nestimators = [\"plug_in_two_sample\"]\nP = {many}\nQ = {many}\n");
    Workspace::with_spec(&spec).run(["coin.toml"]).refuses().says("for up to 14 symbols, and not for 15");
}
