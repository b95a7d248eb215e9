//! A table of one column by the values of two others.

use super::column::ResultColumn;
use super::selection::named;
use super::{Align, Cell, Column, Selection, SelectionError, Table};
use crate::outside::printable;
use crate::record::{Overview, SummaryRow};
use std::collections::HashMap;

/// A column whose values stand in a table by the values of other columns.
#[derive(Clone, Debug, Default)]
pub struct Pivot {
    /// The columns whose values name the rows.
    pub rows: Vec<String>,
    /// The column that fills the cells.
    pub cell: String,
}

impl Pivot {
    /// The table of `rows`: a row for each value of `self.rows`, a column for each value of the columns of `selection`.
    pub(super) fn table(
        &self,
        selection: &Selection,
        overview: &Overview,
        rows: &[&SummaryRow<'_>],
    ) -> Result<Table, SelectionError> {
        let down = self.rows.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let across = selection.columns.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let cell = named(&self.cell, overview)?;
        if down.is_empty() || across.is_empty() {
            return Err(SelectionError::HalfPivot);
        }
        let (mut lines, mut heads) = (Distinct::default(), Distinct::default());
        let mut places: HashMap<(usize, usize), &SummaryRow<'_>> = HashMap::new();
        for &row in rows {
            let raw = |columns: &[ResultColumn<'_>]| columns.iter().map(|column| column.raw(row, overview)).collect();
            let place = (lines.place(raw(&down)), heads.place(raw(&across)));
            if let Some(other) = places.insert(place, row) {
                let keys: Vec<ResultColumn<'_>> = down.iter().chain(&across).copied().collect();
                return Err(ambiguous([row, other], &keys, overview));
            }
        }
        let mut table = Table::new();
        down.iter().for_each(|column| table.push_column(column.head(overview.unit)));
        let head = cell.head(overview.unit);
        for values in &heads.all {
            let parts: Vec<String> = across
                .iter()
                .zip(values)
                .map(|(column, value)| format!("{} = {}", column.heading(), printable(value)))
                .collect();
            let name = format!("{}, {}", head.name, parts.join(", "));
            table.push_column(Column {
                key: name.clone(),
                name,
                unit: head.unit.clone(),
                align: Align::Right,
                rank: None,
            });
        }
        for line in 0..lines.all.len() {
            let row_at = |head: usize| places.get(&(line, head)).copied();
            let first = (0..heads.all.len()).find_map(row_at);
            let labels = down.iter().map(|column| first.map_or_else(Cell::default, |row| column.cell(row, overview)));
            let cells = (0..heads.all.len()).map(|head| {
                row_at(head).map_or_else(Cell::default, |row| cell.cell(row, overview).with_errors(selection.errors))
            });
            table.row(labels.chain(cells).collect());
        }
        Ok(table)
    }
}

/// Items in the order in which they first occur.
#[derive(Default)]
struct Distinct {
    all: Vec<Vec<String>>,
    places: HashMap<Vec<String>, usize>,
}

impl Distinct {
    /// The place of `item`, at the end if it is new.
    fn place(&mut self, item: Vec<String>) -> usize {
        *self.places.entry(item).or_insert_with_key(|item| {
            self.all.push(item.clone());
            self.all.len() - 1
        })
    }
}

/// The error that two rows have one cell, with what they differ in.
fn ambiguous([one, other]: [&SummaryRow<'_>; 2], keys: &[ResultColumn<'_>], overview: &Overview) -> SelectionError {
    let names = ["n", "p", "q", "estimator"].into_iter().chain(overview.setting_names.iter().map(String::as_str));
    let differs = |name: &&str| {
        ResultColumn::named(name, overview)
            .is_some_and(|column| column.raw(one, overview) != column.raw(other, overview))
    };
    let differ: Vec<&str> = names.filter(differs).collect();
    let parts: Vec<String> =
        keys.iter().map(|column| format!("{} = {}", column.name(), column.raw(one, overview))).collect();
    SelectionError::Ambiguous {
        experiment: overview.experiment.clone(),
        place: parts.join(", "),
        differ: differ.join(", "),
    }
}
