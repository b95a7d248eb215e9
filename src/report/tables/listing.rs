//! A table with a row for each row of results.

use super::column::ResultColumn;
use super::{Cell, Column, ErrorStyle, Table, Value};
use crate::record::{Overview, SummaryRow};

/// A table whose rows are made when they are needed, since a large grid has a million of them.
pub struct Listing<'a> {
    pub(super) overview: &'a Overview,
    pub(super) rows: Vec<&'a SummaryRow<'a>>,
    columns: Vec<ResultColumn<'a>>,
    /// Which columns are followed by one of their standard errors.
    has_error: Vec<bool>,
    errors: ErrorStyle,
}

impl<'a> Listing<'a> {
    /// The listing of these columns of these rows.
    pub(super) fn new(
        overview: &'a Overview,
        rows: Vec<&'a SummaryRow<'a>>,
        columns: Vec<ResultColumn<'a>>,
        errors: ErrorStyle,
    ) -> Self {
        let mut has_error = vec![false; columns.len()];
        if errors == ErrorStyle::Columns {
            for row in &rows {
                for (has_error, column) in has_error.iter_mut().zip(&columns) {
                    *has_error |= matches!(column.value(row, overview), Value::Estimate { error: Some(_), .. });
                }
            }
        }
        Self { overview, rows, columns, has_error, errors }
    }

    /// The columns.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for (column, &has_error) in self.columns.iter().zip(&self.has_error) {
            let head = column.head(self.overview.unit);
            let error =
                Column { key: format!("mcse of {}", head.key), name: format!("mcse of {}", head.name), ..head.clone() };
            columns.push(head);
            columns.extend(has_error.then_some(error));
        }
        columns
    }

    /// The rows, a cell for each column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.rows.iter().map(|row| {
            let mut cells = Vec::with_capacity(self.columns.len());
            for (column, &has_error) in self.columns.iter().zip(&self.has_error) {
                let cell = column.cell(row, self.overview);
                let error = has_error.then(|| cell.error());
                cells.push(cell.with_errors(self.errors));
                cells.extend(error);
            }
            cells
        })
    }

    /// The whole table. People read no digits beyond those that are shown.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new();
        self.columns().into_iter().for_each(|column| table.push_column(column));
        let shown = |row: Vec<Cell>| row.into_iter().map(|cell| Cell { raw: None, ..cell }).collect();
        self.rows().for_each(|row| table.row(shown(row)));
        table
    }
}
