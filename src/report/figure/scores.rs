//! Very many means, as a histogram of how far they are off, against the standard normal law.

use super::Drawing;
use super::canvas::{Canvas, Point, WIDTH};
use super::mean::{Scored, agreement, reach};
use super::paint::{Colour, Dash, Font};
use super::panel::{LEFT, Panel, Sign, key};
use super::scale::{Kind, Scale};
use crate::record::SavedResults;
use crate::report::counted;

/// The width of a bar, in standard errors.
const BAR: f64 = 0.5;

/// No more bars on either side: what is farther off goes into the last.
const BARS: usize = 20;

/// The picture of all rows.
pub(super) fn scores(results: &SavedResults, scored: &[Scored<'_>]) -> Drawing {
    let mut canvas = Canvas::new(super::id(results, "mean"));
    let title = "How far the means lie from what theory says";
    canvas.text((10.0, 24.0), title, WIDTH - 20.0, Font::TITLE);
    let signs =
        [(Sign::Bar(Colour::Bar), "conditions"), (Sign::Line(Colour::B, Dash::Solid), "expected: a normal law")];
    let top = key(&mut canvas, (10.0, 48.0), WIDTH - 10.0, &signs) + 40.0;
    let side = ((reach(scored) / BAR).ceil() as usize).min(BARS);
    let mut counts = vec![0u64; 2 * side];
    for one in scored {
        let place = (one.score / BAR).floor() + side as f64;
        let place = place.clamp(0.0, (2 * side - 1) as f64) as usize;
        counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    let edge = |place: f64| (place - side as f64) * BAR;
    let all = scored.len() as f64;
    let density = |score: f64| all * BAR * libm::exp(-score * score / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
    let highest = counts.iter().map(|&count| count as f64).fold(density(0.0), f64::max);
    let panel = Panel {
        x: Scale::new(Kind::Linear, (edge(0.0), edge(2.0 * side as f64)), (LEFT + 8.0, WIDTH - 16.0)),
        y: Scale::new(Kind::Linear, (0.0, highest * 1.05), (top + 230.0, top)),
    };
    panel.grid(&mut canvas);
    panel.name_y(&mut canvas, "number of conditions");
    panel.name_x(&mut canvas, "(mean − expected) / standard error");
    for (place, &count) in counts.iter().enumerate() {
        let (from, to) = (edge(place as f64), edge(place as f64 + 1.0));
        let (x, y) = panel.at(from, count as f64);
        canvas.rect((x + 1.0, y), (panel.x.at(to) - 1.0, panel.y.at(0.0)), Colour::Bar);
    }
    let steps = 120;
    let score = |step: usize| edge(0.0) * (1.0 - 2.0 * step as f64 / steps as f64);
    let curve: Vec<Point> = (0..=steps).map(|step| panel.at(score(step), density(score(step)))).collect();
    canvas.line(&curve, Colour::B, 2.0, Dash::Solid);
    panel.upright(&mut canvas, 0.0, Colour::Ink, Dash::Dashed);
    let caption = agreement(scored);
    let description = format!(
        "A histogram of {} by how far their means are off. {caption}",
        counted(scored.len() as u64, "condition")
    );
    Drawing { name: "mean", title, caption, description, canvas, height: top + 276.0 }
}
