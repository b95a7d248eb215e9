//! What a check found, all experiments together.

use super::{Baseline, FreshTrials, Kind, LawTest, MISS, Power, powers};
use crate::plan::{Plan, Seed};
use kl_math::statistics::holm;

/// How a check of one experiment, or of all, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckVerdict {
    /// Everything is as it should be.
    Pass,
    /// Some result changed, or disagrees with theory.
    Regressed,
    /// There was nothing to compare with: the spec changed, or the committed results are missing or of another kind.
    Changed,
    /// All tests passed, but could have missed a bias that the spec says must be seen.
    Inconclusive,
}

impl CheckVerdict {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Regressed => "regressed",
            Self::Changed => "changed",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// How grave it is: the gravest of several counts.
    fn gravity(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Inconclusive => 1,
            Self::Changed => 2,
            Self::Regressed => 3,
        }
    }
}

/// One experiment.
#[derive(Debug)]
pub struct ExperimentCheck {
    /// What was checked.
    pub plan: Plan,
    /// The committed results beside those of a rerun, if they were compared.
    pub bytes: Option<Baseline>,
    /// Fresh trials beside theory, if there were any.
    pub law: Option<LawCheck>,
}

/// The tests of one experiment's fresh trials.
#[derive(Clone, Debug)]
pub struct LawCheck {
    /// The seed of the fresh trials.
    pub seed: Seed,
    /// The tests.
    pub tests: Vec<JudgedTest>,
    /// How many trials were drawn, those aside that are only tallied.
    pub drawn: u128,
    /// How many of them the plan has.
    pub planned: u128,
}

/// A test, and what comes of it beside all others.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedTest {
    /// The test.
    pub test: LawTest,
    /// What it can see.
    pub power: Option<Power>,
    /// Whether it fails, under the budget of all tests together.
    pub is_rejected: bool,
}

/// A check of one or more experiments.
#[derive(Debug)]
pub struct Check {
    /// The experiments, in order.
    pub experiments: Vec<ExperimentCheck>,
    /// The chance of a failure of a right program, all tests of all experiments together.
    pub false_alarm: f64,
}

impl Check {
    /// Judges all tests of all experiments together, by Holm's procedure at the strictest of their false-alarm rates.
    ///
    /// `fresh` holds the fresh trials of each of `plans`, where any were made.
    pub fn judge(plans: Vec<Plan>, bytes: Vec<Option<Baseline>>, fresh: Vec<Option<FreshTrials>>) -> Self {
        let false_alarm = plans.iter().map(|plan| plan.check.false_alarm.get()).fold(1.0, f64::min);
        let all: Vec<f64> = fresh.iter().flatten().flat_map(|fresh| &fresh.tests).map(|test| test.p_value).collect();
        // Holm's first step is at this level: what it sees, later steps see, too.
        let level = false_alarm / all.len().max(1) as f64;
        let mut rejections = holm(&all, false_alarm).into_iter();
        let experiments = plans.into_iter().zip(bytes).zip(fresh).map(|((plan, bytes), fresh)| {
            let law = fresh.map(|FreshTrials { seed, tests, drawn, planned }| {
                let powers = powers(&plan, &tests, level);
                let judged = tests.into_iter().zip(powers).map(|(test, power)| JudgedTest {
                    test,
                    power,
                    is_rejected: rejections.next().unwrap_or(false),
                });
                LawCheck { seed, tests: judged.collect(), drawn, planned }
            });
            ExperimentCheck { plan, bytes, law }
        });
        Self { experiments: experiments.collect(), false_alarm }
    }

    /// How many tests there were.
    pub fn test_count(&self) -> usize {
        self.experiments.iter().filter_map(|experiment| experiment.law.as_ref()).map(|law| law.tests.len()).sum()
    }

    /// How many fresh trials were drawn, and how many there would have been.
    pub fn trials(&self) -> (u128, u128) {
        let laws = self.experiments.iter().filter_map(|experiment| experiment.law.as_ref());
        laws.fold((0, 0), |(drawn, planned), law| (drawn + law.drawn, planned + law.planned))
    }

    /// The gravest verdict of all experiments.
    pub fn verdict(&self) -> CheckVerdict {
        let all = self.experiments.iter().map(ExperimentCheck::verdict);
        all.max_by_key(|verdict| verdict.gravity()).unwrap_or(CheckVerdict::Pass)
    }

    /// The smallest and the largest bias that the tests of the means see but for a chance of [`MISS`], as parts of D.
    pub fn detectable_biases(&self) -> Option<(f64, f64)> {
        let tests = self.experiments.iter().filter_map(|experiment| experiment.law.as_ref()).flat_map(|law| &law.tests);
        let means = tests.filter(|judged| judged.test.kind == Kind::Mean).filter_map(|judged| judged.power);
        means
            .map(|power| (power.detectable, power.detectable))
            .reduce(|(low, high), (next, _)| (f64::min(low, next), f64::max(high, next)))
    }

    /// The chance that a bias of the stated size is missed.
    pub fn miss(&self) -> f64 {
        MISS
    }
}

impl ExperimentCheck {
    /// Its own verdict: the gravest of its parts.
    pub fn verdict(&self) -> CheckVerdict {
        let bytes = match &self.bytes {
            None | Some(Baseline::Same { .. }) => CheckVerdict::Pass,
            Some(Baseline::Changed { .. } | Baseline::Unreadable { .. }) => CheckVerdict::Regressed,
            Some(_) => CheckVerdict::Changed,
        };
        let law = match &self.law {
            Some(law) if law.tests.iter().any(|judged| judged.is_rejected) => CheckVerdict::Regressed,
            Some(law) if law.tests.iter().any(|judged| self.is_blind(judged)) => CheckVerdict::Inconclusive,
            _ => CheckVerdict::Pass,
        };
        if bytes.gravity() > law.gravity() { bytes } else { law }
    }

    /// Whether a test of a mean could miss a bias that the spec says must be seen.
    pub fn is_blind(&self, judged: &JudgedTest) -> bool {
        let Some(detect) = self.plan.check.detect.filter(|_| judged.test.kind == Kind::Mean) else {
            return false;
        };
        judged.power.is_none_or(|power| power.detectable > detect.get())
    }
}
