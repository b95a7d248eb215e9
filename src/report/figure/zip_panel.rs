//! A panel of intervals, the farthest from the estimand at the top.

use super::draw::{Canvas, Colour, Dash, Font, Kind, LEFT, Panel, Scale, Sign, range};
use super::frame::Area;
use crate::report::significant;

/// The height of a panel's axes.
const HEIGHT: f64 = 190.0;

/// The height of a panel with one line of heading.
pub(super) const PANEL: f64 = HEIGHT + 76.0;

/// An interval and its rank.
#[derive(Clone, Copy)]
pub(super) struct RankedEnds {
    /// The part of the intervals that are nearer, in percent.
    pub(super) centile: f64,
    /// Its ends.
    pub(super) ends: (f64, f64),
    /// Whether it contains the estimand.
    pub(super) holds: bool,
}

/// Intervals of one estimator in one condition.
pub(super) struct ZipPanel {
    /// The intervals, by rising rank.
    pub(super) intervals: Vec<RankedEnds>,
    /// What they should contain.
    pub(super) estimand: f64,
    /// Their nominal level.
    pub(super) level: f64,
    /// What is above the axis that goes up.
    pub(super) upward: &'static str,
}

/// The share in percent.
pub(super) fn percent(share: f64) -> String {
    significant(100.0 * share, 4)
}

/// The legend: `wanted` says what the level is, and `estimand` is the name of the estimand.
pub(super) fn signs<'a>(estimand: &'a str, wanted: &'a str) -> [(Sign, &'a str); 4] {
    [
        (Sign::Line(Colour::A, Dash::Solid), "interval that contains it"),
        (Sign::Line(Colour::B, Dash::Solid), "interval that does not"),
        (Sign::Line(Colour::Ink, Dash::Dashed), estimand),
        (Sign::Line(Colour::Muted, Dash::Dotted), wanted),
    ]
}

/// What the line of the level is called.
pub(super) fn wanted(level: f64) -> String {
    format!("{} % of the intervals, the nominal level", percent(level))
}

impl ZipPanel {
    /// Draws the intervals.
    pub(super) fn draw(&self, canvas: &mut Canvas, Area { left, top, width }: Area) {
        let ends = self.intervals.iter().flat_map(|interval| [interval.ends.0, interval.ends.1]);
        let Some(shown) = range(ends.chain([self.estimand])) else { return };
        let (upper, lower) = (top + 26.0, top + 26.0 + HEIGHT);
        canvas.text((left + 10.0, top + 17.0), self.upward, width - 20.0, Font::SMALL.muted());
        let panel = Panel {
            x: Scale::new(Kind::Linear, shown, (left + LEFT, left + width - 14.0)).padded(0.03),
            y: Scale::new(Kind::Linear, (0.0, 100.0), (lower, upper)),
        };
        panel.grid(canvas);
        let drawn = |interval: &&RankedEnds| interval.ends.0.is_finite() && interval.ends.1.is_finite();
        for interval in self.intervals.iter().filter(drawn).filter(|interval| (0.0..=100.0).contains(&interval.centile))
        {
            let [(low, y), (high, _)] = [interval.ends.0, interval.ends.1].map(|end| panel.at(end, interval.centile));
            // An interval of width zero must be visible, too.
            let room = (1.0 - 0.5 * (high - low)).max(0.0);
            let ends = [(low - room, y), (high + room, y)];
            canvas.line(&ends, if interval.holds { Colour::A } else { Colour::B }, 1.2, Dash::Solid);
        }
        if self.estimand.is_finite() {
            panel.upright(canvas, self.estimand, Colour::Ink, Dash::Dashed);
        }
        panel.level(canvas, 100.0 * self.level, Colour::Muted, Dash::Dotted);
    }
}
