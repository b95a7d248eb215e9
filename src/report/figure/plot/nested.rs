//! All conditions of a grid side by side, each key nested in the one before: a nested-loop plot (Rücker and Schwarzer 2014).

use crate::record::SavedResults;
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::nesting::{LINES, Loop, NestedWords, draw_nested};
use crate::report::figure::series::{Row, by_condition};
use crate::report::figure::words::{and, key_in_short, shown_of};
use crate::report::finding;
use crate::report::{counted, grouped, with_error};

/// Fewer conditions are easier to read in a table; more are too narrow to see.
const CONDITIONS: std::ops::RangeInclusive<usize> = 6..=360;

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
    let named: Vec<(&str, Vec<Option<f64>>)> = shown.iter().copied().zip(lines).collect();
    let unit = results.overview.unit.name();
    let words = NestedWords {
        title: "The bias over the whole grid".to_owned(),
        upward: format!("bias, {unit} per symbol"),
        across: "conditions, in the order of the file",
    };
    let y = draw_nested(&mut frame, &words, &named, &loops, conditions.len())?;
    let caption = caption(&conditions, shown, all.len());
    let names: Vec<String> =
        loops.iter().map(|one| format!("{}, {}", one.name, counted(one.levels.len() as u64, "value"))).collect();
    let shows = format!("Biases in {unit} per symbol, as steps over the conditions; below, steps of {}.", and(&names));
    Some(frame.finish(y + 24.0, &shows, caption))
}

/// The finite bias of an estimator in each condition.
fn biases(conditions: &[Vec<&Row>], estimator: &str) -> Vec<Option<f64>> {
    let of = |rows: &Vec<&Row>| rows.iter().find(|row| row.estimator == estimator)?.comparison.bias;
    conditions.iter().map(|rows| of(rows).filter(|bias| bias.is_finite())).collect()
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
