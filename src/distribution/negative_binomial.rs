//! The negative binomial distribution: how many failures before several successes.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::geometric::of_failures;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};

/// NegativeBinomial(r, p): P(k) = Γ(k+r)/(k! Γ(r)) pʳ (1−p)ᵏ, k = 0, 1, 2, … failures; `r` > 0 need not be whole, `p` in
/// (0, 1].
#[derive(Clone, Debug, PartialEq)]
pub struct NegativeBinomial {
    label: String,
    r: f64,
    p: f64,
}

impl Family for NegativeBinomial {
    const NAME: &'static str = "negative_binomial";
    const PARAMETERS: &'static [&'static str] = &["r", "p"];
    const EXAMPLE: &'static str = "negative_binomial = { r = 3, p = 0.2 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (r, p) = (reading.number("r", Rule::Positive), reading.number("p", Rule::PositiveProbability));
        Ok(Self { r, p, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.r, self.p]
    }

    /// r times the geometric one's, for one r. Two different ones have none.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        (self.r == model.r).then(|| of_failures(self.p, model.p).times(self.r))
    }
}
