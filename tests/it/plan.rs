//! `runner plan`: what would run, and what it could show.

use crate::harness::{COIN, Workspace};

#[test]
fn a_plan_tells_what_each_row_can_show() {
    let workspace = Workspace::with_spec(COIN);
    let shown = workspace.run(["plan", "coin.toml"]).succeeds().out;
    insta::assert_snapshot!(shown, @"
    coin: 2 conditions of 1,000 trials, sampler sequence: 110,000 symbols, less than a second

        N  closed form     mcse  mcse / closed form  smallest bias detected  smallest variance error detected
       10     0.020411    0.002               9.9 %                    93 %                              35 %
      100     0.020411  0.00064               3.1 %                    29 %                              37 %

    A bias is given as a part of the closed form, an error of the variance as a part of the exact variance. With a false-alarm rate of 1e-6 over all rows, an error of the size shown is missed with a probability of at most 1e-3 (approximately, for variances).
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

/// Two conditions of different variance, with trials that are to be enough for something.
fn aiming(goal: &str) -> Workspace {
    Workspace::with_spec(&format!("trials = {goal}\nN = [10, 1000]\nP.bernoulli.p = 0.4\nQ.bernoulli.p = 0.5\n"))
}

/// R is the least number with Var\[L\]/R ≤ mcse²: one trial less would be too few.
#[test]
fn trials_are_as_many_as_a_standard_error_needs() {
    for (goal, error) in
        [("{ mcse = 1e-4 }", 1e-4), ("{ relative_error = 0.01 }", 0.01 * (0.4 * libm::log(0.8) + 0.6 * libm::log(1.2)))]
    {
        let workspace = aiming(goal);
        workspace.run(["coin.toml", "--quiet"]).succeeds();
        let rows = workspace.rows("results/coin/summary.csv");
        assert_eq!(rows.len(), 2);
        for row in rows {
            let (trials, mcse): (f64, f64) = (row["trials"].parse().unwrap(), row["mcse"].parse().unwrap());
            assert!(mcse <= error * (1.0 + 1e-12), "{goal}: {mcse}");
            assert!(mcse * (trials / (trials - 1.0)).sqrt() > error * (1.0 - 1e-12), "{goal}: {mcse} with {trials}");
        }
    }
}

/// In bits a standard error is ln 2 as much, and takes 1/ln² 2 as many trials.
#[test]
fn a_standard_error_to_aim_at_is_in_the_unit_of_the_file() {
    let bits = aiming("{ mcse = 1e-4 }\nunit = \"bits\"");
    bits.run(["coin.toml", "--quiet"]).succeeds();
    for row in bits.rows("results/coin/summary.csv") {
        let mcse: f64 = row["mcse"].parse().unwrap();
        assert!((0.99e-4..=1.0e-4 + 1e-16).contains(&mcse), "{mcse}");
    }
}

/// What the trials were aimed at is what the plan says they see, a percent of trials aside.
#[test]
fn trials_are_as_many_as_a_bias_needs() {
    let shown = aiming("{ detect = 0.05 }").run(["plan", "coin.toml", "--json"]).succeeds().out;
    let plan: serde_json::Value = serde_json::from_str(&shown).unwrap();
    for row in plan["rows"].as_array().unwrap() {
        let seen = row["detectable_bias"].as_f64().unwrap();
        assert!((0.049..=0.05).contains(&seen), "{row}");
    }
}

/// The results of a condition are those of the same number written out, whatever its neighbours have.
#[test]
fn trials_aimed_at_draw_what_the_same_number_draws() {
    let workspace = aiming("{ relative_error = 0.02 }");
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    for aimed in workspace.rows("results/coin/summary.csv") {
        let trials = aimed["trials"].as_str();
        workspace.run(["coin.toml", "--quiet", "--trials", trials, "--out", "fixed", "--replace"]).succeeds();
        let fixed = workspace.rows("fixed/coin/summary.csv");
        let same = fixed.iter().find(|row| row["n"] == aimed["n"]).unwrap();
        for column in ["trials", "mean", "variance", "mcse", "z"] {
            assert_eq!(aimed[column], same[column], "{column}");
        }
    }
}

#[test]
fn no_condition_gets_more_trials_than_the_most() {
    let workspace = aiming("{ mcse = 1e-9, max = 5_000 }");
    workspace.run(["coin.toml", "--quiet"]).succeeds();
    assert!(workspace.rows("results/coin/summary.csv").iter().all(|row| row["trials"] == "5000"));
}

#[test]
fn mistakes_of_an_aim_are_told_at_their_place() {
    for (goal, place, title) in [
        ("{ msce = 0.1 }", "coin.toml:1:12", "`trials` has no key `msce`"),
        ("{ mcse = -1 }", "coin.toml:1:19", "trials.mcse"),
        ("{ detect = 2 }", "coin.toml:1:21", "trials.detect"),
        ("{ max = 10 }", "coin.toml:1:10", "`trials` needs a goal"),
        ("{ mcse = 0.1, detect = 0.1 }", "coin.toml:1:24", "`trials` may have only one goal"),
    ] {
        let shown = aiming(goal).run(["coin.toml"]).exits_with(2).err;
        assert!(shown.contains(place) && shown.contains(title), "{goal}: {shown}");
        assert_eq!(shown.matches("error: ").count(), 1, "{shown}");
    }
    let infinite = "trials = { mcse = 0.1 }\nN = 10\nP = [0.5, 0.5]\nQ = [1, 0]\n";
    let shown = Workspace::with_spec(infinite).run(["coin.toml"]).exits_with(2).err;
    assert!(shown.contains("no number of trials is enough in condition 1: KL(P‖Q) is infinite"), "{shown}");
}
