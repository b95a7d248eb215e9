//! Checks of right programs, and of wrong ones: how often they fail, and what was promised.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use kl_math::distribution::Distribution;
use kl_runner::check::{
    Check, CheckVerdict, FreshTrials, MISS, PowerAnalysis, Protocol, Schedule, TheoryTest, fresh_trials, tests_of,
};
use kl_runner::experiment::{
    InterimAnalysis, ResultRow, RunContext, Sampling, planned_sampling, run_with_interim_analyses,
};
use kl_runner::experiment_file::{self, Source};
use kl_runner::plan::{Group, Plan, Seed};
use kl_sim::comparison::Comparison;
use kl_sim::estimator::{Detail, Theory, View};
use kl_sim::simulation::{
    BlockSizes, Blocks, Cancel, CountsBlocks, Engine, GroupSummary, Job, Sampler, Segment, SequenceBlocks, Trials,
};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// A run that nobody watches.
fn unwatched<'a>(engine: &'a Engine, cancel: &'a Cancel) -> RunContext<'a> {
    RunContext { engine, cancel, meter: &() }
}

fn plan(text: &str) -> Plan {
    plan_at("1e-2", text)
}

/// With another rate of false alarms.
fn plan_at(false_alarm: &str, text: &str) -> Plan {
    let text = format!("{text}\n[check]\nfalse_alarm = {false_alarm}\n");
    experiment_file::read(&Source { name: "planted.toml".into(), text }, "planted", &[]).unwrap()
}

/// Without committed trials.
fn alone(schedule: Schedule) -> Protocol<'static> {
    Protocol { schedule, committed: None }
}

type Planted<'a> = dyn Fn(&Plan, &Group) -> Trials + Sync + 'a;

/// How many of so many checks, each with a seed of its own, fail, and which part of their trials was drawn.
fn failures(plan: &Plan, anytime: bool, sampling: &Planted<'_>, checks: u64) -> (u64, f64) {
    let schedule = if anytime { Schedule::anytime(std::slice::from_ref(plan)) } else { Schedule::Once };
    count(plan, checks, &|engine, plan| {
        let sampling: &Sampling<'_> = &|plan, group| sampling(plan, group);
        fresh_trials(plan, alone(schedule), sampling, unwatched(engine, &Cancel::default())).unwrap()
    })
}

/// The same of fresh trials had in another way.
fn count(plan: &Plan, checks: u64, fresh: &(dyn Fn(&Engine, &Plan) -> FreshTrials + Sync)) -> (u64, f64) {
    let one = |engine: &Engine, seed: u64| {
        let plan = Plan { seed: Seed::new(seed).unwrap(), ..plan.clone() };
        let found = fresh(engine, &plan);
        let part = found.drawn as f64 / found.planned as f64;
        let failed = Check::judge(vec![plan], vec![None], vec![Some(found)]).verdict() == CheckVerdict::Regressed;
        (u64::from(failed), part)
    };
    let add = |a: (u64, f64), b: (u64, f64)| (a.0 + b.0, a.1 + b.1);
    let lanes: u64 = 2;
    let lane = |lane: u64| {
        let engine = Engine::new(Some(1)).unwrap();
        let mine = (0..checks).filter(|check| check % lanes == lane);
        mine.map(|check| one(&engine, check)).fold((0, 0.0), add)
    };
    let (failed, drawn) = (0..lanes).into_par_iter().map(lane).reduce(|| (0, 0.0), add);
    (failed, drawn / checks as f64)
}

/// Compares with a theory that is wrong.
struct Tampered<'a> {
    tamper: &'a (dyn Fn(&mut Theory, u64) + Sync),
    tests: Vec<TheoryTest>,
}

impl InterimAnalysis for Tampered<'_> {
    fn times(&mut self, job: &Job<'_>, _: Option<u64>) -> Vec<u64> {
        vec![job.trials]
    }

    fn analyse(&mut self, job: &Job<'_>, trials: u64, summary: &GroupSummary, _: &[ResultRow]) -> ControlFlow<()> {
        for (place, cell) in job.estimations.iter().enumerate() {
            let mut theory = cell.by.theory(cell.pair, job.n);
            (self.tamper)(&mut theory, trials);
            let comparison = Comparison::new(cell.pair, cell.by, &theory, summary, summary.estimation(place)).unwrap();
            let measured = ResultRow {
                decided: None,
                condition: cell.condition,
                estimator: cell.by.name().into(),
                comparison,
                reverse: None,
                measures: Vec::new(),
                ranked: Vec::new(),
            };
            self.tests.extend(tests_of(&measured, None, trials));
        }
        ControlFlow::Continue(())
    }
}

fn tampered(plan: &Plan, tamper: &(dyn Fn(&mut Theory, u64) + Sync), checks: u64) -> u64 {
    let fresh = |engine: &Engine, plan: &Plan| {
        let mut seen = Tampered { tamper, tests: Vec::new() };
        for group in plan.groups() {
            assert!(run_with_interim_analyses(
                plan,
                &group,
                &planned_sampling,
                unwatched(engine, &Cancel::default()),
                &mut seen
            ));
        }
        FreshTrials { seed: plan.seed, tests: seen.tests, drawn: 1, planned: 1 }
    };
    count(plan, checks, &fresh).0
}

/// A sampler that is wrong in one way.
struct Faulty {
    inner: SequenceBlocks,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// The last symbol is never drawn.
    ShortSequences,
    /// Every block reads the streams of the first.
    SameStreams,
    /// The last trial, of that number in its block, is not drawn.
    LastTrial(u64),
}

impl Blocks for Faulty {
    fn sizes(&self) -> BlockSizes {
        self.inner.sizes()
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        let block = if self.fault == Fault::SameStreams { 0 } else { block };
        Box::new(FaultySampler { inner: self.inner.sampler(block), fault: self.fault, drawn: 0 })
    }
}

struct FaultySampler<'a> {
    inner: Box<dyn Sampler + 'a>,
    fault: Fault,
    drawn: u64,
}

impl Sampler for FaultySampler<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        self.drawn += if segment.start == 0 { segment.trials as u64 } else { 0 };
        let end = segment.end - u64::from(self.fault == Fault::ShortSequences);
        let trials = segment.trials - usize::from(self.fault == Fault::LastTrial(self.drawn));
        self.inner.draw(Segment { trials, end, ..segment }, detail)
    }
}

fn each(blocks: impl Blocks + 'static) -> Trials {
    Trials::Each(Box::new(blocks))
}

fn coin(p: f64) -> Distribution {
    Distribution::of_weights(&[p, 1.0 - p]).unwrap()
}

/// Checks of one program.
pub struct Row {
    pub name: String,
    pub checks: u64,
    pub failed: u64,
    pub promise: Promise,
    /// The part of the trials that was drawn.
    pub drawn: f64,
}

/// How often checks fail, as a part of them.
#[derive(Clone, Copy, PartialEq)]
pub enum Promise {
    AtMost(f64),
    AtLeast(f64),
    None,
}

impl Row {
    /// Whether the promise was kept: if it just holds, more are out of bounds with chance below 1e-4.
    pub fn is_kept(&self) -> bool {
        let bound = |rate: f64| rate * self.checks as f64 + 4.0 * (rate * self.checks as f64).sqrt() + 3.0;
        match self.promise {
            Promise::None => true,
            Promise::AtMost(rate) => self.failed as f64 <= bound(rate),
            Promise::AtLeast(1.0) => self.failed == self.checks,
            Promise::AtLeast(rate) => (self.checks - self.failed) as f64 <= bound(1.0 - rate),
        }
    }
}

/// 110,000 checks at a false-alarm rate of 1e-2, or a part of them.
pub fn right_programs(part: u64) -> Vec<Row> {
    let chain = "trials = 20\nN = 8\nP.markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.3, 0.7]] }\n\
                 Q = [0.5, 0.5]";
    let programs = [
        ("coin", "trials = 40\nN = [3, 30]\nP = [0.5, 0.5]\nQ = [0.4, 0.6]", 40_000),
        ("rare symbol", "trials = 40\nN = 5\nP = [0.98, 0.02]\nQ = [0.5, 0.5]", 20_000),
        ("three symbols", "trials = 30\nN = 4\nP = [0.2, 0.3, 0.5]\nQ = [0.5, 0.25, 0.25]", 20_000),
        ("exponential", "trials = 30\nN = 2\nP.exponential.rate = 1\nQ.exponential.rate = 2", 10_000),
        ("chain", chain, 10_000),
        ("infinite D", "trials = 50\nN = 3\nP = [0.5, 0.3, 0.2]\nQ = [0.5, 0.5, 0]", 10_000),
    ];
    let row = |(name, text, checks): (&str, &str, u64)| {
        let checks = checks / part;
        let (failed, drawn) = failures(&plan(text), false, &planned_sampling, checks);
        Row { name: name.into(), checks, failed, promise: Promise::AtMost(1e-2), drawn }
    };
    programs.into_iter().map(row).collect()
}

/// 2,000 checks of each fault, or a part of them.
pub fn wrong_programs(part: u64) -> Vec<Row> {
    let right = plan("trials = 1_000\nN = 100\nP = [0.5, 0.5]\nQ = [0.4, 0.6]");
    let many_blocks = plan("trials = 40_000\nN = 10\nP = [0.5, 0.5]\nQ = [0.4, 0.6]");
    let checks = 2_000 / part;
    let row =
        |name: &str, failed: u64, promise: Promise| Row { name: name.into(), checks, failed, promise, drawn: 1.0 };
    let sampled = |name: &str, plan: &Plan, sampling: &Planted<'_>, promise: Promise| {
        row(name, failures(plan, false, sampling, checks).0, promise)
    };
    let from_coin = |name: &str, p: f64, promise: Promise| {
        let wrong = coin(p);
        let sampling = |plan: &Plan, group: &Group| each(SequenceBlocks::new(plan.seed.get(), &wrong, group.n));
        sampled(name, &right, &sampling, promise)
    };
    let fault = |name: &str, plan: &Plan, fault: Fault, promise: Promise| {
        let sampling = |plan: &Plan, group: &Group| {
            each(Faulty { inner: SequenceBlocks::new(plan.seed.get(), &group.source, group.n), fault })
        };
        sampled(name, plan, &sampling, promise)
    };
    let in_bits = |theory: &mut Theory, _: u64| {
        let bits = 1.0 / std::f64::consts::LN_2;
        theory.closed_form *= bits;
        theory.mean = theory.mean.map(|mean| mean * bits);
        theory.variance = theory.variance.map(|variance| variance * bits * bits);
    };
    let divisor = |theory: &mut Theory, trials: u64| {
        theory.variance = theory.variance.map(|variance| variance * (1.0 - 1.0 / trials as f64));
    };
    let stated = PowerAnalysis::of(&right)[0].bias.unwrap().detectable;
    let nearly_all = Promise::AtLeast(1.0 - MISS);
    vec![
        from_coin("P off by the stated detectable bias", 0.5 + shift(&right, stated), nearly_all),
        from_coin("… by half of it", 0.5 + 0.5 * shift(&right, stated), Promise::None),
        from_coin("… by a quarter of it", 0.5 + 0.25 * shift(&right, stated), Promise::None),
        from_coin("sequences from Q in place of P", 0.4, nearly_all),
        fault("one symbol too few in each sequence", &right, Fault::ShortSequences, Promise::None),
        fault("every block reads the same random streams", &many_blocks, Fault::SameStreams, Promise::None),
        fault("the last trial is lost", &right, Fault::LastTrial(1_000), Promise::AtLeast(1.0)),
        row("a theory with logarithms to base 2", tampered(&right, &in_bits, checks), Promise::AtLeast(1.0)),
        row("a variance with divisor R for R − 1", tampered(&right, &divisor, checks), Promise::None),
    ]
}

/// 10,000 checks of a right program while trials come, and 2,000 of wrong ones, or a part of them.
pub fn at_any_time(part: u64) -> Vec<Row> {
    let text = "trials = 524_288\nN = 100\nsampler = \"counts\"\nP = [0.5, 0.5]\nQ = [0.4, 0.6]";
    let mut rows = Vec::new();
    for false_alarm in ["1e-2", "1e-6"] {
        let plan = plan_at(false_alarm, text);
        let schedule = Schedule::anytime(std::slice::from_ref(&plan));
        let engine = Engine::new(Some(1)).unwrap();
        let once =
            fresh_trials(&plan, alone(schedule), &planned_sampling, unwatched(&engine, &Cancel::default())).unwrap();
        let shift = shift(&plan, once.tests.iter().find_map(|test| test.guaranteed).unwrap());
        for (name, times, checks) in [
            ("a right program", 0.0, 10_000),
            ("P off by the stated bias", 1.0, 2_000),
            ("… in the other direction", -1.0, 2_000),
            ("… by ten times", 10.0, 2_000),
        ] {
            let (source, checks) = (coin(0.5 + times * shift), checks / part);
            let sampling = |plan: &Plan, group: &Group| each(CountsBlocks::new(plan.seed.get(), &source, group.n));
            let (failed, drawn) = failures(&plan, true, &sampling, checks);
            let promise = match times {
                0.0 => Promise::AtMost(plan.check.false_alarm.get()),
                _ => Promise::AtLeast(1.0 - MISS),
            };
            rows.push(Row { name: format!("{name}, at a rate of {false_alarm}"), checks, failed, promise, drawn });
        }
    }
    rows
}

/// How much more often a coin must show its first symbol for a bias of that part of D: the mean is D + δ (x₁ − x₂).
fn shift(plan: &Plan, part: f64) -> f64 {
    let ratios = plan.conditions[0].pair().unwrap().symbols().unwrap().log_ratios();
    part * PowerAnalysis::of(plan)[0].closed_form / (ratios[0] - ratios[1])
}
