//! The settings that vary: one along the axis, the others from line to line.

use super::POINTS;
use super::names::Names;
use crate::record::SavedResults;
use crate::report::figure::decided::Decided;
use crate::report::figure::numeric::{number_at, number_of};
use crate::report::grouped;

/// A value that the parameter has in P or in Q.
pub(super) struct Own {
    /// Whose it is.
    pub(super) name: &'static str,
    /// The value.
    pub(super) value: f64,
}

/// Conditions that differ in one number.
pub(super) struct Line<'a> {
    /// What tells it from the other lines; empty if there are none.
    pub(super) name: String,
    /// The number, and what the test does.
    pub(super) points: Vec<(f64, &'a Decided<'a>)>,
}

/// What is drawn along the axis, and the lines.
pub(super) struct Axes<'a> {
    /// The name of the setting along the axis.
    pub(super) across: &'a str,
    /// The lines, in the order of the results.
    pub(super) lines: Vec<Line<'a>>,
    /// What the parameter is in P and in Q, as far as they have it.
    pub(super) own: Vec<Own>,
}

impl<'a> Axes<'a> {
    /// The setting that takes the most numbers, one of S first; none if no line would have enough of them.
    pub(super) fn of(results: &'a SavedResults, decided: &'a [Decided<'a>]) -> Option<Self> {
        let names = results.overview.setting_names.as_slice();
        let numeric =
            names.iter().enumerate().filter_map(|(place, name)| Some((place, name, different(decided, place)?)));
        // Of equal ones the first.
        let (place, across, _) = numeric
            .filter(|&(_, _, count)| count >= POINTS)
            .rev()
            .max_by_key(|&(_, name, count)| (name.starts_with("S."), count))?;
        let mut lines = lines(names, decided, place, false);
        let is_doubled =
            |line: &Line<'_>| line.points.windows(2).any(|pair| matches!(pair, [one, next] if one.0 == next.0));
        if lines.iter().any(is_doubled) {
            lines = self::lines(names, decided, place, true);
        }
        lines.retain(|line| line.points.len() >= POINTS);
        if lines.is_empty() {
            return None;
        }
        Some(Self { across, lines, own: own(results, across) })
    }
}

/// The lines with their points by rising numbers. The name of each says N if `with_length`.
fn lines<'a>(names: &[String], decided: &'a [Decided<'a>], across: usize, with_length: bool) -> Vec<Line<'a>> {
    let told = Names::of(names, decided, Some(across));
    let mut lines: Vec<Line<'a>> = Vec::new();
    for one in decided {
        let Some(x) = number_at(one.row, across) else { continue };
        let length = if one.is_sequential() { "max" } else { "N" };
        let length = with_length.then(|| format!("{length} = {}", grouped(one.row.n)));
        let parts: Vec<String> = told.settings(one).into_iter().chain(length).collect();
        let name = parts.join(", ");
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.points.push((x, one)),
            None => lines.push(Line { name, points: vec![(x, one)] }),
        }
    }
    lines.iter_mut().for_each(|line| line.points.sort_by(|one, other| one.0.total_cmp(&other.0)));
    lines
}

/// The number of values of a setting, if all are numbers.
fn different(decided: &[Decided<'_>], place: usize) -> Option<usize> {
    let mut values = decided.iter().map(|one| number_at(one.row, place)).collect::<Option<Vec<f64>>>()?;
    values.sort_by(f64::total_cmp);
    values.dedup();
    Some(values.len())
}

/// What the parameter along the axis is in P and in Q, where these are of the same family and do not vary.
fn own(results: &SavedResults, across: &str) -> Vec<Own> {
    let Some((side, parameter)) = across.split_once('.').filter(|(side, _)| ["P", "Q", "S"].contains(side)) else {
        return Vec::new();
    };
    let own = |name: &'static str| {
        let is_varied = |setting: &&String| setting.split('.').next() == Some(name);
        if name == side || results.overview.setting_names.iter().any(|setting| is_varied(&setting)) {
            return None;
        }
        let law = results.manifest.spec.get(name)?;
        let found = parameter.split('.').try_fold(law, |value, key| value.get(key))?;
        let value = found.as_f64().or_else(|| number_of(found.as_str()?))?;
        Some(Own { name, value })
    };
    ["P", "Q"].into_iter().filter_map(own).collect()
}
