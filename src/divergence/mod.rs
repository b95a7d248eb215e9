//! Floor 0: closed forms of KL(P‖Q) and of the moments of the log ratio, accurate when Q is near P.

mod direction;
mod finite;

pub use direction::Direction;

use crate::distribution::Pair;

/// The first four cumulants of X = ln(p(x)/q(x)) for one symbol x ~ P, in powers of nats.
///
/// Where P has mass and Q has none, D is infinite and the others do not exist.
///
/// ```
/// use kl_runner::distribution::{Distribution, Pair};
/// use kl_runner::divergence::Cumulants;
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let log_ratio = Cumulants::of(&Pair::new(coin(0.5), coin(0.4))?);
/// assert!((log_ratio.mean / 0.020_410_997_260_127_555 - 1.0).abs() < 2e-15);
/// # Ok::<(), kl_runner::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cumulants {
    /// D = E_P\[X\] = KL(P‖Q), nats per symbol.
    pub mean: f64,
    /// What is known beyond the mean, if D is finite.
    pub spread: Option<Spread>,
}

/// Cumulants of the log ratio from the second on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// V = Var_P\[X\], nats² per symbol.
    pub variance: f64,
    /// κ₃, nats³.
    pub third: f64,
    /// κ₄, nats⁴.
    pub fourth: f64,
}

impl Cumulants {
    /// The cumulants of the log ratio of `pair`.
    pub fn of(pair: &Pair) -> Self {
        finite::cumulants(pair)
    }
}
