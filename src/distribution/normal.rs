//! The normal distribution.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{FAR, log_excess, log_of_ratio};

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
    const ANOTHER: &'static str = "normal = { mean = 0.5, std_dev = 1.2 }";
    const LAW: &'static str = "of one width or one mean";

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

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        Some(form_of_normals((self.mean, self.std_dev), (model.mean, model.std_dev)))
    }
}

impl Values for Normal {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Normal
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        log_density(self.standardised(point.value())) - libm::log(self.std_dev)
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(draw.first().map_or(f64::NAN, |z| self.mean + self.std_dev * z))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.mean) / self.std_dev
    }

    fn growth(&self) -> f64 {
        2.0
    }

    fn chart(&self) -> Chart {
        Chart::Linear { centre: self.mean, width: self.std_dev }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        let (square, mean) = (0.5 / self.std_dev / self.std_dev, self.mean / self.std_dev / self.std_dev);
        Some([mean, -mean].map(|linear| Fall::new([(2.0, 0, square), (1.0, 0, linear)])))
    }
}

/// ln of the standard normal density.
pub(super) fn log_density(z: f64) -> f64 {
    const LOG_SQRT_TAU: f64 = 0.918_938_533_204_672_8;
    -0.5 * z * z - LOG_SQRT_TAU
}

/// X = ½ [δ² − ln(1+x)] + √(1+x) δ z + ½ x z².
pub(super) fn form_of_normals((mean, std_dev): (f64, f64), (other_mean, other): (f64, f64)) -> LogRatioForm {
    let ratio = std_dev / other;
    let (square, distance) = ((std_dev - other) / other * (ratio + 1.0), (mean - other_mean) / other);
    let logarithm =
        if square < FAR { 2.0 * log_of_ratio(std_dev, other, std_dev - other) } else { libm::log1p(square) };
    let constant = 0.5 * (distance * distance - logarithm);
    LogRatioForm::Normal { constant, linear: ratio * distance, square }
}

/// D = ½ [g(x) + δ²] and V = ½ x² + (1+x) δ², with 1 + x = σ₁²/σ₂², δ = (m₁−m₂)/σ₂, g(x) = x − ln(1+x).
pub(super) fn of_normals((mean, std_dev): (f64, f64), (other_mean, other): (f64, f64)) -> ClosedForm {
    let ratio = std_dev / other;
    let (x, distance) = ((std_dev - other) / other * (ratio + 1.0), (mean - other_mean) / other);
    let square = distance * distance;
    // Of a narrow P x is −1 but for rounding.
    let excess = if x < FAR { x - 2.0 * log_of_ratio(std_dev, other, std_dev - other) } else { log_excess(x) };
    ClosedForm::finite(0.5 * (excess + square), 0.5 * x * x + (ratio * distance) * (ratio * distance))
}
