//! Values with their errors, each on a stem in a row of its own.

use super::draw::{Canvas, Colour, Dash, Font, Kind, Mark, Panel, Scale, range, shortened, width as text_width};
use super::frame::Area;

/// The height of a row.
pub(super) const ROW: f64 = 20.0;

/// The height of a panel without its rows, with one line of heading.
pub(super) const AROUND: f64 = 52.0;

/// A row of a panel.
pub(super) enum LollipopRow {
    /// What the rows below are of.
    Heading(String),
    /// A value and its error to either side, if it exists.
    Value(String, Option<(f64, f64)>),
}

/// Draws the rows. Stems begin at `foot`, which is marked, if there is one. Names have room for `names` pixels.
pub(super) fn draw_lollipops(
    canvas: &mut Canvas,
    rows: &[LollipopRow],
    foot: Option<f64>,
    Area { left, top, width }: Area,
    names: f64,
) {
    let value = |row: &LollipopRow| match row {
        LollipopRow::Value(_, value) => *value,
        LollipopRow::Heading(_) => None,
    };
    let ends = rows.iter().filter_map(value).flat_map(|(value, error)| [value - error, value + error]);
    let shown = range(ends.chain(foot)).unwrap_or((0.0, 0.0));
    let bottom = top + 12.0 + ROW * rows.len() as f64;
    let panel = Panel {
        x: Scale::new(Kind::Linear, shown, (left + names + 22.0, left + width - 14.0)).padded(0.06),
        y: Scale::new(Kind::Linear, (0.0, 1.0), (bottom, top + 8.0)),
    };
    panel.grid_across(canvas);
    if let Some(foot) = foot {
        panel.upright(canvas, foot, Colour::Ink, Dash::Dashed);
    }
    for (place, row) in rows.iter().enumerate() {
        let y = top + 10.0 + ROW * (place as f64 + 0.5);
        match row {
            LollipopRow::Heading(words) => {
                let room = width - 24.0;
                let words = shortened(words, room, Font::SMALL.size);
                // The lines of the grid do not cross the words.
                let right = left + 12.0 + text_width(&words, Font::SMALL.size);
                canvas.rect((left + 8.0, y - 8.0), (right, y + 8.0), Colour::Paper);
                canvas.text((left + 10.0, y + 4.0), &words, room, Font::SMALL.muted());
            }
            LollipopRow::Value(name, value) => {
                canvas.text((left + 10.0 + names, y + 4.0), name, names, Font::SMALL.end());
                let Some((value, error)) = *value else { continue };
                let at = |value: f64| (panel.x.at(value), y);
                if let Some(foot) = foot {
                    canvas.line(&[at(foot), at(value)], Colour::Bar, 4.0, Dash::Solid);
                }
                canvas.line(&[at(value - error), at(value + error)], Colour::A, 1.5, Dash::Solid);
                canvas.mark(Mark::Circle, at(value), 4.5, Colour::A);
            }
        }
    }
}
