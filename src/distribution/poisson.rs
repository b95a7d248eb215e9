//! The Poisson distribution: how many rare events happen.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::{log_gap, log_of_ratio};

/// Poisson(λ), `rate` = λ ≥ 0: P(k) = e^−λ λᵏ/k!, k = 0, 1, 2, …; λ = 0 is 0 for sure.
#[derive(Clone, Debug, PartialEq)]
pub struct Poisson {
    label: String,
    rate: f64,
}

impl Family for Poisson {
    const NAME: &'static str = "poisson";
    const PARAMETERS: &'static [&'static str] = &["rate"];
    const EXAMPLE: &'static str = "poisson = { rate = 2.5 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let rate = reading.number("rate", Rule::NonNegative);
        Ok(Self { rate, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    /// D = λ ln(λ/μ) + μ − λ = μ h(t), V = λ ln²(λ/μ), with t = (λ−μ)/μ and h(t) = (1+t) ln(1+t) − t.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let (rate, other) = (self.rate, model.rate);
        if other == 0.0 {
            return Some(if rate == 0.0 { ClosedForm::finite(0.0, 0.0) } else { ClosedForm::INFINITE });
        }
        if rate == 0.0 {
            return Some(ClosedForm::finite(other, 0.0));
        }
        let t = (rate - other) / other;
        let ratio = log_of_ratio(rate, other, rate - other);
        let mean = if t < 1e6 { other * log_gap(t) } else { rate * ratio + (other - rate) };
        Some(ClosedForm::finite(mean, rate * ratio * ratio))
    }
}
