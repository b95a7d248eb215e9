//! The divergences of two distributions, in one call each.

use super::Cumulants;
use crate::distribution::{ClosedFormSource, Distribution, Pair, PairError};
use crate::numeric::Unit;

/// KL(P‖Q) with the variance of the log ratio that it is the mean of.
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Normal::new(0.0, 1.0)?, &Normal::new(0.5, 1.0)?)?;
/// assert_eq!((found.mean, found.variance, found.unit), (0.125, Some(0.25), Unit::Nats));
/// assert_eq!(found.std_error(100), Some(0.05));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// D = E_P\[ln(p(x)/q(x))\]; infinite where P can produce what Q cannot, or where P's tail is too heavy for Q's. Of Markov
    /// chains it is the KL rate per symbol.
    pub mean: f64,
    /// V = Var_P\[ln(p(x)/q(x))\], in squared units; none where D is infinite, +∞ where P's tail is too heavy for it.
    pub variance: Option<f64>,
    /// How far D may be off, if it is a sum or an integral; none where it is from a formula, right to some units in the last
    /// place.
    pub error: Option<f64>,
    /// Where D and V are from.
    pub source: ClosedFormSource,
    /// The unit of D and of its error.
    pub unit: Unit,
}

impl Divergence {
    /// The divergence of a pair, in nats.
    pub fn of(pair: &Pair) -> Self {
        let Cumulants { mean, spread, source, error } = Cumulants::of(pair);
        Self { mean, variance: spread.map(|spread| spread.variance), error, source, unit: Unit::Nats }
    }

    /// The same in another unit.
    ///
    /// ```
    /// use kl_math::prelude::*;
    /// let coin = kl(&Bernoulli::new(1.0)?, &Bernoulli::new(0.5)?)?;
    /// assert_eq!(coin.in_unit(Unit::Bits).mean, 1.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_unit(self, unit: Unit) -> Self {
        let factor = match (self.unit, unit) {
            (Unit::Nats, Unit::Bits) => 1.0 / std::f64::consts::LN_2,
            (Unit::Bits, Unit::Nats) => std::f64::consts::LN_2,
            _ => 1.0,
        };
        Self {
            mean: self.mean * factor,
            variance: self.variance.map(|variance| variance * factor * factor),
            error: self.error.map(|error| error * factor),
            unit,
            ..self
        }
    }

    /// The standard error √(V/n) of the mean log ratio of n independent values from P.
    pub fn std_error(&self, n: u64) -> Option<f64> {
        self.variance.map(|variance| (variance / n as f64).sqrt())
    }
}

/// KL(P‖Q) in nats.
///
/// # Errors
///
/// P and Q that take different values, or that no formula, sum or integral can compare.
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Exponential::new(1.0)?, &Exponential::new(2.0)?)?;
/// assert!((found.mean - (1.0 - std::f64::consts::LN_2)).abs() < 1e-16);
/// // Two families over the same values are compared by an integral.
/// let mixed = kl(&Normal::new(0.0, 1.0)?, &Laplace::new(0.0, 1.0)?)?;
/// assert!(mixed.error.is_some_and(|error| error < 1e-12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn kl<P, Q>(p: &P, q: &Q) -> Result<Divergence, PairError>
where
    P: Clone + Into<Distribution>,
    Q: Clone + Into<Distribution>,
{
    Ok(Divergence::of(&Pair::of(p.clone(), q.clone())?))
}

/// KL(P‖Q) in bits.
///
/// # Errors
///
/// As [`kl`].
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl_bits(&Uniform::new(0.0, 1.0)?, &Uniform::new(0.0, 8.0)?)?;
/// assert!((found.mean - 3.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn kl_bits<P, Q>(p: &P, q: &Q) -> Result<Divergence, PairError>
where
    P: Clone + Into<Distribution>,
    Q: Clone + Into<Distribution>,
{
    Ok(kl(p, q)?.in_unit(Unit::Bits))
}

/// KL(Q‖P) in nats, whose variance is under Q.
///
/// # Errors
///
/// As [`kl`].
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (Poisson::new(1.0)?, Poisson::new(2.0)?);
/// assert_eq!(reverse_kl(&p, &q)?, kl(&q, &p)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reverse_kl<P, Q>(p: &P, q: &Q) -> Result<Divergence, PairError>
where
    P: Clone + Into<Distribution>,
    Q: Clone + Into<Distribution>,
{
    kl(q, p)
}

/// The Jeffreys divergence KL(P‖Q) + KL(Q‖P) in nats, which is symmetric in P and Q.
///
/// # Errors
///
/// As [`kl`], in either direction.
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (Normal::new(0.0, 1.0)?, Normal::new(0.5, 1.0)?);
/// assert_eq!(jeffreys(&p, &q)?, 0.25);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn jeffreys<P, Q>(p: &P, q: &Q) -> Result<f64, PairError>
where
    P: Clone + Into<Distribution>,
    Q: Clone + Into<Distribution>,
{
    Ok(kl(p, q)?.mean + kl(q, p)?.mean)
}
