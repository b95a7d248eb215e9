//! The legend: what each colour, line and mark stands for.

use super::canvas::{Canvas, Point};
use super::paint::{Colour, Dash, Font, Mark};
use super::text::width;

/// A sign in a legend.
#[derive(Clone, Copy)]
pub(crate) enum Sign {
    /// A bar.
    Bar(Colour),
    /// A point.
    Mark(Mark, Colour),
    /// A line.
    Line(Colour, Dash),
    /// An area.
    Band(Colour),
}

/// Draws a legend in one line, or in more where the words need them; returns the y of the last line.
pub(crate) fn legend(canvas: &mut Canvas, (left, top): Point, right: f64, signs: &[(Sign, &str)]) -> f64 {
    let (mut x, mut y) = (left, top);
    for (sign, words) in signs {
        let room = width(words, Font::BODY.size);
        if x > left && x + 26.0 + room > right {
            (x, y) = (left, y + 18.0);
        }
        let middle = y - 4.0;
        match *sign {
            Sign::Bar(colour) => canvas.rect((x + 6.0, y - 10.0), (x + 14.0, y + 1.0), colour),
            Sign::Band(colour) => canvas.rect((x, y - 10.0), (x + 20.0, y + 1.0), colour),
            Sign::Mark(mark, colour) => canvas.mark(mark, (x + 10.0, middle), 4.0, colour),
            Sign::Line(colour, dash) => canvas.line(&[(x, middle), (x + 20.0, middle)], colour, 2.0, dash),
        }
        canvas.text((x + 26.0, y), words, right - x - 26.0, Font::BODY);
        x += 26.0 + room + 18.0;
    }
    y
}
