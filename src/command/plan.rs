//! `runner plan`: what would run, at what cost, and what it could show.

use super::run::{overrides, read_plans};
use super::{Outcome, show, show_json};
use crate::check::Prospect;
use crate::cli::PlanArguments;
use crate::error::Error;
use crate::experiment::planned_sampling;
use crate::plan::{Group, Plan};
use crate::report::PlanReport;
use crate::simulation::{Engine, ModelSamples, trial_time};
use std::collections::HashSet;
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
        let is_heard =
            if arguments.json { show_json(&format!("{:#}\n", report.json()))? } else { show(&format!("{report}\n"))? };
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
    let groups = plan.groups();
    let tried = groups.iter().take(TRIED).map(|group| {
        let cells = group.conditions.iter().filter_map(|&place| plan.conditions.get(place));
        let cells = cells.flat_map(|condition| plan.estimators_of(condition).map(move |(_, it)| (condition, it)));
        let mut scorers: Vec<_> =
            cells.map(|(condition, estimator)| estimator.scorer(&condition.pair, condition.n)).collect();
        let alphabet = group.source.masses().alphabet().size();
        let models = model_samples(plan, group);
        trial_time(&planned_sampling(plan, group), group.n, alphabet, group.trials, &models, &mut scorers)
    });
    let count = groups.len().clamp(1, TRIED);
    tried.sum::<Duration>().mul_f64(groups.len() as f64 / count as f64)
}

/// The samples from the Qs of a group, those of one Q and one length once.
fn model_samples(plan: &Plan, group: &Group) -> Vec<ModelSamples> {
    let seed = plan.seed.get();
    let mut known = HashSet::new();
    let conditions = group.conditions.iter().filter_map(|&place| plan.conditions.get(place));
    let wanted = conditions.flat_map(|condition| {
        let lengths = plan.estimators_of(condition).filter_map(|(_, estimator)| estimator.model_draws(group.n));
        lengths.map(|m| (condition.pair.as_ref(), m))
    });
    let first = wanted.filter(|&(pair, m)| known.insert(ModelSamples::key(seed, pair, m)));
    first.map(|(pair, m)| ModelSamples::new(seed, pair, m)).collect()
}
