//! A panel: two axes, their grid and what they say.

use super::canvas::{Canvas, Point};
use super::paint::{Colour, Dash, Font, Mark};
use super::scale::{Kind, Scale};
use super::words::width;

/// Pixels between two tick labels.
const GAP: f64 = 8.0;

/// Room left of a panel for the labels of its y axis.
pub(super) const LEFT: f64 = 62.0;

/// The height of a line of words above a panel.
pub(super) const LINE: f64 = 15.0;

/// Two axes.
pub(super) struct Panel {
    /// Across.
    pub(super) x: Scale,
    /// Up.
    pub(super) y: Scale,
}

impl Panel {
    /// Where a point lies.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    /// The grid, and the numbers beside it.
    pub(super) fn grid(&self, canvas: &mut Canvas) {
        self.grid_up(canvas);
        self.grid_across(canvas);
    }

    /// The level lines of the grid, and the numbers beside them.
    pub(super) fn grid_up(&self, canvas: &mut Canvas) {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        let rows = ((bottom - top) / 30.0).max(3.0) as usize;
        for tick in self.y.ticks(rows) {
            let y = self.y.at(tick.value);
            canvas.line(&[(left, y), (right, y)], Colour::Grid, 1.0, Dash::Solid);
            canvas.text((left - 6.0, y + 4.0), &tick.label, LEFT + 20.0, Font::SMALL.muted().end());
        }
    }

    /// The upright lines of the grid, and the numbers below it.
    pub(super) fn grid_across(&self, canvas: &mut Canvas) {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        let columns = ((right - left) / 65.0).max(2.0) as usize;
        let mut free = f64::NEG_INFINITY;
        for tick in self.x.ticks(columns) {
            let x = self.x.at(tick.value);
            canvas.line(&[(x, top), (x, bottom)], Colour::Grid, 1.0, Dash::Solid);
            let half = width(&tick.label, Font::SMALL.size) / 2.0;
            if x - half > free {
                canvas.text((x, bottom + 15.0), &tick.label, 2.0 * half + 1.0, Font::SMALL.muted().middle());
                free = x + half + GAP;
            }
        }
        canvas.line(&[(left, bottom), (right, bottom)], Colour::Muted, 1.0, Dash::Solid);
    }

    /// What is drawn inside is cut off at the edges.
    pub(super) fn clipped(&self, canvas: &mut Canvas, draw: impl FnOnce(&mut Canvas)) {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        canvas.clipped((left, top), (right, bottom), draw);
    }

    /// A line all the way up.
    pub(super) fn upright(&self, canvas: &mut Canvas, x: f64, colour: Colour, dash: Dash) {
        let ((bottom, top), x) = (self.y.ends(), self.x.at(x));
        canvas.line(&[(x, top), (x, bottom)], colour, 1.5, dash);
    }

    /// A line all the way across.
    pub(super) fn level(&self, canvas: &mut Canvas, y: f64, colour: Colour, dash: Dash) {
        let ((left, right), y) = (self.x.ends(), self.y.at(y));
        canvas.line(&[(left, y), (right, y)], colour, 1.5, dash);
    }

    /// What the x axis means, below it.
    pub(super) fn name_x(&self, canvas: &mut Canvas, name: &str) {
        let ((left, right), (bottom, _)) = (self.x.ends(), self.y.ends());
        canvas.text(((left + right) / 2.0, bottom + 34.0), name, right - left + LEFT, Font::BODY.middle());
    }

    /// What the y axis means, level above it.
    pub(super) fn name_y(&self, canvas: &mut Canvas, name: &str) {
        let ((left, right), (_, top)) = (self.x.ends(), self.y.ends());
        let left = left - LEFT + 10.0;
        canvas.text((left, top - 8.0), name, right - left, Font::BODY);
    }
}

/// What sets a panel apart, above it: the first line bold.
pub(super) fn write_heading(canvas: &mut Canvas, lines: &[String], (x, y): Point, room: f64) {
    for (place, words) in lines.iter().enumerate() {
        let font = if place == 0 { Font::HEADING } else { Font::SMALL };
        canvas.text((x, y + LINE * place as f64), words, room, font);
    }
}

/// A scale of counts such as N: by their logarithm, with some room beside the first and last.
pub(super) fn lengths(values: impl Iterator<Item = u64> + Clone, pixels: (f64, f64)) -> Scale {
    let low = values.clone().min().unwrap_or(1) as f64;
    let high = values.max().unwrap_or(1) as f64;
    Scale::new(Kind::Log, (low, high), pixels).padded(0.03)
}

/// The smallest and the largest of what is finite, if anything is.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|value| value.is_finite());
    finite.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// What a sign in a key looks like.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// A bar.
    Bar(Colour),
    /// A point.
    Mark(Mark, Colour),
    /// A line.
    Line(Colour, Dash),
    /// An area.
    Band(Colour),
}

/// The key of a picture in one line, or in more where the words are many; gives the y of the last.
pub(super) fn key(canvas: &mut Canvas, (left, top): Point, right: f64, signs: &[(Sign, &str)]) -> f64 {
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
