//! A row for each condition: what was varied, how far the mean is off, and the mean itself.

use super::Drawing;
use super::canvas::{Canvas, WIDTH};
use super::layout::Layout;
use super::mean::{Kind, Scored, agreement, numbers, reach};
use super::paint::{Colour, Dash, Font, Mark};
use super::panel::{Panel, Sign, key};
use super::scale;
use super::scale::Scale;
use crate::record::SavedResults;
use crate::report::{grouped, with_error};

/// The room of the means, at the right.
const MEANS: f64 = 150.0;

/// The picture of some rows.
pub(super) fn rows(results: &SavedResults, scored: &[Scored<'_>]) -> Drawing {
    let mut canvas = Canvas::new(super::id(results, "mean"));
    let title = "How far the means lie from what theory says";
    canvas.text((10.0, 24.0), title, WIDTH - 20.0, Font::TITLE);
    let mut signs = Vec::new();
    if Scored::has(scored, Kind::Mean) {
        signs.push((Sign::Mark(Mark::Circle, Colour::A), "mean of the estimates"));
    }
    if Scored::has(scored, Kind::Infinite) {
        signs.push((Sign::Mark(Mark::Diamond, Colour::B), "number of infinite estimates"));
    }
    signs.push((Sign::Band(Colour::Core), "± 1"));
    signs.push((Sign::Band(Colour::Band), "± 2 standard errors"));
    let top = key(&mut canvas, (10.0, 48.0), WIDTH - 10.0, &signs) + 26.0;
    let layout = Layout::new(results, scored, top);
    let left = layout.left();
    let reach = reach(scored);
    let panel = Panel {
        x: Scale::new(scale::Kind::Linear, (-reach, reach), (left + 6.0, WIDTH - MEANS - 20.0)),
        y: Scale::new(scale::Kind::Linear, (0.0, 1.0), (layout.bottom, top + 6.0)),
    };
    bands(&mut canvas, &panel);
    panel.grid_across(&mut canvas);
    panel.upright(&mut canvas, 0.0, Colour::Ink, Dash::Dashed);
    panel.name_x(&mut canvas, "(seen − expected) / standard error");
    layout.draw(&mut canvas, top);
    let unit = results.overview.unit.name();
    let head = if Scored::has(scored, Kind::Mean) { format!("seen, {unit} a symbol") } else { "seen".to_owned() };
    canvas.text((WIDTH - 10.0, top), &head, MEANS, Font::SMALL.muted().end());
    for (one, &y) in scored.iter().zip(&layout.places) {
        let found = &one.row.comparison;
        let point = (panel.x.at(one.score), y);
        let (mark, colour, seen) = match one.kind {
            Kind::Mean => (Mark::Circle, Colour::A, with_error(found.estimated(), found.mcse)),
            Kind::Infinite => {
                let (infinite, trials) = (grouped(found.infinite_trials), grouped(found.trials));
                (Mark::Diamond, Colour::B, format!("∞: {infinite} of {trials}"))
            }
        };
        canvas.line(&[(panel.x.at(0.0), y), point], colour, 2.0, Dash::Solid);
        canvas.mark(mark, point, 4.5, colour);
        canvas.text((WIDTH - 10.0, y + 4.0), &seen, MEANS, Font::SMALL.end());
    }
    let left_out = results.rows.len() - scored.len();
    let more = match left_out {
        0 => String::new(),
        1 => " One condition is left out: its estimates leave nothing to chance, or have no standard error.".to_owned(),
        some => format!(
            " {} conditions are left out: their estimates leave nothing to chance, or have no standard error.",
            grouped(some as u64)
        ),
    };
    let caption = format!("{}{more}", agreement(scored));
    let description = format!("A row for each condition. {}. {caption}", numbers(results, scored));
    Drawing { name: "mean", title, caption, description, canvas, height: layout.bottom + 46.0 }
}

fn bands(canvas: &mut Canvas, panel: &Panel) {
    let (bottom, top) = panel.y.ends();
    for (errors, colour) in [(2.0, Colour::Band), (1.0, Colour::Core)] {
        canvas.rect((panel.x.at(-errors), bottom), (panel.x.at(errors), top), colour);
    }
}
