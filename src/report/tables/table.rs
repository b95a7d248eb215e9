//! What a table is, whatever it is printed as.

use super::{ErrorStyle, Value};
use crate::outside::printable;
use crate::record::FieldValue;
use anstyle::{AnsiColor, Style};
use std::fmt;
use unicode_width::UnicodeWidthStr;

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
        Self { value: self.value.error(), tone: Tone::Plain, raw: Some(raw) }
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
        Self { value, tone: Tone::Plain, raw: None }
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
        self.columns.push(Column { key: name.clone(), name, unit: None, align });
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

/// As a terminal shows it: columns two spaces apart, with colours that the stream drops where they are not wanted.
impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self;
        let width = |column: usize, name: &str| {
            let cells =
                table.rows().iter().filter_map(|row| row.get(column)).map(|cell| printable(&cell.text()).width());
            cells.chain([name.width()]).max().unwrap_or(0)
        };
        let names: Vec<String> = table.columns().iter().map(|column| printable(&column.name)).collect();
        let widths: Vec<usize> = names.iter().enumerate().map(|(place, name)| width(place, name)).collect();
        let dim = Style::new().dimmed();
        let header: Vec<Cell> = names.iter().map(|name| name.as_str().into()).collect();
        write!(out, "{dim}")?;
        write_row(out, table, &widths, &header)?;
        write!(out, "{dim:#}")?;
        for row in table.rows() {
            write_row(out, table, &widths, row)?;
        }
        Ok(())
    }
}

fn write_row(out: &mut fmt::Formatter<'_>, table: &Table, widths: &[usize], cells: &[Cell]) -> fmt::Result {
    let last = cells.len().saturating_sub(1);
    for (place, ((cell, column), &width)) in cells.iter().zip(table.columns()).zip(widths).enumerate() {
        let text = printable(&cell.text());
        let padding = " ".repeat(width - text.width().min(width));
        let style = style(cell.tone);
        write!(out, "  ")?;
        match column.align {
            Align::Right => write!(out, "{padding}{style}{text}{style:#}")?,
            Align::Left if place == last => write!(out, "{style}{text}{style:#}")?,
            Align::Left => write!(out, "{style}{text}{style:#}{padding}")?,
        }
    }
    writeln!(out)
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Notable => AnsiColor::Yellow.on_default(),
    }
}
