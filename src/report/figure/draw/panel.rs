//! A panel: two axes with their grid and labels.

use super::canvas::{Canvas, Point};
use super::paint::{Colour, Dash, Font};
use super::scale::Scale;
use super::text::{widest, width, wrapped};

/// Pixels between two tick labels.
const GAP: f64 = 8.0;

/// Pixels between the middles of two tick labels, one above the other.
const LINE: f64 = 13.0;

/// Room left of a panel for the labels of its y axis.
pub(crate) const LEFT: f64 = 62.0;

/// Two axes.
pub(crate) struct Panel {
    /// Across.
    pub(crate) x: Scale,
    /// Up.
    pub(crate) y: Scale,
}

impl Panel {
    /// The pixels of a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    /// Draws the grid and its labels.
    pub(crate) fn grid(&self, canvas: &mut Canvas) {
        self.grid_up(canvas);
        self.grid_across(canvas);
    }

    /// The pixels left of a panel that the labels of this y axis need: more than `LEFT` where they have many digits.
    pub(crate) fn room_left(y: &Scale) -> f64 {
        let labels = y.ticks(Self::rows(y));
        widest(labels.iter().map(|tick| tick.label.as_str()), Font::SMALL.size) + 10.0
    }

    /// About how many lines the grid has across.
    fn rows(y: &Scale) -> usize {
        let (bottom, top) = y.ends();
        ((bottom - top) / 30.0).max(3.0) as usize
    }

    /// Draws the horizontal lines of the grid and their labels.
    pub(crate) fn grid_up(&self, canvas: &mut Canvas) {
        let (left, right) = self.x.ends();
        let ticks = self.y.ticks(Self::rows(&self.y));
        let ends = self.y.end_ticks(&ticks, LINE);
        for tick in ends.iter().chain(&ticks) {
            let y = self.y.at(tick.value);
            canvas.line(&[(left, y), (right, y)], Colour::Grid, 1.0, Dash::Solid);
            canvas.text((left - 6.0, y + 4.0), &tick.label, left - 6.0, Font::SMALL.muted().end());
        }
    }

    /// Draws the vertical lines of the grid and their labels.
    pub(crate) fn grid_across(&self, canvas: &mut Canvas) {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        let columns = ((right - left) / 65.0).max(2.0) as usize;
        let ticks = self.x.ticks(columns);
        /// Of the length of the axis.
        const NEAR: f64 = 0.04;
        let ends = self.x.end_ticks(&ticks, (right - left) * NEAR);
        // The ends of an axis keep their labels where others leave no room.
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for tick in ends.iter().chain(&ticks) {
            let x = self.x.at(tick.value);
            canvas.line(&[(x, top), (x, bottom)], Colour::Grid, 1.0, Dash::Solid);
            let half = width(&tick.label, Font::SMALL.size) / 2.0;
            // Nor has a label room beyond the edge of the picture.
            if x + half <= canvas.width()
                && taken.iter().all(|&(from, to)| x + half + GAP < from || x - half - GAP > to)
            {
                canvas.text((x, bottom + 15.0), &tick.label, 2.0 * half + 1.0, Font::SMALL.muted().middle());
                taken.push((x - half, x + half));
            }
        }
        canvas.line(&[(left, bottom), (right, bottom)], Colour::Muted, 1.0, Dash::Solid);
    }

    /// Clips what `draw` draws to the panel.
    pub(crate) fn clipped(&self, canvas: &mut Canvas, draw: impl FnOnce(&mut Canvas)) {
        let ((left, right), (bottom, top)) = (self.x.ends(), self.y.ends());
        canvas.clipped((left, top), (right, bottom), draw);
    }

    /// Draws a vertical line through the panel.
    pub(crate) fn upright(&self, canvas: &mut Canvas, x: f64, colour: Colour, dash: Dash) {
        let ((bottom, top), x) = (self.y.ends(), self.x.at(x));
        canvas.line(&[(x, top), (x, bottom)], colour, 1.5, dash);
    }

    /// Draws a horizontal line through the panel.
    pub(crate) fn level(&self, canvas: &mut Canvas, y: f64, colour: Colour, dash: Dash) {
        let ((left, right), y) = (self.x.ends(), self.y.at(y));
        canvas.line(&[(left, y), (right, y)], colour, 1.5, dash);
    }

    /// Writes the name of the x axis below it.
    pub(crate) fn name_x(&self, canvas: &mut Canvas, name: &str) {
        let ((left, right), (bottom, _)) = (self.x.ends(), self.y.ends());
        let name = if self.x.is_log() { &format!("{name} (log scale)") } else { name };
        let middle = (left + right) / 2.0;
        // Beside a narrow panel there may be room up to the edge of the picture.
        let aside = 2.0 * middle.min(canvas.width() - middle) - 8.0;
        let room = if is_last(canvas, right) { aside.max(right - left + LEFT) } else { right - left + LEFT };
        canvas.text((middle, bottom + 34.0), name, room, Font::BODY.middle());
    }

    /// Writes the name of the y axis above it, in more than one line where it is long.
    pub(crate) fn name_y(&self, canvas: &mut Canvas, name: &str) {
        let ((left, right), (_, top)) = (self.x.ends(), self.y.ends());
        let left = left - LEFT + 10.0;
        let room = if is_last(canvas, right) { canvas.width() - left - 4.0 } else { right - left };
        let lines = wrapped(name, room, Font::BODY.size);
        for (place, line) in lines.iter().rev().enumerate() {
            canvas.text((left, top - 8.0 - LINE * place as f64), line, room, Font::BODY);
        }
    }
}

/// Whether no other panel is at the right of one that ends there.
fn is_last(canvas: &Canvas, right: f64) -> bool {
    right > canvas.width() / 2.0
}

/// The smallest and the largest finite value, if there is any.
pub(crate) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.filter(|value| value.is_finite());
    finite.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}
