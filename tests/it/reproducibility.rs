//! The same spec leaves the same bytes, and edits move only what they must.

use crate::harness::{COIN, Workspace, contents};
use std::path::Path;

fn experiments() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
    files.sort();
    files
}

/// All shipped experiments: on one thread, on three with the CPU features off on which the platform's own `ln` and `exp` depend, and as they
/// are committed.
#[test]
fn the_shipped_experiments_leave_the_committed_bytes_everywhere() {
    let here = Workspace::new();
    let files = experiments();
    let run = |out: &str, more: &[&str], features_off: bool| {
        let arguments = files.iter().map(String::as_str).chain(["--quiet", "--out", out]).chain(more.iter().copied());
        let mut command = here.command(arguments);
        if features_off {
            command.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2");
        }
        crate::harness::Ended::new(command.output().unwrap()).succeeds();
    };
    run("one", &["--threads", "1"], false);
    run("plain", &["--threads", "3"], true);
    let committed = contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("results"));
    for other in ["one", "plain"] {
        let found = here.contents(other);
        assert!(found.keys().eq(committed.keys()), "{other}");
        for (path, bytes) in &found {
            assert!(bytes == &committed[path], "{other}: {} differs", path.display());
        }
    }
}

/// The same comparison where the work is spread over many blocks: long sequences, and many short ones.
#[test]
fn many_blocks_merge_to_the_same_bytes_on_any_number_of_threads() {
    let weights = vec!["\"1/20\""; 20].join(", ");
    let spec = format!(
        "trials = 20_011\nN = [3, 300, 40_000]\nP = [{weights}]\n[grid]\nQ = [[{weights}], [0.905{}]]\n",
        ", 0.005".repeat(19)
    );
    let here = Workspace::with_spec(&spec);
    for threads in ["1", "2", "5"] {
        here.run(["coin.toml", "--record", "--set", "N=[3,300]", "--threads", threads, "--out", threads]).succeeds();
        let whole = format!("{threads}-whole");
        here.run(["coin.toml", "--threads", threads, "--trials", "211", "--out", &whole]).succeeds();
    }
    assert!(here.contents("1") == here.contents("2") && here.contents("2") == here.contents("5"));
    assert!(
        here.contents("1-whole") == here.contents("2-whole") && here.contents("2-whole") == here.contents("5-whole")
    );
}

/// The other samplers: tables, ladders, single draws, counted sequences and tallies.
#[test]
fn counts_and_tallies_are_the_same_bytes_everywhere() {
    let forty: Vec<String> = (1..=40).map(|weight| format!("\"{weight}/820\"")).collect();
    let reversed: Vec<&str> = forty.iter().rev().map(String::as_str).collect();
    let here = Workspace::new()
        .file(
            "coin.toml",
            "trials = 100_000\nN = [10, 1_000, 1e6, 1e12]\nP = [0.4, 0.6]\n[grid]\nQ = [[0.5, 0.5], [0.1, 0.9]]\n",
        )
        .file("die.toml", "trials = 50_000\nN = [10, 1_000]\nP = [0.1, 0.2, 0.3, 0.4]\nQ = [0.4, 0.3, 0.2, 0.1]\n")
        .file(
            "many.toml",
            format!("trials = 1_000\nN = [5, 20_000]\nP = [{}]\nQ = [{}]\n", forty.join(", "), reversed.join(", ")),
        );
    let run = |out: &str, threads: &str, features_off: bool| {
        let mut arguments = vec!["--quiet", "--out", out, "--threads", threads];
        arguments.extend(["coin.toml", "die.toml", "many.toml", "--sampler", "counts"]);
        let mut command = here.command(arguments.iter().copied());
        let tallied = format!("{out}/tally");
        let mut tally = here.command([
            "coin.toml",
            "--quiet",
            "--out",
            &tallied,
            "--sampler",
            "tally",
            "--set",
            "N=[10,1e5]",
            "--trials",
            "1e15",
            "--threads",
            threads,
        ]);
        for command in [&mut command, &mut tally] {
            if features_off {
                command.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2");
            }
            crate::harness::Ended::new(command.output().unwrap()).succeeds();
        }
        here.contents(out)
    };
    let one = run("one", "1", false);
    assert!(one == run("two", "2", false) && one == run("five", "5", false) && one == run("plain", "2", true));
}

/// Few estimates a trial are spelt block by block, many batch by batch: the same rows.
#[test]
fn many_conditions_are_recorded_as_few_are() {
    let spec = |values: &str| format!("trials = 5_000\nN = [3, 200]\nP = [0.5, 0.3, 0.2]\n[grid]\nQ = [{values}]\n");
    let models: Vec<String> = (1..=40).map(|k| format!("[0.{k:02}, 0.3, 0.{:02}]", 70 - k)).collect();
    let here = Workspace::new().file("many.toml", spec(&models.join(", "))).file("one.toml", spec(&models[16]));
    for sampler in ["sequence", "counts"] {
        for threads in ["1", "3"] {
            let arguments = ["many.toml", "one.toml", "--record", "--sampler", sampler, "--threads", threads];
            here.run(arguments.into_iter().chain(["--out", threads])).succeeds();
        }
        assert!(here.contents("1") == here.contents("3"));
        let estimates = |name: &str, condition: usize| -> Vec<(String, String)> {
            let rows = here.rows(&format!("1/{name}/trials.csv"));
            let of = rows.iter().filter(|row| row["condition"] == condition.to_string());
            of.map(|row| (row["trial"].clone(), row["estimate"].clone())).collect()
        };
        for (length, place) in [(1, 33), (2, 34)] {
            let (few, many) = (estimates("one", length), estimates("many", place));
            assert_eq!(few.len(), 5_000);
            assert!(few == many, "{sampler} {length}");
        }
    }
}

/// Floating-point sums of large alphabets, where tasks of several blocks are merged: the tree is fixed.
#[test]
fn floats_merge_along_one_tree() {
    let weights: Vec<String> = (1..=20).map(|weight| format!("\"{weight}/210\"")).collect();
    let reversed: Vec<&str> = weights.iter().rev().map(String::as_str).collect();
    let (p, q) = (weights.join(", "), reversed.join(", "));
    let here = Workspace::with_spec(&format!("trials = 300_000\nN = [2, 7]\nP = [{p}]\nQ = [{q}]\n"));
    for threads in ["1", "2", "7"] {
        here.run(["coin.toml", "--threads", threads, "--out", threads]).succeeds();
    }
    assert!(here.contents("1") == here.contents("2") && here.contents("2") == here.contents("7"));
}

#[test]
fn more_trials_extend_the_earlier_ones() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record", "--trials", "5000", "--out", "few"]).succeeds();
    here.run(["coin.toml", "--record", "--trials", "10_000", "--out", "many"]).succeeds();
    let trials = |out: &str, condition: &str| -> Vec<String> {
        let start = format!("{condition},");
        let all = here.read(&format!("{out}/coin/trials.csv"));
        all.lines().filter(|line| line.starts_with(&start)).map(str::to_owned).collect()
    };
    for condition in ["1", "2"] {
        let (few, many) = (trials("few", condition), trials("many", condition));
        assert_eq!((few.len(), many.len()), (5_000, 10_000));
        assert_eq!(few, many[..5_000]);
    }
}

#[test]
fn a_value_more_in_the_grid_moves_no_other_row() {
    let spec = |values: &str| {
        format!("trials = 500\nN = [7, 70]\nP.bernoulli.p = 0.5\n[grid]\n\"Q.bernoulli.p\" = {values}\n")
    };
    let here = Workspace::new().file("few.toml", spec("[0.4, 0.6]")).file("more.toml", spec("[0.3, 0.4, 0.6, 0.7]"));
    here.run(["few.toml", "more.toml"]).succeeds();
    let rows = |name: &str| {
        let mut rows = here.rows(&format!("results/{name}/summary.csv"));
        for row in &mut rows {
            ["condition", "verdict", "experiment"].iter().for_each(|column| {
                row.remove(*column);
            });
        }
        rows
    };
    let more = rows("more");
    assert!(rows("few").iter().all(|row| more.contains(row)));
}

#[test]
fn spelling_and_names_do_not_change_the_draws() {
    let spec = |p: &str, q: &str| format!("trials = 100\nN = 9\nP = {p}\nQ = {q}\n");
    let here = Workspace::new()
        .file("a.toml", spec("[0.5, 0.25, 0.25]", "[0.2, 0.3, 0.5]"))
        .file("b.toml", spec("['1/2', '1/4', '2/8']", "[0.2, 0.3, 0.5]"))
        .file(
            "c.toml",
            spec(
                "{ categorical = { x = 0.5, y = 0.25, z = 0.25 } }",
                "{ categorical = { z = 0.5, x = 0.2, y = 0.3 } }",
            ),
        );
    here.run(["a.toml", "b.toml", "c.toml"]).succeeds();
    let means = ["a", "b", "c"].map(|name| here.rows(&format!("results/{name}/summary.csv"))[0]["mean"].clone());
    assert!(means[0] == means[1] && means[1] == means[2], "{means:?}");
}

#[test]
fn another_seed_gives_other_draws() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--out", "a"]).succeeds();
    here.run(["coin.toml", "--seed", "58", "--out", "b"]).succeeds();
    assert_ne!(here.rows("a/coin/summary.csv")[0]["mean"], here.rows("b/coin/summary.csv")[0]["mean"]);
}
