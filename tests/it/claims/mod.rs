//! What a file claims of estimators of one's own, put to the test.
use crate::harness::{Ended, Workspace};

mod simulated;
mod words;

/// k3 from symbol counts in Python; the argument plants a fault.
const K3: &str = r#"
import json, math, sys
fault = sys.argv[1] if len(sys.argv) > 1 else ""
given = json.loads(sys.stdin.readline())
n, p, q = given["n"], given["p"]["probabilities"], given["q"]["probabilities"]
ratios = [a / b for a, b in zip(p, q)] if fault == "inverted" else [b / a for a, b in zip(p, q)]
values = [r - 1 - math.log(r) for r in ratios]
for line in sys.stdin:
    trial = json.loads(line)
    total = 1.0 if fault == "start" else 0.0
    for count, value in zip(trial["counts"], values):
        total += count * value
    if fault == "fmean":
        total = n * math.fsum(count / n * value for count, value in zip(trial["counts"], values))
    estimate = total / (n - 1 if fault == "length" else n)
    if fault == "late" and trial["trial"] in (17, 1_805):
        estimate *= 1 + 1e-6
    print(json.dumps({"trial": trial["trial"], "estimate": estimate}), flush=True)
"#;

const SPEC: &str = r#"
seed = 57
trials = 2_000
record = "csv"
N = [20, 50]
estimators = ["k3", { name = "mine", command = ["python3", "k3.py", "FAULT"], input = "counts", CLAIMS }]
P = [0.5, 0.3, 0.2]
Q = [0.4, 0.4, 0.2]
"#;

/// A workspace with the program; none where there is no Python.
fn with_python(fault: &str, claims: &str) -> Option<Workspace> {
    let has_python = std::process::Command::new("python3").arg("--version").output().is_ok();
    assert!(has_python || std::env::var_os("RUNNER_NEEDS_PYTHON").is_none(), "python3 is missing");
    let spec = SPEC.replace("FAULT", fault).replace("CLAIMS", claims);
    has_python.then(|| Workspace::with_spec(&spec).file("k3.py", K3))
}

fn run(here: &Workspace) -> Ended {
    here.run(["coin.toml", "--allow-commands"])
}

/// The cells of the rows of `mine` in a column.
fn cells(here: &Workspace, column: &str) -> Vec<String> {
    let rows = here.rows("results/coin/summary.csv");
    rows.into_iter().filter(|row| row["estimator"] == "mine").map(|row| row[column].clone()).collect()
}

/// The whole of what is shown, after the table.
fn finding(ended: &Ended) -> String {
    ended.out.lines().filter(|line| line.starts_with("KL(P")).collect()
}

#[test]
fn wrong_means_disagree_in_the_first_run_and_the_first_check() {
    for fault in ["inverted", "start", "length"] {
        let Some(here) = with_python(fault, r#"expected = "closed_form""#) else { return };
        run(&here).exits_with(1).shows("2 of 4 DISAGREE");
        assert_eq!(cells(&here, "verdict"), ["disagree", "disagree"], "{fault}");
        assert_eq!(cells(&here, "p_value_method"), ["student", "student"]);
        // Without committed results, and with those of the wrong program.
        for arguments in [["--out", "elsewhere"], ["--out", "results"]] {
            let check = here.run(["check", "coin.toml", "--allow-commands"].into_iter().chain(arguments));
            check.exits_with(1).shows("mine: mean has p-value").shows("REGRESSED");
        }
    }
    let Some(here) = with_python("", r#"expected = "closed_form", same_as = "k3""#) else { return };
    let ended = run(&here).succeeds();
    insta::assert_snapshot!(finding(&ended), @"KL(P‖Q) is 0.025267 nats (0.036453 bits) per symbol, and 2,000 sequences of N = 50 gave 0.025341 ± 0.000050 nats (0.036560 ± 0.000073 bits) by k3; all 4 rows agree with theory (4 tests, joint false-alarm rate 1e-6); 2 tests of estimators of your own are nominal (Student's t), with a false-alarm rate of 1e-6 of their own.");
    assert_eq!(cells(&here, "verdict"), ["agree", "agree"]);
    let check = here.run(["check", "coin.toml", "--allow-commands"]).succeeds();
    insta::assert_snapshot!(check.out, @"
    over 8 tests, the chance of any false alarm is at most 1e-6; a bias of 3 % of KL(P‖Q) or more is missed with a probability of at most 1e-3, and in the best condition one of 1.9 %; 2 tests of estimators of your own are nominal (Student's t), with a false-alarm rate of 1e-6 of their own
    coin  bytes  the same as results/coin: 5 files
          law    10 tests of fresh trials with seed 8422650605787699836, the smallest p-value 0.045
    PASS: 1 experiment
    ");
}

#[test]
fn the_first_trial_that_differs_is_named_on_any_number_of_threads() {
    let claims = r#"same_as = "k3""#;
    let Some(here) = with_python("late", claims) else { return };
    let run_on = |threads: &str| {
        let arguments = ["coin.toml", "--allow-commands", "--trials", "9_000", "--threads", threads, "--out", threads];
        here.run(arguments).exits_with(1)
    };
    let [one, two, seven] = ["1", "2", "7"].map(run_on);
    assert!(one.err == two.err.replace("2/coin", "1/coin") && one.err == seven.err.replace("7/coin", "1/coin"));
    assert_eq!((here.contents("1"), here.contents("1")), (here.contents("2"), here.contents("7")));
    insta::assert_snapshot!(one.err, @"
    error: the estimator `mine` is not the same as k3: 2 of 9,000 estimates of condition 1 differ by more than the tolerance 1e-9
      trial 17: `mine` gave 0.02520359495045366, k3 0.025203569746883897, in nats
      help: to replay it: runner replay coin.toml --condition 1 --trial 17 --allow-commands
    wrote 1/coin/: summary.csv, law.csv, paths.csv, measures.csv, trials.csv, manifest.json
    ");
    insta::assert_snapshot!(finding(&one), @"KL(P‖Q) is 0.025267 nats (0.036453 bits) per symbol, and 9,000 sequences of N = 50 gave 0.025258 ± 0.000024 nats (0.036440 ± 0.000034 bits) by k3; but 2 of 4 DISAGREE with theory: condition 1 by mine, 2 by mine (their estimators are not what the experiment file says of them); disagree: 2 of 9,000 estimates are not those of k3: the first is that of trial 17, 0.02520359495045366 where k3 gives 0.025203569746883897 (1 row); 2 of 9,000 estimates are not those of k3: the first is that of trial 17, 0.02663035996088185 where k3 gives 0.026630333330548508 (1 row); the precision gain of a row that disagrees compares how far its estimates spread, not how right they are.");
    let replayed = here.run(["replay", "coin.toml", "--condition", "1", "--trial", "17", "--allow-commands"]);
    insta::assert_snapshot!(replayed.succeeds().out.lines().skip_while(|line| !line.contains("trials.csv")).collect::<Vec<_>>().join("\n"), @"
    its row in trials.csv, in nats:
      condition,trial,n,estimator,estimate
      1,17,20,k3,0.025203569746883897
      1,17,20,mine,0.02520359495045366
    same_as: k3 gives 0.025203569746883897 and mine 0.02520359495045366: they differ by 2.52e-8 (the tolerance is 1e-9)
    ");
    let check = here.run(["check", "coin.toml", "--allow-commands", "--only", "law"]).exits_with(1);
    insta::assert_snapshot!(check.out, @"
    over 8 tests, the chance of any false alarm is at most 1e-6; a bias of 3 % of KL(P‖Q) or more is missed with a probability of at most 1e-3, and in the best condition one of 1.9 %
    coin  law    2 of 8 tests of fresh trials FAIL
                   condition 1, N = 20, mine: 2 of 2,000 estimates are not those of k3: the first is that of trial 17, 0.027549744515365203 where k3 gives 0.027549716965648223
                   condition 2, N = 50, mine: 2 of 2,000 estimates are not those of k3: the first is that of trial 17, 0.023903998416567224 where k3 gives 0.0239039745125927
                   to reproduce: runner coin.toml --seed 8422650605787699836 --out DIR --allow-commands
                   to replay the first: runner replay coin.toml --condition 1 --trial 17 --seed 8422650605787699836 --allow-commands
    REGRESSED: coin
    ");
    // A millionth is within a hundred-thousandth.
    let Some(here) = with_python("late", r#"same_as = "k3", tolerance = 1e-5"#) else { return };
    run(&here).succeeds();
    assert_eq!(cells(&here, "verdict"), ["agree", "agree"]);
}

/// Whatever a program does instead of answering is compared, too.
#[test]
fn failures_and_infinite_estimates_are_no_estimates_of_k3() {
    for (answer, told) in [("Infinity", "inf where k3 gives"), ("null", "none where k3 gives")] {
        let script = format!(
            "read -r line\nwhile read -r line; do\n  t=${{line#*\\\"trial\\\":}}; t=${{t%%,*}}\n  \
             if [ $t = 5 ]; then echo {answer}; else echo 0; fi\ndone"
        );
        let mine = r#"{ name = "mine", command = ["sh", "mine.sh"], input = "counts", same_as = "k3" }"#;
        let spec = format!("trials = 9\nN = 3\nestimators = [{mine}]\nP = [0.5, 0.5]\nQ = [0.5, 0.5]\nseed = 1");
        let here = Workspace::with_spec(&spec).file("mine.sh", script);
        let ended = run(&here).exits_with(1).says("1 of 9 estimates of condition 1 differ").says("--trial 5");
        ended.shows(told);
        // The estimator that it is to equal is shown although the file does not list it.
        here.run(["replay", "coin.toml", "--trial", "4", "--allow-commands"])
            .shows("same_as: k3 gives 0, and so does mine\n");
    }
}

/// A sum that is rounded otherwise is no regression of one's own estimator; a change by more is, and so is any of another row.
#[test]
fn a_tolerance_is_for_digits_of_programs() {
    let check = "[check]\ntolerance = { standard_errors = 0.01, relative = 1e-9 }\n";
    let claims = r#"expected = "closed_form""#;
    let Some(here) = with_python("", claims) else { return };
    run(&here).succeeds();
    let spec = here.read("coin.toml");
    let with = |fault: &str, check: &str| {
        let changed = K3.replace("sys.argv[1] if len(sys.argv) > 1 else \"\"", &format!("{fault:?}"));
        std::fs::write(here.path("k3.py"), changed).unwrap();
        std::fs::write(here.path("coin.toml"), format!("{spec}{check}")).unwrap();
        here.run(["check", "coin.toml", "--allow-commands"])
    };
    with("fmean", "").exits_with(1).shows("CHANGED").shows("REGRESSED");
    let ended = with("fmean", check).succeeds().shows("within the tolerance of [check]");
    assert!(ended.out.contains("PASS"));
    // Two estimates of 2,000 are off by a millionth.
    with("late", "[check]\ntolerance = { relative = 1e-9 }\n").exits_with(1).shows("CHANGED").shows("mean was");
    // A row that is not of a program stays exact.
    let summary = here.read("results/coin/summary.csv");
    let edited = summary.replacen("0.02524", "0.02527", 1);
    assert_ne!(summary, edited);
    std::fs::write(here.path("results/coin/summary.csv"), edited).unwrap();
    with("fmean", check).exits_with(1).shows("summary.csv line 2");
}
