//! What tests decided, a row for each condition and truth.

use crate::record::{DecisionRow, Overview, Rows};
use crate::report::shown::Shown;
use crate::report::{Align, Column, ErrorStyle, Table, Value, printable};

/// At most this many rows are shown.
const SHOWN: usize = 60;

/// The decisions under one truth, and the columns of each.
const OUTCOMES: [&str; 3] = ["P", "Q", "undecided"];

/// The table; none where nothing is decided.
pub(in crate::report) fn decision_table(overview: &Overview, rows: Rows<'_>) -> Option<Table> {
    let rows: Vec<_> = rows.iter().filter(|row| !row.decisions.is_empty()).take(SHOWN).collect();
    if rows.is_empty() {
        return None;
    }
    let shown = Shown::of(&overview.setting_names, rows.iter().map(|row| (&*row.label, &*row.settings)));
    let is_sequential = |decision: &DecisionRow<'_>| decision.outcome == "undecided";
    let sequential = rows.iter().flat_map(|row| &row.decisions).any(is_sequential);
    let mut table = Table::new();
    for name in shown.names() {
        table.column(name, Align::Left);
    }
    // On a narrow terminal those of the highest rank go first.
    let mut column = |name: &str, key: &str, rank: usize| {
        let align = if key == "truth" { Align::Left } else { Align::Right };
        table.push_column(Column { key: key.to_owned(), name: name.to_owned(), unit: None, align, rank: Some(rank) });
    };
    column(if sequential { "max" } else { "N" }, "n", if sequential { 6 } else { 0 });
    column("true", "truth", 1);
    column("decides P", "decides_p", 2);
    column("exact", "decides_p_exact", 3);
    column("decides Q", "decides_q", 7);
    column("exact", "decides_q_exact", 8);
    column("undecided", "undecided", 9);
    column("exact", "undecided_exact", 10);
    column("symbols", "mean_length", 4);
    column("exact", "expected_length", 5);
    column("smallest N", "smallest_n", 11);
    for row in &rows {
        let settings = shown.cells(&overview.setting_names, &row.label, &row.settings);
        for decisions in row.decisions.chunk_by(|one, next| one.truth == next.truth) {
            let Some(first) = decisions.first() else { continue };
            let mut cells = settings.clone();
            cells.push(Value::Whole(row.n).into());
            cells.push(printable(&first.truth).into());
            for outcome in OUTCOMES {
                let found = decisions.iter().find(|decision| decision.outcome == outcome);
                // What never happens and never can is no news.
                let found = found.filter(|found| {
                    outcome != "undecided" || found.observed > Some(0) || found.exact.is_none_or(|exact| exact > 1e-9)
                });
                let rate = found.and_then(|found| Some(estimate(found.rate?, found.mcse)));
                cells.push(rate.unwrap_or_default().into());
                cells.push(found.and_then(|found| Some(Value::Exact(found.exact?, 4))).unwrap_or_default().into());
            }
            let fixed = !sequential;
            let length = first.mean_length.filter(|_| !fixed).map(|mean| estimate(mean, first.length_mcse));
            cells.push(length.unwrap_or_default().into());
            let expected = first.expected_length.filter(|_| !fixed).map(|mean| Value::Exact(mean, 6));
            cells.push(expected.unwrap_or_default().into());
            cells.push(first.smallest_n.map(Value::Whole).unwrap_or_default().into());
            table.row(cells);
        }
    }
    Some(table.without_empty_columns())
}

fn estimate(value: f64, error: Option<f64>) -> Value {
    Value::Estimate { value, error, style: ErrorStyle::PlusMinus }
}
