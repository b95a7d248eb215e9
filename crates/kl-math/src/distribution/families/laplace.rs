//! The Laplace distribution: two exponential ones back to back.

use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, Growth, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, exp_excess};

/// The Laplace distribution: two exponential ones back to back.
///
/// # Density
///
/// e^(−|x−m|/b)/(2b) for every x.
///
/// # Parameters
///
/// - `location`: m.
/// - `scale`: b > 0.
///
/// # Mean and variance
///
/// m and 2b².
///
/// # D and V, in nats and nats²
///
/// With t = |m₁−m₂|/b₁, r = b₁/b₂: D = −ln r + r (t + e^−t) − 1; V see `closed_form` in the source.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Laplace::new(0.0, 1.0)?, &Laplace::new(0.0, 2.0)?)?;
/// assert!((found.mean - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Gil, Alajaji & Linder 2013, "Rényi divergence measures for commonly used univariate continuous distributions".
#[derive(Clone, Debug, PartialEq)]
pub struct Laplace {
    label: String,
    location: f64,
    scale: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive),
}

impl Laplace {
    /// By location and positive scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Laplace;
    /// assert!(Laplace::new(0.0, 1.0).is_ok() && Laplace::new(0.0, 0.0).is_err());
    /// ```
    pub fn new(location: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into())])
    }

    /// The location m.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The scale b.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The mean, m.
    pub fn mean(&self) -> f64 {
        self.location
    }

    /// The variance, 2b².
    pub fn variance(&self) -> f64 {
        2.0 * self.scale * self.scale
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Laplace {
    const NAME: &'static str = "laplace";
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

    /// With t = |m₁−m₂|/b₁, r = b₁/b₂, x = r − 1: D = g(x) + r (t + e^−t − 1), g(x) = x − ln(1+x), and
    /// V = x² [2 + t² − (t + e^−t)²] + 2xC + W, C = 2 − e^−2t − (1+3t) e^−t, W = 3 − e^−2t − (2+4t) e^−t.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        /// e^−t is far below the last digit of t.
        const WIDE: f64 = 100.0;
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let (t, far) = (scale.measure(location, other_location).abs(), other.measure(location, other_location).abs());
        let (x, r) = (scale.relative_to(other), scale.over(other).to_f64());
        let shift = if t > WIDE { far - r } else { r * exp_excess(-t) };
        let mean = other.excess_to(scale) + shift;
        let t = t.min(1e3);
        let fall = libm::exp(-t);
        // 2 + t² − (t + e^−t)².
        let square = 2.0 - fall * (2.0 * t + fall);
        let (c, w) = cross_terms(t, fall);
        Some(ClosedForm::finite(mean, x * x * square + 2.0 * x * c + w))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// −ln(b₁/b₂) + |x−m₂|/b₂ − |x−m₁|/b₁, through differences where both are on one side of x.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        let x = point.value();
        let ((location, scale), (other_location, other_scale)) = (self.exact, model.exact);
        let excess = scale.relative_to(other_scale);
        let (own, other) = (x - self.location, x - model.location);
        let distances = if own * other > 0.0 {
            let shift = other_scale.measure(location, other_location);
            (own / self.scale * excess + shift) * 1f64.copysign(own)
        } else {
            other.abs() / model.scale - own.abs() / self.scale
        };
        distances - other_scale.log_to(scale)
    }
}

impl Values for Laplace {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Laplace
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        -self.standardised(point.value()).abs() - libm::log(2.0 * self.scale)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (x, z) = (point.value(), self.standardised(point.value()).abs());
        z + (x.abs() + self.location.abs()) / self.scale + 1.0 + libm::log(self.scale).abs()
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

    fn kinks(&self) -> Vec<f64> {
        vec![self.location]
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let fall = || TailDecay::new([(1.0, 0, 1.0 / self.scale)]);
        Some([fall(), fall()])
    }
}

/// C and W, which are t²/2·(…) near zero: Σ_{n≥2} (−t)ⁿ (3n−1−2ⁿ)/n! and Σ_{n≥2} (−t)ⁿ (4n−2−2ⁿ)/n!.
fn cross_terms(t: f64, fall: f64) -> (f64, f64) {
    if t > 1.0 {
        return (2.0 - fall * (fall + 1.0 + 3.0 * t), 3.0 - fall * (fall + 2.0 + 4.0 * t));
    }
    let (mut c, mut w) = (0.0, 0.0);
    let (mut term, mut power) = (-t, 2.0);
    for n in 2..30 {
        let n = f64::from(n);
        term *= -t / n;
        power *= 2.0;
        c += term * (3.0 * n - 1.0 - power);
        w += term * (4.0 * n - 2.0 - power);
    }
    (c, w)
}
