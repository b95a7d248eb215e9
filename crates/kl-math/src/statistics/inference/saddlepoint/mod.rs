//! The tails of a mean as near as they can be had: listed where its values are few, else by the saddlepoint approximation.

mod density;
mod few_values;
mod rare;
mod tails;
#[cfg(test)]
mod tests;

use crate::divergence::CumulantFunction;
use tails::tails;

pub use density::saddlepoint_masses;

pub(super) use rare::Split;
pub(super) use tails::Terms;

/// Means of fewer terms than this are not approximated.
pub const FEWEST_TERMS: f64 = 100.0;

/// How the tails of a mean were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TailMethod {
    /// Summed over all values.
    Exact,
    /// By the saddlepoint approximation.
    Saddlepoint,
}

/// Twice the smaller tail, at most 1, of the mean of `count` independent copies of Y, `deviation` from its own mean, 0; an atom
/// there is part of both tails. None where nothing better than a bound is known. `cumulants` is Y's K.
///
/// Where the copies fall in few ways upon few values, their tails are summed. Else, from 100 copies on, the tails are those of
/// Lugannani and Rice (1980), "Saddle point approximation for the distribution of the sum of independent random variables":
/// with K′(ŝ) = x, w = sgn(ŝ) √(2n(ŝx − K(ŝ))) and u = ŝ √(nK″(ŝ)),
///
/// P(Ȳ ≥ x) ≈ 1 − Φ(w) + φ(w) (1/u − 1/w),
///
/// and on a lattice of span d, with the atom at x, u = √(nK″(ŝ)) (1 − e^(−dŝ))/d (Daniels 1987, "Tail probability
/// approximations"). A value so rare and so far out that the sum of the others does not bridge its steps is counted, and the
/// sum over its counts taken. The approximation is left alone where its next term is above a twentieth.
///
/// Against exact laws the relative error is below 2 % for p ≥ 1e-6 and n ≥ 100, and mostly below 0.1 %. It is largest where
/// values are few, on no lattice, and yet too many to be summed: of 100 copies of five values 1.9 %, of 200 1.1 %.
///
/// ```
/// use kl_math::divergence::FiniteCumulants;
/// use kl_math::statistics::{TailMethod, two_sided_p_value};
/// // Rolls of a die with faces −2.5, −1.5, …, 2.5: 200 sum up to 50 or more with chance 0.0212.
/// let die = FiniteCumulants::new((0..6).map(|face| (1.0 / 6.0, f64::from(face) - 2.5)).collect());
/// let (p, method) = two_sided_p_value(&die, 50.0 / 200.0, 200.0).expect("enough rolls");
/// assert_eq!(method, TailMethod::Saddlepoint);
/// assert!((p / 0.0404 - 1.0).abs() < 0.02, "{p}");
/// ```
pub fn two_sided_p_value(cumulants: &dyn CumulantFunction, deviation: f64, count: f64) -> Option<(f64, TailMethod)> {
    if cumulants.variance() == 0.0 || !deviation.is_finite() {
        return None;
    }
    let terms = Terms::of(cumulants, 1.0);
    if let Some(values) = cumulants.values().filter(|values| values.len() <= few_values::MOST_VALUES) {
        let tilt = terms.tilt(deviation, 0.0).unwrap_or_else(|| cumulants.end_of_domain(deviation > 0.0));
        if let Some([outer, inner]) = few_values::tails(values, cumulants.scale(), deviation, count, tilt) {
            return Some((two_sided(outer, inner), TailMethod::Exact));
        }
    }
    if count < FEWEST_TERMS {
        return None;
    }
    let [outer, inner] = match cumulants.values().and_then(|values| Split::of(values, count)) {
        Some(split) => rare::tails_by_count(split, cumulants.span(), deviation, count)?,
        None => tails(&Terms::of(cumulants, count), deviation * count)?,
    };
    let is_sound = |tail: f64| tail.is_finite() && tail > 0.0;
    (is_sound(outer) && is_sound(inner)).then(|| (two_sided(outer, inner), TailMethod::Saddlepoint))
}

fn two_sided(outer: f64, inner: f64) -> f64 {
    (2.0 * outer.min(inner)).clamp(f64::MIN_POSITIVE, 1.0)
}
