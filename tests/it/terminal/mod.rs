//! What fits a terminal.

mod pty;

use crate::harness::Workspace;
use pty::on_terminal;
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

/// The width of most terminals, and half of a small screen.
const WIDTHS: [u16; 2] = [80, 60];

fn shipped(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// A workspace with the shipped experiments and their results.
fn here() -> Workspace {
    let here = Workspace::new();
    std::fs::create_dir(here.path("experiments")).unwrap();
    std::os::unix::fs::symlink(shipped("results"), here.path("results")).unwrap();
    for path in experiments() {
        std::fs::copy(&path, here.path("experiments").join(path.file_name().unwrap())).unwrap();
    }
    here
}

fn experiments() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(shipped("experiments")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths
}

/// The lines of what a program wrote, without styles; those that a progress bar draws over each other are apart.
fn lines(written: &str) -> Vec<String> {
    let plain = anstream::adapter::strip_str(written).to_string();
    plain.split(['\n', '\r']).map(str::to_owned).collect()
}

/// The program writes no line that is wider than the terminal.
#[track_caller]
fn fits(here: &Workspace, arguments: &[&str]) -> String {
    let mut all = String::new();
    for columns in WIDTHS {
        let mut command = here.command(arguments.iter().copied());
        command.env_remove("COLUMNS");
        let (written, code) = on_terminal(command, columns);
        assert!(code.is_some_and(|code| code < 2 || code == 3), "{arguments:?} ends with {code:?}:\n{written}");
        for line in lines(&written) {
            assert!(
                line.width() <= usize::from(columns),
                "{arguments:?} at {columns} columns, {} wide:\n{line}\nof:\n{written}",
                line.width()
            );
        }
        all += &written;
    }
    all
}

#[test]
fn lists_fit() {
    let here = Workspace::new();
    for verb in ["families", "estimators", "init"] {
        fits(&here, &[verb]);
    }
    fits(&here, &["selftest", "--repeats", "4000"]);
}

#[test]
fn help_fits() {
    let here = Workspace::new();
    fits(&here, &["--help"]);
    fits(&here, &["-h"]);
    let verbs = [
        "run",
        "init",
        "plan",
        "check",
        "report",
        "replay",
        "kl",
        "score",
        "estimate",
        "summarize",
        "families",
        "estimators",
        "selftest",
    ];
    for verb in verbs {
        fits(&here, &[verb, "--help"]);
        fits(&here, &[verb, "-h"]);
    }
}

#[test]
fn shipped_experiments_fit() {
    let here = here();
    for path in experiments() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (spec, results) = (format!("experiments/{name}.toml"), format!("results/{name}"));
        fits(&here, &["report", &results]);
        fits(&here, &["report", &results, "--columns", "all"]);
        // Its exact laws take seconds each time, and its tables are those of sprt.
        if name == "chess" {
            continue;
        }
        fits(&here, &["plan", &spec]);
        fits(&here, &["check", &spec, "--set", "trials=40"]);
        // A tally has no trials to record or to replay.
        let has_trials = !std::fs::read_to_string(&path).unwrap().contains("tally");
        fits(&here, &["run", &spec, "--trials", "20", "--out", "out"]);
        if has_trials {
            fits(&here, &["replay", &spec, "--trial", "2"]);
            fits(&here, &["run", &spec, "--trials", "20", "--out", "recorded", "--record"]);
            fits(&here, &["summarize", &format!("recorded/{name}/trials.csv")]);
        }
        // Another spec, for the note on what it replaces.
        let note = fits(&here, &["run", &spec, "--trials", "21", "--seed", "9", "--out", "out"]);
        assert!(note.contains("replacing the results"), "{note}");
    }
}

#[test]
fn estimates_fit() {
    let log = std::fs::read("tests/reference/estimate_log.csv").unwrap();
    let here = Workspace::new()
        .file("log.csv", log)
        .file("p.csv", "a long name of a column\na long name of a symbol\nb\nb\n")
        .file("q.csv", "a long name of a column\nanother long name of a symbol\nb\nb\n")
        .file("v.csv", "x,y\n0.5,1.25\n0.25,3\n1,7.5\n2,-1\n");
    fits(&here, &["estimate", "p.csv", "q.csv"]);
    fits(&here, &["estimate", "v.csv", "v.csv", "--column", "x,y", "--k", "1,2"]);
    fits(&here, &["estimate", "v.csv", "--column", "x", "--q", "normal(mean=0, std_dev=1)"]);
    let columns = ["--logp-column", "lp", "--logq-column", "lq", "--logs-column", "ls", "--sequence-column", "id"];
    fits(&here, &[&["estimate", "log.csv"], &columns[..]].concat());
}

#[test]
fn calculators_fit() {
    let here = Workspace::new();
    let pairs = [
        ["0.5,0.5", "0.4,0.6", "HHTHHT"],
        ["very=0.2,long=0.3,names=0.5", "very=0.4,long=0.3,names=0.3", "very long names very"],
        ["normal(mean=0, std_dev=1)", "normal(mean=10, std_dev=3)", "0.5 1.25 -3"],
        ["poisson.rate=2.5", "geometric.p=0.2", "1 2 0 7"],
        [
            "{ markov_chain = { initial = \"stationary\", transition = [[0.9, 0.1], [0.4, 0.6]] } }",
            "{ markov_chain = { initial = \"stationary\", transition = [[0.7, 0.3], [0.2, 0.8]] } }",
            "HHTTHHHT",
        ],
    ];
    for [p, q, sequence] in pairs {
        fits(&here, &["kl", "--p", p, "--q", q]);
        fits(&here, &["score", "--p", p, "--q", q, sequence]);
        fits(&here, &["score", "--p", p, "--q", q, sequence, sequence]);
    }
    // A sequence has no spaces to be broken at.
    let long = "HT".repeat(300);
    fits(&here, &["score", "--p", "H=0.5,T=0.5", "--q", "H=0.4,T=0.6", &long]);
}

/// `COLUMNS` counts before what the terminal says, and neither counts for a pipe.
#[test]
fn columns_are_honoured() {
    let here = Workspace::new();
    let widest = |columns: Option<&str>, terminal: Option<u16>| {
        let mut command = here.command(["families"]);
        match columns {
            Some(columns) => command.env("COLUMNS", columns),
            None => command.env_remove("COLUMNS"),
        };
        let written = match terminal {
            Some(terminal) => on_terminal(command, terminal).0,
            None => String::from_utf8(command.output().unwrap().stdout).unwrap(),
        };
        lines(&written).iter().map(|line| line.width()).max().unwrap()
    };
    let piped = widest(None, None);
    assert!(piped > 200, "{piped}");
    assert_eq!(widest(Some("60"), None), piped);
    assert!((60..=72).contains(&widest(Some("72"), Some(200))));
    assert!((60..=72).contains(&widest(Some("nonsense"), Some(72))));
    assert!((60..=72).contains(&widest(Some("0"), Some(72))));
    // A terminal of no size, as some editors have, is as wide as it needs.
    assert_eq!(widest(None, Some(0)), piped);
}
