//! Pairs whose log ratio has a cumulant generating function in closed form.

use super::order::least;
use super::{Absent, Chernoff, Measure};
use crate::distribution::ValuePair;
use crate::divergence::{CumulantFunction, FormCumulants};

/// Λ(s) = ln E_P\[(p/q)ˢ\] = ln ∫ pᵃ q¹⁻ᵃ with a = 1 + s.
pub(super) struct FormNeighbours {
    /// K of the log ratio about its mean.
    cumulants: FormCumulants,
    /// D, nats.
    divergence: f64,
    /// Whether P has a density wherever Q has.
    covers: bool,
}

impl FormNeighbours {
    /// None where X is not linear in statistics of known law, or D is infinite.
    pub(super) fn of(pair: &ValuePair) -> Option<Self> {
        let cumulants = FormCumulants::of(pair.form_of_law()?);
        let divergence = pair.closed_form().mean;
        divergence.is_finite().then(|| Self { cumulants, divergence, covers: pair.covers_model() })
    }

    /// Λ, with a bound of what rounding has done to it; below order 1 it is never positive, above never negative.
    pub(super) fn log_power(&self, order: f64) -> Result<Measure, Absent> {
        /// K and D have so many ulp at the most.
        const ULPS: f64 = 16.0 * f64::EPSILON;
        let s = order - 1.0;
        if self.divergence == 0.0 {
            return Ok(Measure::exact(0.0));
        }
        let (about, line) = (self.cumulants.value(s), s * self.divergence);
        if about.is_nan() || about == f64::NEG_INFINITY {
            return Err(Absent::TooLarge);
        }
        let log = about + line;
        let log = if s < 0.0 { log.min(0.0) } else { log.max(0.0) };
        // An order next to 0 is rounded when 1 is taken from it.
        let shift = 0.5 * f64::EPSILON * (self.cumulants.slope(s) + self.divergence).abs();
        let shift = if order < 0.5 && shift.is_finite() { shift } else { 0.0 };
        Ok(Measure::rounded(log, ULPS * (about.abs() + line.abs()) + shift))
    }

    /// None where Q has values of its own: the least may be at order 0, which no formula of this kind is exact at.
    pub(super) fn chernoff(&self) -> Option<Result<Chernoff, Absent>> {
        if self.divergence == 0.0 {
            return Some(Ok(Chernoff { information: Measure::exact(0.0), order: None }));
        }
        self.covers.then(|| {
            let order = least(|order| self.cumulants.slope(order - 1.0) + self.divergence);
            let log = self.log_power(order)?;
            Ok(Chernoff { information: Measure { value: 0.0 - log.value, ..log }, order: Some(order) })
        })
    }
}
