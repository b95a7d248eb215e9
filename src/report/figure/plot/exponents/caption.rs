//! What the picture shows, in sentences.

use super::SMALLEST;
use super::rates::{Rate, Rates, Said};
use crate::record::SavedResults;
use crate::report::figure::series::setting;
use crate::report::figure::words::length;
use crate::report::verb::approximation_name;
use crate::report::{counted, significant};

pub(super) fn caption(results: &SavedResults, rates: &Rates<'_>, panels: &[&Rate<'_>]) -> String {
    let mut parts: Vec<String> = panels.iter().filter_map(|rate| of_rate(rate)).collect();
    if panels.iter().any(|rate| rate.said.iter().any(|said| said.is_bound)) {
        parts.push("Bounds are dashed, approximations dotted.".to_owned());
    }
    let without = panels.iter().flat_map(|rate| &rate.trials).filter(|(_, (chance, _))| *chance == 0.0).count();
    if without > 0 {
        let all: usize = panels.iter().map(|rate| rate.trials.len()).sum();
        let all = counted(all as u64, "condition");
        parts.push(format!("Where no trial ended in the error, in {without} of {all}, there is no point."));
    }
    let is_tiny = |rate: &&Rate<'_>| {
        let said = rate.said.iter().flat_map(|said| said.points.clone());
        rate.exact.iter().copied().chain(said).any(|(_, chance)| chance < SMALLEST)
    };
    if panels.iter().any(is_tiny) {
        parts.push("Chances below 10⁻²⁹⁰ are not drawn.".to_owned());
    }
    if let Some(first) = rates.first.filter(|_| rates.settings > 1) {
        let shown = setting(&results.overview, first);
        parts.push(format!("Of {} the first is shown, {shown}.", counted(rates.settings as u64, "setting")));
    }
    if parts.is_empty() {
        parts.push("Both axes are logarithmic.".to_owned());
    }
    parts.join(" ")
}

/// The exact chance at the largest N, and which approximation is nearest.
fn of_rate(rate: &Rate<'_>) -> Option<String> {
    let &(n, exact) = rate.exact.iter().rev().find(|(_, chance)| *chance >= SMALLEST)?;
    let at = |points: &[(u64, f64)]| points.iter().find(|point| point.0 == n).map(|&(_, said)| said / exact);
    let ratios = rate.said.iter().filter_map(|said| Some((said, at(&said.points)?)));
    let ratios: Vec<_> = ratios.filter(|(_, ratio)| *ratio > 0.0 && ratio.is_finite()).collect();
    let far = |ratio: f64| ratio.max(1.0 / ratio);
    let nearest = ratios.iter().min_by(|(_, one), (_, other)| far(*one).total_cmp(&far(*other)));
    let farthest = ratios.iter().max_by(|(_, one), (_, other)| far(*one).total_cmp(&far(*other)));
    let words = |said: &Said<'_>, ratio: f64| {
        format!("{} with {} times that", approximation_name(said.name), significant(ratio, 3))
    };
    let compared = match (nearest, farthest) {
        (Some((near, of_near)), Some((far, of_far))) if near.name != far.name => {
            format!("; nearest is {}, farthest {}", words(near, *of_near), words(far, *of_far))
        }
        (Some((near, of_near)), _) => format!("; beside it is {}", words(near, *of_near)),
        _ => String::new(),
    };
    Some(format!("At {} {} is {}{compared}.", length(n), rate.kind.name(), significant(exact, 3)))
}
