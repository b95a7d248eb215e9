//! The Pareto distribution: sizes with a heavy tail.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{log_excess_of, log_of_ratio, log1p_of};

/// Pareto(m, a) with density a mᵃ/xᵃ⁺¹ on x ≥ m, by `scale` m > 0 and `shape` a > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto {
    label: String,
    scale: f64,
    shape: f64,
}

impl Family for Pareto {
    const NAME: &'static str = "pareto";
    const PARAMETERS: &'static [&'static str] = &["scale", "shape"];
    const EXAMPLE: &'static str = "pareto = { scale = 1, shape = 2.5 }";
    const ANOTHER: &'static str = "pareto = { scale = 1, shape = 3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (scale, shape) = (reading.number("scale", Rule::Positive), reading.number("shape", Rule::Positive));
        Ok(Self { scale, shape, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.scale, self.shape]
    }

    /// D = a₂ ln(m₁/m₂) + g(x), V = x², x = (a₂−a₁)/a₁, g(x) = x − ln(1+x); infinite where m₁ < m₂.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        if self.scale < model.scale {
            return Some(ClosedForm::INFINITE);
        }
        let x = (model.shape - self.shape) / self.shape;
        let scales = log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        Some(ClosedForm::finite(model.shape * scales + log_excess_of(self.shape, model.shape), x * x))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = a₂ ln(m₁/m₂) − ln(1+x) + x E where Q covers P.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let slope = (model.shape - self.shape) / self.shape;
        let scales = log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        let constant = model.shape * scales - log1p_of(self.shape, model.shape);
        let form = LogRatioForm::Exponential { constant, slope };
        (self.scale >= model.scale).then_some(form)
    }
}

impl Values for Pareto {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Exponential
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        if !point.lies_in(self.support()) {
            return f64::NEG_INFINITY;
        }
        let log = point.log();
        libm::log(self.shape) - self.shape * (log - libm::log(self.scale)) - log
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Log(draw.first().map_or(f64::NAN, |e| libm::log(self.scale) + e / self.shape))
    }

    fn standardised(&self, x: f64) -> f64 {
        self.shape * log_of_ratio(x, self.scale, x - self.scale)
    }

    fn support(&self) -> [f64; 2] {
        [self.scale, f64::INFINITY]
    }

    fn tail_power(&self) -> f64 {
        self.shape
    }

    fn chart(&self) -> Chart {
        Chart::Log { centre: libm::log(self.scale), width: 1.0 / self.shape }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        Some([Fall::default(), Fall::new([(0.0, 1, 1.0 + self.shape)])])
    }
}
