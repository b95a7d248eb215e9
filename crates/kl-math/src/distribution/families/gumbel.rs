//! The Gumbel distribution of largest values.

use super::weibull::{log_ratio_of_weibulls, of_weibulls};
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, Growth, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive};

/// The Gumbel distribution of largest values.
///
/// # Density
///
/// e^(−z − e^−z)/s for every x, z = (x−m)/s.
///
/// # Parameters
///
/// - `location`: m, the mode.
/// - `scale`: s > 0.
///
/// # Mean and variance
///
/// m + γs, γ = 0.5772…, and π²s²/6.
///
/// # D and V, in nats and nats²
///
/// Those of the [`Weibull`](super::Weibull) laws of e^−x, whose shape is 1/s and whose scale is e^−m: with r = s₁/s₂ and
/// d = (m₁−m₂)/s₂ it is D = −ln r + γ(r−1) + d + e^−d Γ(1+r) − 1.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Gumbel::new(0.0, 1.0)?, &Gumbel::new(1.0, 1.0)?)?;
/// assert!((found.mean - (std::f64::consts::E - 2.0)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Gil, Alajaji & Linder 2013, "Rényi divergence measures for commonly used univariate continuous distributions"; Bauckhage
/// 2013, "Computing the Kullback–Leibler divergence between two Weibull distributions".
#[derive(Clone, Debug, PartialEq)]
pub struct Gumbel {
    label: String,
    location: f64,
    scale: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive),
}

impl Gumbel {
    /// By location and positive scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Gumbel;
    /// assert!(Gumbel::new(0.0, 1.0).is_ok() && Gumbel::new(0.0, 0.0).is_err());
    /// ```
    pub fn new(location: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into())])
    }

    /// The location m, the mode.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The scale s.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The mean, m + γs.
    pub fn mean(&self) -> f64 {
        const EULER: f64 = 0.577_215_664_901_532_9;
        self.location + EULER * self.scale
    }

    /// The variance, π²s²/6.
    pub fn variance(&self) -> f64 {
        std::f64::consts::PI * std::f64::consts::PI / 6.0 * self.scale * self.scale
    }

    /// ln of the density at x.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Gumbel {
    const NAME: &'static str = "gumbel";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("location", Domain::Real), Declaration::number("scale", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("location", Sample::Number(0.0)), ("scale", Sample::Number(1.0))],
        &[("location", Sample::Number(0.5)), ("scale", Sample::Number(1.2))],
    ];
    const LAW: &'static str = "of one scale";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let (location, (scale, exact)) = (given.exact("location"), given.positive("scale"));
        Ok(Self { location: location.to_f64(), scale, exact: (location, exact), label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.location, self.scale]
    }

    /// That of the Weibull laws of e^−x.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let a = (other_location - location) / other.to_double_double();
        Some(of_weibulls(scale.over(other).to_f64(), other.log_over(scale), scale.relative_to(other), a))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = d + (e^−d − 1) E for one scale.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let a = other.measure(other_location, location);
        (scale == other).then(|| LogRatioForm::Exponential { constant: -a, slope: libm::expm1(a) })
    }

    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let (log, a) = (-self.standard_score(point.value()), other.measure(other_location, location));
        log_ratio_of_weibulls(log, other.log_over(scale), scale.relative_to(other), a)
    }
}

impl Gumbel {
    /// z = (x−m)/s.
    fn standard_score(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }
}

impl Values for Gumbel {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Exponential
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let z = self.standard_score(point.value());
        // e^−z is beyond the doubles where z is not: so is z − ∞.
        -z - libm::exp(-z) - libm::log(self.scale)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (x, z) = (point.value(), self.standard_score(point.value()));
        let power = libm::exp(-z);
        z.abs() + power + (1.0 + power) * (x.abs() + self.location.abs()) / self.scale + libm::log(self.scale).abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().map_or(f64::NAN, |&e| self.location - self.scale * libm::log(e)))
    }

    fn standardised(&self, x: f64) -> f64 {
        libm::exp(-self.standard_score(x))
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::Exponential(1.0 / self.scale), Growth::Power(1.0)]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: self.location, width: self.scale }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let rate = 1.0 / self.scale;
        let below = TailDecay::new([(1.0, 0, -rate)]).with_exponential(rate, libm::exp(self.location * rate));
        Some([below, TailDecay::new([(1.0, 0, rate)])])
    }
}
