//! The divergence against a numeric setting.

use crate::record::{SavedCurvePoint, SavedResults};
use crate::report::figure::draw::{
    Canvas, Colour, Dash, Font, Kind, Label, Mark, Panel, Point, Scale, Sign, label_line_ends, range, widest,
};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::numeric::{is_geometric, number_at};
use crate::report::figure::series::{Row, Series, named_value, of_which_estimator};
use crate::report::figure::words::{key_in_full, shown_of, some};
use crate::report::{grouped, significant};

/// With more lines, readers cannot distinguish them.
const LINES: usize = 4;

/// With more points than this, points are drawn small.
const DOTS: usize = 60;

/// The least number of points of a curve.
const POINTS: usize = 3;

/// Draws the divergence over one numeric setting, with a line for each value of a second setting; none if a third varies.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let rows: Vec<&Row> = Series::all(results).iter().filter_map(Series::longest).collect();
    let axes = Axes::of(results, &rows)?;
    let all = axes.lines(results, &rows);
    let lines: Vec<&Line<'_>> = some(&all, LINES);
    lines.iter().find(|line| line.points.len() >= POINTS)?;
    let points = || lines.iter().flat_map(|line| line.points.iter());
    let x_range = range(points().map(|&(x, _)| x))?;
    let heights =
        |&(_, row): &(f64, &Row)| [Some(row.comparison.estimand()), Some(row.comparison.estimated()), row.reverse];
    let curves = || lines.iter().flat_map(|line| line.curve.iter());
    let of_curves = curves().flat_map(|point| [Some(point.closed_form), point.reverse]);
    let (_, highest) = range(points().flat_map(heights).chain(of_curves).flatten())?;
    let unit = results.overview.unit.name();
    let is_one = lines.len() == 1;
    let (forth, back) = if is_one { (Colour::A, Colour::B) } else { (Colour::Muted, Colour::Muted) };
    let mut signs = vec![
        (Sign::Line(forth, Dash::Solid), "KL(P‖Q)"),
        (Sign::Mark(Mark::Circle, forth), "mean of the estimates, ± 2 standard errors"),
    ];
    if points().any(|(_, row)| row.reverse.is_some()) {
        signs.push((Sign::Line(back, Dash::Dashed), "KL(Q‖P)"));
    }
    let top = frame.head("KL divergence in both directions", &signs, 40.0);
    let room = widest(lines.iter().map(|line| line.name.as_str()), Font::SMALL.size).min(160.0);
    let canvas = &mut frame.canvas;
    let room = room.min(0.3 * canvas.width());
    let (left, edge) = canvas.across();
    let right = if is_one { edge } else { edge - 8.0 - room };
    let is_log = lines.iter().all(|line| is_geometric(line.points.iter().map(|&(x, _)| x)));
    let kind = if is_log { Kind::Log } else { Kind::Linear };
    let panel = Panel {
        x: Scale::new(kind, x_range, (left, right)).padded(0.02),
        y: Scale::new(Kind::Linear, (0.0, highest.max(0.0)), (top + 290.0, top)).padded(0.04),
    };
    panel.grid(canvas);
    panel.name_y(canvas, &format!("KL divergence, {unit} per symbol"));
    panel.name_x(canvas, &key_in_full(&axes.across));
    let styles = Colour::SERIES.into_iter().zip(Mark::SERIES);
    let mut labels = Vec::new();
    for (line, (colour, mark)) in lines.iter().zip(styles) {
        let reverse = if is_one { Colour::B } else { colour };
        let of = |value: fn(&Row) -> Option<f64>| line.points.iter().map(move |&(x, row)| (x, value(row)));
        if line.curve.is_empty() {
            trace(canvas, &panel, of(|row| row.reverse), (reverse, Dash::Dashed));
            trace(canvas, &panel, of(|row| Some(row.comparison.estimand())), (colour, Dash::Solid));
        } else {
            let of = |value: fn(&SavedCurvePoint) -> Option<f64>| {
                line.curve.iter().map(move |&point| (point.value, value(point)))
            };
            trace(canvas, &panel, of(|point| point.reverse), (reverse, Dash::Dashed));
            trace(canvas, &panel, of(|point| Some(point.closed_form)), (colour, Dash::Solid));
        }
        let radius = if line.points.len() > DOTS { 1.6 } else { 3.6 };
        for &(x, row) in &line.points {
            let found = &row.comparison;
            if found.estimated().is_finite() {
                let error = found.mcse.unwrap_or(0.0);
                canvas.line(
                    &[panel.at(x, found.estimated() - 2.0 * error), panel.at(x, found.estimated() + 2.0 * error)],
                    colour,
                    1.5,
                    Dash::Solid,
                );
                canvas.mark(mark, panel.at(x, found.estimated()), radius, colour);
            }
        }
        if let Some(&(_, row)) = line.points.last() {
            let y = panel.y.at(row.comparison.estimand());
            labels.push(Label { y, name: line.name.as_str(), colour });
        }
    }
    if !is_one {
        let (_, edge) = panel.y.ends();
        labels.iter_mut().for_each(|label| label.y = label.y.max(edge));
        label_line_ends(canvas, labels, right, room);
    }
    let caption = caption(&axes, unit, &lines, all.len()) + &of_which_estimator(results);
    let shows = format!("Both divergences, in {unit} per symbol, against {}.", key_in_full(&axes.across));
    Some(frame.finish(top + 336.0, &shows, caption))
}

/// The settings that vary: along the axis, and from line to line.
struct Axes {
    across: String,
    across_place: usize,
    lines: Option<(String, usize)>,
}

impl Axes {
    fn of(results: &SavedResults, rows: &[&Row]) -> Option<Self> {
        let names = &results.overview.setting_names;
        let varied: Vec<(usize, Option<usize>)> = (0..names.len())
            .map(|place| (place, different(rows, place)))
            .filter(|&(_, count)| count != Some(1))
            .collect();
        let (across, other) = match *varied.as_slice() {
            [(across, Some(_))] => (across, None),
            [(one, Some(of_one)), (other, Some(of_other))] if of_one >= of_other => (one, Some(other)),
            [(one, Some(_)), (other, Some(_))] => (other, Some(one)),
            _ => return None,
        };
        // The divergence does not depend on how a test ends, nor on what is drawn.
        let is_of_pair = |name: &String| !["S.", "stop.", "decide."].iter().any(|of| name.starts_with(of));
        names.get(across).filter(|name| is_of_pair(name))?;
        let lines = other.and_then(|place| Some((names.get(place)?.clone(), place)));
        Some(Self { across: names.get(across)?.clone(), across_place: across, lines })
    }

    /// The name of the line that a row is on.
    fn name(&self, row: &Row) -> String {
        let name = self.lines.as_ref().and_then(|(name, place)| Some(named_value(name, row.settings.get(*place)?)));
        name.unwrap_or_default()
    }

    /// The rows of each line, along the axis.
    fn lines<'a>(&self, results: &'a SavedResults, rows: &[&'a Row]) -> Vec<Line<'a>> {
        let mut lines: Vec<Line<'a>> = Vec::new();
        for &row in rows {
            let Some(x) = number_at(row, self.across_place) else { continue };
            let name = self.name(row);
            match lines.iter_mut().find(|line| line.name == name) {
                Some(line) => line.points.push((x, row)),
                None => lines.push(Line { name, points: vec![(x, row)], curve: Vec::new() }),
            }
        }
        lines.retain(|line| line.points.len() > 1);
        for point in results.curve.iter().filter(|point| point.parameter == self.across) {
            let Some(row) = results.rows.iter().find(|row| row.condition == point.condition) else { continue };
            let name = self.name(row);
            lines.iter_mut().filter(|line| line.name == name).for_each(|line| line.curve.push(point));
        }
        lines.iter_mut().for_each(|line| line.points.sort_by(|one, other| one.0.total_cmp(&other.0)));
        lines
    }
}

/// Rows that differ in one number.
struct Line<'a> {
    name: String,
    points: Vec<(f64, &'a Row)>,
    /// The exact values between them, if they are known.
    curve: Vec<&'a SavedCurvePoint>,
}

/// The number of values of a setting, if all are numbers.
fn different(rows: &[&Row], place: usize) -> Option<usize> {
    let mut values = rows.iter().map(|row| number_at(row, place)).collect::<Option<Vec<f64>>>()?;
    values.sort_by(f64::total_cmp);
    values.dedup();
    Some(values.len())
}

/// Draws a line through values. It leaves the panel at the top where they are infinite, and breaks where they are unknown.
fn trace(
    canvas: &mut Canvas,
    panel: &Panel,
    values: impl Iterator<Item = (f64, Option<f64>)>,
    (colour, dash): (Colour, Dash),
) {
    let (_, top) = panel.y.ends();
    let mut line: Vec<Point> = Vec::new();
    let mut was_infinite = false;
    for (x, value) in values {
        match value {
            Some(value) if value.is_finite() => {
                line.push(panel.at(x, value));
                was_infinite = false;
            }
            Some(_) => {
                let place = (panel.x.at(x), top);
                if !was_infinite {
                    line.push(place);
                    canvas.line(&line, colour, 2.0, dash);
                }
                line = vec![place];
                was_infinite = true;
                canvas.mark(Mark::Triangle, (place.0, top + 4.0), 4.0, colour);
                let (_, right) = panel.x.ends();
                let (aside, font) = if place.0 + 24.0 > right { (-8.0, Font::BODY.end()) } else { (8.0, Font::BODY) };
                canvas.text((place.0 + aside, top + 12.0), "∞", 20.0, font.of(colour));
            }
            None => {
                canvas.line(&line, colour, 2.0, dash);
                line.clear();
                was_infinite = false;
            }
        }
    }
    canvas.line(&line, colour, 2.0, dash);
}

fn caption(axes: &Axes, unit: &str, lines: &[&Line<'_>], all: usize) -> String {
    let rows = || lines.iter().flat_map(|line| line.points.iter());
    let ends = range(rows().map(|(_, row)| row.comparison.estimand()));
    let mut parts = Vec::new();
    if let Some((low, high)) = ends {
        parts.push(format!("KL(P‖Q) runs from {} to {} {unit} per symbol.", significant(low, 3), significant(high, 3)));
    }
    let larger =
        rows().filter(|(_, row)| row.reverse.is_some_and(|reverse| row.comparison.estimand() > reverse)).count();
    let smaller =
        rows().filter(|(_, row)| row.reverse.is_some_and(|reverse| row.comparison.estimand() < reverse)).count();
    let across = key_in_full(&axes.across);
    match (larger, smaller) {
        (0, 0) => (),
        (_, 0) => parts.push("The dashed line, KL(Q‖P), is never above it.".to_owned()),
        (0, _) => parts.push("The dashed line, KL(Q‖P), is never below it.".to_owned()),
        _ => parts
            .push(format!("The dashed line, KL(Q‖P), is above it at some values of {across} and below it at others.")),
    }
    if lines.iter().all(|line| !line.curve.is_empty()) {
        parts.push("Both lines are exact, between the values of the grid, too.".to_owned());
    }
    if rows().any(|(_, row)| row.comparison.estimand().is_infinite() || row.reverse.is_some_and(f64::is_infinite)) {
        parts.push("A line that leaves at the top is infinite there.".to_owned());
    }
    let lengths = range(rows().map(|(_, row)| row.n as f64));
    if let (Some((low, high)), Some((_, row))) = (lengths, rows().next()) {
        let which = if low == high { format!("N = {}", grouped(row.n)) } else { "the largest N".to_owned() };
        parts.push(format!("The means are those at {which}."));
    }
    parts.extend(shown_of(lines.len(), all, "line"));
    parts.join(" ")
}
