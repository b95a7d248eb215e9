//! `runner summarize`: the performance of estimators from anybody's trials.

mod field;
mod folders;
mod gates;
mod large;
mod pictures;
mod saved;
mod studies;

use crate::harness::{COIN, Ended, Workspace};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A summary of `text` as a file, in long form: by its keys joined with `/` and the measure.
fn measures(text: impl AsRef<[u8]>, arguments: &[&str]) -> BTreeMap<String, [String; 2]> {
    let here = Workspace::new().file("trials.csv", text);
    let out = here.run(["summarize", "trials.csv", "--format", "csv"].iter().chain(arguments).copied()).succeeds().out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let keys = reader.headers().unwrap().len() - 6;
    let row = |row: csv::StringRecord| {
        let name = row.iter().take(keys + 1).collect::<Vec<_>>().join("/");
        (name, [row[keys + 1].to_owned(), row[keys + 2].to_owned()])
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn run(text: impl AsRef<[u8]>, arguments: &[&str]) -> Ended {
    let here = Workspace::new().file("trials.csv", text);
    here.run(["summarize", "trials.csv"].iter().chain(arguments).copied())
}

fn json(text: &str, arguments: &[&str]) -> serde_json::Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&run(text, &arguments).succeeds().out).unwrap()
}

fn near(found: &str, expected: &str, part: f64) {
    let (a, b): (f64, f64) = (found.parse().unwrap(), expected.parse().unwrap());
    assert!((a - b).abs() <= part * b.abs(), "{found} is not {expected}");
}

#[test]
fn a_run_s_own_trials_give_its_own_summary() {
    let here = Workspace::with_spec(COIN);
    here.run(["coin.toml", "--record"]).succeeds();
    let rows = here.rows("results/coin/summary.csv");
    let found = measures(here.read("results/coin/trials.csv"), &["--truth", &rows[0]["closed_form"]]);
    for row in rows {
        let of = |measure: &str| found[&format!("{}/log_ratio/{measure}", row["condition"])].clone();
        near(&of("mean")[0], &row["mean"], 1e-12);
        near(&of("rmse")[0], &row["rmse"], 1e-12);
        near(&of("bias")[0], &row["bias"], 1e-10);
        let std_dev: f64 = of("empirical_se")[0].parse().unwrap();
        near(&(std_dev * std_dev).to_string(), &row["variance"], 1e-12);
    }
}

#[test]
fn the_table_says_what_it_is_of() {
    let text = "method,trial,estimate,se\nmle,1,0.9,0.2\nmle,2,1.1,0.2\nmle,3,1.3,0.1\nmle,4,0.8,0.2\n\
                mom,1,0.7,0.3\nmom,2,1.2,0.3\nmom,4,0.6,\nmom,3,1.5,0.2\nmom,5,inf,1\nmom,6,,\n";
    let ended = run(text, &["--truth", "1", "--by", "method", "--reference", "mom"]).succeeds();
    insta::assert_snapshot!(ended.out, @"
    trials.csv: 8 estimates, estimand 1, intervals at level 0.95

      method  trials  measure                        estimate
      mle          4  mean                        1.02 ± 0.11
                      bias                        0.03 ± 0.11
                      relative bias               0.03 ± 0.11
                      empirical se              0.222 ± 0.042
                      mse                       0.037 ± 0.019
                      rmse                      0.194 ± 0.049
                      mean absolute error       0.175 ± 0.048
                      model se                  0.180 ± 0.021
                      mean model se             0.175 ± 0.025
                      model se error (%)             -19 ± 26
                      coverage                    0.75 ± 0.22
                      bias eliminated coverage    0.75 ± 0.22
                      rejection                             1
                      mean interval width       0.686 ± 0.098
                      quantile 5                        0.815
                      quantile 25               0.875 ± 0.085
                      median                      1.00 ± 0.14
                      quantile 75                 1.15 ± 0.13
                      quantile 95                        1.27
                      median bias                 0.00 ± 0.14
                      precision gain (%)             266 ± 78
      mom          4  mean                        1.00 ± 0.21
                      bias                        0.00 ± 0.21
                      relative bias               0.00 ± 0.21
                      empirical se              0.424 ± 0.062
                      mse                       0.135 ± 0.046
                      rmse                      0.367 ± 0.062
                      mean absolute error       0.350 ± 0.065
                      model se                  0.271 ± 0.031
                      mean model se             0.267 ± 0.033
                      model se error (%)             -32.9941
                      coverage                    0.67 ± 0.27
                      bias eliminated coverage              1
                      rejection                             1
                      mean interval width         1.05 ± 0.13
                      quantile 5                        0.615
                      quantile 25                 0.68 ± 0.14
                      median                      0.95 ± 0.30
                      quantile 75                 1.27 ± 0.23
                      quantile 95                       1.455
                      median bias                -0.05 ± 0.30

    1 estimate is infinite: the measures use the others
    1 estimate is missing: the measures use the others
    1 estimate is without a standard error: measures that need one use the others
    cells without a number: estimate 1, se 2
    precision gain: precision relative to mom, over the same trials
    ");
}

#[test]
fn the_schema_of_json_is_stable() {
    let text = "estimator,estimate\na,1\na,2\na,4\na,9\nb,7\n";
    insta::assert_snapshot!(run(text, &["--truth", "3", "--format", "json"]).succeeds().out, @r#"
    {
      "schema": "kl-runner/summarize/1",
      "file": "trials.csv",
      "files": [
        "trials.csv"
      ],
      "level": null,
      "reference": null,
      "missing_cells": {},
      "groups": [
        {
          "by": {
            "estimator": "a"
          },
          "truth": 3.0,
          "trials": 4,
          "infinite": 0,
          "missing": 0,
          "dropped": 0,
          "without_std_error": 0,
          "without_interval": 0,
          "pairs": null,
          "measures": {
            "mean": {
              "estimate": 4.0,
              "mcse": 1.7795130420052185,
              "trials": 4
            },
            "bias": {
              "estimate": 1.0,
              "mcse": 1.7795130420052185,
              "trials": 4
            },
            "relative_bias": {
              "estimate": 0.3333333333333333,
              "mcse": 0.5931710140017395,
              "trials": 4
            },
            "empirical_se": {
              "estimate": 3.559026084010437,
              "mcse": 0.8897565210026093,
              "trials": 4
            },
            "mse": {
              "estimate": 10.5,
              "mcse": 8.52936105461599,
              "trials": 4
            },
            "rmse": {
              "estimate": 3.24037034920393,
              "mcse": 1.3161089837634483,
              "trials": 4
            },
            "mean_absolute_error": {
              "estimate": 2.5,
              "mcse": 1.1902380714238083,
              "trials": 4
            },
            "quantile_5": {
              "estimate": 1.15,
              "mcse": null,
              "trials": 4
            },
            "quantile_25": {
              "estimate": 1.75,
              "mcse": 0.8492785792574935,
              "trials": 4
            },
            "median": {
              "estimate": 3.0,
              "mcse": 1.75,
              "trials": 4
            },
            "quantile_75": {
              "estimate": 5.25,
              "mcse": 2.6483166849341515,
              "trials": 4
            },
            "quantile_95": {
              "estimate": 8.25,
              "mcse": null,
              "trials": 4
            },
            "median_bias": {
              "estimate": 0.0,
              "mcse": 1.75,
              "trials": 4
            }
          }
        },
        {
          "by": {
            "estimator": "b"
          },
          "truth": 3.0,
          "trials": 1,
          "infinite": 0,
          "missing": 0,
          "dropped": 0,
          "without_std_error": 0,
          "without_interval": 0,
          "pairs": null,
          "measures": {
            "mean": {
              "estimate": 7.0,
              "mcse": null,
              "trials": 1
            },
            "bias": {
              "estimate": 4.0,
              "mcse": null,
              "trials": 1
            },
            "relative_bias": {
              "estimate": 1.3333333333333333,
              "mcse": null,
              "trials": 1
            },
            "mse": {
              "estimate": 16.0,
              "mcse": null,
              "trials": 1
            },
            "rmse": {
              "estimate": 4.0,
              "mcse": null,
              "trials": 1
            },
            "mean_absolute_error": {
              "estimate": 4.0,
              "mcse": null,
              "trials": 1
            }
          }
        }
      ],
      "gates": []
    }
    "#);
}

#[test]
fn reference_values_come_out_of_files() {
    let expected = std::fs::read_to_string("tests/reference/measures.csv").unwrap();
    let trials = std::fs::read_to_string("tests/reference/measures_trials.csv").unwrap();
    let mut reader = csv::Reader::from_reader(expected.as_bytes());
    let mut checked = 0;
    for row in reader.records().map(Result::unwrap) {
        let (set, truth, measure) = (&row[0], &row[1], &row[2]);
        // The shortest decimals are not the doubles: only sums that do not nearly cancel are the same.
        if measure.ends_with("_if_normal") || ["far", "biased"].contains(&set) {
            continue;
        }
        let only: String = trials.lines().filter(|line| line.starts_with("set") || line.starts_with(set)).fold(
            String::new(),
            |mut text, line| {
                writeln!(text, "{line}").unwrap();
                text
            },
        );
        let found = measures(
            &only,
            &["--truth", truth, "--trim", "0.1", "--by", "set,estimator", "--reference", "a"].as_slice()
                [..if only.contains(",a,") { 8 } else { 6 }],
        );
        let [estimate, mcse] = &found[&format!("{set}/b/{measure}")];
        if row[3].parse::<f64>().unwrap().abs() > 1e-300 {
            near(estimate, &row[3], 1e-12);
            near(mcse, &row[4], 1e-12);
        }
        checked += 1;
    }
    assert!(checked > 60);
}

#[test]
fn certified_digits_come_out_of_files() {
    let pairs = "10000000.1\n10000000.3\n".repeat(500);
    let found = measures(format!("estimate\n10000000.2\n{pairs}"), &[]);
    assert_eq!((found["mean"][0].as_str(), found["empirical_se"][0].as_str()), ("10000000.2", "0.1"));
}

/// Windows' line ends, a byte order mark, quotes, spaces, blank lines: the same numbers.
#[test]
fn spelling_does_not_matter() {
    let plain = measures("estimator,estimate\nmy own,1\nmy own,2.5\nmy own,-3e0\n", &[]);
    assert_eq!(plain["my own/mean"][0], "0.16666666666666666");
    for other in [
        "\u{feff}estimator,estimate\r\nmy own,1\r\nmy own,2.5\r\nmy own,-3e0\r\n",
        "\u{feff}\"estimator\",\"estimate\"\n\"my own\",\"1\"\n\n\"my own\",\"2.5\"\n\"my own\",\"-3e0\"",
        "x, estimate ,estimator\n,+1, my own \n ,02.50,my own\n7,-3.0,my own\n\n\n",
    ] {
        assert_eq!(measures(other, &[]), plain, "{other:?}");
    }
    let here = Workspace::new().file("trials.csv", "estimate\n1\n3\n");
    let mut command = here.command(["summarize", "-"]);
    command.stdin(std::fs::File::open(here.path("trials.csv")).unwrap());
    Ended::new(command.output().unwrap()).succeeds().shows("<stdin>: 2 estimates, no estimand").shows("2.0 ± 1.0");
}

#[test]
fn what_does_not_exist_is_left_out() {
    let one = measures("estimate\n3\n", &["--truth", "0"]);
    assert_eq!(one.keys().collect::<Vec<_>>(), ["bias", "mean", "mean_absolute_error", "mse", "rmse"]);
    assert_eq!(one["mean"], ["3.0", ""]);
    let constant = measures("estimate,se\n2,0\n2,0\n2,0\n2,0\n2,0\n", &["--truth", "2"]);
    assert_eq!(constant["empirical_se"], ["0.0", ""]);
    assert_eq!(constant["coverage"], ["1.0", "0.0"]);
    assert!(!constant.contains_key("model_se_error"));
    // Infinite and missing estimates are counted, and in no measure.
    let found = json("estimate\n1\ninf\n\"\"\n-inf\n3\n", &[]);
    let group = &found["groups"][0];
    assert_eq!((&group["trials"], &group["infinite"], &group["missing"]), (&2.into(), &2.into(), &1.into()));
    assert_eq!(group["measures"]["mean"]["estimate"], 2.0);
    run("estimate\ninf\n", &[]).succeeds().shows("1 estimate is infinite").shows("none");
    run("estimate\n1e200\n2e200\n", &["--truth", "1e200"]).succeeds().shows("7.07107e199");
}

#[test]
fn every_group_may_have_its_own_estimand() {
    let text = "condition,D,estimate\n1,0.5,0.6\n2,0.25,0.5\n1,0.5,0.7\n2,.25,0.25\n";
    let found = measures(text, &["--truth-column", "D"]);
    near(&found["1/bias"][0], "0.15", 1e-15);
    near(&found["2/bias"][0], "0.125", 1e-15);
    let ended = run(text, &["--truth-column", "D", "--by", "estimate,D"]).succeeds();
    ended.shows("each group with its own estimand");
    run("D,estimate\n1,2\n2,2\n", &["--truth-column", "D"]).succeeds().shows("each row with its own estimand");
}

#[test]
fn precision_is_compared_over_the_same_trials() {
    // Named trials in another order, one of them only here: four pairs, exactly twice as far from the mean.
    let text = "estimator,trial,estimate\na,x,2\na,y,6\na,z,10\na,w,-2\na,v,99\nb,w,1\nb,z,7\nb,y,5\nb,x,3\n";
    let found = json(text, &["--reference", "a"]);
    let b = &found["groups"][1];
    assert_eq!(b["pairs"], 4);
    assert_eq!(
        (&b["measures"]["precision_gain"]["estimate"], &b["measures"]["precision_gain"]["mcse"]),
        (&300.0.into(), &0.0.into())
    );
    assert!(found["groups"][0]["measures"].get("precision_gain").is_none());
    // By order, without names.
    let text = "estimator,estimate\na,2\nb,3\na,6\nb,5\na,10\nb,7\na,-2\nb,1\n";
    assert_eq!(measures(text, &["--reference", "a"])["b/precision_gain"], ["300.0", "0.0"]);
    run("estimator,estimate\na,2\nb,3\na,6\n", &["--reference", "b"])
        .refuses()
        .says("a has 2 rows and b 1")
        .says("number the trials");
    run(text, &["--reference", "c"]).refuses().says("no estimator is \"c\"; there are \"a\", \"b\"");
    run("estimate\n2\n", &["--reference", "c"]).refuses().says("--by");
    run("estimator,trial,estimate\na,1,2\na,1,3\n", &["--reference", "a"]).refuses().says("line 2 has it too");
}

#[test]
fn mistakes_are_reported_with_their_places_all_at_once() {
    let ended =
        run("estimator,estimate,se\na,1,0.1\n\na,nought,0.2\na,one,0.1\na,2,-1\na,3\n\"b\nc\",4,x\n", &[]).refuses();
    insta::assert_snapshot!(ended.err, @r#"
    error: trials.csv:4, column estimate: "nought": an estimate is a number
      help: write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate
    error: trials.csv:5, column estimate: "one": an estimate is a number
      help: write a number such as 0.25 or 1e-3, `inf`, or nothing where there is no estimate
    error: trials.csv:6, column se: "-1": a standard error is a finite number, 0 or more
      help: write a number such as 0.05, or nothing
    error: trials.csv:7: 2 cells: each line has as many as the first
      help: write 3 cells, empty ones too
    error: trials.csv:8, column se: "x": a standard error is a finite number, 0 or more
      help: write a number such as 0.05, or nothing
    "#);
    let many = "word\n".repeat(1000);
    run(format!("estimate\n{many}"), &[]).refuses().says("trials.csv:21, ").says("and 980 more mistakes like these");
    run("", &[]).refuses().says("trials.csv is empty");
    run("estimate\n", &[]).refuses().says("no row below");
    run("estimator,Estimate\na,1\n", &[]).refuses().says("no column \"estimate\"").says("--estimate-column Estimate");
    run("estimate,estimate\n1,1\n", &[]).refuses().says("two columns are named \"estimate\"");
    run("estimate\n1\n", &["--by", "method"]).refuses().says("no column \"method\"");
    run("estimate\n1\n", &["--se-column", "se"]).refuses().says("--se-column");
    run("estimate\n1\n", &["--truth", "nan"]).refuses().says("finite number");
    run("estimate\n1\n", &["--level", "95"]).refuses().says("between 0 and 1");
    run("estimate,method\n1,\u{fffd}\n", &["--by", "method"]).succeeds();
    run(b"estimate,method\n1,\xff\n", &["--by", "method"]).refuses().says("text is UTF-8");
    Workspace::new().run(["summarize", "none.csv"]).refuses().says("cannot read none.csv");
}

#[test]
fn many_rows_are_a_moment_s_work() {
    let mut text = "condition,trial,n,estimator,estimate\n".to_owned();
    for trial in 0..100_000u64 {
        writeln!(text, "{},{trial},10,log_ratio,{}", 1 + trial % 4, (trial * trial % 1_009) as f64 / 1_009.0).unwrap();
    }
    let found = measures(text, &["--truth", "0.5"]);
    assert_eq!(found.len(), 4 * 13);
}
