//! `runner score`.

use super::*;

#[test]
fn one_sequence_is_derived_step_by_step() {
    let ended = run(["score", "--p", "H=0.5,T=0.5", "--q", "H=0.4,T=0.6", "HHTHHT"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    sequence            HHTHHT   (N = 6)
    counts              H 4, T 2
    ln P(seq)           -4.15888 = 4·ln 0.5 + 2·ln 0.5
    ln Q(seq)           -4.68681 = 4·ln 0.4 + 2·ln 0.6
    P(seq)/Q(seq)       1.69542
    its logarithm       +0.527931 nats
    divided by N        +0.0879885 nats (+0.126941 bits) per symbol
    if P is true        L has mean KL(P‖Q) = 0.020411: L is 0.816 standard errors above
    if Q is true        L has mean −KL(Q‖P) = -0.0201355: L is 1.33 standard errors above
    the sequence favours P
    ");
}

#[test]
fn several_sequences_have_a_row_each_and_a_total() {
    let ended = run(["score", "--p", "H=0.5,T=0.5", "--q", "H=0.4,T=0.6", "HHTHHT", "TTT"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
     line            N    L in nats    z if P    z if Q  favours
        1            6   +0.0879885      0.82      1.33  P
        2            3    -0.182322     -1.73     -1.41  Q
    total            9  -0.00211484     -0.33      0.27  Q
    ");
}

#[test]
fn the_total_is_that_of_all_symbols_together() {
    let arguments = ["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--json"];
    let all = json(arguments.into_iter().chain(["HHTHHTTTT"]));
    let lines = run(arguments.into_iter().chain(["HHTHHT", "TTT"])).succeeds().out;
    let total: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&total["counts"], &total["estimate"]), (&all["counts"], &all["estimate"]));
    assert!(total["line"].is_null());
}

#[test]
fn a_stranger_names_its_place_and_the_rest_is_scored() {
    let ended = piped(&["score", "--p", "one=0.5,two=0.5", "--q", "one=0.4,two=0.6"], "one two\ntwo three\none\n");
    let ended = ended.exits_with(2).says("<stdin>:2: symbol 2 is \"three\"").says("the symbols are `one` and `two`");
    assert_eq!(ended.out.lines().count(), 5);
    run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "HXT"]).refuses().says("symbol 2 is \"X\"");
}

#[test]
fn sequences_that_one_side_rules_out() {
    run(["score", "--p", "0.5,0.5", "--q", "1,0", "HT"]).succeeds().shows("inf").shows("favours P");
    run(["score", "--p", "1,0", "--q", "0.5,0.5", "HT"]).succeeds().shows("-inf").shows("favours Q");
}

#[test]
fn a_sequence_that_both_rule_out_speaks_for_neither() {
    let both = ["score", "--p", "0.5,0.5,0", "--q", "0.4,0.6,0", "123"];
    run(both).succeeds().shows("the sequence has probability 0 under both P and Q");
    assert!(json(both.into_iter().chain(["--json"]))["estimate"].is_null());
    run(["score", "--p", "0.5,0.5,0", "--q", "0.4,0,0.6", "23", "12"]).succeeds().shows("neither");
}

#[test]
fn numbers_are_derived_step_by_step() {
    let ended = run(NORMAL.into_iter().chain(["0.5 1, -1.2"])).succeeds();
    // Each number x adds ½ − x to the log ratio.
    insta::assert_snapshot!(ended.out, @"
    sequence            0.5 1, -1.2   (N = 3)
    values              smallest -1.2, mean 0.1, largest 1
    ln P(seq)           -4.10182
    ln Q(seq)           -5.30182
    P(seq)/Q(seq)       3.32012
    its logarithm       +1.2 nats
    divided by N        +0.4 nats (+0.577078 bits) per value
    if P is true        L has mean KL(P‖Q) = 0.5: L is 0.173 standard errors below
    if Q is true        L has mean −KL(Q‖P) = -0.5: L is 1.56 standard errors above
    the sequence favours P
    ");
    let ended = run(NORMAL.into_iter().chain(["--", "-0.5 1", "3"])).succeeds();
    insta::assert_snapshot!(ended.out, @"
     line            N    L in nats    z if P    z if Q  favours
        1            2        +0.25     -0.35      1.06  P
        2            1         -2.5     -3.00     -2.00  Q
    total            3    -0.666667     -2.02     -0.29  Q
    ");
    run(NORMAL.into_iter().chain(["-0.5", "1e-3"])).succeeds();
}

#[test]
fn vectors_come_so_many_numbers_at_a_time() {
    let unit = "covariance=[[1, 0], [0, 1]]";
    let [p, q] = ["0, 0", "0, 1"].map(|mean| format!("multivariate_normal(mean=[{mean}], {unit})"));
    let ended = run(["score", "--p", &p, "--q", &q, "1 2, 3 4"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    sequence            1 2, 3 4   (N = 2)
    values              smallest (1, 2), mean (2, 3), largest (3, 4)
    ln P(seq)           -18.6758
    ln Q(seq)           -13.6758
    P(seq)/Q(seq)       0.00673795
    its logarithm       -5 nats
    divided by N        -2.5 nats (-3.60674 bits) per value
    if P is true        L has mean KL(P‖Q) = 0.5: L is 4.24 standard errors below
    if Q is true        L has mean −KL(Q‖P) = -0.5: L is 2.83 standard errors below
    the sequence favours Q
    ");
    let ended = run(["score", "--p", &p, "--q", &q, "1 2 3"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: <command line>:1: value 2 has only 1 of its 2 numbers when the line ends
      help: write numbers separated by spaces or commas, 2 for each vector
    error: 1 of the lines of <command line> could not be used
    ");
}

#[test]
fn what_is_no_value_is_told_with_its_line_and_place() {
    let ended = piped(&NORMAL, "0.5 half\n0.5\n1 nan\n").exits_with(2);
    insta::assert_snapshot!(ended.err, @r#"
    error: <stdin>:1: number 2 is "half", which is not a number
      help: write numbers separated by spaces or commas
    error: <stdin>:3: number 2 is "nan", which is not a number
      help: write numbers separated by spaces or commas
    error: 2 of the lines of <stdin> could not be used
    "#);
    insta::assert_snapshot!(ended.out, @"
     line            N    L in nats    z if P    z if Q  favours
        1  not read
        2            1            0     -0.50      0.50  neither
        3  not read
    total            1            0     -0.50      0.50  neither
    ");
    let counts = ["score", "--p", "poisson(rate=2)", "--q", "geometric(p=0.3)"];
    run(counts.into_iter().chain(["2 3 1"])).succeeds().shows("smallest 1, mean 2, largest 3");
    let ended = run(counts.into_iter().chain(["2 -3 1"])).refuses();
    insta::assert_snapshot!(ended.err, @r#"
    error: <command line>:1: number 2 is "-3", which is not a count 0, 1, 2, …
      help: write whole numbers separated by spaces or commas
    error: 1 of the lines of <command line> could not be used
    "#);
    let ended = run(["score", "--p", "dirichlet(alpha=[2, 2])", "--q", "dirichlet(alpha=[1, 1])", "0.5 0.4"]).refuses();
    insta::assert_snapshot!(ended.err, @"
    error: <command line>:1: the shares of value 1 sum to 0.9, not to 1
      help: write shares separated by spaces or commas, 2 at a time; they must sum to 1 within 1e-9
    error: 1 of the lines of <command line> could not be used
    ");
}

#[test]
fn values_that_one_side_rules_out_or_both() {
    let between = ["score", "--p", "uniform(low=0, high=2)", "--q", "uniform(low=1, high=3)"];
    run(between.into_iter().chain(["0.5 1.5"])).succeeds().shows("P(seq)/Q(seq)       inf").shows("favours P");
    run(between.into_iter().chain(["1.5 2.5"])).succeeds().shows("its logarithm       -inf").shows("favours Q");
    run(between.into_iter().chain(["4"])).succeeds().shows("the sequence has probability 0 under both P and Q");
    run(between.into_iter().chain(["0.5", "2.5"])).succeeds().shows("neither");
    let json = json(between.into_iter().chain(["0.5 2.5", "--json"]));
    assert!(json["estimate"].is_null() && json["log_p"] == "-inf" && json["z_if_p"].is_null());
}

#[test]
fn a_chain_is_derived_from_its_first_symbol_and_its_transitions() {
    let ended = run(WEATHER.into_iter().chain(["HHTTH"])).succeeds();
    insta::assert_snapshot!(ended.out, @"
    sequence            HHTTH   (N = 5)
    first symbol        H
    transitions         H→H 1, H→T 1, T→H 1, T→T 1
    ln P(seq)           -4.05821 = 1·ln 0.8 + 1·ln 0.9 + 1·ln 0.1 + 1·ln 0.4 + 1·ln 0.6
    ln Q(seq)           -3.46574 = 1·ln 0.5 + 1·ln 0.5 + 1·ln 0.5 + 1·ln 0.5 + 1·ln 0.5
    P(seq)/Q(seq)       0.55296
    its logarithm       -0.59247 nats
    divided by N        -0.118494 nats (-0.170951 bits) per symbol
    if P is true        L has mean KL(P‖Q)/N = 0.277332: L is 1.23 standard errors below
    if Q is true        L has mean −KL(Q‖P)/N = -0.257123: L is 0.465 standard errors above
    the sequence favours Q
    ");
    let ended = run(WEATHER.into_iter().chain(["HHTTH", "TTT"])).succeeds();
    insta::assert_snapshot!(ended.out, @"
     line            N    L in nats    z if P    z if Q  favours
        1            5    -0.118494     -1.23      0.47  Q
        2            3    -0.183883     -1.13      0.18  Q
    total            8    -0.143015     -1.66      0.48  Q
    ");
    run(WEATHER.into_iter().chain(["H"])).succeeds().shows("ln P(seq)           -0.223144 = 1·ln 0.8\n");
}

#[test]
fn states_are_matched_by_name_and_a_stranger_is_refused() {
    let rows = "transition = [[0.9, 0.1], [0.4, 0.6]]";
    let p = format!("{{ markov_chain = {{ initial = [0.8, 0.2], {rows}, symbols = [\"dry\", \"wet\"] }} }}");
    let score = |text: &str| run(["score", "--p", &p, "--q", "wet=0.3,dry=0.7", text]);
    score("dry wet").succeeds().shows("ln Q(seq)           -1.56065 = 1·ln 0.7 + 1·ln 0.3").shows("dry→wet 1");
    let ended = score("dry snow").refuses();
    insta::assert_snapshot!(ended.err, @r#"
    error: <command line>:1: symbol 2 is "snow", which is not in the alphabet
      help: the symbols are `dry` and `wet`
    error: 1 of the lines of <command line> could not be used
    "#);
}

#[test]
fn json_of_chains_and_of_values() {
    let chain = run(WEATHER.into_iter().chain(["HHT", "TH", "--json"])).succeeds().out;
    let total: serde_json::Value = serde_json::from_str(chain.lines().last().unwrap()).unwrap();
    let transitions = serde_json::json!({ "H": { "H": 1, "T": 1 }, "T": { "H": 1, "T": 0 } });
    assert_eq!(total["counts"], serde_json::json!({ "H": 3, "T": 2 }));
    assert_eq!((&total["first"], &total["transitions"]), (&serde_json::json!({ "H": 1, "T": 1 }), &transitions));
    let numbers = run(NORMAL.into_iter().chain(["0.5 1, -1.5", "--json"])).succeeds().out;
    insta::assert_snapshot!(numbers, @r#"
    {
      "schema": "kl-runner/score/1",
      "line": 1,
      "n": 3,
      "counts": null,
      "log_p": -4.5068155996140185,
      "log_q": -6.0068155996140185,
      "log_ratio": 1.5,
      "estimate": {
        "nats": 0.5,
        "bits": 0.7213475204444817
      },
      "z_if_p": 0.0,
      "z_if_q": 1.7320508075688774,
      "values": {
        "smallest": [
          -1.5
        ],
        "mean": [
          0.0
        ],
        "largest": [
          1.0
        ]
      }
    }
    "#);
}
