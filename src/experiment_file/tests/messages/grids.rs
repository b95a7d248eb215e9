//! What varies: grids, ranges and cases.

use crate::experiment_file::tests::faults::{brief, checked};
use crate::experiment_file::tests::message;
use insta::assert_snapshot;

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

    error: `Q.bernoulli.p` is an empty list
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
      = help: add a parameter to vary, such as "Q.bernoulli.p" = [0.55, 0.75], or remove `grid`
    "#);
}

#[test]
fn paths_that_name_no_parameter() {
    assert_snapshot!(brief(&message(r#"trials = 10
N = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.x" = [0.5]
"Q.bernuli.p" = [0.5]
"Q.categorical.H" = [0.5]
R.p = [1]
q.bernoulli.p = [0.5]
seed = [1, 2]
"#)), @r#"
    5:1 «"Q.bernoulli.x"» `Q.bernoulli.x` is not a parameter | bernoulli has `p`: write "Q.bernoulli.p"
    6:1 «"Q.bernuli.p"» `Q.bernuli.p` is not a parameter: there is no distribution called `bernuli` | did you mean `Q.bernoulli`?
    7:1 «"Q.categorical.H"» `Q.categorical.H` is a single probability, which cannot vary alone | vary all probabilities together: "Q.categorical" = [{ H = 0.4, T = 0.6 }, { H = 0.1, T = 0.9 }]
    8:1 «R.p» `R.p` is not a parameter | only `N`, `P`, `Q` and whole parameters of P and Q can vary, such as "Q.bernoulli.p" or "Q.categorical"
    9:1 «q.bernoulli.p» `q.bernoulli.p` is not a parameter | keys are case-sensitive: write `Q.bernoulli.p`
    10:1 «seed» `seed` applies to the whole experiment and cannot vary | write `seed` at the top of the file; only N, P and Q can vary
    "#);
}

#[test]
fn rules_of_paths() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.x" = [0.5]
"Q.categorical.H" = [0.5]
seed = [1, 2]
"#), @r#"
    error: `Q.bernoulli.x` is not a parameter
     --> coin.toml:5:1
      |
    5 | "Q.bernoulli.x" = [0.5]
      | ^^^^^^^^^^^^^^^
      |
      = help: bernoulli has `p`: write "Q.bernoulli.p"

    error: `Q.categorical.H` is a single probability, which cannot vary alone
     --> coin.toml:6:1
      |
    6 | "Q.categorical.H" = [0.5]
      | ^^^^^^^^^^^^^^^^^
      |
      = help: vary all probabilities together: "Q.categorical" = [{ H = 0.4, T = 0.6 }, { H = 0.1, T = 0.9 }]

    error: `seed` applies to the whole experiment and cannot vary
     --> coin.toml:7:1
      |
    7 | seed = [1, 2]
      | ^^^^
      |
      = help: write `seed` at the top of the file; only N, P and Q can vary
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
      = help: raise the lower end, or remove `scale`

    error: a step of this range is 1.5, but `N` must be a whole number from 1 to 1e12
     --> coin.toml:6:5
      |
    6 | N = { from = 1, to = 2, steps = 3 }
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: choose `from`, `to` and `steps` so that each step is a whole number, or use scale = "log", which rounds
    "#);
}

/// A range with many wrong steps is reported once.
#[test]
fn values_outside_a_range() {
    assert_snapshot!(brief(&message(r#"trials = 10
P = [0.5, 0.5]
[grid]
"Q.bernoulli.p" = { from = 0.5, to = 1.5, steps = 1001 }
N = { from = 1, to = 10, steps = 20, scale = "log" }
"#)), @r#"
    4:19 «{ from = 0.5, to = 1.5, steps = 1001 }» 1.001 is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    5:5 «{ from = 1, to = 10, steps = 20, scale = "log" }» `N` has the value 1 twice | use fewer steps, or ends that are further apart
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

    error: `Q.bernoulli.p` has the value 1/2 twice
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
    error: the grid has 3_000_000 conditions, but an experiment may have at most 1_000_000
     --> coin.toml:4:1
      |
    4 | [grid]
      | ^^^^^^
      |
      = help: shorten its lists, use fewer steps, or split the experiment into several files
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

    error: case 2 does not set `Q.normal.std_dev`, but case 1 does
     --> coin.toml:7:1
      |
    6 | Q.normal.std_dev = 2
      | ---------------- set in case 1
    7 | [[case]]
      | ^^^^^^^^
      |
      = help: set the same keys in every case

    error: case 2 sets `Q.normal.variance`, but case 1 does not
     --> coin.toml:8:1
      |
    8 | Q.normal.variance = 2
      | ^^^^^^^^^^^^^^^^^
      |
      = help: set the same keys in every case
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
    error: expected one number for `N` in a case, found a list
     --> coin.toml:5:5
      |
    5 | N = [1, 2]
      |     ^^^^^^
      |
      = help: to cross it with the cases, write N = […] above the first [[case]]
    ");
}

/// Each value of a list is underlined by itself; the values of a range share one place.
#[test]
fn values_of_a_grid() {
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
Q.gamma = { shape = 2, rate = 1 }
[grid]
"P.gamma.shape" = [1, «0», «"two"», «nan», «[1]», "1/3"]
"P.gamma.rate" = «{ from = -1, to = 1, steps = 3 }»
"#)), @r#"
    5:23 «0» 0 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    5:26 «"two"» expected a number above 0, found the string "two" | write a number such as 1.5, or an exact fraction such as "1/3"
    5:33 «nan» NaN is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    5:38 «[1]» expected a number above 0, found a list | write a number such as 1.5, or an exact fraction such as "1/3"
    6:18 «{ from = -1, to = 1, steps = 3 }» -1 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
Q.normal = { mean = 0, std_dev = 1 }
[grid]
«"P.normal.mean"» = [0, 1, 2]
"#)), @r#"5:1 «"P.normal.mean"» normal needs `std_dev` or `variance` | for example: normal = { mean = 0, std_dev = 1 }"#);
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
P.normal = { mean = 0, std_dev = 1 }
Q.normal = { mean = 0, std_dev = 1 }
[grid]
«"P.normal.std_devv"» = [1, 2]
«"Q.normal.sigma"» = [1, 2]
«"P.gama.rate"» = [1, 2]
"#)), @r#"
    6:1 «"P.normal.std_devv"» `P.normal.std_devv` is not a parameter | normal has `mean`, `std_dev` and `variance`: write "P.normal.std_dev"
    7:1 «"Q.normal.sigma"» `Q.normal.sigma` is not a parameter | normal has `mean`, `std_dev` and `variance`, such as "Q.normal.mean"
    8:1 «"P.gama.rate"» `P.gama.rate` is not a parameter: there is no distribution called `gama` | did you mean `P.gamma`?
    "#);
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
P.exponential.scale = 2
Q.exponential.rate = 1
[grid]
"P.exponential.rate" = [«1», «2»]
"#)), @"
    6:25 «1» exponential takes `scale` or `rate`, and not both | remove one of the two
    6:28 «2» exponential takes `scale` or `rate`, and not both | remove one of the two
    ");
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
P.dirichlet = { alpha = [1, 2] }
[grid]
"Q.dirichlet.alpha" = [[1, «0»], «[1]», «3», «[1, 2, 3]»]
"#)), @r#"
    5:28 «0» 0 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    5:32 «[1]» a list of 1 is not a list of two or more numbers | write a list such as [1, 2, 3]
    5:37 «3» expected a list of numbers, found 3 | for example: [1, 2.5, "1/3"]
    5:40 «[1, 2, 3]» P takes 2 shares of a whole and Q takes 3 shares of a whole | take both over the same values: see `runner families`
    "#);
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0], [0, 1]] }
Q.multivariate_normal.mean = [0, 0]
[grid]
"Q.multivariate_normal.covariance" = [[[1, 0], [«0.1», 1]], «[[1]]», [[1, 0], «[0, 1, 2]»]]
"#)), @"
    6:49 «0.1» 0.1 is not 0, as in row 1, column 2: a covariance is symmetric | write one number in both places
    6:59 «[[1]]» a list of 1 is not one row for each of the 2 numbers of `mean` | write as many rows, and as many numbers in each, as `mean` has
    6:75 «[0, 1, 2]» a list of 3 is not one number for each of the 2 numbers of `mean` | write as many rows, and as many numbers in each, as `mean` has
    ");
}

#[test]
fn a_parameter_written_twice() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.exponential.scale = 2
Q.exponential.rate = 1
[grid]
"P.exponential.rate" = [1, 2]
"#), @r#"
    error: exponential takes `scale` or `rate`, and not both
     --> coin.toml:6:25
      |
    3 | P.exponential.scale = 2
      |               ----- set here
    ...
    6 | "P.exponential.rate" = [1, 2]
      |                         ^
      |
      = help: remove one of the two

    error: exponential takes `scale` or `rate`, and not both
     --> coin.toml:6:28
      |
    3 | P.exponential.scale = 2
      |               ----- set here
    ...
    6 | "P.exponential.rate" = [1, 2]
      |                            ^
      |
      = help: remove one of the two
    "#);
}

#[test]
fn values_of_cases() {
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
Q.normal = { mean = 0, std_dev = 1 }
[[case]]
P.normal = { mean = 0, std_dev = «-1» }
[[case]]
P.laplace = { location = «nan», scale = 1 }
[[case]]
P.cauchy = «{ location = 0, «scael» = 1 }»
[[case]]
P.gamma = { shape = «"two"», scale = «0» }
"#)), @r#"
    5:34 «-1» -1 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    7:26 «nan» NaN is not a number | write a number such as 0 or -1.5, or an exact fraction such as "1/3"
    9:12 «{ location = 0, scael = 1 }» cauchy needs its parameter `scale` | for example: cauchy = { location = 0, scale = 1 }
    9:28 «scael» cauchy has no parameter `scael` | did you mean `scale`?
    11:21 «"two"» expected a number above 0, found the string "two" | write a number such as 1.5, or an exact fraction such as "1/3"
    11:36 «0» 0 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
Q.beta = { alpha = 1, beta = 1 }
[[case]]
P.beta.alpha = «0»
P.beta.beta = «[1]»
[[case]]
P.beta.alpha = 1
P.beta.beta = «-1»
"#)), @r#"
    5:16 «0» 0 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    6:15 «[1]» expected a number above 0, found a list | write a number such as 1.5, or an exact fraction such as "1/3"
    9:15 «-1» -1 is not a number above 0 | write a number such as 1.5, or an exact fraction such as "1/3"
    "#);
}
