//! Studies in the shapes that the field publishes, to every digit that `tests/reference/studies.py` wrote.

use super::measures;
use std::collections::BTreeMap;

const VALUES: &str = include_str!("../../reference/studies.csv");
const MISSING: &str = include_str!("../../reference/studies/missing.csv");
const HAZARDS: &str = include_str!("../../reference/studies/hazards.csv");
const T_TESTS: &str = include_str!("../../reference/studies/t_tests.csv");
const WELCH: &str = include_str!("../../reference/studies/welch.csv");

const OF_T_TESTS: [&str; 8] = ["--estimate-column", "diff", "--truth", "-1", "--se-column", "se", "--by", "dgm,method"];

/// Whether a number rounds to the printed one. A digit of the last place is allowed: the sums of NumPy are rounded, too.
fn rounds_to(found: &str, printed: &str) -> bool {
    let (digits, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let unit = format!("1e{}", exponent.parse::<i64>().unwrap() - places as i64).parse::<f64>().unwrap();
    let (found, printed): (f64, f64) = (found.parse().unwrap(), printed.parse().unwrap());
    (found - printed).abs() <= 0.5001 * unit
}

/// Compares all values of a study with the measures that were found.
fn meets(study: &str, found: &BTreeMap<String, [String; 2]>) {
    let mut reader = csv::Reader::from_reader(VALUES.as_bytes());
    let mut count = 0;
    for row in reader.records().map(Result::unwrap).filter(|row| &row[0] == study) {
        let name = format!("{}/{}", &row[1], &row[2]);
        let [estimate, mcse] = &found[&name];
        assert!(rounds_to(estimate, &row[3]), "{study}, {name}: {estimate} is not {}", &row[3]);
        assert!(rounds_to(mcse, &row[4]), "{study}, {name}, standard error: {mcse} is not {}", &row[4]);
        count += 1;
    }
    assert!(count > 40, "{study} has {count} values");
}

/// A few methods for missing data, some of which failed or have no standard error.
#[test]
fn methods_for_missing_data() {
    let by = ["--estimate-column", "b", "--truth", "0.50", "--by", "method", "--reference", "CC"];
    let found = measures(MISSING, &[by.as_slice(), &["--trial-column", "dataset"]].concat());
    meets("missing", &found);
}

/// Three models by sample size and baseline hazard, from a file with semicolons and decimal commas.
#[test]
fn hazard_ratios_by_n_and_baseline() {
    let by = ["--estimate-column", "theta", "--truth", "-0.5", "--by", "baseline,n,model", "--reference", "Cox"];
    let found = measures(HAZARDS, &[by.as_slice(), &["--trial-column", "dataset", "--decimal", ","]].concat());
    meets("hazards", &found);
}

/// t tests with limits and p-values of their own, with degrees of freedom by row, and with neither.
#[test]
fn t_tests_with_their_own_intervals() {
    let own = ["--low-column", "conf.low", "--high-column", "conf.high", "--p-column", "p"];
    meets("t_tests_own", &measures(T_TESTS, &[OF_T_TESTS.as_slice(), &own].concat()));
    meets("t_tests_df", &measures(T_TESTS, &[OF_T_TESTS.as_slice(), &["--df-column", "df"]].concat()));
    meets("t_tests_z", &measures(T_TESTS, &OF_T_TESTS));
}

/// Two tests in one row, each with its own p-values and bounds, and an estimand that is a column.
#[test]
fn welch_and_t_in_one_row() {
    let wide = ["--wide", "est_{test},se_{test}", "--by", "n1,n2,mean_diff", "--truth-column", "true_param"];
    let own = ["--low-column", "lower_{test}", "--high-column", "upper_{test}", "--p-column", "p_{test}"];
    meets("welch", &measures(WELCH, &[wide.as_slice(), &own].concat()));
}

#[test]
fn a_digit_that_is_wrong_is_seen() {
    assert!(rounds_to("0.12345", "0.123") && rounds_to("1234.6", "1235") && rounds_to("1.2649e-5", "1.265e-05"));
    assert!(!rounds_to("0.12351", "0.123") && !rounds_to("1.2656e-5", "1.265e-05"));
}
