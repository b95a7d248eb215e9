//! What is said of claims: in the plan, in rows that are untested, and of mistakes.

use super::cells;
use crate::harness::Workspace;

/// What keeps a claim from being tested is said in the row.
#[test]
fn why_claims_are_untested() {
    let answer = |value: &str| format!("read -r line\nwhile read -r line; do echo {value}; done");
    let mut reasons = String::new();
    let coin = ("N = 10\nP = [0.5, 0.5]", "Q = [0.4, 0.6]");
    for (claims, trials, (source, model), script) in [
        ("", "100", coin, answer("0")),
        (r#", expected = "closed_form""#, "999", coin, answer("0")),
        (r#", expected = 0.02"#, "1_000", ("N = 10\nP = [0.995, 0.005]", coin.1), answer("0")),
        (
            r#", expected = 0"#,
            "1_000",
            coin,
            "read -r line; n=0; while read -r line; do n=$((n + 1)); if [ $n = 9 ]; then echo 1; else echo 0; fi; done"
                .to_owned(),
        ),
        (
            r#", expected = { name = "dirichlet", a = 1 }"#,
            "1_000",
            ("N = 1_000\nP = [0.2, 0.2, 0.2, 0.4]", "Q = [0.4, 0.4, 0.1, 0.1]"),
            answer("0"),
        ),
        (r#", expected = "closed_form""#, "1_000", ("N = 1\nP = [0.5, 0.5]", "Q = [1, 0]"), answer("0")),
        (r#", expected = 0.02"#, "1_000", coin, answer("0.03")),
        (r#", expected = 0.02"#, "1_000", coin, answer("inf")),
        (r#", expected = 0.02"#, "1_000", coin, answer("0.02")),
        // In bits as the results, while a program always answers in nats.
        (
            r#", expected = 0.02"#,
            "1_000",
            ("unit = \"bits\"\nN = 10\nP = [0.5, 0.5]", coin.1),
            answer("0.013862943611198907"),
        ),
    ] {
        let mine = format!(r#"{{ name = "mine", command = ["sh", "mine.sh"], input = "counts"{claims} }}"#);
        let spec = format!("seed = 57\ntrials = {trials}\nestimators = [{mine}]\n{source}\n{model}\n");
        let here = Workspace::with_spec(&spec).file("mine.sh", script);
        here.run(["coin.toml", "--allow-commands", "--threads", "1", "--quiet"]);
        let [verdict, reason] = ["verdict", "reason"].map(|column| cells(&here, column).remove(0));
        reasons.push_str(&format!("{verdict}: {reason}\n"));
    }
    insta::assert_snapshot!(reasons, @r#"
    untested: nothing is claimed of this estimator: beside its command write expected = "closed_form" if it is unbiased, or same_as = "k3" if its estimates are to be those of k3
    untested: Student's t test of the mean needs at least 1000 estimates, and there are 999
    untested: Student's t test of the mean needs everything that P can produce at least 100 times in all trials, and something is expected 50.0 times
    untested: the estimates are too skewed for Student's t test of the mean: |skewness|/√R must be below 0.1, and is 0.9985
    untested: the exact mean of dirichlet(a=1) is not known here
    infinite: 
    disagree: all estimates are the same, and are not the exact mean
    disagree: 1000 estimates are infinite, but their exact mean is not
    agree: 
    agree:
    "#);
}

#[test]
fn claims_are_part_of_the_plan() {
    let mine = |claims: &str| format!(r#"{{ name = "mine", command = ["sh"], input = "counts"{claims} }}"#);
    let spec = |claims: &str| {
        format!(
            "unit = \"bits\"\nseed = 57\ntrials = 10\nN = 10\nestimators = [{}]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]",
            mine(claims)
        )
    };
    let mut shown = String::new();
    for claims in [
        "",
        r#", expected = "closed_form", same_as = "k3""#,
        r#", expected = 0.0294, tolerance = 0, same_as = { name = "dirichlet", a = 0.5 }"#,
        r#", expected = "plug_in""#,
    ] {
        let ended = Workspace::with_spec(&spec(claims)).run(["plan", "coin.toml"]).succeeds();
        shown.push_str(ended.out.lines().find(|line| line.starts_with("  mine: ")).unwrap_or("nothing"));
        shown.push('\n');
    }
    insta::assert_snapshot!(shown, @r#"
    mine: nothing is claimed of it, and nothing is tested
    mine: its mean is tested against the closed form; each estimate is compared with that of k3, tolerance 1e-9
    mine: its mean is tested against 0.0294; each estimate is compared with that of dirichlet(a=0.5), tolerance 0
    mine: its mean is tested against the exact mean of plug_in
    "#);
}

#[test]
fn mistakes_in_claims_are_told() {
    let mine = |claims: &str| format!(r#"{{ name = "mine", command = ["sh"], {claims} }}"#);
    let mut told = String::new();
    for estimator in [
        mine(r#"expected = "closed form""#),
        mine(r#"expected = "unbiased""#),
        mine(r#"expected = "mine""#),
        mine("expected = true"),
        mine("expected = inf"),
        mine(r#"same_as = "k4""#),
        mine("same_as = 3"),
        mine(r#"same_as = { name = "knn", a = 5 }"#),
        mine(r#"same_as = "knn""#),
        mine(r#"expected = "rao_blackwell""#),
        mine("tolerance = 1e-9"),
        mine(r#"same_as = "k3", tolerance = 1"#),
        r#"{ name = "k3", expected = "closed_form" }"#.to_owned(),
        r#"{ name = "dirichlet", a = 1, same_as = "k3" }"#.to_owned(),
    ] {
        let spec = format!("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\nestimators = [{estimator}]\n");
        let ended = Workspace::with_spec(&spec).run(["plan", "coin.toml"]).refuses();
        told.push_str(&ended.err);
    }
    for check in ["tolerance = 1e-9", "tolerance = { errors = 1 }", "tolerance = { relative = -1 }", "nominal = 0.1"] {
        let spec = format!("trials = 10\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]\n[check]\n{check}\n");
        told.push_str(&Workspace::with_spec(&spec).run(["plan", "coin.toml"]).refuses().err);
    }
    insta::assert_snapshot!(told, @r#"
    error: `expected` is the string "closed form", but must be "closed_form", a number, or the name of a built-in estimator
     --> coin.toml:5:61
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = "closed form" }]
      |                                                             ^^^^^^^^^^^^^
      |
      = help: did you mean "closed_form"?
    error: `expected` is the string "unbiased", but must be "closed_form", a number, or the name of a built-in estimator
     --> coin.toml:5:61
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = "unbiased" }]
      |                                                             ^^^^^^^^^^
      |
      = help: write expected = "closed_form" if the estimator is unbiased
    error: `expected` is the string "mine", but must be "closed_form", a number, or the name of a built-in estimator
     --> coin.toml:5:61
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = "mine" }]
      |                                                             ^^^^^^
      |
      = help: write expected = "closed_form" if the estimator is unbiased
    error: `expected` is true, but must be "closed_form", a number, or the name of a built-in estimator
     --> coin.toml:5:61
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = true }]
      |                                                             ^^^^
      |
      = help: write expected = "closed_form" if the estimator is unbiased
    error: `expected` is inf, but must be "closed_form", a number, or the name of a built-in estimator
     --> coin.toml:5:61
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = inf }]
      |                                                             ^^^
      |
      = help: write expected = "closed_form" if the estimator is unbiased
    error: there is no estimator called "k4"
     --> coin.toml:5:60
      |
    5 | estimators = [{ name = "mine", command = ["sh"], same_as = "k4" }]
      |                                                            ^^^^
      |
      = help: did you mean "k2"?
    error: `same_as` is 3, but must be the name of a built-in estimator
     --> coin.toml:5:60
      |
    5 | estimators = [{ name = "mine", command = ["sh"], same_as = 3 }]
      |                                                            ^
      |
      = help: write for example: same_as = "k3"
    error: the estimator `knn` has no setting `a`
     --> coin.toml:5:76
      |
    5 | estimators = [{ name = "mine", command = ["sh"], same_as = { name = "knn", a = 5 } }]
      |                                                                            ^
      |
      = help: it has `k` and `M`
    error: `same_as` of `mine` cannot be had: knn measures distances between numbers or vectors, and the values of categorical(0.5, 0.5) coincide
     --> coin.toml:5:15
      |
    5 | estimators = [{ name = "mine", command = ["sh"], same_as = "knn" }]
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: remove same_as, or name another estimator
    error: `expected` of `mine` cannot be had: rao_blackwell is for Markov chains: without memory it would be KL(P‖Q) itself, whatever the sequence
     --> coin.toml:5:15
      |
    5 | estimators = [{ name = "mine", command = ["sh"], expected = "rao_blackwell" }]
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: remove expected, or name another estimator
    error: `tolerance` says how far estimates may be from those of `same_as`, which is not there
     --> coin.toml:5:50
      |
    5 | estimators = [{ name = "mine", command = ["sh"], tolerance = 1e-9 }]
      |                                                  ^^^^^^^^^
      |
      = help: write for example: same_as = "k3", tolerance = 1e-9
    error: `tolerance` is 1, but must be a number from 0 to below 1
     --> coin.toml:5:78
      |
    5 | estimators = [{ name = "mine", command = ["sh"], same_as = "k3", tolerance = 1 }]
      |                                                                              ^
      |
      = help: write for example: tolerance = 1e-9
    error: the estimator `k3` is built in: `expected` is for programs of your own
     --> coin.toml:5:30
      |
    5 | estimators = [{ name = "k3", expected = "closed_form" }]
      |                              ^^^^^^^^
      |
      = help: remove it: what is known of built-in estimators is tested anyway
    error: the estimator `dirichlet` is built in: `same_as` is for programs of your own
     --> coin.toml:5:44
      |
    5 | estimators = [{ name = "dirichlet", a = 1, same_as = "k3" }]
      |                                            ^^^^^^^
      |
      = help: remove it: what is known of built-in estimators is tested anyway
    error: `check.tolerance` is 1e-9, but must be a table that says of what: standard errors, the number itself, or both
     --> coin.toml:6:13
      |
    6 | tolerance = 1e-9
      |             ^^^^
      |
      = help: write for example: tolerance = { standard_errors = 0.01, relative = 1e-9 }
    error: `check.tolerance` has no key `errors`
     --> coin.toml:6:15
      |
    6 | tolerance = { errors = 1 }
      |               ^^^^^^
      |
      = help: write for example: tolerance = { standard_errors = 0.01, relative = 1e-9 }
    error: `check.tolerance.relative` is -1, but must be a number from 0 to below 1
     --> coin.toml:6:26
      |
    6 | tolerance = { relative = -1 }
      |                          ^^
      |
      = help: write for example: tolerance = { standard_errors = 0.01, relative = 1e-9 }
    error: `check` has no key `nominal`
     --> coin.toml:6:1
      |
    6 | nominal = 0.1
      | ^^^^^^^
      |
      = help: it has `false_alarm`, `nominal_false_alarm`, `detect` and `tolerance`
    "#);
}
