//! How long a sequence has to be.

use super::NeymanPearson;
use super::exponents::Exponents;
use super::test::LONGEST;
use crate::distribution::Pair;
use crate::divergence::Cumulants;
use crate::law::count_vectors;
use crate::numeric::normal_quantile;

/// The smallest N at which a test keeps to two error rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmallestLength {
    /// The smallest N.
    pub n: u64,
    /// Whether that is so by exact laws; else N is right to some percent: by saddlepoints, or by normal
    /// laws where the cumulants of Λ are not known, of Markov chains and of rates above ½.
    pub exact: bool,
    /// A length from which on every one keeps to the rates, proved by Chernoff's bounds; none where these are not known.
    pub always_from: Option<u64>,
    /// Whether `always_from` is the smallest such length.
    pub is_least_always: bool,
}

/// So many lengths are tried one by one.
const MOST_TRIED: u64 = 20_000;

/// Laws with more atoms take too long for a search.
const MOST_ATOMS: u128 = 1 << 17;

/// So many atoms are gone through one by one in a search downward.
const MOST_WORK: u128 = 1 << 21;

/// The smallest N whose test of Neyman and Pearson, not randomised, has an alpha and a beta of at most these.
///
/// The beta of the randomised test, whose alpha is exact, falls as N grows, and it is never above that of the test that is not
/// randomised: no N below the first at which it is small enough will do, and from there on they are tried one by one. Where Λ has
/// atoms the condition may fail again at a larger N. Chernoff's bounds show an N from which on it always holds, and the lengths
/// between are tried downward.
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
    if let Some((n, is_continuous)) = exact(pair, alpha, beta) {
        if is_continuous {
            return Some(SmallestLength { n, exact: true, always_from: Some(n), is_least_always: true });
        }
        let settled = settled.map(|settled| settled.max(n));
        let least = settled.and_then(|settled| least_always(pair, alpha, beta, n, settled));
        let always_from = least.or(settled);
        return Some(SmallestLength { n, exact: true, always_from, is_least_always: least.is_some() });
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

/// How many atoms the law of `n` symbols has, where they are listed.
fn atoms(pair: &Pair, n: u64) -> u128 {
    let few = |ratios: &[f64]| {
        let mut finite: Vec<f64> = ratios.iter().copied().filter(|ratio| ratio.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        finite.dedup();
        finite.len() <= 2
    };
    match pair {
        Pair::Symbols(pair) if !few(pair.log_ratios()) => count_vectors(pair.source_probabilities(), n),
        _ => 1,
    }
}

fn test_of(pair: &Pair, n: u64, alpha: f64) -> Option<NeymanPearson> {
    NeymanPearson::of(pair, n, alpha).filter(|_| atoms(pair, n) <= MOST_ATOMS)
}

/// The smallest N by exact laws, and whether Λ has a density.
fn exact(pair: &Pair, alpha: f64, beta: f64) -> Option<(u64, bool)> {
    let randomised = |n: u64| test_of(pair, n, alpha).and_then(|found| found.randomised_beta);
    // Within half a unit of the last digit a longer sequence may seem worse: that changes nothing here.
    let (mut low, mut high) = (0, 1);
    while randomised(high)? > beta {
        (low, high) = (high, high.checked_mul(2)?);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if randomised(middle)? <= beta { high = middle } else { low = middle }
    }
    for n in high..high.saturating_add(MOST_TRIED) {
        let found = test_of(pair, n, alpha)?;
        if found.beta? <= beta {
            return Some((n, found.atom.is_none()));
        }
    }
    None
}

/// The smallest length from `n` on after which all keep to the rates, as all do from `settled` on; none where there are too many.
fn least_always(pair: &Pair, alpha: f64, beta: f64, n: u64, settled: u64) -> Option<u64> {
    let tried = settled - n;
    if tried > MOST_TRIED || u128::from(tried).saturating_mul(atoms(pair, settled)) > MOST_WORK {
        return None;
    }
    for length in (n..settled).rev() {
        if test_of(pair, length, alpha)?.beta? > beta {
            return Some(length + 1);
        }
    }
    Some(n)
}
