//! Comparisons of trials whose counts are known.

use super::Comparison;
use crate::estimator::{EstimatedBy, Estimator, LogRatio, Theory};
use crate::simulation::{EstimationSummary, GroupSummary};
use kl_math::distribution::{Categorical, Pair};
use kl_math::statistics::CountSums;
use std::sync::Arc;

fn pair(p: &[f64], q: &[f64]) -> Pair {
    Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap()
}

/// What comes of trials with these symbol counts, under a theory that may have been tampered with.
fn compared(pair: &Pair, trials: &[&[u64]], tamper: impl Fn(&mut Theory)) -> Comparison {
    let n = trials[0].iter().sum();
    let mut sums = CountSums::new(pair.symbols().unwrap().source_probabilities(), n);
    trials.iter().for_each(|counts| sums.push(counts, 1));
    let group = GroupSummary { sums, tally: None, estimations: Vec::new() };
    let mut theory = LogRatio.theory(pair, n);
    tamper(&mut theory);
    Comparison::new(pair, EstimatedBy::Estimator(&LogRatio), &theory, &group, &EstimationSummary::default()).unwrap()
}

/// Two trials of one symbol, both the rarest, whose chance is 1e-3: 2·(1e-3)², doubled for two sides.
#[test]
fn the_bound_of_the_mean_counts_every_symbol() {
    let pair = pair(&[0.9, 0.099, 0.001], &[0.5, 0.4, 0.1]);
    let found = compared(&pair, &[&[0, 0, 1], &[0, 0, 1]], |_| ());
    let p = found.p_value_bound.unwrap();
    assert!((2e-6..2e-6 * (1.0 + 1e-6)).contains(&p), "{p:e}");
}

#[test]
fn a_wrong_closed_form_is_seen_without_any_chance() {
    let pair = pair(&[0.5, 0.5], &[0.4, 0.6]);
    assert_eq!(compared(&pair, &[&[5, 5]], |_| ()).exact_match, None);
    let off = compared(&pair, &[&[5, 5]], |theory| theory.mean = theory.mean.map(|mean| mean * (1.0 + 1e-9)));
    assert_eq!(off.exact_match, Some(false));
    let constant = Pair::new(Arc::clone(pair.source()), Arc::clone(pair.source())).unwrap();
    assert_eq!(compared(&constant, &[&[5, 5]], |_| ()).exact_match, Some(true));
    assert_eq!(compared(&constant, &[&[5, 5]], |theory| theory.mean = Some(1e-9)).exact_match, Some(false));
}

/// With the law of the squares summed over atoms, and bounded from the law of a symbol.
#[test]
fn both_tests_of_the_variance_say_nearly_the_same() {
    let pair = pair(&[0.7, 0.2, 0.1], &[0.5, 0.2, 0.3]);
    let wide: Vec<&[u64]> =
        [[20u64, 4, 6], [26, 3, 1], [25, 4, 1], [17, 7, 6]].iter().map(|c| c.as_slice()).cycle().take(80).collect();
    let narrow: Vec<&[u64]> = [[21u64, 6, 3], [22, 5, 3]].iter().map(|c| c.as_slice()).cycle().take(40).collect();
    for trials in [wide, narrow] {
        let exact = compared(&pair, &trials, |_| ()).variance_p_value_bound.unwrap();
        let bound = compared(&pair, &trials, |theory| theory.law = None).variance_p_value_bound.unwrap();
        assert!(exact < 1e-3 && bound >= exact && libm::log(bound) < 0.6 * libm::log(exact), "{exact:e} {bound:e}");
    }
}

/// A skewed source, whose squares spread far more than a normal law's: quiet trials are no surprise.
#[test]
fn the_test_of_the_variance_knows_the_kurtosis() {
    let pair = pair(&[0.98, 0.015, 0.005], &[0.4, 0.3, 0.3]);
    let quiet: Vec<&[u64]> = [[10u64, 0, 0]].iter().map(|counts| counts.as_slice()).cycle().take(20).collect();
    let exact = compared(&pair, &quiet, |_| ()).variance_p_value_bound.unwrap();
    let bound = compared(&pair, &quiet, |theory| theory.law = None).variance_p_value_bound.unwrap();
    // Truly 2·0.98²⁰⁰.
    assert!(exact >= 2.0 * libm::pow(0.98, 200.0) && bound >= exact * (1.0 - 1e-9), "{exact:e} {bound:e}");
    // A little too quiet, many times: here the second order decides.
    let kinds: [(&[u64], usize); 4] = [(&[10, 0, 0], 3_380), (&[9, 1, 0], 450), (&[9, 0, 1], 150), (&[8, 1, 1], 20)];
    let calm: Vec<&[u64]> = kinds.iter().flat_map(|&(counts, times)| std::iter::repeat_n(counts, times)).collect();
    let exact = compared(&pair, &calm, |_| ()).variance_p_value_bound.unwrap();
    let bound = compared(&pair, &calm, |theory| theory.law = None).variance_p_value_bound.unwrap();
    assert!(exact < 0.1 && bound >= exact * (1.0 - 1e-9), "{exact:e} {bound:e}");
}

#[test]
fn hardly_possible_symbols_give_finite_numbers() {
    let pair = pair(&[1.0, 5e-324], &[0.5, 0.5]);
    let found = compared(&pair, &[&[1, 0], &[1, 0]], |_| ());
    let numbers = [found.mcse, found.z, found.variance_mcse, found.variance_ratio, found.rmse];
    assert!(numbers.into_iter().flatten().all(f64::is_finite), "{found:?}");
}

/// Estimates whose variance and mean are far off say little once the expected mean itself may be off by a standard error.
#[test]
fn what_the_expected_mean_may_be_off_by_is_no_deviation() {
    let pair = pair(&[0.7, 0.2, 0.1], &[0.5, 0.2, 0.3]);
    let of = |kinds: &[[u64; 3]]| -> Vec<Vec<u64>> { kinds.iter().map(|c| c.to_vec()).cycle().take(80).collect() };
    let wide = of(&[[20, 4, 6], [26, 3, 1], [25, 4, 1], [17, 7, 6]]);
    let narrow = of(&[[21, 6, 3], [22, 5, 3]]);
    for trials in [wide, narrow] {
        let trials: Vec<&[u64]> = trials.iter().map(Vec::as_slice).collect();
        let sure = compared(&pair, &trials, |_| ());
        assert!(sure.variance_p_value_bound.unwrap() < 1e-3, "{sure:?}");
        // Of the root of the mean square so much is rounding that it may be 1.
        let off = |theory: &mut Theory| theory.mean_error = theory.variance.map(|variance| 0.99 * variance.sqrt());
        assert_eq!(compared(&pair, &trials, off).variance_p_value_bound, Some(1.0));
    }
    let high: Vec<&[u64]> = [[24u64, 4, 2], [23, 4, 3]].iter().map(|c| c.as_slice()).cycle().take(80).collect();
    let sure = compared(&pair, &high, |_| ());
    let (z, p) = (sure.z.unwrap().abs(), sure.p_value_bound.unwrap());
    assert!(z > 3.0 && p < 0.03, "{sure:?}");
    let mcse = sure.mcse.unwrap();
    let rather = compared(&pair, &high, |theory| theory.mean_error = Some(0.9 * mcse)).p_value_bound.unwrap();
    // As a normal law's tail falls: e^(−z²/2) at z − 0.9.
    assert!(libm::log(rather / p) > 0.8 * 0.9 * (z - 0.45), "{z}: {p:e} {rather:e}");
    // Beyond a standard error nothing is tested.
    let lost = compared(&pair, &high, |theory| theory.mean_error = Some(1.1 * mcse));
    assert!(lost.z.is_none() && lost.p_value.is_none() && !lost.is_resolved(), "{lost:?}");
}
