//! What cannot run is refused with exit code 2, says what to do, and leaves everything as it was.

use crate::harness::{COIN, Ended, Workspace};
use std::fs;
use std::process::{Command, Stdio};

/// Refused with this message, and no results folder appears.
#[track_caller]
fn refused<'a>(here: &Workspace, arguments: impl IntoIterator<Item = &'a str>) -> String {
    let ended = here.run(arguments).refuses();
    assert!(!here.path("results").exists());
    ended.err
}

#[test]
fn no_file_at_all() {
    insta::assert_snapshot!(refused(&Workspace::new(), []), @"
    error: no experiment file is named
      help: name one, as in `runner experiments/coin.toml`, or see `runner --help`
    ");
}

#[test]
fn a_missing_file() {
    insta::assert_snapshot!(refused(&Workspace::new(), ["coin.toml"]), @"
    error: there is no file coin.toml
     |
     = help: check the spelling, or write a template with `runner init`
    ");
}

#[test]
fn a_verb_in_the_wrong_place() {
    insta::assert_snapshot!(refused(&Workspace::new(), ["--quiet", "inti"]), @"
    error: there is no file inti
      help: for the command write `runner init` first; for a file of that name write ./inti
    ");
}

#[test]
fn a_directory() {
    let here = Workspace::new();
    fs::create_dir(here.path("experiments")).unwrap();
    insta::assert_snapshot!(refused(&here, ["experiments"]), @"
    error: experiments is a directory, not an experiment file
     |
     = help: name the .toml files in it
    ");
}

#[test]
fn two_files_of_one_name() {
    let here = Workspace::with_spec(COIN);
    fs::create_dir(here.path("other")).unwrap();
    fs::write(here.path("other/coin.toml"), COIN).unwrap();
    insta::assert_snapshot!(refused(&here, ["coin.toml", "other/coin.toml"]), @"
    error: coin.toml and other/coin.toml would both write to the results folder `coin`
      help: rename one, or run them one by one with different --out folders
    ");
}

#[test]
fn all_mistakes_of_all_files_at_once() {
    let here = Workspace::with_spec("trails = 10\nN = 0\nP = [0.5, 0.6]\nQ = [0.4, 0.6]\n")
        .file("die.toml", COIN.replace("1_000", "-1"));
    insta::assert_snapshot!(refused(&here, ["coin.toml", "die.toml"]), @r#"
    error: there is no key `trails`
     --> coin.toml:1:1
      |
    1 | trails = 10
      | ^^^^^^
      |
      = help: did you mean `trials`?

    error: `N` is 0, but must be a whole number from 1 to 1e12
     --> coin.toml:2:5
      |
    2 | N = 0
      |     ^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:5
      |
    3 | P = [0.5, 0.6]
      |     ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: `trials` is -1, but must be a whole number from 1 to 1e15
     --> die.toml:3:10
      |
    3 | trials = -1
      |          ^^
      |
      = help: write for example: trials = 10_000
    "#);
}

#[test]
fn one_bad_file_keeps_the_good_ones_from_running() {
    let here = Workspace::with_spec(COIN).file("bad.toml", "N = 1");
    refused(&here, ["coin.toml", "bad.toml"]);
}

#[test]
fn a_bad_flag_is_pointed_at_as_the_flag() {
    let here = Workspace::with_spec(COIN);
    insta::assert_snapshot!(refused(&here, ["coin.toml", "--trials", "0", "--set", "Q.categorical.H=2", "--sampler", "magic"]), @r#"
    error: `trials` is 0, but must be a whole number from 1 to 1e15
     --> <command line>:1:10
      |
    1 | --trials 0
      |          ^
      |
      = help: write for example: trials = 10_000

    error: `sampler` is the string "magic", but must be "sequence" or "counts" or "tally"
     --> <command line>:1:11
      |
    1 | --sampler magic
      |           ^^^^^
      |
      = help: write for example: sampler = "sequence"

    error: 2 is not a probability: a probability lies between 0 and 1
     --> <command line>:1:23
      |
    1 | --set Q.categorical.H=2
      |                       ^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"
    "#);
    insta::assert_snapshot!(refused(&here, ["coin.toml", "--set", "nonsense"]), @"
    error: --set nonsense has no `=` between key and value
     |
     = help: write --set KEY=VALUE, such as --set Q.bernoulli.p=0.7
    ");
}

#[test]
fn a_setting_of_what_the_grid_varies() {
    let here = Workspace::with_spec("trials = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n[grid]\nN = [1, 2]\n");
    insta::assert_snapshot!(refused(&here, ["coin.toml", "--set", "N=5"]), @"
    error: this setting has no effect: the grid varies `N`
     --> <command line>:1:1
      |
    1 | --set N=5
      | ^^^^^^^^^
      |
     ::: coin.toml:5:1
      |
    5 | N = [1, 2]
      | - varied here
      |
      = help: replace the values in the grid: --set 'grid.N=[…]'
    ");
    here.run(["coin.toml", "--set", "grid.N=[5]"]).succeeds();
    assert_eq!(here.rows("results/coin/summary.csv").len(), 1);
}

#[test]
fn a_results_folder_that_is_a_file() {
    let here = Workspace::with_spec(COIN).file("results", "not a folder");
    let message = here.run(["coin.toml"]).refuses().err;
    insta::assert_snapshot!(message, @"
    error: results is a file, and results need a folder of that name
      help: move the file away, or choose another folder with --out
    ");
    assert_eq!(here.read("results"), "not a folder");
}

#[test]
fn a_folder_in_the_place_of_a_result() {
    for name in ["paths.csv", "summary.partial.csv", "trials.csv"] {
        let here = Workspace::with_spec(COIN);
        fs::create_dir_all(here.path("results/coin").join(name)).unwrap();
        here.run(["coin.toml"]).refuses().says("is not a file, and results need a file");
        assert_eq!(here.contents("results").len(), 0);
    }
}

/// A manifest may come from anywhere: it cannot make the program touch other files.
#[test]
fn a_hostile_manifest_removes_nothing() {
    let here = Workspace::with_spec(COIN).file("victim", "precious");
    here.run(["coin.toml"]).succeeds();
    let manifest = here.read("results/coin/manifest.json").replace("summary.csv", "../../victim");
    fs::write(here.path("results/coin/manifest.json"), manifest).unwrap();
    here.run(["coin.toml"]).succeeds();
    assert_eq!(here.read("victim"), "precious");
}

#[cfg(unix)]
#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let here = Workspace::with_spec(&COIN.replace("[10, 100]", "1e12"));
    let mut child = here.command(["coin.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!here.contents("results").is_empty(), "temporary files are there");
    here.run(["coin.toml", "--set", "N=10"]).succeeds();
    assert_eq!(here.contents("results/coin").len(), 4);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let here = Workspace::with_spec(
        "question = \"\\u001b[31mred\"\ntrials = 5\nN = 3\nP.categorical = { \"a\\n\" = 0.5, b = 0.5 }\nQ = [0.5, 0.5]\n",
    );
    let shown = here.run(["coin.toml"]).succeeds().out;
    assert!(!shown.contains('\u{1b}') && shown.contains("\\u{1b}[31mred"), "{shown}");
}

#[test]
fn the_predicted_size_of_the_trials_is_near() {
    let here = Workspace::with_spec(COIN);
    let message = here.run(["coin.toml", "--record", "--trials", "1e15"]).refuses().err;
    // Two conditions of 10¹⁵ trials and some 50 bytes a row.
    assert!(message.contains("about 107.0") && message.contains("PB"), "{message}");
    here.run(["coin.toml", "--record", "--trials", "1e5"]).succeeds();
    let written = fs::metadata(here.path("results/coin/trials.csv")).unwrap().len() as f64 / 2e5;
    assert!((35.0..50.0).contains(&written), "{written} bytes a row");
}

#[cfg(target_os = "linux")]
#[test]
fn a_results_folder_that_cannot_be_made() {
    let here = Workspace::with_spec(COIN);
    let message = here.run(["coin.toml", "--out", "/proc/nowhere"]).refuses().err;
    assert!(message.contains("cannot make the folder /proc/nowhere/coin") && message.contains("--out"), "{message}");
}

#[cfg(unix)]
#[test]
fn two_runs_at_once() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml"]).succeeds();
    let before = here.contents("results");
    let folder = fs::File::open(here.path("results/coin")).unwrap();
    folder.lock().unwrap();
    let message = here.run(["coin.toml"]).refuses().err;
    assert!(message.contains("another run is writing to"), "{message}");
    assert_eq!(here.contents("results"), before);
}

/// The disk is full halfway: a limit on file sizes stands in for it.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_earlier_results_as_they_were() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--trials", "20"]).succeeds();
    let before = here.contents("results");
    let script =
        format!("trap '' XFSZ; ulimit -f 20; exec {} coin.toml --record --trials 1e5", env!("CARGO_BIN_EXE_runner"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(here.path("")).stdin(Stdio::null()).output();
    let message = Ended::new(output.unwrap()).refuses().err;
    assert!(message.contains("earlier results are unchanged"), "{message}");
    assert_eq!(here.contents("results"), before);
}

#[test]
fn records_that_do_not_fit_the_disk() {
    let here = Workspace::with_spec(COIN);
    let message = refused(&here, ["coin.toml", "--record", "--trials", "1e15"]);
    assert!(message.contains("trials.csv would take about") && message.contains("free"), "{message}");
}

#[test]
fn results_of_another_spec_are_replaced_with_a_word() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record"]).succeeds();
    assert!(!here.run(["coin.toml", "--record"]).succeeds().err.contains("another spec"));
    here.run(["coin.toml", "--trials", "10", "--seed", "58"])
        .succeeds()
        .says("seed was 57, is 58")
        .says("trials was 1000, is 10")
        .says("record was \"csv\", is \"none\"");
    assert!(!here.path("results/coin/trials.csv").exists(), "outdated files go");
}

#[cfg(unix)]
#[test]
fn files_have_the_permissions_that_the_umask_leaves() {
    use std::os::unix::fs::PermissionsExt;
    let here = Workspace::with_spec(COIN);
    let script = format!("umask 027; exec {} coin.toml", env!("CARGO_BIN_EXE_runner"));
    let status = Command::new("bash").args(["-c", &script]).current_dir(here.path("")).stdout(Stdio::null()).status();
    assert!(status.unwrap().success());
    let mode = fs::metadata(here.path("results/coin/summary.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let here = Workspace::with_spec(COIN);
    let mut child = here.command(["coin.toml"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    Ended::new(child.wait_with_output().unwrap()).succeeds();
}
