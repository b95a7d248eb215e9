//! The lognormal distribution: its logarithm is normal.

use super::normal::{Bell, form_of_normals, log_density, of_normals};
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Domain, Example, Family, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};

/// The lognormal distribution: its logarithm is normal.
///
/// # Density
///
/// e^(−(ln x−m)²/(2σ²))/(x σ √(2π)) for x > 0.
///
/// # Parameters
///
/// - `mean`: m, the mean of ln x.
/// - `std_dev`: σ > 0, the standard deviation of ln x.
///
/// # Mean and variance
///
/// e^(m+σ²/2) and (e^σ² − 1) e^(2m+σ²).
///
/// # D and V, in nats and nats²
///
/// Those of the [`Normal`](super::Normal) distribution: a divergence does not change when x is replaced by an
/// invertible function of it.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Lognormal::new(0.0, 1.0)?, &Lognormal::new(1.0, 1.0)?)?;
/// assert_eq!((found.mean, found.variance), (0.5, Some(1.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kullback 1959, *Information Theory and Statistics*, chapter 2.
#[derive(Clone, Debug, PartialEq)]
pub struct Lognormal {
    label: String,
    mean: f64,
    std_dev: f64,
    exact: Bell,
}

impl Lognormal {
    /// By mean and positive standard deviation of the logarithm.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Lognormal;
    /// assert!(Lognormal::new(0.0, 1.0).is_ok() && Lognormal::new(0.0, -1.0).is_err());
    /// ```
    pub fn new(mean: impl Into<Parameter>, std_dev: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("mean", mean.into()), ("std_dev", std_dev.into())])
    }

    /// The mean of ln x, m.
    pub fn log_mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of ln x, σ.
    pub fn log_std_dev(&self) -> f64 {
        self.std_dev
    }

    /// The mean, e^(m+σ²/2).
    pub fn mean(&self) -> f64 {
        libm::exp(self.mean + 0.5 * self.std_dev * self.std_dev)
    }

    /// The variance, (e^σ² − 1) e^(2m+σ²).
    pub fn variance(&self) -> f64 {
        libm::expm1(self.std_dev * self.std_dev) * self.mean() * self.mean()
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Lognormal {
    const NAME: &'static str = "lognormal";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("mean", Domain::Real), Declaration::number("std_dev", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("mean", Sample::Number(0.0)), ("std_dev", Sample::Number(1.0))],
        &[("mean", Sample::Number(0.5)), ("std_dev", Sample::Number(1.2))],
    ];
    const LAW: &'static str = "of one width or one mean";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let (mean, (std_dev, exact)) = (given.exact("mean"), given.positive("std_dev"));
        let exact = Bell { mean, std_dev: exact };
        Ok(Self { mean: mean.to_f64(), std_dev, exact, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.mean, self.std_dev]
    }

    /// That of ln x: a divergence does not change when x is replaced by a function of it that can be undone.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_normals(self.exact, model.exact))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// That of ln x.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        Some(form_of_normals(self.exact, model.exact))
    }
}

impl Values for Lognormal {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Normal
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let log = point.log();
        if log == f64::NEG_INFINITY {
            return log;
        }
        log_density((log - self.mean) / self.std_dev) - libm::log(self.std_dev) - log
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let log = point.log();
        let z = ((log - self.mean) / self.std_dev).abs();
        z * (z + (log.abs() + self.mean.abs()) / self.std_dev) + 1.0 + libm::log(self.std_dev).abs() + log.abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Log(draw.first().map_or(f64::NAN, |z| self.mean + self.std_dev * z))
    }

    fn standardised(&self, x: f64) -> f64 {
        if x > 0.0 { (libm::log(x) - self.mean) / self.std_dev } else { f64::NEG_INFINITY }
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Log { centre: self.mean, width: self.std_dev }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let (square, mean) = (0.5 / self.std_dev / self.std_dev, self.mean / self.std_dev / self.std_dev);
        Some([mean - 1.0, 1.0 - mean].map(|log| TailDecay::new([(0.0, 2, square), (0.0, 1, log)])))
    }
}
