//! How often a sequence from P speaks for Q, and how long it must be for that to be rare.

use super::{CumulantFunction, Law, TwoValues};
use crate::distribution::Pair;
use crate::divergence::Cumulants;

/// Sums that differ from 0 by less than this part of their terms' size are ties.
const TIE: f64 = 1e-12;

/// Lengths up to this one are all tried.
const TRIED: u64 = 20_000;

/// Laws of more atoms are only approximated.
const MOST_ATOMS: u64 = 16_384;

/// Longer ones are only approximated.
const LONGEST_EXACT: f64 = 1e6;

/// At most so many lengths are tried around the approximate one.
const WINDOW: u64 = 4_000;

/// The chances that the estimate L of a sequence from P is below 0, and that it is 0.
///
/// ```
/// use kl_runner::distribution::{Distribution, Pair};
/// use kl_runner::law::{Law, WrongSign};
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let pair = Pair::new(coin(0.6), coin(0.4))?;
/// let of_ten = WrongSign::of(&Law::of(&pair, 10, 100).expect("a binomial law"));
/// assert!((of_ten.tie - 0.200_658_124_8).abs() < 1e-12);
/// # Ok::<(), kl_runner::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrongSign {
    /// P(L < 0): the sequence is likelier under the wrong model.
    pub below: f64,
    /// P(L = 0): it does not say.
    pub tie: f64,
}

impl WrongSign {
    /// The chances under the exact law of L.
    pub fn of(law: &Law) -> Self {
        match law {
            Law::TwoValues(law) => Self::of_counts(law),
            Law::Atoms(atoms) => {
                let largest =
                    atoms.iter().map(|atom| atom.value.abs()).filter(|size| size.is_finite()).fold(0.0, f64::max);
                let tie = TIE * largest;
                let sum = |wanted: &dyn Fn(f64) -> bool| {
                    atoms.iter().filter(|atom| wanted(atom.value)).map(|atom| atom.mass).sum::<f64>()
                };
                Self { below: sum(&|value| value < -tie), tie: sum(&|value| value.abs() <= tie) }
            }
        }
    }

    fn of_counts(law: &TwoValues) -> Self {
        let Some(binomial) = law.of_trials(1) else {
            return Self { below: f64::NAN, tie: f64::NAN };
        };
        let tie = TIE * law.first.abs().max(law.second.abs());
        // The sign changes where count · first + (n − count) · second = 0.
        let middle = -law.second / (law.first - law.second) * law.n as f64;
        let near = (middle.round().max(0.0) as u64).min(law.n);
        let is_tie = |count: u64| law.value(count).abs() <= tie;
        let negative = |count: u64| law.value(count) < -tie;
        let tied = if is_tie(near) { binomial.mass(near) } else { 0.0 };
        let below = if law.first > law.second {
            // Few of the first: negative up to some count next to `near`.
            (near.saturating_sub(1)..=(near + 1).min(law.n))
                .rfind(|&count| negative(count))
                .map_or(0.0, |count| binomial.lower_tail(count))
        } else {
            (near.saturating_sub(1)..=(near + 1).min(law.n))
                .find(|&count| negative(count))
                .map_or(0.0, |count| binomial.upper_tail(count))
        };
        Self { below, tie: tied }
    }
}

/// A length of sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// The first at which the exact chance is below the bound.
    Exact(u64),
    /// The same by a saddle-point approximation, where the exact law has too many atoms.
    About(f64),
}

/// The first N at which P(L < 0) is below `chance`; `None` if P and Q are the same.
///
/// Exact where the law of L can be had; else by Lugannani & Rice (1980), right to a percent or so.
pub fn length_for(pair: &Pair, chance: f64) -> Option<Length> {
    let cumulants = Cumulants::of(pair);
    if cumulants.mean == 0.0 {
        return None;
    }
    let about = cumulants.spread.filter(|spread| spread.variance > 0.0).map(|spread| {
        let function = CumulantFunction::new(pair.centred_log_ratios());
        SaddlePoint::new(&function, cumulants.mean, spread.variance).length(chance)
    });
    let lengths = match about {
        None => 1..=TRIED,
        Some(about) if about <= TRIED as f64 => 1..=TRIED,
        // Beyond that the chance moves too slowly for a window to be sure of holding the first length.
        Some(about) if about > LONGEST_EXACT => return Some(Length::About(about)),
        Some(about) => {
            let middle = about as u64;
            middle.saturating_sub(WINDOW / 2)..=middle + WINDOW / 2
        }
    };
    let exact = lengths
        .map_while(|n| Some((n, WrongSign::of(&Law::of(pair, n, MOST_ATOMS)?).below)))
        .find(|&(_, below)| below < chance)
        .map(|(n, _)| Length::Exact(n));
    exact.or(about.map(Length::About))
}

/// P(L < 0) for large N: Lugannani & Rice's formula at the tilt s where the mean log ratio is 0.
struct SaddlePoint {
    /// The tilt, between −1 and 0.
    tilt: f64,
    /// −K(s) + s·(−D) per symbol: the exponent at which the chance falls.
    rate: f64,
    /// K″(s).
    curvature: f64,
}

impl SaddlePoint {
    fn new(cumulants: &CumulantFunction, mean: f64, variance: f64) -> Self {
        // E_P[e^{−X}] ≤ 1 puts the zero of the tilted mean between −1 and 0.
        let (mut low, mut high) = (-1.0, 0.0);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if cumulants.slope(middle) < -mean {
                low = middle;
            } else {
                high = middle;
            }
        }
        let tilt = if high < 0.0 { 0.5 * (low + high) } else { -mean / variance };
        Self { tilt, rate: -tilt * mean - cumulants.value(tilt), curvature: cumulants.curvature(tilt) }
    }

    fn below(&self, n: f64) -> f64 {
        let signed_root = -(2.0 * n * self.rate).sqrt();
        let scaled_tilt = self.tilt * (n * self.curvature).sqrt();
        let lower = 0.5 * libm::erfc(-signed_root * std::f64::consts::FRAC_1_SQRT_2);
        let density = libm::exp(-0.5 * signed_root * signed_root) / std::f64::consts::TAU.sqrt();
        lower + density * (1.0 / signed_root - 1.0 / scaled_tilt)
    }

    fn length(&self, chance: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0 / self.rate);
        while self.below(high) >= chance && high < 1e300 {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if self.below(middle) >= chance {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::testing::pair;

    /// Against the sum over all sequences of up to ten tosses.
    #[test]
    fn the_chance_is_that_of_all_sequences() {
        for (p, q) in [([0.6, 0.4], [0.4, 0.6]), ([0.5, 0.5], [0.9, 0.1]), ([0.2, 0.8], [0.3, 0.7])] {
            let pair = pair(&p, &q);
            for n in 1..=10u32 {
                let (mut below, mut tie) = (0.0, 0.0);
                for sequence in 0..1u32 << n {
                    let second = f64::from(sequence.count_ones());
                    let first = f64::from(n) - second;
                    let sum = first * pair.log_ratios()[0] + second * pair.log_ratios()[1];
                    let mass = libm::pow(p[0], first) * libm::pow(p[1], second);
                    if sum.abs() < 1e-9 {
                        tie += mass;
                    } else if sum < 0.0 {
                        below += mass;
                    }
                }
                let found = WrongSign::of(&Law::of(&pair, u64::from(n), 100).unwrap());
                assert!((found.below - below).abs() < 1e-12 && (found.tie - tie).abs() < 1e-12, "{n}: {found:?}");
            }
        }
    }

    #[test]
    fn the_length_is_the_first_whose_chance_is_small() {
        let pair = pair(&[0.5, 0.5], &[0.4, 0.6]);
        let Some(Length::Exact(n)) = length_for(&pair, 0.05) else { panic!("the law is binomial") };
        let below = |n| WrongSign::of(&Law::of(&pair, n, 100).unwrap()).below;
        assert!(below(n) < 0.05 && (1..n).all(|shorter| below(shorter) >= 0.05));
    }

    #[test]
    fn the_saddle_point_is_near_the_exact_chance() {
        let pair = pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]);
        let exact = length_for(&pair, 0.001).unwrap();
        let cumulants = Cumulants::of(&pair);
        let function = CumulantFunction::new(pair.centred_log_ratios());
        let about = SaddlePoint::new(&function, cumulants.mean, cumulants.spread.unwrap().variance).length(0.001);
        let Length::Exact(exact) = exact else { panic!("few atoms") };
        assert!((about / exact as f64 - 1.0).abs() < 0.1, "{about} {exact}");
    }

    #[test]
    fn a_distribution_never_tells_itself_apart() {
        assert_eq!(length_for(&pair(&[0.3, 0.7], &[0.3, 0.7]), 0.05), None);
    }

    /// One coin in a million tosses: near P = Q the length grows as 1/D and stays finite.
    #[test]
    fn near_pairs_take_long() {
        let Some(Length::About(n)) = length_for(&pair(&[0.5, 0.5], &[0.5 + 1e-9, 0.5 - 1e-9]), 0.05) else {
            panic!("too long to be exact")
        };
        // z₀.₉₅² V/D² with V/D² = 4/V = 4/(4e-18).
        assert!((n / (1.644_853_626_951_472_7 * 1.644_853_626_951_472_7 * 1e18) - 1.0).abs() < 1e-3, "{n:e}");
    }

    #[test]
    fn an_infinite_divergence_ends_at_the_first_impossible_symbol() {
        // L < 0 only if no tail comes up: 2^−N, and the other symbol speaks for Q.
        assert_eq!(length_for(&pair(&[0.5, 0.5], &[1.0, 0.0]), 0.05), Some(Length::Exact(5)));
    }
}
