//! The logistic distribution.

use crate::distribution::{
    BaseVariable, ChangeOfVariable, Declaration, Domain, Example, Family, Growth, Parameter, ParameterError,
    ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive};

/// The logistic distribution.
///
/// # Density
///
/// 1/(4 s cosh²(t/2)) for every x, t = (x−m)/s.
///
/// # Parameters
///
/// - `location`: m.
/// - `scale`: s > 0.
///
/// # Mean and variance
///
/// m and π²s²/3.
///
/// # D and V, in nats and nats²
///
/// By quadrature: two scales have no formula.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Logistic::new(0.0, 1.0)?, &Logistic::new(2.0, 1.0)?)?;
/// // d coth(d/2) − 2 for one scale and locations d scales apart.
/// assert!((found.mean - (2.0 / 1f64.tanh() - 2.0)).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kotz & Balakrishnan 1995, *Continuous Univariate Distributions*, volume 2, chapter 23.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    label: String,
    location: f64,
    scale: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive),
}

impl Logistic {
    /// By location and positive scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Logistic;
    /// assert!(Logistic::new(0.0, 1.0).is_ok() && Logistic::new(0.0, 0.0).is_err());
    /// ```
    pub fn new(location: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into())])
    }

    /// The location m.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The scale s.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The mean, m.
    pub fn mean(&self) -> f64 {
        self.location
    }

    /// The variance, π²s²/3.
    pub fn variance(&self) -> f64 {
        std::f64::consts::PI * std::f64::consts::PI / 3.0 * self.scale * self.scale
    }

    /// ln of the density at x.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }

    /// What t₁ = (x−m₁)/s₁ and t₂ = (x−m₂)/s₂ differ by, e and d of t₂ − t₁ = e t₁ + d.
    fn difference(&self, model: &Self) -> (f64, f64) {
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        (scale.relative_to(other), other.measure(location, other_location))
    }
}

impl Family for Logistic {
    const NAME: &'static str = "logistic";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("location", Domain::Real), Declaration::number("scale", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("location", Sample::Number(0.0)), ("scale", Sample::Number(1.0))],
        &[("location", Sample::Number(1.0)), ("scale", Sample::Number(1.5))],
    ];

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

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// ln(s₂/s₁) + 2 ln(cosh(a+h)/cosh a), a = t₁/2, a + h = t₂/2; the ratio is 1 + 2 sinh²(h/2) + sinh h tanh a.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        let t = self.standardised(point.value());
        let (excess, shift) = self.difference(model);
        let h = 0.5 * (excess * t + shift);
        let scales = model.exact.1.log_to(self.exact.1);
        if h.abs() > NEAR {
            let other = model.standardised(point.value());
            return log_cosh(other) - log_cosh(t) - scales;
        }
        let half = libm::sinh(0.5 * h);
        2.0 * libm::log1p(2.0 * half * half + libm::sinh(h) * libm::tanh(0.5 * t)) - scales
    }

    /// The slope is e tanh(t₂/2) + tanh(t₂/2) − tanh(t₁/2).
    fn size_of_log_ratio(&self, model: &Self, point: Value<'_>) -> Option<f64> {
        let x = point.value();
        let (excess, shift) = self.difference(model);
        let h = 0.5 * (excess * self.standardised(x) + shift).abs();
        let slope = excess.abs() + h.min(2.0);
        let parts = 4.0 * h + model.exact.1.log_to(self.exact.1).abs();
        (h <= NEAR).then(|| 2.0 * parts + slope * (x.abs() + self.location.abs()) / self.scale)
    }
}

/// Where t₁/2 and t₂/2 are further apart the two logarithms are unlike.
const NEAR: f64 = 0.5;

/// 2 ln(2 cosh(t/2)).
fn log_cosh(t: f64) -> f64 {
    t.abs() + 2.0 * libm::log1p(libm::exp(-t.abs()))
}

impl Values for Logistic {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::LogOdds { shape: 1.0 }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        -log_cosh(self.standardised(point.value())) - libm::log(self.scale)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (x, t) = (point.value(), self.standardised(point.value()).abs());
        t + (x.abs() + self.location.abs()) / self.scale + 3.0 + libm::log(self.scale).abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().map_or(f64::NAN, |t| self.location + self.scale * t))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::Power(1.0); 2]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: self.location, width: self.scale }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let fall = || TailDecay::new([(1.0, 0, 1.0 / self.scale)]);
        Some([fall(), fall()])
    }
}
