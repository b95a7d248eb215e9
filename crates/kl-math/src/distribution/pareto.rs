//! The Pareto distribution: sizes with a heavy tail.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError, ParameterErrors};
use super::reading::Reading;
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{Positive, log_of_ratio};

/// Pareto(m, a) with density a mᵃ/xᵃ⁺¹ on x ≥ m, by `scale` m > 0 and `shape` a > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto {
    label: String,
    scale: f64,
    shape: f64,
    /// As they are written.
    exact: [Positive; 2],
}

impl Pareto {
    /// By scale, the smallest value, and shape, both positive.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Pareto;
    /// assert!(Pareto::new(1.0, 2.5).is_ok() && Pareto::new(0.0, 1.0).is_err());
    /// ```
    pub fn new(scale: impl Into<Parameter>, shape: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("scale", scale.into()), ("shape", shape.into())])
    }
}

impl Family for Pareto {
    const NAME: &'static str = "pareto";
    const PARAMETERS: &'static [&'static str] = &["scale", "shape"];
    const EXAMPLE: &'static str = "pareto = { scale = 1, shape = 2.5 }";
    const ANOTHER: &'static str = "pareto = { scale = 1, shape = 3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let ((scale, exact_scale), (shape, exact)) = (reading.positive("scale"), reading.positive("shape"));
        Ok(Self { scale, shape, exact: [exact_scale, exact], label: reading.finish()? })
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
        let ([_, shape], [_, other]) = (self.exact, model.exact);
        let x = other.relative_to(shape);
        Some(ClosedForm::finite(model.shape * self.log_of_scales(model) + shape.excess_to(other), x * x))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = a₂ ln(m₁/m₂) − ln(1+x) + x E where Q covers P.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let ([_, shape], [_, other]) = (self.exact, model.exact);
        let slope = other.relative_to(shape);
        let constant = model.shape * self.log_of_scales(model) - shape.log_to(other);
        let form = LogRatioForm::Exponential { constant, slope };
        (self.scale >= model.scale).then_some(form)
    }
}

impl Pareto {
    /// ln(m₁/m₂) where m₁ ≥ m₂ as doubles: where values end, doubles rule.
    fn log_of_scales(&self, model: &Self) -> f64 {
        self.exact[0].log_over(model.exact[0]).max(0.0)
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

    fn size_of_ln_prob(&self, point: Point<'_>) -> f64 {
        let log = point.log().abs();
        self.shape * (log + libm::log(self.scale).abs()) + log + libm::log(self.shape).abs()
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
