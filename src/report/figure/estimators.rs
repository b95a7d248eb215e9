//! Several estimators of one thing: how far each is off.

use super::Drawing;
use super::canvas::{Canvas, Point, WIDTH};
use super::paint::{Colour, Dash, Font, Mark};
use super::panel::{LINE, Panel, Sign, key, range, write_heading};
use super::scale::{Kind, Scale};
use super::series::{Row, by_condition, condition, heading};
use super::words::{and, capital, number, spread, width};
use crate::record::SavedResults;
use crate::report::{counted, with_error};

/// More panels are too small to read.
const PANELS: usize = 6;

/// The height of an estimator's row.
const ROW: f64 = 20.0;

/// The bias of each estimator; none where there is only one.
pub(super) fn estimators(results: &SavedResults) -> Option<Drawing> {
    let has_bias = |row: &&Row| row.comparison.bias.is_some_and(f64::is_finite);
    let with_bias = by_condition(results.rows.iter().filter(has_bias));
    let all: Vec<Vec<&Row>> = with_bias.into_iter().filter(|rows| rows.len() > 1).collect();
    let shown: Vec<&Vec<&Row>> = spread(all.len(), PANELS).into_iter().filter_map(|place| all.get(place)).collect();
    let first = shown.first()?;
    let unit = results.overview.unit.name();
    let mut canvas = Canvas::new(super::id(results, "estimators"));
    let title = "The bias of each estimator";
    canvas.text((10.0, 24.0), title, WIDTH - 20.0, Font::TITLE);
    let signs = [
        (Sign::Mark(Mark::Circle, Colour::A), "mean − closed form, ± 2 standard errors"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "no bias"),
    ];
    let top = key(&mut canvas, (10.0, 48.0), WIDTH - 10.0, &signs) + 24.0;
    let columns = if shown.len() == 1 { 1 } else { 2 };
    let across = (WIDTH - 10.0) / columns as f64;
    let most = shown.iter().map(|rows| rows.len()).max().unwrap_or(0);
    let headings = shown.iter().filter_map(|rows| Some(heading(&results.overview, rows.first()?, across - 20.0)));
    let headings: Vec<Vec<String>> = headings.collect();
    let lines = headings.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let head = LINE * (lines - 1) as f64;
    let height = 52.0 + head + ROW * most as f64;
    let names = shown.iter().flat_map(|rows| rows.iter());
    let names = names.map(|row| width(&row.estimator, Font::SMALL.size) + 1.0).fold(0.0, f64::max).min(across * 0.4);
    for (place, (rows, heading)) in shown.iter().zip(&headings).enumerate() {
        let (x, y) = (across * (place % columns) as f64, top + height * (place / columns) as f64);
        write_heading(&mut canvas, heading, (x + 10.0, y), across - 20.0);
        draw(&mut canvas, rows, (x, y + head), (across, names));
    }
    let bottom = top + height * shown.len().div_ceil(columns) as f64;
    canvas.text((WIDTH / 2.0, bottom + 4.0), &format!("bias, {unit} a symbol"), WIDTH - 20.0, Font::BODY.middle());
    let caption = caption(&shown, all.len());
    let numbers: Vec<String> = first
        .iter()
        .filter_map(|row| Some(format!("{} {}", row.estimator, with_error(row.comparison.bias?, row.comparison.mcse))))
        .collect();
    let of_first = first.first().map_or(String::new(), |row| condition(&results.overview, row));
    let description =
        format!("Biases of the estimators in {unit} a symbol. At {of_first}: {}. {caption}", and(&numbers));
    Some(Drawing { name: "estimators", title, caption, description, canvas, height: bottom + 18.0 })
}

/// Bias and two standard errors.
fn bias(row: &Row) -> (f64, f64) {
    (row.comparison.bias.unwrap_or(0.0), 2.0 * row.comparison.mcse.unwrap_or(0.0))
}

fn draw(canvas: &mut Canvas, rows: &[&Row], (left, top): Point, (across, names): (f64, f64)) {
    let ends = rows.iter().map(|row| bias(row)).flat_map(|(bias, error)| [bias - error, bias + error]);
    let shown = range(ends.chain([0.0])).unwrap_or((0.0, 0.0));
    let bottom = top + 12.0 + ROW * rows.len() as f64;
    let panel = Panel {
        x: Scale::new(Kind::Linear, shown, (left + names + 22.0, left + across - 14.0)).padded(0.06),
        y: Scale::new(Kind::Linear, (0.0, 1.0), (bottom, top + 8.0)),
    };
    panel.grid_across(canvas);
    panel.upright(canvas, 0.0, Colour::Ink, Dash::Dashed);
    for (place, row) in rows.iter().enumerate() {
        let y = top + 10.0 + ROW * (place as f64 + 0.5);
        let (bias, error) = bias(row);
        let at = |bias: f64| (panel.x.at(bias), y);
        canvas.text((left + 10.0 + names, y + 4.0), &row.estimator, names, Font::SMALL.end());
        canvas.line(&[at(0.0), at(bias)], Colour::Bar, 4.0, Dash::Solid);
        canvas.line(&[at(bias - error), at(bias + error)], Colour::A, 1.5, Dash::Solid);
        canvas.mark(Mark::Circle, at(bias), 4.5, Colour::A);
    }
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
    if shown.len() < all {
        caption += &format!(" {} of {} are shown.", capital(&number(shown.len())), counted(all as u64, "condition"));
    }
    caption
}
