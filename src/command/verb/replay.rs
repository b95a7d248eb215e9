//! `runner replay`: one sequence of an experiment and its estimate, on its own.

use crate::command::flags::{Drawing, Json, Permission, Settings};
use crate::command::outcome::Outcome;
use crate::command::output::{say, show, show_json};
use crate::command::plans::read_plans;
use crate::command::programs::refuse_unless;
use crate::error::Error;
use crate::experiment::planned_sampling;
use crate::outside::printable;
use crate::plan::{Condition, Group, Plan, Refusal};
use crate::record::{Row, TrialRow};
use crate::report::{Derivation, grouped, score_json};
use clap::Args;
use kl_math::distribution::Pair;
use kl_math::numeric::shortest;
use kl_sim::estimator::{
    Batch, ChainSequences, Estimator, ModelSample, SequenceScore, Sequences, SymbolSequences, ValueSequences, View,
};
use kl_sim::simulation::{Blocks, Cancel, Failure, ModelSamples, Programs, TrialPlace, Trials, Workshop, replay};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Draw one sequence of an experiment again and show its estimate, step by step
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The experiment file (`-` for standard input)
    #[arg(value_name = "SPEC")]
    spec: PathBuf,

    /// The condition, counted from 1 as in summary.csv
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    condition: u64,

    /// The trial, counted from 1 as in trials.csv
    #[arg(long, value_name = "NUMBER")]
    trial: u64,

    #[command(flatten)]
    drawing: Drawing,

    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    permission: Permission,

    #[command(flatten)]
    json: Json,
}

/// At most this many symbols or values are shown.
const SHOWN: usize = 1_000;

/// The characters of the sequence in the first line of the derivation.
const STARTING: usize = 40;

impl Arguments {
    /// Draws the trial again, scores it, and shows how.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let overrides = [self.drawing.overrides(), self.settings.overrides()?].concat();
        let plans = read_plans(std::slice::from_ref(&self.spec), &overrides)?;
        let Some(plan) = plans.into_iter().next() else {
            return Err(Error::NoSpec);
        };
        let count = plan.conditions.len() as u64;
        let place = usize::try_from(self.condition.wrapping_sub(1)).ok();
        let Some((place, condition)) = place.and_then(|place| Some((place, plan.conditions.get(place)?))) else {
            return Err(Error::NoCondition { found: self.condition, count });
        };
        if let Refusal::Pair(reason) | Refusal::Sampler(reason) = &condition.refusal {
            return Err(Error::Refused { condition: self.condition, reason: reason.to_string() });
        }
        if !(1..=condition.trials).contains(&self.trial) {
            return Err(Error::NoTrial { found: self.trial, count: condition.trials });
        }
        let (source, n, trials) = (Arc::clone(condition.pair.source()), condition.n, condition.trials);
        let group = Group { source, n, trials, conditions: vec![place] };
        let Trials::Each(blocks) = planned_sampling(&plan, &group) else {
            return Err(Error::Tallied);
        };
        refuse_unless(self.permission.allow_commands, std::slice::from_ref(&plan))?;
        let request = Request { plan: &plan, place, condition, blocks: blocks.as_ref(), trial: self.trial - 1 };
        let replayed = Replayed::of(&request)?;
        let rows: Vec<String> = replayed.rows(&plan, self.condition, self.trial, condition.n);
        if self.json.json {
            let score = replayed.score.as_ref().map(|score| score_json(None, &condition.pair, score));
            let document = json!({
                "schema": "kl-runner/replay/1",
                "experiment": plan.experiment,
                "condition": self.condition,
                "trial": self.trial,
                "n": condition.n,
                "seed": plan.seed.get(),
                "sampler": plan.sampler.name(),
                "block": replayed.place.block,
                "before": replayed.place.before,
                "sequence": replayed.items,
                "score": score,
                "rows": rows,
            });
            show_json(&format!("{document:#}\n"))?;
        } else {
            show(&replayed.text(&plan, condition, self, &rows))?;
        }
        for (name, failure) in &replayed.failures {
            let (name, failure) = (printable(name), printable(&failure.to_string()));
            say(&format!("error: the estimator `{name}` gave no estimate\n  because: {failure}\n"));
        }
        Ok(if replayed.failures.is_empty() { Outcome::Agreed } else { Outcome::Stopped })
    }
}

/// The trial to replay.
struct Request<'a> {
    plan: &'a Plan,
    /// The index of the condition.
    place: usize,
    condition: &'a Condition,
    blocks: &'a dyn Blocks,
    /// Its number, from 0.
    trial: u64,
}

/// One trial drawn and scored.
struct Replayed {
    place: TrialPlace,
    /// The first symbols or values; empty if only counts or sums are drawn.
    items: Vec<String>,
    /// The derivation of its log ratio, if the draws determine it.
    score: Option<SequenceScore>,
    /// The estimate of each estimator, in nats.
    estimates: Vec<(String, f64)>,
    /// The failures of estimators that are programs.
    failures: Vec<(String, Failure)>,
}

impl Replayed {
    fn of(request: &Request<'_>) -> Result<Self, Error> {
        let (plan, pair) = (request.plan, request.condition.pair.as_ref());
        if let Some(values) = ValueSequences::new(pair)?.filter(|_| plan.sampler.is_ordered()) {
            return Ok(Self::drawn(request, View::Draws, &values, |batch, push| {
                each_value(pair, batch, push);
            }));
        }
        let symbols = |batch: &Batch, push: &mut dyn FnMut(&usize, String), names: &[String]| {
            for &symbol in &batch.symbols {
                let symbol = usize::from(symbol);
                push(&symbol, names.get(symbol).map_or_else(String::new, |name| printable(name)));
            }
        };
        if let (Some(chains), Some(source)) = (ChainSequences::new(pair)?, pair.source().chain()) {
            let names = source.alphabet().symbols();
            return Ok(Self::drawn(request, View::Symbols, &chains, |batch, push| {
                symbols(batch, push, names);
            }));
        }
        if pair.values().is_none() && plan.sampler.is_ordered() {
            let sequences = SymbolSequences::new(pair)?;
            let names = pair.symbols();
            return Ok(Self::drawn(request, View::Symbols, &sequences, |batch, push| {
                symbols(batch, push, names);
            }));
        }
        // Counts or sums have no order.
        let mut counts = vec![0; pair.symbols().len()];
        let mut add = |batch: &Batch| counts.iter_mut().zip(&batch.counts).for_each(|(count, more)| *count += more);
        let Scored { place, estimates, failures } = scored(request, View::Counts, &mut add);
        let score = if pair.values().is_none() { SymbolSequences::new(pair)?.score(&counts) } else { None };
        Ok(Self { place, items: Vec::new(), score, estimates, failures })
    }

    /// Draws a sequence item by item.
    fn drawn<S: Sequences>(
        request: &Request<'_>,
        view: View,
        sequences: &S,
        each: impl Fn(&Batch, &mut dyn FnMut(&S::Item, String)),
    ) -> Self {
        let (mut tally, mut items) = (sequences.tally(), Vec::new());
        let mut take = |batch: &Batch| {
            each(batch, &mut |item, text| {
                sequences.push(&mut tally, item);
                if items.len() < SHOWN {
                    items.push(text);
                }
            });
        };
        let Scored { place, estimates, failures } = scored(request, view, &mut take);
        Self { place, items, score: sequences.score(&tally), estimates, failures }
    }

    /// The rows of `trials.csv`.
    fn rows(&self, plan: &Plan, condition: u64, trial: u64, n: u64) -> Vec<String> {
        let row = |(estimator, estimate): &(String, f64)| {
            let mut text = Vec::new();
            let condition = usize::try_from(condition).unwrap_or(usize::MAX);
            TrialRow { condition, trial, n, estimator, estimate: *estimate }.spell(plan.unit, &mut text);
            String::from_utf8_lossy(&text).trim_end().to_owned()
        };
        self.estimates.iter().map(row).collect()
    }

    fn text(&self, plan: &Plan, condition: &Condition, arguments: &Arguments, rows: &[String]) -> String {
        let mut text = format!(
            "{}, condition {}, trial {} of {}: seed {}, sampler {}, trial {} of block {}\nP = {}\nQ = {}\n\n",
            printable(&plan.experiment),
            grouped(arguments.condition),
            grouped(arguments.trial),
            grouped(condition.trials),
            plan.seed,
            plan.sampler.name(),
            grouped(self.place.before + 1),
            grouped(self.place.block),
            printable(&condition.pair.source().to_string()),
            printable(&condition.pair.model().to_string()),
        );
        let separator = if self.items.iter().all(|item| item.chars().count() == 1) { "" } else { " " };
        let shown = self.items.join(separator);
        if !self.items.is_empty() {
            let more = condition.n.saturating_sub(self.items.len() as u64);
            let more = if more > 0 { format!(" … and {} more", grouped(more)) } else { String::new() };
            text.push_str(&format!("{shown}{more}\n\n"));
        }
        if let Some(score) = &self.score {
            let mut start: String = shown.chars().take(STARTING).collect();
            if start.len() < shown.len() {
                start.push('…');
            }
            let start = if self.items.is_empty() { "(counts have no order)" } else { &start };
            text.push_str(&Derivation { start, pair: &condition.pair, score }.to_string());
            text.push('\n');
        }
        let columns = TrialRow::COLUMNS.join(",");
        text.push_str(&format!("its row in trials.csv, in {}:\n  {columns}\n", plan.unit.name()));
        rows.iter().for_each(|row| text.push_str(&format!("  {}\n", printable(row))));
        text
    }
}

/// The estimates of a trial.
struct Scored {
    place: TrialPlace,
    estimates: Vec<(String, f64)>,
    failures: Vec<(String, Failure)>,
}

/// Draws the trial and passes each batch to `take`. Its estimates come from the scorers of the estimators, as in a run.
fn scored(request: &Request<'_>, view: View, take: &mut dyn FnMut(&Batch)) -> Scored {
    let Request { plan, condition, blocks, trial, .. } = *request;
    let place = TrialPlace::of(blocks, trial);
    let sample = |estimator: &dyn Estimator| {
        let m = estimator.model_draws(condition.n)?;
        Some(ModelSamples::new(plan.seed.get(), &condition.pair, m).sample_of(place))
    };
    let estimators: Vec<&dyn Estimator> = plan.estimators_of(condition).map(|(_, estimator)| estimator).collect();
    let mut models: Vec<Option<ModelSample>> = estimators.iter().map(|estimator| sample(*estimator)).collect();
    let (cancel, seed) = (Cancel::default(), plan.seed.get());
    let workshop = Workshop { folder: &plan.folder, seed, trials: condition.trials, cancel: &cancel };
    let programs: Vec<Option<Programs<'_>>> = (estimators.iter())
        .map(|estimator| {
            let of = (condition.pair.as_ref(), condition.n);
            Some(Programs::new(estimator.name(), estimator.program()?, request.place + 1, of, &workshop))
        })
        .collect();
    let mut scorers: Vec<_> = (estimators.iter().zip(&programs))
        .map(|(estimator, programs)| {
            let own = || estimator.scorer(&condition.pair, condition.n);
            (estimator.name(), programs.as_ref().map_or_else(own, Programs::scorer), Vec::with_capacity(1))
        })
        .collect();
    let wanted = scorers.iter().map(|(_, scorer, _)| scorer.view()).max().unwrap_or(view).max(view);
    let alphabet = condition.pair.source_masses().len();
    let place = replay(blocks, condition.n, alphabet, trial, wanted, |batch| {
        for ((_, scorer, ended), model) in scorers.iter_mut().zip(&mut models) {
            match model.take_if(|_| batch.end == condition.n) {
                Some(model) => scorer.score(&Batch { model, ..batch.clone() }, ended),
                None => scorer.score(batch, ended),
            }
        }
        take(batch);
    });
    let estimates = scorers.iter().filter_map(|(name, _, ended)| Some(((*name).to_owned(), ended.last()?.estimate)));
    let estimates = estimates.collect();
    let failed = estimators.iter().zip(&programs).filter_map(|(estimator, programs)| {
        let failed = programs.as_ref()?.failures().into_iter().next()?;
        Some((estimator.name().to_owned(), failed.failure))
    });
    Scored { place, estimates, failures: failed.collect() }
}

/// Passes on the values of a batch, as their coordinates.
fn each_value(pair: &Pair, batch: &Batch, push: &mut dyn FnMut(&[f64], String)) {
    let Some(values) = pair.source().values() else { return };
    let mut scratch = Vec::new();
    for draw in batch.draws.chunks_exact(values.standard().width().max(1)) {
        let coordinates = values.coordinates(draw, &mut scratch);
        let text = coordinates.iter().map(|x| shortest(*x)).collect::<Vec<_>>().join(",");
        push(&coordinates, text);
    }
}
