//! `runner kl` and `runner score`: the notebook at the command line.

use crate::harness::{Ended, Workspace};
use std::fmt::Write as _;
use std::process::Stdio;

fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Ended {
    Workspace::new().run(arguments)
}

fn json<'a>(arguments: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
    serde_json::from_str(&run(arguments).succeeds().out).unwrap()
}

/// Runs with a text on standard input.
fn piped(arguments: &[&str], text: &str) -> Ended {
    let here = Workspace::new().file("input", text);
    let mut command = here.command(arguments.iter().copied());
    command.stdin(std::fs::File::open(here.path("input")).unwrap());
    Ended::new(command.output().unwrap())
}

#[test]
fn a_fair_coin_against_nine_to_one() {
    let ended = run(["kl", "--p", "0.5,0.5", "--q", "0.9,0.1"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    P = categorical(0.5, 0.5)
    Q = categorical(0.9, 0.1)

                                                   KL(P‖Q), if P is true  KL(Q‖P), if Q is true
      divergence, nats per symbol                               0.510826               0.368064
      divergence, bits per symbol                               0.736966               0.531004
      variance per symbol, nats²                                 1.20695               0.434502
      variance per symbol, bits²                                 2.51211               0.904358
      dominant term, by symbol                             T, 0.805 nats          H, 0.529 nats
      bits per symbol wasted by the other's code                0.736966               0.531004
      N for one standard deviation, V/D²                         4.62534                3.20733
      sign error probability below 5 % from N =                       16                     12
      sign error probability below 0.1 % from N =                     46                     42

    Jeffreys' J, the sum of both: 0.87889 nats (1.26797 bits)
    ");
    let json = json(["kl", "--p", "0.5,0.5", "--q", "0.9,0.1", "--json"]);
    // ½ ln(25/9) and 0.9 ln 1.8 + 0.1 ln 0.2, by 25-digit arithmetic.
    assert_eq!(json["p_against_q"]["divergence"]["nats"], 0.510_825_623_765_990_7);
    assert!((json["p_against_q"]["divergence"]["bits"].as_f64().unwrap() - 0.736_965_594_166_206_2).abs() < 1e-15);
    assert!((json["q_against_p"]["divergence"]["nats"].as_f64().unwrap() - 0.368_064_207_168_497_1).abs() < 1e-15);
    // By enumeration: P(L < 0) is 0.033 at N = 11, again 0.059 at N = 15, and below 0.05 from 16 on; 0.001 from 46.
    assert_eq!(json["p_against_q"]["wrong_below_5_percent"]["n"], 16);
    assert_eq!(json["p_against_q"]["wrong_below_0.1_percent"]["n"], 46);
}

#[test]
fn the_schemas_of_json_are_stable() {
    insta::assert_snapshot!(run(["kl", "--p", "0.5,0.5", "--q", "0.4,0.6", "--json"]).succeeds().out, @r#"
    {
      "schema": "kl-runner/kl/1",
      "p": "categorical(0.5, 0.5)",
      "q": "categorical(0.4, 0.6)",
      "p_against_q": {
        "divergence": {
          "nats": 0.02041099726012755,
          "bits": 0.029446844526784238
        },
        "variance": {
          "nats2": 0.041100488473291334,
          "bits2": 0.08554528181248712
        },
        "carrier": {
          "symbol": "H",
          "nats": 0.11157177565710485
        },
        "source": "closed form",
        "error": null,
        "wasted_bits": 0.029446844526784238,
        "one_deviation": 98.65487135727754,
        "wrong_below_5_percent": {
          "n": 279,
          "exact": true
        },
        "wrong_below_0.1_percent": {
          "n": 953,
          "exact": true
        }
      },
      "q_against_p": {
        "divergence": {
          "nats": 0.020135513550688863,
          "bits": 0.029049405545331346
        },
        "variance": {
          "nats2": 0.03945646893435969,
          "bits2": 0.08212347053998766
        },
        "carrier": {
          "symbol": "T",
          "nats": 0.10939293407637275
        },
        "source": "closed form",
        "error": null,
        "wasted_bits": 0.029049405545331346,
        "one_deviation": 97.31791487033075,
        "wrong_below_5_percent": {
          "n": 281,
          "exact": true
        },
        "wrong_below_0.1_percent": {
          "n": 955,
          "exact": true
        }
      },
      "jeffreys": {
        "nats": 0.040546510810816415,
        "bits": 0.058496250072115584
      },
      "missing": null
    }
    "#);
    insta::assert_snapshot!(run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--json", "HHT"]).succeeds().out, @r#"
    {
      "schema": "kl-runner/score/1",
      "line": 1,
      "n": 3,
      "counts": {
        "H": 2,
        "T": 1
      },
      "log_p": -2.0794415416798357,
      "log_q": -2.3434070875143007,
      "log_ratio": 0.26396554583446485,
      "estimate": {
        "nats": 0.08798851527815495,
        "bits": 0.12694059464697693
      },
      "z_if_p": 0.5773502691896258,
      "z_if_q": 0.9428090415820632
    }
    "#);
    // Too far for the exact law, and a number that is no double.
    let far = json(["kl", "--p", "0.5,0.5", "--q", "0.505,0.495", "--json"]);
    assert_eq!(far["p_against_q"]["wrong_below_5_percent"]["exact"], false);
}

#[test]
fn a_ratio_beyond_all_doubles_is_still_a_number() {
    let tosses = "HT".repeat(500_000);
    let here = Workspace::new().file("tosses", &tosses);
    // e^20410.997… = 10^8864.38…
    here.run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "tosses"]).succeeds().shows("2.42e8864");
}

#[test]
fn zero_infinite_and_near_pairs_read_as_they_should() {
    run(["kl", "--p", "H=.3,T=.7", "--q", "T=.7,H=.3"]).succeeds().shows("P and Q are the same").shows("never");
    let infinite = json(["kl", "--p", "0.5,0.5", "--q", "1,0", "--json"]);
    assert_eq!(infinite["p_against_q"]["divergence"]["nats"], "inf");
    assert_eq!(infinite["p_against_q"]["carrier"]["symbol"], "T");
    assert!(infinite["p_against_q"]["variance"].is_null());
    assert_eq!(infinite["q_against_p"]["divergence"]["bits"], 1.0);
    assert_eq!(infinite["q_against_p"]["carrier"]["symbol"], "H");
    // The doubles 0.2769405870377670 and …9902 of the reference file, 2e-13 apart.
    let near = json(["kl", "--p", "bernoulli.p=0.276940587037767", "--q", "bernoulli.p=0.2769405870379902", "--json"]);
    let found = near["p_against_q"]["divergence"]["nats"].as_f64().unwrap();
    assert!((found / 1.243_431_846_136_612_4e-25 - 1.0).abs() < 2e-15, "{found:e}");
}

#[test]
fn bad_pairs_are_refused_like_bad_files() {
    let ended = run(["kl", "--p", "0.5,0.6", "--q", "0.4,0.3,0.3"]).refuses();
    insta::assert_snapshot!(ended.err, @r#"
    error: the probabilities sum to 1.1, not to 1
     --> <command line>:1:5
      |
    1 | --p 0.5,0.6
      |     ^^^^^^^
      |
      = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help
    "#);
    run(["kl", "--p", "0.5,0.5"]).refuses().says("--q");
    run(["kl"]).refuses();
    run(["score", "--p", "0.5,nan", "--q", "0.5,0.5", "HT"]).refuses().says("NaN is not a probability");
}

#[test]
fn a_table_of_pairs_keeps_its_order_and_survives_bad_rows() {
    let table = "\u{feff}id,q,p\n\na,\"0.4,0.6\",\"0.5,0.5\"\n\nb,\"0.4,0.7\",\"0.5,0.5\"\nc, bernoulli.p=0.9 ,bernoulli.p=0.5\n";
    let ended = piped(&["kl", "--csv", "-"], table).exits_with(2).says("<stdin>:5: the probabilities sum to 1.1");
    insta::assert_snapshot!(ended.out, @r#"
    p,q,kl_nats,kl_bits,reverse_nats,reverse_bits,jeffreys_nats,jeffreys_bits,variance_nats2,reverse_variance_nats2
    "0.5,0.5","0.4,0.6",0.02041099726012755,0.029446844526784238,0.020135513550688863,0.029049405545331346,0.040546510810816415,0.058496250072115584,0.041100488473291334,0.03945646893435969
    "0.5,0.5","0.4,0.7",,,,,,,,
    bernoulli.p=0.5,bernoulli.p=0.9,0.5108256237659907,0.7369655941662062,0.36806420716849714,0.5310044064107189,0.8788898309344879,1.2679700005769252,1.206948960812582,0.4345016258925295
    "#);
}

#[test]
fn many_pairs_come_out_in_order() {
    let mut table = String::new();
    for row in 1..10_000 {
        let p = f64::from(row) / 10_000.0;
        writeln!(table, "bernoulli.p={p},bernoulli.p=0.5").unwrap();
    }
    let here = Workspace::new().file("pairs.csv", &table);
    let ended = here.run(["kl", "--csv", "pairs.csv"]).succeeds();
    let names: Vec<&str> = ended.out.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert!(names.iter().copied().eq(table.lines().map(|line| line.split(',').next().unwrap())));
}

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
     line               N    L in nats    z if P    z if Q  favours
        1               6   +0.0879885      0.82      1.33  P
        2               3    -0.182322     -1.73     -1.41  Q
    total               9  -0.00211484     -0.33      0.27  Q
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

const NORMAL: [&str; 5] = ["score", "--p", "normal(mean=0, std_dev=1)", "--q", "normal(mean=1, std_dev=1)"];

const WEATHER: [&str; 5] =
    ["score", "--p", "markov_chain(initial=stationary, transition=[[0.9, 0.1], [0.4, 0.6]])", "--q", "0.5,0.5"];

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
     line               N    L in nats    z if P    z if Q  favours
        1               2        +0.25     -0.35      1.06  P
        2               1         -2.5     -3.00     -2.00  Q
    total               3    -0.666667     -2.02     -0.29  Q
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
     line               N    L in nats    z if P    z if Q  favours
        1  not read
        2               1            0     -0.50      0.50  neither
        3  not read
    total               1            0     -0.50      0.50  neither
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
     line               N    L in nats    z if P    z if Q  favours
        1               5    -0.118494     -1.23      0.47  Q
        2               3    -0.183883     -1.13      0.18  Q
    total               8    -0.143015     -1.66      0.48  Q
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

#[test]
fn odd_symbols_and_texts() {
    piped(&["score", "--p", "0.5,0.5", "--q", "0.4,0.6"], "\u{feff}HT\n").succeeds().shows("N = 2");
    run(["score", "--p", "e\u{301}=0.5,b=0.5", "--q", "e\u{301}=0.4,b=0.6", "e\u{301} b"]).succeeds();
    let symbols = "{ 'a b' = 0.5, c = 0.5 }";
    run(["score", "--p", symbols, "--q", symbols, "c"]).refuses().says("cannot be read from text");
    run(["kl", "--p", "bernoulli.p=0.5,bernoulli.p=0.6", "--q", "0.5,0.5"]).refuses().says("is given twice");
    run(["kl", "--p", "-.5,1.5", "--q", "0.5,0.5"]).refuses().says("-0.5 is not a probability");
}

#[test]
fn nothing_to_score_is_refused() {
    piped(&["score", "--p", "0.5,0.5", "--q", "0.4,0.6"], "\n\n").refuses().says("<stdin> holds no sequence");
    run(["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "nowhere"]).refuses().says("cannot read nowhere");
}

/// Runs a shell line that ends in `score` and its arguments, within the memory of a small sequence.
#[cfg(target_os = "linux")]
fn within_little_memory(line: &str) -> Ended {
    let here = Workspace::new();
    let script = format!("ulimit -v 400000; {}", line.replace("runner", env!("CARGO_BIN_EXE_runner")));
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(here.path("")).output().unwrap();
    Ended::new(output).succeeds()
}

/// A sequence of 64 million symbols, of 16 million states, and of 8 million numbers.
#[cfg(target_os = "linux")]
#[test]
fn a_long_sequence_takes_no_memory() {
    let zeros = |number: u64, tr: &str| format!("head -c {number} /dev/zero | {tr} | runner score");
    let symbols = zeros(64_000_000, "tr '\\0' H");
    within_little_memory(&format!("{symbols} --p H=0.5,T=0.5 --q H=0.4,T=0.6")).shows("N = 64,000,000");
    let states = zeros(16_000_000, "tr '\\0' H");
    within_little_memory(&format!("{states} --p '{}' --q 0.5,0.5", WEATHER[2])).shows("N = 16,000,000");
    let numbers = "yes '1 0' | head -n 4000000 | tr '\\n' ' ' | runner score";
    within_little_memory(&format!("{numbers} --p 'poisson(rate=1)' --q 'poisson(rate=2)'")).shows("N = 8,000,000");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let here = Workspace::new()
        .file("sequences", "HT\n".repeat(100_000))
        .file("pairs.csv", "\"0.5,0.5\",\"0.4,0.6\"\n".repeat(20_000));
    for arguments in [
        vec!["score", "--p", "0.5,0.5", "--q", "0.4,0.6", "--file", "sequences"],
        vec!["kl", "--csv", "pairs.csv"],
        vec!["init"],
    ] {
        let mut child = here.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        Ended::new(child.wait_with_output().unwrap()).succeeds();
    }
}
