//! Limits that estimators must keep.

use super::run;
use crate::harness::Workspace;

const TRIALS: &str = "method,estimate,se\nmle,0.9,0.2\nmle,1.1,0.2\nmle,1.3,0.1\nmle,0.8,0.2\n\
                      mom,1.7,0.3\nmom,1.2,0.3\nmom,1.6,0.1\nmom,1.5,0.2\nmom,inf,1\nmom,,\n";

const FILE: [&str; 4] = ["--truth", "1", "--by", "method"];

fn with(gates: &[&str]) -> crate::harness::Ended {
    run(TRIALS, &FILE.iter().chain(gates).copied().collect::<Vec<_>>())
}

/// The gates as they end the output.
fn gates(out: &str) -> &str {
    &out[out.find("gates: ").unwrap()..]
}

#[test]
fn rows_beyond_a_limit_are_named_with_value_and_limit() {
    let ended = with(&["--max-bias-z", "4", "--min-coverage", "0.7", "--max-rmse", "0.2", "--max-missing", "0"]);
    assert_eq!(ended.code, Some(1));
    insta::assert_snapshot!(gates(&ended.out), @r"
    gates: 4 of 8 values are beyond their limits:

      gate          method          value  limit
      max-bias-z    mom            4.6291  at most 4
      max-rmse      mom     0.534 ± 0.089  at most 0.2
      min-coverage  mom       0.25 ± 0.22  at least 0.7
      max-missing   mom                 1  at most 0
    ");
    let ended = with(&["--max-bias-z", "100", "--min-coverage", "0.2"]).succeeds();
    insta::assert_snapshot!(gates(&ended.out), @"gates: all groups keep the limits max-bias-z 100, min-coverage 0.2");
    // Data stay data: what failed is told beside them.
    let ended = with(&["--max-bias-z", "4", "--format", "csv"]);
    assert_eq!(ended.code, Some(1));
    assert!(!ended.out.contains("gates") && ended.err.contains("max-bias-z"), "{}", ended.err);
    let ended = with(&["--max-bias-z", "4", "--max-infinite", "1", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let passes: Vec<bool> =
        found["gates"].as_array().unwrap().iter().map(|gate| gate["passes"].as_bool().unwrap()).collect();
    assert_eq!(passes, [true, false, true, true]);
    insta::assert_snapshot!(found["gates"][1], @r#"{"gate":"max-bias-z","limit":4.0,"by":{"method":"mom"},"value":4.6291004988627575,"mcse":null,"passes":false}"#);
}

/// Each gate passes at the value itself, and fails on the other side of it.
#[test]
fn every_gate_has_its_two_sides() {
    for kind in kl_runner::external_trials::GATES {
        let flag = format!("--{}", kind.name);
        let ask = |limit: f64| with(&[&flag, &format!("{limit:?}"), "--format", "json"]);
        let found: serde_json::Value = serde_json::from_str(&ask(0.5).out).unwrap();
        let values = || found["gates"].as_array().unwrap().iter().map(|gate| gate["value"].as_f64().unwrap());
        let (least, most) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
        let is_min = kind.name.starts_with("min-");
        let bound = if is_min { least } else { most };
        assert_eq!(ask(bound).code, Some(0), "{}", kind.name);
        let beyond = if is_min { bound + 1e-9 } else { bound - 1e-9 };
        if (0.0..=kind.most).contains(&beyond) {
            assert_eq!(ask(beyond).code, Some(1), "{}", kind.name);
        }
    }
}

#[test]
fn a_gate_on_what_a_file_lacks_is_refused() {
    let said = |text: &str, arguments: &[&str]| run(text, arguments).refuses().err;
    insta::assert_snapshot!(said("estimator,estimate\na,1\na,2\n", &["--max-bias-z", "4"]), @r"
    error: --max-bias-z cannot be judged: estimator a has no bias in standard errors
      help: it takes an estimand (--truth or --truth-column, or a results folder whose closed form is finite) and two finite estimates
    ");
    insta::assert_snapshot!(said("estimate\n1\n2\n", &["--truth", "1", "--min-coverage", "0.93"]), @r"
    error: --min-coverage cannot be judged: the file has no coverage
      help: it takes an estimand (--truth or --truth-column), a column of standard errors (--se-column) and a finite estimate
    ");
    insta::assert_snapshot!(said("estimator,estimate\na,1\na,2\nb,1\n", &["--truth", "1", "--max-bias-z", "4"]), @r"
    error: --max-bias-z cannot be judged: estimator b has no bias in standard errors
      help: it takes an estimand (--truth or --truth-column, or a results folder whose closed form is finite) and two finite estimates
    ");
    insta::assert_snapshot!(said("estimate\n1\n", &["--max-coverage", "95"]), @r"
    error: invalid value '95' for '--max-coverage <LIMIT>': the limit of a part is a number from 0 to 1 such as 0.93

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(said("estimate\n1\n", &["--max-rmse", "-1"]), @r"
    error: invalid value '-1' for '--max-rmse <LIMIT>': a limit is a number, 0 or more

    For more information, try '--help'.
    ");
}

/// Estimates without any spread that are wrong are infinitely many standard errors off.
#[test]
fn a_constant_that_is_wrong_fails() {
    let constant = "estimate\n2\n2\n2\n2\n2\n";
    assert_eq!(run(constant, &["--truth", "1", "--max-bias-z", "1e9"]).code, Some(1));
    assert_eq!(run(constant, &["--truth", "2", "--max-bias-z", "0"]).code, Some(0));
}

#[test]
fn junit_has_a_case_for_each_gate_and_group() {
    let here = Workspace::new().file("trials.csv", TRIALS);
    let arguments = ["summarize", "trials.csv"].iter().chain(&FILE).copied();
    let gates = ["--max-bias-z", "4", "--max-rmse", "0.3", "--junit", "gates.xml"];
    assert_eq!(here.run(arguments.chain(gates)).code, Some(1));
    insta::assert_snapshot!(here.read("gates.xml").replace("><", ">\n<"), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <testsuites>
    <testsuite id="0" name="trials.csv" package="testsuite/trials.csv" tests="4" errors="0" failures="2" hostname="localhost" timestamp="1970-01-01T00:00:00Z" time="0">
    <testcase name="max-bias-z: method=mle" time="0" classname="kl-runner.summarize"/>
    <testcase name="max-bias-z: method=mom" time="0" classname="kl-runner.summarize">
    <failure type="max-bias-z" message="bias in standard errors is 4.6291, and may be at most 4"/>
    </testcase>
    <testcase name="max-rmse: method=mle" time="0" classname="kl-runner.summarize"/>
    <testcase name="max-rmse: method=mom" time="0" classname="kl-runner.summarize">
    <failure type="max-rmse" message="RMSE is 0.534 ± 0.089, and may be at most 0.3"/>
    </testcase>
    </testsuite>
    </testsuites>
    "#);
}
