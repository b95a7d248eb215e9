//! What a table is, whatever it is printed as.

use super::{ErrorStyle, Value};
use crate::record::FieldValue;

/// The side on which the cells of a column are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// The style of a table cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// All is well.
    Good,
    /// Something is wrong.
    Bad,
    /// Worth noticing.
    Notable,
}

/// The value of a cell, its style, and its text in files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// The style.
    pub tone: Tone,
    /// The text in files, where that differs from what people read.
    pub raw: Option<String>,
    /// The whole text, where what people read is shortened.
    pub whole: Option<String>,
}

impl Cell {
    /// As people read it.
    pub fn text(&self) -> String {
        self.value.to_string()
    }

    /// The standard error of an estimate, in a cell of its own.
    pub(super) fn error(&self) -> Self {
        let raw = match self.value {
            Value::Estimate { error, .. } => FieldValue::of(error).to_string(),
            _ => String::new(),
        };
        Self { value: self.value.error(), raw: Some(raw), ..Self::default() }
    }

    /// The same cell with an estimate's standard error in this style.
    #[must_use]
    pub(super) fn with_errors(self, style: ErrorStyle) -> Self {
        match self.value {
            Value::Estimate { value, error, .. } => Self { value: Value::Estimate { value, error, style }, ..self },
            _ => self,
        }
    }

    /// As programs read it.
    pub fn raw(&self) -> String {
        self.raw.clone().unwrap_or_else(|| self.text())
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, ..Self::default() }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Value::Text(text).into()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in files.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// The unit of its numbers, if they have one.
    pub unit: Option<String>,
    /// Where its cells stand.
    pub align: Align,
    /// If it may be left out on a narrow terminal, its place among those: the highest goes first.
    pub rank: Option<usize>,
}

impl Column {
    /// The name, and the unit if there is one.
    pub fn heading(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} ({unit})", self.name),
            None => self.name.clone(),
        }
    }
}

/// Named columns and rows of cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more column, before any row.
    pub fn column(&mut self, name: impl Into<String>, align: Align) {
        let name = name.into();
        self.columns.push(Column { key: name.clone(), name, unit: None, align, rank: None });
    }

    /// One more column with its name in files and its unit, before any row.
    pub fn push_column(&mut self, column: Column) {
        self.columns.push(column);
    }

    /// One more row, a cell for each column.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The same table with the whole texts of what is shortened in the first cells of each row.
    #[must_use]
    pub(in crate::report) fn with_whole(mut self, whole: impl Iterator<Item = Vec<Option<String>>>) -> Self {
        for (row, whole) in self.rows.iter_mut().zip(whole) {
            row.iter_mut().zip(whole).for_each(|(cell, whole)| cell.whole = whole);
        }
        self
    }

    /// The same table with these ranks, by the names of columns in files.
    #[must_use]
    pub(super) fn ranked(mut self, rank: impl Fn(&str) -> Option<usize>) -> Self {
        self.columns.iter_mut().for_each(|column| column.rank = rank(&column.key));
        self
    }

    /// The same table without the columns in which every cell is empty.
    #[must_use]
    pub fn without_empty_columns(self) -> Self {
        let is_empty =
            |column: usize| self.rows.iter().all(|row| row.get(column).is_none_or(|cell| cell.text().is_empty()));
        let kept: Vec<bool> = (0..self.columns.len()).map(|column| !is_empty(column)).collect();
        Self {
            columns: picked(self.columns, &kept),
            rows: self.rows.into_iter().map(|row| picked(row, &kept)).collect(),
        }
    }
}

fn picked<T>(items: Vec<T>, kept: &[bool]) -> Vec<T> {
    items.into_iter().zip(kept).filter_map(|(item, &is_kept)| is_kept.then_some(item)).collect()
}
