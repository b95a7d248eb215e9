//! Estimators as they work on sequences that are drawn from S.

use crate::experiment_file::keys::Listed;
use crate::plan::{Condition, Drawn, PlannedEstimator};
use std::collections::HashMap;
use std::sync::Arc;

/// Gives each condition with an S its estimators; one that needs sequences from P stays as it is, and is refused.
pub(crate) fn bind_estimators(listed: &[Listed], conditions: &mut [Condition]) {
    let mut known: HashMap<*const _, Arc<[PlannedEstimator]>> = HashMap::new();
    for condition in conditions {
        let Some(Drawn { behaviour, estimators }) = &mut condition.drawn else { continue };
        let bound = known.entry(Arc::as_ptr(behaviour)).or_insert_with(|| {
            let own = |Listed { estimator, .. }: &Listed| estimator.drawn_by(behaviour).unwrap_or(estimator.clone());
            listed.iter().map(own).collect()
        });
        *estimators = Arc::clone(bound);
    }
}
