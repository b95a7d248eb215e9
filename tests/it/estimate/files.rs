//! Files of samples.

use super::json;
use crate::harness::Workspace;

fn value(document: &serde_json::Value) -> f64 {
    document["estimates"][0]["estimate"]["nats"].as_f64().unwrap()
}

/// However the same data are written.
#[test]
fn files_groups_and_counts_are_one_estimate() {
    let here = Workspace::new()
        .file("p.csv", "x\na\nb\nb\na\nb\nNA\n")
        .file("q.csv", "y;x\n1;a\n2;b\n3;a\n")
        .file("both.csv", "arm\tx\nt\ta\nc\ta\nt\tb\nt\tb\nc\tb\nt\ta\nt\tb\nc\ta\n");
    let of_counts = value(&json(&here, &["--p-counts", "2,3", "--q-counts", "2,1"]));
    let of_files = json(&here, &["p.csv", "q.csv", "--column", "x"]);
    assert_eq!(value(&of_files), of_counts);
    assert!(of_files["notes"][0].as_str().unwrap().contains("p.csv: 1 row left out"), "{of_files}");
    assert_eq!(value(&json(&here, &["both.csv", "--column", "x", "--group-column", "arm"])), of_counts);
    let other = json(&here, &["both.csv", "--column", "x", "--group-column", "arm", "--p-group", "c"]);
    let reverse = value(&json(&here, &["--p-counts", "2,1", "--q-counts", "2,3"]));
    assert_eq!(value(&other), reverse);
    let known = value(&json(&here, &["p.csv", "--q", "a=0.5,b=0.5"]));
    assert_eq!(value(&json(&here, &["--p-counts", "2,3", "--q", "0.5,0.5"])), known);
    let both = ["both.csv", "--column", "x", "--group-column", "arm", "--p-group", "t", "--q", "a=0.5,b=0.5"];
    assert_eq!(value(&json(&here, &both)), known);
}

/// 1, 01 and 1.0 are one symbol where all values are whole numbers, and counts of Q over 0, 1, 2, … are symbols.
#[test]
fn whole_numbers_are_symbols() {
    let here = Workspace::new().file("p.csv", "x\n1\n2\n2\n10\n").file("q.csv", "x\n1.0\n2.0\n02\n10.0\n");
    let document = json(&here, &["p.csv", "q.csv"]);
    assert_eq!((document["symbols"].as_u64(), value(&document)), (Some(3), 0.0));
    let named = json(&here, &["q.csv", "--q", "1=0.25,2=0.5,10=0.25"]);
    assert_eq!((named["symbols"].as_u64(), value(&named)), (Some(3), 0.0));
    let poisson = json(&here, &["p.csv", "--q", "poisson.rate=2"]);
    let log = |k: f64| k * libm::log(2.0) - 2.0 - libm::lgamma(k + 1.0);
    let expected =
        0.25 * (libm::log(0.25) - log(1.0)) + 0.5 * (libm::log(0.5) - log(2.0)) + 0.25 * (libm::log(0.25) - log(10.0));
    assert!((value(&poisson) - expected).abs() < 1e-13, "{poisson}");
    // Nothing that needs the size of an alphabet.
    assert_eq!(poisson["estimates"].as_array().unwrap().len(), 6);
    assert!(poisson["equality"].is_null());
}

#[test]
fn an_alphabet_may_have_more_than_was_seen() {
    let here = Workspace::new().file("p.csv", "x\na\nb\nb\n").file("q.csv", "x\na\nb\na\n");
    let seen = json(&here, &["p.csv", "q.csv"]);
    let sized = json(&here, &["p.csv", "q.csv", "--symbols=5"]);
    let named = json(&here, &["p.csv", "q.csv", "--alphabet", "a,b,c,d,e"]);
    assert_eq!((seen["symbols"].as_u64(), sized["symbols"].as_u64()), (Some(2), Some(5)));
    assert_eq!(sized["estimates"], named["estimates"]);
    assert_ne!(sized["estimates"][4], seen["estimates"][4]);
    let warnings = sized["warnings"].to_string();
    assert!(warnings.contains("3 values from P are fewer than the 5 symbols"), "{warnings}");
    here.run(["estimate", "p.csv", "q.csv", "--alphabet", "a,c"]).refuses().says("not of the alphabet").says("\"b\"");
    here.run(["estimate", "p.csv", "q.csv", "--symbols=2", "--column", "x"]).succeeds();
    let here = here.file("three.csv", "x\na\nb\nc\n");
    here.run(["estimate", "three.csv", "q.csv", "--symbols=2"]).refuses().says("less than the 3 different symbols");
}

#[test]
fn what_is_taken_for_what_is_said() {
    let run = |p: &str| {
        let here = Workspace::new().file("p.csv", p).file("q.csv", p);
        here.run(["estimate", "p.csv", "q.csv"])
    };
    run("x\nred\nblue\nred\n").succeeds().shows("values are taken for symbols, since not all values are numbers");
    run("x\n1\n2\n1\n").succeeds().shows("at most 50 different whole numbers (else: --numbers)");
    run("x\n1.5\n2\n1\n").succeeds().shows("values are taken for numbers, since values are numbers with decimals");
    let many: String = (0..60).map(|x| format!("{x}\n")).collect();
    run(&format!("x\n{many}")).succeeds().shows("more than 50 different whole numbers");
    // Where most are numbers, the others are mistakes.
    run("x\n1.5\n2\noops\n").refuses().says("p.csv:4, column x: \"oops\": a value is a finite number").says("q.csv:4");
}

/// A file of one column of numbers may lack a line of names; its first value is not lost.
#[test]
fn a_file_without_names_keeps_its_first_value() {
    let here = Workspace::new()
        .file("p.csv", "1\n0\n1\n1\n0\n")
        .file("named.csv", "x\n1\n0\n1\n1\n0\n")
        .file("two.csv", "0.5,1\n0.25,2\n")
        .file("years.csv", "2019,2020\na,b\nb,b\n");
    let found = json(&here, &["p.csv", "--q", "0=0.5,1=0.5"]);
    let named = json(&here, &["named.csv", "--q", "0=0.5,1=0.5"]);
    assert_eq!((found["n"].as_u64(), &found["estimates"]), (Some(5), &named["estimates"]));
    assert!(found["notes"].to_string().contains("p.csv: the first line is a number"), "{found}");
    here.run(["estimate", "two.csv", "--q", "normal(mean=0, std_dev=1)"])
        .refuses()
        .says("two.csv:1: the first line names the columns, and all of its cells are numbers")
        .says("add a line of names");
    // A name that is asked for is one.
    assert_eq!(json(&here, &["years.csv", "--column", "2019", "--q", "a=0.5,b=0.5"])["n"].as_u64(), Some(2));
}

#[test]
fn a_column_is_named_once() {
    let here = Workspace::new().file("p.csv", "x,y\n0.5,1\n0.25,2\n");
    here.run(["estimate", "p.csv", "--column", "x,x", "--q", "normal(mean=0, std_dev=1)"])
        .refuses()
        .says("--column names \"x\" twice");
}

#[test]
fn all_mistakes_of_files_are_reported_at_once() {
    let here = Workspace::new()
        .file("p.csv", "x,y\n1.5,1\n2.5\nabc,1\n3.5,1\n4.5,1\n")
        .file("q.csv", "z\n1.5\n")
        .file("empty.csv", "")
        .file("none.csv", "x\n")
        .file("missing.csv", "x\nNA\n\"\"\n")
        .file("three.csv", "x,arm\n1,a\n2,b\n3,c\n")
        .file("one.csv", "x,arm\n1,a\n2,a\n");
    let estimate = |words: &[&str]| here.run(["estimate"].iter().chain(words).copied());
    estimate(&["p.csv", "q.csv", "--column", "x"])
        .refuses()
        .says("p.csv:3: 1 cell: each line has as many as the first")
        .says("q.csv:1: there is no column \"x\"; there are \"z\"");
    estimate(&[]).refuses().says("no data are named");
    estimate(&["p.csv", "--column", "x"]).refuses().says("nothing of Q");
    estimate(&["q.csv", "nofile.csv"]).refuses().says("cannot read nofile.csv");
    estimate(&["q.csv", "q.csv", "--q", "0.5,0.5"]).refuses().says("Q is a file and --q, too");
    estimate(&["empty.csv", "none.csv"]).refuses().says("empty.csv is empty").says("none.csv has no row");
    estimate(&["missing.csv", "q.csv"]).refuses().says("missing.csv: the column \"x\" has no value");
    estimate(&["three.csv", "--column", "x", "--group-column", "arm"]).refuses().says("3 groups, and two are compared");
    estimate(&["one.csv", "--column", "x", "--group-column", "arm"]).refuses().says("one group, \"a\"");
    estimate(&["three.csv", "--column", "x", "--group-column", "arm", "--p-group", "z"])
        .refuses()
        .says("no row of the column \"arm\" is \"z\"; there are \"a\", \"b\", \"c\"");
    estimate(&["three.csv", "one.csv"]).refuses().says("three.csv:1: no column is named").says("one.csv:1: no column");
    estimate(&["three.csv", "--column", "x", "--q", "a=0.5,b=0.5", "--symbols=4"])
        .refuses()
        .says("--symbols=K is for two");
    estimate(&["q.csv", "--q", "markov_chain = { initial = [0.5, 0.5], transition = [[0.9, 0.1], [0.5, 0.5]] }"])
        .refuses();
}

/// Nothing that others wrote reaches a terminal unescaped.
#[test]
fn texts_of_files_are_escaped() {
    let here = Workspace::new()
        .file("p.csv", "x\u{1b}[2J\n\u{1b}]0;t\u{7}\nb\nb\n")
        .file("q.csv", "x\u{1b}[2J\nb\nb\nc\n")
        .file("g.csv", "x,arm\na,\u{1b}[2J\nb,\u{1b}[2J\na,\u{202e}\n");
    for words in [
        vec!["estimate", "p.csv", "q.csv"],
        vec!["estimate", "p.csv", "q.csv", "--column", "y"],
        vec!["estimate", "p.csv", "--q", "b=0.5,c=0.5"],
        vec!["estimate", "p.csv", "--q", "0.5,0.5"],
        vec!["estimate", "g.csv", "--column", "x", "--group-column", "arm"],
        vec!["estimate", "g.csv", "--column", "x", "--group-column", "arm", "--p-group", "\u{1b}[1m"],
        vec!["estimate", "g.csv", "--column", "x", "--group-column", "arm", "--json"],
        vec!["estimate", "--p-counts", "\u{1b}[2J=1,b=x", "--q", "0.5,0.5"],
        vec!["estimate", "p.csv", "q.csv", "--numbers"],
    ] {
        let ended = here.run(words.iter().copied());
        let text = format!("{}{}", ended.out, ended.err);
        assert!(!text.contains(['\u{7}', '\u{202e}']) && !text.contains("\u{1b}[2J"), "{words:?}: {text:?}");
    }
}

#[test]
fn the_schema_of_json_is_stable() {
    let here = Workspace::new().file("p.csv", "x\na\nb\nb\n");
    let document = here.run(["estimate", "p.csv", "--q", "a=0.5,b=0.5", "--json"]).succeeds().out;
    let start: Vec<&str> = document.lines().take(54).collect();
    insta::assert_snapshot!(start.join("\n"), @r#"
    {
      "schema": "kl-runner/estimate/1",
      "data": "p.csv, column x",
      "q": "categorical(a=0.5, b=0.5)",
      "n": 3,
      "m": null,
      "symbols": 2,
      "symbols_seen": 2,
      "dimensions": null,
      "level": 0.95,
      "seed": 57,
      "resamples": 1000,
      "equality": {
        "statistic": 0.3397980735907957,
        "degrees": 1.0,
        "p_value": 0.5599458008536298
      },
      "expected": null,
      "estimates": [
        {
          "estimator": "plug_in",
          "estimate": {
            "nats": 0.05663301226513262,
            "bits": 0.08170416594551068
          },
          "std_error": {
            "nats": 0.18865076766896285,
            "bits": 0.27216552697590873
          },
          "std_error_by": "delta",
          "interval": {
            "low": {
              "nats": 0.0,
              "bits": 0.0
            },
            "high": {
              "nats": 2.2821766322640453,
              "bits": 3.292484909800014
            }
          },
          "bias": {
            "nats": 0.16666666666666666,
            "bits": 0.2404491734814939
          },
          "bias_order": "1/N",
          "missing": null
        },
        {
          "estimator": "miller_madow",
          "estimate": {
            "nats": -0.11003365440153412,
            "bits": -0.15874500753598333
          },
          "std_error": {
    "#);
}
