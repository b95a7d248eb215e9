//! Work that is killed goes on from its last checkpoint, and ends with the same bytes.

use super::{leftovers, shard};
use crate::harness::{Ended, Workspace};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Some two seconds of work on one thread, with few rows.
fn long() -> String {
    "seed = 57\ntrials = 100_000\nN = [1_000, 2_000]\nP.gamma = { shape = 2, scale = 1 }\nQ.gamma = { shape = 3, scale = 1 }\n".to_owned()
}

fn start(here: &Workspace, arguments: &[&str]) -> Child {
    here.command(arguments.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits for a file, or the end of the program.
fn wait_for(path: &Path, child: &mut Child) {
    let patience = Instant::now();
    while !path.exists() && child.try_wait().unwrap().is_none() {
        assert!(patience.elapsed() < Duration::from_secs(120), "{} does not come", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn send(child: &Child, signal: &str) {
    let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Starts a command again and again, kills it after each checkpoint, and at last lets it end.
pub(super) fn killed_and_restarted(here: &Workspace, arguments: &[&str], checkpoint: &Path, kills: usize) -> Ended {
    let mut child = start(here, arguments);
    for kill in 0..kills {
        let before = std::fs::metadata(checkpoint).and_then(|found| found.modified()).ok();
        let patience = Instant::now();
        // Until there is another checkpoint, or the work is done.
        while child.try_wait().unwrap().is_none()
            && std::fs::metadata(checkpoint).and_then(|found| found.modified()).ok() == before
        {
            assert!(patience.elapsed() < Duration::from_secs(120));
            std::thread::sleep(Duration::from_millis(1 + kill as u64 % 7));
        }
        // It may have ended meanwhile.
        let _ = child.kill();
        child.wait().unwrap();
        child = start(here, arguments);
    }
    Ended::new(child.wait_with_output().unwrap())
}

#[test]
fn a_part_that_is_killed_again_and_again_goes_on_from_its_checkpoints() {
    let here = Workspace::with_spec(&long());
    here.run(["run", "coin.toml", "--record", "--quiet", "--out", "one"]).succeeds();
    for part in ["1/2", "2/2"] {
        let name = format!("parts/coin/{}.unfinished", part.replace('/', "-of-"));
        let arguments = ["shard", "coin.toml", "--part", part, "--record", "--checkpoint", "1ms", "--threads", "1"];
        killed_and_restarted(&here, &arguments, &here.path(&name), 6).succeeds();
    }
    here.run(["merge", "coin.toml", "--record", "--quiet"]).succeeds();
    assert_eq!(here.contents("results"), here.contents("one"));
    assert_eq!(leftovers(&here, "parts"), Vec::<String>::new());
}

#[test]
fn a_part_that_is_terminated_saves_what_is_done() {
    let here = Workspace::with_spec(&long());
    let arguments = ["shard", "coin.toml", "--part", "1/2", "--threads", "1"];
    let mut child = start(&here, &arguments);
    // It has begun when its folder is there; the default interval is never over.
    wait_for(&here.path("parts/coin"), &mut child);
    std::thread::sleep(Duration::from_millis(100));
    send(&child, "-TERM");
    let ended = Ended::new(child.wait_with_output().unwrap()).exits_with(143);
    assert!(ended.err.contains("interrupted: what is done is saved in parts/coin/1-of-2.unfinished"), "{}", ended.err);
    here.run(["merge", "coin.toml"]).refuses().says("unfinished: parts/coin/1-of-2.unfinished has");
    let again = shard(&here, "coin.toml", "1/2", &[]).succeeds();
    assert!(again.err.contains("part 1/2 goes on from its last checkpoint"), "{}", again.err);
    shard(&here, "coin.toml", "2/2", &[]).succeeds();
    super::merges_to_the_same(&here, "coin.toml", &[]);
}

#[test]
fn a_run_that_is_killed_goes_on_with_resume() {
    let here = Workspace::with_spec(&long());
    here.run(["coin.toml", "--record", "--quiet", "--out", "one"]).succeeds();
    let checkpoint = here.path("results/coin/checkpoint.unfinished");
    let arguments = ["run", "coin.toml", "--record", "--resume", "--checkpoint", "1ms", "--threads", "1", "--quiet"];
    killed_and_restarted(&here, &arguments, &checkpoint, 6).succeeds();
    assert_eq!(here.contents("results"), here.contents("one"));
}

#[test]
fn an_interrupted_run_offers_to_go_on_and_refuses_another_spec() {
    let here = Workspace::with_spec(&long());
    let mut child = start(&here, &["coin.toml", "--checkpoint", "1ms", "--threads", "1"]);
    let checkpoint = here.path("results/coin/checkpoint.unfinished");
    wait_for(&checkpoint, &mut child);
    send(&child, "-INT");
    let ended = Ended::new(child.wait_with_output().unwrap()).exits_with(130);
    assert!(ended.err.contains("to go on from there, give the same command with --resume"), "{}", ended.err);
    let before = here.contents("results/coin");
    here.run(["coin.toml", "--resume", "--seed", "58"]).refuses().says("is of another seed: 57, and the spec has 58");
    here.run(["coin.toml", "--resume", "--set", "trials=100_001"]).refuses().says("another spec: trials differs");
    assert_eq!(here.contents("results/coin"), before);
    let again = here.run(["coin.toml", "--resume"]).succeeds();
    assert!(again.err.contains("note: coin goes on from the last checkpoint in results/coin"), "{}", again.err);
    here.run(["coin.toml", "--quiet", "--out", "one"]).succeeds();
    assert_eq!(here.contents("results"), here.contents("one"));
    let none = here.run(["coin.toml", "--resume"]).succeeds();
    assert!(
        none.err.contains("there is no checkpoint of coin in results/coin: it starts from the beginning"),
        "{}",
        none.err
    );
}

#[test]
fn a_plain_run_starts_anew_and_says_so() {
    let here = Workspace::with_spec(&long());
    let mut child = start(&here, &["coin.toml", "--checkpoint", "1ms", "--threads", "1"]);
    wait_for(&here.path("results/coin/checkpoint.unfinished"), &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let again = here.run(["coin.toml"]).succeeds();
    assert!(again.err.contains("note: coin starts anew") && again.err.contains("add --resume"), "{}", again.err);
    assert_eq!(leftovers(&here, "results"), Vec::<String>::new());
}

/// A recorded run that was killed after its first checkpoint, with the file of its rows.
fn killed_while_recording() -> (Workspace, std::path::PathBuf) {
    let here = Workspace::with_spec(&long());
    let mut child = start(&here, &["coin.toml", "--record", "--checkpoint", "100ms", "--threads", "1"]);
    wait_for(&here.path("results/coin/checkpoint.unfinished"), &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let names = here.contents("results/coin").into_keys();
    let rows = names.into_iter().find(|name| name.to_str().unwrap().starts_with("trials-")).unwrap();
    let path = here.path("results/coin").join(rows);
    (here, path)
}

/// Rows of another run, or a digit that is another one.
#[test]
fn rows_that_are_not_those_of_the_checkpoint_are_refused() {
    let (here, rows) = killed_while_recording();
    let text = std::fs::read_to_string(&rows).unwrap();
    std::fs::write(&rows, text.replacen("0.", "1.", 1)).unwrap();
    let refused = here.run(["coin.toml", "--record", "--resume"]).refuses();
    refused.says("its bytes are not those that were written").says("leave out --resume to start anew");
    std::fs::write(&rows, &text[..text.len() / 4]).unwrap();
    here.run(["coin.toml", "--record", "--resume"]).refuses().says("it is cut short");
}

/// As after a kill between the results and the end of the program: a loop that resumes until it succeeds ends.
#[test]
fn a_checkpoint_without_its_rows_does_not_last_for_ever() {
    let (here, rows) = killed_while_recording();
    std::fs::remove_file(rows).unwrap();
    let again = here.run(["coin.toml", "--record", "--resume"]).succeeds();
    assert!(again.err.contains("starts from the beginning"), "{}", again.err);
    here.run(["coin.toml", "--record", "--quiet", "--out", "one"]).succeeds();
    assert_eq!(here.contents("results"), here.contents("one"));
}

/// A run that starts anew and is killed before its first checkpoint leaves the one before as it was.
#[test]
fn the_rows_of_a_checkpoint_stay_until_there_is_another() {
    let (here, rows) = killed_while_recording();
    let before = std::fs::read(&rows).unwrap();
    let mut child = start(&here, &["coin.toml", "--record", "--seed", "58", "--threads", "1"]);
    std::thread::sleep(Duration::from_millis(200));
    let _ = child.kill();
    child.wait().unwrap();
    assert_eq!(std::fs::read(&rows).unwrap(), before);
    here.run(["coin.toml", "--record", "--resume", "--quiet"]).succeeds();
    here.run(["coin.toml", "--record", "--quiet", "--out", "one"]).succeeds();
    assert_eq!(here.contents("results"), here.contents("one"));
}
