//! Intervals ranked by how far off they are: a zip plot (Morris, White and Crowther 2019, figure 5).

use super::Drawing;
use super::canvas::{Canvas, Point, WIDTH};
use super::paint::{Colour, Dash, Font};
use super::panel::{LEFT, LINE, Panel, Sign, key, range, write_heading};
use super::scale::{Kind, Scale};
use super::series::{Row, condition};
use super::words::{and, capital, number, shortened, spread};
use crate::record::{SavedInterval, SavedResults};
use crate::report::{counted, significant};
use kl_math::statistics::Measure;

/// More panels are too small to read.
const PANELS: usize = 6;

/// The height of a panel's axes.
const HEIGHT: f64 = 190.0;

/// Some of the intervals of up to six estimators and conditions; none where there are no intervals.
pub(super) fn zip(results: &SavedResults) -> Option<Drawing> {
    let has_intervals = |row: &&Row| !results.intervals_of(row).is_empty();
    let all: Vec<&Row> = results.rows.iter().filter(has_intervals).collect();
    let level = results.manifest.spec.get("level").and_then(serde_json::Value::as_f64)?;
    if all.is_empty() {
        return None;
    }
    let shown: Vec<&Row> = spread(all.len(), PANELS).into_iter().filter_map(|place| all.get(place).copied()).collect();
    let unit = results.overview.unit.name();
    let mut canvas = Canvas::new(super::id(results, "zip"));
    let title = "Which intervals hold the closed form";
    canvas.text((10.0, 24.0), title, WIDTH - 20.0, Font::TITLE);
    let wanted = format!("{} % of them, the stated level", percent(level));
    let signs = [
        (Sign::Line(Colour::A, Dash::Solid), "interval that holds it"),
        (Sign::Line(Colour::B, Dash::Solid), "interval that does not"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"),
        (Sign::Line(Colour::Muted, Dash::Dotted), wanted.as_str()),
    ];
    let top = key(&mut canvas, (10.0, 48.0), WIDTH - 10.0, &signs) + 24.0;
    let columns = shown.len().min(2);
    let across = (WIDTH - 10.0) / columns as f64;
    let height = HEIGHT + LINE + 62.0;
    for (place, row) in shown.iter().enumerate() {
        let at = (across * (place % columns) as f64, top + height * (place / columns) as f64);
        draw(&mut canvas, results, row, (at, across), level);
    }
    let bottom = top + height * shown.len().div_ceil(columns) as f64;
    let below = format!("interval, {unit} a symbol; upward: percent of the trials that are fewer standard errors off");
    canvas.text((WIDTH / 2.0, bottom + 2.0), &below, WIDTH - 20.0, Font::BODY.middle());
    let caption = caption(results, &shown, all.len(), level);
    let description = format!("Intervals ranked by how many of their standard errors they are off. {caption}");
    Some(Drawing { name: "zip", title, caption, description, canvas, height: bottom + 16.0 })
}

fn draw(canvas: &mut Canvas, results: &SavedResults, row: &Row, ((left, top), across): (Point, f64), level: f64) {
    let heading = [row.estimator.to_string(), condition(&results.overview, row)];
    let heading = heading.map(|words| shortened(&words, across - 20.0, Font::SMALL.size));
    write_heading(canvas, &heading, (left + 10.0, top), across - 20.0);
    let intervals = results.intervals_of(row);
    let closed_form = row.comparison.estimand();
    let ends = intervals.iter().flat_map(|interval| [interval.ends.0, interval.ends.1]);
    let Some(shown) = range(ends.chain([closed_form])) else { return };
    let (upper, lower) = (top + LINE + 12.0, top + LINE + 12.0 + HEIGHT);
    let panel = Panel {
        x: Scale::new(Kind::Linear, shown, (left + LEFT, left + across - 14.0)).padded(0.03),
        y: Scale::new(Kind::Linear, (0.0, 100.0), (lower, upper)),
    };
    panel.grid(canvas);
    let drawn = |interval: &&SavedInterval| interval.ends.0.is_finite() && interval.ends.1.is_finite();
    for interval in intervals.iter().filter(drawn).filter(|interval| (0.0..=100.0).contains(&interval.centile)) {
        let [(low, y), (high, _)] = [interval.ends.0, interval.ends.1].map(|end| panel.at(end, interval.centile));
        // One without any width is seen, too.
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
    let told = |row: &&Row| {
        let coverage = row.measures.iter().find(|assessed| assessed.measure == Measure::Coverage)?;
        Some(format!("{} % of {} at {}", percent(coverage.estimate), row.estimator, condition(&results.overview, row)))
    };
    let told: Vec<String> = shown.iter().filter_map(told).collect();
    let holding = if told.is_empty() { String::new() } else { format!(" Those that hold it: {}.", and(&told)) };
    let mut caption = format!("Of intervals at a level of {} %, the worst are at the top.{holding}", percent(level));
    if shown.len() < all {
        caption += &format!(" {} of {} are shown.", capital(&number(shown.len())), counted(all as u64, "row"));
    }
    caption
}
