//! The text beside rows: in columns if there is room, else as a heading above the rows of one setting.

use super::scored::Scored;
use crate::record::SavedResults;
use crate::report::figure::draw::{Canvas, Colour, Font, widest};
use crate::report::figure::series::{line_name, setting};
use crate::report::figure::words::{capital, key_in_short};
use crate::report::grouped;

/// The height of a row.
const ROW: f64 = 19.0;

/// The largest width of all columns of text together, as a part of the picture's.
const WORDS: f64 = 0.403;

/// The gap between two columns.
const GAP: f64 = 12.0;

/// The places of rows, columns and headings.
pub(super) struct Layout {
    columns: Vec<Column>,
    headings: Vec<(f64, String)>,
    /// The middle of each row.
    pub(super) places: Vec<f64>,
    /// Where the last row ends.
    pub(super) bottom: f64,
}

impl Layout {
    /// The layout of some rows below `top`.
    pub(super) fn new(results: &SavedResults, scored: &[Scored<'_>], top: f64, width: f64) -> Self {
        let (overview, words) = (&results.overview, WORDS * width);
        let mut columns: Vec<Column> = Vec::new();
        for (place, name) in overview.setting_names.iter().enumerate() {
            let cells = scored.iter().map(|one| one.row.settings.get(place).cloned().unwrap_or_default());
            columns.push(Column::new(key_in_short(name), cells.collect()));
        }
        let settings = columns.len();
        columns.push(Column::new("N".to_owned(), scored.iter().map(|one| grouped(one.row.n)).collect()));
        if overview.estimators.len() > 1 {
            let names = scored.iter().map(|one| one.row.estimator.to_string());
            columns.push(Column::new("estimator".to_owned(), names.collect()));
        }
        let has_room = columns.iter().map(|column| column.width + GAP).sum::<f64>() <= words;
        if !has_room {
            columns.drain(..settings);
            columns.iter_mut().for_each(|column| column.width = column.width.min(words / 2.0));
        }
        let (mut headings, mut places) = (Vec::new(), Vec::new());
        let mut y = top + 18.0;
        let mut before = None;
        for one in scored {
            if !has_room && before != Some(&one.row.settings) {
                let room = width - 20.0;
                let (whole, name) = (setting(overview, one.row), line_name(overview, one.row, room));
                // Shortened headings may be equal: the name distinguishes them.
                headings.push((y, if name == whole { whole } else { format!("{}: {whole}", capital(&name)) }));
                before = Some(&one.row.settings);
                y += ROW;
            }
            places.push(y);
            y += ROW;
        }
        Self { columns, headings, places, bottom: y - 4.0 }
    }

    /// Where the columns end.
    pub(super) fn left(&self) -> f64 {
        10.0 + self.columns.iter().map(|column| column.width + GAP).sum::<f64>()
    }

    /// Writes columns and headings.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: f64) {
        let width = canvas.width();
        for (y, heading) in &self.headings {
            canvas.rect((0.0, y - 12.5), (width, y + 8.0), Colour::Paper);
            canvas.text((10.0, y + 4.0), heading, width - 20.0, Font::SMALL.muted());
        }
        let mut left = 10.0;
        for column in &self.columns {
            let right = left + column.width;
            canvas.text((right, top), &column.head, column.width, Font::SMALL.muted().end());
            for (y, cell) in self.places.iter().zip(&column.cells) {
                canvas.text((right, y + 4.0), cell, column.width, Font::SMALL.end());
            }
            left = right + GAP;
        }
    }
}

/// A column of text.
struct Column {
    head: String,
    cells: Vec<String>,
    width: f64,
}

impl Column {
    fn new(head: String, cells: Vec<String>) -> Self {
        let texts = cells.iter().chain([&head]).map(String::as_str);
        Self { width: widest(texts, Font::SMALL.size), head, cells }
    }
}
