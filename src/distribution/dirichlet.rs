//! The Dirichlet distribution: random probabilities.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Fault, Parameter, ParameterError, Step};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{digamma, hurwitz_zeta, log_gamma, log_gamma_gap_to};

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
    const ANOTHER: &'static str = "dirichlet = { alpha = [2, 2, 2] }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let alpha = reading.numbers("alpha", Rule::Positive);
        if alpha.len() < 2 && reading.is_clean() {
            let value = format!("a list of {}", alpha.len());
            let (rule, help) = ("a list of two or more numbers".into(), "write a list such as [1, 2, 3]");
            let fault = Fault::OutOfRange { value, rule, help };
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

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        (self.alpha.len() == model.alpha.len()).then(|| form_of_concentrations(&self.alpha, &model.alpha))
    }
}

impl Values for Dirichlet {
    fn space(&self) -> Space {
        Space::Simplex(self.alpha.len())
    }

    fn standard(&self) -> Standard {
        Standard::Dirichlet { alpha: self.alpha.clone() }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        match point {
            // Shares are positive: where one is 0, the density may have a pole.
            Point::LogShares(logs) if logs.contains(&f64::NEG_INFINITY) => f64::NEG_INFINITY,
            Point::LogShares(logs) if logs.len() == self.alpha.len() => log_density(&self.alpha, logs),
            _ => f64::NEG_INFINITY,
        }
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::LogShares(draw)
    }
}

/// Σ (αᵢ−1) ln xᵢ + lnΓ(Σα) − Σ lnΓ(αᵢ).
pub(super) fn log_density(alpha: &[f64], logs: &[f64]) -> f64 {
    let gammas: f64 = alpha.iter().map(|&a| log_gamma(a)).sum();
    let powers: f64 = alpha.iter().zip(logs).map(|(a, log)| (a - 1.0) * log).sum();
    powers + log_gamma(alpha.iter().sum()) - gammas
}

/// X = Σ [lnΓ(βᵢ) − lnΓ(αᵢ)] − [lnΓ(Σβ) − lnΓ(Σα)] − Σ hᵢ ln xᵢ.
pub(super) fn form_of_concentrations(alpha: &[f64], beta: &[f64]) -> LogRatioForm {
    let falls: Vec<f64> = alpha.iter().zip(beta).map(|(a, b)| b - a).collect();
    let step = |a: f64, b: f64, h: f64| h * digamma(a) + log_gamma_gap_to(a, b, h);
    let parts: f64 = alpha.iter().zip(beta).zip(&falls).map(|((&a, &b), &h)| step(a, b, h)).sum();
    let constant = parts - step(alpha.iter().sum(), beta.iter().sum(), falls.iter().sum());
    LogRatioForm::Dirichlet { alpha: alpha.to_vec(), constant, falls }
}

/// With hᵢ = βᵢ − αᵢ and G(a, h) = lnΓ(a+h) − lnΓ(a) − hψ(a): D = Σ G(αᵢ, hᵢ) − G(Σα, Σh), V = Σ hᵢ² ψ′(αᵢ) − (Σh)² ψ′(Σα).
pub(super) fn of_concentrations(alpha: &[f64], beta: &[f64]) -> ClosedForm {
    /// What rounding does to a term.
    const ROUNDING: f64 = 2e-15;
    /// D is said to be off, and V is none, if their terms cancel to less than this part of themselves.
    const CANCELLED: [f64; 2] = [1e-12, 1e-6];
    let steps = || alpha.iter().zip(beta).map(|(a, b)| (*a, b - a));
    let (whole, step) = (alpha.iter().sum::<f64>(), steps().map(|(_, h)| h).sum::<f64>());
    let gaps = alpha.iter().zip(beta).map(|(&a, &b)| log_gamma_gap_to(a, b, b - a)).sum::<f64>();
    let whole_gap = log_gamma_gap_to(whole, beta.iter().sum(), step);
    let squares = steps().map(|(a, h)| h * h * hurwitz_zeta(2, a)).sum::<f64>();
    let whole_square = step * step * hurwitz_zeta(2, whole);
    // What is no number stays none.
    let positive = |value: f64| if value < 0.0 { 0.0 } else { value };
    let (mean, variance) = (positive(gaps - whole_gap), positive(squares - whole_square));
    let (error, spread_error) = (ROUNDING * (gaps + whole_gap), ROUNDING * (squares + whole_square));
    let is_lost = spread_error > CANCELLED[1] * variance || error > CANCELLED[1] * mean;
    let error = Some(error).filter(|error| *error > CANCELLED[0] * mean);
    ClosedForm { error, ..ClosedForm::finite(mean, if is_lost { f64::NAN } else { variance }) }
}
