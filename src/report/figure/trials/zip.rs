//! Intervals ranked by their distance from the estimand (Morris, White and Crowther 2019, figure 5).

use super::PicturedTrials;
use crate::external_trials::{GroupPerformance, PicturedGroup, PicturedInterval};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::words::{and, shown_of};
use crate::report::figure::zip_panel::{PANEL, RankedEnds, ZipPanel, percent, signs, wanted};
use kl_math::statistics::Measure;

/// Draws some of the intervals of some groups; none without intervals or without an estimand.
pub(super) fn plot(trials: &PicturedTrials<'_>, mut frame: Frame) -> Option<Figure> {
    let level = trials.level?;
    let shown: Vec<&PicturedGroup> = trials.pictured.iter().filter(|group| !group.intervals.is_empty()).collect();
    let are_errors = shown.first()?.are_errors;
    let wanted = wanted(level);
    let top = frame.head("Which intervals contain the estimand", &signs("estimand", &wanted), 24.0);
    let headings = trials.panel_headings(&frame, &shown);
    let bottom = frame.panels(top, PANEL, &headings, |canvas, place, area| {
        if let Some(group) = shown.get(place) {
            panel(group, level).draw(canvas, area);
        }
    });
    frame.name_shared_x(bottom + 2.0, if are_errors { "interval − estimand of its row" } else { "interval" });
    let caption = caption(trials, &shown, level);
    let shows = "Intervals ranked by their distance from the estimand in lengths of the interval on that side.";
    Some(frame.finish(bottom + 16.0, shows, caption))
}

fn panel(group: &PicturedGroup, level: f64) -> ZipPanel {
    let ranked = |one: &PicturedInterval| RankedEnds { centile: one.centile, ends: one.ends, holds: one.holds };
    ZipPanel {
        intervals: group.intervals.iter().map(ranked).collect(),
        estimand: group.estimand.unwrap_or(f64::NAN),
        level,
        upward: "% of the intervals, nearest to the estimand first",
    }
}

fn caption(trials: &PicturedTrials<'_>, shown: &[&PicturedGroup], level: f64) -> String {
    let coverage = |keys: &[String]| {
        let group: &GroupPerformance = trials.groups.iter().find(|group| group.keys == keys)?;
        group.measures.iter().find(|found| found.measure == Measure::Coverage).map(|found| found.estimate)
    };
    let share = |group: &&PicturedGroup| {
        let name = trials.headings(&group.keys).join(", ");
        Some(format!("{} % of {name}", percent(coverage(&group.keys)?)))
    };
    let shares: Vec<String> = shown.iter().filter_map(share).collect();
    let mut parts =
        vec![format!("Intervals at a level of {} %, the farthest from the estimand at the top.", percent(level))];
    if !shares.is_empty() {
        parts.push(format!("Share that contains it: {}.", and(&shares)));
    }
    parts.extend(shown_of(shown.len(), trials.groups.len(), "group"));
    parts.join(" ")
}
