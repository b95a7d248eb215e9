//! The main measures of each method, a panel for each measure.

use super::{PicturedTrials, measured, method};
use crate::external_trials::GroupPerformance;
use crate::report::figure::draw::{Colour, Dash, Font, Mark, Sign, widest};
use crate::report::figure::frame::{Figure, Frame};
use crate::report::figure::lollipop::{AROUND, LollipopRow, ROW, draw_lollipops};
use crate::report::figure::words::{and, capital, shown_of, some};
use crate::report::{printable, significant, with_error};
use kl_math::statistics::Measure;

/// The measures that are shown, if there are more the first ones.
const MEASURES: [Measure; 6] = [
    Measure::EmpiricalSe,
    Measure::Rmse,
    Measure::ModelSeError,
    Measure::Coverage,
    Measure::PrecisionGain,
    Measure::Rejection,
];

/// The largest number of panels that can be read.
const PANELS: usize = 6;

/// The largest number of rows of a panel.
const ROWS: usize = 24;

/// Draws the measures of each method in some conditions; none without groups that have any.
pub(super) fn plot(trials: &PicturedTrials<'_>, mut frame: Frame) -> Option<Figure> {
    let has = |measure: &Measure| trials.groups.iter().any(|group| measured(group, *measure).is_some());
    let all = [trials.position()].into_iter().chain(MEASURES).filter(has);
    let measures: Vec<Measure> = all.take(PANELS).collect();
    let first = *measures.first()?;
    let conditions = trials.conditions();
    let most = conditions.iter().map(Vec::len).max().unwrap_or(0);
    let has_headings = conditions.len() > 1;
    // Each condition takes a row for its heading.
    let shown = some(&conditions, if has_headings { (ROWS / (most + 1)).max(1) } else { 1 });
    let is_cut = most > ROWS;
    let groups: Vec<&GroupPerformance> = shown.iter().flat_map(|groups| groups.iter().take(ROWS).copied()).collect();
    let title = match trials.by.last() {
        Some(column) => format!("Performance by {}", printable(column)),
        None => "Performance".to_owned(),
    };
    let signs = [
        (Sign::Mark(Mark::Circle, Colour::A), "measure, ± 2 Monte Carlo standard errors"),
        (Sign::Line(Colour::Ink, Dash::Dashed), "no error, or the nominal level"),
    ];
    let top = frame.head(&title, &signs, 24.0);
    let headings: Vec<Vec<String>> = measures.iter().map(|&measure| vec![capital(&words(measure))]).collect();
    let names: Vec<String> = groups.iter().map(|group| method(&group.keys)).collect();
    let names = widest(names.iter().map(String::as_str), Font::SMALL.size);
    let count = groups.len() + if has_headings { shown.len() } else { 0 };
    let bottom = frame.panels(top, AROUND + ROW * count as f64, &headings, |canvas, place, area| {
        let Some(&measure) = measures.get(place) else { return };
        let mut rows = Vec::new();
        for groups in &shown {
            if let Some(group) = groups.first().filter(|_| has_headings) {
                rows.push(LollipopRow::Heading(trials.condition_within(&group.keys, area.width - 24.0)));
            }
            let value = |group: &&GroupPerformance| {
                let found = measured(group, measure)?;
                Some((found.estimate, 2.0 * found.mcse.unwrap_or(0.0)))
            };
            let row = |group: &&GroupPerformance| LollipopRow::Value(method(&group.keys), value(group));
            rows.extend(groups.iter().take(ROWS).map(row));
        }
        draw_lollipops(canvas, &rows, foot(measure, trials.level), area, names.min(area.width * 0.4));
    });
    let caption = caption(trials, &groups, &measures, (shown.len(), conditions.len()), is_cut);
    let numbers = groups.iter().filter_map(|group| {
        let found = measured(group, first)?;
        Some(format!("{} {}", named(trials, group), with_error(found.estimate, found.mcse)))
    });
    let shows = format!("{} of each group: {}.", capital(&words(first)), and(&numbers.collect::<Vec<_>>()));
    Some(frame.finish(bottom + 4.0, &shows, caption))
}

/// Where stems begin.
fn foot(measure: Measure, level: Option<f64>) -> Option<f64> {
    match measure {
        Measure::Coverage => level,
        Measure::Rejection => level.map(|level| 1.0 - level),
        Measure::Mean => None,
        _ => Some(0.0),
    }
}

fn words(measure: Measure) -> String {
    match measure {
        Measure::EmpiricalSe => "empirical standard error".to_owned(),
        Measure::Rmse => "root mean square error".to_owned(),
        Measure::ModelSeError => "error of the standard error, %".to_owned(),
        Measure::Coverage => "coverage".to_owned(),
        Measure::PrecisionGain => "gain in precision, %".to_owned(),
        other => other.name().replace('_', " "),
    }
}

fn named(trials: &PicturedTrials<'_>, group: &GroupPerformance) -> String {
    trials.headings(&group.keys).join(", ")
}

fn caption(
    trials: &PicturedTrials<'_>,
    groups: &[&GroupPerformance],
    measures: &[Measure],
    (shown, all): (usize, usize),
    is_cut: bool,
) -> String {
    let off = |measure: Measure| {
        let is_off = |group: &&&GroupPerformance| {
            let (found, foot) = (measured(group, measure), foot(measure, trials.level));
            found
                .zip(foot)
                .is_some_and(|(found, foot)| (found.estimate - foot).abs() > 2.0 * found.mcse.unwrap_or(f64::INFINITY))
        };
        let of = groups.iter().filter(|group| measured(group, measure).is_some()).count();
        (groups.iter().filter(is_off).count(), of)
    };
    let tested = [Measure::Bias, Measure::ModelSeError, Measure::Coverage];
    let counts = tested.into_iter().filter(|measure| measures.contains(measure)).map(|measure| {
        let ((count, of), name) = (off(measure), measure.name().replace('_', " "));
        format!("{name} in {count} of {of}")
    });
    let counts: Vec<String> = counts.collect();
    let mut parts = Vec::new();
    if !counts.is_empty() {
        parts.push(format!("More than two standard errors off: {}.", and(&counts)));
    }
    if let (true, Some(level)) = (measures.contains(&Measure::Coverage), trials.level) {
        parts.push(format!("The nominal level is {} %.", significant(100.0 * level, 4)));
    }
    if let (true, Some(reference)) = (measures.contains(&Measure::PrecisionGain), trials.reference) {
        parts.push(format!("Precision is compared with {}.", printable(reference)));
    }
    parts.extend(shown_of(shown, all, "condition"));
    if is_cut {
        parts.push(format!("The first {ROWS} groups of each are shown."));
    }
    parts.join(" ")
}
