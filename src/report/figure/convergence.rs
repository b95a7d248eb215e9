//! The mean against N: as it is, and in units of its error, which shrinks.

use super::canvas::{Canvas, WIDTH};
use super::mean::{Scored, agreement, numbers, reach};
use super::paint::{Colour, Dash, Font, Mark};
use super::panel::{LEFT, Panel, Sign, key, lengths, range};
use super::scale::{Kind, Scale};
use super::series::setting;
use super::{Drawing, estimate_label};
use crate::record::SavedResults;
use crate::report::significant;

/// The picture of one setting with several N.
pub(super) fn convergence(results: &SavedResults, scored: &[Scored<'_>]) -> Drawing {
    let mut canvas = Canvas::new(super::id(results, "mean"));
    let title = "The mean of the estimates and the closed form";
    canvas.text((10.0, 24.0), title, WIDTH - 20.0, Font::TITLE);
    let signs = [
        (Sign::Mark(Mark::Circle, Colour::A), "mean, ± 2 standard errors"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"),
    ];
    let top = key(&mut canvas, (10.0, 48.0), WIDTH - 10.0, &signs) + 40.0;
    let across = (LEFT + 8.0, WIDTH - 16.0);
    let x = || lengths(scored.iter().map(|one| one.row.n), across);
    let ends = |one: &Scored<'_>| {
        let (mean, error) = (one.row.comparison.estimated(), one.row.comparison.mcse.unwrap_or(0.0));
        [mean - 2.0 * error, mean + 2.0 * error]
    };
    let closed_forms = scored.iter().map(|one| one.row.comparison.estimand());
    let shown = range(scored.iter().flat_map(ends).chain(closed_forms)).unwrap_or((0.0, 0.0));
    let panel = Panel { x: x(), y: Scale::new(Kind::Linear, shown, (top + 200.0, top)).padded(0.06) };
    panel.grid(&mut canvas);
    panel.name_y(&mut canvas, &estimate_label(results.overview.unit));
    let line: Vec<_> = scored.iter().map(|one| panel.at(one.row.n as f64, one.row.comparison.estimand())).collect();
    let (left, right) = across;
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
    bands(&mut canvas, &panel);
    panel.grid(&mut canvas);
    panel.level(&mut canvas, 0.0, Colour::Ink, Dash::Dashed);
    panel.name_y(&mut canvas, "(mean − expected) / standard error, with bands at ± 1 and ± 2");
    panel.name_x(&mut canvas, "N, symbols a sequence");
    for one in scored {
        let point = panel.at(one.row.n as f64, one.score);
        canvas.line(&[panel.at(one.row.n as f64, 0.0), point], Colour::A, 2.0, Dash::Solid);
        canvas.mark(Mark::Circle, point, 4.5, Colour::A);
    }
    let is_moving = scored.windows(2).any(|pair| match pair {
        [one, next] => one.row.comparison.estimand() != next.row.comparison.estimand(),
        _ => false,
    });
    let more = if is_moving { " The closed form itself depends on N here, for the symbols have a memory." } else { "" };
    let which = scored.first().map(|one| setting(&results.overview, one.row)).filter(|which| !which.is_empty());
    let which = which.map_or(String::new(), |which| format!(" Here {which}."));
    let closed_form = scored.last().map_or(0.0, |one| one.row.comparison.estimand());
    let description = format!(
        "Means against N, beside the closed form, {} {} at the largest N. {}. {}",
        significant(closed_form, 5),
        results.overview.unit.name(),
        numbers(results, scored),
        agreement(scored)
    );
    let caption = format!("{}{more}{which}", agreement(scored));
    Drawing { name: "mean", title, caption, description, canvas, height: below + 176.0 }
}

/// Where the mean of a right program lies two times in three, and nineteen in twenty.
fn bands(canvas: &mut Canvas, panel: &Panel) {
    let (left, right) = panel.x.ends();
    for (errors, colour) in [(2.0, Colour::Band), (1.0, Colour::Core)] {
        canvas.rect((left, panel.y.at(errors)), (right, panel.y.at(-errors)), colour);
    }
}
