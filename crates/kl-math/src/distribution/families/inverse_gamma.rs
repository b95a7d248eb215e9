//! The inverse gamma distribution: its reciprocal is gamma.

use super::gamma::Gamma;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, Growth, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};

/// The inverse gamma distribution: its reciprocal is gamma.
///
/// # Density
///
/// bᵃ x^(−a−1) e^(−b/x)/Γ(a) for x > 0.
///
/// # Parameters
///
/// - `shape`: a > 0.
/// - `scale`: b > 0, the rate of 1/x.
///
/// # Mean and variance
///
/// b/(a−1) for a > 1 and b²/((a−1)² (a−2)) for a > 2; infinite below.
///
/// # D and V, in nats and nats²
///
/// Those of the [`Gamma`](super::Gamma) laws of 1/x: a divergence does not change when x is replaced by an invertible function
/// of it.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&InverseGamma::new(2.0, 1.0)?, &InverseGamma::new(2.0, 2.0)?)?;
/// assert!((found.mean - 2.0 * (1.0 - std::f64::consts::LN_2)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kullback 1959, *Information Theory and Statistics*, chapter 2; Penny 2001, "KL-divergences of normal, gamma, Dirichlet and
/// Wishart densities".
#[derive(Clone, Debug, PartialEq)]
pub struct InverseGamma {
    label: String,
    shape: f64,
    scale: f64,
    /// The law of 1/x.
    reciprocal: Gamma,
}

impl InverseGamma {
    /// By shape and scale, both positive.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::InverseGamma;
    /// assert!(InverseGamma::new(2.0, 1.5).is_ok() && InverseGamma::new(0.0, 1.0).is_err());
    /// ```
    pub fn new(shape: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("shape", shape.into()), ("scale", scale.into())])
    }

    /// The shape a.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale b.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The mean, b/(a−1): infinite for a ≤ 1.
    pub fn mean(&self) -> f64 {
        if self.shape > 1.0 { self.scale / (self.shape - 1.0) } else { f64::INFINITY }
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for InverseGamma {
    const NAME: &'static str = "inverse_gamma";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("shape", Domain::Positive), Declaration::number("scale", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("shape", Sample::Number(2.0)), ("scale", Sample::Number(1.0))],
        &[("shape", Sample::Number(3.0)), ("scale", Sample::Number(1.5))],
    ];
    const LAW: &'static str = "of one shape";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let ((shape, exact_shape), (scale, exact_scale)) = (given.positive("shape"), given.positive("scale"));
        let reciprocal = Gamma::of_reciprocals((shape, exact_shape), (scale, exact_scale));
        Ok(Self { shape, scale, reciprocal, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.shape, self.scale]
    }

    /// That of 1/x.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        self.reciprocal.closed_form(&model.reciprocal)
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// That of 1/x.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        self.reciprocal.form(&model.reciprocal)
    }

    /// That of 1/x.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        self.reciprocal.log_ratio_at(&model.reciprocal, Value::Log(-point.log()))
    }
}

impl Values for InverseGamma {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Gamma { shape: self.shape }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let log = point.log();
        if log == f64::NEG_INFINITY {
            return log;
        }
        self.reciprocal.ln_prob(Value::Log(-log)) - 2.0 * log
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let log = point.log();
        self.reciprocal.size_of_ln_prob(Value::Log(-log)) + 2.0 * log.abs()
    }

    fn value<'a>(&self, draw: &'a [f64], room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Log(-self.reciprocal.value(draw, room).log())
    }

    fn standardised(&self, x: f64) -> f64 {
        self.scale / x
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::Power(1.0), Growth::SLOW]
    }

    fn tail_power(&self) -> [f64; 2] {
        [f64::INFINITY, self.shape]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        match self.reciprocal.change_of_variable() {
            ChangeOfVariable::Log { centre, width } => ChangeOfVariable::Log { centre: -centre, width },
            other => other,
        }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let log = self.shape + 1.0;
        Some([TailDecay::new([(1.0, 0, self.scale), (0.0, 1, -log)]), TailDecay::new([(0.0, 1, log)])])
    }
}
