//! Files as the programs of the field write them: codes for missing numbers, delimiters, names of trials, intervals, wide files.

use super::{json, measures, near, run};
use std::fmt::Write as _;

const R_WRITE_CSV: &str = include_str!("field/r_write_csv.csv");
const OWN_INTERVALS: &str = include_str!("field/own_intervals.csv");
const SE_MISSING: &str = include_str!("field/se_missing.csv");
const TRUTH_PER_ROW: &str = include_str!("field/truth_per_row.csv");
const WIDE: &str = include_str!("field/wide.csv");
const SORTED_REPNO: &str = include_str!("field/paired_sorted_repno.csv");
const SORTED_TRIAL: &str = include_str!("field/paired_sorted_trial.csv");
const SHUFFLED_REPNO: &str = include_str!("field/paired_shuffled_repno.csv");
const SHUFFLED_TRIAL: &str = include_str!("field/paired_shuffled_trial.csv");
const UNEQUAL_TRIAL: &str = include_str!("field/paired_unequal_trial.csv");

#[test]
fn na_of_r_is_a_missing_number() {
    let arguments = ["--estimate-column", "est", "--by", "method"];
    let found = json(R_WRITE_CSV, &arguments);
    let group = &found["groups"][0];
    assert_eq!((&group["trials"], &group["missing"]), (&2.into(), &1.into()));
    assert_eq!(found["missing_cells"], serde_json::json!({ "est": 1, "se": 1 }));
    near(&measures(R_WRITE_CSV, &arguments)["a/mean"][0], "0.495", 1e-15);
    run(R_WRITE_CSV, &[arguments.as_slice(), &["--se-column", "se"]].concat())
        .succeeds()
        .shows("1 estimate is missing")
        .shows("cells without a number: est 1, se 1");
    // Codes of one's own, as texts and as numbers.
    let found = json("estimate,se\n1,.\n-999,2\n-999.0,NULL\nfailed,\n3,nan\n", &["--missing", "-999,failed"]);
    assert_eq!(found["groups"][0]["measures"]["mean"]["estimate"], 2.0);
    assert_eq!(found["missing_cells"], serde_json::json!({ "estimate": 3, "se": 4 }));
    run("estimate\n1\nfailed\n", &[]).refuses().says("trials.csv:3").says("an estimate is a number");
}

/// A trial that lacks anything is in no measure with `--complete`, and is counted.
#[test]
fn incomplete_trials_are_left_out_if_asked() {
    let text = "m,trial,estimate,se,p\na,1,1,0.1,0.5\na,2,9,,0.5\na,3,4,0.2,0.01\na,4,7,0.3,\nb,1,2,0.1,1\nb,3,1,0.3,1\nb,4,5,1,0\n";
    let flags = ["--by", "m", "--p-column", "p", "--reference", "b", "--truth", "2"];
    let whole = "m,trial,estimate,se,p\na,1,1,0.1,0.5\na,3,4,0.2,0.01\nb,1,2,0.1,1\nb,3,1,0.3,1\nb,4,5,1,0\n";
    let complete = [flags.as_slice(), &["--complete"]].concat();
    assert_eq!(measures(text, &complete), measures(whole, &flags));
    assert_eq!(measures(text, &flags)["a/mean"][0], "5.25");
    let group = json(text, &complete)["groups"][0].clone();
    assert_eq!((&group["trials"], &group["missing"], &group["without_std_error"]), (&2.into(), &2.into(), &0.into()));
    // Estimands of rows are numbers, too.
    let by_row = ["--truth-column", "t", "--complete"];
    assert_eq!(measures("estimate,t\n1,1\n2,\n4,3\n", &by_row)["mean"][0], "2.5");
}

#[test]
fn delimiters_are_found() {
    let plain = measures("estimator,estimate\na,1\na,2.5\nb,3\n", &[]);
    for delimiter in [";", "\t"] {
        let text = "estimator,estimate\na,1\na,2.5\nb,3\n".replace(',', delimiter);
        assert_eq!(measures(&text, &[]), plain, "{delimiter:?}");
    }
    let bars = "estimator|estimate\na|1\na|2.5\nb|3\n";
    assert_eq!(measures(bars, &["--delimiter", "|"]), plain);
    let tabs = "estimator\testimate\tx;y;z\na\t1\t\na\t2.5\t\nb\t3\t\n";
    assert_eq!(measures(tabs, &["--delimiter", "tab"]), plain);
    run(bars, &["--delimiter", "||"]).refuses().says("a delimiter is one character");
}

#[test]
fn decimal_commas_are_offered() {
    let text = "estimator;estimate\na;0,5\na;1,5\n";
    insta::assert_snapshot!(run(text, &[]).refuses().err, @r#"
    error: trials.csv:2, column estimate: "0,5": an estimate is a number
      help: for decimal commas add `--decimal ,`
    error: trials.csv:3, column estimate: "1,5": an estimate is a number
      help: for decimal commas add `--decimal ,`
    "#);
    let plain = measures("estimator,estimate\na,0.5\na,1.5\n", &[]);
    assert_eq!(measures(text, &["--decimal", ","]), plain);
    assert_eq!(measures("estimator,estimate\na,\"0,5\"\na,\"1,5\"\n", &["--decimal", ","]), plain);
    assert_eq!(measures("estimate\n0,5\n1,5\n", &["--decimal", ","])["mean"][0], "1.0");
    run("estimate\n0,5\n1,5\n", &[]).refuses().says("--decimal ,");
    run("estimate\n0.5\n", &["--decimal", ","]).refuses().says("decimals with a comma");
}

#[test]
fn a_number_beyond_doubles_is_not_infinite() {
    run("estimate\n1\n1e400\n", &[]).refuses().says("trials.csv:3").says("a number is at most 1.8e308");
    run("estimate\n1\ninf\n", &[]).succeeds().shows("1 estimate is infinite");
}

/// 52.35 ± 8.30, whatever the order of the rows.
#[test]
fn rows_are_paired_by_the_name_of_the_trial() {
    let by = ["--by", "method", "--reference", "old"];
    let named = [by.as_slice(), &["--trial-column", "repno"]].concat();
    let expected = measures(SORTED_TRIAL, &by)["new/precision_gain"].clone();
    assert_eq!(
        format!("{:.2} {:.2}", expected[0].parse::<f64>().unwrap(), expected[1].parse::<f64>().unwrap()),
        "52.35 8.30"
    );
    for found in [measures(SHUFFLED_TRIAL, &by), measures(SHUFFLED_REPNO, &named), measures(SORTED_REPNO, &named)] {
        near(&found["new/precision_gain"][0], &expected[0], 1e-12);
        near(&found["new/precision_gain"][1], &expected[1], 1e-12);
    }
    // Without the name of the column rows are paired by position, unless it is seen that this is wrong.
    insta::assert_snapshot!(run(SHUFFLED_REPNO, &by).refuses().err, @r#"
    error: rows of new and old are paired by position, and "repno" differs within pairs
      help: if it names the trials, add `--trial-column repno`
    "#);
    let sorted = run(SORTED_REPNO, &by).succeeds();
    sorted.shows("52.3 ± 8.3").shows("paired by position; repno may name the trials: --trial-column repno");
    run("estimator,estimate\na,1\nb,2\na,3\nb,5\n", &["--reference", "a"])
        .succeeds()
        .shows("paired by position, since no column names the trials");
    let unequal = SORTED_REPNO.to_owned() + "41,new,1.0,1.0\n";
    run(unequal, &by).refuses().says("41 rows").says("add `--trial-column repno`");
    run(SORTED_REPNO, &[by.as_slice(), &["--trial-column", "rep"]].concat()).refuses().says("no column \"rep\"");
}

/// The number of trials that a measure is of, by group and measure.
fn counts(text: &str, arguments: &[&str]) -> std::collections::BTreeMap<String, [String; 3]> {
    let out = run(text, &[arguments, &["--format", "csv"]].concat()).succeeds().out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let keys = reader.headers().unwrap().iter().position(|name| name == "measure").unwrap();
    let row = |row: csv::StringRecord| {
        let cell = |place: usize| row[keys + place].to_owned();
        (row.iter().take(keys + 1).collect::<Vec<_>>().join("/"), [cell(3), cell(4), cell(5)])
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn counts_are_those_that_a_measure_used() {
    let found = counts(SE_MISSING, &["--truth", "1"]);
    assert_eq!(found["coverage"], ["3", "0", "1"].map(str::to_owned));
    assert_eq!(found["mean_model_se"], ["3", "0", "1"].map(str::to_owned));
    assert_eq!(found["bias"], ["4", "0", "0"].map(str::to_owned));
    let found = counts(UNEQUAL_TRIAL, &["--by", "method", "--reference", "old"]);
    let gain = found.iter().find(|(name, _)| name.ends_with("precision_gain")).unwrap();
    assert_eq!(gain.1[0], "40", "{gain:?}");
}

#[test]
fn intervals_of_the_file_outrank_those_of_standard_errors() {
    let limits = ["--truth", "1", "--low-column", "lo", "--high-column", "hi"];
    assert_eq!(measures(OWN_INTERVALS, &["--truth", "1"])["coverage"][0], "0.5");
    let found = measures(OWN_INTERVALS, &limits);
    assert_eq!(found["coverage"][0], "1.0");
    assert_eq!(found["rejection"][0], "0.75");
    // (1.54 + 1.44 + 1.80 + 1.50) / 4.
    near(&found["mean_interval_width"][0], "1.57", 1e-15);
    // The model's standard errors stay.
    near(&found["mean_model_se"][0], "0.305", 1e-15);
    let found = measures(OWN_INTERVALS, &[limits.as_slice(), &["--p-column", "p"]].concat());
    assert_eq!(found["rejection"][0], "0.75");
    let half = measures(OWN_INTERVALS, &[limits.as_slice(), &["--p-column", "p", "--level", "0.99"]].concat());
    assert_eq!(half["rejection"][0], "0.25");
    // t of five degrees is 2.5705818356363155: the halves are 0.77, 0.72, 0.90, 0.75.
    let found = measures(OWN_INTERVALS, &["--truth", "1", "--df-column", "df"]);
    assert_eq!(found["coverage"][0], "1.0");
    near(&found["mean_interval_width"][0], "1.5680549197381524", 1e-9);
    assert_eq!(measures(OWN_INTERVALS, &[limits.as_slice(), &["--null", "1.9"]].concat())["rejection"][0], "0.75");
    // Without standard errors.
    let found = measures("estimate,lo,hi\n1,0,2\n3,2,inf\n1,NA,2\n", &limits);
    assert_eq!((found["coverage"][0].as_str(), found.contains_key("mean_interval_width")), ("0.5", false));
}

/// 1 − 0.95 is not the double 0.05, and a p-value of 0.05 is not below it.
#[test]
fn a_p_value_at_the_level_does_not_reject() {
    let text = "estimate,p\n1,0.05\n2,0.049999999\n3,0.06\n4,NA\n";
    let found = measures(text, &["--p-column", "p"]);
    near(&found["rejection"][0], "0.3333333333333333", 1e-15);
    assert_eq!(counts(text, &["--p-column", "p"])["rejection"][0], "3");
}

#[test]
fn columns_of_intervals_have_rules() {
    let limits = ["--low-column", "lo", "--high-column", "hi"];
    run("estimate,lo,hi\n1,2,0\n", &limits).refuses().says("trials.csv:2, column hi").says("not below the lower one");
    run("estimate,lo,hi\n1,2,3\n", &limits[..2]).refuses().says("--high-column");
    run("estimate,p\n1,1.5\n", &["--p-column", "p"]).refuses().says("a p-value is a number from 0 to 1");
    run("estimate,se,df\n1,1,0\n", &["--df-column", "df"]).refuses().says("degrees of freedom are a number above 0");
    run("estimate,df\n1,4\n", &["--df-column", "df"]).refuses().says("no column \"se\"");
}

/// Errors −0.1, 0.2, −0.1, 0.0.
#[test]
fn every_row_may_have_its_own_estimand() {
    let found = measures(TRUTH_PER_ROW, &["--truth-column", "truth"]);
    let error: f64 = found["bias"][0].parse().unwrap();
    assert!(error.abs() < 1e-15, "{error}");
    near(&found["mse"][0], "0.015", 1e-14);
    near(&found["mean_absolute_error"][0], "0.1", 1e-14);
    near(&found["median_bias"][0], "-0.05", 1e-14);
    // (−0.1/1 + 0.2/1.1 − 0.1/0.8 + 0) / 4.
    near(&found["relative_bias"][0], "-0.010795454545454546", 1e-13);
    near(&found["mean"][0], "1.025", 1e-15);
    // Intervals around each row's own: the second does not reach 1.1 from 1.3.
    let text = "estimate,truth,se\n0.9,1.0,0.1\n1.3,1.1,0.1\n0.7,0.8,0.1\n1.2,1.2,0.1\n5,,0.1\n";
    let found = counts(text, &["--truth-column", "truth"]);
    assert_eq!((found["coverage"][0].as_str(), found["bias"][0].as_str(), found["mean"][0].as_str()), ("4", "4", "5"));
    assert_eq!(measures(text, &["--truth-column", "truth"])["coverage"][0], "0.75");
    run(TRUTH_PER_ROW, &["--truth-column", "truth"]).succeeds().shows("each row with its own estimand");
    // A group of its own may have one for all of its rows.
    let found = measures("estimator,estimate,truth\na,1,2\na,3,2\nb,1,0\nb,2,1\n", &["--truth-column", "truth"]);
    assert_eq!((found["a/bias"][0].as_str(), found["b/bias"][0].as_str()), ("0.0", "1.0"));
    assert!(!found.contains_key("b/relative_bias"));
}

#[test]
fn wide_files_are_as_their_long_form() {
    let mut long = "trial,method,estimate,se\n".to_owned();
    for (trial, line) in WIDE.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        for (method, place) in [("m1", 0), ("m2", 2)] {
            writeln!(long, "{trial},{method},{},{}", cells[place], cells[place + 1]).unwrap();
        }
    }
    let truth = ["--truth", "0.5", "--reference", "m1"];
    let expected = measures(&long, &[truth.as_slice(), &["--by", "method"]].concat());
    assert!(expected.contains_key("m2/precision_gain"));
    assert_eq!(measures(WIDE, &[truth.as_slice(), &["--wide", "{method},se_{method}"]].concat()), expected);
    let flags = ["--estimate-column", "{method}", "--se-column", "se_{method}"];
    assert_eq!(measures(WIDE, &[truth.as_slice(), &flags].concat()), expected);
    let text = "n,b_x,b_y,b_z,lo_x,lo_y,hi_x,hi_y\n5,1,2,9,0,1,3,4\n5,3,NA,9,1,1,2,4\n9,4,5,9,1,1,5,6\n";
    let arguments =
        ["--wide", "b_{m}", "--low-column", "lo_{m}", "--high-column", "hi_{m}", "--by", "n", "--truth", "3"];
    let found = measures(text, &arguments);
    assert_eq!(
        (found["5/x/coverage"][0].as_str(), found["5/y/mean"][0].as_str(), found["9/y/mean"][0].as_str()),
        ("0.5", "2.0", "5.0")
    );
    assert!(!found.keys().any(|name| name.contains("/z/")));
    run(text, &arguments).succeeds().shows("left out, since not all columns of the pattern are there: \"b_z\"");
    run(WIDE, &["--wide", "theta_{m}"]).refuses().says("no columns match").says("\"m1\", \"se_m1\"");
    run(WIDE, &["--wide", "{m},se_{m},lo_{m}"]).refuses().says("one or two names").says("--low-column");
    run(WIDE, &["--wide", "theta"]).refuses().says("one or two names");
    // A file after the pattern is a file.
    let here = crate::harness::Workspace::new().file("wide.csv", WIDE);
    here.run(["summarize", "--wide", "{m},se_{m}", "wide.csv"]).succeeds().shows("wide.csv: 6 estimates");
    run(WIDE, &["--wide", "{m},se_{method}"]).refuses().says("one word in braces");
}

/// Values from tests/reference/robust.py (SciPy).
#[test]
fn robust_measures_are_those_of_scipy() {
    let rows = std::fs::read_to_string("tests/reference/robust.csv").unwrap();
    let text = std::fs::read_to_string("tests/reference/robust_trials.csv").unwrap();
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let mut checked = 0;
    for row in reader.records().map(Result::unwrap) {
        let mut arguments = vec!["--truth-column", "truth", "--df-column", "df", "--by", "set", "--trim", "0.1"];
        if &row[1] == "dropped" {
            arguments.push("--drop-big=3,10");
        }
        let here = crate::harness::Workspace::new().file("trials.csv", &text);
        let out =
            here.run(["summarize", "trials.csv", "--format", "csv"].iter().chain(&arguments).copied()).succeeds().out;
        let line = out
            .lines()
            .find(|line| line.starts_with(&format!("{},{},", &row[0], &row[2])))
            .unwrap_or_else(|| panic!("{row:?}"));
        let cells: Vec<&str> = line.split(',').collect();
        near(cells[2], &row[3], 1e-9);
        if !row[4].is_empty() {
            near(cells[3], &row[4], 1e-9);
        }
        assert_eq!(cells[4], &row[5], "{row:?}");
        checked += 1;
    }
    assert!(checked > 30);
}

#[test]
fn what_is_dropped_is_counted() {
    // The quartiles are 2 and 4: 100 is 48.5 of their distances from the median.
    let text = "estimate,se\n1,1\n2,1\n3,2\n4,2\n100,1\n2,3\n4,500\n";
    let found = json(text, &["--drop-big"]);
    assert_eq!((&found["groups"][0]["dropped"], &found["groups"][0]["trials"]), (&2.into(), &5.into()));
    assert_eq!(found["groups"][0]["measures"]["mean"]["estimate"], 2.4);
    run(text, &["--drop-big=1000,1000"]).succeeds().shows("7 estimates");
    let out = run(text, &["--drop-big", "--format", "csv"]).succeeds().out;
    assert!(out.starts_with("measure,estimate,mcse,trials,infinite,missing,dropped\nmean,2.4,"), "{out}");
    run(text, &["--drop-big"]).succeeds().shows("2 trials are dropped");
    // Without a distance of the quartiles nothing is far.
    assert_eq!(json("estimate\n1\n1\n1\n1\n7\n", &["--drop-big"])["groups"][0]["dropped"], 0);
    run(text, &["--trim", "0.5"]).refuses().says("less than 0.5");
    run(text, &["--drop-big=0"]).refuses().says("above 0");
}
