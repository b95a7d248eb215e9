//! Pairs of trials of different groups.

use super::{ExternalTrials, Group, TrialsError};
use kl_math::numeric::DoubleDouble;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// How rows of different groups are paired.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pairing {
    /// By the names of trials, or because they are one row of a wide file.
    #[default]
    Named,
    /// By the number of the row within its group, since no column names the trials.
    Position {
        /// Columns that may name them.
        candidates: Vec<String>,
    },
}

/// The place of the reference of each group that has one.
pub(super) fn partners(trials: &ExternalTrials, reference: &str) -> Result<HashMap<usize, usize>, TrialsError> {
    let column = trials.by.last().ok_or(TrialsError::NothingToRefer)?;
    let is_reference = |group: &Group| group.keys.last().is_some_and(|key| key == reference);
    let rest = |group: &Group| group.keys.iter().rev().skip(1).cloned().collect::<Vec<_>>();
    let references: HashMap<Vec<String>, usize> = (trials.groups.iter().enumerate())
        .filter(|(_, group)| is_reference(group))
        .map(|(i, group)| (rest(group), i))
        .collect();
    if references.is_empty() {
        let found: BTreeSet<&String> = trials.groups.iter().filter_map(|group| group.keys.last()).collect();
        let found = found.into_iter().take(20).cloned().collect();
        return Err(TrialsError::NoReference { column: column.clone(), reference: reference.to_owned(), found });
    }
    let others = trials.groups.iter().enumerate().filter(|(_, group)| !is_reference(group));
    let mut partners: Vec<(usize, usize)> =
        others.filter_map(|(place, group)| Some((place, *references.get(&rest(group))?))).collect();
    partners.sort_unstable();
    if let Pairing::Position { candidates } = &trials.pairing {
        for &(place, partner) in &partners {
            if let (Some(group), Some(other)) = (trials.groups.get(place), trials.groups.get(partner)) {
                check_positions(group, other, candidates)?;
            }
        }
    }
    Ok(partners.into_iter().collect())
}

/// Whether rows may be paired by position: there are as many, and what may name the trials agrees.
fn check_positions(group: &Group, other: &Group, candidates: &[String]) -> Result<(), TrialsError> {
    let (name, reference) = (group.keys.join(", "), other.keys.join(", "));
    let candidate = candidates.first().cloned();
    let (count, reference_count) = (group.rows(), other.rows());
    if count != reference_count {
        return Err(TrialsError::Unpaired { group: name, count, reference, reference_count, candidate });
    }
    let named: HashMap<u64, u64> = other.trials.iter().copied().zip(other.candidates.iter().copied()).collect();
    let differs = |(trial, candidate): (&u64, &u64)| named.get(trial).is_some_and(|other| other != candidate);
    match candidate {
        Some(column) if group.trials.iter().zip(&group.candidates).any(differs) => {
            Err(TrialsError::OutOfOrder { group: name, reference, column })
        }
        _ => Ok(()),
    }
}

/// The estimates of the trials that both groups have, in the order of the first group. They are not copied if all trials are the same.
pub(super) fn paired<'a>(group: &'a Group, other: &'a Group) -> [Cow<'a, [DoubleDouble]>; 2] {
    if group.trials == other.trials {
        return [Cow::Borrowed(&group.estimates), Cow::Borrowed(&other.estimates)];
    }
    let (estimates, others) = matched(group, other);
    [Cow::Owned(estimates), Cow::Owned(others)]
}

fn matched(group: &Group, other: &Group) -> (Vec<DoubleDouble>, Vec<DoubleDouble>) {
    let rises = |trials: &[u64]| trials.is_sorted_by(|a, b| a < b);
    let mut pairs = (Vec::new(), Vec::new());
    let mut keep = |estimate, other| {
        pairs.0.push(estimate);
        pairs.1.push(other);
    };
    if rises(&group.trials) && rises(&other.trials) {
        let mut others = other.trials.iter().zip(&other.estimates).peekable();
        for (trial, &estimate) in group.trials.iter().zip(&group.estimates) {
            while others.next_if(|(other, _)| *other < trial).is_some() {}
            if let Some((_, &other)) = others.next_if(|(other, _)| *other == trial) {
                keep(estimate, other);
            }
        }
        return pairs;
    }
    let others: HashMap<u64, DoubleDouble> =
        other.trials.iter().copied().zip(other.estimates.iter().copied()).collect();
    for (trial, &estimate) in group.trials.iter().zip(&group.estimates) {
        if let Some(&other) = others.get(trial) {
            keep(estimate, other);
        }
    }
    pairs
}
