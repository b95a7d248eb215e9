//! All conditions side by side, each column nested in the one before: a nested-loop plot (Rücker and Schwarzer 2014).

use super::{PicturedTrials, measured, method, settings};
use crate::external_trials::GroupPerformance;
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::nesting::{LINES, Loop, NestedWords, draw_nested};
use crate::report::figure::words::{and, shown_of};
use crate::report::{counted, printable, with_error};

/// Fewer conditions are easier to read in a table; more are too narrow to see.
const CONDITIONS: std::ops::RangeInclusive<usize> = 4..=360;

/// Draws the bias of each method by condition, or its mean without an estimand; none if fewer than two columns vary.
pub(super) fn plot(trials: &PicturedTrials<'_>, mut frame: Frame) -> Option<Figure> {
    let mut conditions = trials.conditions();
    let levels: Vec<Vec<String>> = (0..trials.by.len().saturating_sub(1)).map(|key| levels(&conditions, key)).collect();
    conditions.sort_by_cached_key(|groups| places(groups, &levels));
    let loops = loops(trials, &conditions);
    if loops.len() < 2 || !CONDITIONS.contains(&conditions.len()) {
        return None;
    }
    let measure = trials.position();
    let value = |groups: &[&GroupPerformance], name: &str| {
        let group = groups.iter().find(|group| method(&group.keys) == name)?;
        measured(group, measure).map(|found| found.estimate)
    };
    let methods = trials.methods();
    let shown = methods.get(..methods.len().min(LINES)).unwrap_or_default();
    let lines: Vec<(&str, Vec<Option<f64>>)> = shown
        .iter()
        .map(|name| (name.as_str(), conditions.iter().map(|groups| value(groups, name)).collect()))
        .collect();
    let words = NestedWords {
        title: format!("The {} in all conditions", measure.name()),
        upward: measure.name().to_owned(),
        across: "conditions, each column nested in the one above",
    };
    let y = draw_nested(&mut frame, &words, &lines, &loops, conditions.len())?;
    let largest = shown.iter().filter_map(|name| {
        let of_name = conditions.iter().flatten().filter(|group| method(&group.keys) == *name);
        let found = of_name.filter_map(|group| Some((measured(group, measure)?, group)));
        let (found, group) = found.max_by(|a, b| a.0.estimate.abs().total_cmp(&b.0.estimate.abs()))?;
        Some(format!("{name} {} at {}", with_error(found.estimate, found.mcse), trials.condition(&group.keys)))
    });
    let largest: Vec<String> = largest.collect();
    let mut caption = format!(
        "The largest {} of each over {}: {}.",
        measure.name(),
        counted(conditions.len() as u64, "condition"),
        and(&largest)
    );
    caption.extend(shown_of(shown.len(), methods.len(), "group").map(|words| format!(" {words}")));
    let names: Vec<String> =
        loops.iter().map(|one| format!("{}, {}", one.name, counted(one.levels.len() as u64, "value"))).collect();
    let shows = format!("Lines of the {} over the conditions; below, steps of {}.", measure.name(), and(&names));
    Some(frame.finish(y + 24.0, &shows, caption))
}

/// The value of a key of a condition.
fn setting<'a>(groups: &[&'a GroupPerformance], key: usize) -> &'a str {
    groups.first().and_then(|group| settings(&group.keys).get(key)).map_or("", String::as_str)
}

/// The values of a key: numbers by size, and texts in order of first occurrence.
fn levels(conditions: &[Vec<&GroupPerformance>], key: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in conditions.iter().map(|groups| setting(groups, key)) {
        if !all.iter().any(|known| known == value) {
            all.push(value.to_owned());
        }
    }
    let numbers: Option<Vec<f64>> = all.iter().map(|value| value.parse().ok()).collect();
    if numbers.is_some() {
        let number = |text: &String| text.parse().unwrap_or(f64::NAN);
        all.sort_by(|one, other| number(one).total_cmp(&number(other)));
    }
    all
}

/// Where the values of a condition are among those of each key.
fn places(groups: &[&GroupPerformance], levels: &[Vec<String>]) -> Vec<usize> {
    let place = |(key, levels): (usize, &Vec<String>)| levels.iter().position(|level| level == setting(groups, key));
    levels.iter().enumerate().map(|one| place(one).unwrap_or(0)).collect()
}

/// The keys that vary, the outermost first.
fn loops(trials: &PicturedTrials<'_>, conditions: &[Vec<&GroupPerformance>]) -> Vec<Loop> {
    let keys = trials.by.iter().enumerate().take(trials.by.len().saturating_sub(1));
    let own = |(key, name): (usize, &String)| {
        let values = conditions.iter().map(|groups| printable(setting(groups, key)));
        Loop::new(printable(name), values)
    };
    keys.map(own).filter(|one| one.levels.len() > 1).collect()
}
