//! What trials cost, from the plan alone.

use super::{Group, Plan};

/// The cost of one trial of a group.
pub(super) fn trial_cost(plan: &Plan, group: &Group) -> u64 {
    let scored = (group.conditions.len() * plan.estimators.len()).max(1) as u64;
    group.n.saturating_mul(scored).clamp(1, 1 << 56)
}

/// The cost of all trials of a group that are drawn at once.
pub(super) fn group_cost(plan: &Plan, group: &Group) -> u128 {
    u128::from((group.conditions.len() * plan.estimators.len()).max(1) as u64)
}
