//! The performance of the estimator of each group.

use super::group_columns::{GroupColumns, Needs, quantiles};
use super::pairs::{paired, partners};
use super::{ExternalTrials, Group, Number, TrialsError};
use kl_math::numeric::{DoubleDouble, ask_for};
use kl_math::statistics::{Assessment, Measure, Study, precision_gain};
use rayon::prelude::*;

impl Group {
    /// The number of rows.
    pub(super) fn rows(&self) -> u64 {
        self.estimates.len() as u64 + self.missing + self.infinite + self.dropped
    }

    /// The memory that its measures take beside its columns.
    fn bytes_to_measure(&self) -> u64 {
        /// Bytes per trial: its place in order, and what one measure takes.
        const OF_ALL: u64 = 80;
        /// The same where measures are of some trials, or of errors, which are copies.
        const OF_SOME: u64 = 240;
        let is_nan = |number: &DoubleDouble| number.to_f64().is_nan();
        let are_copied = !self.truths.is_empty() || self.numbers.iter().flatten().any(is_nan);
        self.estimates.len() as u64 * if are_copied { OF_SOME } else { OF_ALL }
    }
}

/// The performance measures of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPerformance {
    /// Its values of the columns that distinguish groups.
    pub keys: Vec<String>,
    /// The estimand, if there is one for all rows.
    pub truth: Option<f64>,
    /// Whether rows have estimands of their own.
    pub has_truths: bool,
    /// The number of finite estimates.
    pub trials: u64,
    /// The number of missing estimates.
    pub missing: u64,
    /// The number of infinite estimates, which no measure includes.
    pub infinite: u64,
    /// The number of trials that were dropped because of their size.
    pub dropped: u64,
    /// The number of finite estimates without a standard error, which measures that need one leave out.
    pub without_std_error: u64,
    /// The number of finite estimates without an interval or a p-value of the file's own, if it has such columns.
    pub without_interval: u64,
    /// The number of pairs behind the precision gain.
    pub pairs: Option<u64>,
    /// Every measure that exists.
    pub measures: Vec<GroupMeasure>,
}

/// A measure of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupMeasure {
    /// Which.
    pub measure: Measure,
    /// The estimate.
    pub estimate: f64,
    /// Its Monte Carlo standard error, where the trials are enough for one.
    pub mcse: Option<f64>,
    /// The number of trials, or pairs of them, that it is of.
    pub trials: u64,
}

/// What is asked of trials.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The estimand of groups whose rows have none.
    pub truth: Option<DoubleDouble>,
    /// The level of intervals that are made of standard errors, in (0, 1); p-values below 1 − level reject.
    pub level: f64,
    /// The value that is rejected if an interval does not hold it.
    pub null: DoubleDouble,
    /// The share of the estimates that trimmed means leave out at either end.
    pub trim: Option<f64>,
    /// A value of the last key. Precision is compared with the group that has it, and otherwise the same keys.
    pub reference: Option<&'a str>,
}

/// Computes the performance of all groups.
pub fn measure_performance(
    trials: &ExternalTrials,
    settings: &Settings<'_>,
) -> Result<Vec<GroupPerformance>, TrialsError> {
    let trials_at_once = trials.groups.iter().map(|group| group.estimates.len() as u64).max().unwrap_or_default();
    let needed = trials.groups.iter().map(Group::bytes_to_measure).max().unwrap_or_default();
    ask_for(needed).map_err(|needed| TrialsError::TooMany { trials: trials_at_once, needed })?;
    let partners = settings.reference.map(|reference| partners(trials, reference)).transpose()?.unwrap_or_default();
    let measure = |(place, group): (usize, &Group)| {
        let gain = || {
            let partner = partners.get(&place).and_then(|&partner| trials.groups.get(partner))?;
            let [estimates, others] = paired(group, partner);
            Some((estimates.len() as u64, precision_gain(&estimates, &others)))
        };
        let (mut performance, gain) = rayon::join(|| measure_group(trials, group, settings), gain);
        if let Some((pairs, gain)) = gain {
            performance.pairs = Some(pairs);
            performance.measures.extend(gain.map(|gain| counted(gain, pairs)));
        }
        performance
    };
    Ok(trials.groups.par_iter().enumerate().map(measure).collect())
}

fn counted(found: Assessment, trials: u64) -> GroupMeasure {
    let Assessment { measure, estimate, mcse } = found;
    GroupMeasure { measure, estimate, mcse, trials }
}

fn measure_group(trials: &ExternalTrials, group: &Group, settings: &Settings<'_>) -> GroupPerformance {
    let quantiles = quantiles(group, settings.level);
    let columns = GroupColumns::new(group, &quantiles);
    let truth = group.truth.or(settings.truth);
    let has_truths = !group.truths.is_empty();
    let all = group.estimates.len();
    let known = Needs::ALL.map(|needs| (needs, columns.those_with(needs)));
    let count = |needs: Needs| known.iter().find(|(of, _)| *of == needs).map_or(0, |(_, those)| those.count(all));
    let mut measures = Vec::new();
    // What all trials have is measured at once, and what some lack over the others.
    let is_whole = |needs: Needs| count(needs) == all;
    let is_measured_here = |needs: Needs| !(has_truths && matches!(needs, Needs::Truth | Needs::TruthAndInterval));
    let mut study = columns.study(settings, is_whole);
    if let Some(truth) = truth.filter(|_| !has_truths) {
        study = study.with_truth(truth);
    }
    let found = study.assess_those(|measure| is_whole(Needs::of(measure)) && is_measured_here(Needs::of(measure)));
    measures.extend(found.into_iter().map(|found| counted(found, all as u64)));
    for (needs, those) in known.iter().filter(|(needs, _)| !is_whole(*needs) || !is_measured_here(*needs)) {
        let some = columns.of_those(those);
        let of_errors = (!is_measured_here(*needs)).then(|| some.errors());
        let is_wanted =
            |measure: Measure| Needs::of(measure) == *needs && (measure != Measure::RelativeBias || !has_truths);
        let is_fulfilled = |other: Needs| those.all(all, |place| columns.has(other, place));
        let mut study = of_errors.as_ref().unwrap_or(&some).study(settings, is_fulfilled);
        match (&of_errors, truth) {
            (Some(_), _) => study = study.with_truth(DoubleDouble::ZERO),
            (None, Some(truth)) => study = study.with_truth(truth),
            (None, None) => {}
        }
        let relative =
            of_errors.as_ref().filter(|_| *needs == Needs::Truth).and_then(|errors| relative_bias(errors, &some));
        let found = study.assess_those(is_wanted).into_iter().chain(relative);
        measures.extend(found.map(|found| counted(found, those.count(all) as u64)));
    }
    measures.sort_by_key(|found| Measure::ALL.iter().position(|measure| *measure == found.measure));
    let lacking = |is_there: bool, needs| if is_there { (all - count(needs)) as u64 } else { 0 };
    let has = |number: Number| trials.has.get(number as usize).copied().unwrap_or(false);
    GroupPerformance {
        keys: group.keys.clone(),
        truth: truth.filter(|_| !has_truths).map(DoubleDouble::to_f64),
        has_truths,
        trials: all as u64,
        missing: group.missing,
        infinite: group.infinite,
        dropped: group.dropped,
        without_std_error: lacking(!group.of(Number::StdError).is_empty(), Needs::StdError),
        without_interval: lacking(has(Number::Low) || has(Number::Degrees) || has(Number::P), Needs::Interval)
            .max(lacking(has(Number::P), Needs::Test)),
        pairs: None,
        measures,
    }
}

/// The mean of (θ̂ᵢ − θᵢ)/θᵢ and its standard error; none where an estimand is 0.
fn relative_bias(errors: &GroupColumns<'_>, some: &GroupColumns<'_>) -> Option<Assessment> {
    let parts: Vec<DoubleDouble> =
        errors.estimates.iter().zip(some.truths.iter()).map(|(&error, &truth)| error / truth).collect();
    let are_finite = parts.iter().all(|part| part.to_f64().is_finite());
    let mean = Study::of(&parts).assess(Measure::Mean).filter(|_| are_finite)?;
    Some(Assessment { measure: Measure::RelativeBias, ..mean })
}
