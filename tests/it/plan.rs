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

/// Counts of long sequences take a moment, which a plan says where the order does not matter.
#[test]
fn a_long_run_is_offered_the_sampler_of_counts() {
    let spec = |estimator: &str| {
        format!(
            "trials = 100_000\nN = 1_000_000_000\nP = [0.5, 0.3, 0.2]\nQ = [0.4, 0.4, 0.2]\nestimators = [{estimator}]\n"
        )
    };
    let here = Workspace::new()
        .file("long.toml", spec("\"log_ratio\", \"k3\""))
        .file("own.toml", spec("{ name = \"mine\", command = [\"true\"] }").replace("1_000_000_000", "10_000_000"))
        .file("short.toml", spec("\"log_ratio\"").replace("1_000_000_000", "10"))
        .file("counts.toml", spec("\"log_ratio\"") + "sampler = \"counts\"\n");
    here.run(["plan", "long.toml"])
        .succeeds()
        .shows(" with --sampler counts, which draws how often each symbol occurs)");
    let json = |name: &str| -> serde_json::Value {
        serde_json::from_str(&here.run(["plan", name, "--json"]).succeeds().out).unwrap()
    };
    let long = json("long.toml");
    assert!(long["seconds_of_counts"].as_f64().unwrap() < long["seconds"].as_f64().unwrap() / 3.0);
    for name in ["own.toml", "short.toml", "counts.toml"] {
        assert!(json(name)["seconds_of_counts"].is_null(), "{name}");
    }
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

/// A run of four blocks a condition, or a few more.
const PARTED: &str = "trials = 20_000\nN = [10, 100]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n";

fn parts(workspace: &Workspace, flags: &[&str]) -> serde_json::Value {
    let arguments = [&["plan", "coin.toml", "--json"], flags].concat();
    let plan: serde_json::Value = serde_json::from_str(&workspace.run(arguments).succeeds().out).unwrap();
    plan["parts"].clone()
}

/// Of every part the cut has some blocks or none, and what the plan says of them is what the parts have.
#[test]
fn a_plan_tells_what_the_parts_of_a_run_take() {
    let workspace = Workspace::with_spec(PARTED);
    assert!(parts(&workspace, &[]).is_null());
    let one = parts(&workspace, &["--of", "1", "--threads", "1"]);
    assert_eq!((&one["of"], &one["longest"], &one["empty"]), (&1.into(), &1.0.into(), &0.into()));
    let few = parts(&workspace, &["--of", "3", "--threads", "1"]);
    assert!((1.0..2.0).contains(&few["longest"].as_f64().unwrap()) && few["empty"] == 0, "{few}");
    // There are no more blocks than 5 of 10 symbols and 10 of 100.
    let many = parts(&workspace, &["--of", "1000", "--threads", "1"]);
    assert_eq!(many["empty"], 985, "{many}");
    let bytes = |parts: &serde_json::Value, key: &str| parts[key].as_str().unwrap().parse::<u64>().unwrap();
    for parts in [&one, &few, &many] {
        assert!((1 << 22..1 << 28).contains(&bytes(parts, "memory_bytes")), "{parts}");
        assert!((1..1 << 20).contains(&bytes(parts, "files_bytes")), "{parts}");
    }
    workspace.run(["shard", "coin.toml", "--part", "1/1"]).succeeds();
    let found = std::fs::metadata(workspace.path("parts/coin/1-of-1.part")).unwrap().len();
    assert!(bytes(&one, "files_bytes") < 1_000 * found, "{one} {found}");
}

#[test]
fn recorded_trials_make_up_the_files_of_a_part() {
    let workspace = Workspace::with_spec(PARTED);
    let bytes = |flags: &[&str]| -> f64 { parts(&workspace, flags)["files_bytes"].as_str().unwrap().parse().unwrap() };
    let found = |folder: &str| -> u64 {
        let files = std::fs::read_dir(workspace.path(folder)).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap()).filter(|of| of.is_file()).map(|of| of.len()).sum()
    };
    workspace.run(["shard", "coin.toml", "--part", "1/2", "--record", "--quiet"]).succeeds();
    let all = found("parts/coin")
        + if workspace.path("parts/coin/1-of-2.trials").exists() { found("parts/coin/1-of-2.trials") } else { 0 };
    let ratio = bytes(&["--of", "2", "--record"]) / all as f64;
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
    assert!(bytes(&["--of", "2", "--record"]) > 5.0 * bytes(&["--of", "2"]));
}

/// Twice the time, half the parts; a time beyond that of all is one part.
#[test]
fn a_plan_suggests_how_many_parts_there_should_be() {
    let workspace = Workspace::with_spec(PARTED);
    let of = |time: &str| {
        let parts = parts(&workspace, &["--trials", "1e9", "--part-time", time, "--threads", "1"]);
        (parts["of"].as_u64().unwrap(), parts["seconds"].as_f64().unwrap())
    };
    let (many, seconds) = of("0.2s");
    assert!(many > 10 && seconds <= 0.2, "{many} {seconds}");
    assert_eq!(of("30d").0, 1);
    let shown = workspace.run(["plan", "coin.toml", "--part-time", "5 minutes"]).exits_with(2).err;
    assert!(shown.contains("write a time as 0.2s, 60s, 5m or 2h"), "{shown}");
    workspace.run(["plan", "coin.toml", "--part-time", "5m", "--of", "3"]).exits_with(2);
    workspace.run(["plan", "coin.toml", "--of", "0"]).exits_with(2);
}

/// The command does the part, with the flags of the plan.
#[test]
fn the_command_that_a_plan_prints_does_a_part() {
    let workspace = Workspace::with_spec(PARTED);
    let flags = ["--of", "2", "--trials", "5000", "--record", "--set", "Q=[0.3, 0.7]", "--seed", "3", "--threads", "1"];
    let shown = workspace.run([&["plan", "coin.toml"], &flags[..]].concat()).succeeds().out;
    let command = shown.lines().find(|line| line.contains("runner shard")).unwrap().trim();
    assert_eq!(
        command,
        "runner shard coin.toml --part K/2 --out parts --trials 5000 --record --seed 3 --set 'Q=[0.3, 0.7]'"
    );
    for part in ["1/2", "2/2"] {
        let words = shlex::split(&command.replace("K/2", part)).unwrap();
        workspace.run(words.iter().skip(1).map(String::as_str)).succeeds();
    }
    let merge = [
        "merge",
        "coin.toml",
        "--parts",
        "parts",
        "--trials",
        "5000",
        "--record",
        "--set",
        "Q=[0.3, 0.7]",
        "--seed",
        "3",
    ];
    workspace.run(merge).succeeds();
    assert!(shown.contains("2 parts: less than a second each on 1 thread"), "{shown}");
    assert!(shown.contains("for each K from 1 to 2, in any order, on any machine"), "{shown}");
}
