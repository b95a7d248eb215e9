//! Pairs whose log ratio has a cumulant generating function in closed form.

use super::{Chernoff, Neighbours, order::least};
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

    pub(super) fn all(&self) -> Neighbours {
        let half = self.log_power(0.5);
        Neighbours {
            hellinger_squared: half.map(|log| 0.0 - libm::expm1(log)),
            chi_squared: self.log_power(2.0).and_then(|log| {
                // A finite χ² beyond the doubles is none.
                let squared = libm::expm1(log);
                (squared.is_finite() || log == f64::INFINITY).then_some(squared)
            }),
            bhattacharyya: half.map(|log| 0.0 - log),
            renyi_half: self.renyi(0.5),
            renyi_two: self.renyi(2.0),
            chernoff: self.chernoff(),
            ..Neighbours::default()
        }
    }

    pub(super) fn renyi(&self, order: f64) -> Option<f64> {
        if order == 1.0 {
            return Some(self.divergence);
        }
        self.log_power(order).map(|log| log / (order - 1.0))
    }

    /// Λ; below order 1 it is never positive, above never negative.
    fn log_power(&self, order: f64) -> Option<f64> {
        let s = order - 1.0;
        if self.divergence == 0.0 {
            return Some(0.0);
        }
        let log = self.cumulants.value(s) + s * self.divergence;
        let log = if s < 0.0 { log.min(0.0) } else { log.max(0.0) };
        Some(log).filter(|log| !log.is_nan() && *log > f64::NEG_INFINITY)
    }

    fn chernoff(&self) -> Option<Chernoff> {
        if self.divergence == 0.0 {
            return Some(Chernoff { information: 0.0, order: None });
        }
        // Where Q has values of its own the least may be at order 0, which no formula of this kind is exact at.
        if !self.covers {
            return None;
        }
        let order = least(|order| self.cumulants.slope(order - 1.0) + self.divergence);
        let information = 0.0 - self.log_power(order)?;
        Some(Chernoff { information, order: Some(order) })
    }
}
