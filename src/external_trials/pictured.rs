//! What pictures show of the trials: a few hundred of some groups, and their intervals by how far off they are.

use super::{ExternalTrials, Group, Number, Settings};
use kl_math::numeric::{DoubleDouble, normal_quantile};
use kl_math::statistics::student_quantile;
use rayon::prelude::*;
use std::collections::HashMap;

/// The number of intervals of a group that are shown.
const INTERVALS: usize = 100;

/// The number of points of a group that are shown.
const POINTS: usize = 300;

/// Some trials of a group. Where rows have estimands of their own, all numbers are less the estimand of the row.
#[derive(Clone, Debug, PartialEq)]
pub struct PicturedGroup {
    /// Its values of the columns that distinguish groups.
    pub keys: Vec<String>,
    /// The estimand, if there is one; 0 where rows have their own.
    pub estimand: Option<f64>,
    /// Whether the numbers are less the estimand of their row.
    pub are_errors: bool,
    /// Trials with a standard error, evenly spread over the file.
    pub points: Vec<PicturedTrial>,
    /// Intervals at evenly spread ranks of their distance from the estimand, by rising rank.
    pub intervals: Vec<PicturedInterval>,
}

/// A trial that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PicturedTrial {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Whether its interval contains the estimand, if both are there.
    pub holds: Option<bool>,
}

/// An interval that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PicturedInterval {
    /// The part of the intervals that are nearer to the estimand, in percent.
    pub centile: f64,
    /// Its ends.
    pub ends: (f64, f64),
    /// Whether it contains the estimand.
    pub holds: bool,
}

/// Chooses what pictures show of at most `most` groups: all methods in some conditions.
pub fn pictured_groups(trials: &ExternalTrials, settings: &Settings<'_>, most: usize) -> Vec<PicturedGroup> {
    let chosen: Vec<&Group> =
        some_groups(&trials.groups, most).into_iter().filter_map(|place| trials.groups.get(place)).collect();
    chosen.into_par_iter().map(|group| pictured(group, settings)).collect()
}

/// The places of at most `most` groups: of each condition, which are all keys but the last, the first methods.
fn some_groups(groups: &[Group], most: usize) -> Vec<usize> {
    let mut conditions: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<&[String], usize> = HashMap::new();
    for (place, group) in groups.iter().enumerate() {
        let settings = group.keys.split_last().map_or(&[] as &[String], |(_, settings)| settings);
        let condition = *known.entry(settings).or_insert(conditions.len());
        match conditions.get_mut(condition) {
            Some(places) => places.push(place),
            None => conditions.push(vec![place]),
        }
    }
    let methods = conditions.iter().map(Vec::len).max().unwrap_or(0).clamp(1, most.max(1));
    let shown = conditions.len().min((most / methods).max(1));
    let spread = |place: usize| if shown > 1 { place * (conditions.len() - 1) / (shown - 1) } else { 0 };
    let of_shown = (0..shown).filter_map(|place| conditions.get(spread(place)));
    of_shown.flat_map(|places| places.iter().take(methods).copied()).take(most).collect()
}

fn pictured(group: &Group, settings: &Settings<'_>) -> PicturedGroup {
    let are_errors = !group.truths.is_empty();
    let truth = if are_errors { Some(DoubleDouble::ZERO) } else { group.truth.or(settings.truth) };
    let tail = 0.5 * (1.0 - settings.level);
    let z = normal_quantile(tail);
    let number = |number: Number, place: usize| group.of(number).get(place).copied().filter(|found| !is_nan(*found));
    let origin = |place: usize| match group.truths.get(place) {
        Some(&own) => Some(own).filter(|own| !is_nan(*own)),
        None => Some(DoubleDouble::ZERO),
    };
    let reach = |place: usize| {
        let quantile = match group.of(Number::Degrees).get(place) {
            Some(degrees) if is_nan(*degrees) => return None,
            Some(degrees) => student_quantile(tail, degrees.to_f64()),
            None => z,
        };
        Some(DoubleDouble::from(quantile * number(Number::StdError, place)?.to_f64()))
    };
    let ends = |place: usize, estimate: DoubleDouble| {
        let origin = origin(place)?;
        if !group.of(Number::Low).is_empty() {
            return Some((number(Number::Low, place)? - origin, number(Number::High, place)? - origin));
        }
        let reach = reach(place)?;
        Some((estimate - origin - reach, estimate - origin + reach))
    };
    let mut ranked: Vec<(f64, (f64, f64), bool)> = Vec::new();
    let mut points = Vec::new();
    let count = group.estimates.len();
    for (place, &estimate) in group.estimates.iter().enumerate() {
        let Some(own_origin) = origin(place) else { continue };
        let interval = ends(place, estimate).zip(truth);
        let holds = interval.map(|((low, high), truth)| low <= truth && truth <= high);
        if let (Some((ends, truth)), Some(holds)) = (interval, holds) {
            let distance =
                distance((estimate - own_origin).to_f64(), (ends.0.to_f64(), ends.1.to_f64()), truth.to_f64());
            ranked.push((distance, (ends.0.to_f64(), ends.1.to_f64()), holds));
        }
        // The first of each share of the trials.
        let is_shown =
            count <= POINTS || place * POINTS / count != (place * POINTS).saturating_sub(POINTS) / count || place == 0;
        if let Some(std_error) = number(Number::StdError, place).filter(|_| is_shown) {
            points.push(PicturedTrial {
                estimate: (estimate - own_origin).to_f64(),
                std_error: std_error.to_f64(),
                holds,
            });
        }
    }
    // Equally far ones stay in the order of the file.
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
    let shown = ranked.len().min(INTERVALS);
    let interval = |rank: usize| {
        let place = (2 * rank + 1) * ranked.len() / (2 * shown);
        let &(_, ends, holds) = ranked.get(place)?;
        Some(PicturedInterval { centile: 100.0 * (rank as f64 + 0.5) / shown as f64, ends, holds })
    };
    PicturedGroup {
        keys: group.keys.clone(),
        estimand: truth.map(DoubleDouble::to_f64),
        are_errors,
        points,
        intervals: (0..shown).filter_map(interval).collect(),
    }
}

fn is_nan(number: DoubleDouble) -> bool {
    number.to_f64().is_nan()
}

/// How far an estimate is from the estimand, in lengths of its interval on that side: at most 1 within the interval.
fn distance(estimate: f64, (low, high): (f64, f64), truth: f64) -> f64 {
    let (off, reach) =
        if truth < estimate { (estimate - truth, estimate - low) } else { (truth - estimate, high - estimate) };
    match off {
        0.0 => 0.0,
        off if reach > 0.0 => off / reach,
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ColumnNames;
    use super::*;

    fn settings(truth: &str) -> Settings<'static> {
        let null = DoubleDouble::ZERO;
        Settings { truth: truth.parse().ok(), level: 0.95, null, trim: None, reference: None }
    }

    fn read(text: &str, columns: &ColumnNames) -> ExternalTrials {
        ExternalTrials::read("trials.csv", text.as_bytes(), columns).unwrap()
    }

    #[test]
    fn intervals_are_ranked_by_their_own_length() {
        let text = "estimate,low,high\n1,0,1.5\n2,1.9,9\n0,-1,0.1\n0.4,0.3,0.5\n";
        let limits = Some(["low".to_owned(), "high".to_owned()]);
        let trials = read(text, &ColumnNames { limits, ..ColumnNames::default() });
        let group = pictured_groups(&trials, &settings("0.4"), 6).remove(0);
        let lows: Vec<f64> = group.intervals.iter().map(|one| one.ends.0).collect();
        // Distances: 0.6 of 1, 1.6 of 0.1, 0.4 of 0.1, and none.
        assert_eq!(lows, [0.3, 0.0, -1.0, 1.9]);
        assert_eq!(group.intervals.iter().map(|one| one.holds).collect::<Vec<_>>(), [true, true, false, false]);
        assert_eq!(group.intervals.iter().map(|one| one.centile).collect::<Vec<_>>(), [12.5, 37.5, 62.5, 87.5]);
        assert!(group.points.is_empty());
    }

    #[test]
    fn estimands_by_row_are_taken_off() {
        let columns = ColumnNames { truth: super::super::Truth::Column("theta".to_owned()), ..ColumnNames::default() };
        let group =
            pictured_groups(&read("estimate,se,theta\n1.5,0.5,1\n3,0.25,2\n9,1,\n", &columns), &settings(""), 6);
        let points: Vec<_> = group[0].points.iter().map(|point| (point.estimate, point.holds)).collect();
        assert_eq!(points, [(0.5, Some(true)), (1.0, Some(false))]);
        assert_eq!((group[0].estimand, group[0].are_errors, group[0].intervals.len()), (Some(0.0), true, 2));
    }

    #[test]
    fn some_hundred_trials_are_spread_over_the_file() {
        let rows: String = (0..1_000).map(|row| format!("{row},1\n")).collect();
        let group = pictured_groups(&read(&format!("estimate,se\n{rows}"), &ColumnNames::default()), &settings("0"), 6);
        let (points, intervals) = (&group[0].points, &group[0].intervals);
        assert_eq!((points.len(), intervals.len()), (POINTS, INTERVALS));
        assert!(points[0].estimate < 4.0 && points[299].estimate > 995.0);
        assert!((intervals[50].ends.0 - (505.0 - 1.96)).abs() < 0.1, "{:?}", intervals[50]);
    }

    #[test]
    fn all_methods_of_some_conditions_are_shown() {
        let rows: String = (0..4).flat_map(|n| ["a", "b"].map(|method| format!("{n},{method},1\n"))).collect();
        let by = Some(vec!["n".to_owned(), "method".to_owned()]);
        let trials = read(&format!("n,method,estimate\n{rows}"), &ColumnNames { by, ..ColumnNames::default() });
        assert_eq!(some_groups(&trials.groups, 6), [0, 1, 2, 3, 6, 7]);
        assert_eq!(some_groups(&trials.groups, 1), [0]);
        assert_eq!(some_groups(&trials.groups, 20), (0..8).collect::<Vec<_>>());
    }
}
