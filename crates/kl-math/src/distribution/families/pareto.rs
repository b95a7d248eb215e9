//! The Pareto distribution: sizes with a heavy tail.

use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{Positive, log_of_ratio};

/// The Pareto distribution: sizes with a heavy tail.
///
/// # Density
///
/// a mᵃ/xᵃ⁺¹ for x ≥ m.
///
/// # Parameters
///
/// - `scale`: m > 0, the smallest value.
/// - `shape`: a > 0.
///
/// # Mean and variance
///
/// am/(a−1) for a > 1, and am²/((a−1)² (a−2)) for a > 2; else infinite.
///
/// # D and V, in nats and nats²
///
/// With x = (a₂−a₁)/a₁: D = a₂ ln(m₁/m₂) + x − ln(1+x), V = x² where m₁ ≥ m₂; else D is infinite.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Pareto::new(1.0, 1.0)?, &Pareto::new(1.0, 2.0)?)?;
/// assert!((found.mean - (1.0 - std::f64::consts::LN_2)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// ln(x/m) is exponential with rate a.
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

    /// The scale m.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The shape a.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The mean, am/(a−1); infinite for a ≤ 1.
    pub fn mean(&self) -> f64 {
        if self.shape > 1.0 { self.shape * self.scale / (self.shape - 1.0) } else { f64::INFINITY }
    }

    /// The variance, am²/((a−1)² (a−2)); infinite for a ≤ 2.
    pub fn variance(&self) -> f64 {
        if self.shape > 2.0 {
            let unit = self.scale / (self.shape - 1.0);
            self.shape * unit * unit / (self.shape - 2.0)
        } else {
            f64::INFINITY
        }
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Pareto {
    const NAME: &'static str = "pareto";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("scale", Domain::Positive), Declaration::number("shape", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("scale", Sample::Number(1.0)), ("shape", Sample::Number(2.5))],
        &[("scale", Sample::Number(1.0)), ("shape", Sample::Number(3.0))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let ((scale, exact_scale), (shape, exact)) = (given.positive("scale"), given.positive("shape"));
        Ok(Self { scale, shape, exact: [exact_scale, exact], label: given.label() })
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

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Exponential
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        if !point.lies_in(self.support()) {
            return f64::NEG_INFINITY;
        }
        let log = point.log();
        libm::log(self.shape) - self.shape * (log - libm::log(self.scale)) - log
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let log = point.log().abs();
        self.shape * (log + libm::log(self.scale).abs()) + log + libm::log(self.shape).abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Log(draw.first().map_or(f64::NAN, |e| libm::log(self.scale) + e / self.shape))
    }

    fn standardised(&self, x: f64) -> f64 {
        self.shape * log_of_ratio(x, self.scale, x - self.scale)
    }

    fn support(&self) -> [f64; 2] {
        [self.scale, f64::INFINITY]
    }

    fn tail_power(&self) -> [f64; 2] {
        [1.0, self.shape]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Log { centre: libm::log(self.scale), width: 1.0 / self.shape }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::new([(0.0, 1, 1.0 + self.shape)])])
    }
}
