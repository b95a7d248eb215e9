//! The Pareto distribution: sizes with a heavy tail.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::{log_excess, log_of_ratio};

/// Pareto(m, a) with density a mᵃ/xᵃ⁺¹ on x ≥ m, by `scale` m > 0 and `shape` a > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto {
    label: String,
    scale: f64,
    shape: f64,
}

impl Family for Pareto {
    const NAME: &'static str = "pareto";
    const PARAMETERS: &'static [&'static str] = &["scale", "shape"];
    const EXAMPLE: &'static str = "pareto = { scale = 1, shape = 2.5 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (scale, shape) = (reading.number("scale", Rule::Positive), reading.number("shape", Rule::Positive));
        Ok(Self { scale, shape, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.scale, self.shape]
    }

    /// D = a₂ ln(m₁/m₂) + g(x), V = x², x = (a₂−a₁)/a₁, g(x) = x − ln(1+x); infinite where m₁ < m₂.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        if self.scale < model.scale {
            return Some(ClosedForm::INFINITE);
        }
        let x = (model.shape - self.shape) / self.shape;
        let scales = log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        Some(ClosedForm::finite(model.shape * scales + log_excess(x), x * x))
    }
}
