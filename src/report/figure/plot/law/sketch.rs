//! One histogram on its law, without axes, for a small picture.

use super::bar::Shape;
use super::choice::chosen;
use super::histogram::Histogram;
use super::span;
use crate::record::SavedResults;
use crate::report::figure::draw::{Canvas, Colour, Dash, Kind, Mark, Panel, Point, Scale};
use crate::report::figure::series::{condition, named};

/// More dots than this run together.
const DOTS: usize = 16;

/// Draws the histogram of a row whose law is known, or else of any row, between two corners; the longest sequences first. Returns what it
/// is of; none if there is no histogram.
pub(in crate::report::figure) fn sketch(
    results: &SavedResults,
    canvas: &mut Canvas,
    (left, top): Point,
    (right, bottom): Point,
) -> Option<String> {
    let histograms =
        chosen(results).into_iter().filter_map(|row| Some((row, Histogram::of(row, results.bins_of(row))?)));
    let (row, histogram) = histograms.max_by_key(|(row, histogram)| {
        (histogram.is_known() || histogram.is_approximated(), histogram.bars.len() > 1, row.n)
    })?;
    let kind = match histogram.shape {
        Shape::Powers(core) => Kind::Symmetric(core),
        _ => Kind::Linear,
    };
    let apart = if histogram.infinite.is_some() { 90.0 } else { 0.0 };
    let infinite = histogram.infinite.map_or(0.0, |(share, exact)| share.max(exact.unwrap_or(0.0)));
    let highest = if histogram.bars.is_empty() { infinite } else { histogram.highest() };
    let panel = Panel {
        x: Scale::new(kind, span(&histogram, f64::NAN), (left, right - apart)).padded(0.06),
        y: Scale::new(Kind::Linear, (0.0, highest), (bottom, top)),
    };
    let spacing = histogram.spacing().map_or(120.0, |spacing| panel.x.at(spacing) - panel.x.at(0.0));
    let half = match histogram.shape {
        Shape::Atoms => (spacing * 0.4).clamp(3.0, 28.0),
        _ => 0.0,
    };
    let ends = |ends: (f64, f64)| (panel.x.at(ends.0) - half, panel.x.at(ends.1) + half);
    for bar in &histogram.bars {
        let (from, to) = ends(bar.ends);
        canvas.rect((from, bottom), (to, panel.y.at(bar.height())), Colour::Bar);
    }
    let law = histogram.bars.iter().filter_map(|bar| {
        let (from, to) = ends(bar.ends);
        Some(((from + to) / 2.0, panel.y.at(bar.exact_height().or(bar.approximate_height())?)))
    });
    let law: Vec<Point> = law.collect();
    if law.len() > DOTS && is_even(&law) {
        canvas.line(&law, Colour::B, 8.0, Dash::Solid);
    } else {
        let radius = if law.len() > DOTS { 7.0 } else { 13.0 };
        law.iter().for_each(|&point| canvas.mark(Mark::Circle, point, radius, Colour::B));
    }
    if let Some((share, exact)) = histogram.infinite {
        let shares = Scale::new(
            Kind::Linear,
            (0.0, if histogram.shape == Shape::Atoms { highest.max(infinite) } else { 1.0 }),
            (bottom, top),
        );
        let x = right - 40.0;
        canvas.rect((x - 30.0, bottom), (x + 30.0, shares.at(share)), Colour::Bar);
        exact.into_iter().for_each(|exact| canvas.mark(Mark::Circle, (x, shares.at(exact)), 13.0, Colour::B));
    }
    canvas.line(&[(left, bottom), (right, bottom)], Colour::Muted, 4.0, Dash::Solid);
    Some(named(row, condition(&results.overview, row), results.overview.estimators.len() > 1))
}

/// Whether the points are about equally far apart, so that a line through them is no zigzag.
fn is_even(points: &[Point]) -> bool {
    let gaps = points.windows(2).map(|pair| pair[1].0 - pair[0].0);
    let (least, most) = gaps.fold((f64::INFINITY, 0.0_f64), |(least, most), gap| (least.min(gap), most.max(gap)));
    most <= 2.0 * least
}
