//! The keys of an experiment, and the settings of the command line.

use crate::experiment_file::Override;
use crate::experiment_file::tests::faults::brief;
use crate::experiment_file::tests::{COIN, message, read_text};
use insta::assert_snapshot;

#[test]
fn missing_keys() {
    assert_snapshot!(brief(&message(r#"# nothing yet
"#)), @"
    the key `trials` is missing | write for example: trials = 10_000
    the key `N` is missing | write for example: N = [10, 100, 1_000]
    the key `P` is missing | write for example: P.bernoulli.p = 0.5
    the key `Q` is missing | write for example: Q.bernoulli.p = 0.6
    ");
}

#[test]
fn a_missing_key() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
"#), @"
    error: the key `Q` is missing
    --> coin.toml
     = help: write for example: Q.bernoulli.p = 0.6
    ");
}

#[test]
fn unknown_keys() {
    assert_snapshot!(brief(&message(r#"trails = 10
n = 10
source = [0.5, 0.5]
colour = "red"
"Q.bernoulli.p" = 0.5
[bernoulli]
p = 0.5
"#)), @r#"
    1:1 «trails» there is no key `trails` | did you mean `trials`?
    2:1 «n» there is no key `n` | did you mean `N`?
    3:1 «source» there is no key `source` | did you mean `P`?
    4:1 «colour» there is no key `colour` | the keys are `question`, `seed`, `trials`, `N`, `P`, `Q`, `S`, `unit`, `record`, `sampler`, `gradient`, `estimators`, `reference`, `level`, `decide`, `stop`, `grid`, `case` and `check`
    5:1 «"Q.bernoulli.p"» there is no key `Q.bernoulli.p` | write Q.bernoulli.p without the quotes
    6:2 «bernoulli» there is no key `bernoulli` | write a distribution under `P` or `Q`, such as P.bernoulli = { p = 0.5 }
    "#);
}

#[test]
fn an_unknown_key() {
    assert_snapshot!(message(r#"trails = 10
N = 10
P = [0.5, 0.5]
Q = [0.5, 0.5]
"#), @"
    error: there is no key `trails`
     --> coin.toml:1:1
      |
    1 | trails = 10
      | ^^^^^^
      |
      = help: did you mean `trials`?
    ");
}

#[test]
fn wrong_types() {
    assert_snapshot!(brief(&message(r#"question = 5
trials = "10"
N = true
P = 0.5
Q.categorical = { H = "0.5", T = [0.5] }
unit = "bit"
record = 1979-05-27
sampler = "count"
estimators = "log_ratio"
"#)), @r#"
    1:12 «5» `question` is 5, but must be a string | write question = "…"
    2:10 «"10"» `trials` is the string "10", but must be a whole number from 1 to 1e15 | write it without quotes: trials = 10_000
    3:5 «true» `N` is true, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    4:5 «0.5» expected a distribution, found 0.5 | for example: P.bernoulli.p = 0.5, or P.categorical = { H = 0.5, T = 0.5 }
    5:23 «"0.5"» expected a probability, found the string "0.5" | write it without quotes: 0.5
    5:34 «[0.5]» expected a probability, found a list | write a number such as 0.4, or an exact fraction such as "1/6"
    6:8 «"bit"» `unit` is the string "bit", but must be "nats" or "bits" | write for example: unit = "bits"
    7:10 «1979-05-27» `record` is 1979-05-27, but must be "none" or "csv" | write for example: record = "none"
    8:11 «"count"» `sampler` is the string "count", but must be "sequence" or "counts" or "tally" | write for example: sampler = "counts"
    9:14 «"log_ratio"» `estimators` is the string "log_ratio", but must be a list of names | write for example: estimators = ["log_ratio"]
    "#);
}

#[test]
fn a_wrong_value() {
    assert_snapshot!(message(r#"trials = "10"
N = 10
P = [0.5, 0.5]
Q = [0.5, 0.5]
"#), @r#"
    error: `trials` is the string "10", but must be a whole number from 1 to 1e15
     --> coin.toml:1:10
      |
    1 | trials = "10"
      |          ^^^^
      |
      = help: write it without quotes: trials = 10_000
    "#);
}

#[test]
fn numbers_out_of_range() {
    assert_snapshot!(brief(&message(r#"seed = -1
trials = 0
N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
P.bernoulli.p = 1.7
Q.bernoulli.p = nan
"#)), @r#"
    1:8 «-1» `seed` is -1, but must be a whole number from 0 to 9223372036854775807 (2^63 − 1) | write for example: seed = 57
    2:10 «0» `trials` is 0, but must be a whole number from 1 to 1e15 | write for example: trials = 10_000
    3:6 «0» `N` is 0, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    3:9 «-5» `N` is -5, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    3:13 «1.5» `N` is 1.5, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    3:18 «1e13» `N` is 1e13, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    3:24 «nan» `N` is nan, but must be a whole number from 1 to 1e12 | write for example: N = 100, or N = [10, 100]
    3:33 «1e1» `N` has the value 10 twice | remove one of the two
    4:17 «1.7» 1.7 is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    5:17 «nan» NaN is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    "#);
}

#[test]
fn estimators() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
Q = [0.5, 0.5]
estimators = ["log_ration", "log_ratio", "log_ratio"]
"#), @r#"
    error: there is no estimator called "log_ration"
     --> coin.toml:5:15
      |
    5 | estimators = ["log_ration", "log_ratio", "log_ratio"]
      |               ^^^^^^^^^^^^
      |
      = help: did you mean "log_ratio"?

    error: the estimator `log_ratio` is listed twice
     --> coin.toml:5:42
      |
    5 | estimators = ["log_ration", "log_ratio", "log_ratio"]
      |                                          ^^^^^^^^^^^
      |
      = help: remove one of the two
    "#);
}

/// If no estimator can be read, `reference` is not reported too.
#[test]
fn a_reference_among_estimators_that_cannot_be_read() {
    let shown =
        message("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.5, 0.5]\nestimators = [\"k4\"]\nreference = \"k9\"\n");
    assert!(shown.contains("there is no estimator called \"k4\"") && !shown.contains("`reference`"), "{shown}");
}

#[test]
fn what_a_tally_cannot_do() {
    assert_snapshot!(message(r#"trials = 1e12
N = 1_000
P = [0.1, 0.2, 0.3, 0.4]
Q = [0.4, 0.3, 0.2, 0.1]
record = "csv"
sampler = "tally"
"#), @r#"
    error: the sampler `tally` draws all trials together, so there is no estimate of each trial to record
     --> coin.toml:5:10
      |
    5 | record = "csv"
      |          ^^^^^
    6 | sampler = "tally"
      |           ------- the sampler
      |
      = help: draw each trial's counts instead: sampler = "counts"

    error: the sampler `tally` lists at most 262_144 symbol counts, but sequences of N = 1_000 from categorical(0.1, 0.2, 0.3, 0.4) have about 49_663_488
     --> coin.toml:6:11
      |
    6 | sampler = "tally"
      |           ^^^^^^^
      |
      = help: draw each trial's counts instead: sampler = "counts"
      = help: or use shorter sequences
    "#);
}

#[test]
fn the_command_line() {
    let settings = [
        Override::flag("--trials", "trials", "1e99"),
        Override::assignment("--set", "Q.bernoulli.p=0.7").expect("a setting"),
        Override::assignment("--set", "unit=bit").expect("a setting"),
        Override::assignment("--set", "N.x=5").expect("a setting"),
    ];
    assert_snapshot!(read_text(COIN, &settings).expect_err("mistakes"), @r#"
    error: `trials` is 1e99, but must be a whole number from 1 to 1e15
     --> <command line>:1:10
      |
    1 | --trials 1e99
      |          ^^^^
      |
      = help: write for example: trials = 10_000

    error: `unit` is the string "bit", but must be "nats" or "bits"
     --> <command line>:1:12
      |
    1 | --set unit=bit
      |            ^^^
      |
      = help: write for example: unit = "bits"

    error: `N` is a list in the file, so it has no keys
     --> <command line>:1:1
      |
    1 | --set N.x=5
      | ^^^^^^^^^^^
      |
      = help: replace the whole value: --set 'N=…'
    "#);
    let refused = |text| Override::assignment("--set", text).expect_err("a mistake");
    assert_snapshot!(refused("trials"), @"
    error: --set trials has no `=` between key and value
     |
     = help: write --set KEY=VALUE, such as --set Q.bernoulli.p=0.7
    ");
    assert_snapshot!(refused("a b=1"), @"
    error: --set a b=1: `a b` is not a key
     |
     = help: write --set KEY=VALUE, such as --set Q.bernoulli.p=0.7
    ");
}
