//! Words about results: names of what was varied, numbers, lists.

use crate::report::{counted, fixed, grouped, significant};
use kl_math::statistics::Unit;

/// A key in words: `Q.bernoulli.p` is `p of Bernoulli Q`.
pub(super) fn key_in_full(key: &str) -> String {
    let parts: Vec<&str> = key.split('.').collect();
    match parts.as_slice() {
        [side @ ("P" | "Q" | "S"), family, rest @ ..] if !rest.is_empty() => {
            format!("{} of {} {side}", rest.join("."), family_name(family))
        }
        [side @ ("P" | "Q" | "S"), _] => (*side).to_owned(),
        _ => key.to_owned(),
    }
}

/// A key in a few words: `p of Q`.
pub(super) fn key_in_short(key: &str) -> String {
    match key.split('.').collect::<Vec<_>>().as_slice() {
        [side @ ("P" | "Q" | "S"), _, rest @ ..] if !rest.is_empty() => format!("{} of {side}", rest.join(".")),
        [side @ ("P" | "Q" | "S"), _] => (*side).to_owned(),
        _ => key.to_owned(),
    }
}

fn family_name(family: &str) -> String {
    let named = ["bernoulli", "poisson", "laplace", "pareto", "weibull", "cauchy", "dirichlet"];
    let mut name = family.replace('_', " ");
    if named.contains(&family) {
        name = capital(&name);
    }
    name
}

/// `N = 1,000`.
pub(super) fn length(n: u64) -> String {
    format!("N = {}", grouped(n))
}

/// `estimate of KL(P‖Q), nats per symbol`.
pub(super) fn estimate_label(unit: Unit) -> String {
    format!("estimate of KL(P‖Q), {} per symbol", unit.name())
}

/// A share in percent: `37.6 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let text = if share > 0.0 && percent < 0.01 {
        "less than 0.01".to_owned()
    } else if share < 1.0 && percent > 99.99 {
        "more than 99.99".to_owned()
    } else {
        significant(percent, if percent >= 99.0 { 4 } else { 3 })
    };
    format!("{text} %")
}

/// A number of standard errors, rounded up to a tenth.
pub(super) fn errors(number: f64) -> String {
    if number < 1e3 { fixed((number * 10.0).ceil() / 10.0, 1) } else { significant(number, 3) }
}

/// A number, in words if it is small.
pub(super) fn number(number: usize) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.get(number).map_or_else(|| grouped(number as u64), ToString::to_string)
}

/// A number of things, in words if it is small: `four settings`.
pub(super) fn number_of(things: usize, noun: &str) -> String {
    format!("{} {noun}{}", number(things), if things == 1 { "" } else { "s" })
}

/// A text with a capital letter, to start a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `a, b and c`.
pub(super) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The indices of `shown` of `all` things, spread evenly from the first to the last.
pub(super) fn spread(all: usize, shown: usize) -> Vec<usize> {
    match (all, shown) {
        (all, shown) if all <= shown => (0..all).collect(),
        (_, 0) => Vec::new(),
        (_, 1) => vec![0],
        (all, shown) => (0..shown).map(|place| (place * (all - 1) + (shown - 1) / 2) / (shown - 1)).collect(),
    }
}

/// At most `most` of some things, spread evenly from the first to the last.
pub(super) fn some<T>(all: &[T], most: usize) -> Vec<&T> {
    spread(all.len(), most).into_iter().filter_map(|place| all.get(place)).collect()
}

/// `Six of 12 conditions are shown.`; none if all are.
pub(super) fn shown_of(shown: usize, all: usize, noun: &str) -> Option<String> {
    let are = if shown == 1 { "is" } else { "are" };
    (shown < all).then(|| format!("{} of {} {are} shown.", capital(&number(shown)), counted(all as u64, noun)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_said_in_words() {
        let keys = ["Q.bernoulli.p", "P.negative_binomial.r", "Q", "trials", "Q.categorical"];
        assert_eq!(keys.map(key_in_full), ["p of Bernoulli Q", "r of negative binomial P", "Q", "trials", "Q"]);
        assert_eq!(keys.map(key_in_short), ["p of Q", "r of P", "Q", "trials", "Q"]);
    }

    #[test]
    fn places_are_spread_from_first_to_last() {
        assert_eq!(spread(3, 6), [0, 1, 2]);
        assert_eq!(spread(9, 3), [0, 4, 8]);
        assert_eq!(spread(12, 6), [0, 2, 4, 7, 9, 11]);
        assert_eq!(spread(0, 4), [0; 0]);
    }

    #[test]
    fn shares_are_never_rounded_to_all_or_nothing() {
        assert_eq!(
            [0.0, 1e-9, 0.3764, 0.999, 1.0 - 1e-9, 1.0].map(percent),
            ["0 %", "less than 0.01 %", "37.6 %", "99.9 %", "more than 99.99 %", "100 %"]
        );
    }
}
