//! The uniform distribution on an interval.

use super::beta::Beta;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Fault,
    LogRatioForm, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, FAR};

/// The uniform distribution on an interval.
///
/// # Density
///
/// 1/(high−low) for low ≤ x ≤ high.
///
/// # Parameters
///
/// - `low` and `high`: the ends of the interval, low < high.
///
/// # Mean and variance
///
/// (low+high)/2 and (high−low)²/12.
///
/// # D and V, in nats and nats²
///
/// D = ln of the ratio of the lengths and V = 0 where Q's interval covers P's; else D is infinite.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// assert_eq!(kl(&Uniform::new(0.0, 1.0)?, &Uniform::new(-1.0, 1.0)?)?.mean, std::f64::consts::LN_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// The log ratio is a constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Uniform {
    label: String,
    low: f64,
    high: f64,
    /// As they are written.
    exact: [DoubleDouble; 2],
}

impl Uniform {
    /// Numbers between `low` and `high`, above `low`.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Uniform;
    /// assert!(Uniform::new(0.0, 1.0).is_ok() && Uniform::new(1.0, 0.0).is_err());
    /// ```
    pub fn new(low: impl Into<Parameter>, high: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("low", low.into()), ("high", high.into())])
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The mean, (low+high)/2.
    pub fn mean(&self) -> f64 {
        self.low + (self.high - self.low) / 2.0
    }

    /// The variance, (high−low)²/12.
    pub fn variance(&self) -> f64 {
        (self.high - self.low) * (self.high - self.low) / 12.0
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Uniform {
    const NAME: &'static str = "uniform";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("low", Domain::Real), Declaration::number("high", Domain::Real)];
    const EXAMPLES: [Example; 2] = [
        &[("low", Sample::Number(0.0)), ("high", Sample::Number(1.0))],
        &[("low", Sample::Number(-1.0)), ("high", Sample::Number(2.0))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = [given.exact("low"), given.exact("high")];
        let [low, high] = exact.map(DoubleDouble::to_f64);
        let fault = if low >= high {
            Some(Fault::NotAbove { value: high, other: "low" })
        } else {
            (high - low == f64::INFINITY).then_some(Fault::TooFar { value: high, other: "low" })
        };
        match fault {
            Some(fault) => Err(vec![ParameterError::at("high", fault)]),
            None => Ok(Self { low, high, exact, label: given.label() }),
        }
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.low, self.high]
    }

    /// D = ln of the ratio of the lengths, V = 0; infinite unless Q's interval covers P's.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        if self.low < model.low || self.high > model.high {
            return Some(ClosedForm::INFINITE);
        }
        Some(ClosedForm::finite(self.log_of_lengths(model), 0.0))
    }

    /// Between 0 and 1 the beta law of 1 and 1.
    fn other_names(&self) -> Vec<Distribution> {
        if (self.low, self.high) != (0.0, 1.0) {
            return Vec::new();
        }
        vec![Distribution::Beta(Beta::flat(self.label.clone()))]
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// A constant where Q covers P.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let covers = self.low >= model.low && self.high <= model.high;
        covers.then(|| LogRatioForm::Constant(self.log_of_lengths(model)))
    }

    /// The one finite value there is, so that all that is finite is equal to the last bit.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        if point.lies_in(model.support()) { self.log_of_lengths(model) } else { f64::INFINITY }
    }
}

impl Uniform {
    /// Between 0 and 1.
    pub(in crate::distribution) fn of_shares(label: String) -> Self {
        Self { label, low: 0.0, high: 1.0, exact: [DoubleDouble::ZERO, DoubleDouble::ONE] }
    }

    /// The density, where that is one of shares too: 1/(high−low), if 0 and 1 are within.
    pub(in crate::distribution) fn length_around_shares(&self) -> Option<f64> {
        (self.low <= 0.0 && self.high >= 1.0).then(|| (self.exact[1] - self.exact[0]).to_f64())
    }

    /// ln of the length of Q's interval over that of P's: through what Q's has more on either side, where they are near.
    fn log_of_lengths(&self, model: &Self) -> f64 {
        let ([low, high], [other_low, other_high]) = (self.exact, model.exact);
        // Where values end, doubles rule: ends that are one double are one.
        let more = |above: DoubleDouble, below: DoubleDouble| {
            if above.to_f64() == below.to_f64() { 0.0 } else { (above - below).to_f64() }
        };
        let length = (high - low).to_f64();
        let ratio = (more(low, other_low) + more(other_high, high)) / length;
        if ratio > FAR && ratio.is_finite() {
            return libm::log1p(ratio);
        }
        libm::log((other_high - other_low).to_f64()) - libm::log(length)
    }
}

impl Values for Uniform {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Uniform
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        if point.lies_in(self.support()) { -libm::log(self.high - self.low) } else { f64::NEG_INFINITY }
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(
            draw.first().map_or(f64::NAN, |u| (self.low + u * (self.high - self.low)).clamp(self.low, self.high)),
        )
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.low) / (self.high - self.low)
    }

    fn support(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    fn tail_power(&self) -> [f64; 2] {
        [1.0; 2]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        // Densities on shares may be infinite at both ends.
        if (self.low, self.high) == (0.0, 1.0) {
            return ChangeOfVariable::Logit { centre: 0.0, width: 1.0 };
        }
        ChangeOfVariable::Linear { centre: self.low, width: self.high - self.low }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::default()])
    }
}
