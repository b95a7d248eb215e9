//! Results that a run replaces while they are read.

#![allow(clippy::unwrap_used)]

use super::runs::{Overwrite, Runs};
use crate::check::{Baseline, compare_folders, compare_watched};
use crate::experiment::planned_sampling;
use crate::experiment_file::{Source, read};
use crate::record::{MANIFEST, Manifest, ResultsError, SavedResults};
use crate::store::Interval;
use kl_sim::simulation::{Cancel, Engine};
use std::path::{Path, PathBuf};

/// Every file that a run may leave but failures.csv.
const SPEC: &str = "trials = 50\nN = [5, 9]\nrecord = \"csv\"\nestimators = [\"log_ratio\", \"plug_in\"]\n\
                    P = [0.5, 0.5]\nQ = [0.4, 0.6]\n";

/// Results of a seed, in a folder of the name in `here`.
fn results(here: &Path, name: &str, seed: u64) -> PathBuf {
    let engine = Engine::new(Some(1)).unwrap();
    let overwrite = Overwrite::default();
    let runs = Runs {
        engine,
        sampling: &planned_sampling,
        cancel: Cancel::default(),
        quiet: true,
        overwrite,
        json: false,
        interval: Interval::DEFAULT,
        resume: false,
    };
    let text = format!("seed = {seed}\n{SPEC}");
    let plan = read(&Source { name: "coin.toml".into(), text }, "coin", &[]).unwrap();
    runs.run(vec![plan], &here.join(name)).unwrap();
    here.join(name).join("coin")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // As a run renames them: the manifest last.
    names.sort_by_key(|name| (name == MANIFEST, name.clone()));
    names
}

/// Puts some of the files in place of those of another run, as a run that ends does.
fn replace(from: &Path, to: &Path, count: usize) {
    for name in names(from).iter().take(count) {
        std::fs::copy(from.join(name), to.join("new")).unwrap();
        std::fs::rename(to.join("new"), to.join(name)).unwrap();
    }
}

/// The mean of a row, and how many measures, bins and points it has.
type RowDigest = (Option<f64>, usize, usize, usize);

/// The seed that the manifest says and the digits that the rows have.
fn digest(results: &SavedResults) -> (u64, Vec<RowDigest>) {
    let row = |row: &crate::record::SummaryRow<'_>| {
        (row.comparison.mean, row.measures.len(), results.bins_of(row).len(), results.points_of(row).len())
    };
    (results.overview.seed, results.rows.iter().map(row).collect())
}

/// At whatever moment a run ends, a report is of the one run or of the other, or there is none.
#[test]
fn a_report_is_never_of_two_runs() {
    let here = tempfile::tempdir().unwrap();
    let [old, new] = [1, 2].map(|seed| results(here.path(), &format!("seed-{seed}"), seed));
    let [one, other] = [&old, &new].map(|folder| digest(&SavedResults::read(folder).unwrap()));
    assert_ne!(one, other);
    let all = names(&old);
    assert_eq!(all.len(), 6, "{all:?}");
    let folder = here.path().join("coin");
    std::fs::create_dir(&folder).unwrap();
    let (mut of_old, mut of_new) = (0, 0);
    for moment in &all {
        for count in 1..=all.len() {
            replace(&old, &folder, all.len());
            let read = SavedResults::read_watched(&folder, &mut |name| {
                if name == moment {
                    replace(&new, &folder, count);
                }
            });
            match read.map(|read| digest(&read)) {
                Ok(found) if found == one => of_old += 1,
                Ok(found) => {
                    assert!(found == other && count == all.len(), "after {moment}, {count} files");
                    of_new += 1;
                }
                // A run is in the midst of its renames.
                Err(ResultsError::Edited { .. }) if count < all.len() => {}
                Err(error) => panic!("after {moment}, {count} files: {error}"),
            }
        }
    }
    // The last file is read whole before anything can happen, and with the first nothing is read yet.
    assert!(of_old >= all.len() && of_new >= 3, "{of_old} {of_new}");
}

/// A folder whose results change with every look is given up.
#[test]
fn results_that_never_rest_are_refused() {
    let here = tempfile::tempdir().unwrap();
    let [old, new] = [1, 2].map(|seed| results(here.path(), &format!("seed-{seed}"), seed));
    let folder = here.path().join("coin");
    std::fs::create_dir(&folder).unwrap();
    replace(&old, &folder, usize::MAX);
    let mut is_new = false;
    let error = SavedResults::read_watched(&folder, &mut |name| {
        if name == MANIFEST {
            is_new = !is_new;
            replace(if is_new { &new } else { &old }, &folder, usize::MAX);
        }
    })
    .unwrap_err();
    assert!(matches!(error, ResultsError::Replaced { .. }), "{error}");
}

#[test]
fn a_check_is_never_of_two_runs() {
    let here = tempfile::tempdir().unwrap();
    let [old, new, fresh] = [("old", 1), ("new", 2), ("fresh", 1)].map(|(name, seed)| results(here.path(), name, seed));
    assert!(matches!(compare_folders(&old, &fresh, None).unwrap(), Baseline::Same { .. }));
    assert!(matches!(compare_folders(&new, &fresh, None).unwrap(), Baseline::OtherSpec(_)));
    let folder = here.path().join("coin");
    std::fs::create_dir(&folder).unwrap();
    for moment in [MANIFEST, "summary.csv", "law.csv", "paths.csv", "measures.csv", "trials.csv"] {
        replace(&old, &folder, usize::MAX);
        let found = compare_watched(&folder, &fresh, None, &mut |name| {
            if name == moment {
                replace(&new, &folder, usize::MAX);
            }
        });
        assert!(matches!(found.unwrap(), Baseline::OtherSpec(_)), "{moment}");
    }
    replace(&old, &folder, usize::MAX);
    let mut is_new = false;
    let found = compare_watched(&folder, &fresh, None, &mut |name| {
        if name == MANIFEST {
            is_new = !is_new;
            replace(if is_new { &new } else { &old }, &folder, usize::MAX);
        }
    });
    match found.unwrap() {
        Baseline::Unreadable { file, reason } => {
            assert_eq!(file, MANIFEST);
            assert!(reason.contains("were replaced while they were read"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

/// Files that are right under a manifest that is wrong of them: reports refuse them, and so does a check.
#[test]
fn a_check_looks_at_the_digests_too() {
    let here = tempfile::tempdir().unwrap();
    let [old, fresh] = ["old", "fresh"].map(|name| results(here.path(), name, 1));
    let path = old.join(MANIFEST);
    let mut manifest = Manifest::read(&std::fs::read(&path).unwrap()).unwrap();
    manifest.files.insert("law.csv".to_owned(), "00".to_owned());
    std::fs::write(&path, manifest.to_json().unwrap()).unwrap();
    match compare_folders(&old, &fresh, None).unwrap() {
        Baseline::Changed { changes, count: 1, .. } => assert_eq!(changes[0].file, MANIFEST),
        other => panic!("{other:?}"),
    }
    assert!(matches!(SavedResults::read(&old), Err(ResultsError::Edited { .. })));
}
