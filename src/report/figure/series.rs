//! Series of conditions that differ in N only, and names of conditions.

use super::draw::{Font, width, wrapped};
use super::words::{key_in_short, length, some, spread};
use crate::record::{Overview, SavedResults, SummaryRow};
use crate::report::shown::LABEL;
use std::collections::BTreeMap;

/// A heading has at most so many lines of settings.
const LINES: usize = 3;

/// A row of results.
pub(super) type Row = SummaryRow<'static>;

/// The rows of one setting and one estimator, sorted by N.
pub(super) struct Series<'a> {
    /// The rows, at least one.
    pub(super) rows: Vec<&'a Row>,
}

impl<'a> Series<'a> {
    /// All series of an estimator, in the order of the results.
    pub(super) fn of_estimator(results: &'a SavedResults, estimator: &str) -> Vec<Self> {
        let mut places: BTreeMap<&[String], usize> = BTreeMap::new();
        let mut all: Vec<Self> = Vec::new();
        for row in results.rows.iter().filter(|row| row.estimator == estimator) {
            let place = *places.entry(&row.settings).or_insert(all.len());
            match all.get_mut(place) {
                Some(series) => series.rows.push(row),
                None => all.push(Self { rows: vec![row] }),
            }
        }
        all.iter_mut().for_each(|series| series.rows.sort_by_key(|row| row.n));
        all
    }

    /// All series of the first estimator.
    pub(super) fn all(results: &'a SavedResults) -> Vec<Self> {
        results.rows.first().map(|row| Self::of_estimator(results, &row.estimator)).unwrap_or_default()
    }

    /// The row of the largest N.
    pub(super) fn longest(&self) -> Option<&'a Row> {
        self.rows.last().copied()
    }
}

/// Groups rows, which are sorted by condition, by their condition.
pub(super) fn by_condition<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Vec<&'a Row>> {
    let mut all: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        match all.last_mut() {
            Some(rows) if rows.first().is_some_and(|first| first.condition == row.condition) => rows.push(row),
            _ => all.push(vec![row]),
        }
    }
    all
}

/// The setting of a row without N: `p of Q = 0.9`; empty if nothing was varied.
pub(super) fn setting(overview: &Overview, row: &Row) -> String {
    parts(overview, row).join(", ")
}

fn parts(overview: &Overview, row: &Row) -> Vec<String> {
    let named = overview.setting_names.iter().zip(row.settings.iter()).filter(|(_, value)| !value.is_empty());
    named.map(|(name, value)| named_value(name, value)).collect()
}

/// `p of Q = 0.9`, or a label as it is.
pub(super) fn named_value(name: &str, value: &str) -> String {
    if name == LABEL { value.to_owned() } else { format!("{} = {value}", key_in_short(name)) }
}

/// The setting of a row with N.
pub(super) fn condition(overview: &Overview, row: &Row) -> String {
    match setting(overview, row).as_str() {
        "" => length(row.n),
        setting => format!("{}, {setting}", length(row.n)),
    }
}

/// The headings of panels: the settings of each row with N, in lines of `room` pixels; before them the estimator, if `is_named`. Each is
/// one line if that is enough for all of them.
pub(super) fn headings(overview: &Overview, rows: &[&Row], room: f64, is_named: bool) -> Vec<Vec<String>> {
    let whole = |row: &&Row| named(row, condition(overview, row), is_named);
    let whole: Vec<String> = rows.iter().map(whole).collect();
    if whole.iter().all(|whole| fits(whole, room)) {
        return whole.into_iter().map(|whole| vec![whole]).collect();
    }
    rows.iter().map(|row| heading(overview, row, room, is_named)).collect()
}

fn fits(heading: &str, room: f64) -> bool {
    width(heading, Font::HEADING.wide()) <= room
}

/// A text about a row, after the name of its estimator if `is_named`.
pub(super) fn named(row: &Row, text: String, is_named: bool) -> String {
    if is_named { format!("{}, {text}", row.estimator) } else { text }
}

/// The numbers of at most `most` conditions: where N varies, up to so many settings, and the smallest and largest N of each.
pub(super) fn some_conditions(results: &SavedResults, most: usize, settings: usize) -> Vec<usize> {
    let series = Series::all(results);
    let has_one_length = series.iter().all(|series| series.rows.len() == 1);
    let settings = spread(series.len(), if has_one_length { most } else { settings });
    let lengths = most / settings.len().max(1);
    let series = settings.into_iter().filter_map(|place| series.get(place));
    series.flat_map(|series| some(&series.rows, lengths)).map(|row| row.condition).collect()
}

/// A line for the estimator and N, or one for each where they are long, and lines for each of up to two settings.
fn heading(overview: &Overview, row: &Row, room: f64, is_named: bool) -> Vec<String> {
    let (first, settings) = first_and_settings(overview, row, room);
    let whole = named(row, first.clone(), is_named);
    let top = if fits(&whole, room) {
        vec![whole]
    } else {
        wrapped(&row.estimator, room, Font::HEADING.wide()).into_iter().chain([first]).collect()
    };
    top.into_iter().chain(settings).filter(|line| !line.is_empty()).collect()
}

/// The line with N, and the lines of settings.
fn first_and_settings(overview: &Overview, row: &Row, room: f64) -> (String, Vec<String>) {
    let settings = parts(overview, row);
    let settings = match settings.len() {
        2 => settings,
        _ => vec![settings.join(", ")],
    };
    // Long settings are continued on further lines, unless these would be many.
    let wrapped: Vec<String> = settings.iter().flat_map(|setting| wrapped(setting, room, Font::SMALL.size)).collect();
    if wrapped.len() <= LINES {
        return (length(row.n), wrapped);
    }
    let is_cut = settings.iter().any(|setting| width(setting, Font::SMALL.size) > room);
    let first = if is_cut { format!("{}, condition {}", length(row.n), row.condition) } else { length(row.n) };
    (first, settings)
}

/// A name within `room` pixels: the setting of a row, or the number of its condition.
pub(super) fn line_name(overview: &Overview, row: &Row, room: f64) -> String {
    let setting = setting(overview, row);
    if width(&setting, Font::SMALL.size) <= room { setting } else { format!("condition {}", row.condition) }
}

/// A sentence that names the estimator that is shown, if there are several.
pub(super) fn of_which_estimator(results: &SavedResults) -> String {
    match results.rows.first() {
        Some(row) if results.overview.estimators.len() > 1 => format!(" Shown is the estimator {}.", row.estimator),
        _ => String::new(),
    }
}
