//! The probability that L has the wrong sign, and the N from which on it is small.

use super::{Law, TwoValues};
use crate::chain::ChainPair;
use crate::distribution::{Pair, ValuePair};
use crate::divergence::{ChainCumulants, CumulantFunction, Cumulants, FiniteCumulants, cumulant_function};
use std::sync::Arc;

/// Sums that differ from 0 by less than this part of their terms' size are ties.
const TIE: f64 = 1e-12;

/// Where the chance is surely small from a length up to this one on, shorter ones are tried one by one.
const LONGEST_TRIED: f64 = 20_000.0;

/// Laws of more atoms are not summed.
const MOST_ATOMS: u64 = 8192;

/// The chances that the estimate L of a sequence from P is below 0, and that it is 0.
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_math::law::{Law, SignError};
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let pair = Pair::new(coin(0.6), coin(0.4))?;
/// let of_ten = SignError::of(&Law::of(&pair, 10, 100).expect("a binomial law"));
/// assert!((of_ten.tie - 0.200_658_124_8).abs() < 1e-12);
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignError {
    /// P(L < 0): the sequence is likelier under the wrong model.
    pub below: f64,
    /// P(L = 0): it does not say.
    pub tie: f64,
}

impl SignError {
    /// The chances under the exact law of L.
    pub fn of(law: &Law) -> Self {
        match law {
            Law::TwoValues(law) => Self::of_counts(law),
            Law::Sum(law) => Self { below: law.below(0.0), tie: law.at(0.0) },
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
    /// From this one on the exact chance is below the bound.
    Exact(u64),
    /// The same but for some percent, by an approximation.
    About(f64),
}

/// The N from which on P(L < 0) stays below `chance`: a sequence of N or more symbols rarely favours the
/// wrong distribution. `None` if P and Q are the same.
///
/// The chance moves in a zigzag, since counts are whole numbers, so it is tried downward from where Chernoff's bound
/// e^{−N·rate} settles it. Where that is too far, or the law has too many atoms: a saddle-point approximation
/// (Lugannani & Rice 1980), or the bound itself where D is infinite.
pub fn length_for(pair: &Pair, chance: f64) -> Option<Length> {
    let cumulants = Cumulants::of(pair);
    if cumulants.mean == 0.0 {
        return None;
    }
    let (values, function): (_, Option<Arc<dyn CumulantFunction>>) = match pair {
        Pair::Chains(pair) => return length_for_chain(pair.chains(), &cumulants, chance),
        Pair::Values(pair) => (possible_values(pair), cumulant_function(pair)),
        Pair::Symbols(pair) => {
            let all =
                pair.source_probabilities().iter().zip(pair.log_ratios()).map(|(mass, &ratio)| (mass.to_f64(), ratio));
            let function = FiniteCumulants::new(pair.centred_log_ratios());
            (all.filter(|&(mass, _)| mass > 0.0).collect(), Some(Arc::new(function)))
        }
    };
    let is_never_negative = values.iter().all(|&(_, ratio)| ratio >= 0.0);
    let is_constant = cumulants.spread.is_some_and(|spread| spread.variance == 0.0);
    if is_constant || (is_never_negative && !values.is_empty()) {
        return Some(Length::Exact(1));
    }
    let saddle = cumulants
        .spread
        .zip(function)
        .map(|(spread, function)| SaddlePoint::new(function.as_ref(), cumulants.mean, spread.variance));
    let rate = saddle.as_ref().map_or_else(|| rate_of_infinite(&values), |saddle| saddle.rate);
    if rate <= 0.0 {
        return None;
    }
    let settled = (-libm::log(chance) / rate).ceil();
    let about = || Length::About(saddle.as_ref().map_or(settled, |saddle| saddle.length(chance)).ceil());
    if settled > LONGEST_TRIED {
        return Some(about());
    }
    let mut length = settled.max(1.0) as u64;
    while length > 1 {
        let Some(law) = Law::of(pair, length - 1, MOST_ATOMS) else {
            return Some(about());
        };
        if SignError::of(&law).below >= chance {
            break;
        }
        length -= 1;
    }
    Some(Length::Exact(length))
}

/// The same for sequences with memory, from K of a long one: right to some percent.
fn length_for_chain(pair: &Arc<ChainPair>, cumulants: &Cumulants, chance: f64) -> Option<Length> {
    /// The number of symbols from which on the ends of the sequence do not matter.
    const LONG: u64 = 1 << 20;
    let per_symbol = ChainCumulants::new(Arc::clone(pair), LONG).map(|whole| PerSymbol { whole, n: LONG as f64 });
    let length = match (cumulants.spread, per_symbol) {
        (Some(spread), Some(function)) if spread.variance > 0.0 => {
            SaddlePoint::new(&function, cumulants.mean, spread.variance).length(chance)
        }
        (Some(_), _) => 1.0,
        (None, _) => {
            let at = |s: f64| -pair.cumulant(LONG, -s).value / LONG as f64;
            let rate = (1..=100).map(|step| at(f64::from(step) / 100.0)).fold(0.0, f64::max);
            -libm::log(chance) / rate
        }
    };
    Some(Length::About(length.ceil().max(1.0))).filter(|_| length.is_finite())
}

/// K of one of many symbols, from that of all of them.
#[derive(Debug)]
struct PerSymbol {
    whole: ChainCumulants,
    n: f64,
}

impl CumulantFunction for PerSymbol {
    fn value(&self, s: f64) -> f64 {
        self.whole.value(s * self.n) / self.n
    }

    fn slope(&self, s: f64) -> f64 {
        self.whole.slope(s * self.n)
    }

    fn variance(&self) -> f64 {
        self.whole.variance() * self.n
    }

    fn end_of_domain(&self, upper: bool) -> f64 {
        self.whole.end_of_domain(upper) / self.n
    }

    fn scale(&self) -> f64 {
        self.whole.scale()
    }
}

/// The values of the log ratio that P can produce, each with its mass; of a linear form none.
fn possible_values(values: &ValuePair) -> Vec<(f64, f64)> {
    let uncovered = values.uncovered();
    if uncovered.is_none() && values.form().is_some() {
        return Vec::new();
    }
    let terms = values.discretised().map(|discretised| discretised.terms()).unwrap_or_default();
    let impossible = uncovered.map(|uncovered| (uncovered.mass, f64::INFINITY));
    terms.iter().copied().chain(impossible).collect()
}

/// −ln min_{0≤s≤1} Σ p e^{−sx} over the symbols with a finite log ratio x: P(L < 0) ≤ e^{−N·rate}.
fn rate_of_infinite(values: &[(f64, f64)]) -> f64 {
    let lost: f64 = values.iter().filter(|(_, ratio)| ratio.is_infinite()).map(|(mass, _)| mass).sum();
    let finite: Vec<(f64, f64)> = values.iter().copied().filter(|(_, ratio)| ratio.is_finite()).collect();
    let excess = |s: f64| finite.iter().map(|(mass, ratio)| mass * libm::expm1(-s * ratio)).sum::<f64>() - lost;
    let slope = |s: f64| -> f64 { finite.iter().map(|(mass, ratio)| -mass * ratio * libm::exp(-s * ratio)).sum() };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if slope(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    // The end at 0 is reached but for rounding.
    -libm::log1p(excess(low).min(excess(high)).min(excess(0.0)))
}

/// P(L < 0) for large N: Lugannani & Rice's formula at the tilt s < 0 where the mean log ratio is 0.
struct SaddlePoint {
    tilt: f64,
    /// −K(s) + s·(−D) per symbol: the exponent at which the chance falls.
    rate: f64,
    /// K″(s).
    curvature: f64,
}

impl SaddlePoint {
    /// Of a log ratio that can be negative, of mean `mean` > 0, by K of its distance from the mean.
    fn new(cumulants: &dyn CumulantFunction, mean: f64, variance: f64) -> Self {
        let (mut low, mut high) = (-1.0, 0.0);
        // Beyond −1 only where Q has mass that P lacks.
        let lowest = -cumulants.end_of_domain(false).clamp(1.0, 1e6);
        while cumulants.slope(low) > -mean && low > lowest {
            (low, high) = (2.0 * low, low);
        }
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
                    let sum = first * pair.symbols().unwrap().log_ratios()[0]
                        + second * pair.symbols().unwrap().log_ratios()[1];
                    let mass = libm::pow(p[0], first) * libm::pow(p[1], second);
                    if sum.abs() < 1e-9 {
                        tie += mass;
                    } else if sum < 0.0 {
                        below += mass;
                    }
                }
                let found = SignError::of(&Law::of(&pair, u64::from(n), 100).unwrap());
                assert!((found.below - below).abs() < 1e-12 && (found.tie - tie).abs() < 1e-12, "{n}: {found:?}");
            }
        }
    }

    /// By brute force: the last length whose chance is not below, and one more. Skewed and fair coins, a symbol that
    /// only Q has, one that only P has, three ratios.
    #[test]
    fn from_the_length_on_the_chance_stays_small() {
        let pairs = [
            pair(&[0.5, 0.5], &[0.4, 0.6]),
            pair(&[0.5, 0.5], &[0.9, 0.1]),
            pair(&[0.02, 0.98], &[0.04, 0.96]),
            pair(&[0.5, 0.5, 0.0], &[0.3, 0.6, 0.1]),
            pair(&[0.6, 0.3, 0.1], &[0.7, 0.3, 0.0]),
            pair(&[0.99, 0.01], &[1.0, 0.0]),
            pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]),
        ];
        for pair in &pairs {
            for chance in [0.05, 0.001] {
                let below = |n| SignError::of(&Law::of(pair, n, 1 << 20).unwrap()).below;
                // Laws of three ratios have many atoms.
                let longest = if pair.symbols().unwrap().symbols().len() == 2 { 900 } else { 160 };
                let expected = (1..longest).rev().find(|&n| below(n) >= chance).map_or(1, |n| n + 1);
                match length_for(pair, chance).unwrap() {
                    Length::Exact(found) if expected < longest => {
                        assert_eq!(found, expected, "{:?}", pair.symbols().unwrap().log_ratios())
                    }
                    Length::Exact(found) => assert!(found >= longest),
                    Length::About(found) => assert!((found / expected as f64 - 1.0).abs() < 0.07, "{found} {expected}"),
                }
            }
        }
    }

    #[test]
    fn where_every_symbol_speaks_for_p_one_is_enough() {
        let pair = pair(&[0.5, 0.5, 0.0], &[0.499_999_99, 0.499_999_97, 4e-8]);
        assert_eq!(length_for(&pair, 0.05), Some(Length::Exact(1)));
    }

    /// P(L < 0) = 0.9999ᴺ: ln 20 and ln 1000 over −ln 0.9999.
    #[test]
    fn a_rare_impossible_symbol_takes_its_time() {
        let pair = pair(&[0.9999, 0.0001], &[1.0, 0.0]);
        let found = [0.05, 0.001].map(|chance| length_for(&pair, chance).unwrap());
        for (found, expected) in found.into_iter().zip([29_956.0, 69_075.0]) {
            let Length::About(found) = found else { panic!("{found:?} is too long to be tried") };
            let difference: f64 = found - expected;
            assert!(difference.abs() <= 1.0, "{found} {expected}");
        }
    }

    #[test]
    fn the_saddle_point_is_near_the_exact_chance() {
        let pair = pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]);
        let cumulants = Cumulants::of(&pair);
        let function = FiniteCumulants::new(pair.symbols().unwrap().centred_log_ratios());
        let saddle = SaddlePoint::new(&function, cumulants.mean, cumulants.spread.unwrap().variance);
        for n in [40, 80] {
            let exact = SignError::of(&Law::of(&pair, n, 1 << 20).unwrap());
            // Ties and atoms beside: the middle of the jump at 0 is what a smooth formula can meet.
            let (low, high) = (exact.below * 0.8, (exact.below + exact.tie) * 1.25);
            assert!((low..high).contains(&saddle.below(n as f64)), "{n}: {} {exact:?}", saddle.below(n as f64));
        }
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
        // L < 0 only if no tail comes up: 2^−N, and the other symbol favours Q.
        assert_eq!(length_for(&pair(&[0.5, 0.5], &[1.0, 0.0]), 0.05), Some(Length::Exact(5)));
    }
}
