//! P and Q: their parameters, and whether they fit each other.

use crate::experiment_file::tests::faults::{brief, checked};
use crate::experiment_file::tests::message;
use insta::assert_snapshot;

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
fn fractions() {
    assert_snapshot!(brief(&message(r#"trials = 10
N = 10
P = ["1/0", "1/2"]
Q = ["one/half", "1/99999999999999999999"]
"#)), @r#"
    3:6 «"1/0"» "1/0" is not a number: a fraction cannot have the denominator 0 | write a denominator of 1 or more, such as "1/6"
    4:6 «"one/half"» "one/half" is not a number: a fraction is two whole numbers with a slash between them, such as "1/6" | write only digits on both sides, such as "1/6"
    4:18 «"1/99999999999999999999"» "1/99999999999999999999" is not a number: a fraction's parts go up to 2^63 | write it with smaller parts, or as a decimal
    "#);
}

#[test]
fn probabilities_that_do_not_sum_to_one() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = [0.5, 0.6]
Q = [0.4, 0.6]
"#), @r#"
    error: the probabilities sum to 1.1, not to 1
     --> coin.toml:3:5
      |
    3 | P = [0.5, 0.6]
      |     ^^^^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    "#);
}

#[test]
fn rules_of_parameters() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.gamma = { shape = 0, rate = "two", scale = 1 }
Q = 0.5
"#), @r#"
    error: 0 is not a number above 0
     --> coin.toml:3:21
      |
    3 | P.gamma = { shape = 0, rate = "two", scale = 1 }
      |                     ^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: expected a number above 0, found the string "two"
     --> coin.toml:3:31
      |
    3 | P.gamma = { shape = 0, rate = "two", scale = 1 }
      |                               ^^^^^
      |
      = help: write a number such as 1.5, or an exact fraction such as "1/3"

    error: gamma takes `rate` or `scale`, and not both
     --> coin.toml:3:38
      |
    3 | P.gamma = { shape = 0, rate = "two", scale = 1 }
      |                        ---- set here ^^^^^
      |
      = help: remove one of the two

    error: expected a distribution, found 0.5
     --> coin.toml:4:5
      |
    4 | Q = 0.5
      |     ^^^
      |
      = help: for example: P.bernoulli.p = 0.5, or P.categorical = { H = 0.5, T = 0.5 }
    "#);
}

#[test]
fn rules_of_numbers() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.categorical = [1e400, 1e-400, "1/0"]
Q.categorical = [1]
"#), @r#"
    error: 1e400 is too large: numbers go up to 1.8e308
     --> coin.toml:3:18
      |
    3 | P.categorical = [1e400, 1e-400, "1/0"]
      |                  ^^^^^
      |
      = help: write a smaller number

    error: 1e-400 is too small: the smallest number above 0 is 5e-324
     --> coin.toml:3:25
      |
    3 | P.categorical = [1e400, 1e-400, "1/0"]
      |                         ^^^^^^
      |
      = help: write a larger number, or 0

    error: "1/0" is not a number: a fraction cannot have the denominator 0
     --> coin.toml:3:33
      |
    3 | P.categorical = [1e400, 1e-400, "1/0"]
      |                                 ^^^^^
      |
      = help: write a denominator of 1 or more, such as "1/6"

    error: an alphabet has 2 to 2097152 symbols, and this has 1
     --> coin.toml:4:17
      |
    4 | Q.categorical = [1]
      |                 ^^^
      |
      = help: name at least two symbols
    "#);
}

#[test]
fn rules_of_a_covariance() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.4, 2]] }
Q.multivariate_normal = { mean = [0, 0], covariance = [[1, 2], [2, 1]] }
"#), @"
    error: 0.4 is not 0.5, as in row 1, column 2: a covariance is symmetric
     --> coin.toml:3:67
      |
    3 | P.multivariate_normal = { mean = [0, 0], covariance = [[1, 0.5], [0.4, 2]] }
      |                                                                   ^^^
      |
      = help: write one number in both places

    error: 2 is not a covariance of the variances 1 and 1
     --> coin.toml:4:65
      |
    4 | Q.multivariate_normal = { mean = [0, 0], covariance = [[1, 2], [2, 1]] }
      |                                                                 ^
      |
      = help: its square must be below their product
    ");
}

#[test]
fn rules_of_a_chain() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.markov_chain = { initial = "stationary", transition = [[1, 0], [0, 1]] }
Q.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["a", "a"] }
"#), @r#"
    error: the stationary distribution is not unique: this chain can end up in any of several sets of states for good, so `initial` must be a list
     --> coin.toml:3:30
      |
    3 | P.markov_chain = { initial = "stationary", transition = [[1, 0], [0, 1]] }
      |                              ^^^^^^^^^^^^
      |
      = help: write the probabilities of the first symbol, such as initial = [0.5, 0.5]

    error: the symbol "a" is given twice
     --> coin.toml:4:97
      |
    4 | Q.markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ["a", "a"] }
      |                                                                                                 ^^^
      |
      = help: give each symbol its own name
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
      |       --------- one family     ^^^^^^^^^^^
      |
      = help: for example: P.bernoulli.p = 0.5, or P = [0.5, 0.5]

    error: `Q.categorical` conflicts with `Q.bernoulli`: a distribution has one family
     --> coin.toml:6:1
      |
    4 | Q.bernoulli.p = 0.5
      |   --------- set here
    5 | [grid]
    6 | Q.categorical = [[0.5, 0.5]]
      | ^^^^^^^^^^^^^
      |
      = help: remove one of the two, or vary `Q` as a whole
    ");
}

#[test]
fn different_values() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P.normal = { mean = 0, std_dev = 1 }
Q.poisson = { rate = 1 }
"#), @"
    error: P takes real numbers and Q takes counts 0, 1, 2, …
     --> coin.toml:4:13
      |
    3 | P.normal = { mean = 0, std_dev = 1 }
      |            ------------------------- P is here
    4 | Q.poisson = { rate = 1 }
      |             ^^^^^^^^^^^^
      |
      = help: take both over the same values: see `runner families`
    ");
}

/// P and Q are right but do not fit each other.
#[test]
fn what_does_not_fit_is_marked_at_q() {
    for (p, q) in [
        ("normal = { mean = 0, std_dev = 1 }", "poisson = «{ rate = 1 }»"),
        ("dirichlet = { alpha = [1, 2] }", "dirichlet = «{ alpha = [1, 2, 3] }»"),
        (
            "multivariate_normal = { mean = [0], covariance = [[1]] }",
            "multivariate_normal = «{ mean = [0, 0], covariance = [[1, 0], [0, 1]] }»",
        ),
        ("bernoulli = { p = 0.5 }", "normal = «{ mean = 0, std_dev = 1 }»"),
        ("categorical = [0.5, 0.25, 0.25]", "bernoulli = «{ p = 0.5 }»"),
        ("markov_chain = { initial = [0.5, 0.5], transition = [[1, 0], [0, 1]] }", "categorical = «[0.5, 0.25, 0.25]»"),
        ("markov_chain = { initial = [0.5, 0.5], transition = [[1, 0], [0, 1]] }", "poisson = «{ rate = 1 }»"),
    ] {
        checked(&format!("trials = 10\nN = 10\nP.{p}\nQ.{q}\n"));
    }
}

/// A fault in one parameter does not hide a fault in another.
#[test]
fn several_faults_at_once() {
    assert_snapshot!(brief(&checked(r#"trials = 10
N = 10
P.multivariate_normal = { mean = [«inf», «"x"»], covariance = [[«nan», 0], [0, «true»]], «cov» = 1 }
Q.markov_chain = { initial = [«2», 0.5], transition = [[«-1», 0.5], «[0.5, 0.6]»], symbols = [«1», «""»], «start» = 0 }
"#)), @r#"
    3:35 «inf» inf is not a finite number | write a number such as 0 or -1.5, or an exact fraction such as "1/3"
    3:40 «"x"» expected a number, found the string "x" | write a number such as 0 or -1.5, or an exact fraction such as "1/3"
    3:61 «nan» NaN is not a number | write a number such as 0 or -1.5, or an exact fraction such as "1/3"
    3:74 «true» expected a number, found true | write a number such as 0 or -1.5, or an exact fraction such as "1/3"
    3:82 «cov» multivariate_normal has no parameter `cov` | it has `mean` and `covariance`
    4:31 «2» 2 is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    4:55 «-1» -1 is not a probability: a probability lies between 0 and 1 | write a number such as 0.4, or an exact fraction such as "1/6"
    4:65 «[0.5, 0.6]» the probabilities sum to 1.1, not to 1 | they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    4:89 «1» expected a name, found 1 | for example: "dry"
    4:92 «""» a symbol needs a name | write a name between the quotes, such as "H"
    4:97 «start» markov_chain has no parameter `start` | it has `initial`, `transition` and `symbols`
    "#);
}

#[test]
fn symbols_without_their_family() {
    assert_snapshot!(message(r#"trials = 10
N = 10
P = { O = 0.4, A = 0.6 }
Q = [0.5, 0.5]
"#), @"
    error: a distribution is one family, and this names 2
     --> coin.toml:3:16
      |
    3 | P = { O = 0.4, A = 0.6 }
      |       -        ^
      |       |
      |       one family
      |
      = help: for named symbols write categorical = { O = …, … }
    ");
}
