//! A histogram of the distances of very many means from theory, beside the standard normal law.

use super::scored::{Scored, agreement, reach};
use crate::report::counted;
use crate::report::figure::draw::{Colour, Dash, Kind, Panel, Point, Scale, Sign};
use crate::report::figure::frame::{Figure, Frame};

/// The width of a bar, in standard errors.
const BAR: f64 = 0.5;

/// The largest number of bars on either side; the last bar includes whatever is farther away.
const BARS: usize = 20;

/// Draws all rows; `noun` says what a row is.
pub(super) fn draw(noun: &str, scored: &[Scored<'_>], mut frame: Frame) -> Figure {
    let things = format!("{noun}s");
    let signs =
        [(Sign::Bar(Colour::Bar), things.as_str()), (Sign::Line(Colour::B, Dash::Solid), "expected: a normal law")];
    let top = frame.head("The distance of the means from theory", &signs, 40.0);
    let canvas = &mut frame.canvas;
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
        x: Scale::new(Kind::Linear, (edge(0.0), edge(2.0 * side as f64)), canvas.across()),
        y: Scale::new(Kind::Linear, (0.0, highest * 1.05), (top + 230.0, top)),
    };
    panel.grid(canvas);
    panel.name_y(canvas, &format!("number of {things}"));
    panel.name_x(canvas, "(mean − expected) / standard error");
    for (place, &count) in counts.iter().enumerate() {
        let (from, to) = (edge(place as f64), edge(place as f64 + 1.0));
        let (x, y) = panel.at(from, count as f64);
        canvas.rect((x + 1.0, y), (panel.x.at(to) - 1.0, panel.y.at(0.0)), Colour::Bar);
    }
    let steps = 120;
    let score = |step: usize| edge(0.0) * (1.0 - 2.0 * step as f64 / steps as f64);
    let curve: Vec<Point> = (0..=steps).map(|step| panel.at(score(step), density(score(step)))).collect();
    canvas.line(&curve, Colour::B, 2.0, Dash::Solid);
    panel.upright(canvas, 0.0, Colour::Ink, Dash::Dashed);
    let shows = format!("A histogram of {} by how far their means are off.", counted(scored.len() as u64, noun));
    frame.finish(top + 276.0, &shows, agreement(scored))
}
