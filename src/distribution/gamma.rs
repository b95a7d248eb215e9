//! The gamma distribution.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{digamma, exp_excess, hurwitz_zeta, log_excess_of, log_gamma_gap_to, log1p_of, stirling_error};

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
    const ANOTHER: &'static str = "gamma = { shape = 3, rate = 1.5 }";
    const LAW: &'static str = "of one shape";

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
        let rates = a * log_excess_of(self.rate, model.rate) - h * log1p_of(self.rate, model.rate);
        let mean = log_gamma_gap_to(a, model.shape, h) + rates;
        let distance = y - h / a;
        let variance = h * h * (hurwitz_zeta(2, a) - 1.0 / a) + a * distance * distance;
        Some(ClosedForm::finite(mean, variance))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = lnΓ(a₂) − lnΓ(a₁) − a₂ ln(1+y) − h ln G + y G.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let (shape, fall) = (self.shape, model.shape - self.shape);
        let slope = (model.rate - self.rate) / self.rate;
        let step = fall * digamma(shape) + log_gamma_gap_to(shape, model.shape, fall);
        let constant = step - model.shape * log1p_of(self.rate, model.rate);
        Some(LogRatioForm::Gamma { shape, constant, fall, slope })
    }
}

impl Values for Gamma {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Gamma { shape: self.shape }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        let log = point.log();
        if log == f64::NEG_INFINITY {
            return log;
        }
        // With G = bx: ln of the density of ln G, about its mode.
        let distance = log + libm::log(self.rate) - libm::log(self.shape);
        let top = 0.5 * libm::log(self.shape / std::f64::consts::TAU) - stirling_error(self.shape);
        top - self.shape * exp_excess(distance) - log
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Log(draw.first().map_or(f64::NAN, |log| log - libm::log(self.rate)))
    }

    fn standardised(&self, x: f64) -> f64 {
        self.rate * x
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn growth(&self) -> f64 {
        1.0
    }

    fn chart(&self) -> Chart {
        Chart::Log { centre: digamma(self.shape) - libm::log(self.rate), width: hurwitz_zeta(2, self.shape).sqrt() }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        let log = self.shape - 1.0;
        Some([Fall::new([(0.0, 1, log)]), Fall::new([(1.0, 0, self.rate), (0.0, 1, -log)])])
    }
}
