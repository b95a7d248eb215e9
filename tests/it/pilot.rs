//! Trials by precision where theory is silent: a pilot finds the variance.

use crate::harness::Workspace;
use kl_runner::experiment::{RunContext, run_pilot};
use kl_runner::experiment_file::{Source, read};
use kl_runner::plan::{Pilot, Plan};
use kl_sim::simulation::{Cancel, Engine};

const P: [f64; 5] = [0.1, 0.2, 0.3, 0.3, 0.1];

/// Five symbols: the law of `plug_in` is listed for N = 10 and not for longer sequences.
fn five(keys: &str) -> String {
    format!("{keys}\nestimators = [\"log_ratio\", \"plug_in\"]\nP = {P:?}\nQ = [0.2, 0.2, 0.2, 0.2, 0.2]\n")
}

fn manifest(here: &Workspace, out: &str) -> serde_json::Value {
    serde_json::from_str(&here.read(&format!("{out}/coin/manifest.json"))).unwrap()
}

#[test]
fn a_plan_tells_what_the_pilot_gave() {
    let here = Workspace::with_spec(&five("trials = { relative_error = 0.02 }\nN = [10, 100]"));
    let shown = here.run(["plan", "coin.toml"]).succeeds().out;
    insta::assert_snapshot!(shown, @"
    coin: 2 conditions of 577 to 8,427 trials, sampler sequence: 141,970 symbols, less than a second

        N  estimator  trials  closed form    mcse  mcse / closed form  smallest bias detected  smallest variance error detected
       10  log_ratio   8,427      0.10465  0.0015               1.4 %                    13 %                              13 %
       10  plug_in     8,427      0.10465  0.0021                 2 %                    19 %                              14 %
      100  log_ratio     577      0.10465  0.0018               1.7 %                    16 %                              49 %
      100  plug_in       577      0.10465

    Theory does not give these variances. A pilot of 1,000 trials a condition, with random numbers of its own, gives bounds that they exceed with a probability of about 1 %:
      condition 2, plug_in: variance 0.00226, at most about 0.00253; 577 trials

    A bias is given as a part of the closed form, an error of the variance as a part of the exact variance. With a false-alarm rate of 1e-6 over all rows, an error of the size shown is missed with a probability of at most 1e-3 (approximately, for variances).
    ");
    let json = here.run(["plan", "coin.toml", "--json"]).succeeds().out;
    let planned: serde_json::Value = serde_json::from_str(&json).unwrap();
    here.run(["coin.toml", "--quiet"]).succeeds();
    let kept = manifest(&here, "results");
    assert_eq!(planned["pilots"], kept["pilots"]);
    insta::assert_snapshot!(kept["pilots"], @r#"[{"condition":2,"estimator":"plug_in","pilot_trials":1000,"variance":0.00226206956177179,"variance_bound":0.002526037259405776,"trials":577}]"#);
    let rows = here.rows("results/coin/summary.csv");
    let trials = |n: &str| rows.iter().find(|row| row["n"] == n).unwrap()["trials"].clone();
    // log_ratio needs fewer in the second condition, and theory says what the first one needs.
    assert_eq!(trials("100"), kept["pilots"][0]["trials"].to_string());
    assert_eq!(kept["pilots"].as_array().unwrap().len(), 1);
}

/// The number is the same on any number of threads, in a check, and in a replay, and the pilot's trials are not counted: the
/// results are those of the number written out.
#[test]
fn a_pilot_leaves_no_trace_but_its_number() {
    let here = Workspace::with_spec(&five("trials = { relative_error = 0.02 }\nN = 100\nrecord = \"csv\""));
    here.run(["coin.toml", "--quiet", "--threads", "1"]).succeeds();
    here.run(["coin.toml", "--quiet", "--threads", "3", "--out", "three"]).succeeds();
    assert_eq!(here.contents("results"), here.contents("three"));
    here.run(["check", "coin.toml"]).succeeds();
    let trials = here.rows("results/coin/summary.csv")[0]["trials"].clone();
    here.run(["coin.toml", "--quiet", "--trials", &trials, "--out", "fixed"]).succeeds();
    for file in ["summary.csv", "trials.csv", "law.csv", "paths.csv", "measures.csv"] {
        assert_eq!(here.read(&format!("results/coin/{file}")), here.read(&format!("fixed/coin/{file}")), "{file}");
    }
    here.run(["replay", "coin.toml", "--trial", &trials]).succeeds();
    let over = (trials.parse::<u64>().unwrap() + 1).to_string();
    here.run(["replay", "coin.toml", "--trial", &over]).refuses().says("there is no trial");
    // The number does not depend on the trials that are tested: the pilot's variance is not that of the first trials.
    here.run(["coin.toml", "--quiet", "--trials", "1000", "--out", "first"]).succeeds();
    let first = here.rows("first/coin/summary.csv");
    let of_first: f64 = first.iter().find(|row| row["estimator"] == "plug_in").unwrap()["variance"].parse().unwrap();
    let of_pilot = manifest(&here, "results")["pilots"][0]["variance"].as_f64().unwrap();
    assert!(
        (of_first / of_pilot - 1.0).abs() > 1e-6 && (of_first / of_pilot - 1.0).abs() < 0.3,
        "{of_first} {of_pilot}"
    );
}

/// A pilot of a tally draws counts; in bits the variance is in bits, and `max` is the most.
#[test]
fn every_sampler_has_a_pilot() {
    let keys = "trials = { relative_error = 0.02, max = 1_400 }\nN = 40\nunit = \"bits\"";
    let here = Workspace::with_spec(&five(keys));
    for sampler in ["sequence", "counts", "tally"] {
        here.run(["coin.toml", "--quiet", "--sampler", sampler, "--out", sampler]).succeeds();
        let pilot = &manifest(&here, sampler)["pilots"][0];
        let exact = exact_variance(40) / (std::f64::consts::LN_2 * std::f64::consts::LN_2);
        assert!((pilot["variance"].as_f64().unwrap() / exact - 1.0).abs() < 0.3, "{sampler}: {pilot}");
        assert_eq!(here.rows(&format!("{sampler}/coin/summary.csv"))[0]["trials"], "1400");
    }
}

/// Var of `plug_in` over every vector of counts.
fn exact_variance(n: usize) -> f64 {
    let log_factorial = |k: usize| libm::lgamma(k as f64 + 1.0);
    let (mut sums, mut counts) = ([0.0; 3], [0; 5]);
    fn each(place: usize, left: usize, counts: &mut [usize; 5], take: &mut dyn FnMut(&[usize; 5])) {
        if place == 4 {
            counts[4] = left;
            return take(counts);
        }
        for count in 0..=left {
            counts[place] = count;
            each(place + 1, left - count, counts, take);
        }
    }
    each(0, n, &mut counts, &mut |counts| {
        let ways = counts.iter().zip(P).map(|(&k, p)| k as f64 * libm::log(p) - log_factorial(k)).sum::<f64>();
        let part = |k: usize| k as f64 / n as f64;
        let terms = counts.iter().filter(|&&k| k > 0).map(|&k| part(k) * libm::log(part(k) / 0.2));
        let (mass, value) = (libm::exp(log_factorial(n) + ways), terms.sum::<f64>());
        [1.0, value, value * value].iter().zip(&mut sums).for_each(|(power, sum)| *sum += mass * power);
    });
    assert!((sums[0] - 1.0).abs() < 1e-10);
    sums[2] - sums[1] * sums[1]
}

fn piloted(text: &str) -> Plan {
    let mut plan = read(&Source { name: "coin.toml".into(), text: text.into() }, "coin", &[]).unwrap();
    let (engine, cancel) = (Engine::new(Some(2)).unwrap(), Cancel::default());
    assert!(matches!(plan.pilot, Pilot::Pending { .. }));
    run_pilot(&mut plan, RunContext { engine: &engine, cancel: &cancel, meter: &() }).unwrap().unwrap();
    plan
}

/// Of 200 seeds at most eight miss the precision that was asked for, where two are expected: a right program has more with chance
/// 2e-4. None misses it by more than a tenth, and the trials are on average at most a third more than are needed.
#[test]
fn the_precision_is_reached() {
    let (variance, error) = (exact_variance(40), 0.01 * (0.2 * libm::log(0.5) + 0.6 * libm::log(1.5)));
    let needed = variance / error / error;
    let ratios: Vec<f64> = (0..200)
        .map(|seed| {
            let keys = format!("seed = {seed}\ntrials = {{ relative_error = 0.01 }}\nN = 40");
            let plan = piloted(&five(&keys).replace("\"log_ratio\", ", ""));
            plan.conditions[0].trials as f64 / needed
        })
        .collect();
    let misses = ratios.iter().filter(|ratio| **ratio < 1.0).count();
    let mean = ratios.iter().sum::<f64>() / 200.0;
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    println!("{misses} of 200 misses, the least {least:.3} of the trials needed, on average {mean:.3}");
    assert!(misses <= 8 && least > 0.8 && (1.0..1.33).contains(&mean), "{misses} {least} {mean}");
}

#[test]
fn a_goal_that_cannot_be_reached_has_a_reason() {
    let message = |keys: &str, arguments: &[&str]| {
        let here = Workspace::with_spec(keys);
        here.run([&["coin.toml"], arguments].concat()).refuses().err
    };
    let detect = five("trials = { detect = 0.01 }\nN = 100");
    insta::assert_snapshot!(message(&detect, &[]), @"
    error: no number of trials is enough for `plug_in` in condition 1: the mean of its estimates is not known here, so `runner check` cannot detect a bias
     --> coin.toml:1:10
      |
    1 | trials = { detect = 0.01 }
      |          ^^^^^^^^^^^^^^^^^
      |
      = help: aim at a standard error with `mcse` or `relative_error`, or write a number of trials
    ");
    let two_samples = five("trials = { relative_error = 0.01 }\nN = 100").replace("plug_in", "plug_in_two_sample");
    insta::assert_snapshot!(message(&two_samples, &[]), @"
    error: no number of trials is enough for `plug_in_two_sample` in condition 1: its estimates are infinite with probability 1.0e-9
     --> coin.toml:1:10
      |
    1 | trials = { relative_error = 0.01 }
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write a number of trials, such as trials = 10_000
    ");
    let same = five("trials = { relative_error = 0.01 }\nN = 100")
        .replace("0.2, 0.2, 0.2, 0.2, 0.2", "0.1, 0.2, 0.3, 0.3, 0.1");
    insta::assert_snapshot!(message(&same, &[]), @"
    error: no number of trials is enough in condition 1: KL(P‖Q) is 0, so nothing can be measured relative to it
     --> coin.toml:1:10
      |
    1 | trials = { relative_error = 0.01 }
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: aim at a standard error in nats or bits, such as trials = { mcse = 1e-4 }, or write a number of trials
    ");
    let heavy = "trials = { relative_error = 0.01 }\nN = 10\nestimators = [\"k3\"]\n\
                 P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 0, std_dev = 2 }\n";
    insta::assert_snapshot!(message(heavy, &[]), @"
    error: no number of trials is enough for `k3` in condition 1: the variance of its estimates is infinite
     --> coin.toml:1:10
      |
    1 | trials = { relative_error = 0.01 }
      |          ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write a number of trials, such as trials = 10_000
    ");
}

/// Nothing that a pilot sees comes from a stream of the trials, and a program needs permission.
#[cfg(unix)]
#[test]
fn a_program_of_ones_own_has_a_pilot() {
    // An answer that depends on its seed, by the last three digits.
    let script = "#!/bin/sh\nread head\nwhile read line; do\ns=${line#*\\\"seed\\\":}; s=${s%%,*}; s=${s#${s%???}}\necho $FIRST$s\ndone\n";
    let spec = "trials = { relative_error = 0.2 }\nN = 10\nestimators = [{ name = \"mine\", command = [\"sh\", \"mine.sh\"] }]\n\
                P.bernoulli.p = 0.5\nQ.bernoulli.p = 0.4\n";
    let start = |first: &str| Workspace::with_spec(spec).file("mine.sh", script.replace("$FIRST", first));
    let here = start("0.0");
    for verb in ["plan", "run", "check"] {
        here.run([verb, "coin.toml"]).refuses().says("the experiment would start programs");
    }
    here.run(["replay", "coin.toml", "--trial", "1"]).refuses().says("the experiment would start programs");
    // Uniform on 0, 0.0001, …, 0.0999: the true variance is 1e-8 (10⁶ − 1)/12 = 0.000833.
    here.run(["plan", "coin.toml", "--allow-commands"])
        .succeeds()
        .shows("condition 1, mine: variance 0.000834, at most about 0.000889; 54 trials");
    here.run(["coin.toml", "--allow-commands", "--quiet"]).succeeds();
    here.run(["check", "coin.toml", "--allow-commands"]).succeeds();
    let failing = Workspace::with_spec(spec).file("mine.sh", script.replace("echo", "exit 1 #"));
    insta::assert_snapshot!(failing.run(["coin.toml", "--allow-commands"]).refuses().err, @"
    error: the number of trials that `mine` needs in condition 1 of coin is not known: it failed too often in the pilot, and gave 0 estimates
      because: it ended with exit status: 1
      help: write a number of trials, such as trials = 10_000, to see which trials fail and why
    ");
    let constant = Workspace::with_spec(spec).file("mine.sh", script.replace("$FIRST$s", "0.05"));
    constant
        .run(["plan", "coin.toml", "--allow-commands"])
        .succeeds()
        .shows("variance 0, at most about 0; 1,000 trials");
    let infinite = Workspace::with_spec(spec).file("mine.sh", script.replace("$FIRST$s", "inf"));
    insta::assert_snapshot!(infinite.run(["coin.toml", "--allow-commands"]).refuses().err, @"
    error: no number of trials is enough for `mine` in condition 1 of coin: 1000 of the trials of the pilot gave an infinite estimate
      help: write a number of trials, such as trials = 10_000
    ");
}
