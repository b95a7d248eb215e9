//! The Dirichlet distribution: random probabilities.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};
use crate::numeric::{hurwitz_zeta, log_gamma_gap};

/// Dirichlet(α) with density ∏ xᵢ^(αᵢ−1) Γ(Σα)/∏ Γ(αᵢ) on the simplex; `alpha` is a list of two or more positive numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Dirichlet {
    label: String,
    alpha: Vec<f64>,
}

impl Family for Dirichlet {
    const NAME: &'static str = "dirichlet";
    const PARAMETERS: &'static [&'static str] = &["alpha"];
    const EXAMPLE: &'static str = "dirichlet = { alpha = [1, 2, 3] }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let alpha = reading.numbers("alpha", Rule::Positive);
        if alpha.len() < 2 && reading.is_clean() {
            let fault = Fault::OutOfRange { value: "the list".into(), rule: "two or more numbers" };
            reading.fault(fault, &[Step::Key("alpha".into())]);
        }
        Ok(Self { alpha, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.alpha.clone()
    }

    /// None for lists of different lengths.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        (self.alpha.len() == model.alpha.len()).then(|| of_concentrations(&self.alpha, &model.alpha))
    }
}

/// With hᵢ = βᵢ − αᵢ and G(a, h) = lnΓ(a+h) − lnΓ(a) − hψ(a): D = Σ G(αᵢ, hᵢ) − G(Σα, Σh), V = Σ hᵢ² ψ′(αᵢ) − (Σh)² ψ′(Σα).
pub(super) fn of_concentrations(alpha: &[f64], beta: &[f64]) -> ClosedForm {
    let steps = || alpha.iter().zip(beta).map(|(a, b)| (*a, b - a));
    let (whole, step) = (alpha.iter().sum::<f64>(), steps().map(|(_, h)| h).sum::<f64>());
    let mean = steps().map(|(a, h)| log_gamma_gap(a, h)).sum::<f64>() - log_gamma_gap(whole, step);
    let variance = steps().map(|(a, h)| h * h * hurwitz_zeta(2, a)).sum::<f64>() - step * step * hurwitz_zeta(2, whole);
    ClosedForm::finite(mean.max(0.0), variance.max(0.0))
}
