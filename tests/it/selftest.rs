//! `runner selftest`: right standard errors pass, and each that is wrong on purpose is caught.

use crate::harness::Workspace;
use kl_math::statistics::{Measure, precision_gain};
use kl_runner::check::selftest::{
    Assumption, CalibrationCase, CaseResult, Formula, Law, Selftest, StudyTrials, calibration_cases,
};

#[test]
fn the_program_s_own_formulas_pass() {
    let ended = Workspace::new().run(["selftest"]).succeeds();
    ended.shows("PASS: 57 of 57").shows("not tested").shows("in 38 or more of 40 batches").shows("at most 8.5e-8");
    Workspace::new().run(["selftest", "--repeats", "10"]).refuses().says("4000");
}

/// Another seed, fewer studies: right all the same.
#[test]
fn no_seed_fails() {
    for seed in 0..2 {
        let selftest = Selftest::run(&calibration_cases(), seed, 4_000);
        assert!(selftest.passes() && selftest.false_alarm <= 1e-6, "{seed}: {:?}", selftest.results);
    }
}

/// The limit of the calibration cases: see `the_program_s_own_formulas_pass`.
const LIMIT: usize = 38;

/// The case about a measure and a law, with another formula.
fn planted(measure: Measure, law: Law, formula: Formula) -> CaseResult {
    let is_it = |case: &CalibrationCase| (case.measure, case.law, case.assumption) == (measure, law, Assumption::None);
    let case = calibration_cases().into_iter().find(is_it).unwrap();
    let result = |case| Selftest::run(&[case], 57, 20_000).results[0];
    assert_eq!(result(case).holds(LIMIT), Some(true));
    result(CalibrationCase { formula, ..case })
}

fn assert_caught(result: CaseResult, ratio: std::ops::Range<f64>) {
    assert_eq!(result.holds(LIMIT), Some(false), "{result:?}");
    assert!(ratio.contains(&result.ratio()), "{result:?}");
}

fn right(measure: Measure, drawn: &StudyTrials<'_>) -> Option<(f64, f64)> {
    let found = drawn.study.assess(measure)?;
    Some((found.estimate, found.mcse?))
}

#[test]
fn a_mean_over_n_for_its_root_is_caught() {
    let wrong: Formula = |measure, drawn| {
        let (estimate, mcse) = right(measure, drawn)?;
        Some((estimate, mcse / (drawn.estimates.len() as f64).sqrt()))
    };
    assert_caught(planted(Measure::Bias, Law::Normal, wrong), 0.45..0.55);
}

#[test]
fn a_divisor_of_n_at_few_trials_is_caught() {
    let wrong: Formula = |measure, drawn| {
        let (estimate, mcse) = right(measure, drawn)?;
        let n = drawn.estimates.len() as f64;
        Some((estimate, mcse * ((n - 1.0) / n).sqrt()))
    };
    assert_caught(planted(Measure::Bias, Law::Normal, wrong), 0.84..0.89);
}

#[test]
fn a_normal_formula_on_exponential_data_is_caught() {
    let wrong: Formula =
        |measure, drawn| Some((drawn.study.assess(measure)?.estimate, drawn.study.mcse_if_normal(measure)?));
    // √((9 − 1)/2) times too small.
    assert_caught(planted(Measure::EmpiricalSe, Law::Exponential, wrong), 0.45..0.6);
}

#[test]
fn a_part_without_its_root_is_caught() {
    let wrong: Formula = |measure, drawn| {
        let (part, _) = right(measure, drawn)?;
        Some((part, part * (1.0 - part) / drawn.estimates.len() as f64))
    };
    assert_caught(planted(Measure::Coverage, Law::Normal, wrong), 0.0..0.1);
}

#[test]
fn pairs_taken_for_independent_are_caught() {
    let wrong: Formula = |_, drawn| {
        let gain = precision_gain(drawn.estimates, drawn.others)?.estimate;
        let n = drawn.estimates.len() as f64;
        // 200 (S_A/S_B)² √(1/(n−1)): the formula of the literature with ρ = 0.
        Some((gain, 2.0 * (gain + 100.0) / (n - 1.0).sqrt()))
    };
    assert_caught(planted(Measure::PrecisionGain, Law::NormalPairs, wrong), 1.5..1.8);
}

/// A formula that gives nothing is no better than a wrong one.
#[test]
fn a_formula_without_a_value_is_caught() {
    let result = planted(Measure::Rejection, Law::Coin, |_, _| None);
    assert_eq!((result.holds(LIMIT), result.outside), (Some(false), [40, 40]));
}

#[test]
fn a_median_s_error_from_normal_theory_is_caught_where_estimates_are_exponential() {
    // √(π/2n) S, for a density that a normal law has at its median.
    let wrong: Formula = |measure, drawn| {
        let (estimate, _) = right(measure, drawn)?;
        let std_dev = drawn.study.assess(Measure::EmpiricalSe)?.estimate;
        Some((estimate, (std::f64::consts::FRAC_PI_2 / drawn.estimates.len() as f64).sqrt() * std_dev))
    };
    assert_caught(planted(Measure::Median, Law::Exponential, wrong), 1.2..1.3);
}
