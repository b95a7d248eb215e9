//! The pilot of a plan: a short run that finds the variances that theory does not give.

use super::{Encoding, RunContext, Sink, carry_out, planned_sampling};
use crate::plan::{
    Aim, Condition, Goal, LEAST_PILOT_ESTIMATES, PILOT_MISS, PILOT_TRIALS, Pilot, PilotResult, Plan, PlannedEstimator,
    Record, Refusal,
};
use crate::programs::Failure;
use kl_math::statistics::{CentralSums, Unit, VarianceBound};
use kl_sim::comparison::trials_for_student;
use kl_sim::estimator::ScoredTrial;
use kl_sim::estimator::Theory;
use kl_sim::simulation::{Cancel, GroupOutcome, Job, SamplerKind};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

/// Why a pilot does not tell how many trials an estimator needs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PilotError {
    /// Estimates can be infinite.
    #[error("no number of trials is enough for `{}` in condition {} of {}: {count} of the trials of the pilot gave an infinite estimate", .row.estimator, .row.condition, .row.experiment)]
    Infinite {
        /// The row.
        row: PilotRow,
        /// How many.
        count: usize,
    },
    /// Too many trials have no estimate.
    #[error("the number of trials that `{}` needs in condition {} of {} is not known: it failed too often in the pilot, and gave {count} estimates", .row.estimator, .row.condition, .row.experiment)]
    TooFew {
        /// The row.
        row: PilotRow,
        /// How many have one.
        count: usize,
        /// What went wrong first, if it is known.
        #[source]
        source: Option<Failure>,
    },
}

impl PilotError {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Infinite { .. } => "write a number of trials, such as trials = 10_000",
            Self::TooFew { .. } => {
                "write a number of trials, such as trials = 10_000, to see which trials fail and why"
            }
        }
    }
}

/// An estimator in a condition of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PilotRow {
    /// The experiment's name.
    pub experiment: String,
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
}

/// Finds how many trials the conditions of `plan` need, if that depends on a pilot. None if the run is cancelled.
///
/// The pilot has streams of its own: its trials are not part of the results, and the number of trials does not depend on those that
/// are tested. Its size is fixed. In place of each unknown variance stands a bound that the true one exceeds with probability about
/// [`PILOT_MISS`]. Where all estimates of the pilot are the same, as many trials as it had are taken for enough.
pub fn run_pilot(plan: &mut Plan, run: RunContext<'_>) -> Option<Result<(), Vec<PilotError>>> {
    let Pilot::Pending { aim, rows, level } = &plan.pilot else { return Some(Ok(())) };
    let (aim, rows, level) = (*aim, rows.clone(), *level);
    let pilot = pilot_plan(plan, &rows);
    let mut samples = Samples::default();
    let Ok(outcome) = carry_out(&pilot, &planned_sampling, run, &mut samples);
    if run.cancel.reason().is_some() {
        return None;
    }
    let (mut results, mut errors) = (Vec::with_capacity(rows.len()), Vec::new());
    for (condition, place) in rows {
        let Some(estimator) = plan.estimators.get(place).map(|estimator| estimator.name()) else { continue };
        let row =
            PilotRow { experiment: plan.experiment.clone(), condition: condition + 1, estimator: estimator.to_owned() };
        let sample = samples.rows.get(&(condition, row.estimator.clone())).copied().unwrap_or_default();
        if sample.infinite > 0 {
            errors.push(PilotError::Infinite { row, count: sample.infinite });
            continue;
        }
        let mut failures = outcome.failures.iter();
        let failures = failures.find(|found| found.condition == condition && found.estimator == estimator);
        let is_stopped = failures.is_some_and(|failures| failures.is_stopped);
        let bound = sample.bound.filter(|_| sample.estimates >= LEAST_PILOT_ESTIMATES && !is_stopped);
        let (Some(bound), Some(found)) = (bound, plan.conditions.get_mut(condition)) else {
            let source = failures.and_then(|failures| Some(failures.failed.first()?.1.clone()));
            errors.push(PilotError::TooFew { row, count: sample.estimates, source });
            continue;
        };
        let mut trials = needed((aim, level), found, bound);
        let program = plan.estimators.get(place).and_then(PlannedEstimator::program);
        if let (Some(program), Some(pair), Goal::Detect(_)) = (program, found.sampled_pair(), aim.goal) {
            let needed = trials_for_student(pair, found.n, program.model_draws, SKEWNESS_MARGIN * sample.skewness);
            trials = trials.max(needed).min(aim.most);
        }
        found.trials = found.trials.max(trials);
        let [variance, bound] = [bound.variance, bound.upper].map(|variance| plan.unit.of_square_nats(variance));
        results.push(PilotResult {
            condition,
            estimator: row.estimator,
            estimates: sample.estimates as u64,
            variance,
            bound,
            trials,
        });
    }
    if !errors.is_empty() {
        return Some(Err(errors));
    }
    plan.trials = plan.conditions.iter().map(|condition| condition.trials).max().unwrap_or_default();
    plan.pilot = Pilot::Done(results);
    Some(Ok(()))
}

/// The number of trials that a condition needs for an estimator with this variance.
fn needed((aim, level): (Aim, f64), condition: &Condition, bound: VarianceBound) -> u64 {
    if bound.upper == 0.0 {
        return PILOT_TRIALS.min(aim.most);
    }
    let closed_form = condition.pair().map_or(f64::NAN, |pair| Theory::of_estimand(pair, condition.n).closed_form);
    aim.size(closed_form).map_or(aim.most, |size| aim.trials_of_bound(bound.upper, size, level))
}

/// The plan of the pilot: the rows whose variance is unknown, and no others.
fn pilot_plan(plan: &Plan, rows: &[(usize, usize)]) -> Plan {
    let reason: Arc<str> = "the pilot does not need it".into();
    let conditions = plan.conditions.iter().enumerate().map(|(index, condition)| {
        let is_wanted = |place: usize| rows.binary_search(&(index, place)).is_ok();
        let others = (0..plan.estimators.len()).filter(|&place| !is_wanted(place));
        let refused: Vec<_> = others.map(|place| (place, Arc::clone(&reason))).collect();
        let refusal = match refused.len() {
            all if all == plan.estimators.len() => Refusal::Sampler(Arc::clone(&reason)),
            _ => Refusal::Estimators(refused),
        };
        Condition { trials: PILOT_TRIALS, refusal, ..condition.clone() }
    });
    Plan {
        seed: plan.seed.of_pilot(),
        // Trials that are tallied together have no estimates of their own; their counts have the same law.
        sampler: if plan.sampler == SamplerKind::Tally { SamplerKind::Counts } else { plan.sampler },
        record: Record::None,
        level: None,
        conditions: conditions.collect(),
        ..plan.clone()
    }
}

/// The estimates of a pilot.
#[derive(Default)]
struct Samples {
    /// Those of the group that is under way, trial by trial.
    raw: Vec<u8>,
    /// What they are, by condition and estimator.
    rows: HashMap<(usize, String), Sample>,
}

/// The estimates of one estimator in one condition.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    estimates: usize,
    infinite: usize,
    bound: Option<VarianceBound>,
    /// How far it is from 0.
    skewness: f64,
}

/// The skewness of the estimates of a pilot is uncertain: that of the others is taken to be larger by this factor.
const SKEWNESS_MARGIN: f64 = 1.5;

impl Sample {
    /// Trials without an estimate are NaN.
    fn of(trials: impl Iterator<Item = f64>) -> Self {
        let estimates: Vec<f64> = trials.filter(|estimate| !estimate.is_nan()).collect();
        let infinite = estimates.iter().filter(|estimate| estimate.is_infinite()).count();
        let mut sums = CentralSums::default();
        estimates.iter().filter(|estimate| estimate.is_finite()).for_each(|estimate| sums.push(*estimate));
        let skewness = sums.skewness().map_or(0.0, f64::abs);
        Self { estimates: estimates.len(), infinite, bound: VarianceBound::of(&estimates, PILOT_MISS), skewness }
    }
}

/// Estimates as their bits.
fn encode(_: Unit, _: &Job<'_>, _: u64, scored: &[ScoredTrial], bytes: &mut Vec<u8>) {
    scored.iter().for_each(|trial| bytes.extend(trial.estimate.to_le_bytes()));
}

impl Sink for Samples {
    type Error = Infallible;

    fn encoding(&self) -> Option<Encoding> {
        Some(encode)
    }

    fn trials(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        self.raw.extend(bytes);
        Ok(())
    }

    fn group(&mut self, job: &Job<'_>, _: &GroupOutcome, _: &Cancel) -> Result<(), Infallible> {
        let raw = std::mem::take(&mut self.raw);
        let estimates: Vec<f64> = raw.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect();
        for (place, estimation) in job.estimations.iter().enumerate() {
            let column = estimates.iter().skip(place).step_by(job.estimations.len()).copied();
            self.rows.insert((estimation.condition, estimation.by.name().to_owned()), Sample::of(column));
        }
        Ok(())
    }
}
