//! `runner plan`: what would run, at what cost, and what it could show.

use crate::check::PowerAnalysis;
use crate::command::error::Error;
use crate::command::flags::{Drawing, Json, Permission, Settings, Threads, Trials};
use crate::command::interrupt;
use crate::command::outcome::Outcome;
use crate::command::output::{Written, show, show_in_pieces, show_report};
use crate::command::pilots::run_pilots;
use crate::command::plans::read_plans;
use crate::experiment::planned_sampling;
use crate::plan::{Group, Plan, PlannedEstimator};
use crate::report::PlanReport;
use clap::Args;
use kl_math::distribution::Pair;
use kl_sim::estimator::Scorer;
use kl_sim::simulation::{Load, ModelSamples, trial_time};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

/// Show what would run, how long it would take, and what it could detect
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Experiment files (`-` for standard input)
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,

    #[command(flatten)]
    drawing: Drawing,

    #[command(flatten)]
    trials: Trials,

    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    permission: Permission,

    #[command(flatten)]
    threads: Threads,

    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Runs nothing but a few trials of each kind, to see how long they take, and pilots where the number of trials depends on them.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let overrides = [self.trials.overrides(), self.drawing.overrides(), self.settings.overrides()?].concat();
        let engine = self.threads.engine()?;
        let plans = read_plans(&self.specs, &overrides)?;
        let plans = match run_pilots(plans, self.permission.allow_commands, &engine, &interrupt::watch()?)? {
            ControlFlow::Continue(plans) => plans,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let analyses: Vec<Vec<PowerAnalysis>> =
            plans.iter().map(|plan| engine.install(|| PowerAnalysis::of(plan))).collect();
        for (plan, analyses) in plans.iter().zip(&analyses) {
            let time = expected_time(plan).div_f64(engine.threads() as f64);
            let report = PlanReport { plan, analyses, time };
            let is_read = if self.json.json {
                show_in_pieces(Written::Json, |out| report.write_json(out))?
            } else {
                show_report(&report)? && show("\n")?
            };
            if !is_read {
                break;
            }
        }
        Ok(Outcome::Agreed)
    }
}

/// The time that one thread would take for all trials, estimated from a few trials of each group.
fn expected_time(plan: &Plan) -> Duration {
    /// At most this many groups are timed; the others are taken to need the same time on average.
    const TIMED: usize = 32;
    /// At most this many conditions of a group are timed, so that memory does not grow with the grid.
    const CONDITIONS: usize = 64;
    let groups = plan.groups();
    let timed = groups.iter().take(TIMED).map(|group| {
        let step = group.conditions.len().div_ceil(CONDITIONS).max(1);
        let places: Vec<usize> = group.conditions.iter().copied().step_by(step).collect();
        let rows = places.iter().filter_map(|&place| plan.conditions.get(place));
        let rows = rows.flat_map(|condition| plan.estimators_of(condition).map(move |(_, it)| (condition, it)));
        let mut scorers: Vec<_> =
            rows.filter_map(|(condition, it)| Some(scorer(it, condition.sampled_pair()?, condition.n))).collect();
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
        trial_time(&planned_sampling(plan, group), group.n, group.trials, load)
    });
    let count = groups.len().clamp(1, TIMED);
    timed.sum::<Duration>().mul_f64(groups.len() as f64 / count as f64)
}

/// A scorer that takes the time of the estimator; the time that a user's program takes is not known.
fn scorer<'a>(estimator: &'a PlannedEstimator, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
    match estimator {
        PlannedEstimator::Estimator(estimator) => estimator.scorer(pair, n),
        PlannedEstimator::Program(program) => Box::new(program.stand_in(n)),
    }
}

/// The samples from Q that some conditions of a group need: the pair, and the length.
fn samples<'a>(plan: &'a Plan, group: &'a Group, places: &'a [usize]) -> impl Iterator<Item = (&'a Pair, u64)> {
    places.iter().filter_map(|&place| plan.conditions.get(place)).flat_map(|condition| {
        let lengths = plan.estimators_of(condition).filter_map(|(_, estimator)| estimator.model_draws(group.n));
        lengths.filter_map(|m| Some((condition.sampled_pair()?.as_ref(), m)))
    })
}
