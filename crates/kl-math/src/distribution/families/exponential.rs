//! The exponential distribution: how long until a rare event.

use super::gamma::Gamma;
use super::weibull::Weibull;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Growth,
    LogRatioForm, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::Positive;

/// The exponential distribution: the time until a rare event.
///
/// # Density
///
/// r e^−rx for x ≥ 0.
///
/// # Parameters
///
/// - `rate`: r > 0; or `scale`: 1/r, the mean.
///
/// # Mean and variance
///
/// 1/r and 1/r².
///
/// # D and V, in nats and nats²
///
/// With s = r₂/r₁: D = s − 1 − ln s, V = (s−1)².
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Exponential::new(1.0)?, &Exponential::new(2.0)?)?;
/// assert!((found.mean - (1.0 - std::f64::consts::LN_2)).abs() < 1e-15);
/// assert_eq!(found.variance, Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kotz & Balakrishnan 1994, *Continuous Univariate Distributions* 1, chapter 19.
#[derive(Clone, Debug, PartialEq)]
pub struct Exponential {
    label: String,
    rate: f64,
    exact: Positive,
}

impl Exponential {
    /// Positive numbers with this rate, the reciprocal of their mean.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Exponential;
    /// assert!(Exponential::new(1.5).is_ok() && Exponential::new(0.0).is_err());
    /// ```
    pub fn new(rate: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("rate", rate.into())])
    }

    /// Positive numbers with this mean; D is of the scale as it is written, not of its rounded reciprocal.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Exponential;
    /// assert!(Exponential::with_scale(3.0).is_ok() && Exponential::with_scale(0.0).is_err());
    /// ```
    pub fn with_scale(scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("scale", scale.into())])
    }

    /// The rate r.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The mean, 1/r.
    pub fn mean(&self) -> f64 {
        1.0 / self.rate
    }

    /// The variance, 1/r².
    pub fn variance(&self) -> f64 {
        1.0 / self.rate / self.rate
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Exponential {
    const NAME: &'static str = "exponential";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::number("rate", Domain::Positive),
        Declaration::number("scale", Domain::Positive).instead_of("rate"),
    ];
    const EXAMPLES: [Example; 2] = [&[("rate", Sample::Number(1.5))], &[("rate", Sample::Number(2.0))]];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let (rate, exact) = given.rate_or_scale()?;
        Ok(Self { rate, exact, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    /// D = r − 1 − ln r, V = (1−r)², r the ratio of the rates, by g(x) = x − ln(1+x) of its difference from 1.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let x = model.exact.relative_to(self.exact);
        Some(ClosedForm::finite(self.exact.excess_to(model.exact), x * x))
    }

    /// The gamma and the Weibull law of shape 1.
    fn other_names(&self) -> Vec<Distribution> {
        names_of_exponential(&self.label, self.rate, self.exact)
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = −ln(1+x) + x E.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let slope = model.exact.relative_to(self.exact);
        Some(LogRatioForm::Exponential { constant: -self.exact.log_to(model.exact), slope })
    }
}

impl Values for Exponential {
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
        libm::log(self.rate) - self.rate * point.value()
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        libm::log(self.rate).abs() + 2.0 * self.rate * point.value()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().map_or(f64::NAN, |e| e / self.rate))
    }

    fn standardised(&self, x: f64) -> f64 {
        self.rate * x
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::SLOW, Growth::Power(1.0)]
    }

    fn tail_power(&self) -> [f64; 2] {
        [1.0, f64::INFINITY]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Log { centre: -libm::log(self.rate), width: 1.0 }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::new([(1.0, 0, self.rate)])])
    }
}

/// The exponential law in each of its families, under one label.
pub(in crate::distribution) fn names_of_exponential(label: &str, rate: f64, exact: Positive) -> Vec<Distribution> {
    vec![
        Distribution::Exponential(Exponential { label: label.to_owned(), rate, exact }),
        Distribution::Gamma(Gamma::of_shape_one(label.to_owned(), rate, exact)),
        Distribution::Weibull(Weibull::of_shape_one(label.to_owned(), exact.reciprocal())),
    ]
}
