//! Whether estimates and theory agree, over all rows of an experiment at once.

use super::against_theory::Comparison;
use kl_math::statistics::holm;

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
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Agree, Self::Disagree, Self::Infinite, Self::Untested];

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

/// The verdict of each comparison: Holm's procedure over all their rigorous tests, with one budget of false alarms, and over
/// the nominal ones with another of the same size.
pub fn judge(comparisons: &[&Comparison], false_alarm: f64) -> Vec<Verdict> {
    let p_values: Vec<f64> = comparisons.iter().flat_map(|comparison| comparison.tests()).collect();
    let nominal: Vec<f64> = comparisons.iter().filter_map(|comparison| comparison.nominal_test()).collect();
    let mut rejections = holm(&p_values, false_alarm).into_iter();
    let mut nominal_rejections = holm(&nominal, false_alarm).into_iter();
    let verdict = |comparison: &&Comparison| {
        let tests = comparison.tests().count();
        // All of the row's rejections are taken, so that the next row's come next.
        let rejected = rejections.by_ref().take(tests).filter(|&rejected| rejected).count() > 0;
        let is_nominal = comparison.nominal_test().is_some();
        let rejected = (is_nominal && nominal_rejections.next() == Some(true)) || rejected;
        match comparison.exact_match {
            _ if rejected => Verdict::Disagree,
            Some(false) => Verdict::Disagree,
            _ if comparison.mean.is_none() => Verdict::Untested,
            _ if comparison.closed_form == Some(f64::INFINITY) => Verdict::Infinite,
            None if tests == 0 && !is_nominal => Verdict::Untested,
            _ => Verdict::Agree,
        }
    };
    comparisons.iter().map(verdict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::Method;

    /// A test of one's own estimator takes nothing from the budget of the others, nor they from its.
    #[test]
    fn nominal_tests_have_a_budget_of_their_own() {
        let of = |p_value: f64, method| {
            let bound = Some(p_value).filter(|_| method != Method::Student);
            let p_value_method = Some(method);
            Comparison { p_value: Some(p_value), p_value_method, p_value_bound: bound, ..comparison() }
        };
        let rows =
            [of(0.9e-6, Method::Exact), of(0.9e-6, Method::Student), of(0.5, Method::Bound), of(0.5, Method::Student)];
        let verdicts = |rows: &[Comparison]| judge(&rows.iter().collect::<Vec<_>>(), FALSE_ALARM);
        use Verdict::{Agree, Disagree};
        assert_eq!(verdicts(&rows[..2]), [Disagree, Disagree]);
        // Two of a kind share it.
        assert_eq!(verdicts(&rows[..3]), [Agree, Disagree, Agree]);
        assert_eq!(verdicts(&rows[1..]), [Agree, Agree, Agree]);
    }

    fn comparison() -> Comparison {
        Comparison { trials: 10, closed_form: Some(0.5), mean: Some(0.5), ..Comparison::default() }
    }

    #[test]
    fn each_row_gets_the_verdict_of_its_own_tests() {
        let rows = [
            Comparison { p_value_bound: Some(0.3), variance_p_value_bound: Some(1e-9), ..comparison() },
            Comparison { p_value_bound: Some(0.3), ..comparison() },
            comparison(),
            Comparison { exact_match: Some(true), ..comparison() },
            Comparison { exact_match: Some(false), p_value_bound: Some(1.0), ..comparison() },
            Comparison { closed_form: Some(f64::INFINITY), infinite_p_value: Some(0.2), ..comparison() },
            Comparison { closed_form: Some(f64::INFINITY), infinite_p_value: Some(0.0), ..comparison() },
        ];
        let verdicts = judge(&rows.iter().collect::<Vec<_>>(), FALSE_ALARM);
        use Verdict::{Agree, Disagree, Infinite, Untested};
        assert_eq!(verdicts, [Disagree, Agree, Untested, Agree, Disagree, Infinite, Disagree]);
    }
}
