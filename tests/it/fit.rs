//! `runner fit`: fits against an independent source (`tests/reference/fit_normals.py`, `fit_tied.py`), and what a user sees.

use crate::harness::Workspace;
use insta::assert_snapshot;
use kl_math::divergence::fit::{TiedFit, forward_normal, k1_reward_policy, k3_loss_policy, reverse_normal};
use kl_math::prelude::*;
use kl_runner::experiment_file::{Argument, read_one};
use kl_runner::report::significant;
use std::sync::Arc;

fn law(text: &str) -> Arc<Distribution> {
    read_one(Argument { name: "P =", text }).unwrap_or_else(|mistakes| panic!("{text}: {mistakes}"))
}

fn rows(name: &str) -> Vec<csv::StringRecord> {
    let path = format!("tests/reference/{name}.csv");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).unwrap();
    reader.records().map(Result::unwrap).collect()
}

/// The parameters are within the errors that are stated, which are small, and the divergences within theirs.
#[test]
fn normal_fits_are_within_the_errors_that_are_stated() {
    let mut wrong = Vec::new();
    let all = rows("fit_normals");
    for row in &all {
        let p = law(&row[0]);
        let number = |column: usize| row[column].parse::<f64>().ok();
        let fits = [(forward_normal(&p).ok(), 1), (reverse_normal(&p).ok().map(|found| found.fit), 4)];
        for (fit, first) in fits {
            let (Some(mean), Some(std_dev), Some(kl)) = (number(first), number(first + 1), number(first + 2)) else {
                assert!(fit.is_none(), "{}", &row[0]);
                continue;
            };
            let fit = fit.unwrap_or_else(|| panic!("{}: no fit", &row[0]));
            let (mean_error, std_dev_error) = (fit.mean_error.unwrap(), fit.std_dev_error.unwrap());
            let is_right = (fit.mean - mean).abs() <= mean_error && (fit.std_dev - std_dev).abs() <= std_dev_error;
            if !is_right || mean_error.max(std_dev_error) > 1e-11 * (mean.abs() + std_dev) {
                wrong.push(format!("{}: {fit:?} is not {mean:e}, {std_dev:e}", &row[0]));
            }
            let q: Distribution = Normal::new(fit.mean, fit.std_dev).unwrap().into();
            let pair = if first == 1 { Pair::of((*p).clone(), q) } else { Pair::of(q, (*p).clone()) };
            let found = Divergence::of(&pair.unwrap());
            let room = found.error.unwrap_or(1e-14) + 1e-14 * kl;
            if (found.mean - kl).abs() > room || room > 1e-11 {
                wrong.push(format!("{}: {found:?} is not {kl:e}", &row[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(all.len(), 17);
}

#[test]
fn tied_fits_are_those_of_an_optimiser() {
    let all = rows("fit_tied");
    for row in &all {
        let p = law(&row[0]);
        let places = |tie: &str| tie.split(',').map(|place| place.trim().parse::<usize>().unwrap() - 1).collect();
        let ties: Vec<Vec<usize>> = row[1].split('|').map(places).collect();
        let found = TiedFit::of(&p, &ties).unwrap();
        let near = |found: &[f64], expected: &str| {
            let expected: Vec<f64> = expected.split(' ').map(|number| number.parse().unwrap()).collect();
            let is_near = |(q, expected): (&f64, &f64)| (q - expected).abs() <= 4e-15 * expected;
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(&expected).all(is_near), "{}: {found:?} is not {expected:?}", &row[0]);
        };
        near(&found.forward, &row[2]);
        let reverse = found.reverse.unwrap();
        near(&reverse, &row[4]);
        let [forward_kl, reverse_kl] = [3, 5].map(|column| row[column].parse::<f64>().unwrap());
        assert!((found.least_reverse - reverse_kl).abs() <= 1e-14 * reverse_kl, "{} is not {reverse_kl}", found.least_reverse);
        let q = |probabilities: &[f64]| TiedFit::over_symbols_of(&p, probabilities).unwrap();
        let forward = kl_of((*p).clone(), q(&found.forward).into());
        assert!((forward - forward_kl).abs() <= 1e-14 * forward_kl, "{forward} is not {forward_kl}");
        let back = kl_of(q(&reverse).into(), (*p).clone());
        assert!((back - reverse_kl).abs() <= 1e-13 * reverse_kl, "{back} is not {reverse_kl}");
    }
    assert_eq!(all.len(), 6);
}

fn kl_of(p: Distribution, q: Distribution) -> f64 {
    Divergence::of(&Pair::of(p, q).unwrap()).mean
}

const TWO: &str = "mixture = [{ weight = 0.7, normal = { mean = -3, std_dev = 1 } }, { weight = 0.3, normal = { mean = 3, std_dev = 0.5 } }]";

#[test]
fn a_mixture_has_two_fits() {
    let here = Workspace::new();
    assert_snapshot!(here.run(["fit", "--p", TWO]).succeeds().out);
    let json = here.run(["fit", "--p", TWO, "--json", "--log-z", "2.5"]).succeeds().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["family"]), (&"kl-runner/fit/1".into(), &"normal".into()));
    let number = |path: &str| json.pointer(path).and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("{path}"));
    assert!((number("/reverse/elbo/nats") - (2.5 - number("/reverse/q_against_p/nats"))).abs() < 1e-15);
    assert_eq!(json["searches"].as_array().map(Vec::len), Some(3));
    // The fits as `runner kl` sees them.
    let q = json["reverse"]["q"].as_str().unwrap();
    let kl = here.run(["kl", "--p", TWO, "--q", q, "--json"]).succeeds().out;
    let kl: serde_json::Value = serde_json::from_str(&kl).unwrap();
    assert_eq!(kl["q_against_p"]["divergence"]["nats"], json["reverse"]["q_against_p"]["nats"]);
}

#[test]
fn tied_symbols_share_a_probability() {
    let here = Workspace::new();
    assert_snapshot!(here.run(["fit", "--p", "a=0.4,b=0.3,c=0.2,d=0.1", "--tie", "c,d", "--log-z", "1"]).succeeds().out);
    assert_snapshot!(here.run(["fit", "--p", "bernoulli.p=0.25", "--tie", "[\"0\", \"1\"]", "--csv"]).succeeds().out);
}

#[test]
fn one_direction_may_exist_alone() {
    let here = Workspace::new();
    let exponential = here.run(["fit", "--p", "exponential.rate=1", "--csv"]).succeeds().out;
    assert_snapshot!(exponential.lines().nth(2).unwrap());
    let both = here.run(["fit", "--p", "exponential.rate=1"]).succeeds().out;
    assert!(both.contains("There is no reverse fit: P has no density below 0"), "{both}");
    let cauchy = here.run(["fit", "--p", "cauchy(location=0, scale=1)"]).succeeds().out;
    assert!(cauchy.contains("There is no forward fit: the variance of P is not finite"), "{cauchy}");
    assert!(!here.run(["fit", "--p", TWO, "--direction", "forward"]).succeeds().out.contains("Searches"));
}

#[test]
fn what_cannot_be_fitted_is_refused_with_the_reason() {
    let here = Workspace::new();
    let refused = |words: &[&str]| here.run(std::iter::once("fit").chain(words.iter().copied())).exits_with(2).err;
    assert_snapshot!(refused(&["--p", "poisson.rate=1"]));
    assert_snapshot!(refused(&["--p", "0.2,0.3,0.5"]));
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--tie", "a,bb", "--tie", "a,b"]));
    assert_snapshot!(refused(&["--p", "laplace(location=0, scale=1)", "--tie", "a,b"]));
    assert_snapshot!(refused(&["--p", "laplace(location=0, scale=1)", "--family", "categorical"]));
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--family", "normal"]));
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--tie", "a"]));
    assert_snapshot!(refused(&["--p", "exponential.rate=1", "--direction", "reverse"]));
    assert_snapshot!(refused(&["--p", "pareto(scale=1, shape=1.5)"]));
    assert_snapshot!(refused(&["--p", "markov_chain(initial=stationary, transition=[[0.9, 0.1], [0.4, 0.6]])"]));
    assert_snapshot!(refused(&["--p", "a=0.5,b=0,c=0.5", "--tie", "a,b,c", "--direction", "reverse"]));
    assert_snapshot!(refused(&["--p", TWO, "--log-z", "inf"]));
}

/// `UPDATE_DOCUMENTS=1` writes the pictures anew.
#[test]
fn the_pictures_of_the_guide_are_what_the_program_draws() {
    let here = Workspace::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide");
    for (name, arguments) in [("fit-normal", vec!["--p", TWO]), ("fit-tied", vec!["--p", TIED, "--tie", "c,d,e"])] {
        let file = format!("{name}.svg");
        let words = ["fit", "--svg", &file].into_iter().chain(arguments);
        here.run(words).succeeds();
        let (drawn, kept) = (std::fs::read_to_string(here.path(&file)).unwrap(), folder.join(&file));
        if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
            std::fs::write(&kept, &drawn).unwrap();
        }
        assert!(std::fs::read_to_string(&kept).unwrap() == drawn, "{file} is not up to date");
    }
}

/// The worked example of docs/guide/fit.md.
#[test]
fn the_policies_of_the_guide_are_those_of_the_library() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/fit.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (q, rewards, beta) = ([0.9, 0.09, 0.01], [0.0, 0.0, 1.0], 0.2);
    let [k1, k3] = [k1_reward_policy, k3_loss_policy].map(|policy| policy(&q, &rewards, beta).unwrap());
    for at in 0..3 {
        let [one, three] = [k1[at], k3[at]].map(|p| significant(p, 6));
        let row = format!("| {} | {} | {} | {one} | {three} |", at + 1, q[at], rewards[at]);
        assert!(page.contains(&row), "{row}");
    }
}

const TIED: &str = "a=0.4,b=0.3,c=0.2,d=0.099,e=0.001";
