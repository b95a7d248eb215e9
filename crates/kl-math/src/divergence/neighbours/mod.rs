//! Measures beside KL(P‖Q): entropies, distances and divergences of the same pair.

mod forms;
mod order;
mod symbols;

use crate::distribution::Pair;
use forms::FormNeighbours;
use symbols::SymbolNeighbours;

/// What else is asked about P and Q beside D. All of it is from formulas or from sums over all symbols.
///
/// What is none is not computed for such a pair: entropies, JS and total variation are known of independent symbols alone, and
/// the others also of counts, numbers and vectors whose log ratio has a cumulant generating function in closed form. Of chains
/// nothing is.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::divergence::Neighbours;
/// let coins = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.9)?)?;
/// let found = Neighbours::of(&coins);
/// assert_eq!(found.total_variation, Some(0.4));
/// assert_eq!(found.entropies[0], Some(std::f64::consts::LN_2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Neighbours {
    /// H(P) and H(Q), nats.
    pub entropies: [Option<f64>; 2],
    /// H(P, Q) = −E_P\[ln q\] = H(P) + D, nats.
    pub cross_entropy: Option<f64>,
    /// JS = ½ KL(P‖M) + ½ KL(Q‖M) with M = ½(P + Q), nats: from 0 to ln 2 (Lin 1991).
    pub jensen_shannon: Option<f64>,
    /// TV = ½ Σ |p − q|, from 0 to 1.
    pub total_variation: Option<f64>,
    /// H² = 1 − Σ √(pq), from 0 to 1.
    pub hellinger_squared: Option<f64>,
    /// χ²(P‖Q) = Σ (p − q)²/q; none also where it is finite and too large for a double.
    pub chi_squared: Option<f64>,
    /// −ln Σ √(pq), nats.
    pub bhattacharyya: Option<f64>,
    /// The Rényi divergence of order ½, nats.
    pub renyi_half: Option<f64>,
    /// The Rényi divergence of order 2, nats: ln(1 + χ²).
    pub renyi_two: Option<f64>,
    /// Chernoff information.
    pub chernoff: Option<Chernoff>,
}

/// Chernoff information: −min ln Σ pᵃ q¹⁻ᵃ over a from 0 to 1 (Chernoff 1952).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chernoff {
    /// Nats; +∞ where P and Q have no value in common.
    pub information: f64,
    /// The order a where the minimum is; none where every order gives the same.
    pub order: Option<f64>,
}

impl Neighbours {
    /// The measures of `pair`.
    pub fn of(pair: &Pair) -> Self {
        match pair {
            Pair::Symbols(pair) => SymbolNeighbours::of(pair).all(),
            Pair::Values(pair) => FormNeighbours::of(pair).map(|form| form.all()).unwrap_or_default(),
            Pair::Chains(_) => Self::default(),
        }
    }

    /// The Rényi divergence of P from Q of a positive order, nats: ln(Σ pᵃ q¹⁻ᵃ)/(a − 1), and D at order 1.
    ///
    /// ```
    /// use kl_math::distribution::{Exponential, Pair};
    /// use kl_math::divergence::Neighbours;
    /// // X + ln 2 = E, and e^2E has no mean.
    /// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(2.0)?)?;
    /// assert_eq!(Neighbours::renyi(&pair, 3.0), Some(f64::INFINITY));
    /// assert_eq!(Neighbours::renyi(&pair, 0.0), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn renyi(pair: &Pair, order: f64) -> Option<f64> {
        if !(order > 0.0 && order.is_finite()) {
            return None;
        }
        match pair {
            Pair::Symbols(pair) => SymbolNeighbours::of(pair).renyi(order),
            Pair::Values(pair) => FormNeighbours::of(pair)?.renyi(order),
            Pair::Chains(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
