//! Estimates from counts of symbols.

use super::{json, list, near, reference};
use crate::harness::Workspace;
use kl_math::distribution::{Categorical, Pair};
use kl_sim::data::{CountData, ErrorMethod, Lack, Resampling, estimate_counts};
use kl_sim::estimator::{BiasOrder, CountEstimator, ESTIMATORS, Estimator, KnownModel};

const FORMULAS: Resampling = Resampling { seed: 57, resamples: 2, everywhere: false };

/// `tests/reference/estimate.py` has numerical gradients and whole covariance matrices, and leaves out each symbol.
#[test]
fn estimates_errors_biases_and_intervals_are_those_of_the_reference() {
    let rows = reference("estimate_counts.csv");
    assert_eq!(rows.len(), 77);
    for row in rows {
        let (counts, others): (Vec<u64>, Vec<u64>) = (list(&row["counts"]), list(&row["others"]));
        let fraction = |text: &str| match text.split_once('/') {
            Some((a, b)) => a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap(),
            None => text.parse().unwrap(),
        };
        let logs: Vec<f64> = row["q"].split_whitespace().map(|text| libm::log(fraction(text))).collect();
        let model = if others.is_empty() { KnownModel::Logs(&logs) } else { KnownModel::Counts(&others) };
        let data = CountData { counts: &counts, model, is_finite: true };
        let study = estimate_counts(&data, 0.95, &FORMULAS);
        let found = study.estimates.iter().find(|found| found.estimator == row["estimator"]).unwrap();
        let what = |column: &str| format!("{column} of {row:?}");
        near(&what("estimate"), found.estimate, &row["estimate"]);
        near(&what("std_error"), found.std_error, &row["std_error"]);
        near(&what("bias"), found.bias, &row["bias"]);
        near(&what("low"), found.interval.map(|[low, _]| low), &row["low"]);
        near(&what("high"), found.interval.map(|[_, high]| high), &row["high"]);
        let equality = study.equality.unwrap();
        near(&what("p_value"), Some(equality.p_value), &row["p_value"]);
        assert!((equality.statistic - row["g"].parse::<f64>().unwrap()).abs() < 1e-9 * (1.0 + equality.statistic));
    }
}

/// No estimator from counts is forgotten.
#[test]
fn every_estimator_from_counts_is_there() {
    let names = |list: &[CountEstimator]| list.iter().map(|one| one.written().0.to_owned()).collect::<Vec<_>>();
    let all = [names(&CountEstimator::of_one_sample()), names(&CountEstimator::of_two_samples())].concat();
    let others = ["log_ratio", "k2", "k3", "control_variate", "rao_blackwell", "code_length", "knn"];
    let expected: Vec<&str> = ESTIMATORS.iter().map(|kind| kind.name).filter(|name| !others.contains(name)).collect();
    assert_eq!(all, expected);
}

/// The expected estimate minus D is the bias that is told, but for terms of 1/N².
#[test]
fn first_order_biases_are_those_of_exact_laws() {
    let (p, q) = ([0.5, 0.3, 0.2], [0.2, 0.5, 0.3]);
    let pair = Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap();
    let logs = q.map(libm::log);
    let (n, m) = (60u64, 80u64);
    let counts = p.map(|p| (p * n as f64).round() as u64);
    let others = q.map(|q| (q * m as f64).round() as u64);
    for one in CountEstimator::of_one_sample().iter().chain(&CountEstimator::of_two_samples()) {
        let facts = one.first_order();
        let model = match one.model_draws(1) {
            None => KnownModel::Logs(&logs),
            Some(_) => KnownModel::Counts(&others),
        };
        // As large as all vectors of counts can be listed.
        let (n, m) = if one.model_draws(1).is_some() { (n / 4, m / 4) } else { (n, m) };
        let of = |name: &str| ESTIMATORS.iter().find(|kind| kind.name == name).unwrap();
        let mut settings = one.written().1;
        if one.model_draws(1).is_some() {
            settings.insert("M", (m as f64).into());
        }
        let theory = (of(one.written().0).make)(&settings).theory(&pair, n);
        let Some(known) = facts.expand(&counts, model) else { continue };
        let Some(mean) = theory.mean.filter(|mean| mean.is_finite()) else { continue };
        let bias = mean - theory.closed_form;
        // The formula is at the counts of the larger sample.
        let scale = if model_is_sampled(model) { 4.0 } else { 1.0 };
        match facts.bias {
            BiasOrder::First => {
                let told = known.bias.unwrap() * scale;
                assert!((bias - told).abs() < 0.35 * told.abs().max(0.02), "{}: {bias} for {told}", one.name());
            }
            BiasOrder::Second | BiasOrder::Small => assert!(bias.abs() < 0.1 / n as f64, "{}: {bias}", one.name()),
            BiasOrder::Exponential => assert!(bias.abs() < 2e-2, "{}: {bias}", one.name()),
            other => panic!("{other:?}"),
        }
        if let Some(variance) = theory.variance.filter(|_| !model_is_sampled(model)) {
            assert!((known.variance / variance - 1.0).abs() < 0.2, "{}: {} {variance}", one.name(), known.variance);
        }
    }
}

fn model_is_sampled(model: KnownModel<'_>) -> bool {
    matches!(model, KnownModel::Counts(_))
}

/// The spread of resamples is that of the exact law at the observed shares: of 20,000 within 5 standard errors of a variance.
#[test]
fn the_bootstrap_has_the_spread_of_the_exact_law() {
    let (counts, q) = ([4u64, 9, 7], [0.25, 0.25, 0.5]);
    let logs = q.map(libm::log);
    let data = CountData { counts: &counts, model: KnownModel::Logs(&logs), is_finite: true };
    let resampling = Resampling { seed: 3, resamples: 20_000, everywhere: true };
    let study = estimate_counts(&data, 0.95, &resampling);
    let shares = counts.map(|count| count as f64 / 20.0);
    let pair = Pair::of(Categorical::new(shares).unwrap(), Categorical::new(q).unwrap()).unwrap();
    for (found, one) in study.estimates.iter().zip(CountEstimator::of_one_sample()) {
        assert_eq!((found.estimator.as_str(), found.method), (one.name(), Some(ErrorMethod::Bootstrap)));
        let theory = one.theory(&pair, 20);
        // The standard error of a variance, with a kurtosis of up to 5.
        let variance = theory.variance.unwrap();
        let error = variance * (4.0 / 20_000.0f64).sqrt();
        let spread = found.std_error.unwrap() * found.std_error.unwrap();
        assert!((spread - variance).abs() < 5.0 * error, "{}: {spread} {variance}", found.estimator);
        if one.first_order().bias != BiasOrder::First {
            // Of what is drawn again the truth is known.
            let bias = theory.mean.unwrap() - theory.closed_form;
            let error = (variance / 20_000.0).sqrt();
            assert!((found.bias.unwrap() - bias).abs() < 5.0 * error, "{}: {:?} {bias}", found.estimator, found.bias);
        }
    }
    let both = CountData { model: KnownModel::Counts(&[5, 5, 10]), ..data };
    let study = estimate_counts(&both, 0.95, &resampling);
    // Some resample lacks a symbol.
    assert_eq!(study.estimates[0].lack, Some(Lack::InfiniteResamples));
    assert!(study.estimates[1..].iter().all(|found| found.std_error.unwrap() > 0.1));
}

#[test]
fn the_table_of_counts_is_readable() {
    let ended = Workspace::new().run(["estimate", "--p-counts", "12,30,8", "--q", "0.2,0.5,0.3"]).succeeds();
    assert!(ended.out.lines().skip(1).all(|line| line.chars().count() <= 80), "{}", ended.out);
    insta::assert_snapshot!(ended.out, @"
    counts: 50 values from P, Q = categorical(0.2, 0.5, 0.3)
    3 symbols, 3 of them seen from P
    if P = Q, G ≥ 5.257 has probability 0.072 (χ², 2 degrees of freedom)

      estimator                       nats    bits  95 % interval    bias  error by
      plug_in                0.053 ± 0.042  0.0758      0 … 0.197    0.02  delta
      miller_madow           0.033 ± 0.042   0.047      0 … 0.197    1/N²  delta
      jackknife              0.032 ± 0.045  0.0459      0 … 0.212    1/N²  jackknife
      grassberger_schurmann  0.063 ± 0.042  0.0915  0.005 … 0.251   small  delta
      zhang                  0.032 ± 0.042  0.0465      0 … 0.196    e^−N  delta
      chao_shen              0.053 ± 0.047  0.0758      0 … 0.122   0.022  bootstrap
      dirichlet(a=1)         0.045 ± 0.037  0.0652      0 … 0.184   0.013  delta
      shrink                 0.040 ± 0.042  0.0575      0 … 0.113  0.0091  bootstrap

    bootstrap: 1,000 resamples, seed 57
    ");
    let ended = Workspace::new().run(["estimate", "--p-counts", "12,0,8", "--q-counts", "10,25,0"]).succeeds();
    assert!(ended.out.lines().skip(1).all(|line| line.chars().count() <= 80), "{}", ended.out);
    insta::assert_snapshot!(ended.out, @"
    counts: 20 values from P, 35 from Q
    3 symbols, 2 of them seen from P
    if P = Q, G ≥ 41.79 has probability 8.4e-10 (χ², 2 degrees of freedom)

      estimator                  nats  bits  95 % interval    bias  error by
      plug_in_two_sample          inf   inf                    1/N  infinite
      zhang_grabchak      1.69 ± 0.45  2.44    0.97 … 2.94    e^−N  delta
      augmented_plug_in   1.50 ± 0.45  2.17    0.65 … 2.37    0.25  delta
      bu_augmented        1.44 ± 0.45  2.08    0.96 … 2.90   -0.24  delta
      jeffreys            1.66 ± 0.63  2.39    0.82 … 3.54  -0.054  delta
    ");
    insta::assert_snapshot!(ended.err, @r#"warning: P has symbols that were not seen from Q, "3": estimates without smoothing are infinite"#);
}

#[test]
fn counts_are_matched_by_name_or_place() {
    let here = Workspace::new();
    let plain = json(&here, &["--p-counts", "12,30,8", "--q", "0.2,0.5,0.3"]);
    let named = json(&here, &["--p-counts", "c=8,a=12,b=30", "--q", "a=0.2,b=0.5,c=0.3"]);
    let value = |document: &serde_json::Value, place: usize| document["estimates"][place]["estimate"]["nats"].as_f64();
    assert_eq!(value(&plain, 0), value(&named, 0));
    let two = json(&here, &["--p-counts", "a=12,b=30", "--q-counts", "b=25,c=3,a=10"]);
    assert_eq!((two["symbols"].as_u64(), two["m"].as_u64()), (Some(3), Some(38)));
    // A symbol of Q that was not seen counts.
    let lacks = json(&here, &["--p-counts", "a=12,b=30", "--q", "a=0.2,b=0.5,c=0.3"]);
    assert_eq!((lacks["symbols"].as_u64(), lacks["symbols_seen"].as_u64()), (Some(3), Some(2)));
    let beyond = json(&here, &["--p-counts", "a=12,b=30,d=1", "--q", "a=0.5,b=0.5"]);
    assert_eq!(beyond["estimates"][0]["estimate"]["nats"], "inf");
    assert!(beyond["warnings"][0].as_str().unwrap().contains("\"d\""), "{beyond}");
    // Known P and Q: the mean of the log ratio, beside its exact law.
    let known = json(&here, &["--p-counts", "12,30,8", "--q", "0.2,0.5,0.3", "--p", "0.25,0.5,0.25"]);
    let mean = (12.0 * libm::log(1.25) + 8.0 * libm::log(0.25 / 0.3)) / 50.0;
    assert!((value(&known, 0).unwrap() - mean).abs() < 1e-15);
    let expected = 0.25 * libm::log(1.25) + 0.25 * libm::log(0.25 / 0.3);
    assert!((known["expected"]["mean"]["nats"].as_f64().unwrap() - expected).abs() < 1e-15);
}

#[test]
fn all_mistakes_of_counts_are_reported_at_once() {
    let here = Workspace::new();
    here.run(["estimate", "--p-counts", "1,x,-2", "--q-counts", "3,3.5"])
        .refuses()
        .says("--p-counts \"x\": a count is a whole number")
        .says("--p-counts \"-2\"")
        .says("--q-counts \"3.5\"");
    here.run(["estimate", "--p-counts", "1,2"]).refuses().says("nothing of Q");
    here.run(["estimate", "--p-counts", "0,0", "--q", "0.5,0.5"]).refuses().says("all counts are 0");
    here.run(["estimate", "--p-counts", "a=1,2", "--q", "0.5,0.5"]).refuses().says("all counts have a symbol, or none");
    here.run(["estimate", "--p-counts", "1,2,3", "--q", "0.5,0.5"]).refuses().says("3 counts and Q 2 symbols");
    here.run(["estimate", "--p-counts", "1,2,3", "--q-counts", "1,2"]).refuses().says("matched by place");
    here.run(["estimate", "--p-counts", "1,2", "--q", "0.5,0.6"]).refuses().says("0.6");
    here.run(["estimate", "--p-counts", "1,2", "--q", "0.5,0.5", "--p", "1,0"]).refuses().says("not from P");
    here.run(["estimate", "--p-counts", "9", "--q-counts", "9"]).refuses().says("one symbol only");
}

/// An estimate that no D ≥ 0 explains has no interval, rather than one of nothing but 0.
#[test]
fn an_estimate_far_below_zero_has_no_interval() {
    let here = Workspace::new();
    let found = json(&here, &["--p-counts", "900,100", "--q", "0.9,0.1", "--p", "0.5,0.5"]);
    let (log_ratio, plug_in) = (&found["estimates"][0], &found["estimates"][4]);
    assert!(log_ratio["estimate"]["nats"].as_f64().unwrap() < -0.1);
    assert_eq!((log_ratio["missing"].as_str(), log_ratio["interval"].is_null()), (Some("below 0"), true));
    assert_eq!(plug_in["interval"]["low"]["nats"].as_f64(), Some(0.0));
}

/// Larger D have wider errors, so that some D > 0 were in the interval of a negative estimate, and 0 was not.
#[test]
fn a_negative_estimate_has_no_interval_above_zero() {
    let here = Workspace::new().file("p.csv", "x\n0\n1\n4\n1\n2\n2\n3\n");
    let found = json(&here, &["p.csv", "--q", "binomial(n=4, p=0.5)"]);
    let jackknife = found["estimates"].as_array().unwrap().iter().find(|row| row["estimator"] == "jackknife").unwrap();
    assert!(jackknife["estimate"]["nats"].as_f64().unwrap() < 0.0, "{jackknife}");
    assert_eq!((jackknife["missing"].as_str(), jackknife["interval"].is_null()), (Some("below 0"), true));
}

/// What Q rules out and P did not show is no symbol: estimators that smooth give it no share.
#[test]
fn symbols_beyond_q_that_were_not_seen_are_left_out() {
    let here = Workspace::new();
    let with = json(&here, &["--p-counts", "5,3,0", "--q", "0.5,0.5,0"]);
    let without = json(&here, &["--p-counts", "5,3", "--q", "0.5,0.5"]);
    assert_eq!(with["estimates"], without["estimates"]);
    assert_eq!(with["equality"], without["equality"]);
    assert!(with["estimates"].as_array().unwrap().iter().all(|found| found["estimate"]["nats"].is_f64()), "{with}");
}

/// P cannot be Q where it shows what Q rules out.
#[test]
fn equality_is_excluded_by_one_symbol_that_q_rules_out() {
    let here = Workspace::new();
    for (counts, q) in [("1,1", "0,1"), ("1,1,0", "0,0.5,0.5")] {
        let found = json(&here, &["--p-counts", counts, "--q", q]);
        assert_eq!(found["equality"]["p_value"].as_f64(), Some(0.0), "{found}");
    }
    here.run(["estimate", "--p-counts", "1,1", "--q", "0,1"]).succeeds().shows("G ≥ inf has probability 0 ");
}

/// A Q of many symbols is cut, and in JSON it is whole.
#[test]
fn a_long_q_is_cut() {
    let (counts, q) = (vec!["1"; 1000].join(","), vec!["0.001"; 1000].join(","));
    let words = ["estimate", "--p-counts", &counts, "--q", &q];
    let ended = Workspace::new().run(words).succeeds().shows("…");
    assert!(ended.out.lines().all(|line| line.chars().count() < 300), "{}", ended.out);
    let words = ["estimate", "--p-counts", "5,5", "--q", "0.4,0.6"];
    let shown = Workspace::new().run(words).succeeds();
    assert!(!shown.out.contains(", … "), "{}", shown.out);
}

/// Where one symbol only was seen, formulas and resamples would tell an error of 0.
#[test]
fn one_symbol_seen_gives_no_error() {
    let here = Workspace::new();
    for words in
        [&["--p-counts", "20,0", "--q", "0.5,0.5"][..], &["--p-counts", "1,0", "--q-counts", "4,3", "--bootstrap"]]
    {
        let found = json(&here, words);
        for found in found["estimates"].as_array().unwrap() {
            assert_eq!(found["missing"], "one symbol seen", "{found}");
            assert!(found["std_error"].is_null() && found["interval"].is_null(), "{found}");
        }
    }
}

/// The same bytes whatever is asked beside, and others with another seed.
#[test]
fn resamples_follow_from_the_seed() {
    let run = |seed: &str, more: &[&str]| {
        let words = ["estimate", "--p-counts", "5,4,3", "--q-counts", "4,4,5", "--bootstrap", "--csv", "--seed", seed];
        Workspace::new().run(words.iter().chain(more).copied()).succeeds().out
    };
    assert_eq!(run("7", &[]), run("7", &["--level", "0.95"]));
    assert_ne!(run("7", &[]), run("8", &[]));
}
