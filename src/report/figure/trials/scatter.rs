//! Estimates against their standard errors.

use super::PicturedTrials;
use crate::external_trials::{PicturedGroup, PicturedTrial};
use crate::report::counted;
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, LEFT, Mark, Panel, Scale, Sign, range};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::words::{and, shown_of};

/// The height of a panel's axes.
const HEIGHT: f64 = 190.0;

/// Draws some trials of some groups; none without standard errors.
pub(super) fn plot(trials: &PicturedTrials<'_>, mut frame: Frame) -> Option<Figure> {
    let shown: Vec<&PicturedGroup> = trials.pictured.iter().filter(|group| !group.points.is_empty()).collect();
    let are_errors = shown.first()?.are_errors;
    let has_estimand = shown.iter().any(|group| group.estimand.is_some());
    let signs: &[(Sign, &str)] = if has_estimand {
        &[
            (Sign::Mark(Mark::Circle, Colour::A), "interval contains the estimand"),
            (Sign::Mark(Mark::Triangle, Colour::B), "interval does not"),
            (Sign::Line(Colour::Ink, Dash::Dashed), "estimand"),
        ]
    } else {
        &[(Sign::Mark(Mark::Circle, Colour::A), "trial")]
    };
    let top = frame.head("Estimates and their standard errors", signs, 24.0);
    let headings = trials.panel_headings(&frame, &shown);
    let bottom = frame.panels(top, HEIGHT + 76.0, &headings, |canvas, place, area| {
        if let Some(group) = shown.get(place) {
            draw(canvas, group, area);
        }
    });
    frame.name_shared_x(bottom + 2.0, if are_errors { "estimate − estimand of its row" } else { "estimate" });
    let caption = caption(trials, &shown);
    let counts: Vec<String> = shown
        .iter()
        .map(|group| {
            format!("{} of {}", counted(group.points.len() as u64, "trial"), trials.headings(&group.keys).join(", "))
        })
        .collect();
    let shows = format!("Points of standard errors over estimates: {}.", and(&counts));
    Some(frame.finish(bottom + 16.0, &shows, caption))
}

fn draw(canvas: &mut Canvas, group: &PicturedGroup, Area { left, top, width }: Area) {
    let estimates = group.points.iter().map(|point| point.estimate);
    let (Some(across), Some(up)) =
        (range(estimates.chain(group.estimand)), range(group.points.iter().map(|point| point.std_error)))
    else {
        return;
    };
    let (upper, lower) = (top + 26.0, top + 26.0 + HEIGHT);
    canvas.text((left + 10.0, top + 17.0), "standard error", width - 20.0, Font::SMALL.muted());
    let panel = Panel {
        x: Scale::new(Kind::Linear, across, (left + LEFT, left + width - 14.0)).padded(0.04),
        y: Scale::new(Kind::Linear, up, (lower, upper)).padded(0.06),
    };
    panel.grid(canvas);
    if let Some(estimand) = group.estimand.filter(|estimand| estimand.is_finite()) {
        panel.upright(canvas, estimand, Colour::Ink, Dash::Dashed);
    }
    // Those that miss are fewer: they are drawn last.
    let misses = |point: &&PicturedTrial| point.holds == Some(false);
    let (off, on): (Vec<&PicturedTrial>, Vec<&PicturedTrial>) = group.points.iter().partition(misses);
    for point in on.into_iter().chain(off) {
        let (mark, colour) = if misses(&point) { (Mark::Triangle, Colour::B) } else { (Mark::Circle, Colour::A) };
        canvas.mark(mark, panel.at(point.estimate, point.std_error), 2.4, colour);
    }
}

fn caption(trials: &PicturedTrials<'_>, shown: &[&PicturedGroup]) -> String {
    let is_cut = |group: &&&PicturedGroup| {
        let all = trials.groups.iter().find(|other| other.keys == group.keys);
        all.is_some_and(|all| all.trials - all.without_std_error.min(all.trials) > group.points.len() as u64)
    };
    let mut parts = vec!["Points far to a side or far up are trials to look at one by one.".to_owned()];
    if shown.iter().any(|group| is_cut(&group)) {
        parts.push("Of many trials some hundred are shown, evenly spread over the file.".to_owned());
    }
    parts.extend(shown_of(shown.len(), trials.groups.len(), "group"));
    parts.join(" ")
}
