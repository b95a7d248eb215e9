//! `runner kl` and `runner score`: the notebook at the command line.

mod kl;
mod models;
mod score;

use crate::harness::{Ended, Workspace};
use std::fmt::Write as _;
use std::process::Stdio;

const NORMAL: [&str; 5] = ["score", "--p", "normal(mean=0, std_dev=1)", "--q", "normal(mean=1, std_dev=1)"];

const WEATHER: [&str; 5] =
    ["score", "--p", "markov_chain(initial=stationary, transition=[[0.9, 0.1], [0.4, 0.6]])", "--q", "0.5,0.5"];

fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Ended {
    Workspace::new().run(arguments)
}

fn json<'a>(arguments: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
    serde_json::from_str(&run(arguments).succeeds().out).unwrap()
}

/// Runs with a text on standard input.
fn piped(arguments: &[&str], text: &str) -> Ended {
    let here = Workspace::new().file("input", text);
    let mut command = here.command(arguments.iter().copied());
    command.stdin(std::fs::File::open(here.path("input")).unwrap());
    Ended::new(command.output().unwrap())
}

#[test]
fn odd_symbols_and_texts() {
    piped(&["score", "--p", "0.5,0.5", "--q", "0.4,0.6"], "\u{feff}HT\n").succeeds().shows("N = 2");
    run(["score", "--p", "e\u{301}=0.5,b=0.5", "--q", "e\u{301}=0.4,b=0.6", "e\u{301} b"]).succeeds();
    let symbols = "{ 'a b' = 0.5, c = 0.5 }";
    run(["score", "--p", symbols, "--q", symbols, "c"]).refuses().says("cannot be read from text");
    run(["kl", "--p", "bernoulli.p=0.5,bernoulli.p=0.6", "--q", "0.5,0.5"]).refuses().says("is given twice");
    run(["kl", "--p", "-.5,1.5", "--q", "0.5,0.5"]).refuses().says("-0.5 is not a probability");
}

#[test]
fn nothing_to_score_is_refused() {
    piped(&["score", "--p", "0.5,0.5", "--q", "0.4,0.6"], "\n\n").refuses().says("<stdin> holds no sequence");
    run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "nowhere"]).refuses().says("cannot read nowhere");
}

/// Runs a shell line that ends in `score` and its arguments, within the memory of a small sequence.
#[cfg(target_os = "linux")]
fn within_little_memory(line: &str) -> Ended {
    let here = Workspace::new();
    let script = format!("ulimit -v 400000; {}", line.replace("runner", env!("CARGO_BIN_EXE_runner")));
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(here.path("")).output().unwrap();
    Ended::new(output).succeeds()
}

/// A sequence of 64 million symbols, of 16 million states, and of 8 million numbers.
#[cfg(target_os = "linux")]
#[test]
fn a_long_sequence_takes_no_memory() {
    let zeros = |number: u64, tr: &str| format!("head -c {number} /dev/zero | {tr} | runner score");
    let symbols = zeros(64_000_000, "tr '\\0' H");
    within_little_memory(&format!("{symbols} --p H=0.5,T=0.5 --q H=0.4,T=0.6")).shows("N = 64,000,000");
    let states = zeros(16_000_000, "tr '\\0' H");
    within_little_memory(&format!("{states} --p '{}' --q 0.5,0.5", WEATHER[2])).shows("N = 16,000,000");
    let numbers = "yes '1 0' | head -n 4000000 | tr '\\n' ' ' | runner score";
    within_little_memory(&format!("{numbers} --p 'poisson(rate=1)' --q 'poisson(rate=2)'")).shows("N = 8,000,000");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let here = Workspace::new()
        .file("sequences", "HT\n".repeat(100_000))
        .file("pairs.csv", "\"0.5,0.5\",\"0.4,0.6\"\n".repeat(20_000));
    for arguments in [
        vec!["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "sequences"],
        vec!["kl", "--csv", "pairs.csv"],
        vec!["init"],
    ] {
        let mut child = here.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        Ended::new(child.wait_with_output().unwrap()).succeeds();
    }
}
