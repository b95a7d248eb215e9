//! Functions of a symbol whose mean over a sequence estimates KL(P‖Q).

use crate::numeric::{DoubleDouble, exp_excess};

/// A function of x = ln(p/q) of one symbol, in nats, and of r = q/p = e^−x (Schulman 2020, "Approximating KL divergence").
///
/// ```
/// use kl_math::divergence::SymbolFunction;
/// let x = std::f64::consts::LN_2;
/// assert_eq!(SymbolFunction::HalfSquare.of(x), 0.5 * x * x);
/// assert!((SymbolFunction::Excess.of(x) - (x - 0.5)).abs() < 1e-16);
/// assert!((SymbolFunction::controlled(-1.0).of(x) - (x + 0.5)).abs() < 1e-16);
/// assert!((SymbolFunction::Excess.of(1e-9) / 0.5e-18 - 1.0).abs() < 1e-8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SymbolFunction {
    /// x: k1.
    LogRatio,
    /// x²/2: k2.
    HalfSquare,
    /// r − 1 + x: k3. It is never negative.
    Excess,
    /// x + c (r − 1), as (r − 1 + x) + (c − 1)(r − 1): near 0 nothing cancels but what c is chosen to cancel.
    Controlled {
        /// c − 1.
        less_one: DoubleDouble,
    },
}

impl SymbolFunction {
    /// x + c (r − 1).
    pub fn controlled(c: f64) -> Self {
        Self::Controlled { less_one: DoubleDouble::from(c) - DoubleDouble::ONE }
    }

    /// c, the weight of r − 1.
    pub fn weight(self) -> f64 {
        match self {
            Self::LogRatio | Self::HalfSquare => 0.0,
            Self::Excess => 1.0,
            Self::Controlled { less_one } => (less_one + DoubleDouble::ONE).to_f64(),
        }
    }

    /// Its value at x; +∞ at x = +∞, where Q has no mass. Some ulp are lost.
    pub fn of(self, x: f64) -> f64 {
        if x == f64::INFINITY {
            return x;
        }
        match self {
            Self::LogRatio => x,
            Self::HalfSquare => 0.5 * x * x,
            Self::Excess => exp_excess(-x),
            Self::Controlled { less_one } => exp_excess(-x) + less_one.to_f64() * libm::expm1(-x),
        }
    }

    /// Its value at a finite x to some 30 digits; `excess` is r − 1 + x and `relative` r − 1.
    pub(super) fn precisely(self, x: DoubleDouble, excess: DoubleDouble, relative: DoubleDouble) -> DoubleDouble {
        match self {
            Self::LogRatio => x,
            Self::HalfSquare => x * x / DoubleDouble::TWO,
            Self::Excess => excess,
            Self::Controlled { less_one } => excess + less_one * relative,
        }
    }

    /// Its value at x = −∞, where P has no mass and Q has some.
    pub(super) fn at_impossible(self) -> f64 {
        match self {
            Self::LogRatio => f64::NEG_INFINITY,
            Self::HalfSquare | Self::Excess => f64::INFINITY,
            Self::Controlled { .. } if self.weight() > 0.0 => f64::INFINITY,
            Self::Controlled { .. } => f64::NEG_INFINITY,
        }
    }
}
