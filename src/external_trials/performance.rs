//! The performance of the estimator of each group.

use super::{ExternalTrials, Group, TrialsError};
use kl_math::numeric::{DoubleDouble, ask_for};
use kl_math::statistics::{Assessment, Measure, Study, precision_gain};
use std::collections::{BTreeSet, HashMap};

impl Group {
    /// The number of rows.
    pub(super) fn rows(&self) -> u64 {
        self.estimates.len() as u64 + self.missing + self.infinite
    }
}

/// The performance measures of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPerformance {
    /// Its values of the columns that distinguish groups.
    pub keys: Vec<String>,
    /// The estimand, if there is one.
    pub truth: Option<f64>,
    /// The number of finite estimates.
    pub trials: u64,
    /// The number of missing estimates.
    pub missing: u64,
    /// The number of infinite estimates, which no measure includes.
    pub infinite: u64,
    /// The number of finite estimates without a standard error, which measures that need one leave out.
    pub without_std_error: u64,
    /// The number of pairs behind the precision gain.
    pub pairs: Option<u64>,
    /// Every measure that exists.
    pub measures: Vec<Assessment>,
}

/// Computes the performance of all groups.
///
/// # Parameters
///
/// - `truth`: the estimand of groups whose rows have none;
/// - `level`: that of the intervals, in (0, 1);
/// - `reference`: a value of the last key. Precision is compared with the group that has it, and otherwise the same keys.
pub fn measure_performance(
    trials: &ExternalTrials,
    truth: Option<DoubleDouble>,
    level: f64,
    reference: Option<&str>,
) -> Result<Vec<GroupPerformance>, TrialsError> {
    /// Bytes per trial of a group: its place in order, and the pair twice.
    const NEEDED: u64 = 80;
    let trials_at_once = trials.groups.iter().map(|group| group.estimates.len() as u64).max().unwrap_or_default();
    ask_for(NEEDED * trials_at_once).map_err(|needed| TrialsError::TooMany { trials: trials_at_once, needed })?;
    let partners = reference.map(|reference| partners(trials, reference)).transpose()?.unwrap_or_default();
    let measure = |(place, group): (usize, &Group)| {
        let mut performance = measure_group(group, truth, level);
        if let Some(partner) = partners.get(&place).and_then(|&partner| trials.groups.get(partner)) {
            let (estimates, others) = paired(group, partner);
            performance.pairs = Some(estimates.len() as u64);
            performance.measures.extend(precision_gain(&estimates, &others));
        }
        performance
    };
    Ok(trials.groups.iter().enumerate().map(measure).collect())
}

fn measure_group(group: &Group, truth: Option<DoubleDouble>, level: f64) -> GroupPerformance {
    let truth = group.truth.or(truth);
    let with_truth = |study: Study<'_, DoubleDouble>| match truth {
        Some(truth) => study.with_truth(truth).assess_all(),
        None => study.assess_all(),
    };
    let has_std_error = |std_error: &DoubleDouble| !std_error.to_f64().is_nan();
    let known = group.std_errors.iter().filter(|std_error| has_std_error(std_error)).count();
    let mut without_std_error = 0;
    let measures = if known == group.estimates.len() {
        with_truth(Study::of(&group.estimates).with_std_errors(&group.std_errors, level))
    } else {
        let mut measures = with_truth(Study::of(&group.estimates));
        if !group.std_errors.is_empty() {
            without_std_error = (group.estimates.len() - known) as u64;
            let pairs = group.estimates.iter().zip(&group.std_errors).filter(|(_, std_error)| has_std_error(std_error));
            let (estimates, std_errors): (Vec<_>, Vec<_>) = pairs.unzip();
            let others = with_truth(Study::of(&estimates).with_std_errors(&std_errors, level));
            measures.extend(others.into_iter().filter(|other| needs_std_errors(other.measure)));
        }
        measures
    };
    GroupPerformance {
        keys: group.keys.clone(),
        truth: truth.map(DoubleDouble::to_f64),
        trials: group.estimates.len() as u64,
        missing: group.missing,
        infinite: group.infinite,
        without_std_error,
        pairs: None,
        measures,
    }
}

fn needs_std_errors(measure: Measure) -> bool {
    use Measure::{BiasEliminatedCoverage, Coverage, ModelSe, ModelSeError, Rejection};
    matches!(measure, ModelSe | ModelSeError | Coverage | BiasEliminatedCoverage | Rejection)
}

/// The place of the reference of each group that has one.
fn partners(trials: &ExternalTrials, reference: &str) -> Result<HashMap<usize, usize>, TrialsError> {
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
    let partners: HashMap<usize, usize> =
        others.filter_map(|(place, group)| Some((place, *references.get(&rest(group))?))).collect();
    for (&place, &partner) in partners.iter().filter(|_| !trials.has_trial_names) {
        let (group, other) = (&trials.groups[place], &trials.groups[partner]);
        if group.rows() != other.rows() {
            return Err(TrialsError::Unpaired {
                group: group.keys.join(", "),
                count: group.rows(),
                reference: other.keys.join(", "),
                reference_count: other.rows(),
            });
        }
    }
    Ok(partners)
}

/// The estimates of the trials that both groups have, in the order of the first group.
fn paired(group: &Group, other: &Group) -> (Vec<DoubleDouble>, Vec<DoubleDouble>) {
    let others: HashMap<u64, DoubleDouble> =
        other.trials.iter().copied().zip(other.estimates.iter().copied()).collect();
    let both = |(trial, &estimate): (&u64, &DoubleDouble)| Some((estimate, *others.get(trial)?));
    group.trials.iter().zip(&group.estimates).filter_map(both).unzip()
}
