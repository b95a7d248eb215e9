//! `runner plan`: what would run, at what cost, and what it could show.

use crate::check::{PlannedDecisions, PowerAnalysis};
use crate::command::error::Error;
use crate::command::flags::{Json, duration};
use crate::command::outcome::Outcome;
use crate::command::output::{Written, show, show_in_pieces, show_report};
use crate::command::start::{Ready, StartFlags, Starts};
use crate::experiment::planned_sampling;
use crate::experiment_file::Override;
use crate::plan::{BlockRow, Condition, Group, MOST_PARTS, PartForecast, Place, Plan, PlannedEstimator};
use crate::report::{PlanReport, PlannedParts};
use clap::Args;
use kl_math::distribution::{Normal, Pair};
use kl_sim::estimator::{Detail, Scorer};
use kl_sim::simulation::{Load, ModelSamples, SamplerKind, Trials, trial_time};
use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
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
    start: StartFlags,

    /// Say what each of M parts of `runner shard` takes
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_PARTS)))]
    of: Option<u32>,

    /// Say into how many parts to cut the run, so that each takes about this long, such as 30m or 2h
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "of")]
    part_time: Option<Duration>,

    /// Of gradients: say how many sequences a step must average for this cosine to the true gradient
    #[arg(long, value_name = "C", value_parser = cosine, default_value = "0.9")]
    cosine: f64,

    /// Of tests between P and Q: say how many trials make the standard error of each rate so small
    #[arg(long, value_name = "E", value_parser = rate_error, default_value = "0.001")]
    rate_error: f64,

    #[command(flatten)]
    json: Json,
}

/// A standard error of a rate.
fn rate_error(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|error: &f64| *error > 0.0 && *error < 0.5);
    found.ok_or_else(|| "a standard error of a rate is a number above 0 and below 0.5, such as 0.001".to_owned())
}

/// A number between 0 and 1.
fn cosine(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|cosine: &f64| *cosine > 0.0 && *cosine < 1.0);
    found.ok_or_else(|| "a cosine is a number above 0 and below 1, such as 0.9".to_owned())
}

impl Arguments {
    /// Runs nothing but a few trials of each kind, to see how long they take, and pilots where the number of trials depends on them.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let Ready { plans, engine, .. } = match self.start.ready(&self.specs, Starts::Nothing)? {
            ControlFlow::Continue(ready) => ready,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let overrides = self.start.overrides()?;
        let analyses: Vec<Vec<PowerAnalysis>> =
            plans.iter().map(|plan| engine.install(|| PowerAnalysis::of(plan))).collect();
        for (plan, analyses) in plans.iter().zip(&analyses) {
            let threads = engine.threads();
            let parts = engine.install(|| self.parts(plan, threads, &overrides));
            let time = match &parts {
                Some(parts) => Duration::try_from_secs_f64(parts.seconds * f64::from(parts.forecast.of.get())),
                None => Ok(expected_time(plan).div_f64(threads as f64)),
            };
            let time = time.unwrap_or(Duration::MAX);
            let time_of_counts = time_of_counts(plan, time, threads);
            let decisions = engine.install(|| PlannedDecisions::of(plan, self.rate_error));
            let report = PlanReport {
                plan,
                analyses,
                time,
                time_of_counts,
                cosine: self.cosine,
                decisions: &decisions,
                rate_error: self.rate_error,
                parts,
            };
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

impl Arguments {
    /// The parts that the run is to be cut into, if that is asked for.
    fn parts(&self, plan: &Plan, threads: usize, overrides: &[Override]) -> Option<PlannedParts> {
        if self.of.is_none() && self.part_time.is_none() {
            return None;
        }
        let row = BlockRow::of(plan, planned_sampling);
        let seconds = row.cost(&(Place::default()..row.end())) as f64 * nanosecond() / threads as f64;
        let forecast = |of: f64| {
            let of = NonZeroU32::new(of.ceil().clamp(1.0, f64::from(MOST_PARTS)) as u32).unwrap_or(NonZeroU32::MIN);
            PartForecast::new(plan, &row, of, threads, planned_sampling)
        };
        let forecast = match self.part_time {
            None => forecast(self.of.map_or(1.0, f64::from)),
            Some(wanted) => {
                let even = forecast(seconds / wanted.as_secs_f64());
                // A little more where parts are uneven; blocks that are too long remain so.
                if even.longest > 1.02 { forecast(f64::from(even.of.get()) * even.longest.min(2.0)) } else { even }
            }
        };
        let seconds = seconds / f64::from(forecast.of.get());
        Some(PlannedParts { forecast, seconds, threads, command: self.shard_command(plan, overrides) })
    }

    /// The command that does one of the parts, `K/M` in place of their numbers.
    fn shard_command(&self, plan: &Plan, overrides: &[Override]) -> String {
        let word = |text: &str| shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned());
        let mut command = format!("runner shard {} --part K/M --out parts", word(&plan.file));
        for setting in overrides {
            // A flag without a value has one in the file.
            let (flag, value) = setting.display().split_once(' ').unwrap_or((setting.display(), ""));
            command += &if flag == "--record" { format!(" {flag}") } else { format!(" {flag} {}", word(value)) };
        }
        if self.start.allows_commands() {
            command += " --allow-commands";
        }
        command
    }
}

/// The seconds that this machine takes for what a table calls a nanosecond: measured on normal numbers.
fn nanosecond() -> f64 {
    const N: u64 = 1_000;
    const TRIALS: u64 = 1_000_000;
    /// No machine is so far from the one that the tables were measured on.
    const RANGE: (f64, f64) = (0.1, 20.0);
    let speed = Normal::new(0.0, 1.0).ok().and_then(|source| {
        let trials = Trials::new(0, &source.into(), N, SamplerKind::Sequence);
        let Trials::Each(blocks) = &trials else { return None };
        let expected = blocks.cost().nanoseconds(blocks.sizes().block) as f64 * 1e-9 * TRIALS as f64;
        let load = Load { models: &[], all_models: 0, scorers: &mut [], all_scorers: 0 };
        Some(trial_time(&trials, N, TRIALS, load).as_secs_f64() / expected)
    });
    1e-9 * speed.unwrap_or(1.0).clamp(RANGE.0, RANGE.1)
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

/// The time with the sampler `counts`, if `time` with `sequence` is long, that takes less than a third of it, and no estimator needs
/// the order of the symbols.
fn time_of_counts(plan: &Plan, time: Duration, threads: usize) -> Option<Duration> {
    const LONG: Duration = Duration::from_secs(10);
    let needs_counts = |condition: &Condition| {
        let pair = condition.sampled_pair().filter(|pair| pair.symbols().is_some());
        pair.is_some_and(|pair| {
            plan.estimators_of(condition).all(|(_, estimator)| estimator.detail(pair, condition.n) == Detail::Totals)
        })
    };
    if plan.sampler != SamplerKind::Sequence || time < LONG || !plan.conditions.iter().all(needs_counts) {
        return None;
    }
    let counted = Plan { sampler: SamplerKind::Counts, ..plan.clone() };
    Some(expected_time(&counted).div_f64(threads as f64)).filter(|counts| *counts < time / 3)
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
