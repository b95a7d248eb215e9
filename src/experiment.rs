//! A plan carried out: theory, simulation and comparison of one group of conditions after another.

mod decisions;
mod failures;
mod group;
mod interim;
mod part;
mod pilot;
mod preparation;
mod sink;
mod supply;

pub use decisions::{Approximated, Beyond, DecidedCondition, TruthName, decision_theory};
pub use failures::Failures;
pub use group::{AtWork, SavedGroup};
pub use interim::{InterimAnalysis, run_with_interim_analyses};
pub use part::{PartOutcome, carry_out_part};
pub use pilot::{PilotError, run_pilot};
pub use preparation::MOST_KEPT;
pub use sink::{Encoding, KeptRows, Segment, Sink};
pub use supply::{Simulated, Supply};

use crate::plan::{Group, Plan};
use kl_math::statistics::RankedInterval;
use kl_sim::comparison::{
    Comparison, DecisionComparison, PairedComparison, Performance, Verdict, assess_gradient, effective_sample_size,
    judge,
};
use kl_sim::estimator::{Theory, split_component};
use kl_sim::simulation::{Cancel, Engine, Estimation, EstimationSummary, GroupSummary, Job, Meter, Trials};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// One estimator in one condition, compared.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// The condition's place in the plan, counted from 0.
    pub condition: usize,
    /// The estimator's name: one text for all of its conditions.
    pub estimator: Arc<str>,
    /// What was found beside what theory says.
    pub comparison: Comparison,
    /// KL(Q‖P), nats, if it can be had; of sequences with memory over N.
    pub reverse: Option<f64>,
    /// How it does beside another estimator, if there are several.
    pub measures: Vec<Performance>,
    /// Some of its intervals, if any are wanted and its estimates have standard errors.
    pub ranked: Vec<RankedInterval>,
    /// What is known of the test that decides by its estimates, if one does.
    pub decided: Option<Box<DecidedCondition>>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct ExperimentResults {
    /// By condition and estimator; without those that have no trial.
    pub measured: Vec<ResultRow>,
    /// Whether every trial of every condition was done.
    pub complete: bool,
    /// Which estimators gave no estimate in some trials.
    pub failures: Vec<Failures>,
}

impl ExperimentResults {
    /// The verdict of each row. The chance that any right row is said to disagree is at most `false_alarm`, normally
    /// [`FALSE_ALARM`](kl_sim::comparison::FALSE_ALARM).
    pub fn verdicts(&self, false_alarm: f64) -> Vec<Verdict> {
        let comparisons: Vec<_> = self.measured.iter().map(|measured| &measured.comparison).collect();
        judge(&comparisons, false_alarm)
    }
}

/// Where the trials of a group come from.
pub type Sampling<'a> = dyn Fn(&Plan, &Group) -> Trials + 'a;

/// The samplers that the plan names.
pub fn planned_sampling(plan: &Plan, group: &Group) -> Trials {
    Trials::new(plan.seed.get(), &group.source, group.n, plan.sampler)
}

/// The engine that runs an experiment, what may stop it, and who receives its progress.
#[derive(Clone, Copy)]
pub struct RunContext<'a> {
    /// The threads.
    pub engine: &'a Engine,
    /// Stops the run.
    pub cancel: &'a Cancel,
    /// Receives the number of symbols drawn so far.
    pub meter: &'a dyn Meter,
}

/// Carries out `plan`. Sequences come from `sampling`, normally [`planned_sampling`]; a test can plant
/// another there.
pub fn carry_out<S: Sink + Send>(
    plan: &Plan,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
    sink: &mut S,
) -> Result<ExperimentResults, S::Error> {
    carry_out_with(&mut Simulated, plan, sampling, run, sink)
}

/// Carries out `plan` with blocks that come from `supply`: they may be simulated now, or have been elsewhere.
pub fn carry_out_with<S: Sink, Y: Supply<S>>(
    supply: &mut Y,
    plan: &Plan,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
    sink: &mut S,
) -> Result<ExperimentResults, Y::Error> {
    let RunContext { engine, cancel, .. } = run;
    let measured = Vec::with_capacity(plan.conditions.len() * plan.estimators.len());
    let mut findings = ExperimentResults { measured, complete: true, failures: Vec::new() };
    for (index, group) in plan.groups().iter().enumerate() {
        let worked: Option<Result<_, Y::Error>> =
            AtWork::with(plan, (index, group), sampling, run, sink.encoding(), |at_work| {
                let (part, complete) = supply.blocks(at_work, 0..at_work.blocks(), sink)?;
                at_work.close();
                let simulation = at_work.simulation();
                let outcome = engine.outcome(&simulation, part, complete && !at_work.is_stopped());
                if outcome.summary.sums.trials() > 0 {
                    sink.group(simulation.job, &outcome, cancel)?;
                    let measured = &mut findings.measured;
                    engine.install(|| compare(simulation.job, &outcome.summary, (plan, cancel), measured));
                }
                findings.failures.extend(at_work.failures(&outcome.summary));
                Ok(outcome.complete)
            });
        let complete = worked.unwrap_or(Ok(false))?;
        findings.complete &= complete && cancel.reason().is_none();
        // A program that fails in one condition may do well in others.
        if cancel.reason().is_some() {
            break;
        }
    }
    findings.failures.sort_by_key(|failures| failures.condition);
    if findings.complete {
        findings.measured.extend(refused(plan));
    }
    let place = |name: &str| plan.estimators.iter().position(|estimator| estimator.name() == name);
    findings.measured.sort_by_cached_key(|measured| (measured.condition, place(&measured.estimator)));
    if plan.has_decisions() && cancel.reason().is_none() {
        engine.install(|| look_beyond(plan, &mut findings.measured));
    }
    if plan.has_components() && plan.has_measures() {
        assess_gradients(&mut findings.measured);
    }
    Ok(findings)
}

/// Adds what is known of tests beside their trials.
fn look_beyond(plan: &Plan, measured: &mut [ResultRow]) {
    let alone = plan.conditions.iter().all(|condition| condition.drawn.is_none());
    measured.par_iter_mut().for_each(|row| {
        if let (Some(decided), Some(condition)) = (row.decided.as_deref_mut(), plan.conditions.get(row.condition)) {
            decided.look_beyond(condition, alone);
        }
    });
}

/// Adds the measures of all components of a gradient to the last of them.
fn assess_gradients(measured: &mut [ResultRow]) {
    let of = |row: &ResultRow| split_component(&row.estimator).0.to_owned();
    for rows in measured.chunk_by_mut(|one, next| one.condition == next.condition && of(one) == of(next)) {
        let all: Vec<&Comparison> = rows.iter().map(|row| &row.comparison).collect();
        let found = assess_gradient(&all);
        if let Some(last) = rows.last_mut() {
            last.measures.extend(found);
        }
    }
}

/// The rows that cannot be had, each with its reason.
fn refused(plan: &Plan) -> impl Iterator<Item = ResultRow> {
    plan.refused().map(|(index, condition, estimator, reason)| {
        let is_of_divergence = split_component(estimator.name()).1.is_none();
        let pair = condition.pair().filter(|_| is_of_divergence);
        let known = pair.map(|pair| Theory::of_estimand(pair, condition.n));
        ResultRow {
            condition: index,
            estimator: estimator.name().into(),
            comparison: Comparison::unavailable(Arc::clone(reason), known.as_ref()),
            reverse: None,
            measures: Vec::new(),
            ranked: Vec::new(),
            decided: None,
        }
    })
}

/// At most this many estimations are prepared or compared together: what is under way takes memory twice.
const CHUNK: usize = 4096;

/// At most this many intervals of an estimator in a condition are kept to be shown.
const RANKED: u64 = 100;

/// Adds the comparisons of a group, as many as there is time for. Theory is made here, one condition at a time, and
/// not kept: a law may be large.
fn compare(job: &Job<'_>, summary: &GroupSummary, (plan, cancel): (&Plan, &Cancel), measured: &mut Vec<ResultRow>) {
    let mut names: HashMap<&str, Arc<str>> = HashMap::new();
    for estimation in &job.estimations {
        names.entry(estimation.by.name()).or_insert_with_key(|&name| name.into());
    }
    for first in (0..job.estimations.len()).step_by(CHUNK) {
        let places = first..job.estimations.len().min(first + CHUNK);
        measured.par_extend(places.into_par_iter().filter(|_| cancel.reason().is_none()).filter_map(|place| {
            let estimation = job.estimations.get(place)?;
            let theory = estimation.by.theory(estimation.pair, job.n);
            let mut comparison =
                Comparison::new(estimation.pair, estimation.by, &theory, summary, summary.estimation(place))?;
            comparison.state_differences(plan.unit);
            let kept = summary.estimation(place);
            let decided = decided(plan, estimation, kept, &mut comparison);
            let reverse = estimation.by.reverse(estimation.pair, job.n);
            let mut measures = assessed(job, summary, place, &theory, &comparison);
            let weights = estimation.by.estimator().and_then(|estimator| estimator.weights(estimation.pair));
            if let Some(weights) = weights.filter(|_| estimation.compared.is_some()) {
                measures.extend(effective_sample_size(&summary.sums, job.probabilities, &weights));
            }
            let estimator = Arc::clone(names.get(estimation.by.name())?);
            let kept = kept.estimates.as_ref().zip(estimation.intervals.as_deref());
            let ranked = kept.map(|(kept, test)| kept.ranked(test.truth, RANKED)).unwrap_or_default();
            Some(ResultRow {
                condition: estimation.condition,
                estimator,
                comparison,
                reverse,
                measures,
                ranked,
                decided,
            })
        }));
    }
}

/// What is known of the test that decides by the estimates of this estimation, if one does; adds what was decided to the comparison.
fn decided(
    plan: &Plan,
    estimation: &Estimation<'_>,
    kept: &EstimationSummary,
    comparison: &mut Comparison,
) -> Option<Box<DecidedCondition>> {
    let (decisions, condition) = (kept.decisions.as_ref()?, plan.conditions.get(estimation.condition)?);
    let decided = DecidedCondition::of(condition, estimation.by.estimator()?, decisions)?;
    comparison.decision_p_values = decided.found.iter().flat_map(DecisionComparison::tests).collect();
    Some(Box::new(decided))
}

/// The measures of the estimation at `place`, if it is compared with another.
fn assessed(
    job: &Job<'_>,
    summary: &GroupSummary,
    place: usize,
    theory: &Theory,
    found: &Comparison,
) -> Vec<Performance> {
    let estimation = job.estimations.get(place);
    let Some(compared) = estimation.and_then(|estimation| estimation.compared.as_deref()) else { return Vec::new() };
    let Some(reference) = job.estimations.get(compared.reference) else { return Vec::new() };
    let is_reference = compared.reference == place;
    let other = (!is_reference).then(|| reference.by.theory(reference.pair, job.n));
    PairedComparison {
        theories: [other.as_ref().unwrap_or(theory), theory],
        kept: summary.estimation(place),
        is_reference,
    }
    .assess(found)
}
