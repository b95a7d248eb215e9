//! Estimates from training logs.

use super::{json, near, reference};
use crate::harness::Workspace;

const COLUMNS: [&str; 6] = ["--logp-column", "lp", "--logq-column", "lq", "--sequence-column", "id"];

fn log() -> Workspace {
    Workspace::new().file("log.csv", std::fs::read("tests/reference/estimate_log.csv").unwrap())
}

fn text(found: &serde_json::Value) -> f64 {
    found.as_f64().unwrap()
}

/// `tests/reference/estimate.py` sums over lists of rows.
#[test]
fn estimates_and_errors_are_those_of_the_reference() {
    let here = log();
    let rows = reference("estimate_tokens.csv");
    assert_eq!(rows.len(), 24);
    for row in rows {
        let sampler: &[&str] = if row["sampler"] == "1" { &["--logs-column", "ls"] } else { &[] };
        let document = json(&here, &[&["log.csv"], &COLUMNS[..], sampler].concat());
        let of = |found: &&serde_json::Value| {
            ["level", "weights", "estimator"].iter().all(|&key| found[key] == row[key].as_str())
        };
        let found = document["estimates"].as_array().unwrap().iter().find(of).unwrap();
        let what = |column: &str| format!("{column} of {row:?}");
        near(&what("estimate"), Some(text(&found["estimate"]["nats"])), &row["estimate"]);
        near(&what("std_error"), Some(text(&found["std_error"]["nats"])), &row["std_error"]);
        if found["bias_order"] == "lasting" {
            assert!(found["interval"].is_null());
        } else {
            let low = text(&found["interval"]["low"]["nats"]);
            let high = text(&found["interval"]["high"]["nats"]);
            // Student's quantile is right to 1e-10.
            assert!((low - row["low"].parse::<f64>().unwrap()).abs() < 1e-10, "{row:?} {low}");
            assert!((high - row["high"].parse::<f64>().unwrap()).abs() < 1e-10, "{row:?} {high}");
        }
    }
}

/// Of two tokens in one sequence, with w = 2 and ½, and of one in another, with w = 1.
#[test]
fn effective_sample_sizes_are_those_of_hand() {
    let half = std::f64::consts::LN_2;
    let text = format!("id,lp,lq,ls\na,-1,-1,{}\na,-1,-1,{}\nb,-1,-2,-1\n", -1.0 - half, -1.0 + half);
    let here = Workspace::new().file("log.csv", text);
    let document = json(&here, &[&["log.csv", "--logs-column", "ls"], &COLUMNS[..]].concat());
    let found = &document["effective_sample"];
    let tokens = 3.5f64 * 3.5 / 5.25;
    assert!((found["tokens"].as_f64().unwrap() - tokens).abs() < 1e-14, "{found}");
    assert!((found["sequences"].as_f64().unwrap() - 2.0).abs() < 1e-14, "{found}");
}

/// Sequences are told by their names, wherever their rows are.
#[test]
fn rows_of_a_sequence_may_be_anywhere() {
    let here = log();
    let text = here.read("log.csv");
    let (head, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| row.len() % 7);
    let here = here.file("mixed.csv", format!("{head}\n{}\n", rows.join("\n")));
    let of = |file: &str| json(&here, &[&[file, "--logs-column", "ls"], &COLUMNS[..]].concat());
    for (a, b) in
        of("log.csv")["estimates"].as_array().unwrap().iter().zip(of("mixed.csv")["estimates"].as_array().unwrap())
    {
        let (a, b) = (text_of(a), text_of(b));
        assert!((a - b).abs() < 1e-12 * (1.0 + a.abs()), "{a} {b}");
    }
}

fn text_of(found: &serde_json::Value) -> f64 {
    text(&found["estimate"]["nats"])
}

#[test]
fn the_table_of_a_log_is_readable() {
    let here = log();
    let words = [&["estimate", "log.csv", "--logs-column", "ls"], &COLUMNS[..]].concat();
    let ended = here.run(words).succeeds();
    assert!(ended.out.lines().all(|line| line.chars().count() <= 100), "{}", ended.out);
    insta::assert_snapshot!(ended.out, @"
    log.csv: 50 tokens in 12 sequences, by id
    effective sample: 48.35 tokens, 10.69 sequences

      mean over       weights          k            nats    bits  95 % interval  bias
      tokens          importance       k1  0.056 ± 0.059  0.0805                 lasting
      tokens          importance       k2  0.086 ± 0.017   0.124                 lasting
      tokens          importance       k3  0.085 ± 0.019   0.122                 lasting
      tokens          self-normalised  k1  0.055 ± 0.058  0.0791                 lasting
      tokens          self-normalised  k2  0.084 ± 0.017   0.122                 lasting
      tokens          self-normalised  k3  0.083 ± 0.019    0.12                 lasting
      sums of tokens  importance       k2  0.352 ± 0.067   0.507                 lasting
      sums of tokens  importance       k3  0.347 ± 0.076   0.501  0.180 … 0.515  none
      sums of tokens  self-normalised  k2  0.333 ± 0.054   0.481                 lasting
      sums of tokens  self-normalised  k3  0.329 ± 0.065   0.475  0.186 … 0.472  1/N
      sequences       importance       k1    0.22 ± 0.25   0.319       0 … 0.77  none
      sequences       importance       k2  0.332 ± 0.098   0.479                 lasting
      sequences       importance       k3  0.317 ± 0.095   0.457  0.107 … 0.526  none
      sequences       self-normalised  k1    0.21 ± 0.24   0.302       0 … 0.74  1/N
      sequences       self-normalised  k2  0.315 ± 0.094   0.454                 lasting
      sequences       self-normalised  k3  0.300 ± 0.093   0.433  0.095 … 0.505  1/N

    token: nats per token; sum and sequence: nats per sequence; standard errors are over sequences
    bias 1/N: it falls with the number of sequences
    bias lasting: more data do not remove it (k2, and tokens whose prefixes S wrote)
    ");
    insta::assert_snapshot!(ended.err, @"
    warning: 5 numbers are above 0: log-probabilities of symbols are at most 0, so these may be −ln p, or densities
    warning: 12 sequences only: standard errors over sequences are uncertain themselves
    ");
}

/// Tokens without a sequence are not one sequence of their own.
#[test]
fn a_sequence_has_a_name() {
    let here = Workspace::new().file("log.csv", "id,lp,lq\na,-1,-2\n,-1,-1\nNA,-1,-1\n");
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words)
        .refuses()
        .says("log.csv:3, column id: \"\": no value may be missing")
        .says("log.csv:4, column id: \"NA\"");
}

#[test]
fn logs_above_zero_are_warned_of() {
    let here = Workspace::new().file("log.csv", "id,lp,lq\na,1.5,2\na,-1,-1\nb,1e-9,-1\n");
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words).succeeds().says("2 numbers are above 0: log-probabilities of symbols are at most 0");
    let document = json(&here, &[&["log.csv"], &COLUMNS[..]].concat());
    assert!(document["warnings"][0].as_str().unwrap().contains("may be −ln p, or densities"), "{document}");
    // A little more than 0 is rounding.
    let here = Workspace::new().file("log.csv", "id,lp,lq\na,1e-9,-1\nb,-1,-1\n");
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    assert!(!here.run(words).succeeds().err.contains("above 0"));
}

#[test]
fn all_mistakes_of_a_log_are_reported_at_once() {
    let text = "id,lp,lq\na,-1,-2\na,-inf,-1\nb,,-1\nb,-1,nonsense\nc,-1,-inf\n";
    let here = Workspace::new().file("log.csv", text);
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words).refuses().says("log.csv:4, column lp: \"\": no value may be missing");
    let text = text.replace("b,,-1\n", "");
    let here = Workspace::new().file("log.csv", text);
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words)
        .refuses()
        .says("log.csv:3, column lp: \"-inf\": a log-probability is a finite number")
        .says("log.csv:4, column lq: \"nonsense\": a log-probability of Q is a number or -inf");
    let here = Workspace::new().file("log.csv", "id,lp,lq\na,-1,-inf\na,-1,-1\nb,-1,-1\n");
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words).succeeds().says("Q gives no probability to 1 token").shows("inf");
    // r = q/p of a sequence may be beyond the largest double.
    let here = Workspace::new().file("log.csv", "id,lp,lq\na,-500,-1\na,-500,-1\nb,-1,-1\n");
    let words = [&["estimate", "log.csv"], &COLUMNS[..]].concat();
    here.run(words).succeeds().says("beyond the largest double");
    here.run(["estimate", "log.csv", "--logp-column", "lpp", "--logq-column", "lq"])
        .refuses()
        .says("--logp-column lp?");
    here.run(["estimate", "--logp-column", "lp", "--logq-column", "lq"]).refuses().says("name the file");
}
