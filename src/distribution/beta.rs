//! The beta distribution: a random probability.

use super::closed_form::ClosedForm;
use super::dirichlet::{form_of_concentrations, log_density, of_concentrations};
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{digamma, hurwitz_zeta};

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
    const ANOTHER: &'static str = "beta = { alpha = 3, beta = 2 }";

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

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        Some(form_of_concentrations(&[self.alpha, self.beta], &[model.alpha, model.beta]))
    }
}

impl Values for Beta {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Dirichlet { alpha: vec![self.alpha, self.beta] }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        let (log, rest) = (point.log(), point.log_rest());
        if log == f64::NEG_INFINITY || rest == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        log_density(&[self.alpha, self.beta], &[log, rest])
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        match draw {
            &[log, log_rest] => Point::Share { log, log_rest },
            _ => Point::Real(f64::NAN),
        }
    }

    fn support(&self) -> [f64; 2] {
        [0.0, 1.0]
    }

    fn chart(&self) -> Chart {
        let width = (hurwitz_zeta(2, self.alpha) + hurwitz_zeta(2, self.beta)).sqrt();
        Chart::Logit { centre: digamma(self.alpha) - digamma(self.beta), width }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        Some([self.alpha, self.beta].map(|shape| Fall::new([(0.0, 1, shape - 1.0)])))
    }
}
