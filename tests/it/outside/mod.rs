//! What others wrote, and what others put in place of files: nothing of it reaches a terminal, another folder or the memory.

mod exit_codes;
mod terminal;

use crate::harness::{COIN, Ended, Workspace};
use kl_runner::outside::{for_terminal, printable_lines};
use kl_runner::record::hex;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A colour, a title, a control sequence of eight bits, directions, a mark without width, and what deletes and begins again.
const HOSTILE: &str = "\u{1b}[32mHOSTILE\u{1b}]0;title\u{7}\u{9b}8m\u{202e}\u{2066}\u{feff}\u{8}\u{7f}\rX";

/// The same as TOML and JSON write it.
fn escaped() -> String {
    HOSTILE
        .chars()
        .map(|c| if c.is_ascii_graphic() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect()
}

/// Ends within a minute, or is ended: what waits for ever fails.
fn within_a_minute(mut command: Command) -> Ended {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let start = Instant::now();
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if receiver.recv_timeout(Duration::from_secs(60)).is_err() {
            let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
        }
    });
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let _ = sender.send(());
    watch.join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "it hangs");
    Ended::new(output)
}

fn run_within_a_minute<'a>(here: &Workspace, arguments: impl IntoIterator<Item = &'a str>) -> Ended {
    within_a_minute(here.command(arguments))
}

fn pipe(path: &Path) {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}

/// A file of the results with some text replaced, and the manifest, which names its digest, after it.
fn rewrite(here: &Workspace, file: &str, change: &dyn Fn(&str) -> String) {
    let path = format!("results/coin/{file}");
    let old = here.read(&path);
    let new = change(&old);
    assert_ne!(old, new);
    std::fs::write(here.path(&path), &new).unwrap();
    if file != "manifest.json" {
        let digest = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        rewrite(here, "manifest.json", &|text| text.replace(&digest(&old), &digest(&new)));
    }
}

// Paths from a manifest

#[test]
fn a_manifest_leads_nowhere_but_to_its_own_folder() {
    for (key, from, to) in [
        ("experiment", "\"experiment\": \"coin\"", "\"experiment\": \"../../../pwn\""),
        ("experiment", "\"experiment\": \"coin\"", "\"experiment\": \"/tmp/pwn\""),
        ("experiment", "\"experiment\": \"coin\"", "\"experiment\": \"\""),
        ("files", "\"law.csv\"", "\"../../../../../../../../etc/passwd\""),
        ("files", "\"law.csv\"", "\"/etc/passwd\""),
        ("files", "\"law.csv\"", "\"a\\\\b\""),
    ] {
        let here = Workspace::with_spec(COIN);
        here.run(["coin.toml", "--quiet"]).succeeds();
        rewrite(&here, "manifest.json", &|text| text.replace(from, to));
        let before = here.contents("");
        for arguments in [
            &["report", "results/coin"][..],
            &["report", "results/coin", "--format", "html", "--out", "pages/deep/down"],
            &["report", "results/coin", "--format", "svg", "--out", "pages"],
            &["report", "results/coin", "--format", "latex"],
        ] {
            let refused = here.run(arguments.iter().copied()).refuses();
            refused.says(&format!("manifest.json cannot be read: `{key}`")).says("not a plain file name");
        }
        here.run(["check", "coin.toml", "--only", "bytes"])
            .exits_with(1)
            .shows("UNREADABLE")
            .shows("not a plain file name");
        assert_eq!(here.contents(""), before, "{to}");
        // Results that cannot be read are replaced like any others.
        here.run(["coin.toml", "--quiet"]).succeeds();
        here.run(["report", "results/coin"]).succeeds();
    }
}

#[test]
fn a_name_that_no_reader_would_take_is_refused_by_a_run() {
    let here = Workspace::new();
    for name in ["nul.toml", "a:b.toml", ".hidden.toml", "a\\b.toml", "a\u{1b}.toml", "end .toml", "end..toml"] {
        let here = Workspace::new().file(name, COIN);
        here.run([name]).refuses().says("cannot be the name of a results folder: ");
        here.run(["check", name]).refuses();
        assert!(!here.path("results").exists());
    }
    drop(here);
}

/// The page of an experiment called `index`, and the index.
#[test]
fn an_experiment_called_index_keeps_its_page() {
    let here = Workspace::with_spec(COIN).file("index.toml", COIN).file("50% #1.toml", COIN);
    here.run(["coin.toml", "index.toml", "50% #1.toml", "--quiet"]).succeeds();
    let told = here.run(["report", "results", "--format", "html", "--out", "pages"]).succeeds().out;
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        ["pages/50% #1.html", "pages/coin.html", "pages/index/report.html", "pages/index.html"]
    );
    let (page, index) = (here.read("pages/index/report.html"), here.read("pages/index.html"));
    assert!(page.contains("<h1>index</h1>") && page.contains("href=\"../index.html\""), "{page}");
    assert!(index.contains("<h1>Experiments</h1>"));
    for link in ["href=\"index/report.html\"", "href=\"coin.html\"", "href=\"50%25%20%231.html\""] {
        assert!(index.contains(link), "{link}");
    }
    // Beside the results nothing is in the way of anything.
    here.run(["report", "results", "--format", "html"]).succeeds();
    assert!(here.read("results/index/report.html").contains("<h1>index</h1>"));
    assert!(here.read("results/index.html").contains("<h1>Experiments</h1>"));
}

// What is no file

/// A pipe that nobody writes to, a device without an end and a folder, each in the place of each file of the results.
#[test]
fn results_that_are_no_files_are_refused_at_once() {
    type Plant = fn(&Path);
    let plants: [(Plant, &str); 3] = [
        (pipe, "a named pipe"),
        (|path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(), "a device"),
        (|path| std::fs::create_dir(path).unwrap(), "a directory"),
    ];
    let spec =
        COIN.replace("trials = 1_000", "trials = 10\nrecord = \"csv\"\nestimators = [\"log_ratio\", \"plug_in\"]");
    for (plant, kind) in plants {
        for name in ["manifest.json", "summary.csv", "law.csv", "paths.csv", "measures.csv", "trials.csv"] {
            let here = Workspace::with_spec(&spec);
            here.run(["coin.toml", "--quiet"]).succeeds();
            std::fs::remove_file(here.path("results/coin").join(name)).unwrap();
            plant(&here.path("results/coin").join(name));
            let told = format!("it is {kind}, not a file");
            run_within_a_minute(&here, ["report", "results/coin"]).refuses().says(&told).says(name);
            let found = run_within_a_minute(&here, ["check", "coin.toml"]).exits_with(1);
            found.shows("UNREADABLE").shows(&told).shows(name);
            run_within_a_minute(&here, ["coin.toml"])
                .refuses()
                .says("is not a file, and results need a file of that name");
        }
    }
    // A file that is hardly there, and as long as the disk could never hold.
    let here = Workspace::with_spec(&spec);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let manifest = std::fs::File::options().write(true).open(here.path("results/coin/manifest.json")).unwrap();
    manifest.set_len(1 << 40).unwrap();
    run_within_a_minute(&here, ["report", "results/coin"]).refuses().says("it has more than 128 MiB");
    let summary = std::fs::File::options().write(true).open(here.path("results/coin/summary.csv")).unwrap();
    summary.set_len(1 << 40).unwrap();
    run_within_a_minute(&here, ["coin.toml", "--quiet"]).refuses().says("trials.csv may hold trials of this spec");
    here.run(["coin.toml", "--quiet", "--replace"]).succeeds();
    let summary = std::fs::File::options().write(true).open(here.path("results/coin/summary.csv")).unwrap();
    summary.set_len(1 << 40).unwrap();
    run_within_a_minute(&here, ["report", "results/coin"]).refuses().says("has more than 128 MiB");
}

#[test]
fn experiments_that_nobody_named_are_files() {
    let here = Workspace::new();
    std::fs::create_dir(here.path("experiments")).unwrap();
    pipe(&here.path("experiments/coin.toml"));
    run_within_a_minute(&here, ["check"]).refuses().says("cannot read experiments/coin.toml").says("a named pipe");
}

#[test]
fn what_is_named_by_hand_is_a_file_a_pipe_or_standard_input() {
    let here = Workspace::with_spec(COIN);
    std::fs::create_dir(here.path("folder")).unwrap();
    for (path, kind) in [("/dev/zero", "a device"), ("folder", "a directory")] {
        for arguments in [
            &[path][..],
            &["plan", path],
            &["check", path],
            &["replay", path, "--trial", "1"],
            &["kl", "--csv", path],
            &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", path],
            &["summarize", path],
            &["estimate", path, "--q", "0.5,0.5"],
            &["report", "--splice", path],
        ] {
            // Of `kl --csv` and the like nothing has been printed yet.
            // A folder of trials is one that a run wrote.
            let said = if arguments == ["summarize", "folder"] { "folder holds no results" } else { kind };
            run_within_a_minute(&here, arguments.iter().copied()).refuses().says(said);
        }
    }
    // Without an end by another door.
    for arguments in [&["-"][..], &["kl", "--csv", "-"], &["summarize", "-"], &["estimate", "-", "--q", "0.5,0.5"]] {
        let mut command = here.command(arguments.iter().copied());
        command.stdin(std::fs::File::open("/dev/zero").unwrap());
        within_a_minute(command).exits_with(2).says("has more than 128 MiB");
    }
}

#[test]
fn what_a_shell_hands_over_by_a_pipe_is_read() {
    let here = Workspace::with_spec(COIN)
        .file("pairs.csv", "p,q\n\"0.5,0.5\",\"0.4,0.6\"\n")
        .file("trials.csv", "estimate\n1\n2\n");
    let runner = env!("CARGO_BIN_EXE_runner");
    for script in [
        "RUNNER plan <(cat coin.toml)",
        "RUNNER kl --csv <(cat pairs.csv) | grep -q ',0.0204'",
        "RUNNER score --p H=0.5,T=0.5 --q H=0.4,T=0.6 --file <(echo HTTH)",
        "RUNNER summarize <(cat trials.csv)",
        "cat coin.toml | RUNNER plan /dev/stdin",
        "mkfifo pipe; (sleep 0.2; cat coin.toml > pipe) & RUNNER plan pipe",
    ] {
        let mut command = Command::new("bash");
        command.args(["-c", &format!("set -o pipefail; {}", script.replace("RUNNER", runner))]);
        command.current_dir(here.path("")).stdin(Stdio::null());
        within_a_minute(command).succeeds();
    }
    // Whoever waits for a writer that does not come can be told to stop.
    pipe(&here.path("silent"));
    for (signal, name) in [(2, "-INT"), (15, "-TERM")] {
        // Who starts the tests in the background may have asked to ignore Ctrl-C, and programs inherit that.
        if is_ignored(signal) {
            continue;
        }
        let mut child = here.command(["silent"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
        let start = Instant::now();
        let ended = loop {
            match child.try_wait().unwrap() {
                Some(ended) => break ended,
                None if start.elapsed() > Duration::from_secs(20) => {
                    child.kill().unwrap();
                    panic!("it is deaf to {name}");
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ended), Some(signal));
    }
}

/// Whether this program, and so those that it starts, ignores a signal; where that cannot be told, it does not.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0) >> (signal - 1) & 1 == 1
}

// What reaches a terminal

/// Nothing but text and, if they are asked for, the program's own colours.
#[track_caller]
fn is_harmless(ended: &Ended) {
    for text in [&ended.out, &ended.err] {
        assert_eq!(&for_terminal(text), text, "{text:?}");
        assert!(!text.contains("\u{1b}[32mHOSTILE"), "{text:?}");
    }
}

#[track_caller]
fn runs_harmlessly(here: &Workspace, arguments: &[&str]) -> Ended {
    let plain = run_within_a_minute(here, arguments.iter().copied());
    for text in [&plain.out, &plain.err] {
        assert_eq!(&printable_lines(text), text, "{arguments:?}");
    }
    let coloured = run_within_a_minute(here, arguments.iter().copied().chain(["--color", "always"]));
    is_harmless(&coloured);
    assert_eq!(plain.code, coloured.code, "{arguments:?}");
    plain
}
