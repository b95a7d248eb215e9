//! Tables on narrow terminals.

use super::*;
use crate::report::Value;

fn table() -> Table {
    let mut table = Table::new();
    table.column("Q.bernoulli.p", Align::Right);
    table.column("estimator", Align::Left);
    table.column("mean", Align::Right);
    table.column("variance ratio", Align::Right);
    table.column("verdict", Align::Left);
    for (p, estimator, mean) in [("0.55", "log_ratio", 0.25), ("0.6", "zhang_grabchak", 1.0)] {
        let estimate =
            |value| Value::Estimate { value, error: Some(0.001), style: crate::report::ErrorStyle::PlusMinus };
        let verdict = Cell { tone: Tone::Good, ..Cell::from("agree") };
        table.row(vec![p.into(), estimator.into(), estimate(mean).into(), estimate(mean * 2.0).into(), verdict]);
    }
    table
}

fn ranked() -> Table {
    let ranks = ["verdict", "mean", "variance ratio"];
    table().ranked(|key| ranks.iter().position(|rank| *rank == key))
}

fn plain(table: &Table, width: usize) -> String {
    anstream::adapter::strip_str(&format!("{table:.width$}")).to_string()
}

#[test]
fn a_wide_terminal_shows_what_a_pipe_gets() {
    let whole = anstream::adapter::strip_str(&ranked().to_string()).to_string();
    assert_eq!(plain(&ranked(), 75), whole);
    insta::assert_snapshot!(whole, @"
    Q.bernoulli.p  estimator                  mean   variance ratio  verdict
             0.55  log_ratio       0.2500 ± 0.0010  0.5000 ± 0.0010  agree
              0.6  zhang_grabchak  1.0000 ± 0.0010  2.0000 ± 0.0010  agree
    ");
}

#[test]
fn columns_go_by_their_rank() {
    insta::assert_snapshot!(plain(&ranked(), 72), @"
    Q.bernoulli.p  estimator                  mean  verdict
             0.55  log_ratio       0.2500 ± 0.0010  agree
              0.6  zhang_grabchak  1.0000 ± 0.0010  agree
    ");
    insta::assert_snapshot!(plain(&ranked(), 46), @"
    Q.bernoulli.p  estimator       verdict
             0.55  log_ratio       agree
              0.6  zhang_grabchak  agree
    ");
    assert_eq!(ranked().hidden_headings(Some(46)), ["mean", "variance ratio"]);
    assert!(ranked().hidden_headings(None).is_empty());
}

/// Long names once left no room for any result, and were shown alone.
#[test]
fn the_last_result_is_not_left_out() {
    let found = plain(&ranked(), 37);
    assert!(found.contains("verdict ") && found.contains("0.2500 ± 0.0010"), "{found}");
    assert!(ranked().hidden_headings(Some(37)).is_empty());
}

/// Columns without a rank are not left out.
#[test]
fn cells_get_lines_of_their_own() {
    insta::assert_snapshot!(plain(&table(), 40), @"
    Q.bernoulli.p  0.55
    estimator      log_ratio
    mean           0.2500 ± 0.0010
    variance       0.5000 ± 0.0010
    ratio
    verdict        agree

    Q.bernoulli.p  0.6
    estimator      zhang_grabchak
    mean           1.0000 ± 0.0010
    variance       2.0000 ± 0.0010
    ratio
    verdict        agree
    ");
    assert!(table().hidden_headings(Some(40)).is_empty());
}

#[test]
fn text_is_broken_where_most_of_it_is() {
    let mut table = Table::new();
    table.column("name", Align::Left);
    table.column("what it is", Align::Left);
    table.row(vec!["k1".into(), "the mean of the log ratio, exact in the mean".into()]);
    table.row(vec!["a longer name".into(), "short".into()]);
    insta::assert_snapshot!(plain(&table, 44), @"
    name           what it is
    k1             the mean of the log ratio,
                   exact in the mean
    a longer name  short
    ");
}

#[test]
fn headings_break_before_columns_go() {
    let mut table = Table::new();
    table.column("N", Align::Right);
    table.column("detects a bias of", Align::Right);
    table.column("infinite trials", Align::Right);
    table.row(vec!["1,000".into(), "2.5 %".into(), "12".into()]);
    let table = table.ranked(|key| (key != "N").then_some(0));
    insta::assert_snapshot!(plain(&table, 30), @"
        N  detects a  infinite
             bias of    trials
    1,000      2.5 %        12
    ");
}
