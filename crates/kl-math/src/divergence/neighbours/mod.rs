//! Measures beside KL(P‖Q): entropies, distances and divergences of the same pair.

mod chains;
mod forms;
mod measure;
mod order;
mod symbols;
mod terms;
mod values;

pub use measure::{Absent, Measure};

use crate::distribution::Pair;
use chains::of_chains;
use symbols::SymbolNeighbours;
use values::ValueNeighbours;

/// What is found of a measure.
pub type Found = Result<Measure, Absent>;

/// What else is asked about P and Q beside D.
///
/// Of symbols all of it is from sums over all symbols. Of counts and numbers H², χ², the Bhattacharyya distance, Rényi divergences and
/// Chernoff information follow from the cumulant generating function of the log ratio where that has a closed form, else they
/// and the others are sums over counts, or integrals split where p = q. Vectors and shares have what follows from a closed
/// form. Chains have rates of entropy.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Normal, Pair};
/// use kl_math::divergence::{Measure, Neighbours};
/// let coins = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.9)?)?;
/// let found = Neighbours::of(&coins);
/// assert_eq!(found.total_variation, Ok(Measure { value: 0.4, error: None }));
/// assert_eq!(found.entropies[0].map(|entropy| entropy.value), Ok(std::f64::consts::LN_2));
/// let normals = Pair::of(Normal::new(0.0, 1.0)?, Normal::new(2.0, 1.0)?)?;
/// let total_variation = Neighbours::of(&normals).total_variation?;
/// // 2 Φ(1) − 1
/// assert!((total_variation.value - 0.682_689_492_137_085_9).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbours {
    /// H(P) and H(Q), nats; of densities, which may be negative, and of chains per symbol.
    pub entropies: [Found; 2],
    /// H(P, Q) = −E_P\[ln q\] = H(P) + D, nats.
    pub cross_entropy: Found,
    /// JS = ½ KL(P‖M) + ½ KL(Q‖M) with M = ½(P + Q), nats: from 0 to ln 2 (Lin 1991).
    pub jensen_shannon: Found,
    /// TV = ½ Σ |p − q|, from 0 to 1.
    pub total_variation: Found,
    /// H² = 1 − Σ √(pq), from 0 to 1.
    pub hellinger_squared: Found,
    /// χ²(P‖Q) = Σ (p − q)²/q.
    pub chi_squared: Found,
    /// −ln Σ √(pq), nats.
    pub bhattacharyya: Found,
    /// The Rényi divergence of order ½, nats.
    pub renyi_half: Found,
    /// The Rényi divergence of order 2, nats: ln(1 + χ²).
    pub renyi_two: Found,
    /// The order that was asked for, and the Rényi divergence of it, nats.
    pub renyi_other: Option<(f64, Found)>,
    /// Chernoff information.
    pub chernoff: Result<Chernoff, Absent>,
}

/// Chernoff information: −min ln Σ pᵃ q¹⁻ᵃ over a from 0 to 1 (Chernoff 1952).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chernoff {
    /// Nats; +∞ where P and Q have no value in common.
    pub information: Measure,
    /// The order a where the minimum is; none where every order gives the same.
    pub order: Option<f64>,
}

impl Neighbours {
    /// The measures of `pair`.
    pub fn of(pair: &Pair) -> Self {
        Self::computed(pair, None)
    }

    /// The same with the Rényi divergence of a positive order.
    ///
    /// ```
    /// use kl_math::distribution::{Exponential, Pair};
    /// use kl_math::divergence::Neighbours;
    /// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(3.0)?)?;
    /// let found = Neighbours::with_order(&pair, 0.25).renyi_other.expect("it was asked for");
    /// // −(4/3) ln ∫ e^(−x/4) 3^(3/4) e^(−9x/4) dx
    /// assert!((found.1?.value - 4.0 / 3.0 * (2.5 / 3f64.powf(0.75)).ln()).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_order(pair: &Pair, order: f64) -> Self {
        if !is_order(order) {
            return Self { renyi_other: Some((order, Err(Absent::Order))), ..Self::of(pair) };
        }
        Self::computed(pair, Some(order))
    }

    fn computed(pair: &Pair, order: Option<f64>) -> Self {
        match pair {
            Pair::Symbols(pair) => SymbolNeighbours::of(pair).all(order),
            Pair::Values(pair) => ValueNeighbours::of(pair, order).all(order),
            Pair::Chains(pair) => of_chains(pair, order),
        }
    }

    /// The Rényi divergence of P from Q of a positive order, nats: ln(Σ pᵃ q¹⁻ᵃ)/(a − 1), and D at order 1.
    ///
    /// # Errors
    ///
    /// See [`Absent`].
    ///
    /// ```
    /// use kl_math::distribution::{Exponential, Pair};
    /// use kl_math::divergence::{Absent, Neighbours};
    /// // X + ln 2 = E, and e^2E has no mean.
    /// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(2.0)?)?;
    /// assert_eq!(Neighbours::renyi(&pair, 3.0)?.value, f64::INFINITY);
    /// assert_eq!(Neighbours::renyi(&pair, 0.0), Err(Absent::Order));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn renyi(pair: &Pair, order: f64) -> Found {
        if !is_order(order) {
            return Err(Absent::Order);
        }
        match pair {
            Pair::Symbols(pair) => SymbolNeighbours::of(pair).renyi(order),
            Pair::Values(pair) => ValueNeighbours::of(pair, Some(order)).renyi(order),
            Pair::Chains(_) => Err(Absent::Memory),
        }
    }
}

fn is_order(order: f64) -> bool {
    order > 0.0 && order.is_finite()
}

#[cfg(test)]
mod tests;
