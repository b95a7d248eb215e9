//! `runner replay`: one sequence of an experiment and its estimate, on its own.

use crate::command::error::Error;
use crate::command::flags::{Drawing, Json as JsonFlag, Permission, Settings};
use crate::command::interrupt;
use crate::command::outcome::Outcome;
use crate::command::output::{say, show, show_json};
use crate::command::pilots::run_pilots;
use crate::command::plans::read_plans;
use crate::command::programs::refuse_unless;
use crate::experiment::planned_sampling;
use crate::outside::printable;
use crate::plan::{Condition, DECIDING, Group, Pilot, Plan, PlannedEstimator, PlannedTest};
use crate::programs::{Failure, Program, ProgramContext, Programs};
use crate::record::csv_file::with_component;
use crate::record::{Row, TrialRow};
use crate::report::{Derivation, grouped, score_json, significant};
use clap::Args;
use kl_math::decision::Decision;
use kl_math::distribution::{Pair, ValuePair};
use kl_math::numeric::shortest;
use kl_sim::estimator::{
    Batch, ChainSequences, Detail, EstimatedBy, External, ScoredTrial, SequenceScore, Sequences, SymbolSequences,
    ValueSequences,
};
use kl_sim::simulation::{Blocks, Cancel, Engine, ModelSamples, TrialPlace, Trials, replay};
use serde_json::{Value as Json, json};
use std::ops::ControlFlow;
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
    json: JsonFlag,
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
        let plans = plans.into_iter().map(|plan| self.only_pilot(plan)).collect();
        let engine = Engine::new(None)?;
        let plans = match run_pilots(plans, self.permission.allow_commands, &engine, &interrupt::watch()?)? {
            ControlFlow::Continue(plans) => plans,
            ControlFlow::Break(interrupted) => return Ok(interrupted),
        };
        let Some(plan) = plans.into_iter().next() else {
            return Err(Error::NoSpec);
        };
        let count = plan.conditions.len() as u64;
        let place = usize::try_from(self.condition.wrapping_sub(1)).ok();
        let Some((place, condition)) = place.and_then(|place| Some((place, plan.conditions.get(place)?))) else {
            return Err(Error::NoCondition { found: self.condition, count });
        };
        let (pair, reason) = (condition.sampled_pair(), condition.refused());
        let Some(pair) = pair else {
            let reason = reason.map(ToString::to_string).unwrap_or_default();
            return Err(Error::Refused { condition: self.condition, reason });
        };
        if !(1..=condition.trials).contains(&self.trial) {
            return Err(Error::NoTrial { found: self.trial, count: condition.trials });
        }
        let (source, n, trials) = (Arc::clone(condition.drawn_from()), condition.n, condition.trials);
        let group = Group { source, n, trials, conditions: vec![place] };
        let Trials::Each(blocks) = planned_sampling(&plan, &group) else {
            return Err(Error::Tallied);
        };
        refuse_unless(self.permission.allow_commands, std::slice::from_ref(&plan))?;
        let asked = Asked { plan: &plan, place, condition, pair, blocks: blocks.as_ref(), trial: self.trial - 1 };
        let replayed = Replayed::of(&asked)?;
        let rows: Vec<String> = replayed.rows(&plan, self.condition, self.trial);
        if self.json.json {
            let score = replayed.score.as_ref().map(|score| score_json(None, pair, score));
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
            let document = with_decision(document, &plan, replayed.decision);
            show_json(&format!("{document:#}\n"))?;
        } else {
            show(&replayed.text(&asked, self, &rows))?;
        }
        for (name, failure) in &replayed.failures {
            let (name, failure) = (printable(name), printable(&failure.to_string()));
            say(&format!("error: the estimator `{name}` gave no estimate\n  because: {failure}\n"));
        }
        Ok(if replayed.failures.is_empty() { Outcome::Agreed } else { Outcome::Stopped })
    }
}

/// The document with what the test decides, if there is one.
fn with_decision(mut document: Json, plan: &Plan, ending: Option<Ending>) -> Json {
    if let (Some(end), Json::Object(document)) = (ending, &mut document) {
        let log_ratio = plan.unit.of_nats(end.log_ratio);
        document.insert(
            "decision".to_owned(),
            json!({ "decision": end.decision.name(), "length": end.length, "log_ratio": log_ratio }),
        );
    }
    document
}

impl Arguments {
    /// The plan with a pilot of no other condition: the number of its trials does not depend on them.
    fn only_pilot(&self, mut plan: Plan) -> Plan {
        if let Pilot::Pending { rows, .. } = &mut plan.pilot {
            rows.retain(|&(place, _)| place as u64 + 1 == self.condition);
        }
        plan
    }
}

/// The trial that is asked for.
struct Asked<'a> {
    plan: &'a Plan,
    /// The condition's place in it.
    place: usize,
    condition: &'a Condition,
    pair: &'a Pair,
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
    estimates: Vec<(String, ScoredTrial)>,
    /// The same of built-in estimators that programs are to equal, if they are not in the plan.
    references: Vec<(String, ScoredTrial)>,
    /// Why an estimator of the user's own gave none.
    failures: Vec<(String, Failure)>,
    /// What the test decides.
    decision: Option<Ending>,
}

/// The end of a test.
#[derive(Clone, Copy, Debug)]
struct Ending {
    decision: Decision,
    /// After how many symbols.
    length: u64,
    /// Λ there, nats.
    log_ratio: f64,
}

/// What the test of the condition decides, if it has one.
fn decision(asked: &Asked<'_>, estimates: &[(String, ScoredTrial)]) -> Option<Ending> {
    let test = asked.condition.test.as_deref()?;
    let (_, scored) = estimates.iter().find(|(name, _)| name == DECIDING)?;
    let log_ratio = scored.estimate * scored.length as f64;
    let decision = match test {
        PlannedTest::Fixed(planned) => Some(planned.test.decide(log_ratio)),
        PlannedTest::Sequential(_) => scored.decision,
    };
    Some(Ending { decision: decision?, length: scored.length, log_ratio })
}

impl Replayed {
    fn of(asked: &Asked<'_>) -> Result<Self, Error> {
        let (plan, pair) = (asked.plan, asked.pair);
        let symbols = |batch: &Batch<'_>, push: &mut dyn FnMut(&usize, String), names: &[String]| {
            for &symbol in batch.view.symbols() {
                let symbol = symbol as usize;
                push(&symbol, names.get(symbol).map_or_else(String::new, |name| printable(name)));
            }
        };
        let in_full = Detail::Sequence;
        match pair {
            Pair::Chains(pair) => {
                let (sequences, names) = (ChainSequences::new(pair)?, pair.states());
                return Ok(Self::drawn(asked, in_full, &sequences, |batch, push| symbols(batch, push, names)));
            }
            Pair::Values(pair) if plan.sampler.is_ordered() => {
                let sequences = ValueSequences::new(pair)?;
                return Ok(Self::drawn(asked, in_full, &sequences, |batch, push| each_value(pair, batch, push)));
            }
            Pair::Symbols(pair) if plan.sampler.is_ordered() => {
                let (sequences, names) = (SymbolSequences::new(pair)?, pair.symbols());
                return Ok(Self::drawn(asked, in_full, &sequences, |batch, push| symbols(batch, push, names)));
            }
            Pair::Symbols(_) | Pair::Values(_) => {}
        }
        // Counts, or sums: there is no order.
        let mut counts = vec![0; pair.symbols().map_or(0, |pair| pair.symbols().len())];
        let mut add = |batch: &Batch<'_>| {
            counts.iter_mut().zip(batch.counts().flatten()).for_each(|(count, more)| *count += more)
        };
        let Scored { place, estimates, references, failures } = scored(asked, Detail::Totals, &mut add);
        let score = match pair {
            Pair::Symbols(pair) => SymbolSequences::new(pair)?.score(&counts),
            Pair::Values(_) | Pair::Chains(_) => None,
        };
        // Of sequences from S the pair says nothing of P.
        let score = score.filter(|_| asked.condition.drawn.is_none());
        let decision = decision(asked, &estimates);
        Ok(Self { decision, place, items: Vec::new(), score, estimates, references, failures })
    }

    /// A sequence drawn in full, item by item.
    fn drawn<S: Sequences>(
        asked: &Asked<'_>,
        detail: Detail,
        sequences: &S,
        each: impl Fn(&Batch<'_>, &mut dyn FnMut(&S::Item, String)),
    ) -> Self {
        let (mut tally, mut items) = (sequences.tally(), Vec::new());
        let mut take = |batch: &Batch<'_>| {
            each(batch, &mut |item, text| {
                sequences.push(&mut tally, item);
                if items.len() < SHOWN {
                    items.push(text);
                }
            });
        };
        let Scored { place, estimates, references, failures } = scored(asked, detail, &mut take);
        let decision = decision(asked, &estimates);
        // What comes after the end of a test is drawn, but is no part of it.
        let ended = decision.filter(|_| asked.condition.rule().is_some()).map(|end| end.length);
        items.truncate(ended.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX)));
        let is_whole = asked.condition.drawn.is_none() && ended.is_none_or(|length| length == asked.condition.n);
        let score = sequences.score(&tally).filter(|_| is_whole);
        Self { decision, place, items, score, estimates, references, failures }
    }

    /// The rows of `trials.csv`.
    fn rows(&self, plan: &Plan, condition: u64, trial: u64) -> Vec<String> {
        let row = |(estimator, scored): &(String, ScoredTrial)| {
            let mut text = Vec::new();
            let condition = usize::try_from(condition).unwrap_or(usize::MAX);
            let (estimator, n) = (estimator.as_str().into(), scored.length);
            let estimate = Some(scored.estimate).filter(|value| !value.is_nan());
            TrialRow { condition, trial, n, estimator, estimate }.in_unit(plan.unit).append_to(&mut text);
            String::from_utf8_lossy(&text).trim_end().to_owned()
        };
        self.estimates.iter().map(row).collect()
    }

    /// Says whether the estimate of a program is that of the estimator that it is to equal.
    fn twin(&self, plan: &Plan, program: &Program) -> Option<String> {
        let twin = program.claims.same_as.as_ref()?;
        let of = |name: &str| {
            let mut all = self.references.iter().chain(&self.estimates);
            all.find(|(other, _)| other == name).map(|(_, scored)| plan.unit.of_nats(scored.estimate))
        };
        let (name, reference) = (printable(&program.name), twin.reference.name());
        let expected = of(reference)?;
        let shown = shortest(expected);
        Some(match of(&program.name).filter(|own| !own.is_nan()) {
            None => format!("same_as: {reference} gives {shown}, and {name} no estimate\n"),
            Some(own) if own == expected => format!("same_as: {reference} gives {shown}, and so does {name}\n"),
            Some(own) => format!(
                "same_as: {reference} gives {shown} and {name} {}: they differ by {} (the tolerance is {:e})\n",
                shortest(own),
                significant((own - expected).abs(), 3),
                twin.tolerance
            ),
        })
    }

    fn text(&self, asked: &Asked<'_>, arguments: &Arguments, rows: &[String]) -> String {
        let (plan, condition) = (asked.plan, asked.condition);
        let mut text = format!(
            "{}, condition {}, trial {} of {}: seed {}, sampler {}, trial {} of block {}\nP = {}\nQ = {}\n{}\n",
            printable(&plan.experiment),
            grouped(arguments.condition),
            grouped(arguments.trial),
            grouped(condition.trials),
            plan.seed,
            plan.sampler.name(),
            grouped(self.place.before + 1),
            grouped(self.place.block),
            printable(&condition.source().to_string()),
            printable(&condition.model().to_string()),
            match &condition.drawn {
                Some(_) => format!("S = {}\n", printable(&condition.drawn_from().to_string())),
                None => String::new(),
            },
        );
        let separator = if self.items.iter().all(|item| item.chars().count() == 1) { "" } else { " " };
        let shown = self.items.join(separator);
        if !self.items.is_empty() {
            let length = self.decision.map_or(condition.n, |end| end.length);
            let more = length.saturating_sub(self.items.len() as u64);
            let more = if more > 0 { format!(" … and {} more", grouped(more)) } else { String::new() };
            text.push_str(&format!("{shown}{more}\n\n"));
        }
        if let Some(score) = &self.score {
            let mut start: String = shown.chars().take(STARTING).collect();
            if start.len() < shown.len() {
                start.push('…');
            }
            let start = if self.items.is_empty() { "(counts have no order)" } else { &start };
            text.push_str(&Derivation { start, pair: asked.pair, score }.to_string());
            text.push('\n');
        }
        if let Some(Ending { decision, length, log_ratio }) = self.decision {
            let unit = plan.unit;
            text.push_str(&format!(
                "the test {}: Σ ln(p/q) is {} {} after {} symbols\n",
                match decision {
                    Decision::Undecided => "is undecided".to_owned(),
                    decision => format!("decides {}", decision.name()),
                },
                significant(unit.of_nats(log_ratio), 6),
                unit.name(),
                grouped(length)
            ));
        }
        let columns = with_component(TrialRow::COLUMNS.iter().map(|column| column.name), plan.has_components());
        let columns = columns.collect::<Vec<_>>().join(",");
        text.push_str(&format!("its row in trials.csv, in {}:\n  {columns}\n", plan.unit.name()));
        rows.iter().for_each(|row| text.push_str(&format!("  {}\n", printable(row))));
        for program in plan.programs() {
            text.extend(self.twin(plan, program));
        }
        text
    }
}

/// What the estimators make of a trial.
struct Scored {
    place: TrialPlace,
    estimates: Vec<(String, ScoredTrial)>,
    /// Those of built-in estimators that programs are to equal, if they are not in the plan.
    references: Vec<(String, ScoredTrial)>,
    failures: Vec<(String, Failure)>,
}

/// Draws the trial; `take` sees every segment of it. Its estimates come from the estimators' own scorers, as in a run.
fn scored(asked: &Asked<'_>, detail: Detail, take: &mut dyn FnMut(&Batch<'_>)) -> Scored {
    let Asked { plan, condition, pair, blocks, trial, .. } = *asked;
    let place = TrialPlace::of(blocks, trial);
    let (cancel, seed) = (Cancel::default(), plan.seed.get());
    let context =
        ProgramContext { folder: &plan.folder, unit: plan.unit, seed, trials: condition.trials, cancel: &cancel };
    let n = condition.n;
    let estimators: Vec<&PlannedEstimator> = plan.estimators_of(condition).map(|(_, estimator)| estimator).collect();
    let programs: Vec<Option<Programs<'_>>> = (estimators.iter())
        .map(|estimator| Some(Programs::new(estimator.program()?, asked.place + 1, pair, n, context)))
        .collect();
    let mut by: Vec<EstimatedBy<'_>> = (estimators.iter().zip(&programs))
        .filter_map(|(estimator, programs)| match (estimator, programs) {
            (PlannedEstimator::Estimator(estimator), _) => Some(EstimatedBy::Estimator(estimator.as_ref())),
            (PlannedEstimator::Program(_), programs) => Some(EstimatedBy::External(programs.as_ref()?)),
        })
        .collect();
    // Those that a program is to equal are shown, too.
    let listed = by.len();
    for (key, reference) in
        estimators.iter().filter_map(|found| found.program()).flat_map(|found| found.claims.references())
    {
        let is_new = !by.iter().any(|by| by.name() == reference.name());
        if key == "same_as" && is_new && reference.suits(pair, n).is_ok() {
            by.push(EstimatedBy::Estimator(reference.as_ref()));
        }
    }
    let sample = |by: &EstimatedBy<'_>| by.model_draws(n).map(|m| ModelSamples::new(seed, pair, m));
    let models: Vec<Option<ModelSamples>> = by.iter().map(sample).collect();
    let mut scorers: Vec<_> =
        by.iter().map(|by| (by.name(), by.scorer(pair, n, false), Vec::with_capacity(1))).collect();
    let wanted = scorers.iter().map(|(_, scorer, _)| scorer.detail()).max().unwrap_or_default().max(detail);
    let place = replay(blocks, condition.n, trial, wanted, |batch| {
        for ((_, scorer, ended), model) in scorers.iter_mut().zip(&models) {
            let mut sampler = model.as_ref().filter(|_| batch.end == condition.n).map(|model| model.from(place));
            let model = sampler.as_mut().map(|sampler| sampler.draw(1));
            scorer.score(&Batch { model, ..*batch }, ended);
        }
        take(batch);
    });
    scorers.iter_mut().for_each(|(_, scorer, ended)| scorer.settle(ended));
    let estimates = scorers.iter().filter_map(|(name, _, ended)| Some(((*name).to_owned(), *ended.last()?)));
    let mut estimates: Vec<(String, ScoredTrial)> = estimates.collect();
    let references = estimates.split_off(listed.min(estimates.len()));
    let failed = programs.iter().flatten().filter_map(|programs| {
        let failed = programs.failed();
        let (_, failure) = failed.first()?;
        Some((programs.name().to_owned(), failure.clone()))
    });
    Scored { place, estimates, references, failures: failed.collect() }
}

/// The values of a segment, as their coordinates.
fn each_value(pair: &ValuePair, batch: &Batch<'_>, push: &mut dyn FnMut(&[f64], String)) {
    let Some(values) = pair.source().values() else { return };
    let mut scratch = Vec::new();
    for draw in batch.view.draws().chunks_exact(values.base_variable().width().max(1)) {
        let coordinates = values.coordinates(draw, &mut scratch);
        let text = coordinates.iter().map(|x| shortest(*x)).collect::<Vec<_>>().join(",");
        push(&coordinates, text);
    }
}
