//! What others wrote, and what others put in place of files: nothing of it reaches a terminal, another folder or the memory.

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
    here.run(["coin.toml", "--quiet"]).succeeds();
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
            &["report", "--splice", path],
        ] {
            // Of `kl --csv` and the like nothing has been printed yet.
            run_within_a_minute(&here, arguments.iter().copied()).refuses().says(kind);
        }
    }
    // Without an end by another door.
    for arguments in [&["-"][..], &["kl", "--csv", "-"], &["summarize", "-"]] {
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

/// An experiment that says hostile things wherever it may, and one that cannot be run for what it says.
#[test]
fn nothing_that_a_spec_says_reaches_the_terminal() {
    let hostile = escaped();
    let spec = format!(
        "question = \"{hostile}\"\ntrials = 20\nN = [3, 4]\nrecord = \"csv\"\nestimators = [\"log_ratio\", \"plug_in\"]\n\
         P.categorical = {{ \"{hostile}\" = 0.5, b = 0.5, c = 0 }}\n[grid]\n\"Q.categorical\" = [{{ \"{hostile}\" = 0, b = 0.6, c = 0.4 }}, {{ \
         \"{hostile}\" = 0.4, b = 0.6, c = 0 }}]\n"
    );
    let here = Workspace::with_spec(&spec);
    runs_harmlessly(&here, &["coin.toml"]).succeeds().shows("HOSTILE");
    for arguments in [
        &["plan", "coin.toml"][..],
        &["check", "coin.toml"],
        &["check", "coin.toml", "--set", "question=\"other\""],
        &["replay", "coin.toml", "--trial", "1", "--condition", "3"],
        &["report", "results/coin"],
        &["report", "results/coin", "--format", "markdown"],
        &["report", "results/coin", "--format", "latex"],
        &["report", "results/coin", "--rows", "Q.categorical", "--columns", "N", "--cell", "mean"],
        &["report", "results/coin", "--format", "html"],
        &["coin.toml", "--set", "question=\"another spec\""],
    ] {
        runs_harmlessly(&here, arguments);
    }
    for arguments in [
        &["plan", "coin.toml", "--json"][..],
        &["check", "coin.toml", "--json"],
        &["replay", "coin.toml", "--trial", "1", "--json"],
        &["report", "results/coin", "--format", "json"],
    ] {
        let json = runs_harmlessly(&here, arguments).out;
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
    let question = runs_harmlessly(&here, &["report", "results/coin", "--format", "json"]).out;
    let question: serde_json::Value = serde_json::from_str(&question).unwrap();
    assert_eq!(question["experiments"][0]["question"], "another spec");
    // Every mistake quotes something, from the file as it is and as TOML escapes it.
    let raw = HOSTILE.replace('\r', "");
    for broken in [
        format!(
            "\"{hostile}\" = 1\ntrials = \"{hostile}\"\nN = \"{hostile}\"\nP.\"{hostile}\" = 1\nunit = \"{hostile}\"\n"
        ),
        format!("trials = 1\nN = 1\nP = \"{hostile}\"\nQ.\"bernoulli\" = {{ \"{hostile}\" = \"{hostile}\" }}\n"),
        format!("trials = 1\nN = 1\nP = [\"{hostile}\"]\nQ = [0.5, 0.5]\nestimators = [\"{hostile}\"]\n"),
        format!(
            "trials = 1\nN = 1\nQ = [0.5, 0.5]\nP = [0.5, 0.5]\n[grid]\n\"Q.{hostile}\" = [1]\n\"{hostile}\" = [2]\n"
        ),
        format!("{raw} = 1\n"),
        format!("trials = '{raw}'\n# {raw}\n\"{raw}\n"),
    ] {
        let here = Workspace::with_spec(&broken);
        runs_harmlessly(&here, &["coin.toml"]).refuses();
        runs_harmlessly(&here, &["plan", "coin.toml"]).refuses();
    }
}

#[test]
fn nothing_on_the_command_line_comes_back_raw() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let [path, assignment, key, filter, smaller] = [
        format!("{HOSTILE}.toml"),
        format!("question={HOSTILE}"),
        format!("{HOSTILE}=1"),
        format!("{HOSTILE}=1"),
        format!("N<{HOSTILE}"),
    ];
    let (flag, other, value) = (format!("--{HOSTILE}"), format!("verdict={HOSTILE}"), format!("--format={HOSTILE}"));
    for arguments in [
        &[HOSTILE][..],
        &[&path],
        &["plan", &path],
        &[&flag],
        &["check", &flag],
        &["report", &value],
        &["coin.toml", "--set", &key],
        &["coin.toml", "--set", HOSTILE],
        &["coin.toml", "--seed", HOSTILE],
        &["coin.toml", "--sampler", HOSTILE],
        &["coin.toml", "--threads", HOSTILE],
        &["report", HOSTILE],
        &["report", "--where", HOSTILE],
        &["report", "--where", &filter],
        &["report", "--where", &smaller],
        &["report", "--where", &other],
        &["report", "--columns", HOSTILE],
        &["report", "--rows", HOSTILE, "--columns", "N", "--cell", HOSTILE],
        &["report", "--splice", &path],
        &["kl", "--p", HOSTILE, "--q", "0.5,0.5"],
        &["kl", "--csv", HOSTILE],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", HOSTILE],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", HOSTILE, "01"],
        &["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", HOSTILE],
        &["summarize", HOSTILE],
        &["summarize", "results/coin/law.csv", "--estimate-column", HOSTILE],
        &["summarize", "results/coin/law.csv", "--truth", HOSTILE],
        &["summarize", "results/coin/law.csv", "--estimate-column", "observed", "--reference", HOSTILE],
        &["replay", "coin.toml", "--trial", HOSTILE],
        &["check", "coin.toml", "--junit", &format!("{HOSTILE}/x.xml")],
    ] {
        let ended = runs_harmlessly(&here, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.err);
        // Of a sequence the first stranger is told, and no more.
        assert!(ended.err.contains("HOSTILE") || arguments[0] == "score", "{arguments:?}: {}", ended.err);
    }
    runs_harmlessly(&here, &["coin.toml", "--set", &assignment]).succeeds().shows("HOSTILE");
    runs_harmlessly(&here, &["coin.toml"]).succeeds();
    // What may be called anything is called so on disk.
    runs_harmlessly(&here, &["coin.toml", "--out", HOSTILE]).succeeds().says("HOSTILE");
    assert!(here.path(HOSTILE).join("coin/summary.csv").exists());
    runs_harmlessly(&here, &["coin.toml", "--out", HOSTILE, "--trials", "7"])
        .succeeds()
        .says("note: replacing the results");
    runs_harmlessly(&here, &["check", "coin.toml", "--out", HOSTILE]).exits_with(3).shows("HOSTILE");
    runs_harmlessly(&here, &["check", "coin.toml", "--out", HOSTILE, "--update"]).says("HOSTILE");
    std::fs::remove_file(here.path(HOSTILE).join("coin/law.csv")).unwrap();
    runs_harmlessly(&here, &["report", HOSTILE]).refuses().says("HOSTILE");
    // Bytes that are no text at all.
    let mut command = here.command(["plan"]);
    command.arg(std::ffi::OsStr::from_bytes(b"\xff\x1b[2J.toml"));
    let ended = within_a_minute(command).refuses();
    is_harmless(&ended);
    // Paths that are printed for programs are what they are.
    let told = here.run(["report", "results/coin", "--format", "html", "--out", HOSTILE]).succeeds().out;
    assert_eq!(told, format!("{HOSTILE}/coin.html\n"));
}

/// Results that somebody else has made, right by their digests.
#[test]
fn nothing_in_results_reaches_the_terminal() {
    let hostile = escaped();
    let spec = "trials = 20\nN = 3\nP = [0.5, 0.5]\nestimators = [\"log_ratio\", \"plug_in\"]\n[grid]\n\"Q.bernoulli.p\" = [0.25, 0.75]\n"
        .replace("P = [0.5, 0.5]", "P.bernoulli.p = 0.5");
    let planted = |file: &str, change: &dyn Fn(&str) -> String| {
        let here = Workspace::with_spec(&spec);
        here.run(["coin.toml", "--quiet"]).succeeds();
        rewrite(&here, file, change);
        for arguments in [
            &["report", "results/coin"][..],
            &["report", "results/coin", "--format", "markdown"],
            &["report", "results/coin", "--format", "latex"],
            &["report", "results/coin", "--format", "json"],
            &["report", "results/coin", "--columns", "p,q,estimator,nonsense"],
            &["report", "results/coin", "--where", "N=77"],
            &["report", "results/coin", "--where", "p=77"],
            &["report", "results/coin", "--where", "estimator=77"],
            &["report", "results/coin", "--rows", "p", "--columns", "N", "--cell", "mean"],
            &["check", "coin.toml", "--only", "bytes"],
            &["check", "coin.toml", "--only", "bytes", "--json"],
            &["coin.toml"],
        ] {
            runs_harmlessly(&here, arguments);
        }
    };
    let quoted = format!("\"{HOSTILE}\"");
    planted("summary.csv", &|text| text.replace("Q.bernoulli.p", &quoted));
    planted("summary.csv", &|text| text.replace(",plug_in,", &format!(",{quoted},")));
    planted("summary.csv", &|text| text.replace(",agree", &format!(",{quoted}")));
    planted("summary.csv", &|text| text.replace("bernoulli(p=0.5)", HOSTILE));
    planted("summary.csv", &|text| text.replace(",nats", &format!(",{quoted}")));
    planted("law.csv", &|text| text.replace("condition", &quoted));
    planted("law.csv", &|text| text.replacen("0.", &quoted, 1));
    planted("manifest.json", &|text| text.replace("\"coin\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"plug_in\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"sequence\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"law.csv\"", &format!("\"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("\"trials\"", &format!("\"{hostile}\": 1, \"trials\"")));
    planted("manifest.json", &|text| text.replace("\"format\": 1", &format!("\"format\": \"{hostile}\"")));
    planted("manifest.json", &|text| text.replace("{", HOSTILE));
}

#[test]
fn nothing_in_tables_and_documents_reaches_the_terminal() {
    let quoted = format!("\"{HOSTILE}\"");
    let trials = format!("{quoted},estimate\n{quoted},1\n{quoted},2\n");
    let here = Workspace::with_spec(COIN)
        .file("trials.csv", &trials)
        .file("bad.csv", format!("estimate\n{quoted}\n"))
        .file("pairs.csv", format!("p,q\n{quoted},0.5\n\"H=0.5,{HOSTILE}=0.5\",\"H=0.4,{HOSTILE}=0.6\"\n"))
        .file("document.md", format!("<!-- runner report --where {HOSTILE}=1 -->\n<!-- end of runner report -->\n"))
        .file("other.md", format!("<!-- runner report --{HOSTILE} -->\n<!-- end of runner report -->\n"))
        .file("sequences", format!("01{HOSTILE}\n01\n"));
    here.run(["coin.toml", "--quiet"]).succeeds();
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE]).succeeds().shows("HOSTILE");
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE, "--format", "json"]).succeeds();
    runs_harmlessly(&here, &["summarize", "trials.csv", "--by", HOSTILE, "--reference", "x"]).refuses().says("HOSTILE");
    runs_harmlessly(&here, &["summarize", "trials.csv", "--estimate-column", "x"]).refuses().says("HOSTILE");
    runs_harmlessly(&here, &["summarize", "bad.csv"]).refuses().says("HOSTILE");
    for document in ["document.md", "other.md"] {
        runs_harmlessly(&here, &["report", "--splice", document]).refuses().says("HOSTILE");
    }
    let score = ["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "sequences"];
    runs_harmlessly(&here, &score).exits_with(2).says("sequences:1: ");
    // Tables for programs keep every byte; what is said of them does not.
    let csv = here.run(["summarize", "trials.csv", "--by", HOSTILE, "--format", "csv"]).succeeds().out;
    assert!(csv.starts_with(&quoted), "{csv:?}");
    let pairs = here.run(["kl", "--csv", "pairs.csv"]).exits_with(2).says("HOSTILE");
    assert_eq!(printable_lines(&pairs.err), pairs.err);
    assert!(pairs.out.contains(&quoted), "{:?}", pairs.out);
}

#[test]
fn nothing_that_a_program_says_reaches_the_terminal() {
    let said: String = HOSTILE.bytes().map(|byte| format!("\\{byte:03o}")).collect();
    let spec = |command: &str| {
        COIN.replace("trials = 1_000", "trials = 5")
            + &format!("estimators = [\"log_ratio\", {{ name = \"mine\", command = {command}, timeout = 5 }}]\n")
    };
    for script in [
        format!("read -r line; printf '{said}\\n'"),
        format!("printf '{said}\\n' >&2; exit 3"),
        format!("read -r line; printf '{{\"error\": \"{}\"}}\\n'", escaped().replace('\\', "\\\\\\\\")),
        format!("printf '0.5 {said}\\n'"),
    ] {
        let here = Workspace::with_spec(&spec("[\"sh\", \"mine.sh\"]")).file("mine.sh", script);
        let ended = runs_harmlessly(&here, &["coin.toml", "--allow-commands"]);
        assert!(ended.err.contains("HOSTILE"), "{}", ended.err);
        runs_harmlessly(&here, &["replay", "coin.toml", "--trial", "1", "--allow-commands"])
            .exits_with(2)
            .says("HOSTILE");
    }
    let here = Workspace::with_spec(&spec(&format!("[\"{0}\", \"{0}\"]", escaped())));
    runs_harmlessly(&here, &["coin.toml"]).refuses().says("HOSTILE").says("--allow-commands");
    runs_harmlessly(&here, &["coin.toml", "--allow-commands"]).exits_with(2).says("it cannot be started");
}

// What the exit codes say

/// The results are new, and that is what is told.
#[cfg(target_os = "linux")]
#[test]
fn a_table_that_cannot_be_printed_is_not_a_run_that_failed() {
    let here = Workspace::with_spec(COIN).file("other.toml", COIN);
    here.run(["coin.toml", "--quiet", "--trials", "7"]).succeeds();
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let output = here.command(["coin.toml", "other.toml"]).stdout(full()).output().unwrap();
    let ended = Ended::new(output).exits_with(2);
    insta::assert_snapshot!(ended.err, @"
    note: replacing the results of another spec in results/coin
      trials was 7, is 1000
    not started: other
    error: the new results in results/coin are in place, but writing to standard output failed
      because: No space left on device (os error 28)
      help: the files are complete
    ");
    assert!(!here.path("results/other").exists());
    here.run(["report", "results/coin"]).succeeds().shows("1,000 trials");
    let output = here.command(["report", "results/coin", "--format", "html"]).stdout(full()).output().unwrap();
    Ended::new(output).exits_with(2).says("error: 1 file written, but writing to standard output failed");
    assert!(here.path("results/coin/report.html").exists());
}

/// `ulimit -f`: an error in words in place of a signal, and earlier results unchanged.
#[test]
fn a_limit_on_the_size_of_files_is_told() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--quiet"]).succeeds();
    let before = here.contents("results");
    let script = format!("ulimit -f 64; exec {} coin.toml --record --trials 1e5", env!("CARGO_BIN_EXE_runner"));
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(here.path("")).stdin(Stdio::null());
    let ended = within_a_minute(command).exits_with(2).says("cannot write to results/coin").says("ulimit -f");
    assert!(ended.err.contains("earlier results are unchanged"), "{}", ended.err);
    assert_eq!(here.contents("results"), before);
}

/// XML cannot hold most control characters, in whatever words, and a section of characters has an end.
#[test]
fn junit_reports_are_xml_whatever_things_are_called() {
    let hostile = escaped() + "\\u0000\\u0001\\uffff]]>&<\\\"";
    let spec = COIN
        .replace(
            "P      = { categorical = { H = 0.5, T = 0.5 } }",
            &format!("P.categorical = {{ \"{hostile}\" = 0.5, T = 0.5 }}"),
        )
        .replace("Q      = { categorical = { H = 0.4, T = 0.6 } }", "")
        + &format!("[grid]\n\"Q.categorical\" = [{{ \"{hostile}\" = 0.4, T = 0.6 }}]\n");
    let here = Workspace::new();
    let folder = format!("]]>&<\u{1}{HOSTILE}");
    std::fs::create_dir(here.path(&folder)).unwrap();
    let here = here.file(&format!("{folder}/a]]>&<b.toml"), spec);
    let file = format!("{folder}/a]]>&<b.toml");
    here.run([file.as_str(), "--quiet"]).succeeds();
    let summary = "results/a]]>&<b/summary.csv";
    let planted = here.read(summary).replace(",agree", &format!(",\"{HOSTILE}\u{1}\u{ffff}]]>\""));
    let here = here.file(summary, planted);
    let found = runs_harmlessly(&here, &["check", &file, "--junit", "found.xml"]).exits_with(1);
    drop(found);
    let xml = here.read("found.xml");
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    assert_eq!(cases.len(), 7);
    let law = cases.iter().find(|case| case.attribute("name").unwrap().starts_with("mean")).unwrap();
    assert!(law.attribute("name").unwrap().contains("HOSTILE"), "{xml}");
    assert_eq!(law.attribute("classname"), Some("kl-runner.a]]>&<b"));
    let out = law.children().find(|node| node.has_tag_name("system-out")).unwrap();
    let text: String = out.children().filter_map(|node| node.text()).collect();
    assert!(text.contains("a]]>&<b.toml --seed"), "{text}");
    assert!(xml.contains("failures=\"1\""));
    // The same in standard output, and what is written is nothing that a terminal obeys.
    assert_eq!(printable_lines(&xml), xml);
    let _ = std::io::stdout().flush();
}
