//! Estimators as they work on sequences that are drawn from S, or that a test ends.

use crate::experiment_file::keys::Listed;
use crate::plan::{Condition, PlannedEstimator};
use kl_math::distribution::Behaviour;
use std::collections::HashMap;
use std::sync::Arc;

/// Gives each condition with an S or a sequential test its estimators; one that cannot work there stays as it is, and is refused.
pub(crate) fn bind_estimators(listed: &[Listed], conditions: &mut [Condition]) {
    let mut known: HashMap<*const Behaviour, Arc<[PlannedEstimator]>> = HashMap::new();
    for condition in conditions {
        let bound = |condition: &Condition| {
            let own = |Listed { estimator, .. }: &Listed| bound_to(estimator, condition).unwrap_or(estimator.clone());
            listed.iter().map(own).collect::<Arc<[PlannedEstimator]>>()
        };
        condition.bound = match (&condition.drawn, condition.rule()) {
            (_, Some(_)) => Some(bound(condition)),
            (Some(behaviour), None) => {
                Some(Arc::clone(known.entry(Arc::as_ptr(behaviour)).or_insert_with(|| bound(condition))))
            }
            (None, None) => None,
        };
    }
}

/// The estimator as it works on a condition; none if it cannot.
pub(super) fn bound_to(estimator: &PlannedEstimator, condition: &Condition) -> Option<PlannedEstimator> {
    match (&condition.drawn, condition.rule()) {
        (behaviour, Some(rule)) => estimator.stopped_by(rule, behaviour.as_ref()),
        (Some(behaviour), None) => estimator.drawn_by(behaviour),
        (None, None) => Some(estimator.clone()),
    }
}
