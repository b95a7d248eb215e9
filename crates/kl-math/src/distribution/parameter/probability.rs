//! Numbers from 0 to 1, and lists of them that sum to 1.

use super::domain::Domain;
use super::fault::{Fault, ParameterError};
use super::number::Number;
use super::written::Parameter;
use crate::numeric::DoubleDouble;

/// How far a sum of weights may be from one.
const SUM_TOLERANCE: f64 = 1e-9;

/// A number known to lie in [0, 1].
///
/// ```
/// use kl_math::distribution::{Number, Probability};
/// assert!(Probability::new(&Number::new(0.4)).is_ok());
/// assert!(Probability::new(&Number::new(f64::NAN)).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability(DoubleDouble);

impl Probability {
    /// Checks the bounds; −0 becomes 0.
    ///
    /// # Errors
    ///
    /// A number outside [0, 1], or not a number at all.
    pub fn new(number: &Number) -> Result<Self, Fault> {
        let value = number.value();
        if !(value >= DoubleDouble::ZERO && value <= DoubleDouble::ONE) {
            return Err(Fault::OutsideDomain { value: number.clone(), domain: Domain::Probability });
        }
        Ok(Self(if value == DoubleDouble::ZERO { DoubleDouble::ZERO } else { value }))
    }

    /// Reads a parameter as a probability.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and anything that is not a number.
    pub fn read(written: &Parameter) -> Result<Self, ParameterError> {
        match written {
            Parameter::Number(number) => Self::new(number).map_err(ParameterError::here),
            other => {
                let fault = Fault::NotANumber { found: other.kind(), domain: Domain::Probability };
                Err(ParameterError::here(fault))
            }
        }
    }

    /// The value, to 106 bits.
    pub fn value(self) -> DoubleDouble {
        self.0
    }
}

/// Weights that sum to 1 within 1e-9, each divided by their sum.
pub(in crate::distribution) fn normalised(weights: &[Probability]) -> Result<Vec<DoubleDouble>, Fault> {
    let sum: DoubleDouble = weights.iter().map(|weight| weight.value()).sum();
    if (sum - DoubleDouble::ONE).abs().to_f64() > SUM_TOLERANCE {
        return Err(Fault::WeightSum { sum: sum.to_f64() });
    }
    Ok(weights.iter().map(|weight| weight.value() / sum).collect())
}
