//! A row for each condition: its setting, the distance of the mean from theory, and the mean.

use super::layout::Layout;
use super::scored::{Quantity, Scored, agreement, numbers, reach};
use crate::record::SavedResults;
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, Mark, Panel, Scale, Sign, widest};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::{grouped, with_error};

/// The largest width of the column of means.
const MEANS: f64 = 150.0;

/// Narrower pictures give it no more than it needs.
const NARROW: f64 = 560.0;

/// Draws some rows.
pub(super) fn draw(results: &SavedResults, scored: &[Scored<'_>], mut frame: Frame) -> Figure {
    let mut signs = Vec::new();
    if Scored::has(scored, Quantity::Mean) {
        signs.push((Sign::Mark(Mark::Circle, Colour::A), "mean of the estimates"));
    }
    if Scored::has(scored, Quantity::Infinite) {
        signs.push((Sign::Mark(Mark::Diamond, Colour::B), "number of infinite estimates"));
    }
    signs.push((Sign::Band(Colour::Core), "± 1"));
    signs.push((Sign::Band(Colour::Band), "± 2 standard errors"));
    let top = frame.head("The distance of the means from theory", &signs, 26.0);
    let canvas = &mut frame.canvas;
    let layout = Layout::new(results, scored, top, canvas.width());
    let (left, edge) = (layout.left(), canvas.width());
    let seen: Vec<String> = scored.iter().map(observed).collect();
    let needed = widest(seen.iter().map(String::as_str), Font::SMALL.size).max(90.0);
    let means = if edge < NARROW { needed.min(MEANS) } else { MEANS };
    let reach = reach(scored);
    let panel = Panel {
        x: Scale::new(Kind::Linear, (-reach, reach), (left + 6.0, edge - means - 20.0)),
        y: Scale::new(Kind::Linear, (0.0, 1.0), (layout.bottom, top + 6.0)),
    };
    bands(canvas, &panel);
    panel.grid_across(canvas);
    panel.upright(canvas, 0.0, Colour::Ink, Dash::Dashed);
    panel.name_x(canvas, "(observed − expected) / standard error");
    layout.draw(canvas, top);
    let unit = results.overview.unit.name();
    let head = if Scored::has(scored, Quantity::Mean) { format!("observed ({unit})") } else { "observed".to_owned() };
    canvas.text((edge - 10.0, top), &head, means, Font::SMALL.muted().end());
    for ((one, &y), seen) in scored.iter().zip(&layout.places).zip(&seen) {
        let point = (panel.x.at(one.score), y);
        let (mark, colour) = match one.quantity {
            Quantity::Mean => (Mark::Circle, Colour::A),
            Quantity::Infinite => (Mark::Diamond, Colour::B),
        };
        canvas.line(&[(panel.x.at(0.0), y), point], colour, 2.0, Dash::Solid);
        canvas.mark(mark, point, 4.5, colour);
        canvas.text((edge - 10.0, y + 4.0), seen, means, Font::SMALL.end());
    }
    let left_out = results.rows.len() - scored.len();
    let noun = super::row_noun(results);
    let more = match left_out {
        0 => String::new(),
        1 => format!(
            " One {noun} is left out: its estimates are constant, or the exact mean or the standard error is not known."
        ),
        some => format!(
            " {} {noun}s are left out: their estimates are constant, or the exact mean or the standard error is not known.",
            grouped(some as u64)
        ),
    };
    let each = if noun == "row" { "each condition and estimator" } else { "each condition" };
    let shows = format!("A row for {each}. {}.", numbers(results, scored));
    frame.finish(layout.bottom + 46.0, &shows, format!("{}{more}", agreement(scored)))
}

/// What was observed: the mean, or the number of infinite estimates.
fn observed(one: &Scored<'_>) -> String {
    let found = &one.row.comparison;
    match one.quantity {
        Quantity::Mean => with_error(found.estimated(), found.mcse),
        Quantity::Infinite => format!("∞: {} of {}", grouped(found.infinite_trials), grouped(found.trials)),
    }
}

fn bands(canvas: &mut Canvas, panel: &Panel) {
    let (bottom, top) = panel.y.ends();
    for (errors, colour) in [(2.0, Colour::Band), (1.0, Colour::Core)] {
        canvas.rect((panel.x.at(-errors), bottom), (panel.x.at(errors), top), colour);
    }
}
