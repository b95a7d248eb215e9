//! Parts of a run: cut anywhere, done anywhere, put together to the same bytes.

mod faults;
mod fuzzed;
#[cfg(unix)]
mod interrupted;
#[cfg(unix)]
mod programs;
mod whole;

use crate::harness::{Ended, Workspace};

/// Two groups of several conditions, estimators with intervals and quantiles, and a sequence that is recorded.
pub(super) const MIXED: &str = r#"
seed = 57
trials = 3_000
N = [20, 300]
P = [0.5, 0.3, 0.2]
estimators = ["log_ratio", "k3", "plug_in", "jackknife"]
level = 0.9
record = "csv"

[grid]
Q = [[0.4, 0.4, 0.2], [0.5, 0.25, 0.25]]
"#;

/// Does one part of an experiment.
fn shard(here: &Workspace, spec: &str, part: &str, more: &[&str]) -> Ended {
    here.run(["shard", spec, "--part", part].into_iter().chain(more.iter().copied()))
}

/// Does all parts of so many.
fn shard_all(here: &Workspace, spec: &str, of: u32, more: &[&str]) {
    for part in 1..=of {
        shard(here, spec, &format!("{part}/{of}"), more).succeeds();
    }
}

/// Merges the parts of an experiment, and compares the results with those of one run.
#[track_caller]
fn merges_to_the_same(here: &Workspace, spec: &str, more: &[&str]) {
    let arguments = |verb: &'static str, out: &'static str| {
        [verb, spec, "--quiet", "--out", out].into_iter().chain(more.iter().copied()).collect::<Vec<_>>()
    };
    here.run(arguments("run", "one")).succeeds();
    here.run(arguments("merge", "merged")).succeeds();
    assert_eq!(here.contents("merged"), here.contents("one"));
}

/// The names in a folder that no merge needs.
fn leftovers(here: &Workspace, folder: &str) -> Vec<String> {
    let names = here.contents(folder).into_keys().map(|path| path.display().to_string());
    names.filter(|name| name.contains(".runner-") || name.contains("unfinished")).collect()
}
