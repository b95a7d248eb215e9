//! `runner plan`: what would run, at what cost, and what it could show.

use super::run::{overrides, read_plans};
use super::{Outcome, Written, show, show_all};
use crate::check::Prospect;
use crate::cli::PlanArguments;
use crate::error::Error;
use crate::experiment::planned_sampling;
use crate::plan::{Group, Plan};
use crate::report::PlanReport;
use kl_math::distribution::Pair;
use kl_sim::simulation::{Engine, Load, ModelSamples, trial_time};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Nothing is run but a few trials of each kind, for the time they take.
pub(super) fn plan(arguments: &PlanArguments) -> Result<Outcome, Error> {
    let flags = [&arguments.seed, &arguments.trials, &arguments.sampler].map(Option::as_deref);
    let [seed, trials, sampler] = flags;
    let overrides = overrides(seed, trials, sampler, arguments.record, &arguments.settings)?;
    let engine = Engine::new(arguments.threads.map(usize::from))?;
    let plans = read_plans(&arguments.specs, &overrides)?;
    let prospects: Vec<Vec<Prospect>> = plans.iter().map(|plan| engine.install(|| Prospect::of(plan))).collect();
    for (plan, prospects) in plans.iter().zip(&prospects) {
        let time = expected_time(plan).div_f64(engine.threads() as f64);
        let report = PlanReport { plan, prospects, time };
        let is_heard = if arguments.json {
            show_all(Written::Json, |out| report.write_json(out))?
        } else {
            show(&format!("{report}\n"))?
        };
        if !is_heard {
            break;
        }
    }
    Ok(Outcome::Agreed)
}

/// What drawing and scoring all trials would take one thread, from a few trials of each group.
fn expected_time(plan: &Plan) -> Duration {
    /// Groups that are tried; the others take as long on average.
    const TRIED: usize = 32;
    /// Conditions of a group that are tried, likewise: the memory that scoring takes does not grow with the grid.
    const CONDITIONS: usize = 64;
    let groups = plan.groups();
    let tried = groups.iter().take(TRIED).map(|group| {
        let step = group.conditions.len().div_ceil(CONDITIONS).max(1);
        let places: Vec<usize> = group.conditions.iter().copied().step_by(step).collect();
        let cells = places.iter().filter_map(|&place| plan.conditions.get(place));
        let cells = cells.flat_map(|condition| plan.estimators_of(condition).map(move |(_, it)| (condition, it)));
        let mut scorers: Vec<_> =
            cells.filter_map(|(condition, it)| Some(it.scorer(condition.sampled_pair()?, condition.n))).collect();
        let alphabet = group.source.masses().alphabet().size();
        let seed = plan.seed.get();
        let models: HashMap<_, _> = (samples(plan, group, &places))
            .map(|(pair, m)| (ModelSamples::key(seed, pair, m), ModelSamples::new(seed, pair, m)))
            .collect();
        let models: Vec<ModelSamples> = models.into_values().collect();
        let all = samples(plan, group, &group.conditions).map(|(pair, m)| ModelSamples::key(seed, pair, m));
        let load = Load {
            models: &models,
            all_models: all.collect::<HashSet<_>>().len(),
            all_scorers: group.conditions.len() * plan.estimators.len(),
            scorers: &mut scorers,
        };
        trial_time(&planned_sampling(plan, group), group.n, alphabet, group.trials, load)
    });
    let count = groups.len().clamp(1, TRIED);
    tried.sum::<Duration>().mul_f64(groups.len() as f64 / count as f64)
}

/// The samples from the Qs of some conditions of a group: from what, and how long.
fn samples<'a>(plan: &'a Plan, group: &'a Group, places: &'a [usize]) -> impl Iterator<Item = (&'a Pair, u64)> {
    places.iter().filter_map(|&place| plan.conditions.get(place)).flat_map(|condition| {
        let lengths = plan.estimators_of(condition).filter_map(|(_, estimator)| estimator.model_draws(group.n));
        lengths.filter_map(|m| Some((condition.sampled_pair()?.as_ref(), m)))
    })
}
