//! One direction of a pair: KL(P‖Q), its variance and its dominant term.

use super::Cumulants;
use crate::chain::ChainTheory;
use crate::distribution::{ClosedFormSource, Pair, PairError, SymbolPair};

/// KL(Q‖P), nats per symbol; of sequences with memory, that of `n` symbols over n. None where it can be neither computed nor
/// said to be infinite.
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_math::divergence::reverse_divergence;
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let reverse = reverse_divergence(&Pair::new(coin(0.5), coin(0.9))?, 10).expect("a formula");
/// assert!((reverse / 0.368_064_207_168_497 - 1.0).abs() < 1e-14);
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
pub fn reverse_divergence(pair: &Pair, n: u64) -> Option<f64> {
    let reversed = pair.reversed().ok()?;
    Some(match &reversed {
        Pair::Chains(pair) => ChainTheory::of(pair.chains(), n).mean / n as f64,
        Pair::Symbols(_) | Pair::Values(_) => Cumulants::of(&reversed).mean,
    })
}

/// KL(P‖Q) with its variance and where it comes from, in nats.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// D = KL(P‖Q), nats per symbol.
    pub divergence: f64,
    /// V, nats² per symbol; none where D is infinite.
    pub variance: Option<f64>,
    /// Where they are from.
    pub source: ClosedFormSource,
    /// How far D may be off, nats, if it is not from a formula.
    pub error: Option<f64>,
    /// The symbol that carries most of D and its term p ln(p/q), nats, or the values that Q rules out; none where D is 0.
    /// Other terms may be negative, so it can be more than D itself.
    pub dominant: Option<(String, f64)>,
    /// V/D², the number of symbols after which L is about one standard deviation from 0. None where D is 0 or infinite.
    pub symbols_for_one_deviation: Option<f64>,
}

impl Direction {
    /// The direction from P to Q; for the other one see [`Pair::reversed`].
    ///
    /// ```
    /// use kl_math::distribution::{Distribution, Pair};
    /// use kl_math::divergence::Direction;
    /// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
    /// let direction = Direction::of(&Pair::new(coin(0.5), coin(1.0))?);
    /// assert_eq!((direction.divergence, direction.dominant), (f64::INFINITY, Some(("T".to_owned(), f64::INFINITY))));
    /// # Ok::<(), kl_math::distribution::PairError>(())
    /// ```
    pub fn of(pair: &Pair) -> Self {
        let cumulants = Cumulants::of(pair);
        let divergence = cumulants.mean;
        let variance = cumulants.spread.map(|spread| spread.variance);
        let dominant = match pair {
            Pair::Symbols(pair) => dominant(pair, divergence),
            Pair::Values(pair) => pair.uncovered().map(|uncovered| (uncovered.values, f64::INFINITY)),
            Pair::Chains(_) => None,
        };
        let symbols_for_one_deviation =
            variance.filter(|_| divergence > 0.0).map(|variance| variance / divergence / divergence);
        let (source, error) = (cumulants.source, cumulants.error);
        Self { divergence, variance, source, error, dominant, symbols_for_one_deviation }
    }
}

/// KL(P‖Q) and KL(Q‖P).
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_math::divergence::Directions;
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let both = Directions::of(&Pair::new(coin(0.5), coin(1.0))?)?;
/// let back = both.back.as_ref().map(|back| back.divergence);
/// assert_eq!((both.there.divergence, back), (f64::INFINITY, Ok(std::f64::consts::LN_2)));
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Directions {
    /// From P to Q.
    pub there: Direction,
    /// From Q to P, or why it cannot be computed.
    pub back: Result<Direction, PairError>,
    /// The pair with P and Q in each other's place, if the way back can be computed.
    pub reversed: Option<Pair>,
}

impl Directions {
    /// Computes both directions.
    ///
    /// # Errors
    ///
    /// Those of [`Pair::reversed`] that are not about numbers.
    pub fn of(pair: &Pair) -> Result<Self, PairError> {
        let there = Direction::of(pair);
        match pair.reversed() {
            Ok(reversed) => Ok(Self { there, back: Ok(Direction::of(&reversed)), reversed: Some(reversed) }),
            Err(error) if error.is_numeric() => Ok(Self { there, back: Err(error), reversed: None }),
            Err(error) => Err(error),
        }
    }

    /// Jeffreys' J, the sum of both divergences in nats, if both can be computed.
    pub fn jeffreys(&self) -> Option<f64> {
        let back = self.back.as_ref().ok()?;
        Some(self.there.divergence + back.divergence)
    }
}

/// The symbol with the largest term p ln(p/q), and that term.
fn dominant(pair: &SymbolPair, divergence: f64) -> Option<(String, f64)> {
    let terms = pair.source_probabilities().iter().zip(pair.log_ratios()).enumerate();
    let possible = terms.filter(|(_, (mass, _))| mass.to_f64() > 0.0 && divergence > 0.0);
    let (place, term) = match pair.uncovered().next() {
        Some(place) => (place, f64::INFINITY),
        None => possible
            .map(|(symbol, (mass, ratio))| (symbol, mass.to_f64() * ratio))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?,
    };
    Some((pair.symbols().get(place)?.clone(), term))
}
