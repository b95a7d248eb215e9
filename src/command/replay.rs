//! `runner replay`: one sequence of an experiment and its estimate, alone.

use super::programs::refuse_unless;
use super::run::{overrides, read_plans};
use super::{Outcome, say, show, show_json};
use crate::cli::ReplayArguments;
use crate::error::Error;
use crate::experiment::planned_sampling;
use crate::outside::printable;
use crate::plan::{Condition, Group, Plan, Refusal};
use crate::record::{Row, TrialRow};
use crate::report::{Derivation, grouped, score_json};
use kl_math::distribution::Pair;
use kl_math::numeric::shortest;
use kl_sim::estimator::{
    Batch, ChainSequences, Estimator, ModelSample, SequenceScore, Sequences, SymbolSequences, ValueSequences, View,
};
use kl_sim::simulation::{Blocks, Cancel, Failure, ModelSamples, Programs, TrialPlace, Trials, Workshop, replay};
use serde_json::json;
use std::sync::Arc;

/// So many symbols or values are shown.
const SHOWN: usize = 1_000;

/// So many characters stand in the derivation's first line.
const STARTING: usize = 40;

pub(super) fn replay_trial(arguments: &ReplayArguments) -> Result<Outcome, Error> {
    let overrides =
        overrides(arguments.seed.as_deref(), None, arguments.sampler.as_deref(), false, &arguments.settings)?;
    let plans = read_plans(std::slice::from_ref(&arguments.spec), &overrides)?;
    let Some(plan) = plans.into_iter().next() else {
        return Err(Error::NoSpec);
    };
    let count = plan.conditions.len() as u64;
    let place = usize::try_from(arguments.condition.wrapping_sub(1)).ok();
    let Some((place, condition)) = place.and_then(|place| Some((place, plan.conditions.get(place)?))) else {
        return Err(Error::NoCondition { found: arguments.condition, count });
    };
    if let Refusal::Pair(reason) | Refusal::Sampler(reason) = &condition.refusal {
        return Err(Error::Refused { condition: arguments.condition, reason: reason.to_string() });
    }
    if !(1..=condition.trials).contains(&arguments.trial) {
        return Err(Error::NoTrial { found: arguments.trial, count: condition.trials });
    }
    let (source, n, trials) = (Arc::clone(condition.pair.source()), condition.n, condition.trials);
    let group = Group { source, n, trials, conditions: vec![place] };
    let Trials::Each(blocks) = planned_sampling(&plan, &group) else {
        return Err(Error::Tallied);
    };
    refuse_unless(arguments.allow_commands, std::slice::from_ref(&plan))?;
    let asked = Asked { plan: &plan, place, condition, blocks: blocks.as_ref(), trial: arguments.trial - 1 };
    let replayed = Replayed::of(&asked)?;
    let rows: Vec<String> = replayed.rows(&plan, arguments.condition, arguments.trial, condition.n);
    if arguments.json {
        let score = replayed.score.as_ref().map(|score| score_json(None, &condition.pair, score));
        let document = json!({
            "schema": "kl-runner/replay/1",
            "experiment": plan.experiment,
            "condition": arguments.condition,
            "trial": arguments.trial,
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
        show(&replayed.text(&plan, condition, arguments, &rows))?;
    }
    for (name, failure) in &replayed.failures {
        let (name, failure) = (printable(name), printable(&failure.to_string()));
        say(&format!("error: the estimator `{name}` gave no estimate\n  because: {failure}\n"));
    }
    Ok(if replayed.failures.is_empty() { Outcome::Agreed } else { Outcome::Stopped })
}

/// The trial that is asked for.
struct Asked<'a> {
    plan: &'a Plan,
    /// The condition's place in it.
    place: usize,
    condition: &'a Condition,
    blocks: &'a dyn Blocks,
    /// Its number, from 0.
    trial: u64,
}

/// One trial drawn and scored.
struct Replayed {
    place: TrialPlace,
    /// The first symbols or values; none where only counts or sums are drawn.
    items: Vec<String>,
    /// The derivation of its log ratio, where what was drawn says enough.
    score: Option<SequenceScore>,
    /// The estimate of each estimator, in nats.
    estimates: Vec<(String, f64)>,
    /// Why an estimator of the user's own gave none.
    failures: Vec<(String, Failure)>,
}

impl Replayed {
    fn of(asked: &Asked<'_>) -> Result<Self, Error> {
        let (plan, pair) = (asked.plan, asked.condition.pair.as_ref());
        if let Some(values) = ValueSequences::new(pair)?.filter(|_| plan.sampler.is_ordered()) {
            return Ok(Self::drawn(asked, View::Draws, &values, |batch, push| {
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
            return Ok(Self::drawn(asked, View::Symbols, &chains, |batch, push| {
                symbols(batch, push, names);
            }));
        }
        if pair.values().is_none() && plan.sampler.is_ordered() {
            let sequences = SymbolSequences::new(pair)?;
            let names = pair.symbols();
            return Ok(Self::drawn(asked, View::Symbols, &sequences, |batch, push| {
                symbols(batch, push, names);
            }));
        }
        // Counts, or sums: there is no order.
        let mut counts = vec![0; pair.symbols().len()];
        let mut add = |batch: &Batch| counts.iter_mut().zip(&batch.counts).for_each(|(count, more)| *count += more);
        let Scored { place, estimates, failures } = scored(asked, View::Counts, &mut add);
        let score = if pair.values().is_none() { SymbolSequences::new(pair)?.score(&counts) } else { None };
        Ok(Self { place, items: Vec::new(), score, estimates, failures })
    }

    /// A sequence drawn in full, item by item.
    fn drawn<S: Sequences>(
        asked: &Asked<'_>,
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
        let Scored { place, estimates, failures } = scored(asked, view, &mut take);
        Self { place, items, score: sequences.score(&tally), estimates, failures }
    }

    /// The rows of `trials.csv`.
    fn rows(&self, plan: &Plan, condition: u64, trial: u64, n: u64) -> Vec<String> {
        let row = |(estimator, estimate): &(String, f64)| {
            let mut text = Vec::new();
            let condition = usize::try_from(condition).unwrap_or(usize::MAX);
            let (estimator, estimate) = (estimator.as_str().into(), Some(*estimate).filter(|value| !value.is_nan()));
            TrialRow { condition, trial, n, estimator, estimate }.in_unit(plan.unit).append_to(&mut text);
            String::from_utf8_lossy(&text).trim_end().to_owned()
        };
        self.estimates.iter().map(row).collect()
    }

    fn text(&self, plan: &Plan, condition: &Condition, arguments: &ReplayArguments, rows: &[String]) -> String {
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
        let columns = TrialRow::COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>().join(",");
        text.push_str(&format!("its row of trials.csv, in {}:\n  {columns}\n", plan.unit.name()));
        rows.iter().for_each(|row| text.push_str(&format!("  {}\n", printable(row))));
        text
    }
}

/// What the estimators make of a trial.
struct Scored {
    place: TrialPlace,
    estimates: Vec<(String, f64)>,
    failures: Vec<(String, Failure)>,
}

/// Draws the trial; `take` sees every stretch of it. Its estimates come from the estimators' own scorers, as in a run.
fn scored(asked: &Asked<'_>, view: View, take: &mut dyn FnMut(&Batch)) -> Scored {
    let Asked { plan, condition, blocks, trial, .. } = *asked;
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
            Some(Programs::new(estimator.name(), estimator.program()?, asked.place + 1, of, &workshop))
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

/// The values of a stretch, as their coordinates.
fn each_value(pair: &Pair, batch: &Batch, push: &mut dyn FnMut(&[f64], String)) {
    let Some(values) = pair.source().values() else { return };
    let mut room = Vec::new();
    for draw in batch.draws.chunks_exact(values.standard().width().max(1)) {
        let coordinates = values.coordinates(draw, &mut room);
        let text = coordinates.iter().map(|x| shortest(*x)).collect::<Vec<_>>().join(",");
        push(&coordinates, text);
    }
}
