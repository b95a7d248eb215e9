//! The Cauchy distribution: no mean, and yet a divergence.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::dilogarithm_of_odds;

/// Cauchy(m, s) with density s/(π (s² + (x−m)²)), by `location` m and `scale` s > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Cauchy {
    label: String,
    location: f64,
    scale: f64,
}

impl Family for Cauchy {
    const NAME: &'static str = "cauchy";
    const PARAMETERS: &'static [&'static str] = &["location", "scale"];
    const EXAMPLE: &'static str = "cauchy = { location = 0, scale = 1 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (location, scale) = (reading.number("location", Rule::Real), reading.number("scale", Rule::Positive));
        Ok(Self { location, scale, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.location, self.scale]
    }

    /// D = ln(1+w), w = ((s₁−s₂)² + (m₁−m₂)²)/(4 s₁ s₂) (Chyzak & Nielsen 2019, "A closed-form formula for the
    /// Kullback–Leibler divergence between Cauchy distributions"); V = 2 Li₂(w/(1+w)).
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let (scales, locations) = (self.scale - model.scale, self.location - model.location);
        let w = (scales / self.scale) * (scales / model.scale) / 4.0
            + (locations / self.scale) * (locations / model.scale) / 4.0;
        Some(ClosedForm::finite(libm::log1p(w), 2.0 * dilogarithm_of_odds(w)))
    }
}
