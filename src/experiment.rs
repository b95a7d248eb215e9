//! A plan carried out: theory, simulation and comparison of one group of conditions after another.

mod failures;
mod pilot;

pub use failures::Failures;
pub use pilot::{PilotError, run_pilot};

use crate::plan::{Chance, DETAILED_CONDITIONS, Group, Plan, PlannedEstimator};
use crate::programs::{ProgramContext, Programs};
use kl_math::distribution::Pair;
use kl_math::divergence::reverse_divergence;
use kl_math::numeric::normal_quantile;
use kl_math::statistics::{IntervalTest, RankedInterval, Summary, Unit};
use kl_sim::comparison::{Comparison, PairedComparison, Performance};
use kl_sim::estimator::{EstimatedBy, External, Theory};
use kl_sim::simulation::{
    Cancel, Compared, Engine, Estimation, GroupOutcome, GroupSummary, Job, Meter, ModelSamples, Recording, Trials,
};
use rayon::prelude::*;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Encodes the estimates of the trials from the given one (counted from 0) on, trial by trial, as rows.
pub type Encoding = fn(Unit, &Job<'_>, u64, &[f64], &mut Vec<u8>);

/// Receives the results of a run other than its comparisons, as they come.
pub trait Sink {
    /// Why it cannot receive them.
    type Error: Send;

    /// How the estimates of trials are encoded, if every trial is recorded.
    fn encoding(&self) -> Option<Encoding>;

    /// Receives the next trials, encoded.
    fn trials(&mut self, text: &[u8]) -> Result<(), Self::Error>;

    /// Receives the results of a group, or of the part of it that was done. Theory beside it may take long: it may stop when the
    /// run is cancelled.
    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> Result<(), Self::Error>;
}

/// Keeps nothing.
impl Sink for () {
    type Error = Infallible;

    fn encoding(&self) -> Option<Encoding> {
        None
    }

    fn trials(&mut self, _: &[u8]) -> Result<(), Infallible> {
        Ok(())
    }

    fn group(&mut self, _: &Job<'_>, _: &GroupOutcome, _: &Cancel) -> Result<(), Infallible> {
        Ok(())
    }
}

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
    let RunContext { engine, cancel, .. } = run;
    let measured = Vec::with_capacity(plan.conditions.len() * plan.estimators.len());
    let mut findings = ExperimentResults { measured, complete: true, failures: Vec::new() };
    for group in plan.groups() {
        let programs = programs(plan, &group, cancel);
        let Some(job) = engine.install(|| prepare(plan, &group, &programs, cancel)) else {
            findings.complete = false;
            break;
        };
        let trials = sampling(plan, &group);
        let mut outcome = simulate(plan, &job, &trials, run, sink)?;
        outcome.complete &= close_all(&programs);
        if outcome.summary.sums.trials() > 0 {
            sink.group(&job, &outcome, cancel)?;
            engine.install(|| compare(&job, &outcome.summary, (plan.unit, cancel), &mut findings.measured));
        }
        findings.failures.extend(Failures::of(&job, &outcome.summary, &programs));
        findings.complete &= outcome.complete && cancel.reason().is_none();
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
    Ok(findings)
}

/// The rows that cannot be had, each with its reason.
fn refused(plan: &Plan) -> impl Iterator<Item = ResultRow> {
    plan.refused().map(|(index, condition, estimator, reason)| {
        let known = condition.pair().map(|pair| Theory::of_estimand(pair, condition.n));
        ResultRow {
            condition: index,
            estimator: estimator.name().into(),
            comparison: Comparison::unavailable(Arc::clone(reason), known.as_ref()),
            reverse: None,
            measures: Vec::new(),
            ranked: Vec::new(),
        }
    })
}

/// Analyses the trials of a group while they are drawn.
pub trait InterimAnalysis {
    /// The numbers of trials at which to analyse, ascending; the last one is the number of all trials of the job.
    ///
    /// `block` is the number of trials of a block: each analysis but the last must be at the end of a block. Without blocks,
    /// there can be only the last one.
    fn times(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64>;

    /// Analyses all trials so far, compared with theory; may stop the sampling.
    fn analyse(&mut self, job: &Job<'_>, summary: &GroupSummary, measured: &[ResultRow]) -> ControlFlow<()>;
}

/// Runs one group of `plan` with interim analyses; no trial is drawn twice. Returns whether the run was completed: a cancelled
/// run is not analysed.
pub fn run_with_interim_analyses(
    plan: &Plan,
    group: &Group,
    sampling: &Sampling<'_>,
    run: RunContext<'_>,
    analysis: &mut dyn InterimAnalysis,
) -> bool {
    let RunContext { engine, cancel, meter } = run;
    let programs = programs(plan, group, cancel);
    let Some(mut job) = engine.install(|| prepare(plan, group, &programs, cancel)) else { return false };
    let trials = sampling(plan, group);
    let block = match &trials {
        Trials::Each(blocks) => Some(blocks.sizes().block),
        Trials::Tallied(_) => None,
    };
    let mut so_far: Option<GroupSummary> = None;
    for end in analysis.times(&job, block) {
        job.trials.end = end;
        let Ok(outcome) = engine.run::<Infallible>(&job, &trials, None, cancel, meter);
        match &mut so_far {
            Some(so_far) => so_far.merge(outcome.summary),
            none => *none = Some(outcome.summary),
        }
        let Some(summary) = so_far.as_ref().filter(|_| outcome.complete) else { return false };
        let mut measured = Vec::with_capacity(job.estimations.len());
        engine.install(|| compare(&job, summary, (plan.unit, cancel), &mut measured));
        if cancel.reason().is_some() {
            return false;
        }
        if analysis.analyse(&job, summary, &measured).is_break() {
            break;
        }
        job.trials.start = end;
    }
    close_all(&programs)
}

/// The programs of a group: the place of the condition, that of the estimator, and the copies.
type ProgramsOfGroup<'a> = [(usize, usize, Programs<'a>)];

/// The programs that make estimates of a group. None is started yet.
fn programs<'a>(plan: &'a Plan, group: &Group, cancel: &Cancel) -> Vec<(usize, usize, Programs<'a>)> {
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

/// Ends the programs of a group; whether all of them did as they should.
fn close_all(programs: &ProgramsOfGroup<'_>) -> bool {
    programs.iter().for_each(|(_, _, programs)| programs.close());
    !programs.iter().any(|(_, _, programs)| programs.is_stopped())
}

/// At most this many estimations are prepared or compared together: what is under way takes memory twice.
const CHUNK: usize = 4096;

/// The estimations of a group; none if the run is cancelled meanwhile.
fn prepare<'a>(
    plan: &'a Plan,
    group: &'a Group,
    programs: &'a ProgramsOfGroup<'a>,
    cancel: &Cancel,
) -> Option<Job<'a>> {
    let mut estimations = Vec::with_capacity(group.conditions.len() * plan.estimators.len());
    for conditions in group.conditions.chunks(CHUNK) {
        let wanted = |&index: &usize| {
            let estimators = plan.estimators.par_iter().enumerate();
            estimators.map(move |(place, estimator)| (index, place, estimator))
        };
        let uncancelled = conditions.par_iter().flat_map(wanted).filter(|_| cancel.reason().is_none());
        estimations.par_extend(uncancelled.filter_map(|(index, place, estimator)| {
            let condition = plan.conditions.get(index).filter(|found| found.refusal_of(place).is_none())?;
            let pair = condition.sampled_pair()?;
            let by = match estimator {
                PlannedEstimator::Estimator(estimator) => EstimatedBy::Estimator(estimator.as_ref()),
                PlannedEstimator::Program(_) => {
                    let found = programs.binary_search_by_key(&(index, place), |&(index, place, _)| (index, place));
                    EstimatedBy::External(programs.get(found.ok()?).map(|(_, _, programs)| programs)?)
                }
            };
            Some(estimation(plan, index, (pair, condition.n), by))
        }));
    }
    if plan.has_measures() && cancel.reason().is_none() {
        compare_estimators(&mut estimations, group.n, plan);
    }
    let probabilities = group.source.mass_function().probabilities();
    let models = models(plan.seed.get(), group.n, &mut estimations);
    cancel.reason().is_none().then_some(Job { probabilities, n: group.n, trials: 0..group.trials, estimations, models })
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
const MOST_KEPT: usize = 1 << 24;

/// At most this many intervals of an estimator in a condition are kept to be shown.
const RANKED: u64 = 100;

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

fn estimation<'a>(plan: &Plan, index: usize, (pair, n): (&'a Pair, u64), by: EstimatedBy<'a>) -> Estimation<'a> {
    let detailed = index < DETAILED_CONDITIONS;
    Estimation {
        bins: detailed.then(|| Box::new(by.bins(pair, n))),
        wants_path: detailed && plan.sampler.is_ordered() && by.model_draws(n).is_none() && by.external().is_none(),
        ..Estimation::new(index, pair, by, n)
    }
}

fn simulate<S: Sink + Send>(
    plan: &Plan,
    job: &Job<'_>,
    trials: &Trials,
    run: RunContext<'_>,
    sink: &mut S,
) -> Result<GroupOutcome, S::Error> {
    let RunContext { engine, cancel, meter } = run;
    let Some(encoding) = sink.encoding() else {
        return engine.run(job, trials, None, cancel, meter);
    };
    let encode = |first: u64, estimates: &[f64], text: &mut Vec<u8>| encoding(plan.unit, job, first, estimates, text);
    let mut write = |text: &[u8]| sink.trials(text);
    engine.run(job, trials, Some(Recording { encode: &encode, write: &mut write }), cancel, meter)
}

/// Adds the comparisons of a group, as many as there is time for. Theory is made here, one condition at a time, and
/// not kept: a law may be large.
fn compare(job: &Job<'_>, summary: &GroupSummary, (unit, cancel): (Unit, &Cancel), measured: &mut Vec<ResultRow>) {
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
            comparison.state_differences(unit);
            let reverse = reverse_divergence(estimation.pair, job.n);
            let measures = assessed(job, summary, place, &theory, &comparison);
            let estimator = Arc::clone(names.get(estimation.by.name())?);
            let kept = summary.estimation(place).estimates.as_ref().zip(estimation.intervals.as_deref());
            let ranked = kept.map(|(kept, test)| kept.ranked(test.truth, RANKED)).unwrap_or_default();
            Some(ResultRow { condition: estimation.condition, estimator, comparison, reverse, measures, ranked })
        }));
    }
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
