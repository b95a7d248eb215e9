//! Pictures of results, as SVG files.

mod decided;
mod draw;
mod fit;
mod frame;
mod image;
mod lollipop;
mod nesting;
mod numeric;
mod plot;
mod screen;
mod series;
mod thumbnail;
mod trials;
mod words;
mod zip_panel;

#[cfg(test)]
mod tests;

use crate::record::{SavedResults, SummaryRow};
use crate::report::shown::shown_rows;
use frame::Frame;

pub use draw::{Width, WidthError};
pub use fit::fit_figure;
pub use frame::Figure;
pub use image::{ImageError, PictureFormat, converted};
pub use screen::{ScreenFigure, for_screens};
pub use thumbnail::thumbnail;
pub use trials::{PICTURED_GROUPS, PicturedTrials, trials_figure_names, trials_figures};

/// The names of all pictures that results may have, in reading order.
pub fn figure_names() -> impl Iterator<Item = &'static str> + Clone {
    plot::PLOTS.iter().chain(plot::ON_DEMAND).map(|&(name, _)| name)
}

/// The pictures of these results, in reading order. A plot that would show nothing is left out.
pub fn figures(results: &SavedResults, width: Width) -> Vec<Figure> {
    drawn(results, width, plot::PLOTS.iter())
}

/// The picture of this name, which may be one that [`figures`] leaves out; none if there is no such plot, or if it would show nothing.
pub fn figure(results: &SavedResults, name: &str, width: Width) -> Option<Figure> {
    let plots = plot::PLOTS.iter().chain(plot::ON_DEMAND);
    drawn(results, width, plots.filter(|(plot, _)| *plot == name)).pop()
}

fn drawn(
    results: &SavedResults,
    width: Width,
    plots: impl Iterator<Item = &'static (&'static str, plot::Plot)>,
) -> Vec<Figure> {
    let is_there = |row: &SummaryRow<'_>| row.comparison.mean.is_some() && row.comparison.closed_form.is_some();
    // Rows without estimates have nothing to draw.
    let with_estimates = results.rows.iter().any(|row| !is_there(row)).then(|| results.of_rows(is_there));
    let results = with_estimates.as_ref().unwrap_or(results);
    let rows: Vec<&SummaryRow<'_>> = results.rows.iter().collect();
    let shown = shown_rows(&results.overview, &rows);
    let shown = shown.map(|(overview, rows)| SavedResults { overview, rows, ..results.clone() });
    let results = shown.as_ref().unwrap_or(results);
    let frame = |name| Frame::new(&results.overview.experiment, name, one_of_several(results), width);
    plots.filter_map(|&(name, plot)| plot(results, frame(name))).collect()
}

/// The estimator of results that had several before some were chosen.
fn one_of_several(results: &SavedResults) -> Option<String> {
    let listed = |key: &str| Some(results.manifest.spec.get(key)?.as_array()?.len());
    // Each component of a gradient has estimators of its own.
    let all = listed("estimators")? * listed("components").unwrap_or(1);
    match results.overview.estimators.as_slice() {
        [one] if all > 1 => Some(one.clone()),
        _ => None,
    }
}
