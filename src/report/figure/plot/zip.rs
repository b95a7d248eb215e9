//! Intervals ranked by their distance from the closed form: a zip plot (Morris, White and Crowther 2019, figure 5).

use crate::record::{SavedInterval, SavedResults};
use crate::report::figure::draw::{Canvas, Colour, Dash, Font, Kind, LEFT, Panel, Scale, Sign, range};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::{Row, condition, headings};
use crate::report::figure::words::{and, shown_of, some};
use crate::report::significant;
use kl_math::statistics::Measure;

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// The height of a panel's axes.
const HEIGHT: f64 = 190.0;

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
    let wanted = format!("{} % of the intervals, the nominal level", percent(level));
    let signs = [
        (Sign::Line(Colour::A, Dash::Solid), "interval that contains it"),
        (Sign::Line(Colour::B, Dash::Solid), "interval that does not"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"),
        (Sign::Line(Colour::Muted, Dash::Dotted), wanted.as_str()),
    ];
    let top = frame.head("Which intervals contain the closed form", &signs, 24.0);
    let width = Frame::heading_width(shown.len());
    let headings = headings(&results.overview, &shown, width, true);
    let bottom = frame.panels(top, HEIGHT + 76.0, &headings, |canvas, place, area| {
        if let Some(row) = shown.get(place) {
            draw(canvas, results, row, area, level);
        }
    });
    frame.name_shared_x(bottom + 2.0, &format!("interval, {unit} per symbol"));
    let caption = caption(results, &shown, all.len(), level);
    let shows = "Intervals ranked by their distance from the closed form in standard errors.";
    Some(frame.finish(bottom + 16.0, shows, caption))
}

fn draw(canvas: &mut Canvas, results: &SavedResults, row: &Row, Area { left, top, width }: Area, level: f64) {
    let intervals = results.intervals_of(row);
    let closed_form = row.comparison.estimand();
    let ends = intervals.iter().flat_map(|interval| [interval.ends.0, interval.ends.1]);
    let Some(shown) = range(ends.chain([closed_form])) else { return };
    let (upper, lower) = (top + 26.0, top + 26.0 + HEIGHT);
    let upward = "% of the trials, nearest to theory first";
    canvas.text((left + 10.0, top + 17.0), upward, width - 20.0, Font::SMALL.muted());
    let panel = Panel {
        x: Scale::new(Kind::Linear, shown, (left + LEFT, left + width - 14.0)).padded(0.03),
        y: Scale::new(Kind::Linear, (0.0, 100.0), (lower, upper)),
    };
    panel.grid(canvas);
    let drawn = |interval: &&SavedInterval| interval.ends.0.is_finite() && interval.ends.1.is_finite();
    for interval in intervals.iter().filter(drawn).filter(|interval| (0.0..=100.0).contains(&interval.centile)) {
        let [(low, y), (high, _)] = [interval.ends.0, interval.ends.1].map(|end| panel.at(end, interval.centile));
        // An interval of width zero must be visible, too.
        let room = (1.0 - 0.5 * (high - low)).max(0.0);
        let ends = [(low - room, y), (high + room, y)];
        canvas.line(&ends, if interval.holds { Colour::A } else { Colour::B }, 1.2, Dash::Solid);
    }
    if closed_form.is_finite() {
        panel.upright(canvas, closed_form, Colour::Ink, Dash::Dashed);
    }
    panel.level(canvas, 100.0 * level, Colour::Muted, Dash::Dotted);
}

fn percent(share: f64) -> String {
    significant(100.0 * share, 4)
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
