//! The biases of several estimators.

use crate::record::SavedResults;
use crate::report::figure::draw::{Colour, Dash, Font, Mark, Sign, widest};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::lollipop::{AROUND, LollipopRow, ROW, draw_lollipops};
use crate::report::figure::series::{Row, by_condition, condition, headings, some_conditions};
use crate::report::figure::words::{and, shown_of, some};
use crate::report::with_error;

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// Draws the bias of each estimator; none if there is only one.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let has_bias = |row: &&Row| row.comparison.bias.is_some_and(f64::is_finite);
    let with_bias = by_condition(results.rows.iter().filter(has_bias));
    let all: Vec<Vec<&Row>> = with_bias.into_iter().filter(|rows| rows.len() > 1).collect();
    let chosen = some_conditions(results, PANELS, 3);
    let shown: Vec<&Vec<&Row>> =
        all.iter().filter(|rows| rows.iter().any(|row| chosen.contains(&row.condition))).collect();
    let shown = if shown.is_empty() { some(&all, PANELS) } else { shown };
    let first = shown.first()?;
    let unit = results.overview.unit.name();
    let signs = [
        (Sign::Mark(Mark::Circle, Colour::A), "mean − closed form, ± 2 standard errors"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "no bias"),
    ];
    let top = frame.head("The bias of each estimator", &signs, 24.0);
    let width = frame.heading_width(shown.len());
    let rows: Vec<&Row> = shown.iter().filter_map(|rows| rows.first().copied()).collect();
    let headings = headings(&results.overview, &rows, width, false);
    let most = shown.iter().map(|rows| rows.len()).max().unwrap_or(0);
    let names = widest(shown.iter().flat_map(|rows| rows.iter()).map(|row| &*row.estimator), Font::SMALL.size);
    let bottom = frame.panels(top, AROUND + ROW * most as f64, &headings, |canvas, place, area| {
        if let Some(rows) = shown.get(place) {
            let rows: Vec<LollipopRow> = rows.iter().map(lollipop).collect();
            draw_lollipops(canvas, &rows, Some(0.0), area, names.min(area.width * 0.4));
        }
    });
    frame.name_shared_x(bottom + 4.0, &format!("bias, {unit} per symbol"));
    let caption = caption(&shown, all.len());
    let numbers: Vec<String> = first
        .iter()
        .filter_map(|row| Some(format!("{} {}", row.estimator, with_error(row.comparison.bias?, row.comparison.mcse))))
        .collect();
    let of_first = first.first().map_or(String::new(), |row| condition(&results.overview, row));
    let shows = format!("Biases of the estimators in {unit} per symbol. At {of_first}: {}.", and(&numbers));
    Some(frame.finish(bottom + 18.0, &shows, caption))
}

/// Bias and two standard errors.
fn bias(row: &Row) -> (f64, f64) {
    (row.comparison.bias.unwrap_or(0.0), 2.0 * row.comparison.mcse.unwrap_or(0.0))
}

fn lollipop(row: &&Row) -> LollipopRow {
    LollipopRow::Value(row.estimator.to_string(), Some(bias(row)))
}

fn caption(shown: &[&Vec<&Row>], all: usize) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in shown.iter().flat_map(|rows| rows.iter()) {
        if !names.contains(&row.estimator.as_ref()) {
            names.push(&row.estimator);
        }
    }
    let is_off = |row: &&&Row| {
        let (bias, error) = bias(row);
        bias.abs() > error
    };
    let counted_off = names.iter().map(|name| {
        let of_name = || shown.iter().flat_map(|rows| rows.iter()).filter(|row| row.estimator == *name);
        format!("{name} in {} of {}", of_name().filter(is_off).count(), of_name().count())
    });
    let counted_off: Vec<String> = counted_off.collect();
    let mut caption = format!("More than two standard errors off: {}.", and(&counted_off));
    caption.extend(shown_of(shown.len(), all, "condition").map(|words| format!(" {words}")));
    caption
}
