//! The beta distribution: a random probability.

use super::closed_form::ClosedForm;
use super::dirichlet::of_concentrations;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};

/// Beta(α, β) with density x^(α−1) (1−x)^(β−1)/B(α, β) on (0, 1), by `alpha` > 0 and `beta` > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Beta {
    label: String,
    alpha: f64,
    beta: f64,
}

impl Family for Beta {
    const NAME: &'static str = "beta";
    const PARAMETERS: &'static [&'static str] = &["alpha", "beta"];
    const EXAMPLE: &'static str = "beta = { alpha = 2, beta = 3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (alpha, beta) = (reading.number("alpha", Rule::Positive), reading.number("beta", Rule::Positive));
        Ok(Self { alpha, beta, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.alpha, self.beta]
    }

    /// The Dirichlet one of two.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_concentrations(&[self.alpha, self.beta], &[model.alpha, model.beta]))
    }
}
