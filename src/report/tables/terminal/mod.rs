//! Tables on a terminal.

mod layout;
#[cfg(test)]
mod tests;
mod wrap;

use super::{Align, Cell, Column, Table, Tone};
use crate::outside::printable;
use anstyle::{AnsiColor, Style};
use layout::{GAP, Layout};
use std::fmt;
use wrap::{cell_lines, columns_of};

pub use wrap::wrapped;

impl Table {
    /// The headings of the columns that are left out on a terminal of `width` columns.
    pub fn hidden_headings(&self, width: Option<usize>) -> Vec<&str> {
        let places = Layout::of(self, width).hidden(self);
        places.iter().filter_map(|&place| self.columns().get(place)).map(|column| column.name.as_str()).collect()
    }
}

/// As a terminal shows it, with colours that the stream drops where they are not wanted. A precision is the width of the terminal:
/// `{table:.80}` breaks headings and text, and leaves out the columns of the highest rank, so that each line has at most 80 columns.
/// If that is not enough, each cell has a line of its own.
impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Layout::of(self, out.precision()) {
            Layout::Columns(shown) => write_columns(out, self, &shown),
            Layout::Lines => write_lines(out, self, out.precision().unwrap_or(usize::MAX)),
        }
    }
}

/// Columns two spaces apart.
fn write_columns(out: &mut fmt::Formatter<'_>, table: &Table, shown: &[(usize, usize)]) -> fmt::Result {
    let header: Vec<Cell> = table.columns().iter().map(|column| printable(&column.name).into()).collect();
    let dim = Style::new().dimmed();
    write!(out, "{dim}")?;
    write_row(out, table.columns(), shown, &header)?;
    write!(out, "{dim:#}")?;
    table.rows().iter().try_for_each(|row| write_row(out, table.columns(), shown, row))
}

/// A row, whose cells may have several lines.
fn write_row(
    out: &mut fmt::Formatter<'_>,
    columns: &[Column],
    shown: &[(usize, usize)],
    cells: &[Cell],
) -> fmt::Result {
    let cells: Vec<(&Column, usize, Style, Vec<String>)> = (shown.iter())
        .filter_map(|&(place, width)| {
            let (column, cell) = (columns.get(place)?, cells.get(place)?);
            Some((column, width, style(cell.tone), cell_lines(&printable(&cell.text()), width)))
        })
        .collect();
    let height = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(1);
    for line in 0..height {
        // Spaces are written before a text only, so that none are left at the end.
        let mut spaces = 0;
        for (column, width, style, lines) in &cells {
            let text = lines.get(line).map_or("", String::as_str);
            let padding = width - columns_of(text).min(*width);
            let (before, behind) = if column.align == Align::Right { (padding, 0) } else { (0, padding) };
            spaces += GAP + before;
            if text.is_empty() {
                spaces += behind;
            } else {
                write!(out, "{:spaces$}{style}{text}{style:#}", "")?;
                spaces = behind;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A line for each cell that is not empty, and an empty line between rows.
fn write_lines(out: &mut fmt::Formatter<'_>, table: &Table, width: usize) -> fmt::Result {
    let names: Vec<String> = table.columns().iter().map(|column| printable(&column.name)).collect();
    let widest = names.iter().map(|name| columns_of(name)).max().unwrap_or(0).min(width / 3);
    let room = width.saturating_sub(2 * GAP + widest).max(1);
    let dim = Style::new().dimmed();
    for (row, cells) in table.rows().iter().enumerate() {
        if row > 0 {
            writeln!(out)?;
        }
        for (name, cell) in names.iter().zip(cells) {
            let text = printable(&cell.text());
            if text.is_empty() {
                continue;
            }
            let (heading, text) = (cell_lines(name, widest), cell_lines(&text, room));
            let style = style(cell.tone);
            for line in 0..heading.len().max(text.len()) {
                let part = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
                let (heading, text) = (part(&heading), part(&text));
                let padding = if text.is_empty() { 0 } else { GAP + widest - columns_of(&heading).min(widest) };
                writeln!(out, "{:GAP$}{dim}{heading}{dim:#}{:padding$}{style}{text}{style:#}", "", "")?;
            }
        }
    }
    Ok(())
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default().bold(),
        Tone::Notable => AnsiColor::Yellow.on_default(),
    }
}
