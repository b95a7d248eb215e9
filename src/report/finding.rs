//! The finding of an experiment in words.

use super::{counted, grouped, grouped_decimal, printable, significant, with_error};
use crate::record::{Named, Overview, Rows, RuledOut, SummaryRow};
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{FALSE_ALARM, Method, Verdict};
use kl_sim::estimator::split_component;
use std::collections::HashSet;

/// The verdict of all rows together: `disagree` if a row disagrees, else `agree` if one agrees, else `infinite` if one is infinite, else
/// `untested`.
pub fn verdict(rows: &[SummaryRow<'_>]) -> Verdict {
    let grave = [Verdict::Disagree, Verdict::Agree, Verdict::Infinite];
    let found = grave.into_iter().find(|&verdict| rows.iter().any(|row| row.verdict == verdict));
    found.unwrap_or(Verdict::Untested)
}

/// One sentence: the divergence, the best estimate of it, and whether theory agrees.
pub fn sentence(overview: &Overview, rows: Rows<'_>) -> String {
    let unit = overview.unit;
    let mut parts: Vec<String> = [divergence(unit, rows), impossible(rows)].into_iter().flatten().collect();
    parts.extend(errors(rows));
    parts.push(agreement(rows));
    parts.extend(sharing(overview, rows));
    parts.extend(unseen_variance(rows));
    let nominal = rows.iter().filter(|row| row.comparison.nominal_test().is_some()).count();
    parts.extend(nominal_tests(nominal, FALSE_ALARM));
    parts.extend(reasons(rows, Verdict::Untested));
    parts.extend(reasons(rows, Verdict::Disagree));
    parts.extend(gains(rows));
    format!("{}.", parts.join("; "))
}

/// The closed form, or the range of several, and the most precise estimate of it.
fn divergence(unit: Unit, rows: Rows<'_>) -> Option<String> {
    // Other estimators may have another mean.
    let first = rows.iter().next()?.estimator.into_owned();
    let finite = || rows.iter().filter(|row| row.comparison.estimand().is_finite() && row.estimator == first);
    let error = |row: &SummaryRow<'_>| row.comparison.mcse.unwrap_or(f64::INFINITY);
    let smallest = finite().map(|row| row.comparison.estimand()).reduce(f64::min)?;
    let largest = finite().map(|row| row.comparison.estimand()).reduce(f64::max)?;
    if let (estimator, Some(component)) = split_component(&first) {
        let row = finite().min_by(|a, b| error(a).total_cmp(&error(b)))?;
        return Some(gradient(
            unit,
            &row,
            printable(estimator).as_ref(),
            printable(component).as_ref(),
            smallest < largest,
        ));
    }
    if smallest < largest {
        let (from, to) = (in_both(unit, smallest, None), in_both(unit, largest, None));
        return Some(format!("KL(P‖Q) runs from {from} to {to} per symbol"));
    }
    // The first estimator represents all: the others may be biased by design.
    let estimator = rows.iter().next()?.estimator;
    let by = if rows.iter().all(|row| row.estimator == estimator) { String::new() } else { format!(" by {estimator}") };
    let its_own = finite().filter(|row| row.estimator == estimator);
    let most_exact = its_own.min_by(|a, b| error(a).total_cmp(&error(b)))?;
    let found = &most_exact.comparison;
    if found.closed_form_variance == Some(0.0) && found.expected == found.closed_form {
        let why = if smallest == 0.0 { "P and Q are the same" } else { "every sequence has the same log ratio" };
        return Some(format!("{why}: KL(P‖Q) is {} per symbol", in_both(unit, smallest, None)));
    }
    let (by, own_mean) = match found.expected.filter(|_| has_own_mean(&most_exact)) {
        Some(mean) => {
            let mean = in_both(unit, mean, None);
            (format!(" by {estimator}"), format!(", whose own exact mean for this N is {mean}"))
        }
        None => (by, String::new()),
    };
    let closed_form = in_both(unit, smallest, None);
    if let Some(length) = length(rows) {
        return Some(format!("KL(P‖Q) is {closed_form} per symbol, and {length}"));
    }
    Some(format!(
        "KL(P‖Q) is {closed_form} per symbol, and {} of N = {} gave {}{by}{own_mean}",
        counted(found.trials, "sequence"),
        grouped(most_exact.n),
        in_both(unit, found.estimated(), found.mcse)
    ))
}

/// How long sequential tests took, in the last condition in which P is what is drawn from, or else in the last of all. What they estimate
/// where they end is no estimate of the divergence.
fn length(rows: Rows<'_>) -> Option<String> {
    let tests = || rows.iter().rev().filter(|row| row.decisions.iter().any(|decision| decision.outcome == UNDECIDED));
    let is_of_p =
        |row: &SummaryRow<'_>| row.decisions.iter().any(|decision| decision.error.as_deref() == Some("alpha"));
    let row = tests().find(is_of_p).or_else(|| tests().next())?;
    let ended = row.decisions.first()?;
    let exact = ended.expected_length.map(|exact| format!(" (exact {})", significant(exact, 4))).unwrap_or_default();
    Some(format!(
        "in condition {} tests of at most {} ended after {} of them on average{exact}",
        condition(&row),
        counted(row.n, "symbol"),
        with_error(ended.mean_length?, ended.length_mcse)
    ))
}

/// The name of the end of a test without a decision, which sequential tests alone have.
const UNDECIDED: &str = "undecided";

/// The chance of each error, where it was simulated: of the last condition that has it.
fn errors(rows: Rows<'_>) -> Option<String> {
    let of = |error: &str| {
        let rows = rows.iter().rev().flat_map(|row| row.decisions.into_iter().map(move |found| (row.condition, found)));
        let mut found = rows.filter(|(_, found)| found.error.as_deref() == Some(error));
        let (condition, found) = found.find(|(_, found)| found.rate.is_some())?;
        let (decided, truth) = if error == "alpha" { ("Q", "P") } else { ("P", "Q") };
        let exact = found.exact.map(|exact| format!(" (exact {})", significant(exact, 4))).unwrap_or_default();
        let rate = with_error(found.rate?, found.mcse);
        Some(format!(
            "in condition {} {decided} was decided though {truth} is true in {rate} of the trials{exact}",
            grouped(condition as u64)
        ))
    };
    let both: Vec<String> = ["alpha", "beta"].into_iter().filter_map(of).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

/// The first component of a gradient, and the estimate of it.
fn gradient(unit: Unit, row: &SummaryRow<'_>, estimator: &str, component: &str, varies: bool) -> String {
    let found = &row.comparison;
    let own_mean = match found.expected.filter(|_| has_own_mean(row)) {
        Some(mean) => format!(", whose own exact mean is {}", in_both(unit, mean, None)),
        None => String::new(),
    };
    let of = if varies { format!(" in condition {}", condition(row)) } else { String::new() };
    format!(
        "the component `{component}` of the gradient of KL(P‖Q) is {}{of}, and {} of N = {} gave {} by {estimator}{own_mean}",
        in_both(unit, found.estimand(), None),
        counted(found.trials, "sequence"),
        grouped(row.n),
        in_both(unit, found.estimated(), found.mcse)
    )
}

/// Whether the exact mean of the estimator is known and is not the closed form.
pub(super) fn has_own_mean(row: &SummaryRow<'_>) -> bool {
    /// Two ways to the same number differ by rounding.
    const ROUNDING: f64 = 1e-9;
    let both = row.comparison.expected.zip(row.comparison.closed_form);
    both.is_some_and(|(expected, closed_form)| {
        closed_form.is_finite() && (expected - closed_form).abs() > ROUNDING * closed_form.abs().max(expected.abs())
    })
}

/// A clause on what makes the divergence infinite, if it is.
fn impossible(rows: Rows<'_>) -> Option<String> {
    // Of the gradient nothing is infinite, and of what is refused nothing may be known.
    let is_infinite = |row: &SummaryRow<'_>| {
        row.comparison.estimand() == f64::INFINITY && split_component(&row.estimator).1.is_none()
    };
    let estimator = rows.iter().next()?.estimator;
    let row = rows.iter().rfind(|row| is_infinite(row) && row.estimator == estimator)?;
    let place = if rows.iter().all(|row| is_infinite(&row)) {
        String::new()
    } else {
        format!(" in condition {}", condition(&row))
    };
    let Some(RuledOut { what, mass }) = &row.ruled_out else {
        return Some(format!(
            "KL(P‖Q) is infinite{place}: P's tail is too heavy for Q's, and the mean of ln(p/q) diverges, although Q gives \
             probability to everything that P does"
        ));
    };
    Some(format!(
        "KL(P‖Q) is infinite{place}: P gives {} probability {} and Q gives it none, which {} of {} of N = {} show, {} \
         expected",
        printable(what),
        significant(*mass, 6),
        grouped(row.comparison.infinite_trials),
        counted(row.comparison.trials, "sequence"),
        grouped(row.n),
        grouped_decimal(row.comparison.infinite_expected?)
    ))
}

fn agreement(rows: Rows<'_>) -> String {
    let tests: usize = rows.iter().map(|row| row.comparison.tests().count()).sum();
    let all = grouped(rows.len() as u64);
    let many = rows.iter().zip(rows.iter().skip(1)).any(|(row, next)| row.condition == next.condition);
    let named = |row: &SummaryRow<'_>| match many {
        true => format!("{} by {}", condition(row), printable(&row.estimator)),
        false => condition(row),
    };
    let disagree = || rows.iter().filter(|row| row.verdict == Verdict::Disagree);
    let disagreeing: Vec<String> = disagree().map(|row| named(&row)).collect();
    let noun = if many { "rows" } else { "conditions" };
    let untested = rows.iter().filter(|row| row.verdict == Verdict::Untested).count();
    match disagreeing.as_slice() {
        [] if tests == 0
            && untested == 0
            && rows.iter().all(|row| row.comparison.closed_form_variance == Some(0.0)) =>
        {
            "every trial gave exactly this value".to_owned()
        }
        [] if untested == rows.len() => "nothing could be tested".to_owned(),
        [] => {
            let agreed = match (rows.len(), untested) {
                (1, _) => "estimate and theory agree".to_owned(),
                (2, 0) => format!("both {noun} agree with theory"),
                (_, 0) => format!("all {all} {noun} agree with theory"),
                (rows, untested) => {
                    let known = grouped((rows - untested) as u64);
                    format!("{known} of {all} {noun} could be tested and agree with theory")
                }
            };
            match tests {
                0 => agreed,
                tests => {
                    format!("{agreed} ({}, joint false-alarm rate {FALSE_ALARM:e})", counted(tests as u64, "test"))
                }
            }
        }
        some => {
            let named = some.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            let more = if some.len() > 8 { ", …" } else { "" };
            let meaning = if disagree().all(|row| is_claimed(&row)) {
                "their estimators are not what the experiment file says of them"
            } else {
                "a correct program shows this once in a million experiments"
            };
            format!(
                "but {} of {all} DISAGREE with theory: condition {named}{more} ({meaning})",
                grouped(some.len() as u64)
            )
        }
    }
}

/// Whether the row tests what the experiment file says of an estimator, and not what theory does.
fn is_claimed(row: &SummaryRow<'_>) -> bool {
    let comparison = &row.comparison;
    let has_no_theory = comparison.closed_form_variance.is_none() && comparison.tests().next().is_none();
    comparison.p_value_method == Some(Method::Student) || has_no_theory
}

/// `9`, or `9 (flat)`: the number of a condition with its label.
pub(super) fn condition(row: &SummaryRow<'_>) -> String {
    let number = grouped(row.condition as u64);
    if row.label.is_empty() { number } else { format!("{number} ({})", printable(&row.label)) }
}

/// How many independent results there are, if conditions share sequences.
fn sharing(overview: &Overview, rows: Rows<'_>) -> Option<String> {
    let key = |source: &Named<'_>| match source {
        // Equal distributions of a plan are one.
        Named::Distribution(distribution) => format!("{:p}", *distribution),
        Named::Label(label) => label.clone(),
    };
    // Sequences from S are others than those from P.
    let drawn = overview.setting_names.iter().position(|name| name == "s");
    let drawn_from = |row: &SummaryRow<'_>| drawn.and_then(|place| row.settings.get(place).cloned());
    let (mut conditions, mut groups) = (HashSet::new(), HashSet::new());
    for row in rows.iter().filter(|row| row.comparison.tests().next().is_some()) {
        if conditions.insert(row.condition) {
            groups.insert((key(&row.source), drawn_from(&row), row.n));
        }
    }
    let (all, independent) = (grouped(conditions.len() as u64), grouped(groups.len() as u64));
    (groups.len() < conditions.len()).then(|| {
        format!(
            "conditions with the same P and N use the same sequences, so their values of z are correlated: the {all} conditions \
             have {independent} independent set{} of sequences",
            if groups.len() == 1 { "" } else { "s" }
        )
    })
}

/// Whether the exact variance is far above what the estimates show, and theory is not to blame.
pub(super) fn has_unseen_variance(row: &SummaryRow<'_>) -> bool {
    /// A sample variance of so many trials is rarely so far below the truth, unless rare events make the variance.
    const FEWEST_TRIALS: u64 = 100;
    const PART: f64 = 0.01;
    let found = &row.comparison;
    let both = found.variance.zip(found.closed_form_variance);
    row.verdict != Verdict::Disagree
        && found.trials >= FEWEST_TRIALS
        && both.is_some_and(|(sample, exact)| exact.is_finite() && sample < PART * exact)
}

/// A clause on the first row whose variance its trials do not show.
fn unseen_variance(rows: Rows<'_>) -> Option<String> {
    let mut unseen = rows.iter().filter(has_unseen_variance);
    let row = unseen.next()?;
    let more = match unseen.count() {
        0 => String::new(),
        more => format!(", as in {}", counted(more as u64, "more row")),
    };
    let found = &row.comparison;
    Some(format!(
        "{} trials of {} in condition {} gave {} with a variance of {}, but the exact variance is {}: it is dominated by events \
         that these trials cannot contain, and says little about what they show{more}",
        grouped(found.trials),
        printable(&row.estimator),
        condition(&row),
        significant(found.mean?, 4),
        significant(found.variance?, 2),
        significant(found.closed_form_variance?, 2),
    ))
}

/// A clause on the nominal tests of users' own estimators, if there are any: their false-alarm rate is not guaranteed, and not
/// that of the others.
pub(super) fn nominal_tests(tests: usize, false_alarm: f64) -> Option<String> {
    let (are, own) = match tests {
        0 => return None,
        1 => ("of an estimator of your own is", "its"),
        _ => ("of estimators of your own are", "their"),
    };
    let tests = counted(tests as u64, "test");
    Some(format!("{tests} {are} nominal (Student's t), with a false-alarm rate of {false_alarm:e} of {own} own"))
}

/// A clause on the precision gain of rows that disagree: it does not say that they are right.
fn gains(rows: Rows<'_>) -> Option<String> {
    let mut disagreeing = rows.iter().filter(|row| row.verdict == Verdict::Disagree);
    let has_gain = |row: SummaryRow<'_>| row.measures.iter().any(|found| found.measure == Measure::PrecisionGain);
    disagreeing.any(has_gain).then(|| {
        "the precision gain of a row that disagrees compares how far its estimates spread, not how right they are"
            .to_owned()
    })
}

/// The most frequent reasons why rows have this verdict.
fn reasons(rows: Rows<'_>, verdict: Verdict) -> Option<String> {
    const LISTED: usize = 2;
    let mut known: Vec<(std::sync::Arc<str>, usize)> = Vec::new();
    for row in rows.iter().filter(|row| row.verdict == verdict) {
        let Some(reason) = row.comparison.reason else { continue };
        match known.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, count)) => *count += 1,
            None => known.push((reason, 1)),
        }
    }
    known.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let listed = known
        .iter()
        .take(LISTED)
        .map(|(reason, count)| format!("{} ({})", printable(reason), counted(*count as u64, "row")));
    let listed = listed.collect::<Vec<_>>().join("; ");
    let more = if known.len() > LISTED { "; …" } else { "" };
    (!listed.is_empty()).then(|| format!("{}: {listed}{more}", verdict.name()))
}

/// A value given in `unit`, in nats and bits.
fn in_both(unit: Unit, value: f64, error: Option<f64>) -> String {
    let to_nats = |value: f64| match unit {
        Unit::Nats => value,
        Unit::Bits => value * std::f64::consts::LN_2,
    };
    let shown = |unit: Unit| match error {
        Some(error) => with_error(unit.of_nats(to_nats(value)), Some(unit.of_nats(to_nats(error)))),
        None => significant(unit.of_nats(to_nats(value)), 5),
    };
    format!("{} nats ({} bits)", shown(Unit::Nats), shown(Unit::Bits))
}
