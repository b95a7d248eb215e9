//! Root mean square error, bias and standard deviation of several estimators against N.

use crate::record::SavedResults;
use crate::report::figure::draw::{Canvas, Colour, Dash, Kind, LEFT, Mark, Panel, Point, Scale, Sign, range};
use crate::report::figure::frame::{Area, Figure, Frame};
use crate::report::figure::series::{Row, Series, setting};
use crate::report::figure::words::{and, shown_of};
use crate::report::{counted, grouped, significant};

/// With more lines, readers cannot distinguish them.
const LINES: usize = 8;

/// The height of a panel's axes.
const HEIGHT: f64 = 190.0;

/// What a panel shows of a row; none where a logarithmic axis cannot.
type Quantity = fn(&Row) -> Option<f64>;

/// The panels.
const PANELS: [(&str, Quantity); 3] = [
    ("Root mean square error", |row| row.comparison.rmse),
    ("Size of the bias", |row| {
        let (bias, error) = (row.comparison.bias?.abs(), row.comparison.mcse.unwrap_or(0.0));
        Some(bias).filter(|&bias| bias > 2.0 * error)
    }),
    ("Standard deviation", |row| row.comparison.variance.map(f64::sqrt)),
];

/// Draws the lines of one setting; none for one N, or for one estimator, whose errors are in other pictures.
pub(super) fn plot(results: &SavedResults, frame: Frame) -> Option<Figure> {
    draw_panels(results, frame, "The errors of each estimator against N", &PANELS, 2)
}

/// Draws the root mean square error alone, of one estimator, too.
pub(super) fn plot_rmse(results: &SavedResults, frame: Frame) -> Option<Figure> {
    let [rmse, ..] = PANELS;
    draw_panels(results, frame, "The root mean square error against N", &[rmse], 1)
}

fn draw_panels(
    results: &SavedResults,
    mut frame: Frame,
    title: &str,
    wanted: &[(&'static str, Quantity)],
    least: usize,
) -> Option<Figure> {
    let estimators = &results.overview.estimators;
    let settings = Series::all(results).len();
    let all: Vec<Series<'_>> =
        estimators.iter().filter_map(|name| Series::of_estimator(results, name).into_iter().next()).collect();
    let has_line = |series: &&Series<'_>| wanted.iter().any(|&(_, of)| values(series, of).len() > 1);
    let (all, without): (Vec<&Series<'_>>, Vec<_>) = all.iter().partition(has_line);
    let shown = all.get(..all.len().min(LINES)).unwrap_or_default();
    let first = *shown.first()?.rows.first()?;
    if shown.len() < least {
        return None;
    }
    let panels: Vec<(&str, Quantity)> =
        wanted.iter().copied().filter(|&(_, of)| shown.iter().any(|series| values(series, of).len() > 1)).collect();
    let name = |series: &&Series<'_>| series.rows.first().map_or(String::new(), |row| row.estimator.to_string());
    let names: Vec<String> = shown.iter().map(name).collect();
    let signs: Vec<(Sign, &str)> =
        names.iter().zip(styles()).map(|(name, (colour, dash, _))| (Sign::Line(colour, dash), name.as_str())).collect();
    let which = if settings > 1 { setting(&results.overview, first) } else { String::new() };
    let top = frame.head_of(title, &which, &signs, 26.0);
    let unit = results.overview.unit.name();
    let headings: Vec<Vec<String>> = panels.iter().map(|(name, _)| vec![(*name).to_owned()]).collect();
    let lengths: Vec<u64> = shown.iter().flat_map(|series| series.rows.iter()).map(|row| row.n).collect();
    let bottom = frame.panels(top, HEIGHT + 70.0, &headings, |canvas, place, area| {
        if let Some(&(_, of)) = panels.get(place) {
            draw(canvas, shown, of, &lengths, area, unit);
        }
    });
    frame.name_shared_x(bottom - 4.0, "N, symbols per sequence (log scale)");
    let caption = caption(results, (shown, all.len(), &without), &panels, (first, settings));
    let shows = format!("On logarithmic axes against N: {} of {}.", and(&panels_named(&panels)), and(&names));
    Some(frame.finish(bottom + 12.0, &shows, caption))
}

fn panels_named(panels: &[(&str, Quantity)]) -> Vec<String> {
    panels.iter().map(|(name, _)| name.to_lowercase()).collect()
}

/// Colours repeat after four lines, and then with other dashes.
fn styles() -> impl Iterator<Item = (Colour, Dash, Mark)> {
    (0..LINES).filter_map(|place| {
        let turn = place / Colour::SERIES.len();
        let at = |shift: usize| (place + shift) % Colour::SERIES.len();
        Some((*Colour::SERIES.get(at(0))?, *Dash::SERIES.get(at(turn))?, *Mark::SERIES.get(at(turn))?))
    })
}

/// N and a quantity that a logarithmic axis can show.
fn values(series: &Series<'_>, of: Quantity) -> Vec<(f64, f64)> {
    let value = |row: &&Row| Some((row.n as f64, of(row).filter(|value| *value > 0.0 && value.is_finite())?));
    // Of estimates that are constant only rounding is left.
    series.rows.iter().filter(|row| row.comparison.closed_form_variance != Some(0.0)).filter_map(value).collect()
}

fn draw(
    canvas: &mut Canvas,
    shown: &[&Series<'_>],
    of: Quantity,
    lengths: &[u64],
    Area { left, top, width }: Area,
    unit: &str,
) {
    let Some(ends) = range(shown.iter().flat_map(|series| values(series, of)).map(|(_, value)| value)) else { return };
    let panel = Panel {
        x: Scale::of_counts(lengths.iter().copied(), (left + LEFT, left + width - 14.0)),
        y: Scale::new(Kind::Log, ends, (top + 28.0 + HEIGHT, top + 28.0)).padded(0.05),
    };
    panel.grid(canvas);
    panel.name_y(canvas, &format!("{unit} per symbol (log scale)"));
    for (series, (colour, dash, mark)) in shown.iter().zip(styles()) {
        let points: Vec<Point> = values(series, of).into_iter().map(|(n, value)| panel.at(n, value)).collect();
        canvas.line(&points, colour, 2.0, dash);
        points.into_iter().for_each(|point| canvas.mark(mark, point, 3.6, colour));
    }
}

fn caption(
    results: &SavedResults,
    (shown, all, without): (&[&Series<'_>], usize, &[&Series<'_>]),
    panels: &[(&str, Quantity)],
    (first, settings): (&Row, usize),
) -> String {
    let mut parts = Vec::new();
    let longest = shown.iter().filter_map(|series| series.longest()).map(|row| row.n).max().unwrap_or(0);
    let error = |series: &&Series<'_>| {
        let row = series.rows.iter().find(|row| row.n == longest)?;
        Some((row.comparison.rmse.filter(|error| error.is_finite())?, row.estimator.to_string()))
    };
    let best = shown.iter().filter_map(error).min_by(|(one, _), (other, _)| one.total_cmp(other));
    if let Some((error, name)) = best {
        parts.push(format!(
            "At N = {} the smallest root mean square error of the {} is that of {name}, {} {} per symbol.",
            grouped(longest),
            counted(shown.len() as u64, "estimator"),
            significant(error, 3),
            results.overview.unit.name()
        ));
    }
    if panels.iter().any(|(name, _)| name.contains("bias")) {
        parts.push("A bias within two standard errors of 0 is left out: it may be none.".to_owned());
    }
    if settings > 1 {
        parts.push(format!(
            "Of {} the first is shown, {}.",
            counted(settings as u64, "setting"),
            setting(&results.overview, first)
        ));
    }
    if !without.is_empty() {
        let names: Vec<String> =
            without.iter().filter_map(|one| Some(one.rows.first()?.estimator.to_string())).collect();
        parts.push(format!("Without a line, since no error varies here: {}.", and(&names)));
    }
    if let Some(words) = shown_of(shown.len(), all, "estimator") {
        parts.push(format!("{words} They are the first ones in the order of the file."));
    }
    parts.join(" ")
}
