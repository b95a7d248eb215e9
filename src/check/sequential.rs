//! Looks at trials while they come, with error rates that hold whatever the looks show.

use super::law::{fit, tests_of};
use super::{CommittedLaws, Kind, LawTest, MISS};
use crate::experiment::{InterimAnalysis, Measured};
use crate::plan::Plan;
use kl_math::statistics::{detectable_bias, two_sided_bound};
use kl_sim::comparison::Comparison;
use kl_sim::estimator::Contributions;
use kl_sim::simulation::{GroupSummary, Job};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// How often fresh trials are looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// Once, when all are drawn.
    Once,
    /// While they come: sampling ends as soon as each row is clear. A test's p-value is the smallest of pⱼ/wⱼ over the
    /// looks j so far, the shares wⱼ summing to 1, which is a p-value whenever one stops: P(some pⱼ ≤ wⱼ x) ≤ Σ wⱼ x. A row
    /// is clear once a test has failed, or once biases of the size promised are excluded in both directions, with chances of
    /// being wrong that likewise sum up.
    Anytime {
        /// What Holm's procedure asks of its first test at least.
        level: f64,
    },
}

/// How fresh trials are tested.
#[derive(Clone, Copy, Debug)]
pub struct Protocol<'a> {
    /// How often they are looked at.
    pub schedule: Schedule,
    /// Committed trials, for rows of which no exact law is known.
    pub committed: Option<&'a CommittedLaws>,
}

impl Schedule {
    /// Looks while trials come, for one check of all `plans`.
    pub fn anytime(plans: &[Plan]) -> Self {
        /// A row has a mean, a variance and a histogram, or a number of infinite trials and a histogram.
        const TESTS_A_ROW: usize = 3;
        let false_alarm = plans.iter().map(|plan| plan.check.false_alarm.get()).fold(1.0, f64::min);
        let rows: usize = plans.iter().map(|plan| plan.conditions.len() * plan.estimators.len()).sum();
        Self::Anytime { level: false_alarm / (TESTS_A_ROW * rows).max(1) as f64 }
    }
}

/// When to look, in 32nds of the trials: before an eighth hardly anything but a gross fault is clear.
const LOOKS: [u64; 9] = [1, 2, 4, 6, 8, 12, 16, 24, 32];

/// What the last look may spend of each error rate; the earlier ones share the rest. So the last one sees nearly what a
/// single look would.
const LAST_SHARE: f64 = 0.5;

/// The numbers of trials after which to look, each but the last at the end of a block.
fn looks(trials: u64, block: u64) -> Vec<u64> {
    let part = |look: u64| (u128::from(trials) * u128::from(look)).div_ceil(32 * u128::from(block)) * u128::from(block);
    let mut looks: Vec<u64> = LOOKS.iter().map(|&look| part(look).min(u128::from(trials)) as u64).collect();
    looks.dedup();
    looks
}

/// The rows of a group under test.
#[derive(Debug)]
pub(super) struct Followed<'a> {
    protocol: Protocol<'a>,
    plan: &'a Plan,
    /// How many looks there are at most, and how many were taken.
    looks: usize,
    taken: usize,
    drawn: Option<u64>,
    rows: Vec<Row>,
}

/// One cell of the group.
#[derive(Debug, Default)]
struct Row {
    /// What is promised of its mean, where there are several looks and anything can be.
    promise: Option<Promise>,
    tests: Vec<LawTest>,
    is_clear: bool,
}

/// A bias that will be seen.
#[derive(Debug)]
struct Promise {
    contributions: Contributions,
    /// In nats per symbol.
    bias: f64,
    /// As a part of D.
    part: f64,
}

impl<'a> Followed<'a> {
    /// Before the first look.
    pub(super) fn new(protocol: Protocol<'a>, plan: &'a Plan) -> Self {
        Self { protocol, plan, looks: 1, taken: 0, drawn: None, rows: Vec::new() }
    }

    /// How many trials there were at the last look, if they are drawn one by one.
    pub(super) fn drawn(&self) -> Option<u64> {
        self.drawn
    }

    /// All tests, as they stand.
    pub(super) fn into_tests(self) -> impl Iterator<Item = LawTest> {
        self.rows.into_iter().flat_map(|row| row.tests)
    }

    /// The share of the next look in each error rate.
    fn share(&self) -> f64 {
        match self.looks {
            1 => 1.0,
            looks if self.taken + 1 < looks => (1.0 - LAST_SHARE) / (looks - 1) as f64,
            _ => LAST_SHARE,
        }
    }
}

impl InterimAnalysis for Followed<'_> {
    fn schedule(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64> {
        let trials = job.trials.end;
        let (looks, level) = match (self.protocol.schedule, block) {
            (Schedule::Anytime { level }, Some(block)) => (looks(trials, block), level),
            _ => (vec![trials], 0.0),
        };
        let wanted = self.plan.check.detect.map(|detect| detect.get());
        let rows = job.estimations.par_iter().map(|cell| {
            let theory = || cell.by.theory(cell.pair, job.n);
            let promise = (looks.len() > 1).then(theory).and_then(|theory| {
                let contributions = theory.contributions.filter(|found| !found.cumulants.function().is_costly())?;
                Promise::new(contributions, theory.closed_form, trials, level, wanted)
            });
            Row { promise, ..Row::default() }
        });
        self.rows = rows.collect();
        self.looks = looks.len();
        self.drawn = block.map(|_| 0);
        looks
    }

    fn look(&mut self, job: &Job<'_>, summary: &GroupSummary, measured: &[Measured]) -> ControlFlow<()> {
        let share = self.share();
        let level = match self.protocol.schedule {
            Schedule::Anytime { level } => level,
            Schedule::Once => 0.0,
        };
        self.taken += 1;
        self.drawn = self.drawn.map(|_| summary.sums.trials());
        let mut measured = measured.iter().peekable();
        for (place, (row, cell)) in self.rows.iter_mut().zip(&job.estimations).enumerate() {
            let is_of_cell =
                |measured: &&Measured| (measured.condition, &*measured.estimator) == (cell.condition, cell.by.name());
            if let Some(measured) = measured.next_if(is_of_cell) {
                row.take(tests_of(measured, fit(job, summary, place, self.protocol.committed), job.trials.end), share);
                row.is_clear |= row.is_decided(&measured.comparison, level, share * MISS);
            }
        }
        if self.rows.iter().all(|row| row.is_clear) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Row {
    /// Whether more trials could say nothing else: a test has failed, chance has no part in the estimates, or what is
    /// promised to be seen is not there.
    fn is_decided(&self, found: &Comparison, level: f64, miss: f64) -> bool {
        found.exact_match.is_some()
            || self.tests.iter().any(|test| test.p_value <= level)
            || self.promise.as_ref().is_some_and(|promise| promise.is_excluded(found, miss))
    }

    /// The tests of the newest look, with p-values for all looks so far.
    fn take(&mut self, tests: Vec<LawTest>, share: f64) {
        let before = std::mem::take(&mut self.tests);
        let smallest = |test: &LawTest| {
            let earlier = before.iter().find(|earlier| earlier.kind == test.kind);
            earlier.map_or(1.0, |earlier| earlier.p_value).min(test.p_value / share)
        };
        let promised = self.promise.as_ref().map(|promise| promise.part);
        let now = tests.into_iter().map(|test| LawTest {
            p_value: smallest(&test),
            share,
            promised: promised.filter(|_| test.kind == Kind::Mean),
            ..test
        });
        self.tests = now.collect();
    }
}

impl Promise {
    /// What all `trials` see at the last look, or what is `wanted` (a part of D) if that is more.
    fn new(
        contributions: Contributions,
        closed_form: f64,
        trials: u64,
        level: f64,
        wanted: Option<f64>,
    ) -> Option<Self> {
        let count = contributions.count as f64 * trials as f64;
        let function = contributions.cumulants.function();
        let seen = detectable_bias(function, count, LAST_SHARE * level, LAST_SHARE * MISS);
        let bias = wanted.map_or(seen, |part| seen.max(part * closed_form));
        let part = bias / closed_form;
        (part.is_finite() && bias > 0.0).then_some(Self { contributions, bias, part })
    }

    /// Whether the trials so far would be so surprising, if the mean were off by the bias in either direction, that they
    /// have at most the chance `miss`. The spread is taken to be that of theory, as in [`detectable_bias`].
    fn is_excluded(&self, found: &Comparison, miss: f64) -> bool {
        let Some((bias, expected)) = found.bias.zip(found.expected) else { return false };
        let deviation = bias - (expected - found.estimand());
        let count = self.contributions.count as f64 * found.trials as f64;
        let chance = |deviation: f64| {
            // The bound is of two sides.
            0.5 * two_sided_bound(self.contributions.cumulants.function(), deviation, count)
        };
        deviation.abs() < self.bias && chance(deviation - self.bias) <= miss && chance(deviation + self.bias) <= miss
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Findings, RunContext, carry_out, planned_sampling, run_with_looks};
    use crate::spec::{self, Source};
    use kl_sim::simulation::{Cancel, Engine};

    fn plan(text: &str) -> Plan {
        spec::read(&Source { name: "looked-at.toml".into(), text: text.into() }, "looked-at", &[]).unwrap()
    }

    /// Sees everything and never has enough.
    struct Insatiable {
        looks: Vec<u64>,
        measured: Vec<Measured>,
    }
    impl InterimAnalysis for Insatiable {
        fn schedule(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64> {
            self.looks = looks(job.trials.end, block.unwrap());
            self.looks.clone()
        }
        fn look(&mut self, _: &Job<'_>, _: &GroupSummary, measured: &[Measured]) -> ControlFlow<()> {
            self.measured = measured.to_vec();
            ControlFlow::Continue(())
        }
    }

    #[test]
    fn looks_are_at_the_ends_of_blocks_and_the_last_is_at_the_end() {
        assert_eq!(looks(100, 4096), [100]);
        assert_eq!(looks(10_000, 4096), [4096, 8192, 10_000]);
        assert_eq!(looks(3_200, 1), [100, 200, 400, 600, 800, 1_200, 1_600, 2_400, 3_200]);
        assert_eq!(looks(1, 1), [1]);
        assert_eq!(looks(1_000_000_000_000_000, 1).last(), Some(&1_000_000_000_000_000));
    }

    /// The trials are those of a run, and none comes twice: symbols by counts and by estimates, values, chains.
    #[test]
    fn the_last_look_sees_what_a_run_sees() {
        let engine = Engine::new(Some(2)).unwrap();
        for text in [
            "trials = 30_000\nN = 3\nP = [0.5, 0.5]\nQ = [0.4, 0.6]",
            "trials = 700\nN = 1e4\nP = [0.5, 0.3, 0.2]\nQ = [0.5, 0.49999, 1e-5]",
            "trials = 9_000\nN = 5\nP = [0.5, 0.3, 0.2]\nQ = [0.5, 0.5, 0]\nsampler = \"counts\"",
            "trials = 9_000\nN = 5\nP.gamma = { shape = 2, rate = 1 }\nQ.gamma = { shape = 1, rate = 1 }",
            "trials = 9_000\nN = 5\nP.markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.3, 0.7]] }\nQ = [0.5, 0.5]",
        ] {
            let plan = plan(text);
            let run = RunContext { engine: &engine, cancel: &Cancel::default(), meter: &() };
            let Ok(Findings { measured: whole, .. }) = carry_out(&plan, &planned_sampling, run, &mut ());
            let mut seen = Insatiable { looks: Vec::new(), measured: Vec::new() };
            assert!(run_with_looks(&plan, &plan.groups()[0], &planned_sampling, run, &mut seen));
            assert!(seen.looks.len() > 1, "{text}");
            let (whole, seen) = (&whole[0].comparison, &seen.measured[0].comparison);
            assert_eq!((whole.trials, whole.infinite_trials), (seen.trials, seen.infinite_trials));
            let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs() + 1e-15,
                (a, b) => a == b,
            };
            assert!(near(whole.variance, seen.variance) && near(whole.bias, seen.bias), "{text}: {whole:?} {seen:?}");
        }
    }
}
