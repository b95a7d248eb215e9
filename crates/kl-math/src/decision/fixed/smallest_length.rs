//! How long a sequence has to be.

use super::exponents::Exponents;
use super::search::{First, Search};
use super::test::LONGEST;
use crate::distribution::Pair;
use crate::divergence::Cumulants;
use crate::numeric::normal_quantile;

/// The smallest N at which a test keeps to two error rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmallestLength {
    /// The smallest N.
    pub n: u64,
    /// Whether that is so by exact laws. Else N is the smallest length of the randomised test, where the others lie so close together
    /// that they are not all tried; or, where no exact law is known, it is right to some percent: by saddlepoints, or by normal laws
    /// of Markov chains and for rates above ½.
    pub exact: bool,
    /// A length from which on every one surely keeps to the rates; none where none is known.
    pub always_from: Option<u64>,
    /// Whether `always_from` is the smallest such length.
    pub is_least_always: bool,
}

/// The smallest N whose test of Neyman and Pearson, not randomised, has an alpha and a beta of at most these.
///
/// The beta of the randomised test, whose alpha is exact, falls as N grows, and it is never above that of the test that is not
/// randomised: no N below the first at which it is small enough will do, and from there on they are tried. Where Λ has atoms the
/// condition may fail again at a larger N. No atom of a longer sequence has more mass m than the largest of a shorter one, so that
/// from where the randomised test of level alpha − m keeps to beta every N does; those before it are tried downward. Chernoff's
/// bounds, too, show an N from which on it always holds.
///
/// None if P is Q, a rate is not inside (0, 1), or neither an exact law nor the variances of Λ under P and Q are known.
///
/// ```
/// use kl_math::decision::fixed::smallest_length;
/// use kl_math::distribution::{Normal, Pair};
/// // (z + z)² for means one standard deviation apart: (1.645 + 1.282)² = 8.56.
/// let pair = Pair::of(Normal::new(1.0, 1.0)?, Normal::new(0.0, 1.0)?)?;
/// let found = smallest_length(&pair, 0.05, 0.1).expect("normal");
/// assert_eq!((found.n, found.exact, found.always_from), (9, true, Some(9)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn smallest_length(pair: &Pair, alpha: f64, beta: f64) -> Option<SmallestLength> {
    let is_chance = |chance: f64| chance > 0.0 && chance < 1.0;
    let cumulants = Cumulants::of(pair);
    if !is_chance(alpha) || !is_chance(beta) || cumulants.mean == 0.0 {
        return None;
    }
    let exponents = Exponents::of(pair);
    let settled = exponents.as_ref().map(|exponents| exponents.settled(alpha, beta).ceil().max(1.0));
    let settled = settled.filter(|&length| length < LONGEST as f64).map(|length| length as u64);
    let search = Search::new(pair, alpha, beta);
    let first = search.first();
    if let Some(First::At(n) | First::From(n)) = first {
        let exact = matches!(first, Some(First::At(_)));
        let (always_from, is_least_always) = search.always(n, settled);
        return Some(SmallestLength { n, exact, always_from, is_least_always: exact && is_least_always });
    }
    let about = match exponents.filter(|_| alpha.max(beta) <= 0.5) {
        Some(exponents) => exponents.about(alpha, beta),
        None => by_normal_laws(pair, &cumulants, alpha, beta)?,
    };
    let n = about.ceil().max(1.0);
    let always_from = settled.map(|settled| settled.max(n as u64));
    (n < LONGEST as f64).then_some(SmallestLength { n: n as u64, exact: false, always_from, is_least_always: false })
}

/// N(D + D′) = √N (zσ + z′σ′), D and σ² the mean and the variance of ln(p/q) under P, the others those of ln(q/p) under Q.
fn by_normal_laws(pair: &Pair, under_source: &Cumulants, alpha: f64, beta: f64) -> Option<f64> {
    let under_model = Cumulants::of(&pair.reversed().ok()?);
    let part = |cumulants: &Cumulants, chance: f64| {
        let deviation = cumulants.spread?.variance.sqrt();
        Some(deviation * if chance <= 0.5 { normal_quantile(chance) } else { -normal_quantile(1.0 - chance) })
    };
    let root = (part(under_source, alpha)? + part(&under_model, beta)?) / (under_source.mean + under_model.mean);
    Some(root.max(0.0) * root.max(0.0)).filter(|length| length.is_finite())
}
