//! What is said of results: that it is what was compared.

use crate::harness::Workspace;

/// The closing sentence of a run.
fn closing(spec: &str) -> String {
    let out = Workspace::with_spec(spec).run(["coin.toml"]).succeeds().out;
    out.trim_end().lines().last().unwrap().to_owned()
}

/// A biased estimator agrees with its own mean, not with the divergence.
#[test]
fn an_estimator_with_a_mean_of_its_own() {
    let spec = "trials = 2_000\nN = [10, 100]\nestimators = [\"plug_in\"]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n";
    insta::assert_snapshot!(closing(spec), @"KL(P‖Q) is 0.020411 nats (0.029447 bits) per symbol, and 2,000 sequences of N = 100 gave 0.02550 ± 0.00048 nats (0.03679 ± 0.00069 bits) by plug_in, whose own exact mean for this N is 0.025436 nats (0.036697 bits); both conditions agree with theory (4 tests, joint false-alarm rate 1e-6).");
    let here = Workspace::with_spec(spec);
    let out = here.run(["coin.toml"]).succeeds().out;
    let columns = |text: &str| {
        let line = text.lines().find(|line| line.contains("verdict")).unwrap();
        ["mean", "bias", "expected", " z"].map(|name| line.find(name))
    };
    let [mean, bias, expected, z] = columns(&out);
    assert!(mean < bias && bias < expected && expected < z && mean.is_some(), "{out}");
    // Where the exact mean is the closed form it is shown once.
    let plain = here.run(["coin.toml", "--set", "estimators=[\"log_ratio\"]", "--out", "other"]).succeeds().out;
    assert_eq!(columns(&plain)[1..3], [None, None], "{plain}");
}

/// k3 where Q is far: the trials show 49 with a variance of 100, theory has one of 1e43.
const FAR: &str = "seed = 1\ntrials = 3000\nN = 1\nestimators = [\"log_ratio\", \"k3\"]\n\
    P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 10, std_dev = 1 }\n";

#[test]
fn a_variance_that_trials_cannot_show() {
    let here = Workspace::with_spec(FAR);
    let out = here.run(["coin.toml"]).succeeds().shows(" 48.84 ± 9.5e19 ").out;
    let said = out.trim_end().rsplit("; ").next().unwrap();
    insta::assert_snapshot!(said, @"3,000 trials of k3 in condition 1 gave 48.84 with a variance of 99, but the exact variance is 2.7e43: it is dominated by events that these trials cannot contain, and says little about what they show.");
    here.run(["report", "results/coin", "--format", "latex"]).succeeds().shows(r"48.84 $\pm$ 9.5e19");
    let check = here.run(["check", "coin.toml", "--only", "law"]).succeeds().out;
    insta::assert_snapshot!(check.lines().next().unwrap(), @"over 6 tests, the chance of any false alarm is at most 1e-6; in the best condition, a bias of 3.4 % of KL(P‖Q) or more is missed with a probability of at most 1e-3; in the worst, whose variance is dominated by events that so few trials cannot contain, no bias below 2.5e21 times KL(P‖Q) is detected");
    let alone = here.run(["check", "coin.toml", "--only", "law", "--set", "estimators=[\"k3\"]"]).succeeds().out;
    insta::assert_snapshot!(alone.lines().next().unwrap(), @"over 3 tests, the chance of any false alarm is at most 1e-6; no bias below 1.8e21 times KL(P‖Q) is detected, since the variance is dominated by events that so few trials cannot contain");
    here.run(["plan", "coin.toml"]).succeeds().shows("e21 × ");
}

/// All conditions of one P and one N score the same sequences.
#[test]
fn conditions_that_share_sequences() {
    let spec =
        "trials = 500\nN = [10, 100, 1_000]\nP.bernoulli.p = 0.5\n[grid]\n\"Q.bernoulli.p\" = [0.55, 0.6, 0.7]\n";
    let said = closing(spec);
    let said = said.split("; ").last().unwrap();
    insta::assert_snapshot!(said, @"conditions with the same P and N use the same sequences, so their values of z are correlated: the 9 conditions have 3 independent sets of sequences.");
    let here = Workspace::with_spec(spec);
    here.run(["coin.toml", "--quiet"]).succeeds();
    // A saved report and a page say the same.
    here.run(["report", "results/coin"]).succeeds().shows(said);
    here.run(["report", "results/coin", "--format", "html", "--out", "."]).succeeds();
    assert!(here.read("coin.html").contains(said));
    assert!(
        !closing(&spec.replace("Q.b", "P.b").replacen("P.bernoulli.p = 0.5", "Q.bernoulli.p = 0.5", 1))
            .contains("independent")
    );
}
