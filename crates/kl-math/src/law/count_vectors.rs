//! How many symbol counts a sequence can show.

use super::Binomial;
use crate::numeric::DoubleDouble;

/// About how many vectors of symbol counts of `n` symbols have a chance of more than 1e-40, rounded upward: at most
/// C(n+K−1, K−1), and at most the product over all but one of the K symbols that have mass of the counts within 13.6
/// standard deviations of their mean.
///
/// ```
/// use kl_math::law::count_vectors;
/// use kl_math::numeric::DoubleDouble;
/// let fair = |symbols| vec![DoubleDouble::ratio(1, symbols); symbols as usize];
/// assert_eq!((count_vectors(&fair(2), 10), count_vectors(&fair(3), 10)), (11, 66));
/// assert_eq!(count_vectors(&fair(2), 1_000_000), 13_640);
/// ```
pub fn count_vectors(probabilities: &[DoubleDouble], n: u64) -> u128 {
    const REACH: f64 = 13.6;
    let possible: Vec<DoubleDouble> = probabilities.iter().copied().filter(|&mass| mass > DoubleDouble::ZERO).collect();
    let counts = |&mass: &DoubleDouble| {
        let law = Binomial::new(n, mass, DoubleDouble::ONE - mass);
        (2.0 * REACH * law.std_dev() + 40.0).min(n as f64 + 1.0) as u128
    };
    let mut probable: Vec<u128> = possible.iter().map(counts).collect();
    // The count of one symbol follows from the others'.
    probable.sort_unstable();
    probable.pop();
    let probable = probable.into_iter().fold(1u128, u128::saturating_mul);
    compositions(n, possible.len()).map_or(probable, |all| probable.min(u128::from(all)))
}

/// In how many ways n symbols fall into that many groups; `None` beyond 2⁶⁴.
pub(super) fn compositions(n: u64, groups: usize) -> Option<u64> {
    let mut ways: u128 = 1;
    for step in 1..groups as u128 {
        ways = ways.checked_mul(u128::from(n) + step)? / step;
        if ways > u128::from(u64::MAX) {
            return None;
        }
    }
    u64::try_from(ways).ok()
}
