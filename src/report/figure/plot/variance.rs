//! The variance of the estimates against N.

use crate::record::SavedResults;
use crate::report::figure::draw::{
    Canvas, Colour, Dash, Font, Kind, LEFT, Label, Mark, Panel, Point, Scale, Sign, label_line_ends, range, shortened,
    widest,
};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::series::{Row, Series, line_name, of_which_estimator, setting};
use crate::report::figure::words::{capital, errors, shown_of, some};
use crate::report::{grouped, significant, with_error};

/// With more lines, readers cannot distinguish them.
const LINES: usize = 4;

/// The largest width of a line's name, and the largest part of the picture's width that it may take.
const NAMES: (f64, f64) = (215.0, 0.3);

/// Draws the variances of up to four settings; none if no setting has two N.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let all: Vec<Series<'_>> = Series::all(results).into_iter().filter_map(with_variance).collect();
    let shown: Vec<&Series<'_>> = some(&all, LINES);
    let rows = || shown.iter().flat_map(|series| series.rows.iter().copied());
    let (exact, seen) = (
        |row: &Row| shown_value(row.comparison.closed_form_variance),
        |row: &Row| shown_value(row.comparison.variance),
    );
    let ends = range(rows().flat_map(|row| [exact(row), seen(row)]).flatten())?;
    let unit = results.overview.unit.name();
    let mut signs = Vec::new();
    if rows().any(|row| seen(row).is_some()) {
        signs.push((Sign::Mark(Mark::Circle, Colour::A), "variance of the estimates"));
    }
    if rows().any(|row| exact(row).is_some()) {
        signs.push((Sign::Line(Colour::A, Dash::Solid), "exact"));
    }
    let top = frame.head("The variance of an estimate against N", &signs, 40.0);
    let most = longest_name(frame.canvas.width());
    let names: Vec<String> = shown
        .iter()
        .map(|series| series.rows.first().map_or(String::new(), |row| line_name(&results.overview, row, most)))
        .collect();
    let room = widest(names.iter().map(String::as_str), Font::SMALL.size);
    let (left, edge) = frame.canvas.across();
    let right = if names.iter().all(String::is_empty) { edge } else { edge - 6.0 - room };
    let x = || Scale::of_counts(rows().map(|row| row.n), (left, right));
    let canvas = &mut frame.canvas;
    let panel = Panel { x: x(), y: Scale::new(Kind::Log, ends, (top + 220.0, top)).padded(0.05) };
    panel.grid(canvas);
    panel.name_y(canvas, &format!("variance of an estimate, ({unit} per symbol)² (log scale)"));
    let mut labels = Vec::new();
    for ((series, name), (colour, dash, mark)) in shown.iter().zip(&names).zip(styles()) {
        let place = |row: &&Row, variance: Option<f64>| variance.map(|variance| panel.at(row.n as f64, variance));
        let line: Vec<Point> = series.rows.iter().filter_map(|row| place(row, exact(row))).collect();
        let points: Vec<Point> = series.rows.iter().filter_map(|row| place(row, seen(row))).collect();
        canvas.line(&line, colour, 2.0, dash);
        points.iter().for_each(|&point| canvas.mark(mark, point, 4.5, colour));
        if let Some(&(_, y)) = line.last().or(points.last()) {
            labels.push(Label { y, name, colour });
        }
    }
    label_line_ends(canvas, labels, right, room);
    let bottom = ratios(canvas, &shown, x(), top + 286.0).unwrap_or(top + 220.0);
    canvas.text(
        ((LEFT + right) / 2.0, bottom + 34.0),
        "N, symbols per sequence (log scale)",
        right,
        Font::BODY.middle(),
    );
    let caption = caption(results, &shown, all.len(), most) + &of_which_estimator(results);
    let last = rows().last().map(|row| {
        let found = &row.comparison;
        let seen = found.variance.map_or("unknown".to_owned(), |variance| with_error(variance, found.variance_mcse));
        let exact = found.closed_form_variance.map_or("unknown".to_owned(), |exact| significant(exact, 5));
        format!(
            " At N = {} of the last line the observed variance is {seen} and the exact one {exact}.",
            grouped(row.n)
        )
    });
    let shows = format!("Variances against N, on logarithmic axes.{}", last.unwrap_or_default());
    Some(frame.finish(bottom + 46.0, &shows, caption))
}

fn styles() -> impl Iterator<Item = (Colour, Dash, Mark)> {
    Colour::SERIES.into_iter().zip(Dash::SERIES).zip(Mark::SERIES).map(|((colour, dash), mark)| (colour, dash, mark))
}

/// Draws the lower panel, the ratio of observed to exact variance; returns its lower edge, or none without any ratio.
fn ratios(canvas: &mut Canvas, shown: &[&Series<'_>], x: Scale, top: f64) -> Option<f64> {
    let rows = || shown.iter().flat_map(|series| series.rows.iter().copied());
    let ends = rows().filter_map(ratio).flat_map(|(ratio, error)| [ratio - 2.0 * error, ratio + 2.0 * error]);
    let ends = range(ends)?;
    let bottom = top + 120.0;
    let panel =
        Panel { x, y: Scale::new(Kind::Linear, (ends.0.min(1.0), ends.1.max(1.0)), (bottom, top)).padded(0.08) };
    panel.grid(canvas);
    panel.level(canvas, 1.0, Colour::Ink, Dash::Dashed);
    panel.name_y(canvas, "observed / exact variance, ± 2 standard errors");
    for (place, (series, (colour, _, mark))) in shown.iter().zip(styles()).enumerate() {
        let aside = (place as f64 - (shown.len() as f64 - 1.0) / 2.0) * 9.0;
        for row in &series.rows {
            let Some((ratio, error)) = ratio(row) else { continue };
            let at = |ratio: f64| (panel.x.at(row.n as f64) + aside, panel.y.at(ratio));
            canvas.line(&[at(ratio - 2.0 * error), at(ratio + 2.0 * error)], colour, 1.5, Dash::Solid);
            canvas.mark(mark, at(ratio), 3.6, colour);
        }
    }
    Some(bottom)
}

/// The ratio of the observed to the exact variance, and its standard error.
fn ratio(row: &Row) -> Option<(f64, f64)> {
    let found = &row.comparison;
    let ratio = found.variance_ratio.filter(|ratio| ratio.is_finite())?;
    let error = found.variance_mcse.zip(shown_value(found.closed_form_variance)).map(|(error, exact)| error / exact);
    Some((ratio, error.filter(|error| error.is_finite()).unwrap_or(0.0)))
}

/// A variance that a logarithmic axis can show.
fn shown_value(variance: Option<f64>) -> Option<f64> {
    variance.filter(|&variance| variance > 0.0 && variance.is_finite())
}

/// A series, if two of its rows have a variance to show.
fn with_variance(mut series: Series<'_>) -> Option<Series<'_>> {
    let values = |row: &Row| [row.comparison.closed_form_variance, row.comparison.variance].map(shown_value);
    series.rows.retain(|row| values(row).iter().any(Option::is_some));
    (series.rows.len() > 1).then_some(series)
}

fn longest_name(width: f64) -> f64 {
    NAMES.0.min(NAMES.1 * width)
}

fn caption(results: &SavedResults, shown: &[&Series<'_>], all: usize, longest_name: f64) -> String {
    let rows = || shown.iter().flat_map(|series| series.rows.iter().copied());
    let ratios = range(rows().filter_map(ratio).map(|(ratio, _)| ratio));
    let off = |(ratio, error): (f64, f64)| (error > 0.0).then(|| (ratio - 1.0).abs() / error);
    let distances: Vec<f64> = rows().filter_map(ratio).filter_map(off).collect();
    let farthest = distances.iter().copied().reduce(f64::max);
    let mut caption = match ratios {
        Some((low, high)) => {
            // Enough digits to distinguish the two.
            let digits = (4..12).find(|&digits| significant(low, digits) != significant(high, digits)).unwrap_or(4);
            let (low, high) = (significant(low, digits), significant(high, digits));
            let farthest = farthest.map(|farthest| match distances.len() {
                1 => format!(", {} standard errors from 1", errors(farthest)),
                count => format!("; the largest of {count} distances from 1 is {} standard errors", errors(farthest)),
            });
            format!(
                "The ratio of the observed to the exact variance runs from {low} to {high}{}.",
                farthest.unwrap_or_default()
            )
        }
        None if rows().all(|row| row.comparison.variance.is_none()) => {
            "The lines are exact; a single trial has no variance to compare with them.".to_owned()
        }
        None => "The points show the trials; the exact variance is infinite or not known.".to_owned(),
    };
    caption.extend(shown_of(shown.len(), all, "setting").map(|words| format!(" {words}")));
    for row in shown.iter().filter_map(|series| series.rows.first()) {
        let setting = setting(&results.overview, row);
        let name = line_name(&results.overview, row, longest_name);
        if name != setting {
            caption += &format!(" {} has {}.", capital(&name), shortened(&setting, 700.0, Font::SMALL.size));
        }
    }
    caption
}
