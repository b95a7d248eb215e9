//! The mean against N: its value, and its distance from theory in standard errors.

use super::scored::{Scored, agreement, numbers, reach};
use crate::record::SavedResults;
use crate::report::figure::draw::{Canvas, Colour, Dash, Kind, Mark, Panel, Scale, Sign, range};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::series::setting;
use crate::report::figure::words::estimate_label;
use crate::report::significant;

/// Draws one setting with several N.
pub(super) fn draw(results: &SavedResults, scored: &[Scored<'_>], mut frame: Frame) -> Figure {
    let signs = [
        (Sign::Mark(Mark::Circle, Colour::A), "mean, ± 2 standard errors"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"),
    ];
    let top = frame.head("The mean of the estimates and the closed form", &signs, 40.0);
    let canvas = &mut frame.canvas;
    let ends = |one: &Scored<'_>| {
        let (mean, error) = (one.row.comparison.estimated(), one.row.comparison.mcse.unwrap_or(0.0));
        [mean - 2.0 * error, mean + 2.0 * error]
    };
    let closed_forms = scored.iter().map(|one| one.row.comparison.estimand());
    let shown = range(scored.iter().flat_map(ends).chain(closed_forms)).unwrap_or((0.0, 0.0));
    let y = Scale::new(Kind::Linear, shown, (top + 200.0, top)).padded(0.06);
    let (left, right) = (canvas.across().0.max(Panel::room_left(&y)), canvas.across().1);
    let x = || Scale::of_counts(scored.iter().map(|one| one.row.n), (left, right));
    let panel = Panel { x: x(), y };
    panel.grid(canvas);
    panel.name_y(canvas, &estimate_label(results.overview.unit));
    let line: Vec<_> = scored.iter().map(|one| panel.at(one.row.n as f64, one.row.comparison.estimand())).collect();
    let first = line.first().map(|&(_, y)| (left, y));
    let last = line.last().map(|&(_, y)| (right, y));
    let line: Vec<_> = first.into_iter().chain(line.iter().copied()).chain(last).collect();
    canvas.line(&line, Colour::Ink, 1.5, Dash::Dashed);
    for one in scored {
        let [low, high] = ends(one).map(|end| panel.at(one.row.n as f64, end));
        canvas.line(&[low, high], Colour::A, 2.0, Dash::Solid);
        canvas.mark(Mark::Circle, panel.at(one.row.n as f64, one.row.comparison.estimated()), 4.5, Colour::A);
    }
    let below = top + 270.0;
    let reach = reach(scored);
    let panel = Panel { x: x(), y: Scale::new(Kind::Linear, (-reach, reach), (below + 130.0, below)) };
    bands(canvas, &panel);
    panel.grid(canvas);
    panel.level(canvas, 0.0, Colour::Ink, Dash::Dashed);
    panel.name_y(canvas, "(mean − expected) / standard error, with bands at ± 1 and ± 2");
    panel.name_x(canvas, "N, symbols per sequence");
    for one in scored {
        let point = panel.at(one.row.n as f64, one.score);
        canvas.line(&[panel.at(one.row.n as f64, 0.0), point], Colour::A, 2.0, Dash::Solid);
        canvas.mark(Mark::Circle, point, 4.5, Colour::A);
    }
    let is_moving = scored.windows(2).any(|pair| match pair {
        [one, next] => one.row.comparison.estimand() != next.row.comparison.estimand(),
        _ => false,
    });
    let more = if is_moving {
        " The closed form depends on N here, because each symbol depends on the previous one."
    } else {
        ""
    };
    let which = scored.first().map(|one| setting(&results.overview, one.row)).filter(|which| !which.is_empty());
    let which = which.map_or(String::new(), |which| format!(" Here {which}."));
    let closed_form = scored.last().map_or(0.0, |one| one.row.comparison.estimand());
    let shows = format!(
        "Means against N, beside the closed form, {} {} at the largest N. {}.",
        significant(closed_form, 5),
        results.overview.unit.name(),
        numbers(results, scored),
    );
    frame.finish(below + 176.0, &shows, format!("{}{more}{which}", agreement(scored)))
}

/// Draws bands that the mean is within with probability 68 % and 95 % if the program is correct.
fn bands(canvas: &mut Canvas, panel: &Panel) {
    let (left, right) = panel.x.ends();
    for (errors, colour) in [(2.0, Colour::Band), (1.0, Colour::Core)] {
        canvas.rect((left, panel.y.at(errors)), (right, panel.y.at(-errors)), colour);
    }
}
