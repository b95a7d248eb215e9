//! Ctrl-C: prompt, and nothing finished is lost.

use crate::harness::{COIN, Ended, Workspace};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn start(here: &Workspace, arguments: &[&str]) -> Child {
    let child = here.command(arguments.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    child
}

fn send(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// One trial of 10¹² symbols would take minutes; the bound is generous for a busy machine.
#[test]
fn one_endless_trial_is_left_at_once() {
    let here = Workspace::with_spec(&COIN.replace("[10, 100]", "1e12").replace("1_000", "1"));
    let child = start(&here, &["coin.toml"]);
    send(&child, "-INT");
    let asked = Instant::now();
    let ended = Ended::new(child.wait_with_output().unwrap()).exits_with(130);
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert!(ended.err.contains("nothing was written"), "{}", ended.err);
    assert!(!here.path("results/coin").exists());
}

/// As under `nohup`: a closed terminal is nobody's business.
#[test]
fn an_ignored_hangup_stays_ignored() {
    // A second or so of work: the signal comes in the middle.
    let spec = COIN.replace("[10, 100]", "1e9").replace("1_000", "2").replace("H = 0.5, T = 0.5", "H = 0.3, T = 0.7");
    let here = Workspace::with_spec(&spec);
    let script = format!("trap '' HUP; exec {} coin.toml", env!("CARGO_BIN_EXE_runner"));
    let mut command = Command::new("bash");
    let child = command.args(["-c", &script]).current_dir(here.path("")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    send(&child, "-HUP");
    Ended::new(child.wait_with_output().unwrap()).succeeds();
}

#[test]
fn finished_conditions_are_kept_beside_earlier_results() {
    let spec = COIN.replace("[10, 100]", "[10, 1e10]");
    let here = Workspace::with_spec(&spec);
    here.run(["coin.toml", "--set", "N=[10, 20]"]).succeeds();
    let before = here.contents("results/coin");
    let child = start(&here, &["coin.toml"]);
    send(&child, "-TERM");
    let ended = Ended::new(child.wait_with_output().unwrap()).exits_with(143);
    assert!(
        ended.err.contains("of 2 conditions of coin 1 are done") && ended.err.contains("summary.partial.csv"),
        "{}",
        ended.err
    );
    let rows = here.rows("results/coin/summary.partial.csv");
    assert_eq!((rows[0]["n"].as_str(), rows[0]["trials"].as_str()), ("10", "1000"));
    let mut after = here.contents("results/coin");
    after.remove(std::path::Path::new("summary.partial.csv"));
    assert_eq!(after, before);
    here.run(["coin.toml", "--set", "N=[10, 20]"]).succeeds();
    assert!(!here.path("results/coin/summary.partial.csv").exists(), "a whole run replaces what was left");
}
