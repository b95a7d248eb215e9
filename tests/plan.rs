//! `runner plan`: what would run, and what it could show.

#![allow(clippy::unwrap_used)]

mod harness;

use harness::{COIN, Workspace};

#[test]
fn a_plan_tells_what_each_row_can_show() {
    let workspace = Workspace::with_spec(COIN);
    let shown = workspace.run(["plan", "coin.toml"]).succeeds().out;
    insta::assert_snapshot!(shown, @"
    coin: 2 conditions of 1,000 trials, sampler sequence: 110,000 symbols, less than a second

        N  closed form     mcse   of D  sees a bias of  sees a variance off by
       10     0.020411    0.002  9.9 %            93 %                    35 %
      100     0.020411  0.00064  3.1 %            29 %                    37 %

    With a false-alarm rate of 1e-6 over all of them, a bias or a variance so far off is missed with probability ≤ 1e-3 (variances: about).
    ");
    assert!(!workspace.path("results").exists());
}

/// The expected standard errors are those of the run, and more trials see less.
#[test]
fn expected_errors_are_those_of_the_run() {
    let workspace = Workspace::with_spec(COIN);
    let plan = |trials: &str| -> serde_json::Value {
        let json = workspace.run(["plan", "coin.toml", "--json", "--trials", trials]).succeeds().out;
        serde_json::from_str(&json).unwrap()
    };
    let few = plan("1000");
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    for (row, planned) in workspace.rows("results/coin/summary.csv").iter().zip(few["rows"].as_array().unwrap()) {
        assert_eq!(row["mcse"].parse::<f64>().unwrap(), planned["mcse"].as_f64().unwrap());
    }
    let bias = |plan: &serde_json::Value| plan["rows"][0]["detectable_bias"].as_f64().unwrap();
    let ratio = bias(&few) / bias(&plan("100_000"));
    assert!((9.0..11.5).contains(&ratio), "{ratio}");
}

/// Every sampler and kind of values, infinite divergences and constant log ratios among them.
#[test]
fn whatever_can_run_can_be_planned() {
    for (pair, sampler) in [
        ("P = [0.5, 0.5]\nQ = [1, 0]", "sequence"),
        ("P = [0.5, 0.5]\nQ = [0.5, 0.5]", "tally"),
        ("P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 1, std_dev = 1 }", "counts"),
        ("P.cauchy = { location = 0, scale = 1 }\nQ.normal = { mean = 0, std_dev = 1 }", "sequence"),
        ("P.uniform = { low = 0, high = 1 }\nQ.uniform = { low = 0, high = 2 }", "sequence"),
        ("P.markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.3, 0.7]] }\nQ = [0.5, 0.5]", "sequence"),
    ] {
        let longest = if sampler == "tally" { "1e4" } else { "1e9" };
        let spec = format!("trials = 1e6\nN = [1, {longest}]\nsampler = \"{sampler}\"\n{pair}\n");
        let shown = Workspace::with_spec(&spec).run(["plan", "coin.toml"]).succeeds();
        assert!(!shown.out.contains("NaN"), "{}", shown.out);
    }
}
