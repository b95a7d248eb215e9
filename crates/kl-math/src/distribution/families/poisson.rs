//! The Poisson distribution: how many rare events happen.

use crate::distribution::{
    BaseVariable, ClosedForm, CountLaw, Declaration, Domain, Example, Family, LogRatioForm, Parameter, ParameterError,
    ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, log_gap, log_poisson_mass};

/// The Poisson distribution: how many rare events happen.
///
/// # Probabilities
///
/// P(k) = e^−λ λᵏ/k!, k = 0, 1, 2, …
///
/// # Parameters
///
/// - `rate`: λ, 0 or more; with λ = 0 the count is always 0.
///
/// # Mean and variance
///
/// λ and λ.
///
/// # D and V, in nats and nats²
///
/// D = λ ln(λ/μ) + μ − λ, V = λ ln²(λ/μ).
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Poisson::new(2.0)?, &Poisson::new(1.0)?)?;
/// assert!((found.mean - (2.0 * std::f64::consts::LN_2 - 1.0)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kemp & Kotz 2005, *Univariate Discrete Distributions*, chapter 4.
#[derive(Clone, Debug, PartialEq)]
pub struct Poisson {
    label: String,
    rate: f64,
    exact: DoubleDouble,
}

impl Poisson {
    /// Counts with mean `rate`, 0 or more.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Poisson;
    /// assert!(Poisson::new(2.5).is_ok() && Poisson::new(-1.0).is_err());
    /// ```
    pub fn new(rate: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("rate", rate.into())])
    }

    /// The rate λ.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The mean, λ.
    pub fn mean(&self) -> f64 {
        self.rate
    }

    /// The variance, λ.
    pub fn variance(&self) -> f64 {
        self.rate
    }

    /// ln of the probability of the count k, −∞ where it cannot occur.
    pub fn ln_probability(&self, k: u64) -> f64 {
        self.ln_prob(Value::Real(k as f64))
    }
}

impl Family for Poisson {
    const NAME: &'static str = "poisson";
    const PARAMETERS: &'static [Declaration] = &[Declaration::number("rate", Domain::NonNegative)];
    const EXAMPLES: [Example; 2] = [&[("rate", Sample::Number(2.5))], &[("rate", Sample::Number(3.0))]];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = given.exact("rate");
        Ok(Self { rate: exact.to_f64(), exact, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.rate]
    }

    /// D = λ ln(λ/μ) + μ − λ = μ h(t), V = λ ln²(λ/μ), with t = (λ−μ)/μ and h(t) = (1+t) ln(1+t) − t.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let (rate, other) = (self.rate, model.rate);
        if other == 0.0 {
            return Some(if rate == 0.0 { ClosedForm::finite(0.0, 0.0) } else { ClosedForm::INFINITE });
        }
        if rate == 0.0 {
            return Some(ClosedForm::finite(other, 0.0));
        }
        let (exact, model) = (Positive::new(self.exact), Positive::new(model.exact));
        let (t, ratio) = (exact.relative_to(model), exact.log_over(model));
        let mean = if t < 1e6 { other * log_gap(t) } else { rate * ratio + (other - rate) };
        Some(ClosedForm::finite(mean, rate * ratio * ratio))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = k ln(λ/μ) + μ − λ.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let (rate, other) = (self.rate, model.rate);
        if rate == 0.0 {
            return Some(LogRatioForm::Constant(other));
        }
        let slope = || Positive::new(self.exact).log_over(Positive::new(model.exact));
        let count = CountLaw::Poisson { mean: rate };
        (other > 0.0).then(|| LogRatioForm::Count {
            count,
            constant: (model.exact - self.exact).to_f64(),
            slope: slope(),
        })
    }
}

impl Values for Poisson {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Poisson { mean: self.rate }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        log_poisson_mass(point.value(), self.rate)
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        [0.0, if self.rate > 0.0 { f64::INFINITY } else { 0.0 }]
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        // By Stirling's formula; there are no counts above 0 where the rate is 0.
        let linear = -1.0 - libm::log(self.rate);
        Some([TailDecay::default(), TailDecay::new([(1.0, 1, 1.0), (1.0, 0, linear), (0.0, 1, 0.5)])])
    }
}
