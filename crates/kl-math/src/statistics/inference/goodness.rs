//! Whether a histogram fits an exact law.

use crate::law::Binomial;
use crate::numeric::DoubleDouble;

/// A p-value of the number of trials in each bin, given the exact probabilities of the bins: never below the truth, for any
/// number of trials.
///
/// The number in each bin is binomial, and so is the number up to each edge. The smallest of these exact two-sided
/// p-values times their number bounds the chance that any is so small (Bonferroni): a bin that is off shows in its own
/// test, a shift of the whole in those of the edges. None without a trial, or where there is but one bin.
///
/// ```
/// use kl_math::statistics::goodness_of_fit;
/// assert_eq!(goodness_of_fit(&[(0.25, 260), (0.5, 490), (0.25, 250)]), Some(1.0));
/// assert!(goodness_of_fit(&[(0.25, 350), (0.5, 400), (0.25, 250)]).expect("three bins") < 1e-8);
/// ```
pub fn goodness_of_fit(bins: &[(f64, u64)]) -> Option<f64> {
    let trials: u64 = bins.iter().map(|(_, count)| count).sum();
    if trials == 0 || bins.len() < 2 {
        return None;
    }
    let whole: DoubleDouble = bins.iter().map(|&(mass, _)| DoubleDouble::from(mass)).sum();
    let p_value = |mass: DoubleDouble, count: u64| {
        // Probabilities are right to ten digits: they are divided by their sum.
        let rest = whole - mass;
        let rest = if rest < DoubleDouble::ZERO { DoubleDouble::ZERO } else { rest };
        let sum = mass + rest;
        Binomial::new(trials, mass / sum, rest / sum).two_sided_p_value(count)
    };
    let (mut below, mut so_far, mut smallest, mut tests) = (DoubleDouble::ZERO, 0, 1.0f64, 0.0);
    for (place, &(mass, count)) in bins.iter().enumerate() {
        let mass = DoubleDouble::from(mass);
        smallest = smallest.min(p_value(mass, count));
        below += mass;
        so_far += count;
        tests += 1.0;
        // Up to the first edge is the first bin, and beyond the last but one the last.
        if place > 0 && place + 2 < bins.len() {
            smallest = smallest.min(p_value(below, so_far));
            tests += 1.0;
        }
    }
    Some((smallest * tests).min(1.0))
}
