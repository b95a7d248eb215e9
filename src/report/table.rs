//! What a table is, whatever it is printed as.

use anstyle::{AnsiColor, Style};
use std::fmt;
use unicode_width::UnicodeWidthStr;

/// Which side a column's cells stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// How a cell is to be felt.
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

/// A cell's text and tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text, on one line.
    pub text: String,
    /// The tone.
    pub tone: Tone,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, tone: Tone::Plain }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Named columns and rows of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more column, before any row.
    pub fn column(&mut self, name: impl Into<String>, align: Align) {
        self.columns.push((name.into(), align));
    }

    /// One more row, a cell for each column.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The columns.
    pub fn columns(&self) -> &[(String, Align)] {
        &self.columns
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The same table without the columns in which every cell is empty.
    #[must_use]
    pub fn without_empty_columns(self) -> Self {
        let kept: Vec<usize> = (0..self.columns.len())
            .filter(|&column| self.rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.text.is_empty())))
            .collect();
        let pick = |row: Vec<Cell>| kept.iter().filter_map(|&column| row.get(column).cloned()).collect();
        Self {
            columns: kept.iter().filter_map(|&column| self.columns.get(column).cloned()).collect(),
            rows: self.rows.into_iter().map(pick).collect(),
        }
    }
}

/// As a terminal shows it: columns two spaces apart, colours where the reader of the stream wants them.
impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self;
        let width = |column: usize, name: &str| {
            let cells = table.rows().iter().filter_map(|row| row.get(column)).map(|cell| cell.text.width());
            cells.chain([name.width()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> =
            table.columns().iter().enumerate().map(|(column, (name, _))| width(column, name)).collect();
        let dim = Style::new().dimmed();
        let header: Vec<Cell> = table.columns().iter().map(|(name, _)| name.as_str().into()).collect();
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
    for (place, ((cell, (_, align)), &width)) in cells.iter().zip(table.columns()).zip(widths).enumerate() {
        let padding = " ".repeat(width - cell.text.width().min(width));
        let style = style(cell.tone);
        write!(out, "  ")?;
        match align {
            Align::Right => write!(out, "{padding}{style}{}{style:#}", cell.text)?,
            Align::Left if place == last => write!(out, "{style}{}{style:#}", cell.text)?,
            Align::Left => write!(out, "{style}{}{style:#}{padding}", cell.text)?,
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
