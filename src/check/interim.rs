//! Interim analyses of trials while they are drawn, with error rates that hold for any stopping rule.

use super::guarantee::{GuaranteedBias, LAST_SHARE};
use super::theory_test::{fit, tests_of};
use super::{CommittedLaws, MISS, TestKind, TheoryTest};
use crate::experiment::{InterimAnalysis, ResultRow};
use crate::plan::Plan;
use kl_sim::comparison::Comparison;
use kl_sim::simulation::{GroupSummary, Job};
use rayon::prelude::*;
use std::ops::ControlFlow;

/// When fresh trials are analysed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// Once, after all trials.
    Once,
    /// While trials are drawn; sampling stops as soon as every row is decided.
    ///
    /// The p-value of a test is the smallest of pⱼ/wⱼ over the analyses j so far, where the shares wⱼ sum to 1. It is valid for
    /// any stopping rule: P(some pⱼ ≤ wⱼ x) ≤ Σ wⱼ x. A row is decided once a test has failed, or once biases of the guaranteed
    /// size are excluded in both directions, with error probabilities that sum in the same way.
    Anytime {
        /// The level of the first step of Holm's procedure.
        level: f64,
    },
}

/// How fresh trials are tested.
#[derive(Clone, Copy, Debug)]
pub struct Protocol<'a> {
    /// When they are analysed.
    pub schedule: Schedule,
    /// The committed trials, for rows without a known exact law.
    pub committed: Option<&'a CommittedLaws>,
}

impl Schedule {
    /// The schedule with interim analyses for one check of all `plans`.
    pub fn anytime(plans: &[Plan]) -> Self {
        /// Tests of the mean, the variance and the histogram, or of the number of infinite trials and the histogram.
        const TESTS_A_ROW: usize = 3;
        let rates = |plan: &Plan| {
            let nominal = plan.programs().next().map(|_| plan.check.nominal_false_alarm.get());
            plan.check.false_alarm.get().min(nominal.unwrap_or(1.0))
        };
        let false_alarm = plans.iter().map(rates).fold(1.0, f64::min);
        let rows: usize = plans.iter().map(|plan| plan.conditions.len() * plan.estimators.len()).sum();
        Self::Anytime { level: false_alarm / (TESTS_A_ROW * rows).max(1) as f64 }
    }
}

/// The times of the analyses in 32nds of the trials. The first eighth decides little but gross faults.
const TIMES: [u64; 9] = [1, 2, 4, 6, 8, 12, 16, 24, 32];

/// The numbers of trials at which to analyse; all but the last are at the end of a block.
fn times(trials: u64, block: u64) -> Vec<u64> {
    let part = |time: u64| (u128::from(trials) * u128::from(time)).div_ceil(32 * u128::from(block)) * u128::from(block);
    let mut times: Vec<u64> = TIMES.iter().map(|&time| part(time).min(u128::from(trials)) as u64).collect();
    times.dedup();
    times
}

/// The tests of a group of conditions, updated at each analysis.
#[derive(Debug)]
pub(super) struct InterimTests<'a> {
    protocol: Protocol<'a>,
    plan: &'a Plan,
    /// The largest number of analyses, and the number done.
    analyses: usize,
    done: usize,
    drawn: Option<u64>,
    rows: Vec<Row>,
}

/// One row of the group.
#[derive(Debug, Default)]
struct Row {
    /// The bias of the mean that is guaranteed to be detected, with several analyses and where it is known.
    guarantee: Option<GuaranteedBias>,
    tests: Vec<TheoryTest>,
    has_decision: bool,
}

impl<'a> InterimTests<'a> {
    /// The state before the first analysis.
    pub(super) fn new(protocol: Protocol<'a>, plan: &'a Plan) -> Self {
        Self { protocol, plan, analyses: 1, done: 0, drawn: None, rows: Vec::new() }
    }

    /// The number of trials at the last analysis, if they are drawn one by one.
    pub(super) fn drawn(&self) -> Option<u64> {
        self.drawn
    }

    /// The tests of all rows.
    pub(super) fn into_tests(self) -> impl Iterator<Item = TheoryTest> {
        self.rows.into_iter().flat_map(|row| row.tests)
    }

    /// The share of each error rate that the next analysis may spend.
    fn share(&self) -> f64 {
        match self.analyses {
            1 => 1.0,
            analyses if self.done + 1 < analyses => (1.0 - LAST_SHARE) / (analyses - 1) as f64,
            _ => LAST_SHARE,
        }
    }
}

impl InterimAnalysis for InterimTests<'_> {
    fn times(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64> {
        let trials = job.trials;
        let (times, level) = match (self.protocol.schedule, block) {
            (Schedule::Anytime { level }, Some(block)) => (times(trials, block), level),
            _ => (vec![trials], 0.0),
        };
        let wanted = self.plan.check.detect.map(|detect| detect.get());
        let rows = job.estimations.par_iter().map(|cell| {
            let theory = || cell.by.theory(cell.pair, job.n);
            let guarantee = (times.len() > 1).then(theory).and_then(|theory| {
                let contributions = theory.contributions.filter(|found| !found.cumulants.function().is_costly())?;
                GuaranteedBias::new(contributions, theory.closed_form, trials, level, wanted)
            });
            Row { guarantee, ..Row::default() }
        });
        self.rows = rows.collect();
        self.analyses = times.len();
        self.drawn = block.map(|_| 0);
        times
    }

    fn analyse(
        &mut self,
        job: &Job<'_>,
        trials: u64,
        summary: &GroupSummary,
        measured: &[ResultRow],
    ) -> ControlFlow<()> {
        let share = self.share();
        let level = match self.protocol.schedule {
            Schedule::Anytime { level } => level,
            Schedule::Once => 0.0,
        };
        self.done += 1;
        self.drawn = self.drawn.map(|_| summary.sums.trials());
        let mut measured = measured.iter().peekable();
        for (place, (row, cell)) in self.rows.iter_mut().zip(&job.estimations).enumerate() {
            let is_of_row =
                |measured: &&ResultRow| (measured.condition, &*measured.estimator) == (cell.condition, cell.by.name());
            if let Some(measured) = measured.next_if(is_of_row) {
                row.take(tests_of(measured, fit(job, summary, place, self.protocol.committed), trials), share);
                row.has_decision |= row.is_decided(&measured.comparison, level, share * MISS);
            }
        }
        if self.rows.iter().all(|row| row.has_decision) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Row {
    /// Whether more trials would not change the result: a test has failed, the estimates are not random, or a bias of the
    /// guaranteed size is excluded.
    fn is_decided(&self, found: &Comparison, level: f64, miss: f64) -> bool {
        // That estimates equal those of another estimator so far says nothing of the trials to come.
        let is_constant = found.exact_match.is_some() && found.same_as.is_none();
        is_constant
            || found.exact_match == Some(false)
            || self.tests.iter().any(|test| test.p_value <= level)
            || self.guarantee.as_ref().is_some_and(|guarantee| guarantee.is_excluded(found, miss))
    }

    /// Takes the tests of the latest analysis, with p-values for all analyses so far.
    fn take(&mut self, tests: Vec<TheoryTest>, share: f64) {
        let before = std::mem::take(&mut self.tests);
        let smallest = |test: &TheoryTest| {
            let earlier = before.iter().find(|earlier| earlier.kind == test.kind);
            earlier.map_or(1.0, |earlier| earlier.p_value).min(test.p_value / share)
        };
        let guaranteed = self.guarantee.as_ref().map(|guarantee| guarantee.relative);
        let now = tests.into_iter().map(|test| TheoryTest {
            p_value: smallest(&test),
            share,
            guaranteed: guaranteed.filter(|_| test.kind == TestKind::Mean),
            ..test
        });
        self.tests = now.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{ExperimentResults, RunContext, carry_out, planned_sampling, run_with_interim_analyses};
    use crate::experiment_file::{self, Source};
    use kl_sim::simulation::{Cancel, Engine};

    fn plan(text: &str) -> Plan {
        experiment_file::read(&Source { name: "analysed.toml".into(), text: text.into() }, "analysed", &[]).unwrap()
    }

    /// Keeps the last analysis and never stops.
    struct Recorder {
        times: Vec<u64>,
        measured: Vec<ResultRow>,
    }
    impl InterimAnalysis for Recorder {
        fn times(&mut self, job: &Job<'_>, block: Option<u64>) -> Vec<u64> {
            self.times = times(job.trials, block.unwrap());
            self.times.clone()
        }
        fn analyse(&mut self, _: &Job<'_>, _: u64, _: &GroupSummary, measured: &[ResultRow]) -> ControlFlow<()> {
            self.measured = measured.to_vec();
            ControlFlow::Continue(())
        }
    }

    #[test]
    fn analyses_are_at_the_ends_of_blocks_and_the_last_is_at_the_end() {
        assert_eq!(times(100, 4096), [100]);
        assert_eq!(times(10_000, 4096), [4096, 8192, 10_000]);
        assert_eq!(times(3_200, 1), [100, 200, 400, 600, 800, 1_200, 1_600, 2_400, 3_200]);
        assert_eq!(times(1, 1), [1]);
        assert_eq!(times(1_000_000_000_000_000, 1).last(), Some(&1_000_000_000_000_000));
    }

    /// The trials are those of a run and none is drawn twice: for symbols by counts and by estimates, values and chains.
    #[test]
    fn the_last_analysis_has_the_trials_of_a_run() {
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
            let Ok(ExperimentResults { measured: whole, .. }) = carry_out(&plan, &planned_sampling, run, &mut ());
            let mut seen = Recorder { times: Vec::new(), measured: Vec::new() };
            assert!(run_with_interim_analyses(&plan, &plan.groups()[0], &planned_sampling, run, &mut seen));
            assert!(seen.times.len() > 1, "{text}");
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
