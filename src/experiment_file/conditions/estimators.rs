//! Whether the estimators can work on the conditions.

use super::bound::bound_to;
use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::keys::Listed;
use crate::plan::{Condition, Refusal};
use kl_sim::estimator::split_component;
use std::sync::Arc;

/// Records which estimators cannot work on which conditions, and reports those that cannot work on any.
pub(crate) fn check_estimators(
    estimators: &[Listed],
    conditions: &mut [Condition],
    test: Option<Place>,
    report: &mut Report,
) {
    for (place, Listed { estimator, place: written }) in estimators.iter().enumerate() {
        let here = |condition: &Condition| match bound_to(estimator, condition) {
            Some(bound) => condition.sampled_pair().map_or(Ok(()), |pair| bound.suits(pair, condition.n)),
            None if condition.rule().is_some() => Err("needs whole sequences, and a test ends these".to_owned()),
            None => Err("needs sequences from P, and these are from S".to_owned()),
        };
        let mut reasons: Vec<(usize, Arc<str>)> = Vec::new();
        let able = || {
            let pairs = conditions.iter().enumerate();
            pairs.filter_map(|(index, condition)| Some((index, condition.sampled_pair()?, condition.n)))
        };
        for (index, ..) in able() {
            if let Some(Err(reason)) = conditions.get(index).map(here) {
                reasons.push((index, format!("the estimator {reason}").into()));
            }
        }
        let references = estimator.program().into_iter().flat_map(|program| program.claims.references());
        for (key, reference) in references {
            let refused = || able().map(|(_, pair, n)| reference.suits(pair, n).err());
            if let Some(reason) = refused().next().flatten().filter(|_| refused().all(|reason| reason.is_some())) {
                let title = format!("`{key}` of `{}` cannot be had: {} {reason}", estimator.name(), reference.name());
                let mistake = Diagnostic::new(title).help(format!("remove {key}, or name another estimator"));
                report.push(match *written {
                    Some(written) => mistake.at(written),
                    None => mistake,
                });
            }
        }
        let Some((first, reason)) = reasons.first() else { continue };
        if reasons.len() == able().count() {
            let which = if conditions.len() > 1 { format!(" (condition {})", first + 1) } else { String::new() };
            let reason = reason.strip_prefix("the estimator").unwrap_or(reason);
            // All components of a gradient are written once.
            let name = split_component(estimator.name()).0;
            let mistake = Diagnostic::new(format!("the estimator `{name}`{reason}{which}"));
            let stops = conditions.iter().any(|condition| condition.rule().is_some());
            let mistake = match (*written, test) {
                (Some(written), _) => mistake.at(written),
                (None, Some(test)) => mistake.at(test),
                (None, None) => mistake,
            };
            report.push_first(match (stops, *written) {
                (true, None) => {
                    mistake.help("take sequences of fixed length, [decide] in place of [stop], or another P, Q or S")
                }
                (false, None) if test.is_some() => mistake.help("take another P, Q or S"),
                _ => mistake.help("remove it, or put these conditions into a file of their own"),
            });
            continue;
        }
        for (index, reason) in reasons {
            if let Some(condition) = conditions.get_mut(index) {
                match &mut condition.refusal {
                    Refusal::Estimators(refused) => refused.push((place, reason)),
                    refusal => *refusal = Refusal::Estimators(vec![(place, reason)]),
                }
            }
        }
    }
}
