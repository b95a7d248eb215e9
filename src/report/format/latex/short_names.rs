//! Short names of distributions in a table for paper: P₁, P₂, with what they stand for in the caption.

use super::letters::escaped;
use crate::report::Table;

/// A column of shorter texts is left as it is.
const LONG: usize = 12;

/// A text of more characters is cut in the caption.
const MOST: usize = 160;

/// The short names of a column.
#[derive(Debug)]
pub(super) struct ShortNames {
    letter: &'static str,
    /// The distinct texts in order of first occurrence.
    texts: Vec<String>,
    /// Which of them is in each row.
    rows: Vec<Option<usize>>,
}

impl ShortNames {
    /// The names of a column of P, Q or S, if it has long texts.
    pub(super) fn of(table: &Table, column: usize) -> Option<Self> {
        let key = &table.columns().get(column)?.key;
        let letter = ["P", "Q", "S"].into_iter().find(|letter| key.eq_ignore_ascii_case(letter))?;
        let cells = || table.rows().iter().map(|row| row.get(column));
        if cells().flatten().all(|cell| cell.text().chars().count() <= LONG) {
            return None;
        }
        let mut texts: Vec<String> = Vec::new();
        let rows = cells().map(|cell| {
            let text =
                cell.map(|cell| cell.whole.clone().unwrap_or_else(|| cell.raw())).filter(|text| !text.is_empty())?;
            let known = texts.iter().position(|known| *known == text);
            Some(known.unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            }))
        });
        let rows = rows.collect();
        Some(Self { letter, texts, rows })
    }

    /// The name in a row; empty if there is none.
    pub(super) fn name(&self, row: usize) -> String {
        self.rows.get(row).copied().flatten().map(|place| self.of_place(place)).unwrap_or_default()
    }

    /// What each name stands for.
    pub(super) fn legend(&self) -> String {
        let cut = |text: &String| match text.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
            None => text.clone(),
        };
        let named = self.texts.iter().enumerate();
        named.map(|(place, text)| format!(" {} = {}.", self.of_place(place), escaped(&cut(text)))).collect()
    }

    fn of_place(&self, place: usize) -> String {
        format!("${}_{{{}}}$", self.letter, place + 1)
    }
}
