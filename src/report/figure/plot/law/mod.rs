//! The estimates of some conditions, against their exact law.

mod bar;
mod choice;
mod histogram;
mod sketch;

use crate::record::SavedResults;
use crate::report::figure::draw::{
    Anchor, Canvas, Colour, Dash, Font, Kind, LEFT, Mark, Panel, Point, Scale, Sign, range, shortened,
    width as text_width,
};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::{Row, condition, headings, named};
use crate::report::figure::words::{and, capital, errors, estimate_label, length, number_of, percent};
use crate::report::{grouped, significant};
use bar::{Bar, Shape};
use choice::{chosen, left_out};
use histogram::Histogram;

pub(in crate::report::figure) use sketch::sketch;

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// The height of a panel with its text.
const ROW: f64 = 214.0;

/// A histogram of each of some rows.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let chosen: Vec<(&Row, Histogram)> =
        chosen(results).into_iter().filter_map(|row| Some((row, Histogram::of(row, results.bins_of(row))?))).collect();
    let (first, _) = chosen.first()?;
    let is_known = chosen.iter().any(|(_, histogram)| histogram.is_known());
    let is_near = chosen.iter().any(|(_, histogram)| histogram.is_approximated());
    let title = match (is_known, is_near) {
        (true, false) => "The estimates and their exact law",
        (_, true) => "The estimates and their law",
        (false, false) => "The distribution of the estimates",
    };
    let mut signs = vec![(Sign::Bar(Colour::Bar), "share of the trials")];
    if is_known {
        signs.push((Sign::Mark(Mark::Circle, Colour::B), "exact law"));
    }
    if is_near {
        signs.push((Sign::Line(Colour::B, Dash::Dashed), "approximate law (saddlepoint)"));
    }
    if chosen.iter().any(|(row, _)| row.comparison.estimand().is_finite()) {
        signs.push((Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"));
    }
    let zero = match chosen.iter().filter(|(row, _)| favours(row)).count() {
        0 => "0",
        all if all == chosen.len() => "0: to the left, a sequence favours Q",
        _ => "0: to the left, log_ratio favours Q",
    };
    signs.push((Sign::Line(Colour::Muted, Dash::Dotted), zero));
    let top = frame.head(title, &signs, 26.0);
    let width = frame.heading_width(chosen.len());
    let rows: Vec<&Row> = chosen.iter().map(|&(row, _)| row).collect();
    let headings = headings(&results.overview, &rows, width, results.overview.estimators.len() > 1);
    let bottom = frame.panels(top, ROW, &headings, |canvas, place, area| {
        if let Some((row, histogram)) = chosen.get(place) {
            draw(canvas, row, histogram, area);
        }
    });
    frame.name_shared_x(bottom + 8.0, &estimate_label(first.unit));
    let caption = caption(results, &chosen, &rows);
    let shown = chosen.iter().map(|(row, _)| {
        let (found, name) =
            (&row.comparison, named(row, condition(&results.overview, row), results.overview.estimators.len() > 1));
        let name = shortened(&name, 300.0, Font::SMALL.size);
        format!("{name}: mean {}, closed form {}", significant(found.estimated(), 5), significant(found.estimand(), 5))
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    let count = capital(&number_of(chosen.len(), "histogram"));
    let shows = format!("{count} of the estimates in {}. {shown}.", first.unit.name());
    Some(frame.finish(bottom + 22.0, &shows, caption))
}

/// Whether the sign of an estimate says which of P and Q gives the sequence the larger probability.
fn favours(row: &Row) -> bool {
    row.estimator == "log_ratio"
}

impl Histogram {
    fn is_known(&self) -> bool {
        self.bars.iter().any(|bar| bar.exact_height().is_some())
            || self.infinite.is_some_and(|(_, exact)| exact.is_some())
    }

    fn is_approximated(&self) -> bool {
        self.bars.iter().any(|bar| bar.approximate.is_some())
    }
}

fn draw(canvas: &mut Canvas, row: &Row, histogram: &Histogram, Area { left, top, width }: Area) {
    let height = match histogram.shape {
        Shape::Atoms => "share of trials, each value".to_owned(),
        Shape::Density => format!("density, a {}", row.unit.name().trim_end_matches('s')),
        Shape::Powers(_) => "share of trials, each bin twice as wide as the last".to_owned(),
    };
    canvas.text((left + 10.0, top + 17.0), &height, width - 20.0, Font::SMALL.muted());
    let apart = if histogram.infinite.is_some() { 46.0 } else { 0.0 };
    let ends = (left + LEFT, left + width - 12.0 - apart);
    let kind = match histogram.shape {
        Shape::Powers(core) => Kind::Symmetric(core),
        _ => Kind::Linear,
    };
    let closed_form = row.comparison.estimand();
    let x = Scale::new(kind, span(histogram, closed_form), ends).padded(0.06);
    // Arrows stand above the bars.
    let room = if x.holds(0.0) && x.holds(closed_form) { 1.08 } else { 1.16 };
    let y = Scale::new(Kind::Linear, (0.0, histogram.highest() * room), (top + ROW - 42.0, top + 26.0));
    let panel = Panel { x, y };
    panel.grid(canvas);
    panel.clipped(canvas, |canvas| {
        match histogram.shape {
            Shape::Atoms => atoms(canvas, &panel, histogram),
            _ => ranges(canvas, &panel, histogram),
        }
        panel.upright(canvas, 0.0, Colour::Muted, Dash::Dotted);
        if closed_form.is_finite() {
            panel.upright(canvas, closed_form, Colour::Ink, Dash::Dashed);
        }
    });
    for (value, name) in [(0.0, "0"), (closed_form, "closed form")] {
        beyond(canvas, &panel, value, name);
    }
    if let Some((share, exact)) = histogram.infinite {
        // Beside densities a share has a scale of its own: the whole panel is all trials.
        let shares = match histogram.shape {
            Shape::Density => Scale::new(Kind::Linear, (0.0, 1.0), panel.y.ends()),
            Shape::Atoms | Shape::Powers(_) => panel.y.clone(),
        };
        infinite(canvas, &shares, ends.1 + 26.0, share, exact);
    }
}

/// The range of the x axis: the bars, and 0 and the closed form if they are near.
fn span(histogram: &Histogram, closed_form: f64) -> (f64, f64) {
    let range = histogram.range().unwrap_or((0.0, 0.0));
    let room = if range.0 < range.1 { (range.1 - range.0) * 0.6 } else { range.0.abs() };
    let near = [0.0, closed_form].into_iter().filter(|&mark| mark >= range.0 - room && mark <= range.1 + room);
    near.fold(range, |(low, high), mark| (low.min(mark), high.max(mark)))
}

/// Draws an arrow towards a value outside the panel.
fn beyond(canvas: &mut Canvas, panel: &Panel, value: f64, name: &str) {
    let ((left, right), (_, top)) = (panel.x.ends(), panel.y.ends());
    if panel.x.holds(value) || value.is_nan() {
        return;
    }
    let (place, text, font) = if panel.x.at(value) <= left {
        (left + 3.0, format!("← {name}"), Font::SMALL)
    } else {
        (right - 3.0, format!("{name}{} →", if value.is_finite() { "" } else { " is ∞" }), Font::SMALL.end())
    };
    // Paper keeps the text apart from the line at 0.
    let wide = text_width(&text, font.size);
    let from = if font.anchor == Anchor::End { place - wide } else { place };
    canvas.rect((from, top + 1.0), (from + wide, top + 14.0), Colour::Paper);
    canvas.text((place, top + 11.0), &text, right - left, font.muted());
}

fn atoms(canvas: &mut Canvas, panel: &Panel, histogram: &Histogram) {
    let spacing = histogram.spacing().map_or(40.0, |spacing| panel.x.at(spacing) - panel.x.at(0.0));
    let half = (spacing * 0.35).clamp(0.6, 10.0);
    for bar in &histogram.bars {
        let (x, y) = panel.at(bar.ends.0, bar.height());
        canvas.rect((x - half, panel.y.at(0.0)), (x + half, y), Colour::Bar);
    }
    exact(canvas, panel, &histogram.bars, if half < 3.0 { 1.6 } else { 3.2 });
}

fn ranges(canvas: &mut Canvas, panel: &Panel, histogram: &Histogram) {
    for bar in &histogram.bars {
        let (from, to) = (panel.at(bar.ends.0, 0.0), panel.at(bar.ends.1, bar.height()));
        canvas.rect(from, to, Colour::Bar);
    }
    exact(canvas, panel, &histogram.bars, 2.2);
}

fn exact(canvas: &mut Canvas, panel: &Panel, bars: &[Bar], radius: f64) {
    let middle = |bar: &Bar| (panel.x.at(bar.ends.0) + panel.x.at(bar.ends.1)) / 2.0;
    for bar in bars {
        if let Some(height) = bar.exact_height() {
            canvas.mark(Mark::Circle, (middle(bar), panel.y.at(height)), radius, Colour::B);
        }
    }
    // A density is a curve; exact masses are not joined.
    let curve = bars.iter().filter_map(|bar| Some((middle(bar), panel.y.at(bar.approximate_height()?))));
    canvas.line(&curve.collect::<Vec<Point>>(), Colour::B, 1.8, Dash::Dashed);
}

/// Draws the share of infinite estimates, at the right.
fn infinite(canvas: &mut Canvas, scale: &Scale, x: f64, share: f64, exact: Option<f64>) {
    let (bottom, _) = scale.ends();
    canvas.line(&[(x - 14.0, bottom), (x + 14.0, bottom)], Colour::Muted, 1.0, Dash::Solid);
    canvas.rect((x - 8.0, bottom), (x + 8.0, scale.at(share)), Colour::Bar);
    if let Some(exact) = exact {
        canvas.mark(Mark::Circle, (x, scale.at(exact)), 3.2, Colour::B);
    }
    canvas.text((x, bottom + 15.0), "∞", 20.0, Font::BODY.middle());
}

fn caption(results: &SavedResults, chosen: &[(&Row, Histogram)], rows: &[&Row]) -> String {
    let mut parts = vec!["The bars show the trials.".to_owned()];
    let of = |distances: fn(&Histogram) -> &[f64]| -> Vec<f64> {
        chosen.iter().flat_map(|(_, histogram)| distances(histogram)).copied().collect()
    };
    if chosen.iter().any(|(_, histogram)| histogram.is_known()) {
        parts.push(format!("The dots show the exact law{}.", differ(&of(|histogram| &histogram.distances))));
    }
    if chosen.iter().any(|(_, histogram)| histogram.is_approximated()) {
        let words = differ(&of(|histogram| &histogram.approximate_distances));
        parts.push(format!(
            "Where the law has too many values to list, the dashed line shows its saddlepoint density, which is \
             approximate{words}."
        ));
    }
    parts.extend(unknown(results, chosen));
    parts.extend(wrong(chosen));
    let outside = chosen.iter().map(|(_, histogram)| histogram.outside).fold(0.0, f64::max);
    if outside > 0.0 {
        parts.push(format!("Up to {} of the trials lie outside a panel.", percent(outside)));
    }
    if chosen.iter().any(|(_, histogram)| matches!(histogram.shape, Shape::Powers(_))) {
        parts.push("The tails are heavy: the axis is logarithmic on both sides of 0.".to_owned());
    }
    parts.extend(left_out(results, rows));
    parts.join(" ")
}

/// How far the trials are from a law: `; of the 36 bars in which at least ten trials are expected, the farthest is …`.
fn differ(distances: &[f64]) -> String {
    match distances.iter().copied().reduce(f64::max) {
        None => String::new(),
        Some(farthest) => format!(
            "; the largest of {} differences, one for each bar in which at least ten trials are expected, is {} standard errors",
            grouped(distances.len() as u64),
            errors(farthest)
        ),
    }
}

/// A sentence on panels without a law.
fn unknown(results: &SavedResults, chosen: &[(&Row, Histogram)]) -> Option<String> {
    let is_unknown = |(_, histogram): &&(&Row, Histogram)| !histogram.is_known() && !histogram.is_approximated();
    let without: Vec<&(&Row, Histogram)> = chosen.iter().filter(is_unknown).collect();
    let mut settings = chosen.iter().map(|(row, _)| &row.settings);
    let first = settings.next();
    let has_one_setting = settings.all(|settings| Some(settings) == first);
    let of = |estimator: &str, rows: &[&(&Row, Histogram)]| {
        rows.iter().filter(|(row, _)| row.estimator == estimator).count()
    };
    let all: Vec<&(&Row, Histogram)> = chosen.iter().collect();
    let name = |&&(row, _): &&(&Row, Histogram)| {
        if results.overview.estimators.len() > 1 && of(&row.estimator, &without) == of(&row.estimator, &all) {
            return row.estimator.to_string();
        }
        let place = if has_one_setting { length(row.n) } else { format!("condition {}", row.condition) };
        named(row, place, results.overview.estimators.len() > 1)
    };
    let mut names: Vec<String> = without.iter().map(name).collect();
    names.dedup();
    let which = match names.as_slice() {
        [] => return None,
        _ if without.len() == chosen.len() => String::new(),
        names => format!(" for {}", and(names)),
    };
    Some(format!(
        "No law is drawn{which}: it has too many values to list or no known form, and no approximation is known to be good."
    ))
}

/// A sentence on the share of sequences that favour the wrong model: in the first and the last panel of one setting, or
/// the smallest and the largest share of several.
fn wrong(chosen: &[(&Row, Histogram)]) -> Option<String> {
    // Where another law than P is true, it is not Q that is wrong.
    let is_of_p = |row: &Row| row.decisions.first().is_none_or(|decision| decision.truth == "P");
    let differ: Vec<&(&Row, Histogram)> =
        chosen.iter().filter(|(row, _)| favours(row) && is_of_p(row) && row.comparison.estimand() > 0.0).collect();
    let shares = differ.iter().map(|(_, histogram)| histogram.wrong).collect::<Option<Vec<f64>>>()?;
    let (least, most) = range(shares.iter().copied())?;
    if most == 0.0 {
        return Some("No sequence favours the wrong model, Q.".to_owned());
    }
    let (&(first, _), &(last, _)) = (differ.first()?, differ.last()?);
    Some(match shares.as_slice() {
        [one] => format!("{} of the sequences favour the wrong model, Q.", percent(*one)),
        [one, .., other] if first.settings == last.settings => format!(
            "{} of the sequences favour the wrong model, Q, at {}, and {} at {}.",
            percent(*one),
            length(first.n),
            percent(*other),
            length(last.n)
        ),
        _ => format!(
            "Between {} and {} of the sequences in a panel favour the wrong model, Q.",
            percent(least),
            percent(most)
        ),
    })
}
