//! Reruns of a spec: nothing that took time is lost by a keystroke.

use crate::harness::{COIN, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The coin with its trials recorded.
fn recorded(arguments: &[&str]) -> Workspace {
    let here = Workspace::with_spec(COIN);
    here.run([&["coin.toml", "--record", "--quiet"], arguments].concat()).succeeds();
    here
}

fn results(here: &Workspace) -> BTreeMap<PathBuf, Vec<u8>> {
    here.contents("results/coin")
}

#[test]
fn recorded_trials_of_the_same_spec_stay() {
    let here = recorded(&[]);
    let before = results(&here);
    assert!(before.contains_key(Path::new("trials.csv")));
    let ended = here.run(["coin.toml", "--threads", "3"]).succeeds();
    insta::assert_snapshot!(ended.err, @"
    note: the trials of this spec are recorded in results/coin, and stay so (to drop them, add --replace)
    wrote results/coin/: summary.csv, law.csv, paths.csv, trials.csv, manifest.json
    ");
    assert_eq!(results(&here), before);
    // However the number is written.
    here.run(["coin.toml", "--trials", "1e3", "--quiet"]).succeeds();
    assert_eq!(results(&here), before);
    here.run(["check", "coin.toml", "--update"]).succeeds();
    assert_eq!(results(&here), before);
    here.run(["coin.toml", "--replace"]).succeeds();
    assert!(!here.path("results/coin/trials.csv").exists());
    assert!(here.read("results/coin/manifest.json").contains("\"record\": \"none\""));
}

#[test]
fn fewer_trials_replace_no_longer_run() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let before = results(&here);
    let ended = here.run(["coin.toml", "--trials", "5"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec has fewer trials than results/coin, and would replace summary.csv:
      1,000 trials of conditions 1 and 2, now 5
      help: to keep them, choose another folder with --out; to replace them, add --replace
    ");
    assert_eq!(results(&here), before);
    // Another spec is daily work.
    here.run(["coin.toml", "--trials", "5", "--seed", "58"]).succeeds().says("note: replacing the results in");
    here.run(["coin.toml", "--trials", "7", "--seed", "58"]).succeeds();
    here.run(["coin.toml", "--trials", "5", "--seed", "58", "--replace"]).succeeds();
    assert!(here.rows("results/coin/summary.csv").iter().all(|row| row["trials"] == "5"));
}

#[test]
fn more_trials_do_not_remove_recorded_ones() {
    let here = recorded(&[]);
    let before = results(&here);
    let ended = here.run(["coin.toml", "--trials", "2000"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec does not record its trials, and would remove results/coin/trials.csv:
      1,000 trials of conditions 1 and 2, now 2,000
      help: to record all trials, add --record; to keep the file, choose another folder with --out; to remove it, add --replace
    ");
    let ended = here.run(["coin.toml", "--trials", "999", "--record"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec has fewer trials than results/coin, and would replace summary.csv and trials.csv:
      1,000 trials of conditions 1 and 2, now 999
      help: to keep them, choose another folder with --out; to replace them, add --replace
    ");
    assert_eq!(results(&here), before);
    here.run(["coin.toml", "--trials", "2000", "--record"]).succeeds();
    assert_eq!(here.rows("results/coin/trials.csv").len(), 4_000);
    here.run(["coin.toml", "--trials", "3000", "--replace"]).succeeds();
    assert!(!here.path("results/coin/trials.csv").exists());
}

/// All losses of one call are told, and nothing runs.
#[test]
fn of_several_specs_none_runs_if_one_would_lose_trials() {
    let here = recorded(&[]).file("other.toml", COIN).file("new.toml", COIN);
    here.run(["other.toml", "--quiet"]).succeeds();
    let before = here.contents("results");
    let ended = here.run(["new.toml", "coin.toml", "other.toml", "--trials", "10"]).refuses();
    assert!(ended.err.contains("results/coin, and would replace summary.csv and trials.csv:"), "{}", ended.err);
    assert!(ended.err.contains("results/other, and would replace summary.csv:"), "{}", ended.err);
    assert_eq!(here.contents("results"), before);
    assert!(!here.path("results/new").exists());
}

/// Conditions of different numbers of trials, by a goal: only those with fewer are named, unless all are as many.
#[test]
fn goals_are_compared_by_the_trials_they_need() {
    let spec = |goal: &str| format!("trials = {goal}\nN = [10, 50, 1000]\nP.bernoulli.p = 0.4\nQ.bernoulli.p = 0.5\n");
    let here = Workspace::with_spec(&spec("{ relative_error = 0.02 }"));
    here.run(["coin.toml", "--record", "--quiet"]).succeeds();
    let before = results(&here);
    here.run(["coin.toml", "--quiet"]).succeeds();
    assert_eq!(results(&here), before);
    let ended = here.run(["coin.toml", "--trials", "8000"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec has fewer trials than results/coin, and would replace summary.csv and trials.csv:
      24,330 trials of condition 1, now 8,000
      help: to keep them, choose another folder with --out; to replace them, add --replace
    ");
    let here = here.file("coin.toml", spec("{ relative_error = 0.05 }"));
    let ended = here.run(["coin.toml"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec has fewer trials than results/coin, and would replace summary.csv and trials.csv:
      24,330 trials of condition 1, now 3,893
      4,866 trials of condition 2, now 779
      244 trials of condition 3, now 39
      help: to keep them, choose another folder with --out; to replace them, add --replace
    ");
    // The larger of the two goals decides.
    let here = here.file("coin.toml", spec("{ relative_error = 0.01 }"));
    here.run(["coin.toml"]).refuses().says("does not record its trials");
    here.run(["coin.toml", "--record"]).succeeds();
}

#[test]
fn damaged_trials_are_written_anew() {
    let here = recorded(&[]);
    let before = results(&here);
    let path = here.path("results/coin/trials.csv");
    let edited = here.read("results/coin/trials.csv").replacen("0.0", "0.5", 1);
    std::fs::write(&path, edited).unwrap();
    let ended = here.run(["coin.toml"]).succeeds();
    insta::assert_snapshot!(ended.err, @"
    note: the trials of this spec are recorded anew: results/coin/trials.csv is not what manifest.json says: it was edited, cut short, or belongs to another run
    wrote results/coin/: summary.csv, law.csv, paths.csv, trials.csv, manifest.json
    ");
    assert_eq!(results(&here), before);
    // A file that someone removed is not wanted.
    std::fs::remove_file(&path).unwrap();
    here.run(["coin.toml", "--quiet"]).succeeds();
    assert!(!path.exists());
    // One that the manifest does not name may be of this spec.
    std::fs::write(&path, "condition,trial,n,estimator,estimate\n").unwrap();
    here.run(["coin.toml"])
        .succeeds()
        .says("anew: results/coin/manifest.json cannot be read: it does not name trials.csv");
    assert_eq!(results(&here), before);
}

/// Recorded trials of an unknown spec may be of this one.
#[test]
fn recorded_trials_without_a_manifest_are_not_removed() {
    let here = recorded(&[]);
    let manifest = here.path("results/coin/manifest.json");
    let text = here.read("results/coin/manifest.json");
    std::fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 99")).unwrap();
    let before = results(&here);
    let ended = here.run(["coin.toml"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: results/coin/trials.csv may hold trials of this spec, and this run would remove it
      because: results/coin was written by a newer version of this program (layout 99; this one reads up to 1)
      help: move the file away, or choose another folder with --out; to replace the results, add --replace
    ");
    std::fs::write(&manifest, "{").unwrap();
    here.run(["coin.toml", "--record"]).refuses().says("this run would replace it");
    std::fs::remove_file(&manifest).unwrap();
    here.run(["coin.toml"]).refuses().says("it has no manifest.json");
    here.run(["coin.toml", "--replace", "--quiet"]).succeeds();
    assert_eq!(results(&here).len(), before.len() - 1);
    // Without recorded trials a rerun repairs the folder.
    std::fs::write(&manifest, "{").unwrap();
    here.run(["coin.toml", "--quiet"]).succeeds();
}

/// A manifest of an older version lacks keys that were added since: another spec.
#[test]
fn older_manifests_are_compared_by_the_keys_they_have() {
    let here = recorded(&[]);
    let text = here.read("results/coin/manifest.json");
    std::fs::write(here.path("results/coin/manifest.json"), text.replace("\"sampler\": \"sequence\",", "")).unwrap();
    here.run(["coin.toml", "--trials", "5"]).succeeds().says("sampler was absent");
}

/// The rows of an interrupted run are trials, too: those of this spec, and no other's.
#[test]
fn a_shorter_run_does_not_replace_what_an_interrupted_one_left() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let partial = here.path("results/coin/summary.partial.csv");
    std::fs::rename(here.path("results/coin/summary.csv"), &partial).unwrap();
    for name in ["manifest.json", "law.csv", "paths.csv"] {
        std::fs::remove_file(here.path(&format!("results/coin/{name}"))).unwrap();
    }
    let ended = here.run(["coin.toml", "--trials", "5"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: this run of the same spec has fewer trials than results/coin, and would replace summary.partial.csv:
      1,000 trials of conditions 1 and 2, now 5
      help: to keep them, choose another folder with --out; to replace them, add --replace
    ");
    here.run(["coin.toml", "--quiet"]).succeeds();
    assert!(!partial.exists());
    std::fs::copy(here.path("results/coin/summary.csv"), &partial).unwrap();
    here.run(["coin.toml", "--trials", "5", "--set", "N=[10, 30]", "--quiet"]).succeeds();
    assert!(!partial.exists(), "N is another");
}

/// A folder that another run holds is refused as ever, and the lock is held while the folder is looked at.
#[cfg(unix)]
#[test]
fn the_lock_comes_first() {
    let here = recorded(&[]);
    let held = std::fs::File::open(here.path("results/coin")).unwrap();
    held.lock().unwrap();
    here.run(["coin.toml", "--trials", "5"]).refuses().says("another run is writing to results/coin");
}
