//! In words, what an experiment found.

use super::{grouped, significant, with_error};
use crate::comparison::Verdict;
use crate::plan::Plan;
use crate::record::SummaryRow;
use crate::statistics::Unit;

/// A sentence about the divergence and one about the agreement.
pub(super) fn sentences(plan: &Plan, rows: &[SummaryRow]) -> Vec<String> {
    let mut sentences = Vec::new();
    sentences.extend(divergence(plan, rows));
    sentences.extend(impossible(plan, rows));
    sentences.push(agreement(rows));
    sentences
}

/// The closed form, or the span of several, and the best estimate of it.
fn divergence(plan: &Plan, rows: &[SummaryRow]) -> Option<String> {
    let finite: Vec<&SummaryRow> = rows.iter().filter(|row| row.comparison.closed_form.is_finite()).collect();
    let first = finite.first()?;
    let (smallest, largest) = finite
        .iter()
        .map(|row| row.comparison.closed_form)
        .fold((first.comparison.closed_form, first.comparison.closed_form), |(smallest, largest), value| {
            (f64::min(smallest, value), f64::max(largest, value))
        });
    if smallest == largest {
        // The row whose estimate is the most exact.
        let best = finite.iter().min_by(|a, b| {
            let error = |row: &SummaryRow| row.comparison.mcse.unwrap_or(f64::INFINITY);
            error(a).total_cmp(&error(b))
        })?;
        let exact = both_units(smallest, plan.unit);
        let found = &best.comparison;
        if found.mcse == Some(0.0) {
            let same = if smallest == 0.0 { "P and Q are the same, so" } else { "One log ratio only, so" };
            return Some(format!(
                "KL(P‖Q) = {exact} a symbol. {same} every sequence gives just that: the mean is {}.",
                significant(found.mean, 6)
            ));
        }
        return Some(format!(
            "KL(P‖Q) = {exact} a symbol; {} sequences of N = {} gave {} {}.",
            grouped(found.trials),
            grouped(best.n),
            with_error(found.mean, found.mcse),
            plan.unit.name()
        ));
    }
    Some(format!(
        "KL(P‖Q) runs from {} to {} a symbol.",
        both_units(smallest, plan.unit),
        both_units(largest, plan.unit)
    ))
}

/// Where the divergence is infinite: which symbol makes it so.
fn impossible(plan: &Plan, rows: &[SummaryRow]) -> Option<String> {
    let row = rows.iter().find(|row| row.comparison.closed_form == f64::INFINITY)?;
    let pair = &plan.conditions.get(row.condition - 1)?.pair;
    let symbol = pair.uncovered().next()?;
    let (name, mass) = (pair.symbols().get(symbol)?, pair.source_masses().get(symbol)?.to_f64());
    let others = match pair.uncovered().count() - 1 {
        0 => String::new(),
        1 => " (and one more symbol)".to_owned(),
        more => format!(" (and {more} more symbols)"),
    };
    let whose = if rows.len() > 1 { format!(" in condition {}", row.condition) } else { String::new() };
    Some(format!(
        "KL(P‖Q) is infinite{whose}: P gives the symbol {name}{others} probability {}, Q gives it none; \
         one such symbol rules Q out, and {} of {} sequences of N = {} have one.",
        significant(mass, 6),
        grouped(row.comparison.infinite_trials),
        grouped(row.comparison.trials),
        grouped(row.n)
    ))
}

fn agreement(rows: &[SummaryRow]) -> String {
    let tests: usize = rows.iter().map(|row| row.comparison.tests().count()).sum();
    let disagreeing: Vec<String> =
        rows.iter().filter(|row| row.verdict == Verdict::Disagree).map(|row| row.condition.to_string()).collect();
    let all = if rows.len() == 1 {
        "The condition".to_owned()
    } else {
        format!("All {} conditions", grouped(rows.len() as u64))
    };
    match disagreeing.as_slice() {
        [] if tests == 0 => format!("{all} left nothing to chance: what was found is what theory says."),
        [] => {
            let (agree, tests) = (if rows.len() == 1 { "agrees" } else { "agree" }, counted(tests, "test"));
            format!("{all} {agree} with theory ({tests} at a joint false-alarm rate of 1e-6).")
        }
        some => {
            let named = if some.len() > 8 { format!("{}, …", some[..8].join(", ")) } else { some.join(", ") };
            format!(
                "{} of {} conditions DISAGREE with theory: {named}. A right program would show this once in a million \
                 experiments.",
                grouped(some.len() as u64),
                grouped(rows.len() as u64)
            )
        }
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number as u64), if number == 1 { "" } else { "s" })
}

/// A value given in `unit`, in nats and bits.
fn both_units(value: f64, unit: Unit) -> String {
    let (nats, bits) = match unit {
        Unit::Nats => (value, Unit::Bits.of_nats(value)),
        Unit::Bits => (value * std::f64::consts::LN_2, value),
    };
    format!("{} nats ({} bits)", significant(nats, 5), significant(bits, 5))
}
