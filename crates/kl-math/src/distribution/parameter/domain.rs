//! The numbers that a parameter may be.

use crate::numeric::DoubleDouble;
use std::fmt;

/// The set of numbers that a parameter is taken from. All of them are finite.
///
/// ```
/// use kl_math::distribution::Domain;
/// assert!(Domain::Positive.contains(0.1) && !Domain::Positive.contains(0.0));
/// assert_eq!(Domain::Count.to_string(), "a whole number from 1 to 1e12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any finite number.
    Real,
    /// A number above 0.
    Positive,
    /// A number from 0 up.
    NonNegative,
    /// From 0 to 1.
    Probability,
    /// From 0, without 0, to 1.
    PositiveProbability,
    /// A whole number from 1 to 10¹².
    Count,
    /// From 0.1 to 10³⁰.
    DegreesOfFreedom,
}

impl Domain {
    /// Whether a number lies in it, to its last bit: 1 + 2⁻⁶⁰ is no probability.
    pub(super) fn holds(self, value: DoubleDouble) -> bool {
        let is_probability = matches!(self, Self::Probability | Self::PositiveProbability);
        self.contains(value.to_f64()) && (!is_probability || value <= DoubleDouble::ONE)
    }

    /// Whether a number lies in it.
    pub fn contains(self, value: f64) -> bool {
        value.is_finite()
            && match self {
                Self::Real => true,
                Self::Positive => value > 0.0,
                Self::NonNegative => value >= 0.0,
                Self::Probability => (0.0..=1.0).contains(&value),
                Self::PositiveProbability => value > 0.0 && value <= 1.0,
                Self::Count => (1.0..=1e12).contains(&value) && value == value.floor(),
                Self::DegreesOfFreedom => (0.1..=1e30).contains(&value),
            }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Real => "a number",
            Self::Positive => "a number above 0",
            Self::NonNegative => "a number from 0 up",
            Self::Probability => "a probability",
            Self::PositiveProbability => "a probability above 0 and up to 1",
            Self::Count => "a whole number from 1 to 1e12",
            Self::DegreesOfFreedom => "a number from 0.1 to 1e30",
        })
    }
}
