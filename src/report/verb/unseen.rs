//! What a sample from S cannot show of P.

use crate::plan::Plan;
use crate::report::{counted, grouped, significant};
use std::collections::HashSet;
use std::sync::Arc;

/// A sentence for each S that lacks symbols of P; the exact bias that follows is in `expected`.
pub fn unseen_by_behaviour(plan: &Plan) -> Vec<String> {
    let mut known = HashSet::new();
    let conditions = plan.conditions.iter().enumerate();
    let drawn = conditions.filter_map(|(place, condition)| Some((place, condition.drawn.as_ref()?)));
    let first = drawn.filter(|(_, behaviour)| known.insert(Arc::as_ptr(behaviour)));
    first
        .filter_map(|(place, behaviour)| {
            let unseen = behaviour.unseen();
            let (laws, names) = (behaviour.symbols()?, behaviour.drawn().symbols()?.symbols());
            let symbol = names.get(*unseen.first()?)?;
            let mass: f64 = unseen.iter().filter_map(|&place| Some(laws.source.get(place)?.to_f64())).sum();
            let what = match unseen.len() {
                1 => format!("the symbol `{symbol}`"),
                many => format!("{}, such as `{symbol}`", counted(many as u64, "symbol")),
            };
            Some(format!(
                "condition {}: S cannot draw {what}, of probability {} under P: nothing of that shows, and estimates are biased by what it \
                 adds, weighed or not (`expected` has it exactly)",
                grouped(place as u64 + 1),
                significant(mass, 6)
            ))
        })
        .collect()
}
