//! Pictures of results, as SVG files.

mod bar;
mod canvas;
mod convergence;
mod curve;
mod estimators;
mod histogram;
mod law;
mod layout;
mod mean;
mod nested;
mod paint;
mod panel;
mod paths;
mod rows;
mod scale;
mod scores;
mod series;
mod tick;
mod variance;
mod words;
mod zip;

#[cfg(test)]
mod tests;

use crate::record::{SavedResults, SummaryRow};
use canvas::Canvas;
use kl_math::statistics::Unit;

/// A picture of results, as a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The name of its file, without `.svg`: law, mean, variance, paths, curve, estimators, nested or zip.
    pub name: String,
    /// What stands above it.
    pub title: String,
    /// What is to be seen in it, in a sentence or two.
    pub caption: String,
    /// What it shows, with the main numbers, for whoever cannot see it.
    pub description: String,
    /// The file.
    pub svg: String,
}

/// The pictures that these results give, in reading order; a picture that would show nothing is left out.
pub fn figures(results: &SavedResults) -> Vec<Figure> {
    let is_there = |row: &SummaryRow<'_>| row.comparison.mean.is_some() && row.comparison.closed_form.is_some();
    if results.rows.iter().all(is_there) {
        return drawn(results);
    }
    // Rows without estimates have nothing to be drawn.
    let rows = results.rows.iter().filter(|row| is_there(row)).cloned().collect();
    drawn(&SavedResults { rows, ..results.clone() })
}

fn drawn(results: &SavedResults) -> Vec<Figure> {
    [
        law::law,
        mean::mean,
        variance::variance,
        paths::paths,
        curve::curve,
        estimators::estimators,
        nested::nested,
        zip::zip,
    ]
    .into_iter()
    .filter_map(|draw| draw(results))
    .map(Drawing::into_figure)
    .collect()
}

/// A picture that is drawn.
struct Drawing {
    name: &'static str,
    title: &'static str,
    caption: String,
    description: String,
    canvas: Canvas,
    height: f64,
}

impl Drawing {
    fn into_figure(self) -> Figure {
        let svg = self.canvas.into_svg(self.height, self.title, &self.description);
        Figure {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            caption: self.caption,
            description: self.description,
            svg,
        }
    }
}

/// What ids in a picture start with: no two pictures of a page have the same.
fn id(results: &SavedResults, name: &str) -> String {
    let safe = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || letter == '-' => letter.to_string(),
        letter => format!("_{:x}", u32::from(letter)),
    };
    let experiment: String = results.overview.experiment.chars().map(safe).collect();
    format!("kl-{experiment}-{name}")
}

/// `estimate of KL(P‖Q), nats a symbol`.
fn estimate_label(unit: Unit) -> String {
    format!("estimate of KL(P‖Q), {} a symbol", unit.name())
}
