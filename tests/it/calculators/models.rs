//! `runner score` with several models.

use super::*;

const COINS: [&str; 7] = ["score", "--q", "H=0.5,T=0.5", "--q", "H=0.75,T=0.25", "--q", "H=1,T=0"];

#[test]
fn models_are_ranked() {
    let ended = run(COINS.into_iter().chain(["--prior", "0.5,0.3,0.2", "HHTHHT"])).succeeds();
    insta::assert_snapshot!(ended.out, @"
    sequence HHTHHT   (N = 6)

      rank  model                               ln L  ln(best/it)  Bayes factor   log10  prior  posterior  bits/symbol  excess, bits/symbol
         1  Q2 categorical(H=0.75, T=0.25)  -3.92332            0             1       0    0.3     0.4316     0.943358                    0
         2  Q1 categorical(H=0.5, T=0.5)    -4.15888     0.235566       1.26562  0.1023    0.5     0.5684            1            0.0566417
         3  Q3 categorical(H=1, T=0)            -inf          inf           inf     inf    0.2          0          inf                  inf

    the best model is Q2
    ");
}

#[test]
fn several_sequences_have_a_row_each() {
    let ended = run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--q", "0.6,0.4", "HHTHHT", "TTT"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    2 sequences   (N = 9 in all)

      rank  model                         ln L  ln(best/it)  Bayes factor     log10   prior  posterior  bits/symbol  excess, bits/symbol
         1  Q1 categorical(0.4, 0.6)  -6.21929            0             1         0  0.3333     0.3777     0.996949                    0
         2  P categorical(0.5, 0.5)   -6.23832    0.0190336       1.01922  0.008266  0.3333     0.3705            1           0.00305107
         3  Q2 categorical(0.6, 0.4)  -6.62476     0.405465           1.5    0.1761  0.3333     0.2518      1.06194            0.0649958

    the best model is Q1

      line  N  best  posterior of P  posterior of Q1  posterior of Q2
         1  6  Q2            0.3428           0.2022            0.455
         2  3  Q1            0.3086           0.5333            0.158
    ");
}

/// Bayes' theorem by hand: 64, 81 and 0 of 4096.
#[test]
fn posteriors_are_bayes() {
    let found = json(COINS.into_iter().chain(["--json", "HHTHHT"]));
    let models = found["total"]["models"].as_array().unwrap();
    let number = |place: usize, key: &str| models[place][key].as_f64().unwrap();
    assert!((number(0, "posterior") - 64.0 / 145.0).abs() < 1e-15);
    assert!((number(0, "bayes_factor") - 81.0 / 64.0).abs() < 1e-14);
    assert!((number(0, "bits") - 1.0).abs() < 1e-15 && number(1, "excess_bits") == 0.0);
    assert_eq!((&models[2]["log_likelihood"], number(2, "posterior")), (&"-inf".into(), 0.0));
    assert_eq!((models[0]["rank"].as_u64(), found["models"][1]["name"].as_str()), (Some(2), Some("Q2")));
}

/// The same numbers as `score` with P and Q.
#[test]
fn two_models_are_a_log_ratio() {
    let pair = ["score", "--p", "normal(mean=0, std_dev=1)", "--q", "normal(mean=1, std_dev=2)", "--json"];
    let numbers = "0.5 1 -1.25";
    let ratio = json(pair.into_iter().chain([numbers]))["log_ratio"].as_f64().unwrap();
    let found = json(pair.into_iter().chain(["--prior", "0.5,0.5", numbers]));
    let factor = found["total"]["models"][1]["log_bayes_factor"].as_f64().unwrap();
    assert!((ratio - factor).abs() < 1e-14, "{ratio} {factor}");
    assert!(found["total"]["models"][0]["bits"].is_null());
}

#[test]
fn models_that_are_the_same_tie() {
    let ended = run(["score", "--q", "1/3,2/3", "--q", "0.5,0.5", "--q", "1/3,2/3", "--csv", "TTHT"]).succeeds();
    let ranks: Vec<&str> = ended.out.lines().skip(1).take(3).map(|line| line.rsplit(',').nth(6).unwrap()).collect();
    assert_eq!(ranks, ["1", "3", "1"]);
    run(["score", "--q", "1/3,2/3", "--q", "1/3,2/3", "TTHT"]).succeeds().shows("the best model is Q1, Q2");
}

#[test]
fn chains_and_independent_symbols_are_compared() {
    let chain = "markov_chain(initial=[0.5, 0.5], transition=[[0.9, 0.1], [0.1, 0.9]])";
    run(["score", "--q", "0.5,0.5", "--q", chain, "HHHHHTTTTT"]).succeeds().shows("the best model is Q2");
    run(["score", "--q", chain, "--q", "0.5,0.5", "HTHTHTHTHT"]).succeeds().shows("the best model is Q2");
}

#[test]
fn mistakes_are_explained() {
    let refused = |arguments: &[&str]| run(["score"].iter().chain(arguments).copied()).refuses();
    refused(&["--q", "0.5,0.5", "HT"]).says("there is one model, and nothing to compare it with");
    refused(&["--q", "1,0", "--q", "0,1", "HT"]).says("<command line>:1: no model can produce the data");
    refused(&["--q", "1,0", "--q", "0.5,0.5", "H", "T", "--prior", "1,0"]).says("<command line>:2: no model that has");
    refused(&["--q", "1,0", "--q", "0.5,0.5", "HT", "--prior", "0.5,x"]).says("prior 2 of --prior is \"x\"");
    refused(&["--q", "1,0", "--q", "0.5,0.5", "HT", "--prior", "0.5,0.4"]).says("the priors sum to 0.9");
    refused(&["--q", "1,0", "--q", "0.5,0.5", "HT", "--prior", "1"]).says("there are 2 models and 1 priors");
    refused(&["--q", "1,0", "--q", "0.5,0.5", "HT", "--prior", "1.5,-0.5"]).says("prior 1 is 1.5");
    refused(&["--q", "0.5,0.5", "--q", "0.5,0.6", "HT"]).says("the probabilities sum to 1.1");
    refused(&["--q", "0.5,0.5", "--q", "0.4,0.6", ""]).says("<command line> holds no sequence");
    let ended = run(["score", "--q", "0.5,0.5", "--q", "0.4,0.6", "HT", "HX"]).exits_with(2);
    assert!(ended.says("<command line>:2: symbol 2 is \"X\"").out.contains("the best model is Q1"));
}
