//! Names beside the ends of lines.

use super::canvas::Canvas;
use super::paint::{Colour, Font};

/// The distance of two names.
const STEP: f64 = 14.0;

/// The name of a line.
pub(crate) struct Label<'a> {
    /// Where its line ends.
    pub(crate) y: f64,
    /// The name.
    pub(crate) name: &'a str,
    /// The colour of the line.
    pub(crate) colour: Colour,
}

/// Writes the names of lines that end at `right`, each no wider than `room` and moved so that none covers another.
pub(crate) fn label_line_ends(canvas: &mut Canvas, mut labels: Vec<Label<'_>>, right: f64, room: f64) {
    labels.sort_by(|one, other| one.y.total_cmp(&other.y));
    let mut free = f64::NEG_INFINITY;
    for Label { y, name, colour } in labels {
        let y = y.max(free);
        canvas.text((right + 8.0, y + 4.0), name, room, Font::SMALL.of(colour));
        free = y + STEP;
    }
}
