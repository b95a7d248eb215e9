//! The outcome of a check of one or more experiments.

use super::{Baseline, FreshTrials, MISS, Power, TestKind, TheoryTest, powers};
use crate::plan::{Plan, Seed};
use kl_math::statistics::holm;

/// The verdict of a check of one experiment, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckVerdict {
    /// All results are as expected.
    Pass,
    /// Some result changed, or disagrees with theory.
    Regressed,
    /// There is nothing to compare with: the experiment file changed, or the committed results are missing or of another kind.
    Changed,
    /// All tests passed, but they could have missed a bias of the size that the experiment file wants detected.
    Inconclusive,
}

impl CheckVerdict {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Regressed => "regressed",
            Self::Changed => "changed",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The order of severity; the most severe verdict counts.
    fn severity(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Inconclusive => 1,
            Self::Changed => 2,
            Self::Regressed => 3,
        }
    }
}

/// The check of one experiment.
#[derive(Debug)]
pub struct ExperimentCheck {
    /// The plan that was checked.
    pub plan: Plan,
    /// The comparison of the committed results with a rerun, if there was one.
    pub bytes: Option<Baseline>,
    /// The tests of fresh trials against theory, if there were any.
    pub theory: Option<TheoryCheck>,
}

/// The tests of one experiment's fresh trials.
#[derive(Clone, Debug)]
pub struct TheoryCheck {
    /// The seed of the fresh trials.
    pub seed: Seed,
    /// The tests.
    pub tests: Vec<JudgedTest>,
    /// The number of trials drawn, without those that are only tallied.
    pub drawn: u128,
    /// The number of such trials in the plan.
    pub planned: u128,
}

/// A test with its verdict among all tests.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedTest {
    /// The test.
    pub test: TheoryTest,
    /// The smallest deviation that it detects.
    pub power: Option<Power>,
    /// Whether the test fails at the false-alarm rate of all tests together.
    pub is_rejected: bool,
}

/// A check of one or more experiments.
#[derive(Debug)]
pub struct Check {
    /// The experiments, in order.
    pub experiments: Vec<ExperimentCheck>,
    /// The probability that a correct program fails any rigorous test of any experiment.
    pub false_alarm: f64,
    /// The nominal probability of the same for the nominal tests of users' own estimators.
    pub nominal_false_alarm: f64,
}

impl Check {
    /// Judges all tests of all experiments together by Holm's procedure, at the strictest of their false-alarm rates; the nominal
    /// tests by themselves.
    ///
    /// `fresh` has the fresh trials of each plan, if any were drawn.
    pub fn judge(plans: Vec<Plan>, bytes: Vec<Option<Baseline>>, fresh: Vec<Option<FreshTrials>>) -> Self {
        let false_alarm = plans.iter().map(|plan| plan.check.false_alarm.get()).fold(1.0, f64::min);
        let nominal_false_alarm = plans.iter().map(|plan| plan.check.nominal_false_alarm.get()).fold(1.0, f64::min);
        let tests = || fresh.iter().flatten().flat_map(|fresh| &fresh.tests);
        let p_values = |is_nominal: bool| -> Vec<f64> {
            tests().filter(|test| test.is_nominal() == is_nominal).map(|test| test.p_value).collect()
        };
        let (all, nominal) = (p_values(false), p_values(true));
        // The level of the first step of Holm's procedure; later steps detect at least as much.
        let level = false_alarm / all.len().max(1) as f64;
        let mut rejections = holm(&all, false_alarm).into_iter();
        let mut nominal_rejections = holm(&nominal, nominal_false_alarm).into_iter();
        let experiments = plans.into_iter().zip(bytes).zip(fresh).map(|((plan, bytes), fresh)| {
            let theory = fresh.map(|FreshTrials { seed, tests, drawn, planned }| {
                let powers = powers(&plan, &tests, level);
                let judged = tests.into_iter().zip(powers).map(|(test, power)| {
                    let rejection = if test.is_nominal() { nominal_rejections.next() } else { rejections.next() };
                    JudgedTest { test, power, is_rejected: rejection.unwrap_or(false) }
                });
                TheoryCheck { seed, tests: judged.collect(), drawn, planned }
            });
            ExperimentCheck { plan, bytes, theory }
        });
        Self { experiments: experiments.collect(), false_alarm, nominal_false_alarm }
    }

    /// The number of rigorous tests, and of nominal ones.
    pub fn test_counts(&self) -> (usize, usize) {
        let checks = self.experiments.iter().filter_map(|experiment| experiment.theory.as_ref());
        let nominal = checks.clone().flat_map(|check| &check.tests).filter(|judged| judged.test.is_nominal()).count();
        (checks.map(|check| check.tests.len()).sum::<usize>() - nominal, nominal)
    }

    /// The number of fresh trials drawn, and the number planned.
    pub fn trials(&self) -> (u128, u128) {
        let checks = self.experiments.iter().filter_map(|experiment| experiment.theory.as_ref());
        checks.fold((0, 0), |(drawn, planned), check| (drawn + check.drawn, planned + check.planned))
    }

    /// The most severe verdict of all experiments.
    pub fn verdict(&self) -> CheckVerdict {
        let all = self.experiments.iter().map(ExperimentCheck::verdict);
        all.max_by_key(|verdict| verdict.severity()).unwrap_or(CheckVerdict::Pass)
    }

    /// The smallest and the largest bias, relative to D, that the tests of the means miss with probability [`MISS`].
    pub fn detectable_biases(&self) -> Option<(f64, f64)> {
        let tests = self
            .experiments
            .iter()
            .filter_map(|experiment| experiment.theory.as_ref())
            .flat_map(|theory| &theory.tests);
        let means = tests.filter(|judged| judged.test.kind == TestKind::Mean).filter_map(|judged| judged.power);
        means
            .map(|power| (power.detectable, power.detectable))
            .reduce(|(low, high), (next, _)| (f64::min(low, next), f64::max(high, next)))
    }

    /// The probability that a bias of the stated size is missed.
    pub fn miss(&self) -> f64 {
        MISS
    }
}

impl ExperimentCheck {
    /// The more severe verdict of its two parts.
    pub fn verdict(&self) -> CheckVerdict {
        let bytes = match &self.bytes {
            None | Some(Baseline::Same { .. }) => CheckVerdict::Pass,
            Some(Baseline::Changed { .. } | Baseline::Unreadable { .. }) => CheckVerdict::Regressed,
            Some(_) => CheckVerdict::Changed,
        };
        let theory = match &self.theory {
            Some(theory) if theory.tests.iter().any(|judged| judged.is_rejected) => CheckVerdict::Regressed,
            Some(theory) if theory.tests.iter().any(|judged| self.is_inconclusive(judged)) => {
                CheckVerdict::Inconclusive
            }
            _ => CheckVerdict::Pass,
        };
        if bytes.severity() > theory.severity() { bytes } else { theory }
    }

    /// Whether a test of a mean could miss a bias of the size that the experiment file wants detected.
    pub fn is_inconclusive(&self, judged: &JudgedTest) -> bool {
        // Nominal tests guarantee nothing.
        let guarantees = judged.test.kind == TestKind::Mean && !judged.test.is_nominal();
        let Some(detect) = self.plan.check.detect.filter(|_| guarantees) else {
            return false;
        };
        judged.power.is_none_or(|power| power.detectable > detect.get())
    }
}
