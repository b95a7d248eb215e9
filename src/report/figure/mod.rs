//! Pictures of results, as SVG files.

mod draw;
mod frame;
mod plot;
mod series;
mod words;

#[cfg(test)]
mod tests;

use crate::record::{SavedResults, SummaryRow};
use crate::report::shown::shown_rows;
use frame::Frame;

pub use frame::Figure;

/// The pictures of these results, in reading order. A plot that would show nothing is left out.
pub fn figures(results: &SavedResults) -> Vec<Figure> {
    let is_there = |row: &SummaryRow<'_>| row.comparison.mean.is_some() && row.comparison.closed_form.is_some();
    if results.rows.iter().all(is_there) {
        return drawn(results);
    }
    // Rows without estimates have nothing to draw.
    let rows = results.rows.iter().filter(|row| is_there(row)).cloned().collect();
    drawn(&SavedResults { rows, ..results.clone() })
}

fn drawn(results: &SavedResults) -> Vec<Figure> {
    let rows: Vec<&SummaryRow<'_>> = results.rows.iter().collect();
    let shown = shown_rows(&results.overview, &rows);
    let shown = shown.map(|(overview, rows)| SavedResults { overview, rows, ..results.clone() });
    let results = shown.as_ref().unwrap_or(results);
    let frame = |name| Frame::new(&results.overview.experiment, name);
    plot::PLOTS.iter().filter_map(|&(name, plot)| plot(results, frame(name))).collect()
}
