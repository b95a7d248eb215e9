//! Floor 3: a plan carried out: theory, simulation and comparison of one group of conditions after another.

use crate::plan::{Chance, Group, Plan, SamplerKind};
use kl_math::distribution::Pair;
use kl_math::divergence::reverse_divergence;
use kl_math::numeric::normal_quantile;
use kl_math::statistics::{IntervalTest, MAX_PAIRED_SYMBOLS, RankedInterval, Summary, Unit};
use kl_sim::comparison::{Assessed, Comparison, Rivals};
use kl_sim::estimator::{Estimator, Theory};
use kl_sim::simulation::{
    Cancel, Cell, ChainBlocks, Compared, CountsBlocks, CountsTally, Engine, FailedTrial, GroupOutcome, GroupSummary,
    Job, Meter, ModelSamples, Programs, Recording, SequenceBlocks, SumBlocks, Trials, ValueBlocks, Workshop,
};
use rayon::prelude::*;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;

/// So many conditions, the first ones, leave their law and their paths: those are for looking at.
pub const DETAILED_CONDITIONS: usize = 1000;

/// Spells the estimates of the trials from the given one (counted from 0) on, trial by trial, cell by cell.
pub type Spelling = fn(Unit, &Job<'_>, u64, &[f64], &mut Vec<u8>);

/// Takes what a run leaves besides its comparisons, as it comes.
pub trait Sink {
    /// Why it cannot.
    type Error: Send;

    /// How the estimates of trials are spelt, if every one is wanted.
    fn spelling(&self) -> Option<Spelling>;

    /// The next trials as they were spelt.
    fn trials(&mut self, text: &[u8]) -> Result<(), Self::Error>;

    /// A group is done, or as much of it as will be. What theory has to say beside it may take long: a run that is cancelled
    /// meanwhile needs no more of it.
    fn group(&mut self, job: &Job<'_>, outcome: &GroupOutcome, cancel: &Cancel) -> Result<(), Self::Error>;
}

/// One estimator in one condition, compared.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The condition's place in the plan, counted from 0.
    pub condition: usize,
    /// The estimator's name: one text for all of its conditions.
    pub estimator: Arc<str>,
    /// What was found beside what theory says.
    pub comparison: Comparison,
    /// KL(Q‖P), nats, if it can be had; of sequences with memory over N.
    pub reverse: Option<f64>,
    /// How it does beside another estimator, if there are several.
    pub measures: Vec<Assessed>,
    /// Some of its intervals, if any are wanted and its estimates have standard errors.
    pub ranked: Vec<RankedInterval>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// By condition and estimator; without those that have no trial.
    pub measured: Vec<Measured>,
    /// Whether every trial of every condition was done.
    pub complete: bool,
    /// Which estimators gave no estimate in some trials.
    pub failures: Vec<Failures>,
}

/// Where an estimator gave no estimate, in one condition.
#[derive(Clone, Debug)]
pub struct Failures {
    /// The condition's place in the plan, counted from 0.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: String,
    /// In how many trials.
    pub count: u64,
    /// Of a program of the user's own, which trials, by number, and why; of very many only some.
    pub failed: Vec<FailedTrial>,
    /// Whether they were so many that no more trials were made.
    pub is_stopped: bool,
    /// Whether there are estimates at all.
    pub has_row: bool,
}

impl Failures {
    /// Those of a group's cells.
    fn of<'a>(job: &'a Job<'_>, summary: &'a GroupSummary) -> impl Iterator<Item = Self> + 'a {
        summary.cells.iter().filter_map(|(place, kept)| {
            let cell = job.cells.get(*place)?;
            let programs = cell.programs.as_deref();
            if kept.failed == 0 && programs.is_none_or(|programs| programs.failed() == 0) {
                return None;
            }
            Some(Self {
                condition: cell.condition,
                estimator: cell.estimator.name().to_owned(),
                count: programs.map_or(kept.failed, Programs::failed),
                failed: programs.map(Programs::failures).unwrap_or_default(),
                is_stopped: programs.is_some_and(Programs::is_stopped),
                has_row: kept.failed < summary.sums.trials(),
            })
        })
    }
}

/// Where the trials of a group come from.
pub type Sampling<'a> = dyn Fn(&Plan, &Group) -> Trials + 'a;

/// The samplers that the plan names.
pub fn planned_sampling(plan: &Plan, group: &Group) -> Trials {
    let (seed, source, n) = (plan.seed.get(), group.source.as_ref(), group.n);
    if let Some(chain) = source.chain() {
        return Trials::Each(Box::new(ChainBlocks::of(seed, source, chain.law(), n)));
    }
    let sums = if plan.sampler.is_ordered() { None } else { SumBlocks::new(seed, source, n) };
    if let Some(sums) = sums {
        return Trials::Each(Box::new(sums));
    }
    if let Some(values) = ValueBlocks::new(seed, source, n) {
        return Trials::Each(Box::new(values));
    }
    match plan.sampler {
        SamplerKind::Sequence => Trials::Each(Box::new(SequenceBlocks::new(seed, source, n))),
        SamplerKind::Counts => Trials::Each(Box::new(CountsBlocks::new(seed, source, n))),
        SamplerKind::Tally => Trials::Tallied(Box::new(CountsTally::new(seed, source, n))),
    }
}

/// Carries out `plan`. Sequences come from `sampling`, normally [`planned_sampling`]; a test can plant
/// another there.
pub fn carry_out<S: Sink + Send>(
    plan: &Plan,
    sampling: &Sampling<'_>,
    engine: &Engine,
    sink: &mut S,
    cancel: &Cancel,
    meter: &dyn Meter,
) -> Result<Findings, S::Error> {
    let measured = Vec::with_capacity(plan.conditions.len() * plan.estimators.len());
    let mut findings = Findings { measured, complete: true, failures: Vec::new() };
    for group in plan.groups() {
        let Some(job) = engine.install(|| prepare(plan, &group, cancel)) else {
            findings.complete = false;
            break;
        };
        let trials = sampling(plan, &group);
        let mut outcome = simulate(plan, &job, &trials, engine, sink, cancel, meter)?;
        outcome.complete &= close_programs(&job);
        if outcome.summary.sums.trials() > 0 {
            sink.group(&job, &outcome, cancel)?;
            engine.install(|| compare(&job, &outcome.summary, cancel, &mut findings.measured));
        }
        findings.failures.extend(Failures::of(&job, &outcome.summary));
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
fn refused(plan: &Plan) -> impl Iterator<Item = Measured> {
    plan.refused().map(|(index, condition, estimator, reason)| {
        let known = condition.pair().map(|pair| Theory::of_estimand(pair, condition.n));
        Measured {
            condition: index,
            estimator: estimator.name().into(),
            comparison: Comparison::unavailable(Arc::clone(reason), known.as_ref()),
            reverse: None,
            measures: Vec::new(),
            ranked: Vec::new(),
        }
    })
}

/// Looks at the trials of a group while they come.
pub trait Observer {
    /// After how many trials to look: ascending, the last one all of the job's. `block` says how many trials a block has, where
    /// trials come in blocks: each look but the last must be at the end of one. Where they do not, only the last can be.
    fn looks(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64>;

    /// All trials so far, and what comes of them beside theory; may say that they are enough.
    fn look(&mut self, job: &Job<'_>, summary: &GroupSummary, measured: &[Measured]) -> ControlFlow<()>;
}

/// Carries out one group of `plan` look by look, without drawing a trial twice. Whether it came to its end: a cancelled run
/// is not looked at.
pub fn look_by_look(
    plan: &Plan,
    group: &Group,
    sampling: &Sampling<'_>,
    run: (&Engine, &Cancel, &dyn Meter),
    observer: &mut dyn Observer,
) -> bool {
    let (engine, cancel, meter) = run;
    let Some(mut job) = engine.install(|| prepare(plan, group, cancel)) else { return false };
    let trials = sampling(plan, group);
    let block = match &trials {
        Trials::Each(blocks) => Some(blocks.portions().block),
        Trials::Tallied(_) => None,
    };
    let mut so_far: Option<GroupSummary> = None;
    for end in observer.looks(&job, block) {
        job.trials.end = end;
        let Ok(outcome) = engine.run::<Infallible>(&job, &trials, None, cancel, meter);
        match &mut so_far {
            Some(so_far) => so_far.merge(outcome.summary),
            none => *none = Some(outcome.summary),
        }
        let Some(summary) = so_far.as_ref().filter(|_| outcome.complete) else { return false };
        let mut measured = Vec::with_capacity(job.cells.len());
        engine.install(|| compare(&job, summary, cancel, &mut measured));
        if cancel.reason().is_some() {
            return false;
        }
        if observer.look(&job, summary, &measured).is_break() {
            break;
        }
        job.trials.start = end;
    }
    close_programs(&job)
}

/// Ends the programs of a group; whether all of them did as they should.
fn close_programs(job: &Job<'_>) -> bool {
    let programs = || job.cells.iter().filter_map(|cell| cell.programs.as_deref());
    programs().for_each(Programs::close);
    !programs().any(Programs::is_stopped)
}

/// So many cells are worked on together: what is under way takes memory twice.
const PIECE: usize = 4096;

/// The cells of a group; none if the run is cancelled meanwhile.
fn prepare<'a>(plan: &'a Plan, group: &'a Group, cancel: &Cancel) -> Option<Job<'a>> {
    let mut cells = Vec::with_capacity(group.conditions.len() * plan.estimators.len());
    for conditions in group.conditions.chunks(PIECE) {
        let wanted = |&index: &usize| {
            let estimators = plan.estimators.par_iter().enumerate();
            estimators.map(move |(place, estimator)| (index, place, estimator.as_ref()))
        };
        let uncancelled = conditions.par_iter().flat_map(wanted).filter(|_| cancel.reason().is_none());
        cells.par_extend(uncancelled.filter_map(|(index, place, estimator)| {
            let condition = plan.conditions.get(index).filter(|found| found.refusal_of(place).is_none())?;
            let pair = condition.sampled_pair()?;
            let programs = estimator.program().map(|program| {
                let seed = plan.seed.get();
                let workshop = Workshop { folder: &plan.folder, seed, trials: group.trials, cancel };
                let name = estimator.name();
                Box::new(Programs::new(name, program, index + 1, (pair, condition.n), &workshop))
            });
            Some(Cell { programs, ..cell(plan, index, (pair, condition.n), estimator) })
        }));
    }
    if plan.has_measures() && cancel.reason().is_none() {
        compare_estimators(&mut cells, group.n, plan);
    }
    let masses = group.source.masses().probabilities();
    let models = models(plan.seed.get(), group.n, &mut cells);
    cancel.reason().is_none().then_some(Job { masses, n: group.n, trials: 0..group.trials, cells, models })
}

/// The samples from Q that cells ask for, those of one Q and one length once; each cell learns which are its own.
fn models(seed: u64, n: u64, cells: &mut [Cell<'_>]) -> Vec<ModelSamples> {
    let mut models = Vec::new();
    let mut places = HashMap::new();
    for cell in cells {
        let Some(m) = cell.estimator.model_draws(n) else { continue };
        let place = *places.entry(ModelSamples::key(seed, cell.pair, m)).or_insert_with(|| {
            models.push(ModelSamples::new(seed, cell.pair, m));
            models.len() - 1
        });
        cell.model = Some(place);
    }
    models
}

/// So many estimates of a group are kept at most, 24 bytes each, to have their quantiles and to rank their intervals.
const MOST_KEPT: usize = 1 << 24;

/// So many intervals of an estimator in a condition are left to be looked at.
const RANKED: u64 = 100;

/// What an estimate differs from 0 by, as a part of its size, may be rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// Puts each estimator of a condition beside the one that precision is held against.
fn compare_estimators(cells: &mut [Cell<'_>], n: u64, plan: &Plan) {
    let room = MOST_KEPT / cells.len().max(1);
    let reference_name = plan.estimators.get(plan.reference).map(|estimator| estimator.name());
    let mut first = 0;
    for cells in cells.chunk_by_mut(|one, next| one.condition == next.condition) {
        let named = cells.iter().position(|cell| Some(cell.estimator.name()) == reference_name);
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let known: Vec<_> = cells
            .iter()
            .map(|cell| {
                let (mean, std_dev) = cell.estimator.moments(cell.pair, n);
                (finite(mean), finite(std_dev), finite(Some(cell.estimator.theory(cell.pair, n).closed_form)))
            })
            .collect();
        let centre = |place: usize| known.get(place).and_then(|&(mean, _, truth)| mean.or(truth)).unwrap_or(0.0);
        for (place, (cell, &(mean, std_dev, truth))) in cells.iter_mut().zip(&known).enumerate() {
            let zero = NEGLIGIBLE * (centre(place).abs() + std_dev.unwrap_or(0.0));
            // Where the reference cannot be had, each is its own.
            let reference = named.unwrap_or(place);
            let centres = [centre(reference), centre(place)];
            cell.room = room;
            cell.compared = Some(Box::new(Compared { reference: first + reference, centres, zero }));
            let test = |(level, truth): (Chance, f64)| IntervalTest {
                z: normal_quantile(0.5 * (1.0 - level.get())),
                truth,
                mean,
                exact_error: std_dev,
            };
            cell.intervals = plan.level.zip(truth).map(test).map(Box::new);
        }
        first += cells.len();
    }
}

fn cell<'a>(plan: &Plan, index: usize, (pair, n): (&'a Pair, u64), estimator: &'a dyn Estimator) -> Cell<'a> {
    let symbols = pair.symbols().map_or(0, |pair| pair.symbols().len());
    let counts_suffice = estimator.is_symbol_mean(pair) && symbols <= MAX_PAIRED_SYMBOLS;
    let has_symbols = estimator.is_symbol_mean(pair);
    let centre = || estimator.theory(pair, n).centre().or((!has_symbols).then_some(0.0));
    let detailed = index < DETAILED_CONDITIONS;
    Cell {
        condition: index,
        pair,
        estimator,
        bins: detailed.then(|| Box::new(estimator.bins(pair, n))),
        centre: if counts_suffice { None } else { centre() },
        counts_infinite: match pair {
            Pair::Symbols(pair) => pair.uncovered().next().is_some(),
            Pair::Values(pair) => pair.uncovered().is_some(),
            Pair::Chains(_) => true,
        },
        wants_path: detailed
            && plan.sampler.is_ordered()
            && estimator.model_draws(n).is_none()
            && estimator.program().is_none(),
        model: None,
        programs: None,
        compared: None,
        intervals: None,
        room: 0,
    }
}

fn simulate<S: Sink + Send>(
    plan: &Plan,
    job: &Job<'_>,
    trials: &Trials,
    engine: &Engine,
    sink: &mut S,
    cancel: &Cancel,
    meter: &dyn Meter,
) -> Result<GroupOutcome, S::Error> {
    let Some(spelling) = sink.spelling() else {
        return engine.run(job, trials, None, cancel, meter);
    };
    let spell = |first: u64, estimates: &[f64], text: &mut Vec<u8>| spelling(plan.unit, job, first, estimates, text);
    let mut write = |text: &[u8]| sink.trials(text);
    engine.run(job, trials, Some(Recording { spell: &spell, write: &mut write }), cancel, meter)
}

/// Adds the comparisons of a group, as many as there is time for. Theory is made here, one condition at a time, and
/// not kept: a law may be large.
fn compare(job: &Job<'_>, summary: &GroupSummary, cancel: &Cancel, measured: &mut Vec<Measured>) {
    let mut names: HashMap<&str, Arc<str>> = HashMap::new();
    for cell in &job.cells {
        names.entry(cell.estimator.name()).or_insert_with_key(|&name| name.into());
    }
    for first in (0..job.cells.len()).step_by(PIECE) {
        let places = first..job.cells.len().min(first + PIECE);
        measured.par_extend(places.into_par_iter().filter(|_| cancel.reason().is_none()).filter_map(|place| {
            let cell = job.cells.get(place)?;
            let theory = cell.estimator.theory(cell.pair, job.n);
            let comparison = Comparison::new(cell.pair, cell.estimator, &theory, summary, summary.cell(place))?;
            let reverse = reverse_divergence(cell.pair, job.n);
            let measures = assessed(job, summary, place, &theory, &comparison);
            let estimator = Arc::clone(names.get(cell.estimator.name())?);
            let kept = summary.cell(place).estimates.as_ref().zip(cell.intervals.as_deref());
            let ranked = kept.map(|(kept, test)| kept.ranked(test.truth, RANKED)).unwrap_or_default();
            Some(Measured { condition: cell.condition, estimator, comparison, reverse, measures, ranked })
        }));
    }
}

/// The measures of the cell at `place`, if it is compared with another.
fn assessed(job: &Job<'_>, summary: &GroupSummary, place: usize, theory: &Theory, found: &Comparison) -> Vec<Assessed> {
    let cell = job.cells.get(place);
    let Some(compared) = cell.and_then(|cell| cell.compared.as_deref()) else { return Vec::new() };
    let Some(reference) = job.cells.get(compared.reference) else { return Vec::new() };
    let is_reference = compared.reference == place;
    let other = (!is_reference).then(|| reference.estimator.theory(reference.pair, job.n));
    Rivals { theories: [other.as_ref().unwrap_or(theory), theory], kept: summary.cell(place), is_reference }
        .assess(found)
}
