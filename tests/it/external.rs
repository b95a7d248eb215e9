//! Estimators that are programs of the user's own.
use crate::harness::{Ended, Workspace};
use std::collections::BTreeMap;

/// An experiment whose estimators stand in for `ESTIMATORS`.
const SPEC: &str = r#"
seed = 57
trials = 40
N = 10
record = "csv"
estimators = [ESTIMATORS]
P = { categorical = { H = 0.5, T = 0.5 } }
Q = { categorical = { H = 0.4, T = 0.6 } }
"#;

/// A shell script that answers each trial by `$t` thousandths, `$t` its number, unless `fault` does something else.
fn program(fault: &str) -> String {
    format!(
        r#"read -r introduction
while read -r line; do
  t=${{line#*\"trial\":}}; t=${{t%%,*}}
  {fault}
  echo "${{t}}e-3"
done"#
    )
}

fn with_fault(fault: &str, keys: &str) -> Workspace {
    let mine = format!(r#""log_ratio", {{ name = "mine", command = ["sh", "mine.sh"], input = "counts"{keys} }}"#);
    Workspace::with_spec(&SPEC.replace("ESTIMATORS", &mine)).file("mine.sh", program(fault))
}

fn run(here: &Workspace) -> Ended {
    here.run(["coin.toml", "--allow-commands"])
}

/// The estimates of `mine`, by trial.
fn estimates(here: &Workspace) -> BTreeMap<u64, String> {
    let rows = here.rows("results/coin/trials.csv");
    let mine = rows.into_iter().filter(|row| row["estimator"] == "mine");
    mine.map(|row| (row["trial"].parse().unwrap(), row["estimate"].clone())).collect()
}

/// What each trial has, the failed ones aside.
fn assert_estimates(here: &Workspace, failed: &[u64]) {
    let found = estimates(here);
    assert_eq!(found.len(), 40);
    for (trial, estimate) in found {
        let expected = if failed.contains(&trial) { String::new() } else { format!("{}", trial as f64 / 1000.0) };
        assert_eq!(estimate, expected, "{trial}");
    }
}

#[test]
fn a_program_is_started_only_if_that_is_allowed() {
    let here = with_fault("", "");
    for arguments in [vec!["coin.toml"], vec!["check", "coin.toml"], vec!["replay", "coin.toml", "--trial", "1"]] {
        let ended = here.run(arguments).refuses();
        ended.says("coin, mine: sh mine.sh").says("add --allow-commands");
    }
    assert!(!here.path("results").exists());
    here.run(["plan", "coin.toml"]).succeeds().shows("less than a second and the time of `mine`");
    run(&here).succeeds();
    assert_estimates(&here, &[]);
    let row = &here.rows("results/coin/summary.csv")[1];
    assert_eq!((row["failed_trials"].as_str(), row["verdict"].as_str()), ("0", "untested"));
    assert!((row["mean"].parse::<f64>().unwrap() - 0.0205).abs() < 1e-15);
    assert!(row["expected"].is_empty() && row["p_value"].is_empty());
    let manifest: serde_json::Value = serde_json::from_str(&here.read("results/coin/manifest.json")).unwrap();
    assert_eq!(manifest["external"], serde_json::json!(["mine"]));
    assert!(!here.path("results/coin/failures.csv").exists());
}

#[test]
fn a_program_is_found_beside_its_file() {
    let here = Workspace::new();
    std::fs::create_dir(here.path("deep")).unwrap();
    let mine = r#"{ name = "mine", command = ["./mine"], input = "counts" }"#;
    let here = here.file("deep/coin.toml", SPEC.replace("ESTIMATORS", mine));
    let here = here.file("deep/mine", format!("#!/bin/sh\n{}", program("")));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(here.path("deep/mine"), mode).unwrap();
    here.run(["deep/coin.toml", "--allow-commands"]).succeeds();
    assert_estimates(&here, &[]);
}

#[test]
fn threads_change_nothing_and_check_and_replay_see_the_same() {
    let here = with_fault("", "");
    for threads in ["1", "2", "7"] {
        let out = format!("out{threads}");
        here.run(["coin.toml", "--allow-commands", "--trials", "20_000", "--threads", threads, "--out", &out])
            .succeeds();
    }
    assert_eq!(here.contents("out1"), here.contents("out2"));
    assert_eq!(here.contents("out1"), here.contents("out7"));
    run(&here).succeeds();
    here.run(["check", "coin.toml", "--allow-commands"]).succeeds().shows("PASS");
    here.run(["replay", "coin.toml", "--trial", "17", "--allow-commands"]).succeeds().shows("1,17,10,mine,0.017");
}

/// What fails is trapped trial by trial: the others have what they would have, and it is told which failed and why.
#[test]
fn failures_are_told_by_trial_and_the_rest_stands() {
    let cases = [
        ("exit 3", "it ended with exit status: 3"),
        ("echo 'no such symbol' >&2; exit 1", "it said: no such symbol"),
        ("kill -9 $$", "signal: 9"),
        ("echo oops; continue", "the answer `oops` is not a number"),
        ("echo nan; continue", "the answer `nan` is not a number"),
        ("echo; continue", "the answer `` is not a number"),
        ("echo '{\"error\": \"too few\"}'; continue", "it reported: too few"),
        ("echo '{\"trial\": 1, \"estimate\": 0}'; continue", "the answer is for trial 1"),
        ("exec >&-; sleep 60", "it closed its output"),
        ("sleep 60", "no answer within 2 s"),
    ];
    for (fault, told) in cases {
        let keys = if told.contains("no answer") { ", timeout = 2" } else { "" };
        let here = with_fault(&format!("if [ $t = 7 ] || [ $t = 23 ]; then {fault}; fi"), keys);
        let ended = run(&here).succeeds().says(told);
        let ended = ended.says("note: the estimator `mine` gave no estimate in 2 of 40 trials of condition 1");
        ended.says("trial 7: ").says("trial 23: ").says("--condition 1 --trial 7 --allow-commands");
        assert_estimates(&here, &[7, 23]);
        let failures = here.rows("results/coin/failures.csv");
        assert_eq!(failures.iter().map(|row| row["trial"].as_str()).collect::<Vec<_>>(), ["7", "23"], "{fault}");
        assert!(failures[0]["failure"].contains(told), "{fault}: {failures:?}");
        let row = &here.rows("results/coin/summary.csv")[1];
        // Σ 1 … 40 without 7 and 23, over 38.
        assert_eq!((row["trials"].as_str(), row["failed_trials"].as_str()), ("40", "2"));
        assert!((row["mean"].parse::<f64>().unwrap() - 0.79 / 38.0).abs() < 1e-15);
        let bias = here.rows("results/coin/measures.csv").into_iter().find(|row| row["estimator"] == "mine").unwrap();
        assert_eq!((bias["measure"].as_str(), bias["estimate"].as_str()), ("bias", row["bias"].as_str()));
        let again = here.run(["replay", "coin.toml", "--trial", "7", "--allow-commands"]).exits_with(2);
        again.says(told).shows("1,7,10,mine,\n");
    }
}

/// What is left of an earlier run's failures is not left lying about.
#[test]
fn failures_of_an_earlier_run_are_removed() {
    let here = with_fault("if [ $t = 7 ]; then echo oops; continue; fi", "");
    run(&here).succeeds();
    assert!(here.path("results/coin/failures.csv").exists());
    let here = here.file("mine.sh", program(""));
    run(&here).succeeds();
    assert!(!here.path("results/coin/failures.csv").exists());
}

/// A program that writes more than its answers shifts all that follow: that is seen, and no estimate is of another trial.
#[test]
fn talk_on_the_standard_output_is_no_answer() {
    let here = with_fault("if [ $t = 7 ]; then echo 'reading…'; fi", "");
    run(&here).succeeds().says("the answer `reading…` is not a number");
    assert_estimates(&here, &[7]);
    // A line too many, after a while: sooner or later that is seen, and at once where answers say what they are of.
    let late = "if [ $t = 7 ]; then echo 1; sleep 0.2; fi";
    let ended = run(&with_fault(late, "")).exits_with(2).says("write one line for each trial");
    let is_told = |text: &str| ended.err.contains(text);
    assert!(is_told("` before the trial was sent") || is_told("` after its last answer"), "{}", ended.err);
    let ended = run(&with_fault("if [ $t = 40 ]; then echo 1; sleep 0.2; fi", "")).exits_with(2);
    ended.says("it wrote `40e-3` after its last answer").says("not finished");
    let here =
        with_fault(&format!("{late}; echo \"{{\\\"trial\\\": $t, \\\"estimate\\\": ${{t}}e-3}}\"; continue"), "");
    run(&here).succeeds().says("the answer is for trial 7");
    let found = estimates(&here);
    assert_eq!((found[&7].as_str(), found[&8].as_str(), found[&9].as_str()), ("1.0", "", "0.009"));
}

#[test]
fn too_many_failures_stop_a_condition_and_what_succeeded_is_kept() {
    let here = with_fault("if [ $t -gt 100 ]; then exit 1; fi", ", max_failures = 3");
    let ended =
        here.run(["coin.toml", "--allow-commands", "--set", "N=[10, 20]", "--trials", "1_000", "--threads", "1"]);
    let ended =
        ended.exits_with(2).says("error: the estimator `mine` gave no estimate in 4 of 1,000 trials of condition 1");
    let ended = ended.says("and was stopped").says("set max_failures").says("of condition 2");
    ended.says("not finished: of 4 rows of coin 0 are done and 4 in part; see results/coin/summary.partial.csv");
    let rows = here.rows("results/coin/summary.partial.csv");
    for row in rows.iter().filter(|row| row["estimator"] == "mine") {
        let [trials, failed] = ["trials", "failed_trials"].map(|column| row[column].parse::<u64>().unwrap());
        assert_eq!(trials - failed, 100, "{row:?}");
        assert!((row["mean"].parse::<f64>().unwrap() - 0.0505).abs() < 1e-15);
    }
    assert!(!here.path("results/coin/summary.csv").exists());
    // A hundred more are borne with, by default ten.
    here.run(["coin.toml", "--allow-commands", "--trials", "150"]).exits_with(2);
    let here = with_fault("if [ $t -gt 100 ]; then exit 1; fi", ", max_failures = 50");
    here.run(["coin.toml", "--allow-commands", "--trials", "150"]).succeeds().says("in 50 of 150 trials");
    here.run(["check", "coin.toml", "--allow-commands", "--set", "estimators=[{name=\"mine\", command=[\"false\"]}]"])
        .exits_with(2)
        .says("failed too often");
}

#[test]
fn a_program_that_is_not_there_is_asked_once() {
    let spec = SPEC.replace("ESTIMATORS", r#"{ name = "mine", command = ["no-such-program"] }"#);
    let here = Workspace::with_spec(&spec);
    run(&here).exits_with(2).says("it cannot be started: No such file or directory").says("looked for in PATH");
}

/// A program that neither reads nor ends: the long questions that it does not read hold up nothing.
#[test]
fn a_program_that_does_not_read_is_given_up() {
    let mine = r#"{ name = "mine", command = ["sleep", "1000"], timeout = 0.2, max_failures = 1 }"#;
    let spec = SPEC.replace("ESTIMATORS", mine).replace("N = 10", "N = 1_000_000");
    Workspace::with_spec(&spec).run(["coin.toml", "--allow-commands"]).exits_with(2).says("no answer within 0.2 s");
}

/// The first line that is read is no question. Whoever answers it, too, shifts all answers by one, and is found out; whoever writes
/// without an end is stopped, too.
#[test]
fn programs_that_answer_the_introduction_or_never_stop_are_found_out() {
    let mine = r#"{ name = "mine", command = ["sh", "mine.sh"] }"#;
    for script in ["while read -r line; do echo 0; done", "read -r line; while :; do echo 0; done"] {
        let here = Workspace::with_spec(&SPEC.replace("ESTIMATORS", mine)).file("mine.sh", script);
        run(&here).exits_with(2).says("it wrote `0`");
    }
}

/// What programs are told, word for word: a change is a new protocol.
fn told(spec: &str, estimator: &str) -> String {
    let script = r#"while read -r line; do echo "$line" >> told; case $line in *'"trial"'*) echo 0;; esac; done"#;
    let estimator = estimator.replace("COMMAND", r#"command = ["sh", "mine.sh"]"#);
    let spec = format!("trials = 2\nN = 3\nseed = 57\nestimators = [{estimator}]\n{spec}");
    let here = Workspace::with_spec(&spec).file("mine.sh", script);
    here.run(["coin.toml", "--allow-commands", "--threads", "1"]).succeeds();
    here.read("told")
}

#[test]
fn what_programs_are_told_is_frozen() {
    let mine = r#"{ name = "mine", COMMAND }"#;
    let coin = "P.categorical = { H = 0.5, T = 0.5 }\nQ.categorical = { T = 0.6, H = 0.4 }";
    insta::assert_snapshot!("a_coin", told(coin, mine));
    insta::assert_snapshot!("counts_of_both", told(coin, r#"{ name = "mine", COMMAND, input = "counts", M = 5 }"#));
    let chain = "P.markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.4, 0.6]] }\nQ = [0.5, 0.5]";
    insta::assert_snapshot!("a_chain", told(chain, mine));
    insta::assert_snapshot!(
        "numbers",
        told("P.normal = { mean = 0, variance = 4 }\nQ.laplace = { location = 0, scale = 1 }", mine)
    );
    let plane = "P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.5, 2]] }\n\
                 Q.multivariate_normal = { mean = [1, 0], covariance = [[1, 0], [0, 1]] }";
    let spec = "P.normal = { mean = 0, std_dev = 1 }\nQ.normal = { mean = 100, std_dev = 1 }";
    insta::assert_snapshot!("numbers_of_both", told(spec, r#"{ name = "mine", COMMAND, M = 2 }"#));
    insta::assert_snapshot!("vectors", told(plane, mine));
    let shares = "P.dirichlet.alpha = [1, 2]\nQ.dirichlet.alpha = [2, 2]";
    insta::assert_snapshot!("shares", told(shares, mine));
}

/// A long sequence is drawn in segments and sent whole.
#[test]
fn long_sequences_are_told_whole() {
    let script = r#"read -r introduction; while read -r line; do echo "${#line}"; done"#;
    for (input, least) in [("sequence", 2 * 3_000_000), ("counts", 40)] {
        let mine = format!(r#"{{ name = "mine", command = ["sh", "mine.sh"], input = "{input}" }}"#);
        let spec = SPEC.replace("ESTIMATORS", &mine).replace("N = 10", "N = 3_000_000").replace("40", "1");
        let here = Workspace::with_spec(&spec).file("mine.sh", script);
        run(&here).succeeds();
        let length: f64 = here.rows("results/coin/trials.csv")[0]["estimate"].parse().unwrap();
        assert!((least as f64..least as f64 + 60.0).contains(&length), "{input}: {length}");
    }
}

#[test]
fn mistakes_in_a_programs_table_are_told() {
    let cases = [
        (r#"{ command = ["sh"] }"#, "an estimator needs a `name`"),
        (r#"{ name = "mine", command = "python3 mine.py" }"#, r#"write command = ["python3", "mine.py"]"#),
        (r#"{ name = "mine", command = [] }"#, "the program, then each of its arguments"),
        (r#"{ name = "mine", command = ["sh", 1] }"#, "the program, then each of its arguments"),
        (r#"{ name = "k2", command = ["sh"] }"#, "is the name of a built-in estimator"),
        (r#"{ name = "a, b", command = ["sh"] }"#, "letters, digits"),
        (r#"{ name = "mine", command = ["sh"], input = "count" }"#, r#"write for example: input = "counts""#),
        (r#"{ name = "mine", command = ["sh"], timeout = 0 }"#, "a number of seconds"),
        (r#"{ name = "mine", command = ["sh"], max_failures = -1 }"#, "write for example: max_failures = 10"),
        (r#"{ name = "mine", command = ["sh"], max_failure = 1 }"#, "did you mean `max_failures`?"),
        (r#"{ name = "mine", command = ["sh"], M = 0 }"#, "write for example: M = 1_000"),
        (r#"{ name = "mine", command = ["sh"] }, { name = "mine", command = ["sh"] }"#, "is listed twice"),
        (r#""mine""#, r#"{ name = "mine", command = ["python3", "mine.py"] }"#),
    ];
    for (estimators, told) in cases {
        let here = Workspace::with_spec(&SPEC.replace("ESTIMATORS", estimators));
        run(&here).refuses().says(told);
    }
}

#[test]
fn what_a_program_cannot_be_told_is_refused() {
    let mine = r#"{ name = "mine", command = ["sh"] }"#;
    let coin = SPEC.replace("ESTIMATORS", mine);
    let refused = |spec: String, told: &str| {
        run(&Workspace::with_spec(&spec)).refuses().says(told);
    };
    refused(format!("sampler = \"counts\"\n{coin}"), "or send it the counts: input = \"counts\"");
    refused(format!("sampler = \"tally\"\n{}", coin.replace("\"csv\"", "\"none\"")), "is asked about each");
    refused(coin.replace("N = 10", "N = 100_000_000"), "at most 10000000 of them");
    let counted = SPEC.replace("ESTIMATORS", r#"{ name = "mine", command = ["sh"], input = "counts" }"#);
    let normal = counted.replace("categorical = { H = 0.5, T = 0.5 }", "normal = { mean = 0, std_dev = 1 }");
    let normal = normal.replace("categorical = { H = 0.4, T = 0.6 }", "normal = { mean = 1, std_dev = 1 }");
    refused(normal.clone(), "write input = \"sequence\"");
    let chain = counted.replace(
        "categorical = { H = 0.5, T = 0.5 }",
        "markov_chain = { initial = [1, 0], transition = [[0.5, 0.5], [0.5, 0.5]] }",
    );
    refused(chain.replace("input = \"counts\"", "M = 10"), "which have a memory");
}

/// The example of the documents, where there is a Python.
#[test]
fn the_documented_example_agrees_with_what_is_built_in() {
    let has_python = std::process::Command::new("python3").arg("--version").output().is_ok();
    assert!(has_python || std::env::var_os("RUNNER_NEEDS_PYTHON").is_none(), "python3 is missing");
    if !has_python {
        eprintln!("skipped: there is no python3");
        return;
    }
    let example = |name: &str| std::fs::read(format!("docs/own-estimator/{name}")).unwrap();
    let here = Workspace::with_spec("").file("plug_in.py", example("plug_in.py"));
    let here = here.file("loaded-die.toml", example("loaded-die.toml"));
    here.run(["loaded-die.toml", "--allow-commands", "--record"]).succeeds();
    let rows = here.rows("results/loaded-die/trials.csv");
    assert_eq!(rows.len(), 2 * 2 * 2_000);
    for pair in rows.chunks(2) {
        let [plug_in, mine] = [0, 1].map(|place| pair[place]["estimate"].parse::<f64>().unwrap());
        assert_eq!((pair[0]["estimator"].as_str(), pair[1]["estimator"].as_str()), ("plug_in", "mine"));
        assert!((plug_in - mine).abs() < 1e-14, "{pair:?}");
    }
    // The normal interval is too short for few symbols; of many it holds the truth nearly as often as it says.
    let measures = here.rows("results/loaded-die/measures.csv");
    let coverage = |condition: &str| -> f64 {
        let of = |row: &&BTreeMap<String, String>| row["estimator"] == "mine" && row["condition"] == condition;
        let found = measures.iter().filter(of).find(|row| row["measure"] == "coverage").unwrap();
        found["estimate"].parse().unwrap()
    };
    assert!((0.85..0.99).contains(&coverage("1")) && (0.92..0.97).contains(&coverage("2")));
}

/// The lines that the document shows are those of its example.
#[test]
fn the_documented_lines_are_told() {
    let [text, spec] = ["docs/own-estimator.md", "docs/own-estimator/loaded-die.toml"]
        .map(|name| std::fs::read_to_string(name).unwrap());
    let script = r#"while read -r line; do echo "$line" >> told; case $line in *'"trial"'*) echo 0;; esac; done"#;
    let here = Workspace::with_spec(&spec).file("mine.sh", script);
    let mine = "estimators=[{name=\"mine\", command=[\"sh\", \"mine.sh\"], input=\"counts\"}]";
    here.run(["coin.toml", "--allow-commands", "--threads", "1", "--trials", "2", "--set", mine]).succeeds();
    let told = here.read("told");
    let first: Vec<&str> = told.lines().take(3).collect();
    let block = format!("```json\n{}\n```", first.join("\n"));
    assert!(text.contains(&block), "docs/own-estimator.md should show\n{block}");
}

/// Its name in reports was `mine(timeout=30)`: the keys of a program are no settings of an estimator.
#[test]
fn reports_call_a_program_by_its_name() {
    let here = with_fault("", "");
    run(&here).succeeds();
    here.run(["report", "results/coin", "--format", "html"]).succeeds();
    let page = here.read("results/coin/report.html");
    assert!(page.contains("mine") && !page.contains("mine("));
}
