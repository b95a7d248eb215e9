//! The normal distribution.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::log_excess;

/// Normal(m, σ), by `mean` and `std_dev` > 0 or `variance` > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Normal {
    label: String,
    pub(super) mean: f64,
    pub(super) std_dev: f64,
}

impl Family for Normal {
    const NAME: &'static str = "normal";
    const PARAMETERS: &'static [&'static str] = &["mean", "std_dev", "variance"];
    const EXAMPLE: &'static str = "normal = { mean = 0, std_dev = 1 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let mean = reading.number("mean", Rule::Real);
        let std_dev = match reading.either("std_dev", "variance", Rule::Positive) {
            ("variance", variance) => variance.sqrt(),
            (_, std_dev) => std_dev,
        };
        Ok(Self { mean, std_dev, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.mean, self.std_dev]
    }

    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_normals((self.mean, self.std_dev), (model.mean, model.std_dev)))
    }
}

/// D = ½ [g(x) + δ²] and V = ½ x² + (1+x) δ², with 1 + x = σ₁²/σ₂², δ = (m₁−m₂)/σ₂, g(x) = x − ln(1+x).
pub(super) fn of_normals((mean, std_dev): (f64, f64), (other_mean, other): (f64, f64)) -> ClosedForm {
    let ratio = std_dev / other;
    let (x, distance) = ((std_dev - other) / other * (ratio + 1.0), (mean - other_mean) / other);
    let square = distance * distance;
    ClosedForm::finite(0.5 * (log_excess(x) + square), 0.5 * x * x + ratio * ratio * square)
}
