//! The gamma distribution.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::{hurwitz_zeta, log_excess, log_gamma_gap};

/// Gamma(a, b) with density bᵃ xᵃ⁻¹ e^−bx/Γ(a) on x > 0, by `shape` a > 0 and `rate` b > 0 or `scale` 1/b.
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    label: String,
    shape: f64,
    rate: f64,
}

impl Family for Gamma {
    const NAME: &'static str = "gamma";
    const PARAMETERS: &'static [&'static str] = &["shape", "rate", "scale"];
    const EXAMPLE: &'static str = "gamma = { shape = 2, rate = 1 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (shape, rate) = (reading.number("shape", Rule::Positive), reading.rate_or_scale());
        Ok(Self { shape, rate, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.shape, self.rate]
    }

    /// With h = a₂ − a₁, y = (b₂−b₁)/b₁, g(x) = x − ln(1+x): D = [lnΓ(a₂) − lnΓ(a₁) − hψ(a₁)] + a₁ g(y) − h ln(1+y)
    /// and V = h² (ψ′(a₁) − 1/a₁) + a₁ (y − h/a₁)².
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let a = self.shape;
        let (h, y) = (model.shape - a, (model.rate - self.rate) / self.rate);
        let mean = log_gamma_gap(a, h) + a * log_excess(y) - h * libm::log1p(y);
        let distance = y - h / a;
        let variance = h * h * (hurwitz_zeta(2, a) - 1.0 / a) + a * distance * distance;
        Some(ClosedForm::finite(mean, variance))
    }
}
