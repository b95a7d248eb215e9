//! The cells of a column, and what is wrong with them.

use super::kind::Kind;
use super::{Column, ColumnFile};
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::words::listed;
use crate::external_trials::Rows;
use crate::outside::printable;
use csv::ByteRecord;
use kl_math::distribution::Number;
use std::io;

/// So many mistakes in the lines of a file are shown.
pub(super) const MOST_MISTAKES: usize = 5;

/// Reads the cells of a file and reports what is wrong with them.
pub(super) struct CellReader<'a, 'b> {
    pub(super) file: &'a ColumnFile<'a>,
    pub(super) mistakes: usize,
    pub(super) report: &'b mut Report,
}

impl CellReader<'_, '_> {
    pub(super) fn cells(&mut self, bytes: &[u8]) -> Option<(Option<Vec<String>>, Vec<Number>)> {
        let file = self.file;
        let (mut rows, mut cells) = (Rows::new(bytes, None, b'.'), ByteRecord::new());
        let first = rows.next(&mut cells);
        let Some(first_line) = self.line(first)? else {
            let diagnostic = Diagnostic::new(format!("{}: the file is empty", file.path)).at(file.place);
            self.report.push(diagnostic.help("write a number for each symbol, one a line"));
            return None;
        };
        let place = self.place(file.column.as_ref(), &cells, "column");
        let symbols = match &file.symbols {
            Some(column) => self.place(Some(column), &cells, "symbols").map(Some),
            None => Some(None),
        };
        let (place, symbols) = (place?, symbols?);
        let name = match cells.get(place) {
            Some(name) if self.has_header(&cells, place) => shown(name),
            _ => format!("column {}", place + 1),
        };
        let (mut names, mut numbers) = (symbols.map(|_| Vec::new()), Vec::new());
        let mut line = if self.has_header(&cells, place) {
            let next = rows.next(&mut cells);
            self.line(next)?
        } else {
            Some(first_line)
        };
        while let Some(number) = line {
            match cells.get(place) {
                None => self.mistake(number, &format!("there is no `{name}`"), "write a number into each line"),
                Some(cell) => match std::str::from_utf8(cell).ok().and_then(|cell| file.kind.number(cell)) {
                    Some(found) => numbers.push(found),
                    None => {
                        let title = format!("`{name}` is {}, but {}", shown(cell), file.kind.rule());
                        self.mistake(number, &title, self.help(cell));
                    }
                },
            }
            if let (Some(names), Some(place)) = (&mut names, symbols) {
                match cells.get(place).and_then(|cell| std::str::from_utf8(cell).ok()) {
                    Some(symbol) => names.push(symbol.to_owned()),
                    None => self.mistake(number, "the symbol has no name", "name it in UTF-8"),
                }
            }
            let next = rows.next(&mut cells);
            line = self.line(next)?;
        }
        Some((names, numbers))
    }

    /// What to do about a cell that is not right.
    fn help(&self, cell: &[u8]) -> &'static str {
        let number = std::str::from_utf8(cell).ok().and_then(|cell| cell.parse::<f64>().ok());
        let commas = cell.iter().filter(|&&byte| byte == b',').count();
        match (self.file.kind, number) {
            (Kind::Probabilities, Some(number)) if number > 1.0 => {
                "for whole numbers add kind = \"counts\", for other numbers kind = \"weights\""
            }
            (Kind::Probabilities, Some(number)) if number < 0.0 => "for logarithms of weights add kind = \"logits\"",
            (Kind::Counts, Some(number)) if number >= 0.0 => "for numbers with fractions add kind = \"weights\"",
            (_, None) if commas == 1 => "write a decimal point in numbers",
            _ => "correct the line, or remove it",
        }
    }

    /// The place of a column, counted from 0.
    fn place(&mut self, column: Option<&(Column, Place)>, first: &ByteRecord, key: &str) -> Option<usize> {
        let names = || first.iter().map(shown).collect::<Vec<_>>();
        let columns = || format!("its columns are {}", listed(&names().iter().map(String::as_str).collect::<Vec<_>>()));
        let path = self.file.path;
        let (title, at, help) = match column {
            None if first.len() == 1 => return Some(0),
            None => {
                let title = format!("{path} has {} columns", first.len());
                (title, self.file.place, format!("say which: {key} = \"…\"; {}", columns()))
            }
            Some((Column::Number(number), _)) if *number <= first.len() => return Some(number - 1),
            Some((Column::Number(number), at)) => {
                (format!("{path} has no column {number}: it has {}", first.len()), *at, columns())
            }
            Some((Column::Name(name), at)) => {
                let mut places =
                    first.iter().enumerate().filter(|(_, cell)| *cell == name.as_bytes()).map(|(place, _)| place);
                match (places.next(), places.next()) {
                    (Some(place), None) => return Some(place),
                    (Some(_), Some(_)) => {
                        let title = format!("{path} has two columns `{}`", printable(name));
                        (title, *at, format!("say which by its number: {key} = 1 is the first column"))
                    }
                    (None, _) => (format!("{path} has no column `{}`", printable(name)), *at, columns()),
                }
            }
        };
        self.report.push(Diagnostic::new(title).at(at).help(help));
        None
    }

    /// Whether the first row names the columns.
    fn has_header(&self, first: &ByteRecord, place: usize) -> bool {
        let is_named = |column: &Option<(Column, Place)>| matches!(column, Some((Column::Name(_), _)));
        let is_number = |cell: &[u8]| {
            std::str::from_utf8(cell).is_ok_and(|cell| cell.parse::<f64>().is_ok() || Number::fraction(cell).is_ok())
        };
        is_named(&self.file.column) || is_named(&self.file.symbols) || !first.get(place).is_some_and(is_number)
    }

    fn mistake(&mut self, line: u64, title: &str, help: &str) {
        self.mistakes += 1;
        if self.mistakes <= MOST_MISTAKES {
            let title = format!("{}:{line}: {title}", self.file.path);
            self.report.push(Diagnostic::new(title).at(self.file.place).help(help));
        }
    }

    /// The line of the next row, if there is one.
    fn line(&mut self, read: io::Result<Option<u64>>) -> Option<Option<u64>> {
        read.map_err(|error| {
            let title = format!("cannot read {}: {error}", self.file.path);
            self.report.push(Diagnostic::new(title).at(self.file.place));
        })
        .ok()
    }
}

/// A cell in a message: what others wrote, made harmless and not too long.
fn shown(cell: &[u8]) -> String {
    const MOST: usize = 40;
    let text = String::from_utf8_lossy(cell);
    let cut: String = text.chars().take(MOST).collect();
    let end = if text.chars().count() > MOST { "…" } else { "" };
    format!("{}{end}", printable(&cut))
}
