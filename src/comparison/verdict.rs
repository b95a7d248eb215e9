//! Whether estimates and theory agree, over all rows of an experiment at once.

use super::Comparison;
use crate::statistics::holm;

/// The chance that an experiment whose every formula and sampler is right shows a `disagree` at all.
pub const FALSE_ALARM: f64 = 1e-6;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every test of the row passed.
    Agree,
    /// A test of the row failed: the program, its theory or its random numbers are wrong.
    Disagree,
    /// KL(P‖Q) is infinite, and the infinite trials are as many as they should be.
    Infinite,
    /// Nothing could be tested.
    Untested,
}

impl Verdict {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Disagree => "disagree",
            Self::Infinite => "infinite",
            Self::Untested => "untested",
        }
    }
}

/// The verdict of each comparison: Holm's procedure over all their tests, with one budget of false alarms.
pub fn judge(comparisons: &[&Comparison], false_alarm: f64) -> Vec<Verdict> {
    let p_values: Vec<f64> = comparisons.iter().flat_map(|comparison| comparison.tests()).collect();
    let mut rejections = holm(&p_values, false_alarm).into_iter();
    let verdict = |comparison: &&Comparison| {
        let tests = comparison.tests().count();
        // All of the row's rejections are taken, so that the next row's come next.
        let rejected = rejections.by_ref().take(tests).filter(|&rejected| rejected).count() > 0;
        match comparison.exact_match {
            _ if rejected => Verdict::Disagree,
            Some(false) => Verdict::Disagree,
            _ if comparison.closed_form.is_infinite() => Verdict::Infinite,
            None if tests == 0 => Verdict::Untested,
            _ => Verdict::Agree,
        }
    };
    comparisons.iter().map(verdict).collect()
}
