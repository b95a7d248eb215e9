//! Conditions that can be scored on the same sequences.

use super::Condition;
use kl_math::distribution::Distribution;
use std::collections::HashMap;
use std::sync::Arc;

/// Conditions with one source, one length and one number of trials: sample once, score many.
#[derive(Clone, Debug)]
pub struct Group {
    /// The source of the sequences. Its conditions may write it in different ways.
    pub source: Arc<Distribution>,
    /// Their length N.
    pub n: u64,
    /// The number of trials. Conditions with fewer trials are another group, with the first of the same sequences.
    pub trials: u64,
    /// The places of its members in [`Plan::conditions`](super::Plan::conditions), ascending: none that is refused.
    pub conditions: Vec<usize>,
}

/// The groups in order of first appearance.
///
/// Sources are the same if their families and the bits of their parameters are: the random streams depend on exactly these.
pub(super) fn groups(conditions: &[Condition]) -> Vec<Group> {
    let mut by_address: HashMap<*const Distribution, usize> = HashMap::new();
    let mut by_meaning: HashMap<(&'static str, Vec<u64>), usize> = HashMap::new();
    let mut places: HashMap<(usize, u64, u64), usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (index, condition) in conditions.iter().enumerate().filter(|(_, condition)| !condition.is_refused()) {
        let source = condition.drawn_from();
        // Equal sources mostly share an allocation: the parameters are read once for each.
        let meaning = *by_address.entry(Arc::as_ptr(source)).or_insert_with(|| {
            let next = by_meaning.len();
            *by_meaning.entry((source.family(), parameter_bits(source))).or_insert(next)
        });
        let place = *places.entry((meaning, condition.n, condition.trials)).or_insert_with(|| {
            let (n, trials) = (condition.n, condition.trials);
            groups.push(Group { source: Arc::clone(source), n, trials, conditions: Vec::new() });
            groups.len() - 1
        });
        groups[place].conditions.push(index);
    }
    groups
}

/// Whether the random streams of the two are the same.
pub fn is_same(one: &Distribution, other: &Distribution) -> bool {
    one.family() == other.family() && parameter_bits(one) == parameter_bits(other)
}

/// The bits of the normalised parameters, with −0 as 0.
fn parameter_bits(source: &Distribution) -> Vec<u64> {
    source.normalised_parameters().into_iter().map(|value| (value + 0.0).to_bits()).collect()
}
