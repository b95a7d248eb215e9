//! Which rows are shown: a panel each.

use super::PANELS;
use crate::record::SavedResults;
use crate::report::figure::series::{Row, some_conditions};
use crate::report::figure::words::shown_of;
use std::collections::BTreeSet;

/// The largest number of panels where estimators are compared in one condition.
const ESTIMATORS: usize = 12;

/// Chooses rows. Of one estimator, up to six conditions: the first, middle and last setting, and the smallest and largest N of each. Of
/// several estimators, all of them in as many conditions as there is room for.
pub(super) fn chosen(results: &SavedResults) -> Vec<&Row> {
    let estimators = shown_estimators(results);
    let conditions = match estimators.len() {
        0 | 1 => some_conditions(results, PANELS, 3),
        2 => some_conditions(results, 4, 2),
        3 | 4 => some_conditions(results, 2, 1),
        _ => some_conditions(results, 1, 1),
    };
    let of = |condition: usize, estimator: &str| {
        results.rows.iter().find(|row| row.condition == condition && row.estimator == estimator)
    };
    // Two panels stand side by side: two estimators, or else two conditions.
    if estimators.len() == 2 {
        conditions.iter().flat_map(|&one| estimators.iter().filter_map(move |name| of(one, name))).collect()
    } else {
        estimators.iter().flat_map(|name| conditions.iter().filter_map(move |&one| of(one, name))).collect()
    }
}

fn shown_estimators(results: &SavedResults) -> &[String] {
    let estimators = &results.overview.estimators;
    estimators.get(..ESTIMATORS).unwrap_or(estimators)
}

/// Says what is left out, if anything is.
pub(super) fn left_out(results: &SavedResults, chosen: &[&Row]) -> Option<String> {
    let count = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|row| row.condition).collect::<BTreeSet<_>>().len();
    let (shown, all) = (count(&mut chosen.iter().copied()), count(&mut results.rows.iter()));
    let conditions = shown_of(shown, all, "condition");
    let names: BTreeSet<&str> = chosen.iter().map(|row| row.estimator.as_ref()).collect();
    let estimators = shown_of(names.len(), results.overview.estimators.len(), "estimator");
    let estimators = estimators.map(|words| format!("{words} They are the first ones in the order of the file."));
    let axes = (names.len() > 1).then(|| "Each panel has axes of its own.".to_owned());
    let parts: Vec<String> = [conditions, estimators, axes].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
