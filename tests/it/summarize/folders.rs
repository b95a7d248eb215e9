//! Trials of results folders, with the estimands that these have.

use super::near;
use crate::harness::{COIN, Workspace};

/// Two sources of different divergences and the coin, all recorded.
fn recorded() -> Workspace {
    let grid = "trials = 200\nN = [1, 20]\nP.bernoulli.p = 0.5\n[grid]\n\"Q.bernoulli.p\" = [0.4, 0.75]\n";
    let here = Workspace::with_spec(COIN).file("grid.toml", grid);
    here.run(["coin.toml", "grid.toml", "--record", "--quiet"]).succeeds();
    here
}

#[test]
fn a_results_folder_brings_its_estimands() {
    let here = recorded();
    let from_folder = here.run(["summarize", "results/coin", "--format", "csv"]).succeeds().out;
    let truth = here.rows("results/coin/summary.csv")[0]["closed_form"].clone();
    let by = "condition,n,estimator";
    let file = ["summarize", "results/coin/trials.csv", "--truth", &truth, "--by", by, "--format", "csv"];
    assert_eq!(from_folder, here.run(file).succeeds().out);
    std::fs::write(here.path("found.csv"), here.run(["summarize", "results/grid/", "--format", "csv"]).succeeds().out)
        .unwrap();
    let found = here.rows("found.csv");
    let summary = here.rows("results/grid/summary.csv");
    assert_eq!(summary.len(), 4);
    // The file has the trials of conditions 1 and 3, which share their sequences, before those of 2 and 4.
    let mut order: Vec<&str> = found.iter().map(|row| &*row["condition"]).collect();
    order.dedup();
    assert_eq!(order, ["1", "2", "3", "4"]);
    for row in summary {
        let is_bias = |found: &&std::collections::BTreeMap<String, String>| {
            found["condition"] == row["condition"] && found["measure"] == "bias"
        };
        near(&found.iter().find(is_bias).unwrap()["estimate"], &row["bias"], 1e-10);
    }
}

#[test]
fn several_folders_are_told_apart() {
    let here = recorded();
    let both = here.run(["summarize", "results/coin", "results/grid", "--format", "csv"]).succeeds().out;
    let all = here.run(["summarize", "results", "--format", "csv"]).succeeds().out;
    assert_eq!(both, all);
    assert!(both.starts_with("experiment,condition,n,estimator,measure,"), "{both}");
    let alone = here.run(["summarize", "results/grid", "--format", "csv"]).succeeds().out;
    for line in alone.lines().skip(1) {
        assert!(both.contains(&format!("\ngrid,{line}\n")), "{line}");
    }
    // One experiment in two folders: their paths tell them apart.
    here.run(["coin.toml", "--record", "--quiet", "--out", "again"]).succeeds();
    let twice = here.run(["summarize", "results/coin", "again/coin", "--format", "csv"]).succeeds().out;
    assert!(twice.contains("\nresults/coin,1,") && twice.contains("\nagain/coin,1,"), "{twice}");
    let files = ["summarize", "results/coin/trials.csv", "results/grid/trials.csv", "--format", "csv"];
    let files = here.run(files).succeeds().out;
    assert!(files.starts_with("file,condition,estimator,"), "{files}");
}

#[test]
fn what_folders_cannot_do_is_said() {
    let here = recorded().file("mine.csv", "method,estimate\na,1\n");
    let here = here.file("plain.toml", COIN);
    here.run(["plain.toml", "--quiet"]).succeeds();
    let said = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["summarize"].iter().chain(arguments).copied().collect();
        here.run(arguments).refuses().err
    };
    insta::assert_snapshot!(said(&["results/plain"]), @r"
    error: results/plain/ holds no trials.csv: its trials were not recorded
      help: run the experiment again with --record, as in `runner experiments/coin.toml --record`
    ");
    insta::assert_snapshot!(said(&["results/coin", "mine.csv"]), @r"
    error: mine.csv is a file of trials and results/coin a results folder, which are not summarized together
      help: summarize them one by one
    ");
    insta::assert_snapshot!(said(&["results/coin", "--truth", "1"]), @r"
    error: --truth is for files of trials: results/coin is a results folder, whose columns are known and whose summary.csv has the estimands
      help: leave it out, or name the file, as in results/coin/trials.csv
    ");
    insta::assert_snapshot!(said(&["results/coin", "--by", "estimator"]), @r"
    error: --by does not name `condition`, and each condition of results has an estimand of its own
      help: add it, as in --by condition,estimator
    ");
    insta::assert_snapshot!(said(&["mine.csv", "results/coin/trials.csv"]), @r#"
    error: the groups of mine.csv are by nothing and those of results/coin/trials.csv by "condition", "estimator"
      help: name columns that both have with --by
    "#);
    std::fs::write(here.path("results/coin/trials.csv"), "condition,trial,n,estimator,estimate\n1,1,1,log_ratio,1.0\n")
        .unwrap();
    insta::assert_snapshot!(said(&["results/coin"]), @r"
    error: results/coin/trials.csv is not what manifest.json says: it was edited, cut short, or belongs to another run
      help: run the experiment again, or restore the folder from a copy
    ");
}

/// Where KL(P‖Q) is infinite there is no estimand, and what needs one is left out.
#[test]
fn an_infinite_closed_form_is_no_estimand() {
    let spec = "trials = 50\nN = 3\nP = [0.9, 0.1]\nQ = [1, 0]\n";
    let here = Workspace::with_spec(spec);
    here.run(["coin.toml", "--record", "--quiet"]).succeeds();
    here.run(["summarize", "results/coin"])
        .succeeds()
        .shows("no estimand")
        .shows("infinite: the measures use the others");
}
