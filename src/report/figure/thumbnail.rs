//! A small picture without words, for a list of experiments.

use super::draw::{Colour, Dash, Kind, Mark, Point, Scale, Width};
use super::frame::Frame;
use super::plot::sketch;
use crate::record::SavedResults;
use crate::report::grouped;

/// The height, in the units of pictures: a page shows it in a quarter of the size.
const HEIGHT: f64 = 260.0;

/// Room around what is drawn.
const MARGIN: f64 = 22.0;

/// More marks than this run together.
const MARKS: usize = 60;

/// Returns the SVG: a histogram of estimates on their law, or the means in the band where they are expected; none if there is neither.
pub fn thumbnail(results: &SavedResults) -> Option<String> {
    let experiment = &results.overview.experiment;
    let blank = || Frame::new(experiment, "thumbnail", None, Width::WIDE).canvas;
    let corners = ((MARGIN, MARGIN), (Width::WIDE.pixels() - MARGIN, HEIGHT - MARGIN));
    let mut canvas = blank();
    if let Some(of) = sketch(results, &mut canvas, corners.0, corners.1) {
        let shows = "The bars are the trials, the line or the dots their law.";
        return Some(canvas.into_svg(HEIGHT, &format!("{experiment}: a histogram of the estimates, {of}"), shows));
    }
    let scores: Vec<f64> = results.rows.iter().filter_map(|row| row.comparison.z).filter(|z| z.is_finite()).collect();
    let mut canvas = blank();
    let reach = scores.iter().map(|score| score.abs()).reduce(f64::max)?.max(3.0);
    let y = Scale::new(Kind::Linear, (-reach, reach), (corners.1.1, corners.0.1));
    let (left, right) = (corners.0.0, corners.1.0);
    for (errors, colour) in [(2.0, Colour::Band), (1.0, Colour::Core)] {
        canvas.rect((left, y.at(-errors)), (right, y.at(errors)), colour);
    }
    canvas.line(&[(left, y.at(0.0)), (right, y.at(0.0))], Colour::Muted, 4.0, Dash::Solid);
    let radius = if scores.len() > MARKS { 7.0 } else { 12.0 };
    let step = (right - left) / scores.len() as f64;
    let place = |(place, score): (usize, &f64)| -> Point { (left + step * (place as f64 + 0.5), y.at(*score)) };
    scores.iter().enumerate().map(place).for_each(|point| canvas.mark(Mark::Circle, point, radius, Colour::A));
    let title = format!("{experiment}: the means of {} rows beside theory", grouped(scores.len() as u64));
    Some(canvas.into_svg(HEIGHT, &title, "The band is where they are expected: within one and two standard errors."))
}
