//! Every kind of mistake, and the whole message it gets.

use super::{COIN, message, read_text};
use crate::spec::{Override, Source};
use insta::assert_snapshot;
use std::path::Path;

#[test]
fn missing_keys() {
    assert_snapshot!(message(r#"# nothing yet
"#), @"
    error: the key `trials` is missing
    --> coin.toml
     = help: write for example: trials = 10_000

    error: the key `N` is missing
    --> coin.toml
     = help: write for example: N = [10, 100, 1_000]

    error: the key `P` is missing
    --> coin.toml
     = help: write for example: P.bernoulli.p = 0.5

    error: the key `Q` is missing
    --> coin.toml
     = help: write for example: Q.bernoulli.p = 0.6
    ");
}

/// Several errors of syntax, and one of sense that they cannot have caused.
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
    error: the key `trials` stands twice
     --> coin.toml:2:1
      |
    2 | trials = 2_000
      | ^^^^^^
      |
      = help: a table has each key once: remove one, or give it another name

    error: 1OO is no TOML value
     --> coin.toml:3:10
      |
    3 | N = [10, 1OO]
      |          ^^^
      |
      = help: write a text in quotes: "1OO"

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

/// A list left open is one mistake, not one a line.
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
fn unknown_keys() {
    assert_snapshot!(message(r#"trails = 10
n = 10
source = [0.5, 0.5]
colour = "red"
"Q.bernoulli.p" = 0.5
[bernoulli]
p = 0.5
"#), @r#"
    error: there is no key `trails`
     --> coin.toml:1:1
      |
    1 | trails = 10
      | ^^^^^^
      |
      = help: did you mean `trials`?

    error: there is no key `n`
     --> coin.toml:2:1
      |
    2 | n = 10
      | ^
      |
      = help: did you mean `N`?

    error: there is no key `source`
     --> coin.toml:3:1
      |
    3 | source = [0.5, 0.5]
      | ^^^^^^
      |
      = help: did you mean `P`?

    error: there is no key `colour`
     --> coin.toml:4:1
      |
    4 | colour = "red"
      | ^^^^^^
      |
      = help: the keys are `question`, `seed`, `trials`, `N`, `P`, `Q`, `unit`, `record`, `sampler`, `estimators`, `reference`, `level`, `grid`, `case` and `check`

    error: there is no key `Q.bernoulli.p`
     --> coin.toml:5:1
      |
    5 | "Q.bernoulli.p" = 0.5
      | ^^^^^^^^^^^^^^^
      |
      = help: write Q.bernoulli.p without the quotes

    error: there is no key `bernoulli`
     --> coin.toml:6:2
      |
    6 | [bernoulli]
      |  ^^^^^^^^^
      |
      = help: a distribution stands under `P` or `Q`, such as P.bernoulli = { p = 0.5 }
    "#);
}

#[test]
fn misspelt_families_and_parameters() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.bernuli.p = 0.5
Q.bernoulli.q = 0.5
"#), @"
    error: there is no distribution called `bernuli`
     --> coin.toml:3:3
      |
    3 | P.bernuli.p = 0.5
      |   ^^^^^^^
      |
      = help: did you mean `bernoulli`?

    error: bernoulli needs its parameter `p`
     --> coin.toml:4:3
      |
    4 | Q.bernoulli.q = 0.5
      |   ^^^^^^^^^
      |
      = help: for example: bernoulli = { p = 0.5 }

    error: bernoulli has no parameter `q`
     --> coin.toml:4:13
      |
    4 | Q.bernoulli.q = 0.5
      |             ^
      |
      = help: did you mean `p`?
    ");
}

#[test]
fn wrong_types() {
    assert_snapshot!(message(r#"question = 5
trials = "10"
N = true
P = 0.5
Q.categorical = { H = "0.5", T = [0.5] }
unit = "bit"
record = 1979-05-27
sampler = "count"
estimators = "log_ratio"
"#), @r#"
    error: `question` is 5, and must be a text
     --> coin.toml:1:12
      |
    1 | question = 5
      |            ^
      |
      = help: write question = "…"

    error: `trials` is the text "10", and must be a whole number from 1 to 1e15
     --> coin.toml:2:10
      |
    2 | trials = "10"
      |          ^^^^
      |
      = help: write it without quotes: trials = 10_000

    error: `N` is true, and must be a whole number from 1 to 1e12
     --> coin.toml:3:5
      |
    3 | N = true
      |     ^^^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: 0.5 where a distribution should stand
     --> coin.toml:4:5
      |
    4 | P = 0.5
      |     ^^^
      |
      = help: for example: P.bernoulli.p = 0.5, or P.categorical = { H = 0.5, T = 0.5 }

    error: the text "0.5" where a probability should stand
     --> coin.toml:5:23
      |
    5 | Q.categorical = { H = "0.5", T = [0.5] }
      |                       ^^^^^
      |
      = help: write it without quotes: 0.5

    error: a list where a probability should stand
     --> coin.toml:5:34
      |
    5 | Q.categorical = { H = "0.5", T = [0.5] }
      |                                  ^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: `unit` is the text "bit", and must be "nats" or "bits"
     --> coin.toml:6:8
      |
    6 | unit = "bit"
      |        ^^^^^
      |
      = help: write for example: unit = "bits"

    error: `record` is 1979-05-27, and must be "none" or "csv"
     --> coin.toml:7:10
      |
    7 | record = 1979-05-27
      |          ^^^^^^^^^^
      |
      = help: write for example: record = "none"

    error: `sampler` is the text "count", and must be "sequence" or "counts" or "tally"
     --> coin.toml:8:11
      |
    8 | sampler = "count"
      |           ^^^^^^^
      |
      = help: write for example: sampler = "counts"

    error: `estimators` is the text "log_ratio", and must be a list of names
     --> coin.toml:9:14
      |
    9 | estimators = "log_ratio"
      |              ^^^^^^^^^^^
      |
      = help: write for example: estimators = ["log_ratio"]
    "#);
}

#[test]
fn numbers_out_of_range() {
    assert_snapshot!(message(r#"seed = -1
trials = 0
N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
P.bernoulli.p = 1.7
Q.bernoulli.p = nan
"#), @r#"
    error: `seed` is -1, and must be a whole number from 0 to 9223372036854775807 (2^63 − 1)
     --> coin.toml:1:8
      |
    1 | seed = -1
      |        ^^
      |
      = help: write for example: seed = 57

    error: `trials` is 0, and must be a whole number from 1 to 1e15
     --> coin.toml:2:10
      |
    2 | trials = 0
      |          ^
      |
      = help: write for example: trials = 10_000

    error: `N` is 0, and must be a whole number from 1 to 1e12
     --> coin.toml:3:6
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |      ^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: `N` is -5, and must be a whole number from 1 to 1e12
     --> coin.toml:3:9
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |         ^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: `N` is 1.5, and must be a whole number from 1 to 1e12
     --> coin.toml:3:13
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |             ^^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: `N` is 1e13, and must be a whole number from 1 to 1e12
     --> coin.toml:3:18
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |                  ^^^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: `N` is nan, and must be a whole number from 1 to 1e12
     --> coin.toml:3:24
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |                        ^^^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: `N` has the value 10 twice
     --> coin.toml:3:33
      |
    3 | N = [0, -5, 1.5, 1e13, nan, 10, 1e1]
      |                                 ^^^
      |
      = help: remove one of the two

    error: 1.7 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:17
      |
    4 | P.bernoulli.p = 1.7
      |                 ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: NaN is not a probability: a probability lies between 0 and 1
     --> coin.toml:5:17
      |
    5 | Q.bernoulli.p = nan
      |                 ^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"
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

    error: the estimator `log_ratio` stands twice
     --> coin.toml:5:42
      |
    5 | estimators = ["log_ration", "log_ratio", "log_ratio"]
      |                                          ^^^^^^^^^^^
      |
      = help: remove one of the two
    "#);
}

#[test]
fn weights_that_do_not_sum_to_one() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.6]
Q.categorical = { H = "1/3", T = "1/3" }
"#), @r#"
    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:5
      |
    3 | P = [0.5, 0.6]
      |     ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help

    error: the probabilities sum to 0.6666666666666666, not to 1
     --> coin.toml:4:17
      |
    4 | Q.categorical = { H = "1/3", T = "1/3" }
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    "#);
}

#[test]
fn fractions() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = ["1/0", "1/2"]
Q = ["one/half", "1/99999999999999999999"]
"#), @r#"
    error: "1/0" is no number: a fraction cannot have the denominator 0
     --> coin.toml:3:6
      |
    3 | P = ["1/0", "1/2"]
      |      ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: "one/half" is no number: a fraction is two whole numbers with a slash between them, such as "1/6"
     --> coin.toml:4:6
      |
    4 | Q = ["one/half", "1/99999999999999999999"]
      |      ^^^^^^^^^^
      |
      = help: write digits alone on both sides, such as "1/6"

    error: "1/99999999999999999999" is no number: a fraction's parts go up to 2^63
     --> coin.toml:4:18
      |
    4 | Q = ["one/half", "1/99999999999999999999"]
      |                  ^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write it with smaller parts, or as a decimal
    "#);
}

#[test]
fn duplicate_symbols() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.categorical = { H = 0.5, H = 0.5 }
Q.categorical = { H = 0.5, "" = 0.5 }
"#), @r#"
    error: the key `H` stands twice
     --> coin.toml:3:28
      |
    3 | P.categorical = { H = 0.5, H = 0.5 }
      |                            ^
      |
      = help: a table has each key once: remove one, or give it another name

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
fn different_alphabets() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.categorical = { H = 0.5, T = 0.5 }
Q.categorical = { H = 0.5, X = 0.5 }
"#), @r#"
    error: P and Q have different alphabets: only P has "T", only Q has "X"
     --> coin.toml:4:17
      |
    3 | P.categorical = { H = 0.5, T = 0.5 }
      |                 -------------------- P is here
    4 | Q.categorical = { H = 0.5, X = 0.5 }
      |                 ^^^^^^^^^^^^^^^^^^^^
      |
      = help: name the same symbols in both; one that cannot occur gets probability 0
    "#);
}

#[test]
fn alphabets_of_different_sizes() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
[grid]
Q = [[0.4, 0.6], ["1/3", "1/3", "1/3"]]
"#), @r#"
    error: P has 2 symbols and Q has 3: they need one alphabet
     --> coin.toml:5:18
      |
    3 | P = [0.5, 0.5]
      |     ---------- P is here
    4 | [grid]
    5 | Q = [[0.4, 0.6], ["1/3", "1/3", "1/3"]]
      |                  ^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give both the same number of probabilities
    "#);
}

#[test]
fn two_families() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = { bernoulli = { p = 0.5 }, categorical = [0.5, 0.5] }
Q.bernoulli.p = 0.5
[grid]
Q.categorical = [[0.5, 0.5]]
"#), @"
    error: a distribution is one family, and this names 2
     --> coin.toml:3:32
      |
    3 | P = { bernoulli = { p = 0.5 }, categorical = [0.5, 0.5] }
      |       ---------                ^^^^^^^^^^^
      |       |
      |       one family is here
      |
      = help: for example: P.bernoulli.p = 0.5, or P = [0.5, 0.5]

    error: `Q.categorical` clashes with `Q.bernoulli`: a distribution is one family
     --> coin.toml:6:1
      |
    4 | Q.bernoulli.p = 0.5
      |   --------- set here
    5 | [grid]
    6 | Q.categorical = [[0.5, 0.5]]
      | ^^^^^^^^^^^^^
      |
      = help: remove one of the two, or vary all of `Q`
    ");
}

#[test]
fn empty_grids() {
    assert_snapshot!(message(r#"trials = 10
N = []
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = []
"#), @r#"
    error: `N` is an empty list
     --> coin.toml:2:5
      |
    2 | N = []
      |     ^^
      |
      = help: write for example: N = [10, 100]

    error: `Q.bernoulli.p` has an empty list of values
     --> coin.toml:5:19
      |
    5 | "Q.bernoulli.p" = []
      |                   ^^
      |
      = help: write a list such as [0.55, 0.75], or { from = 0.05, to = 0.95, steps = 19 }
    "#);
}

#[test]
fn a_grid_of_nothing() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
Q = [0.5, 0.5]
grid = {}
"#), @r#"
    error: the grid is empty
     --> coin.toml:5:8
      |
    5 | grid = {}
      |        ^^
      |
      = help: name what varies, such as "Q.bernoulli.p" = [0.55, 0.75], or leave `grid` out
    "#);
}

#[test]
fn paths_that_name_no_parameter() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.x" = [0.5]
"Q.bernuli.p" = [0.5]
"Q.categorical.H" = [0.5]
R.p = [1]
q.bernoulli.p = [0.5]
seed = [1, 2]
"#), @r#"
    error: `Q.bernoulli.x` names no parameter
     --> coin.toml:5:1
      |
    5 | "Q.bernoulli.x" = [0.5]
      | ^^^^^^^^^^^^^^^
      |
      = help: bernoulli has `p`: write "Q.bernoulli.p"

    error: `Q.bernuli.p` names no parameter: there is no distribution called `bernuli`
     --> coin.toml:6:1
      |
    6 | "Q.bernuli.p" = [0.5]
      | ^^^^^^^^^^^^^
      |
      = help: did you mean `Q.bernoulli`?

    error: `Q.categorical.H` is one probability, and the others would have to change with it
     --> coin.toml:7:1
      |
    7 | "Q.categorical.H" = [0.5]
      | ^^^^^^^^^^^^^^^^^
      |
      = help: vary all of them: "Q.categorical" = [{ H = 0.4, T = 0.6 }, { H = 0.1, T = 0.9 }]

    error: `R.p` names no parameter
     --> coin.toml:8:1
      |
    8 | R.p = [1]
      | ^^^
      |
      = help: a path is `N`, or a whole parameter of P or Q, such as "Q.bernoulli.p" or "Q.categorical"

    error: `q.bernoulli.p` names no parameter
     --> coin.toml:9:1
      |
    9 | q.bernoulli.p = [0.5]
      | ^^^^^^^^^^^^^
      |
      = help: keys are case-sensitive: write `Q.bernoulli.p`

    error: `seed` holds for the whole experiment, and cannot vary
      --> coin.toml:10:1
       |
    10 | seed = [1, 2]
       | ^^^^
       |
       = help: write `seed` at the top of the file, and vary N, P and Q
    "#);
}

#[test]
fn ranges() {
    assert_snapshot!(message(r#"trials = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = { from = 0, to = 0.9, step = 19, scale = "log" }
"P.bernoulli.p" = { from = 0, to = 0.9, steps = 19, scale = "log" }
N = { from = 1, to = 2, steps = 3 }
"#), @r#"
    error: a range needs its key `steps`
     --> coin.toml:4:19
      |
    4 | "Q.bernoulli.p" = { from = 0, to = 0.9, step = 19, scale = "log" }
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example { from = 0.05, to = 0.95, steps = 19 }, with scale = "log" for equal ratios

    error: a range has no key `step`
     --> coin.toml:4:41
      |
    4 | "Q.bernoulli.p" = { from = 0, to = 0.9, step = 19, scale = "log" }
      |                                         ^^^^
      |
      = help: did you mean `steps`?

    error: a range with scale = "log" needs both ends above 0
     --> coin.toml:5:19
      |
    5 | "P.bernoulli.p" = { from = 0, to = 0.9, steps = 19, scale = "log" }
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: raise the lower end, or leave `scale` out

    error: a step of this range is 1.5, and `N` is a whole number from 1 to 1e12
     --> coin.toml:6:5
      |
    6 | N = { from = 1, to = 2, steps = 3 }
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: choose `from`, `to` and `steps` so that each step is whole, or scale = "log", which rounds
    "#);
}

/// However many steps are wrong, the range is named once.
#[test]
fn values_outside_a_range() {
    assert_snapshot!(message(r#"trials = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = { from = 0.5, to = 1.5, steps = 1001 }
N = { from = 1, to = 10, steps = 20, scale = "log" }
"#), @r#"
    error: 1.001 is not a probability: a probability lies between 0 and 1
     --> coin.toml:4:19
      |
    4 | "Q.bernoulli.p" = { from = 0.5, to = 1.5, steps = 1001 }
      |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write a number such as 0.4, or an exact fraction such as "1/6"

    error: `N` takes the value 1 twice
     --> coin.toml:5:5
      |
    5 | N = { from = 1, to = 10, steps = 20, scale = "log" }
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: take fewer steps, or ends further apart
    "#);
}

#[test]
fn equal_values() {
    assert_snapshot!(message(r#"trials = 10
N = [10, 1e1]
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = [0.5, 0.25, "1/2"]
"#), @r#"
    error: `N` has the value 10 twice
     --> coin.toml:2:10
      |
    2 | N = [10, 1e1]
      |          ^^^
      |
      = help: remove one of the two

    error: `Q.bernoulli.p` takes the value 1/2 twice
     --> coin.toml:5:31
      |
    5 | "Q.bernoulli.p" = [0.5, 0.25, "1/2"]
      |                    ---        ^^^^^
      |                    |
      |                    first here
      |
      = help: remove one of the two
    "#);
}

#[test]
fn too_many_conditions() {
    assert_snapshot!(message(r#"trials = 10
N = [10, 100, 1_000]
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = { from = 0, to = 1, steps = 1_000_000 }
"#), @"
    error: the grid has 3_000_000 conditions, and an experiment has at most 1_000_000
     --> coin.toml:4:1
      |
    4 | [grid]
      | ^^^^^^
      |
      = help: shorten its lists, take fewer steps, or split it over several files
    ");
}

#[test]
fn uneven_cases() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.normal = { mean = 0, std_dev = 1 }
Q.normal.mean = 0
[[case]]
Q.normal.std_dev = 2
[[case]]
Q.normal.variance = 2
"#), @"
    error: normal needs `std_dev` or `variance`
     --> coin.toml:4:3
      |
    4 | Q.normal.mean = 0
      |   ^^^^^^
      |
      = help: for example: normal = { mean = 0, std_dev = 1 }

    error: case 2 does not set `Q.normal.std_dev`, and case 1 does
     --> coin.toml:7:1
      |
    6 | Q.normal.std_dev = 2
      | ---------------- set in case 1
    7 | [[case]]
      | ^^^^^^^^
      |
      = help: let every case set the same keys

    error: case 2 sets `Q.normal.variance`, and case 1 does not
     --> coin.toml:8:1
      |
    8 | Q.normal.variance = 2
      | ^^^^^^^^^^^^^^^^^
      |
      = help: let every case set the same keys
    ");
}

#[test]
fn cases_and_grid() {
    assert_snapshot!(message(r#"trials = 10
P = [0.5, 0.5]
[[case]]
Q.bernoulli.p = 0.5
N = [1, 2]
[grid]
"Q.bernoulli.p" = [0.5, 0.6]
"#), @"
    error: in a case `N` is one number, and this is a list
     --> coin.toml:5:5
      |
    5 | N = [1, 2]
      |     ^^^^^^
      |
      = help: to cross it with the cases, write N = […] above the first [[case]]
    ");
}

#[test]
fn awkward_text() {
    assert_snapshot!(message("trials = 10\r\n\tN\t= '漢字' # tab\r\nP = [0.5, 0.5]\r\nQ = [1.5, 0.5]"), @r#"
    error: `N` is the text "漢字", and must be a whole number from 1 to 1e12
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
    error: `N` is 0, and must be a whole number from 1 to 1e12
     --> coin.toml:1:5
      |
    1 | N = 0
      |     ^
      |
      = help: write for example: N = 100, or N = [10, 100]

    error: an alphabet has 2 to 65536 symbols, and this has 1
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

/// Hostile text moves no mark, and does nothing to a terminal.
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

    error: an alphabet has 2 to 65536 symbols, and this has 1
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
      = help: the keys are `question`, `seed`, `trials`, `N`, `P`, `Q`, `unit`, `record`, `sampler`, `estimators`, `reference`, `level`, `grid`, `case` and `check`
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
    error: `trials` is 1e99, and must be a whole number from 1 to 1e15
     --> <command line>:1:10
      |
    1 | --trials 1e99
      |          ^^^^
      |
      = help: write for example: trials = 10_000

    error: `unit` is the text "bit", and must be "nats" or "bits"
     --> <command line>:1:12
      |
    1 | --set unit=bit
      |            ^^^
      |
      = help: write for example: unit = "bits"

    error: `N` is a list in the file, and has no keys of its own
     --> <command line>:1:1
      |
    1 | --set N.x=5
      | ^^^^^^^^^^^
      |
      = help: replace all of it: --set 'N=…'
    "#);
    let refused = |text| Override::assignment("--set", text).expect_err("a mistake");
    assert_snapshot!(refused("trials"), @"
    error: --set trials has no `=` between key and value
     |
     = help: write --set KEY=VALUE, such as --set Q.bernoulli.p=0.7
    ");
    assert_snapshot!(refused("a b=1"), @"
    error: --set a b=1: `a b` is no key
     |
     = help: write --set KEY=VALUE, such as --set Q.bernoulli.p=0.7
    ");
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
     = help: name the .toml files in it one by one
    ");
    let latin = Source::decode("coin.toml", b"trials = 1\nquestion = \"na\xefve\"".to_vec());
    assert_snapshot!(latin.expect_err("a mistake"), @"
    error: coin.toml:2:15: the byte 0xef is not UTF-8
     |
     = help: save the file as UTF-8, which TOML asks for
    ");
}

/// What is wrong twice over is said once, and beyond twenty mistakes only counted.
#[test]
fn a_flood() {
    let text: String = (0..60).map(|key| format!("key_{key} = 1\n")).collect();
    let message = message(&text);
    assert_eq!(message.matches("there is no key").count(), 20);
    assert!(message.ends_with("error: and 44 more"), "{message}");
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
    error: the sampler `tally` draws all trials at once, and there is no estimate of each to record
     --> coin.toml:5:10
      |
    5 | record = "csv"
      |          ^^^^^
    6 | sampler = "tally"
      |           ------- the sampler
      |
      = help: draw each trial's counts instead: sampler = "counts"

    error: the sampler `tally` lists at most 262_144 symbol counts, and sequences of N = 1_000 from categorical(0.1, 0.2, 0.3, 0.4) have about 49_663_488
     --> coin.toml:6:11
      |
    6 | sampler = "tally"
      |           ^^^^^^^
      |
      = help: draw each trial's counts instead: sampler = "counts"
      = help: or take shorter sequences
    "#);
}

/// Where no estimator can be read, there is none that `reference` could name: only the list is at fault.
#[test]
fn a_reference_among_estimators_that_cannot_be_read() {
    let shown =
        message("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.5, 0.5]\nestimators = [\"k4\"]\nreference = \"k9\"\n");
    assert!(shown.contains("there is no estimator called \"k4\"") && !shown.contains("`reference`"), "{shown}");
}
