//! What the picture shows, in sentences.

use super::axes::{Axes, Line};
use super::{Shown, is_visible};
use crate::report::figure::decided::{Beside, Decided};
use crate::report::figure::draw::range;
use crate::report::figure::words::{and, key_in_full, percent, shown_of};
use crate::report::{counted, grouped, significant};

pub(super) fn caption(axes: &Axes<'_>, lines: &[Line<'_>], shown: Shown, has_lengths: bool) -> String {
    let across = key_in_full(axes.across);
    let decision = shown.name;
    let mut parts = Vec::new();
    if let Some(first) = lines.first() {
        let at_own = axes.own.iter().filter_map(|own| {
            let (_, decided) = first.points.iter().find(|(x, _)| *x == own.value)?;
            Some(format!("at that of {}, {}, {}", own.name, significant(own.value, 3), chance((shown.of)(decided))?))
        });
        let at_own: Vec<String> = at_own.collect();
        let of = of_line(lines, first);
        let ends = range(first.points.iter().filter_map(|(_, decided)| (shown.of)(decided).best()));
        if !at_own.is_empty() {
            parts.push(format!("The chance to decide {decision}{of}: {}.", and(&at_own)));
        } else if let Some((low, high)) = ends {
            parts.push(format!("The chance to decide {decision}{of} runs from {} to {}.", percent(low), percent(high)));
        }
        let highest = first.points.iter().filter_map(|(x, decided)| Some((*x, decided.length.best()?)));
        let highest = highest.max_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((x, length)) = highest.filter(|_| has_lengths) {
            let length = significant(length, 3);
            parts.push(format!(
                "The test{of} takes the most symbols at {across} = {}: {length} on average.",
                significant(x, 3)
            ));
        }
    }
    let all = || lines.iter().flat_map(|line| &line.points).map(|&(_, decided)| decided);
    parts.extend(agreement(all(), shown, has_lengths));
    parts.extend(undecided(all()));
    if let Some(words) = shown_of(lines.len(), axes.lines.len(), "line") {
        parts.push(format!("{words} They are the first ones in the order of the file."));
    }
    if parts.is_empty() {
        parts.push(format!(
            "The chance to decide {decision} is not known{}.",
            lines.first().map(|line| of_line(lines, line)).unwrap_or_default()
        ));
    }
    parts.join(" ")
}

/// ` where Q is true`, ` (p of Q = 0.5)`, or nothing if there is one line.
fn of_line(lines: &[Line<'_>], line: &Line<'_>) -> String {
    if lines.len() > 1 { format!(" ({})", line.name) } else { String::new() }
}

/// `95.1 % in the trials and 95.2 % exactly`.
pub(super) fn chance(chance: Beside) -> Option<String> {
    let observed = chance.observed.map(|(rate, _)| format!("{} in the trials", percent(rate)));
    let exact = chance.exact.map(|exact| format!("{} exactly", percent(exact)));
    let words: Vec<String> = observed.into_iter().chain(exact).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

/// In how many conditions numbers of the trials are within two standard errors of theory.
pub(super) fn agreement<'a>(
    all: impl Iterator<Item = &'a Decided<'a>> + Clone,
    shown: Shown,
    has_lengths: bool,
) -> Option<String> {
    let count = |of: fn(&Decided<'_>) -> Beside| {
        let known = || all.clone().filter_map(move |decided| of(decided).agrees());
        (known().filter(|&agrees| agrees).count() as u64, known().count() as u64)
    };
    let (near, shares) = count(shown.of);
    if shares == 0 {
        return None;
    }
    let of_lengths = match count(|decided| decided.length) {
        (near, lengths) if has_lengths && lengths > 0 => {
            format!(", and the mean number of symbols in {} of {}", grouped(near), grouped(lengths))
        }
        _ => String::new(),
    };
    Some(format!(
        "In {} of {} the share of the trials that decided {} is within two standard errors of the exact chance{of_lengths}.",
        grouped(near),
        counted(shares, "condition"),
        shown.name
    ))
}

/// How often tests ended without a decision at most, if that can be seen.
pub(super) fn undecided<'a>(all: impl Iterator<Item = &'a Decided<'a>> + Clone) -> Option<String> {
    let visible = all.filter(|decided| is_visible(decided));
    let most = visible.filter_map(|decided| decided.undecided.and_then(Beside::best)).max_by(f64::total_cmp)?;
    Some(format!(
        "Up to {} of the tests end without a decision, at the largest number of symbols that is allowed.",
        percent(most)
    ))
}
