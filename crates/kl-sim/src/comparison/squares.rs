//! The law of the squared distance from the mean, for the test of the variance.

use super::sample::RESOLVED;
use crate::estimator::{ContributionCumulants, Contributions, Theory};
use kl_math::law::{Atom, Law};
use kl_math::statistics::{SquaredDeviation, TailMethod};
use std::sync::Arc;

/// Laws of means of symbols with at most this many atoms are summed.
const SUMMED_ATOMS: usize = 4096;

/// Laws that are listed with at most this many atoms are summed, too: there is no other way to them.
const LISTED_ATOMS: usize = 1 << 16;

/// The law of the squared distance from the mean: summed over atoms where they are few and far enough apart for
/// their differences to be more than rounding.
pub(super) fn law_of_squares(theory: &Theory, kurtosis: f64, mean: f64, variance: f64) -> Option<SquaredDeviation> {
    let most = match &theory.contributions {
        Some(Contributions { count: 1, cumulants: ContributionCumulants::Symbol(_) }) => LISTED_ATOMS,
        _ => SUMMED_ATOMS,
    };
    let atoms = theory.law.as_ref().and_then(|law| law.atoms(most));
    let scale = |atoms: &[Atom]| atoms.iter().map(|atom| atom.value.abs()).fold(0.0, f64::max);
    let contributions = theory.contributions.as_ref();
    match (atoms, contributions) {
        (Some(atoms), _) if variance.sqrt() > RESOLVED * scale(&atoms) => {
            Some(SquaredDeviation::exact(&atoms, mean, variance))
        }
        (_, Some(Contributions { cumulants, count })) => {
            let (variance, fourth_moment) = (variance * *count as f64, 3.0 + kurtosis);
            Some(match cumulants {
                ContributionCumulants::Symbol(symbol) => {
                    SquaredDeviation::of_mean(symbol, variance, *count, fourth_moment)
                }
                ContributionCumulants::Other(function) => {
                    SquaredDeviation::of_contributions(Arc::clone(function), variance, *count, fourth_moment)
                }
            })
        }
        (_, None) => None,
    }
}

/// The p-value of the mean square over its expectation, `ratio`, as near as it can be had. The squares of a normal law sum to a
/// gamma law.
pub(super) fn near_p_value(
    theory: &Theory,
    squares: &SquaredDeviation,
    ratio: f64,
    trials: u64,
) -> Option<(f64, TailMethod)> {
    let exact = match &theory.law {
        Some(Law::Sum(law)) => law.two_sided_p_value_of_squares(ratio, trials),
        _ => None,
    };
    exact.map(|p_value| (p_value, TailMethod::Exact)).or_else(|| squares.near_p_value(ratio, trials))
}
