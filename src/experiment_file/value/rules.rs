//! Rules for single values: whole numbers, choices, lengths.

use super::exact::Exact;
use super::{Form, Value};
use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::words::nearest;
use crate::plan::{MAX_LENGTH, Seed};

/// The mistake "`trials` is 0, but must be …".
pub(crate) fn wrong(value: &Value, key: &str, rule: &str) -> Diagnostic {
    Diagnostic::new(format!("`{key}` is {}, but must be {rule}", value.described())).at(value.place)
}

/// Reads a whole number within bounds, in any notation: `10_000`, `1e12`, `0x10`.
pub(crate) fn whole_number(
    value: &Value,
    key: &str,
    least: u64,
    most: u64,
    example: &str,
    report: &mut Report,
) -> Option<u64> {
    let whole = match &value.form {
        Form::Number(numeral) => numeral.text.as_deref().and_then(Exact::parse).and_then(Exact::whole),
        _ => None,
    };
    let whole = whole.and_then(|whole| u64::try_from(whole).ok()).filter(|whole| (least..=most).contains(whole));
    if whole.is_none() {
        let rule = format!("a whole number from {least} to {}", rounded_bound(most));
        let help = match &value.form {
            Form::Text(text) if Exact::parse(text).is_some() => format!("write it without quotes: {example}"),
            _ => format!("write for example: {example}"),
        };
        report.push(wrong(value, key, &rule).help(help));
    }
    whole
}

/// The bound in a short form: 1e15 for 1000000000000000.
fn rounded_bound(bound: u64) -> String {
    match bound.checked_ilog10() {
        Some(power) if power >= 6 && 10u64.pow(power) == bound => format!("1e{power}"),
        _ if bound == Seed::MAX.get() => "9223372036854775807 (2^63 − 1)".into(),
        _ => bound.to_string(),
    }
}

/// Reads one length.
pub(crate) fn read_length(value: &Value, report: &mut Report) -> Option<u64> {
    whole_number(value, "N", 1, MAX_LENGTH, "N = 100, or N = [10, 100]", report)
}

/// Reads one of `names`; returns its index.
pub(crate) fn choice(value: &Value, key: &str, names: &[&str], report: &mut Report) -> Option<usize> {
    let text = match &value.form {
        Form::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let found = text.and_then(|text| names.iter().position(|&name| name == text));
    if found.is_none() {
        let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        let near = text.and_then(|text| nearest(text, names)).or(names.first().copied()).unwrap_or_default();
        report.push(wrong(value, key, &quoted.join(" or ")).help(format!("write for example: {key} = {near:?}")));
    }
    found
}

/// Reads the name of a member of a closed set.
pub(crate) fn among<T: Copy, const K: usize>(
    value: &Value,
    key: &str,
    all: [T; K],
    name: fn(T) -> &'static str,
    report: &mut Report,
) -> Option<T> {
    choice(value, key, &all.map(name), report).and_then(|index| all.get(index).copied())
}
