//! The estimates of some conditions, against their exact law.

mod bar;
mod histogram;

use crate::record::SavedResults;
use crate::report::figure::draw::{
    Canvas, Colour, Dash, Font, Kind, LEFT, Mark, Panel, Point, Scale, Sign, range, shortened,
};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::{Row, Series, condition, heading, of_which_estimator};
use crate::report::figure::words::{
    capital, errors, estimate_label, length, number_of, percent, shown_of, some, spread,
};
use crate::report::significant;
use bar::{Bar, Shape};
use histogram::Histogram;

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// With more atoms than this, a line is drawn instead of a dot for each.
const DOTS: usize = 60;

/// The height of a panel with its text.
const ROW: f64 = 214.0;

/// A histogram of each of some conditions.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let chosen: Vec<(&Row, Histogram)> =
        chosen(results).into_iter().filter_map(|row| Some((row, Histogram::of(row, results.bins_of(row))?))).collect();
    let (first, _) = chosen.first()?;
    let is_known = chosen.iter().any(|(_, histogram)| histogram.is_known());
    let title = if is_known { "The estimates and their exact law" } else { "The distribution of the estimates" };
    let mut signs = vec![(Sign::Bar(Colour::Bar), "share of the trials")];
    if is_known {
        signs.push((Sign::Mark(Mark::Circle, Colour::B), "exact"));
    }
    if chosen.iter().any(|(row, _)| row.comparison.estimand().is_finite()) {
        signs.push((Sign::Line(Colour::Ink, Dash::Dashed), "closed form of KL(P‖Q)"));
    }
    signs.push((Sign::Line(Colour::Muted, Dash::Dotted), "0: to the left, a sequence favours Q"));
    let top = frame.head(title, &signs, 26.0);
    let width = Frame::heading_width(chosen.len());
    let headings: Vec<Vec<String>> = chosen.iter().map(|(row, _)| heading(&results.overview, row, width)).collect();
    let bottom = frame.panels(top, ROW, &headings, |canvas, place, area| {
        if let Some((row, histogram)) = chosen.get(place) {
            draw(canvas, row, histogram, area);
        }
    });
    frame.name_shared_x(bottom + 8.0, &estimate_label(first.unit));
    let caption = caption(results, &chosen) + &of_which_estimator(results);
    let shown = chosen.iter().map(|(row, _)| {
        let (found, name) = (&row.comparison, condition(&results.overview, row));
        let name = shortened(&name, 300.0, Font::SMALL.size);
        format!("{name}: mean {}, closed form {}", significant(found.estimated(), 5), significant(found.estimand(), 5))
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    let count = capital(&number_of(chosen.len(), "histogram"));
    let shows = format!("{count} of the estimates in {}. {shown}.", first.unit.name());
    Some(frame.finish(bottom + 22.0, &shows, caption))
}

/// Chooses up to six conditions: the first, middle and last setting, and the smallest and largest N of each.
fn chosen(results: &SavedResults) -> Vec<&Row> {
    let series = Series::all(results);
    let settings = spread(series.len(), if series.iter().all(|series| series.rows.len() == 1) { PANELS } else { 3 });
    let lengths = PANELS / settings.len().max(1);
    let series = settings.into_iter().filter_map(|place| series.get(place));
    series.flat_map(|series| some(&series.rows, lengths)).copied().collect()
}

impl Histogram {
    fn is_known(&self) -> bool {
        self.bars.iter().any(|bar| bar.exact_height().is_some())
            || self.infinite.is_some_and(|(_, exact)| exact.is_some())
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
    let panel = Panel {
        x: Scale::new(kind, span(histogram, closed_form), ends).padded(0.06),
        y: Scale::new(Kind::Linear, (0.0, histogram.highest() * 1.08), (top + ROW - 42.0, top + 26.0)),
    };
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
        infinite(canvas, &panel, ends.1 + 26.0, share, exact);
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
    let points = bars.iter().filter_map(|bar| Some((middle(bar), panel.y.at(bar.exact_height()?))));
    let points: Vec<Point> = points.collect();
    if points.len() > DOTS {
        canvas.line(&points, Colour::B, 1.8, Dash::Solid);
    } else {
        points.into_iter().for_each(|point| canvas.mark(Mark::Circle, point, radius, Colour::B));
    }
}

/// Draws the share of infinite estimates, at the right.
fn infinite(canvas: &mut Canvas, panel: &Panel, x: f64, share: f64, exact: Option<f64>) {
    let (bottom, _) = panel.y.ends();
    canvas.line(&[(x - 14.0, bottom), (x + 14.0, bottom)], Colour::Muted, 1.0, Dash::Solid);
    canvas.rect((x - 8.0, bottom), (x + 8.0, panel.y.at(share)), Colour::Bar);
    if let Some(exact) = exact {
        canvas.mark(Mark::Circle, (x, panel.y.at(exact)), 3.2, Colour::B);
    }
    canvas.text((x, bottom + 15.0), "∞", 20.0, Font::BODY.middle());
}

fn caption(results: &SavedResults, chosen: &[(&Row, Histogram)]) -> String {
    let mut parts = Vec::new();
    let farthest = chosen.iter().filter_map(|(_, histogram)| histogram.farthest).reduce(f64::max);
    parts.push(match farthest {
        Some(farthest) => format!(
            "The bars show the trials, the dots or the line the exact law; where at least ten trials are expected in a bar, \
             the two differ by at most {} standard errors.",
            errors(farthest)
        ),
        None if chosen.iter().any(|(_, histogram)| histogram.is_known()) => {
            "The bars show the trials, the dots the exact law.".to_owned()
        }
        None => "The bars show the trials; the exact law has too many values to list, or no known form.".to_owned(),
    });
    parts.extend(wrong(chosen));
    let outside = chosen.iter().map(|(_, histogram)| histogram.outside).fold(0.0, f64::max);
    if outside > 0.0 {
        parts.push(format!("Up to {} of the trials lie outside a panel.", percent(outside)));
    }
    if chosen.iter().any(|(_, histogram)| matches!(histogram.shape, Shape::Powers(_))) {
        parts.push("The tails are heavy: the axis is logarithmic on both sides of 0.".to_owned());
    }
    let conditions = Series::all(results).iter().map(|series| series.rows.len()).sum::<usize>();
    parts.extend(shown_of(chosen.len(), conditions, "condition"));
    parts.join(" ")
}

/// A sentence on the share of sequences that favour the wrong model: in the first and the last panel of one setting, or
/// the smallest and the largest share of several.
fn wrong(chosen: &[(&Row, Histogram)]) -> Option<String> {
    let differ: Vec<&(&Row, Histogram)> = chosen.iter().filter(|(row, _)| row.comparison.estimand() > 0.0).collect();
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
