//! Intervals ranked by their distance from the closed form: a zip plot (Morris, White and Crowther 2019, figure 5).

use crate::record::{SavedInterval, SavedResults};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::series::{Row, condition, headings};
use crate::report::figure::words::{and, shown_of, some};
use crate::report::figure::zip_panel::{PANEL, RankedEnds, ZipPanel, percent, signs, wanted};
use kl_math::statistics::Measure;

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// Draws some of the intervals of up to six rows; none if there are no intervals.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let has_intervals = |row: &&Row| !results.intervals_of(row).is_empty();
    let all: Vec<&Row> = results.rows.iter().filter(has_intervals).collect();
    let level = results.manifest.spec.get("level").and_then(serde_json::Value::as_f64)?;
    if all.is_empty() {
        return None;
    }
    let shown: Vec<&Row> = some(&all, PANELS).into_iter().copied().collect();
    let unit = results.overview.unit.name();
    let wanted = wanted(level);
    let signs = signs("closed form of KL(P‖Q)", &wanted);
    let top = frame.head("Which intervals contain the closed form", &signs, 24.0);
    let width = frame.heading_width(shown.len());
    let headings = headings(&results.overview, &shown, width, true);
    let bottom = frame.panels(top, PANEL, &headings, |canvas, place, area| {
        if let Some(row) = shown.get(place) {
            panel(results, row, level).draw(canvas, area);
        }
    });
    frame.name_shared_x(bottom + 2.0, &format!("interval, {unit} per symbol"));
    let caption = caption(results, &shown, all.len(), level);
    let shows = "Intervals ranked by their distance from the closed form in standard errors.";
    Some(frame.finish(bottom + 16.0, shows, caption))
}

/// The intervals of a row.
fn panel(results: &SavedResults, row: &Row, level: f64) -> ZipPanel {
    let ranked = |one: &SavedInterval| RankedEnds { centile: one.centile, ends: one.ends, holds: one.holds };
    ZipPanel {
        intervals: results.intervals_of(row).iter().map(ranked).collect(),
        estimand: row.comparison.estimand(),
        level,
        upward: "% of the trials, nearest to theory first",
    }
}

fn caption(results: &SavedResults, shown: &[&Row], all: usize, level: f64) -> String {
    let share = |row: &&Row| {
        let coverage = row.measures.iter().find(|assessed| assessed.measure == Measure::Coverage)?;
        Some(format!("{} % of {} at {}", percent(coverage.estimate), row.estimator, condition(&results.overview, row)))
    };
    let shares: Vec<String> = shown.iter().filter_map(share).collect();
    let holding = if shares.is_empty() {
        String::new()
    } else {
        format!(" Share that contains the closed form: {}.", and(&shares))
    };
    let mut caption = format!(
        "Intervals at a level of {} %, the farthest from the closed form in standard errors at the top.{holding}",
        percent(level)
    );
    caption.extend(shown_of(shown.len(), all, "row").map(|words| format!(" {words}")));
    caption
}
