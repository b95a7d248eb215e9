//! Lines over all conditions of a grid, each key nested in the one before (Rücker and Schwarzer 2014).

use super::draw::{Canvas, Colour, Dash, Font, Kind, Panel, Point, Scale, Sign, range, shortened};
use super::frame::Frame;

/// With more lines, readers cannot distinguish them.
pub(super) const LINES: usize = 8;

/// The height of the steps of a key.
const STEPS: f64 = 26.0;

/// The words of a picture.
pub(super) struct NestedWords {
    /// The title.
    pub(super) title: String,
    /// The name of the axis that goes up.
    pub(super) upward: String,
    /// The name of the axis that goes across.
    pub(super) across: &'static str,
}

/// Draws a line for each name with its values in all `count` conditions, and steps of the keys below; returns the y below them. None if
/// there is no value.
pub(super) fn draw_nested(
    frame: &mut Frame,
    words: &NestedWords,
    lines: &[(&str, Vec<Option<f64>>)],
    loops: &[Loop],
    count: usize,
) -> Option<f64> {
    let values = || lines.iter().flat_map(|(_, line)| line).flatten().copied();
    let ends = values().next().and_then(|_| range(values().chain([0.0])))?;
    let kind = kind(values(), ends);
    let signs: Vec<(Sign, &str)> =
        lines.iter().zip(styles()).map(|((name, _), (colour, dash))| (Sign::Line(colour, dash), *name)).collect();
    let top = frame.head(&words.title, &signs, 40.0);
    let canvas = &mut frame.canvas;
    let ((left, right), width) = (canvas.across(), canvas.width());
    let x = || Scale::new(Kind::Linear, (0.0, count as f64), (left, right));
    let panel = Panel { x: x(), y: Scale::new(kind, ends, (top + 220.0, top)).padded(0.06) };
    panel.grid_up(canvas);
    panel.level(canvas, 0.0, Colour::Ink, Dash::Dashed);
    let scale = if kind == Kind::Linear { "" } else { " (log scale on both sides of 0)" };
    panel.name_y(canvas, &format!("{}{scale}", words.upward));
    for ((_, line), (colour, dash)) in lines.iter().zip(styles()) {
        for run in runs(line) {
            let points: Vec<Point> = run.iter().map(|&(place, value)| panel.at(place, value)).collect();
            canvas.line(&points, colour, 2.0, dash);
        }
    }
    let mut y = top + 244.0;
    for one in loops {
        y = one.draw(canvas, x(), y);
    }
    canvas.text(((left + right) / 2.0, y + 10.0), words.across, width, Font::BODY.middle());
    Some(y)
}

/// Colours repeat after four lines, and then with other dashes.
fn styles() -> impl Iterator<Item = (Colour, Dash)> {
    (0..LINES).filter_map(|place| {
        let turn = place / Colour::SERIES.len();
        Some((
            *Colour::SERIES.get(place % Colour::SERIES.len())?,
            *Dash::SERIES.get((place + turn) % Dash::SERIES.len())?,
        ))
    })
}

/// A linear scale, or one that is logarithmic beyond the lower quartile of the sizes, where a linear one would hide half of them.
fn kind(values: impl Iterator<Item = f64>, (low, high): (f64, f64)) -> Kind {
    /// The largest size over the median.
    const WIDE: f64 = 15.0;
    let mut sizes: Vec<f64> = values.map(f64::abs).filter(|&size| size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let at = |quarters: usize| sizes.get(sizes.len() * quarters / 4).copied();
    match (at(2), at(1)) {
        (Some(median), Some(lower)) if low.abs().max(high.abs()) > WIDE * median => Kind::Symmetric(lower),
        _ => Kind::Linear,
    }
}

/// The steps of consecutive values that are not missing, with both edges of each.
fn runs(line: &[Option<f64>]) -> Vec<Vec<(f64, f64)>> {
    let mut all: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut is_open = false;
    for (place, value) in line.iter().enumerate() {
        if let Some(value) = *value {
            if !is_open {
                all.push(Vec::new());
            }
            if let Some(run) = all.last_mut() {
                run.extend([(place as f64, value), (place as f64 + 1.0, value)]);
            }
        }
        is_open = value.is_some();
    }
    all
}

/// A key whose value varies.
pub(super) struct Loop {
    /// Its name.
    pub(super) name: String,
    /// Its values, in order of first occurrence.
    pub(super) levels: Vec<String>,
    /// The index of the value in each condition.
    places: Vec<usize>,
}

impl Loop {
    /// A key with its value in each condition.
    pub(super) fn new(name: String, values: impl Iterator<Item = String>) -> Self {
        let (mut levels, mut places) = (Vec::new(), Vec::new());
        for value in values {
            let known = levels.iter().position(|level| *level == value);
            places.push(known.unwrap_or(levels.len()));
            if known.is_none() {
                levels.push(value);
            }
        }
        Self { name, levels, places }
    }

    /// Draws a heading and a line of steps below it; returns the y below both.
    fn draw(&self, canvas: &mut Canvas, x: Scale, top: f64) -> f64 {
        let values = format!("{}: {}", self.name, self.levels.join(", "));
        let (left, right) = x.ends();
        let words = shortened(&values, right - left, Font::SMALL.size);
        canvas.text((left, top + 10.0), &words, right - left, Font::SMALL.muted());
        let last = (self.levels.len() - 1).max(1) as f64;
        let panel = Panel { x, y: Scale::new(Kind::Linear, (0.0, last), (top + 16.0 + STEPS, top + 16.0)) };
        let levels: Vec<Option<f64>> = self.places.iter().map(|&place| Some(place as f64)).collect();
        for run in runs(&levels) {
            let points: Vec<Point> = run.iter().map(|&(place, level)| panel.at(place, level)).collect();
            canvas.line(&points, Colour::Muted, 1.5, Dash::Solid);
        }
        top + STEPS + 30.0
    }
}
