//! Texts that cannot be read, and text that is awkward to draw.

use crate::experiment_file::Source;
use crate::experiment_file::tests::message;
use insta::assert_snapshot;
use std::path::Path;

/// Several syntax errors, and one other mistake that they cannot have caused.
#[test]
fn broken_toml() {
    assert_snapshot!(message(r#"trials = 1_000
trials = 2_000
N = [10, 1OO]
P.bernoulli.p = 1/6
Q.bernoulli.p = 1.5
seed =
unit = "nats
"#), @r#"
    error: the key `trials` is given twice
     --> coin.toml:2:1
      |
    2 | trials = 2_000
      | ^^^^^^
      |
      = help: a table may have each key once: remove one of them, or rename it

    error: 1OO is not a TOML value
     --> coin.toml:3:10
      |
    3 | N = [10, 1OO]
      |          ^^^
      |
      = help: write a string in quotes: "1OO"

    error: the fraction 1/6 is not in quotes
     --> coin.toml:4:17
      |
    4 | P.bernoulli.p = 1/6
      |                 ^^^
      |
      = help: write an exact fraction as "1/6"

    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> coin.toml:5:17
      |
    5 | Q.bernoulli.p = 1.5
      |                 ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: a value is missing
     --> coin.toml:6:7
      |
    6 | seed =
      |       ^
      |
      = help: write one after `=`, such as trials = 10_000

    error: broken TOML: invalid basic string, expected `"`
     --> coin.toml:7:13
      |
    7 | unit = "nats
      |             ^
    "#);
}

/// An open list is one mistake, not one for each line.
#[test]
fn open_list() {
    assert_snapshot!(message(r#"trials = 1_000
N = [10, 100
P.bernoulli.p = 0.5
Q.bernoulli.p = 2/3
"#), @r#"
    error: the list above this line is not closed
     --> coin.toml:3:1
      |
    3 | P.bernoulli.p = 0.5
      | ^
      |
      = help: write `]` at its end

    error: the fraction 2/3 is not in quotes
     --> coin.toml:4:17
      |
    4 | Q.bernoulli.p = 2/3
      |                 ^^^
      |
      = help: write an exact fraction as "2/3"
    "#);
}

#[test]
fn duplicate_symbols() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.categorical = { H = 0.5, H = 0.5 }
Q.categorical = { H = 0.5, "" = 0.5 }
"#), @r#"
    error: the key `H` is given twice
     --> coin.toml:3:28
      |
    3 | P.categorical = { H = 0.5, H = 0.5 }
      |                            ^
      |
      = help: a table may have each key once: remove one of them, or rename it

    error: a symbol needs a name
     --> coin.toml:4:28
      |
    4 | Q.categorical = { H = 0.5, "" = 0.5 }
      |                            ^^
      |
      = help: write a name between the quotes, such as "H"
    "#);
}

#[test]
fn awkward_text() {
    assert_snapshot!(message("trials = 10\r\n\tN\t= '漢字' # tab\r\nP = [0.5, 0.5]\r\nQ = [1.5, 0.5]"), @r#"
    error: `N` is the string "漢字", but must be a whole number from 1 to 1e12
     --> coin.toml:2:6
      |
    2 |     N    = '漢字' # tab
      |            ^^^^^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:6
      |
    4 | Q = [1.5, 0.5]
      |      ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"
    "#);
    assert_snapshot!(message("\u{feff}N = 0\ntrials = 1\nP = [1]\nQ = [0, 1]\nunit ="), @"
    error: `N` is 0, but must be a whole number from 1 to 1e12
     --> coin.toml:1:5
      |
    1 | N = 0
      |     ^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: an alphabet has 2 to 2097152 symbols, and this has 1
     --> coin.toml:3:5
      |
    3 | P = [1]
      |     ^^^
      |
      = help: name at least two symbols

    error: a value is missing
     --> coin.toml:5:7
      |
    5 | unit =
      |       ^
      |
      = help: write one after `=`, such as trials = 10_000
    ");
}

/// Control characters do not reach the terminal, and marks stay in place.
#[test]
fn controls_in_a_spec_are_shown_as_pictures_and_marks_stay_in_place() {
    let text = "trials = 10\nN = 10\n# \u{1b}[2J\u{202e} \u{9b}1m\nP.categorical = { \"\u{9b}\u{202e}\u{85}H\" = 1.5, T = 0.5 }\nQ = [1]\n\"Z\\u001b\\u009b\\u202ea\" = 1";
    assert_snapshot!(message(text), @r#"
    error: broken TOML: invalid comment character, expected printable characters
     --> coin.toml:3:3
      |
    3 | # ␛[2J� �1m
      |   ^

    error: 1.5 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:28
      |
    4 | P.categorical = { "���H" = 1.5, T = 0.5 }
      |                            ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: an alphabet has 2 to 2097152 symbols, and this has 1
     --> coin.toml:5:5
      |
    5 | Q = [1]
      |     ^^^
      |
      = help: name at least two symbols

    error: there is no key `Z\u{1b}\u{9b}\u{202e}a`
     --> coin.toml:6:1
      |
    6 | "Z\u001b\u009b\u202ea" = 1
      | ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: the keys are `question`, `seed`, `trials`, `N`, `P`, `Q`, `S`, `unit`, `record`, `sampler`, `gradient`, `estimators`, `reference`, `level`, `decide`, `stop`, `grid`, `case` and `check`
    "#);
}

#[test]
fn files_that_cannot_be_read() {
    let refused = |path: &str| Source::open(Path::new(path)).expect_err("a mistake");
    assert_snapshot!(refused("no/such/coin.toml"), @"
    error: there is no file no/such/coin.toml
     |
     = help: check the spelling, or write a template with `runner init`
    ");
    assert_snapshot!(refused("src"), @"
    error: src is a directory, not an experiment file
     |
     = help: name the .toml files in it
    ");
    let latin = Source::decode("coin.toml", b"trials = 1\nquestion = \"na\xefve\"".to_vec());
    assert_snapshot!(latin.expect_err("a mistake"), @"
    error: coin.toml:2:15: the byte 0xef is not UTF-8
     |
     = help: save the file as UTF-8, which TOML requires
    ");
}

/// A repeated mistake is shown once, and mistakes beyond twenty are only counted.
#[test]
fn a_flood() {
    let text: String = (0..60).map(|key| format!("key_{key} = 1\n")).collect();
    let message = message(&text);
    assert_eq!(message.matches("there is no key").count(), 20);
    assert!(message.ends_with("error: and 44 more"), "{message}");
}
