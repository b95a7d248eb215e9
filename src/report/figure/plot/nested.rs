//! All conditions of a grid side by side, each key nested in the one before: a nested-loop plot (Rücker and Schwarzer 2014).

use crate::record::SavedResults;
use crate::report::figure::draw::{
    ACROSS, Canvas, Colour, Dash, Font, Kind, Panel, Point, Scale, Sign, WIDTH, range, shortened,
};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::series::{Row, by_condition};
use crate::report::figure::words::{and, key_in_short, shown_of};
use crate::report::finding;
use crate::report::{counted, grouped, with_error};

/// With more lines, readers cannot distinguish them.
const LINES: usize = 8;

/// Fewer conditions are easier to read in a table; more are too narrow to see.
const CONDITIONS: std::ops::RangeInclusive<usize> = 6..=360;

/// The height of the steps of a key.
const STEPS: f64 = 26.0;

/// Draws the bias of each estimator by condition; none if fewer than two keys vary, or for one estimator.
pub(super) fn plot(results: &SavedResults, mut frame: Frame) -> Option<Figure> {
    let conditions = by_condition(results.rows.iter());
    let loops = loops(results, &conditions);
    if results.overview.estimators.len() < 2 || loops.len() < 2 || !CONDITIONS.contains(&conditions.len()) {
        return None;
    }
    let estimators = &results.overview.estimators;
    let has_line = |name: &&str| biases(&conditions, name).iter().any(Option::is_some);
    let all: Vec<&str> = estimators.iter().map(String::as_str).filter(has_line).collect();
    let shown = all.get(..all.len().min(LINES)).unwrap_or_default();
    let lines: Vec<Vec<Option<f64>>> = shown.iter().map(|name| biases(&conditions, name)).collect();
    let ends = range(lines.iter().flatten().flatten().copied().chain([0.0]))?;
    if shown.is_empty() {
        return None;
    }
    let kind = kind(lines.iter().flatten().flatten().copied(), ends);
    let unit = results.overview.unit.name();
    let signs: Vec<(Sign, &str)> =
        shown.iter().zip(styles()).map(|(name, (colour, dash))| (Sign::Line(colour, dash), *name)).collect();
    let top = frame.head("The bias over the whole grid", &signs, 40.0);
    let canvas = &mut frame.canvas;
    let x = || Scale::new(Kind::Linear, (0.0, conditions.len() as f64), ACROSS);
    let panel = Panel { x: x(), y: Scale::new(kind, ends, (top + 220.0, top)).padded(0.06) };
    panel.grid_up(canvas);
    panel.level(canvas, 0.0, Colour::Ink, Dash::Dashed);
    let scale = if kind == Kind::Linear { "" } else { " (log scale on both sides of 0)" };
    panel.name_y(canvas, &format!("bias, {unit} per symbol{scale}"));
    for (line, (colour, dash)) in lines.iter().zip(styles()) {
        for run in runs(line) {
            let points: Vec<Point> = run.iter().map(|&(place, bias)| panel.at(place, bias)).collect();
            canvas.line(&points, colour, 2.0, dash);
        }
    }
    let mut y = top + 244.0;
    for one in &loops {
        y = one.draw(canvas, x(), y);
    }
    canvas.text(
        ((ACROSS.0 + ACROSS.1) / 2.0, y + 10.0),
        "conditions, in the order of the file",
        WIDTH,
        Font::BODY.middle(),
    );
    let caption = caption(&conditions, shown, all.len());
    let names: Vec<String> =
        loops.iter().map(|one| format!("{}, {}", one.name, counted(one.levels.len() as u64, "value"))).collect();
    let shows = format!("Biases in {unit} per symbol, as steps over the conditions; below, steps of {}.", and(&names));
    Some(frame.finish(y + 24.0, &shows, caption))
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
fn kind(biases: impl Iterator<Item = f64>, (low, high): (f64, f64)) -> Kind {
    /// The largest size over the median.
    const WIDE: f64 = 15.0;
    let mut sizes: Vec<f64> = biases.map(f64::abs).filter(|&size| size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let at = |quarters: usize| sizes.get(sizes.len() * quarters / 4).copied();
    match (at(2), at(1)) {
        (Some(median), Some(lower)) if low.abs().max(high.abs()) > WIDE * median => Kind::Symmetric(lower),
        _ => Kind::Linear,
    }
}

/// The finite bias of an estimator in each condition.
fn biases(conditions: &[Vec<&Row>], estimator: &str) -> Vec<Option<f64>> {
    let of = |rows: &Vec<&Row>| rows.iter().find(|row| row.estimator == estimator)?.comparison.bias;
    conditions.iter().map(|rows| of(rows).filter(|bias| bias.is_finite())).collect()
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
struct Loop {
    name: String,
    /// Its values, in order of first occurrence.
    levels: Vec<String>,
    /// The index of the value in each condition.
    places: Vec<usize>,
}

impl Loop {
    fn new(name: String, values: impl Iterator<Item = String>) -> Self {
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

/// The keys that vary, the outermost first; N is the innermost.
fn loops(results: &SavedResults, conditions: &[Vec<&Row>]) -> Vec<Loop> {
    let first = || conditions.iter().filter_map(|rows| rows.first());
    let settings = results.overview.setting_names.iter().enumerate().map(|(place, name)| {
        let values = first().map(|row| row.settings.get(place).cloned().unwrap_or_default());
        Loop::new(key_in_short(name), values)
    });
    let lengths = Loop::new("N".to_owned(), first().map(|row| grouped(row.n)));
    settings.chain([lengths]).filter(|one| one.levels.len() > 1).collect()
}

fn caption(conditions: &[Vec<&Row>], shown: &[&str], all: usize) -> String {
    let largest = |name: &&str| {
        let rows = conditions.iter().flat_map(|rows| rows.iter()).filter(|row| row.estimator == **name);
        let finite = rows.filter(|row| row.comparison.bias.is_some_and(f64::is_finite));
        let row = finite.max_by(|a, b| size(a).total_cmp(&size(b)))?;
        let bias = with_error(row.comparison.bias?, row.comparison.mcse);
        Some(format!("{name} {bias} in condition {}", finding::condition(row)))
    };
    let largest: Vec<String> = shown.iter().filter_map(largest).collect();
    let mut caption =
        format!("The largest bias of each over {}: {}.", counted(conditions.len() as u64, "condition"), and(&largest));
    if let Some(words) = shown_of(shown.len(), all, "estimator") {
        caption += &format!(" {words} They are the first ones in the order of the file.");
    }
    caption
}

fn size(row: &Row) -> f64 {
    row.comparison.bias.unwrap_or(0.0).abs()
}
