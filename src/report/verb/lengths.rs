//! After how many symbols sequential tests end, a row for each condition.

use crate::record::SavedResults;
use crate::report::shown::Shown;
use crate::report::{Align, Cell, Table, Value, printable, significant};
use std::collections::HashMap;

/// At most this many rows are shown.
const SHOWN: usize = 60;

/// The table, with a pair of columns for each quantile, and how many rows it lacks; none without quantiles.
pub(in crate::report) fn length_table(results: &SavedResults) -> Option<(Table, usize)> {
    let conditions: HashMap<usize, _> = results.rows.iter().map(|row| (row.condition, row)).collect();
    let groups = results.lengths.chunk_by(|one, next| (one.condition, &one.truth) == (next.condition, &next.truth));
    let all: Vec<_> = groups.filter_map(|group| Some((group, *conditions.get(&group.first()?.condition)?))).collect();
    let rows = all.get(..all.len().min(SHOWN)).filter(|rows| !rows.is_empty())?;
    let names = &results.overview.setting_names;
    let shown = Shown::of(names, rows.iter().map(|(_, row)| (&*row.label, &*row.settings)));
    let mut levels: Vec<f64> = rows.iter().flat_map(|(group, _)| group.iter()).map(|one| one.level).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let mut table = Table::new();
    for name in shown.names() {
        table.column(name, Align::Left);
    }
    table.column("true", Align::Left);
    for level in &levels {
        table.column(format!("{} % by", significant(*level * 100.0, 3)), Align::Right);
        table.column("exact", Align::Right);
    }
    for (group, row) in rows {
        let mut cells: Vec<Cell> = shown.cells(names, &row.label, &row.settings);
        cells.push(group.first().map(|first| printable(&first.truth)).unwrap_or_default().into());
        for level in &levels {
            let found = group.iter().find(|one| one.level == *level);
            cells.push(found.map(|one| Value::Whole(one.observed)).unwrap_or_default().into());
            cells.push(found.and_then(|one| one.exact).map(Value::Whole).unwrap_or_default().into());
        }
        table.row(cells);
    }
    Some((table.without_empty_columns(), all.len() - rows.len()))
}
