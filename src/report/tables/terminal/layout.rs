//! The layout of a table on a terminal.

use super::wrap::{cell_lines, columns_of};
use crate::outside::printable;
use crate::report::Value;
use crate::report::tables::{Cell, Table};

/// The columns of the terminal between two columns of a table, or before the first.
pub(super) const GAP: usize = 2;

/// A column of text may become this narrow, if its words do; the second where the table does not fit with the first.
const NARROW: [usize; 2] = [14, 10];

/// How a table is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Side by side: the columns that are shown, each with its width.
    Columns(Vec<(usize, usize)>),
    /// A line for each cell, since not even narrow columns fit side by side, or only those that tell rows apart.
    Lines,
}

/// The widths that a column may have.
#[derive(Clone, Debug)]
struct Span {
    narrow: usize,
    /// The heading is broken, but no cell.
    unbroken: usize,
    wide: usize,
    /// The widths of the heading and the first cells.
    needed: Vec<usize>,
}

/// As many cells of a column speak for all when room is divided.
const ASKED: usize = 200;

impl Span {
    /// The characters that go beyond a width.
    fn excess(&self, width: usize) -> usize {
        self.needed.iter().map(|needed| needed.saturating_sub(width)).sum()
    }
}

impl Layout {
    /// The layout of a table on at most `width` columns; as wide as it needs if that is `None`.
    pub(super) fn of(table: &Table, width: Option<usize>) -> Self {
        let [usual, narrower] = NARROW;
        let spans_of = |least| (0..table.columns().len()).map(|place| span(table, place, least)).collect::<Vec<_>>();
        let mut spans = spans_of(usual);
        let narrowest: usize = spans.iter().map(|span| GAP + span.narrow).sum();
        if width.is_some_and(|width| width < narrowest) {
            spans = spans_of(narrower);
        }
        let mut shown: Vec<usize> = (0..spans.len()).collect();
        let wide = |shown: &[usize], part: fn(&Span) -> usize| -> usize {
            shown.iter().map(|&place| GAP + part(&spans[place])).sum()
        };
        let Some(width) = width.filter(|&width| width < wide(&shown, |span| span.wide)) else {
            return Self::Columns(shown.iter().map(|&place| (place, spans[place].wide)).collect());
        };
        while wide(&shown, |span| span.narrow) > width {
            let rank = |place: &&usize| table.columns().get(**place).and_then(|column| column.rank);
            let ranked = || shown.iter().filter(|place| rank(place).is_some());
            // What tells rows apart says nothing alone.
            let Some(&last) = ranked().max_by_key(rank).filter(|_| ranked().count() > 1) else {
                return Self::Lines;
            };
            shown.retain(|&place| place != last);
        }
        let floor: fn(&Span) -> usize =
            if wide(&shown, |span| span.unbroken) <= width { |span| span.unbroken } else { |span| span.narrow };
        let mut widths: Vec<usize> = shown.iter().map(|&place| floor(&spans[place])).collect();
        let mut room = width - wide(&shown, floor);
        while room > 0 {
            // One more for the column in which most text does not fit.
            let excess = |column: &(usize, &usize)| spans[shown[column.0]].excess(*column.1);
            match widths.iter().enumerate().max_by_key(excess).filter(|column| excess(column) > 0) {
                Some((column, _)) => widths[column] += 1,
                None => break,
            }
            room -= 1;
        }
        // Broken text may need less than it was given.
        let used = |(place, width): (usize, usize)| (place, used(table, place, width).min(width));
        Self::Columns(shown.into_iter().zip(widths).map(used).collect())
    }

    /// The columns that it leaves out.
    pub(super) fn hidden(&self, table: &Table) -> Vec<usize> {
        match self {
            Self::Lines => Vec::new(),
            Self::Columns(shown) => {
                (0..table.columns().len()).filter(|place| !shown.iter().any(|(other, _)| other == place)).collect()
            }
        }
    }
}

fn span(table: &Table, place: usize, least_text: usize) -> Span {
    let heading = table.columns().get(place).map(|column| printable(&column.name)).unwrap_or_default();
    let (mut narrow, mut unbroken) = (longest_word(&heading), longest_word(&heading));
    let mut wide = columns_of(&heading);
    let mut needed = vec![wide];
    for cell in table.rows().iter().filter_map(|row| row.get(place)) {
        let text = printable(&cell.text());
        let full = columns_of(&text);
        let least = match cell.value {
            Value::Text(_) => full.min(longest_word(&text).max(least_text)),
            _ => full,
        };
        (narrow, unbroken, wide) = (narrow.max(least), unbroken.max(full), wide.max(full));
        if needed.len() < ASKED {
            needed.push(full);
        }
    }
    Span { narrow, unbroken, wide, needed }
}

/// The columns that a column of the table takes when it is broken at `width`.
fn used(table: &Table, place: usize, width: usize) -> usize {
    let heading = table.columns().get(place).map(|column| column.name.clone());
    let cells = table.rows().iter().filter_map(|row| row.get(place)).map(Cell::text);
    let lines = heading.into_iter().chain(cells).flat_map(|text| cell_lines(&printable(&text), width));
    lines.map(|line| columns_of(&line)).max().unwrap_or(0)
}

/// The columns of the longest word; of a very long one only so many, since it can be cut.
fn longest_word(text: &str) -> usize {
    const CUT: usize = 24;
    text.split(' ').map(columns_of).max().unwrap_or(0).min(CUT)
}
