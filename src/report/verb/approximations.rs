//! What approximations say of tests beside what is exact, and what people call them.

use crate::record::SavedResults;
use crate::report::shown::Shown;
use crate::report::{Align, Cell, Table, Value, printable};
use std::collections::HashMap;

/// At most this many rows are shown.
const SHOWN: usize = 120;

/// The names in files, and the names for people.
const NAMES: [(&str, &str); 11] = [
    ("chernoff", "Chernoff bound"),
    ("chernoff_information", "Chernoff information"),
    ("hoeffding", "Hoeffding bound"),
    ("stein", "Stein"),
    ("strassen", "Strassen"),
    ("bahadur_rao", "Bahadur–Rao"),
    ("normal", "normal"),
    ("wald_bound", "Wald's bound"),
    ("wald", "Wald's approximation"),
    ("siegmund", "Siegmund's correction"),
    ("robbins", "Robbins' bound"),
];

/// What people call an approximation.
pub(in crate::report) fn approximation_name(name: &str) -> String {
    let known = NAMES.iter().find(|(written, _)| *written == name);
    known.map_or_else(|| name.replace('_', " "), |(_, words)| (*words).to_owned())
}

/// The table, a row for each approximation in each condition, and how many rows it lacks; none without approximations.
pub(in crate::report) fn approximation_table(results: &SavedResults) -> Option<(Table, usize)> {
    let conditions: HashMap<usize, _> = results.rows.iter().map(|row| (row.condition, row)).collect();
    let all: Vec<_> =
        results.approximations.iter().filter_map(|said| Some((said, *conditions.get(&said.condition)?))).collect();
    let rows = all.get(..all.len().min(SHOWN)).filter(|rows| !rows.is_empty())?;
    let names = &results.overview.setting_names;
    let shown = Shown::of(names, rows.iter().map(|(_, row)| (&*row.label, &*row.settings)));
    let sequential = rows.iter().any(|(_, row)| row.decisions.iter().any(|one| one.outcome == "undecided"));
    let mut table = Table::new();
    for name in shown.names() {
        table.column(name, Align::Left);
    }
    table.column(if sequential { "max" } else { "N" }, Align::Right);
    for heading in ["of", "by"] {
        table.column(heading, Align::Left);
    }
    for heading in ["value", "exact", "value/exact"] {
        table.column(heading, Align::Right);
    }
    for (said, row) in rows {
        let mut cells: Vec<Cell> = shown.cells(names, &row.label, &row.settings);
        cells.push(Value::Whole(said.n).into());
        cells.push(printable(&said.quantity.replace('_', " ")).into());
        let name = approximation_name(&said.approximation);
        let is_told = !said.bound || name.contains("bound");
        cells.push(printable(&if is_told { name } else { format!("{name} (bound)") }).into());
        let number = |number: Option<f64>| number.map(|number| Value::Exact(number, 4)).unwrap_or_default();
        cells.extend([Some(said.value), said.exact, said.ratio].map(|value| number(value).into()));
        table.row(cells);
    }
    Some((table.without_empty_columns(), all.len() - rows.len()))
}
