//! `runner fit`: fits against an independent source (`tests/reference/fit_normals.py`, `fit_tied.py`), and what a user sees.

use crate::harness::Workspace;
use insta::assert_snapshot;
use kl_math::divergence::fit::{
    TiedFit, forward_normal, k1_reward_policy, k3_loss_policy, normal_against, reverse_normal,
};
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
            // The source has digits of its own to lose.
            let room = 1e-24;
            let is_right =
                (fit.mean - mean).abs() <= mean_error + room && (fit.std_dev - std_dev).abs() <= std_dev_error + room;
            if !is_right || mean_error.max(std_dev_error) > 1e-11 * (mean.abs() + std_dev) {
                wrong.push(format!("{}: {fit:?} is not {mean:e}, {std_dev:e}", &row[0]));
            }
            let q: Distribution = Normal::new(fit.mean, fit.std_dev).unwrap().into();
            let found = if first == 1 {
                Divergence::of(&Pair::of((*p).clone(), q).unwrap())
            } else {
                // That of the library, where its quadrature does not give up, is the same within both errors.
                let own = normal_against(&p, fit.mean, fit.std_dev).unwrap();
                if let Ok(pair) = Pair::of(q, (*p).clone()) {
                    let other = Divergence::of(&pair);
                    let room = own.error.unwrap() + other.error.unwrap_or(1e-14);
                    assert!((own.mean - other.mean).abs() <= room, "{}: {own:?} is not {other:?}", &row[0]);
                }
                own
            };
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
        assert!(
            (found.least_reverse - reverse_kl).abs() <= 1e-14 * reverse_kl,
            "{} is not {reverse_kl}",
            found.least_reverse
        );
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
    assert_snapshot!(here.run(["fit", "--p", TWO]).succeeds().out, @r"
    P = mixture([{ weight = 0.7, normal = { mean = -3, std_dev = 1 } }, { weight = 0.3, normal = { mean = 3, std_dev = 0.5 } }])
    Q is normal.

                                      forward, argmin KL(P‖Q)  reverse, argmin KL(Q‖P)
      mean                                               -1.2                 -2.99958
        error                                       ± 3.3e-15                ± 6.4e-14
      std_dev                                         2.88704                  1.00087
        error                                       ± 6.8e-15                ± 6.1e-14
      KL(P‖Q), nats                                  0.657416                  4.87474
      KL(P‖Q), bits                                   0.94845                  7.03277
        error, nats                                 ± 2.5e-14                ± 1.2e-13
      KL(Q‖P), nats                                   1.71581                 0.356578
      KL(Q‖P), bits                                   2.47539                 0.514434
        error, nats                                 ± 4.8e-14                ± 1.8e-14
      ELBO(Q) = ln Z − KL(Q‖P), nats                 -1.71581                -0.356578
      ELBO(Q), bits                                  -2.47539                -0.514434

    Searches for the reverse fit:

      start            mean  std_dev  ends at mean   std_dev  KL(Q‖P), nats
      component 1        -3        1      -2.99958   1.00087       0.356578  the best
      component 2         3      0.5       2.99975  0.500459        1.20385
      the forward fit  -1.2  2.88704      -2.99958   1.00087       0.356578

    Forward covers all of P: a code made for Q wastes KL(P‖Q) = 0.657416 nats (0.94845 bits) per value of P.
    Reverse stays where P is dense: the best ELBO is KL(Q‖P) = 0.356578 nats (0.514434 bits) below ln Z.
    ");
    let json = here.run(["fit", "--p", TWO, "--json", "--log-z", "2.5"]).succeeds().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["family"]), (&"kl-runner/fit/1".into(), &"normal".into()));
    let number =
        |path: &str| json.pointer(path).and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("{path}"));
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
    assert_snapshot!(here.run(["fit", "--p", "a=0.4,b=0.3,c=0.2,d=0.1", "--tie", "c,d", "--log-z", "1"]).succeeds().out, @r"
    P = categorical(a=0.4, b=0.3, c=0.2, d=0.1)
    Q is categorical: the symbols of a class have one probability.

                                      forward, argmin KL(P‖Q)  reverse, argmin KL(Q‖P)
      KL(P‖Q), nats                                 0.0169899                0.0173512
      KL(P‖Q), bits                                 0.0245112                0.0250325
      KL(Q‖P), nats                                 0.0176675                0.0173062
      KL(Q‖P), bits                                 0.0254888                0.0249675
      ELBO(Q) = ln Z − KL(Q‖P), nats                 0.982333                 0.982694
      ELBO(Q), bits                                   1.41721                  1.41773

    Probabilities:

      symbol  class    P  forward   reverse
      a           1  0.4      0.4  0.406983
      b           2  0.3      0.3  0.305237
      c           3  0.2     0.15   0.14389
      d           3  0.1     0.15   0.14389

    Forward covers all of P: a code made for Q wastes KL(P‖Q) = 0.0169899 nats (0.0245112 bits) per value of P.
    Reverse stays where P is dense: the best ELBO is KL(Q‖P) = 0.0173062 nats (0.0249675 bits) below ln Z.
    ");
    assert_snapshot!(here.run(["fit", "--p", "bernoulli.p=0.25", "--tie", "[\"0\", \"1\"]", "--csv"]).succeeds().out, @r#"
    direction,q,mean,mean_error,std_dev,std_dev_error,kl_nats,kl_bits,kl_error_nats,reverse_nats,reverse_bits,reverse_error_nats,log_z,elbo_nats,elbo_bits,missing
    forward,"categorical(1=0.5, 0=0.5)",,,,,0.13081203594113697,0.18872187554086714,,0.14384103622589045,0.2075187496394219,,0.0,-0.14384103622589045,-0.2075187496394219,
    reverse,"categorical(1=0.5, 0=0.5)",,,,,0.13081203594113697,0.18872187554086714,,0.14384103622589045,0.2075187496394219,,0.0,-0.14384103622589045,-0.2075187496394219,
    "#);
}

#[test]
fn one_direction_may_exist_alone() {
    let here = Workspace::new();
    let exponential = here.run(["fit", "--p", "exponential.rate=1", "--csv"]).succeeds().out;
    assert_snapshot!(exponential.lines().nth(2).unwrap(), @r#"reverse,,,,,,,,,,,,,,,"P has no density below 0, so that KL(Q‖P) is infinite for every normal Q""#);
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
    assert_snapshot!(refused(&["--p", "poisson.rate=1"]), @r"
    error: a normal distribution is fitted to real numbers, and P takes counts 0, 1, 2, …
     --> <command line>:1:5
      |
    1 | --p poisson.rate=1
      |     ^^^^^^^^^^^^^^
      |
      = help: counts, vectors, shares and chains have no fit: give a law of real numbers, such as --p 'laplace(location=0, scale=1)', or symbols and --tie A,B
    ");
    assert_snapshot!(refused(&["--p", "0.2,0.3,0.5"]), @r"
    error: without ties the nearest categorical distribution is P itself
     --> <command line>:1:5
      |
    1 | --p 0.2,0.3,0.5
      |     ^^^^^^^^^^^
      |
      = help: name symbols that are to share one probability: --tie '2,3'
    ");
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--tie", "a,bb", "--tie", "a,b"]), @r#"
    error: P has no symbol "bb"
     --> <command line>:1:9
      |
    1 | --tie a,bb
      |         ^^
      |
      = help: did you mean "b"?

    error: the symbol "a" is tied twice
     --> <command line>:1:7
      |
    1 | --tie a,b
      |       ^
      |
     ::: <command line>:1:7
      |
    1 | --tie a,bb
      |       - first here
      |
      = help: put all symbols that share one probability into one --tie
    "#);
    assert_snapshot!(refused(&["--p", "laplace(location=0, scale=1)", "--tie", "a,b"]), @r"
    error: only symbols can be tied, and P takes real numbers
     --> <command line>:1:7
      |
    1 | --tie a,b
      |       ^^^
      |
     ::: <command line>:1:5
      |
    1 | --p laplace(location=0, scale=1)
      |     ---------------------------- P is here
      |
      = help: leave out --tie
    ");
    assert_snapshot!(refused(&["--p", "laplace(location=0, scale=1)", "--family", "categorical"]), @r"
    error: a categorical distribution is fitted to symbols, and P takes real numbers
     --> <command line>:1:5
      |
    1 | --p laplace(location=0, scale=1)
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write --family normal
    ");
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--family", "normal"]), @r"
    error: a normal distribution is fitted to real numbers, and P takes symbols
     --> <command line>:1:5
      |
    1 | --p a=0.4,b=0.6
      |     ^^^^^^^^^^^
      |
      = help: tie symbols instead: --tie A,B
    ");
    assert_snapshot!(refused(&["--p", "a=0.4,b=0.6", "--tie", "a"]), @r"
    error: a tie is of two symbols or more
     --> <command line>:1:7
      |
    1 | --tie a
      |       ^
      |
      = help: write for example --tie A,B, or leave it out
    ");
    assert_snapshot!(refused(&["--p", "exponential.rate=1", "--direction", "reverse"]), @r"
    error: there is no fit: P has no density below 0, so that KL(Q‖P) is infinite for every normal Q
      help: write --direction forward
    ");
    assert_snapshot!(refused(&["--p", "pareto(scale=1, shape=1.5)"]), @r"
    error: there is no fit: the variance of P is not finite, so that KL(P‖Q) is infinite for every normal Q; P has no density below 1, so that KL(Q‖P) is infinite for every normal Q
      help: give another P, such as --p 'laplace(location=0, scale=1)'
    ");
    assert_snapshot!(refused(&["--p", "markov_chain(initial=stationary, transition=[[0.9, 0.1], [0.4, 0.6]])"]), @r"
    error: a normal distribution is fitted to real numbers, and P takes sequences of states, of which each depends on the one before
     --> <command line>:1:5
      |
    1 | --p markov_chain(initial=stationary, transition=[[0.9, 0.1], [0.4, 0.6]])
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: counts, vectors, shares and chains have no fit: give a law of real numbers, such as --p 'laplace(location=0, scale=1)', or symbols and --tie A,B
    ");
    assert_snapshot!(refused(&["--p", "a=0.5,b=0,c=0.5", "--tie", "a,b,c", "--direction", "reverse"]), @r"
    error: there is no fit: every class of tied symbols has one with P = 0, so that KL(Q‖P) is infinite for every Q
      help: write --direction forward, or leave a symbol that P can produce untied
    ");
    assert_snapshot!(refused(&["--p", TWO, "--log-z", "inf"]), @r"
    error: invalid value 'inf' for '--log-z <NATS>': inf is not a finite number of nats

    For more information, try '--help'.
    ");
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
