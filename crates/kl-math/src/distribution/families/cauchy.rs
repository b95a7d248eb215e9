//! The Cauchy distribution: no mean, and yet a divergence.

use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, Parameter, ParameterError,
    ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, dilogarithm_of_odds};

/// The Cauchy distribution: no mean, and yet a divergence.
///
/// # Density
///
/// s/(π (s² + (x−m)²)) for every x.
///
/// # Parameters
///
/// - `location`: m.
/// - `scale`: s > 0.
///
/// # Mean and variance
///
/// There are none.
///
/// # D and V, in nats and nats²
///
/// D = ln(1+w), V = 2 Li₂(w/(1+w)), w = ((s₁−s₂)² + (m₁−m₂)²)/(4 s₁ s₂).
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Cauchy::new(0.0, 1.0)?, &Cauchy::new(2.0, 1.0)?)?;
/// assert_eq!(found.mean, std::f64::consts::LN_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Chyzak & Nielsen 2019, "A closed-form formula for the Kullback–Leibler divergence between Cauchy distributions".
#[derive(Clone, Debug, PartialEq)]
pub struct Cauchy {
    label: String,
    location: f64,
    scale: f64,
    /// As they are written.
    exact: (DoubleDouble, Positive),
}

impl Cauchy {
    /// By location and positive scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Cauchy;
    /// assert!(Cauchy::new(0.0, 1.0).is_ok() && Cauchy::new(0.0, 0.0).is_err());
    /// ```
    pub fn new(location: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("location", location.into()), ("scale", scale.into())])
    }

    /// The location m, the median.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The scale s, half the distance between the quartiles.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Student's t law of one degree of freedom.
    pub(in crate::distribution) fn of_one_degree(label: String, location: DoubleDouble, scale: Positive) -> Self {
        Self { label, location: location.to_f64(), scale: scale.to_f64(), exact: (location, scale) }
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Cauchy {
    const NAME: &'static str = "cauchy";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("location", Domain::Real), Declaration::number("scale", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("location", Sample::Number(0.0)), ("scale", Sample::Number(1.0))],
        &[("location", Sample::Number(1.0)), ("scale", Sample::Number(2.0))],
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

    /// D = ln(1+w), w = ((s₁−s₂)² + (m₁−m₂)²)/(4 s₁ s₂) (Chyzak & Nielsen 2019, "A closed-form formula for the
    /// Kullback–Leibler divergence between Cauchy distributions"); V = 2 Li₂(w/(1+w)).
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let square = Positive::distance(location, other_location).map(|distance| distance.times(distance));
        let shift = square.map_or(0.0, |square| square.over(scale.times(other)).to_f64() / 4.0);
        let w = scale.relative_to(other) * (-other.relative_to(scale)) / 4.0 + shift;
        if w.is_finite() {
            return Some(ClosedForm::finite(libm::log1p(w), 2.0 * dilogarithm_of_odds(w)));
        }
        // 1 + w = ((s₁+s₂)² + d²)/(4 s₁ s₂), whose parts may be beyond the doubles.
        let both = scale.plus(other);
        let both = both.times(both);
        let whole = square.map_or(both, |square| both.plus(square));
        let mean = whole.log_over(scale.times(other)) - 2.0 * std::f64::consts::LN_2;
        Some(ClosedForm::finite(mean, 2.0 * dilogarithm_of_odds(f64::INFINITY)))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// ln(1 + r), r = [σ (u² − s₂/s₁) + (2u + d/s₁) d/s₂]/(1+u²), u = (x−m₁)/s₁, σ = (s₁−s₂)/s₂, d = m₁−m₂.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        let u = self.standardised(point.value());
        let ((location, scale), (other_location, other)) = (self.exact, model.exact);
        let (excess, shift) = (scale.relative_to(other), |unit: Positive| unit.measure(location, other_location));
        if u.abs() > 1e100 {
            return other.log_to(scale);
        }
        let scales = excess * (u * u - model.scale / self.scale);
        let shifts = (2.0 * u + shift(scale)) * shift(other);
        let relative = (scales + shifts) / (1.0 + u * u);
        // Near −1 it has lost its digits, and the two logarithms are far apart; so they are where it is beyond the doubles.
        if relative > -0.75 && relative.is_finite() {
            libm::log1p(relative)
        } else {
            self.ln_prob(point) - model.ln_prob(point)
        }
    }
}

impl Values for Cauchy {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Cauchy
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let u = self.standardised(point.value()).abs();
        // Beyond 2⁵³ the square alone counts, and it may overflow, or u itself.
        let log = if u < 1e16 {
            libm::log1p(u * u)
        } else if u.is_finite() {
            2.0 * libm::log(u)
        } else {
            2.0 * (libm::log((point.value() - self.location).abs()) - libm::log(self.scale))
        };
        -log - libm::log(std::f64::consts::PI * self.scale)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let x = point.value();
        let u = self.standardised(x).abs();
        // 2u/(1+u²) at the most.
        let slope = 1.0f64.min(2.0 / u);
        self.ln_prob(point).abs()
            + slope * ((x.abs() + self.location.abs()) / self.scale)
            + 2.0
            + libm::log(self.scale).abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().map_or(f64::NAN, |t| self.location + self.scale * t))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    fn tail_power(&self) -> [f64; 2] {
        [1.0; 2]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: self.location, width: self.scale }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let fall = || TailDecay::new([(0.0, 1, 2.0)]);
        Some([fall(), fall()])
    }
}
