//! From an experiment file to its results folder.

use crate::harness::{COIN, Workspace};
use sha2::{Digest, Sha256};

fn number(row: &std::collections::BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is {:?}", row[column]))
}

#[test]
fn the_coin_has_its_closed_form_in_every_row() {
    let experiments = concat!(env!("CARGO_MANIFEST_DIR"), "/experiments/coin.toml");
    let here = Workspace::new();
    here.run([experiments]).succeeds().shows("all 4 conditions agree with theory");
    let rows = here.rows("results/coin/summary.csv");
    assert_eq!(rows.iter().map(|row| row["n"].as_str()).collect::<Vec<_>>(), ["10", "100", "1000", "10000"]);
    // ½ ln(0.5/0.4) + ½ ln(0.5/0.6) for the doubles 0.4 and 0.6, by 25-digit arithmetic; V = ¼ ln²(0.6/0.4).
    let (divergence, variance) = (0.020_410_997_260_127_555, 0.041_100_488_473_291_34);
    for row in rows {
        assert!((number(&row, "closed_form") / divergence - 1.0).abs() <= 2e-15);
        assert!((number(&row, "closed_form_variance") * number(&row, "n") / variance - 1.0).abs() <= 1e-13);
        assert_eq!(row["verdict"], "agree");
    }
}

#[test]
fn the_columns_are_the_contract() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml"]).succeeds();
    let header = |name: &str| here.read(name).lines().next().unwrap().to_owned();
    insta::assert_snapshot!(header("results/coin/summary.csv"), @"experiment,condition,p,q,n,trials,seed,sampler,estimator,unit,closed_form,expected,mean,mcse,bias,z,p_value,closed_form_variance,variance,variance_mcse,variance_ratio,variance_p_value,rmse,infinite_trials,verdict,p_value_method,infinite_expected,infinite_p_value,closed_form_source,closed_form_error,kl_rate,asymptotic_variance,reverse_closed_form,ruled_out,ruled_out_mass,failed_trials,reason,p_value_bound,variance_p_value_method,variance_p_value_bound,label");
    insta::assert_snapshot!(header("results/coin/law.csv"), @"condition,estimator,lower,upper,trials,observed,exact,approximate");
    insta::assert_snapshot!(header("results/coin/paths.csv"), @"condition,trial,length,estimator,estimate,expected,std_dev");
}

#[test]
fn the_table_reads_well() {
    let here = Workspace::with_spec(COIN);
    insta::assert_snapshot!(here.run(["coin.toml"]).succeeds().out, @"
    coin
      P = categorical(H=0.5, T=0.5)
      Q = categorical(H=0.4, T=0.6)
      1,000 trials per condition, seed 57, sampler sequence, in nats

        N  closed form               mean     z  p-value  variance ratio  p of ratio  verdict
       10     0.020411    0.0193 ± 0.0020  -0.6     0.58   1.046 ± 0.042        0.29  agree
      100     0.020411  0.02054 ± 0.00064   0.2     0.84   1.020 ± 0.045        0.67  agree

    KL(P‖Q) is 0.020411 nats (0.029447 bits) per symbol, and 1,000 sequences of N = 100 gave 0.02054 ± 0.00064 nats (0.02963 ± 0.00092 bits); both conditions agree with theory (4 tests, joint false-alarm rate 1e-6).
    ");
}

#[test]
fn grid_and_case_keys_are_columns_before_the_others() {
    let here = Workspace::with_spec(
        "trials = 100\nN = 5\n[grid]\n\"Q.bernoulli.p\" = [0.25, \"1/3\"]\n[[case]]\nP.bernoulli.p = 0.5\n[[case]]\nP.bernoulli.p = 0.4\n",
    );
    here.run(["coin.toml"]).succeeds();
    let rows = here.rows("results/coin/summary.csv");
    let settings: Vec<_> =
        rows.iter().map(|row| (row["P.bernoulli.p"].as_str(), row["Q.bernoulli.p"].as_str())).collect();
    assert_eq!(settings, [("0.5", "0.25"), ("0.5", "1/3"), ("0.4", "0.25"), ("0.4", "1/3")]);
}

#[test]
fn recorded_trials_have_the_mean_and_the_variance_of_the_summary() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record"]).succeeds().says("trials.csv");
    let (summary, trials) = (here.rows("results/coin/summary.csv"), here.rows("results/coin/trials.csv"));
    assert_eq!(trials.len(), 2_000);
    for row in summary {
        let estimates: Vec<f64> = trials
            .iter()
            .filter(|trial| trial["condition"] == row["condition"])
            .map(|trial| number(trial, "estimate"))
            .collect();
        let mean = estimates.iter().sum::<f64>() / 1_000.0;
        let variance = estimates.iter().map(|estimate| (estimate - mean) * (estimate - mean)).sum::<f64>() / 999.0;
        assert!((mean - number(&row, "mean")).abs() < 1e-15);
        assert!((variance / number(&row, "variance") - 1.0).abs() < 1e-12);
        assert!((number(&row, "mean") - number(&row, "closed_form") - number(&row, "bias")).abs() < 1e-16);
        let errors = estimates.iter().map(|estimate| estimate - number(&row, "closed_form"));
        let rmse = (errors.map(|error| error * error).sum::<f64>() / 1_000.0).sqrt();
        assert!((rmse / number(&row, "rmse") - 1.0).abs() < 1e-12);
    }
}

#[test]
fn the_histogram_counts_every_trial_and_paths_end_at_the_estimates() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record"]).succeeds();
    let law = here.rows("results/coin/law.csv");
    for condition in ["1", "2"] {
        let bins: Vec<_> = law.iter().filter(|row| row["condition"] == condition).collect();
        assert_eq!(bins.iter().map(|bin| number(bin, "trials")).sum::<f64>(), 1_000.0);
        assert!((bins.iter().map(|bin| number(bin, "exact")).sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let (paths, trials) = (here.rows("results/coin/paths.csv"), here.rows("results/coin/trials.csv"));
    for trial in trials.iter().filter(|trial| number(trial, "trial") <= 8.0) {
        let end = paths.iter().find(|point| {
            ["condition", "trial"].iter().all(|key| point[*key] == trial[*key]) && point["length"] == trial["n"]
        });
        assert_eq!(end.unwrap()["estimate"], trial["estimate"]);
    }
}

#[test]
fn bits_divide_estimates_by_ln_2_and_variances_by_its_square() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--out", "nats"]).succeeds();
    here.run(["coin.toml", "--out", "bits", "--set", "unit=bits"]).succeeds().shows("in bits");
    let ln_2 = std::f64::consts::LN_2;
    for (nats, bits) in here.rows("nats/coin/summary.csv").iter().zip(here.rows("bits/coin/summary.csv")) {
        for column in ["closed_form", "expected", "mean", "mcse", "bias", "rmse"] {
            assert!((number(nats, column) / ln_2 / number(&bits, column) - 1.0).abs() < 1e-14, "{column}");
        }
        for column in ["closed_form_variance", "variance", "variance_mcse"] {
            assert!((number(nats, column) / ln_2 / ln_2 / number(&bits, column) - 1.0).abs() < 1e-14, "{column}");
        }
        for column in ["z", "p_value", "variance_ratio", "variance_p_value", "verdict"] {
            assert_eq!(nats[column], bits[column]);
        }
    }
}

#[test]
fn one_trial_has_no_spread() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--trials", "1"]).succeeds();
    for row in here.rows("results/coin/summary.csv") {
        for column in ["variance", "variance_mcse", "variance_ratio", "variance_p_value"] {
            assert_eq!(row[column], "", "{column}");
        }
        assert!(!row["mean"].is_empty() && !row["mcse"].is_empty() && !row["p_value"].is_empty());
    }
}

#[test]
fn a_distribution_against_itself_is_exactly_zero() {
    let here = Workspace::with_spec("trials = 50\nN = [1, 9]\nP = [0.3, 0.7]\nQ = [0.3, 0.7]\n");
    here.run(["coin.toml"]).succeeds();
    for row in here.rows("results/coin/summary.csv") {
        for column in ["closed_form", "mean", "bias", "closed_form_variance", "variance", "mcse", "rmse"] {
            assert_eq!(row[column], "0.0", "{column}");
        }
        for column in ["z", "p_value", "variance_ratio", "variance_p_value"] {
            assert_eq!(row[column], "", "{column}");
        }
        assert_eq!(row["verdict"], "agree");
    }
}

#[test]
fn an_impossible_symbol_makes_the_divergence_infinite_and_is_named() {
    let here = Workspace::with_spec(
        "trials = 1000\nN = 3\nP = { categorical = { H = 0.5, T = 0.5 } }\nQ = { categorical = { H = 1, T = 0 } }\n",
    );
    here.run(["coin.toml"]).succeeds().shows("the symbol T").shows("infinite");
    let row = &here.rows("results/coin/summary.csv")[0];
    assert_eq!(
        (row["closed_form"].as_str(), row["mean"].as_str(), row["verdict"].as_str()),
        ("inf", "inf", "infinite")
    );
    assert_eq!(number(row, "infinite_expected"), 875.0);
    for column in ["bias", "mcse", "z", "p_value", "variance", "closed_form_variance", "rmse"] {
        assert_eq!(row[column], "", "{column}");
    }
    let law = here.rows("results/coin/law.csv");
    assert_eq!(law.last().unwrap()["lower"], "inf");
    assert_eq!(law.last().unwrap()["trials"], row["infinite_trials"]);
}

#[test]
fn no_file_of_a_run_holds_nan() {
    let here = Workspace::with_spec(
        "trials = 20\nN = [1, 3]\n[grid]\n\"P\" = [[0.5, 0.5], [1, 0], [0, 1]]\n\"Q\" = [[0.5, 0.5], [0.25, 0.75], [1, 0]]\n",
    );
    here.run(["coin.toml", "--record"]).succeeds();
    for (path, bytes) in here.contents("results") {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("NaN") && !text.contains("nan"), "{}", path.display());
    }
}

#[test]
fn the_manifest_holds_the_digest_of_every_file() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record"]).succeeds();
    let manifest: serde_json::Value = serde_json::from_str(&here.read("results/coin/manifest.json")).unwrap();
    let files = manifest["files"].as_object().unwrap();
    let mut names: Vec<_> = here.contents("results/coin").into_keys().map(|path| path.display().to_string()).collect();
    names.retain(|name| name != "manifest.json");
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), names);
    for (name, digest) in files {
        let expected: String = Sha256::digest(here.read(&format!("results/coin/{name}")))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest.as_str().unwrap(), expected, "{name}");
    }
}

#[test]
fn a_long_label_is_cut_and_whole_in_the_manifest() {
    let weights = vec!["\"1/100\""; 100].join(", ");
    let here = Workspace::with_spec(&format!("trials = 10\nN = 3\nP = [{weights}]\nQ = [{weights}]\n"));
    here.run(["coin.toml"]).succeeds();
    let shown = here.rows("results/coin/summary.csv")[0]["p"].clone();
    assert!(shown.chars().count() <= 200 && shown.contains('…'), "{shown}");
    let manifest: serde_json::Value = serde_json::from_str(&here.read("results/coin/manifest.json")).unwrap();
    assert_eq!(manifest["distributions"][&shown].as_str().unwrap().matches("1/100").count(), 100);
}

#[test]
fn the_template_runs_as_it_stands() {
    let here = Workspace::new();
    let template = here.run(["init"]).succeeds().out;
    let here = here.file("my-coin.toml", template);
    here.run(["my-coin.toml"]).succeeds().says("results/my-coin");
}

#[test]
fn a_spec_can_come_from_standard_input() {
    let here = Workspace::with_spec(COIN);
    let mut command = here.command(["-"]);
    command.stdin(std::fs::File::open(here.path("coin.toml")).unwrap());
    crate::harness::Ended::new(command.output().unwrap()).succeeds();
    assert_eq!(here.rows("results/stdin/summary.csv").len(), 2);
}

#[test]
fn the_verb_run_may_be_written() {
    let here = Workspace::with_spec(COIN);
    let short = here.run(["coin.toml", "--out", "a"]).succeeds().out;
    assert_eq!(here.run(["run", "coin.toml", "--out", "b"]).succeeds().out, short);
    assert_eq!(here.contents("a"), here.contents("b"));
}

#[test]
fn output_for_a_pipe_has_no_colour_unless_asked_for() {
    let here = Workspace::with_spec(COIN);
    assert!(!here.run(["coin.toml"]).succeeds().out.contains('\u{1b}'));
    assert!(here.run(["coin.toml", "--color", "always"]).succeeds().out.contains('\u{1b}'));
}

#[test]
fn a_quiet_run_says_nothing_and_writes_everything() {
    let here = Workspace::with_spec(COIN);
    let ended = here.run(["coin.toml", "--quiet"]).succeeds();
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
    assert_eq!(here.contents("results/coin").len(), 4);
}
