//! What is estimated of the sequences of a group.

use super::CHUNK;
use crate::plan::{Chance, Condition, DECIDING, DETAILED_CONDITIONS, Group, Plan, PlannedEstimator, PlannedTest};
use crate::programs::{ProgramContext, Programs};
use kl_math::distribution::Pair;
use kl_math::numeric::normal_quantile;
use kl_math::statistics::IntervalTest;
use kl_sim::estimator::EstimatedBy;
use kl_sim::simulation::{Cancel, Compared, Decides, Estimation, Job, ModelSamples};
use rayon::prelude::*;
use std::collections::HashMap;

/// The programs of a group: the place of the condition, that of the estimator, and the copies.
pub(super) type ProgramsOfGroup<'a> = [(usize, usize, Programs<'a>)];

/// The programs that make estimates of a group. None is started yet.
pub(super) fn programs<'a>(plan: &'a Plan, group: &Group, cancel: &Cancel) -> Vec<(usize, usize, Programs<'a>)> {
    let context =
        ProgramContext { folder: &plan.folder, unit: plan.unit, seed: plan.seed.get(), trials: group.trials, cancel };
    let mut all = Vec::new();
    for &index in &group.conditions {
        let Some(condition) = plan.conditions.get(index) else { continue };
        let Some(pair) = condition.sampled_pair() else { continue };
        for (place, estimator) in plan.estimators_of(condition) {
            if let Some(program) = estimator.program() {
                let programs = Programs::new(program, index + 1, pair, condition.n, context);
                all.push((index, place, programs));
            }
        }
    }
    all.sort_by_key(|&(index, place, _)| (index, place));
    all
}

/// The estimations of a group; none if the run is cancelled meanwhile.
pub(super) fn prepare<'a>(
    plan: &'a Plan,
    group: &'a Group,
    programs: &'a ProgramsOfGroup<'a>,
    cancel: &Cancel,
) -> Option<Job<'a>> {
    let mut estimations = Vec::with_capacity(group.conditions.len() * plan.estimators.len());
    for conditions in group.conditions.chunks(CHUNK) {
        let wanted = |&index: &usize| {
            let places = (0..plan.estimators.len()).into_par_iter();
            places.map(move |place| (index, place))
        };
        let uncancelled = conditions.par_iter().flat_map(wanted).filter(|_| cancel.reason().is_none());
        estimations.par_extend(uncancelled.filter_map(|(index, place)| {
            let condition = plan.conditions.get(index).filter(|found| found.refusal_of(place).is_none())?;
            let pair = condition.sampled_pair()?;
            let by = match condition.estimator(&plan.estimators, place)? {
                PlannedEstimator::Estimator(estimator) => EstimatedBy::Estimator(estimator.as_ref()),
                PlannedEstimator::Program(_) => {
                    let found = programs.binary_search_by_key(&(index, place), |&(index, place, _)| (index, place));
                    EstimatedBy::External(programs.get(found.ok()?).map(|(_, _, programs)| programs)?)
                }
            };
            Some(Estimation { decides: decides(condition, by), ..estimation(plan, index, (pair, condition.n), by) })
        }));
    }
    if plan.has_measures() && cancel.reason().is_none() {
        compare_estimators(&mut estimations, group.n, plan);
    }
    let probabilities = group.source.mass_function().probabilities();
    let models = models(plan.seed.get(), group.n, &mut estimations);
    cancel.reason().is_none().then_some(Job { probabilities, n: group.n, trials: group.trials, estimations, models })
}

/// The samples from Q that estimations ask for, those of one Q and one length once; each estimation learns which are its own.
fn models(seed: u64, n: u64, estimations: &mut [Estimation<'_>]) -> Vec<ModelSamples> {
    let mut models = Vec::new();
    let mut places = HashMap::new();
    for estimation in estimations {
        let pair = estimation.pair;
        let mut place_of = |m: u64| {
            *places.entry(ModelSamples::key(seed, pair, m)).or_insert_with(|| {
                models.push(ModelSamples::new(seed, pair, m));
                models.len() - 1
            })
        };
        estimation.model = estimation.by.model_draws(n).map(&mut place_of);
        if let Some(reference) = &mut estimation.reference {
            reference.model = reference.same_as.reference.model_draws(n).map(&mut place_of);
        }
    }
    models
}

/// At most this many estimates of a group are kept, 24 bytes each, for their quantiles and to rank their intervals.
pub const MOST_KEPT: usize = 1 << 24;

/// What an estimate differs from 0 by, as a part of its size, may be rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// Puts each estimator of a condition beside the one that precision is held against.
fn compare_estimators(estimations: &mut [Estimation<'_>], n: u64, plan: &Plan) {
    let capacity = MOST_KEPT / estimations.len().max(1);
    let reference_name = plan.estimators.get(plan.reference).map(|estimator| estimator.name());
    let mut first = 0;
    for estimations in estimations.chunk_by_mut(|one, next| one.condition == next.condition) {
        let named = estimations.iter().position(|estimation| Some(estimation.by.name()) == reference_name);
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let known: Vec<_> = estimations
            .iter()
            .map(|estimation| {
                let (mean, std_dev) = estimation.by.moments(estimation.pair, n);
                (finite(mean), finite(std_dev), finite(Some(estimation.by.theory(estimation.pair, n).closed_form)))
            })
            .collect();
        let centre = |place: usize| known.get(place).and_then(|&(mean, _, truth)| mean.or(truth)).unwrap_or(0.0);
        for (place, (estimation, &(mean, std_dev, truth))) in estimations.iter_mut().zip(&known).enumerate() {
            let zero = NEGLIGIBLE * (centre(place).abs() + std_dev.unwrap_or(0.0));
            // Where the reference cannot be had, each is its own.
            let reference = named.unwrap_or(place);
            let centres = [centre(reference), centre(place)];
            estimation.capacity = capacity;
            estimation.compared = Some(Box::new(Compared { reference: first + reference, centres, zero }));
            let test = |(level, truth): (Chance, f64)| IntervalTest {
                z: normal_quantile(0.5 * (1.0 - level.get())),
                truth,
                mean,
                exact_error: std_dev,
            };
            estimation.intervals = plan.level.zip(truth).map(test).map(Box::new);
        }
        first += estimations.len();
    }
}

/// What decides by the estimates of this estimator: the test of the condition decides by the log ratio alone.
fn decides(condition: &Condition, by: EstimatedBy<'_>) -> Option<Decides> {
    match condition.test.as_deref().filter(|_| by.name() == DECIDING)? {
        PlannedTest::Fixed(planned) => Some(Decides::By(planned.test)),
        PlannedTest::Sequential(_) => Some(Decides::AsScored),
    }
}

fn estimation<'a>(plan: &Plan, index: usize, (pair, n): (&'a Pair, u64), by: EstimatedBy<'a>) -> Estimation<'a> {
    let detailed = index < DETAILED_CONDITIONS;
    Estimation {
        bins: detailed.then(|| Box::new(by.bins(pair, n))),
        wants_path: detailed && plan.sampler.is_ordered() && by.model_draws(n).is_none() && by.external().is_none(),
        ..Estimation::new(index, pair, by, n)
    }
}
