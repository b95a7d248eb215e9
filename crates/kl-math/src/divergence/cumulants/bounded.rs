//! A variable of which its variance and how far it reaches are known.

use super::CumulantFunction;

/// A function that K of a centred variable Y with |Y| ≤ b is nowhere above: V/b² (e^{|s|b} − 1 − |s|b), nats.
///
/// Source: Bennett 1962, "Probability inequalities for the sum of independent random variables".
///
/// ```
/// use kl_math::divergence::{Bounded, CumulantFunction, FiniteCumulants};
/// let coin = FiniteCumulants::new(vec![(0.5, -1.0), (0.5, 1.0)]);
/// let bounded = Bounded { variance: 1.0, reach: 1.0, scale: 0.0 };
/// assert!([-3.0, -0.1, 0.2, 5.0].iter().all(|&s| coin.value(s) <= bounded.value(s)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    /// V.
    pub variance: f64,
    /// b.
    pub reach: f64,
    /// The size of what it is computed from.
    pub scale: f64,
}

impl CumulantFunction for Bounded {
    fn value(&self, s: f64) -> f64 {
        let share = self.variance / self.reach / self.reach;
        share * crate::numeric::exp_excess(s.abs() * self.reach)
    }

    fn slope(&self, s: f64) -> f64 {
        (self.variance / self.reach * libm::expm1(s.abs() * self.reach)).copysign(s)
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn curvature(&self, s: f64) -> f64 {
        self.variance * libm::exp(s.abs() * self.reach)
    }

    fn end_of_domain(&self, _upper: bool) -> f64 {
        f64::INFINITY
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}
