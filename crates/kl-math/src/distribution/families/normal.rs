//! The normal distribution.

use super::truncated_normal::TruncatedNormal;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Growth,
    LogRatioForm, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, FAR, Positive, log_excess};

/// The normal distribution.
///
/// # Density
///
/// e^(−(x−m)²/(2σ²))/(σ √(2π)) for every x.
///
/// # Parameters
///
/// - `mean`: m.
/// - `std_dev`: σ > 0; or `variance`: σ² > 0.
///
/// # Mean and variance
///
/// m and σ².
///
/// # D and V, in nats and nats²
///
/// With r = σ₁/σ₂, δ = (m₁−m₂)/σ₂: D = ½ [r² − 1 − 2 ln r + δ²], V = ½ (r²−1)² + r² δ².
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Normal::new(0.0, 1.0)?, &Normal::new(1.0, 1.0)?)?;
/// assert_eq!((found.mean, found.variance), (0.5, Some(1.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Kullback 1959, *Information Theory and Statistics*, chapter 9.
#[derive(Clone, Debug, PartialEq)]
pub struct Normal {
    label: String,
    pub(in crate::distribution) mean: f64,
    pub(in crate::distribution) std_dev: f64,
    exact: Bell,
    is_by_variance: bool,
}

const MEAN: &str = "mean";
const STD_DEV: &str = "std_dev";
const VARIANCE: &str = "variance";

/// Mean and standard deviation as they are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::distribution) struct Bell {
    pub(in crate::distribution) mean: DoubleDouble,
    pub(in crate::distribution) std_dev: Positive,
}

impl Normal {
    /// By mean and positive standard deviation.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Normal;
    /// assert!(Normal::new(0.0, 1.0).is_ok() && Normal::new(0.0, -1.0).is_err());
    /// ```
    pub fn new(mean: impl Into<Parameter>, std_dev: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([(MEAN, mean.into()), (STD_DEV, std_dev.into())])
    }

    /// By mean and positive variance; D is of the variance as it is written, not of its rounded root.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Normal;
    /// assert!(Normal::with_variance(0.0, 2.0).is_ok() && Normal::with_variance(0.0, 0.0).is_err());
    /// ```
    pub fn with_variance(mean: impl Into<Parameter>, variance: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([(MEAN, mean.into()), (VARIANCE, variance.into())])
    }

    /// The mean m.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation σ.
    pub fn std_dev(&self) -> f64 {
        self.std_dev
    }

    /// The variance σ².
    pub fn variance(&self) -> f64 {
        self.exact.std_dev.times(self.exact.std_dev).to_f64()
    }

    /// The names of its parameters as they are written: `mean`, and `std_dev` or `variance`.
    ///
    /// ```
    /// use kl_math::distribution::Normal;
    /// assert_eq!(Normal::with_variance(0.0, 2.0)?.parameter_names(), ["mean", "variance"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parameter_names(&self) -> [&'static str; 2] {
        [MEAN, if self.is_by_variance { VARIANCE } else { STD_DEV }]
    }

    /// Whether its variance is written, not its standard deviation.
    pub(crate) fn is_by_variance(&self) -> bool {
        self.is_by_variance
    }

    /// m and σ to all the digits that are written.
    pub(crate) fn exact_parameters(&self) -> (DoubleDouble, Positive) {
        (self.exact.mean, self.exact.std_dev)
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Normal {
    const NAME: &'static str = "normal";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::number(MEAN, Domain::Real),
        Declaration::number(STD_DEV, Domain::Positive),
        Declaration::number(VARIANCE, Domain::Positive).instead_of(STD_DEV),
    ];
    const EXAMPLES: [Example; 2] = [
        &[(MEAN, Sample::Number(0.0)), (STD_DEV, Sample::Number(1.0))],
        &[(MEAN, Sample::Number(0.5)), (STD_DEV, Sample::Number(1.2))],
    ];
    const LAW: &'static str = "of one width or one mean";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let mean = given.exact(MEAN);
        let is_by_variance = given.has(VARIANCE);
        let (std_dev, exact) = if is_by_variance {
            let (variance, exact) = given.positive(VARIANCE);
            (variance.sqrt(), exact.sqrt())
        } else {
            given.positive(STD_DEV)
        };
        let exact = Bell { mean, std_dev: exact };
        Ok(Self { mean: mean.to_f64(), std_dev, exact, is_by_variance, label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.mean, self.std_dev]
    }

    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_normals(self.exact, model.exact))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        Some(form_of_normals(self.exact, model.exact))
    }

    /// A truncated one without ends.
    fn other_names(&self) -> Vec<Distribution> {
        vec![Distribution::TruncatedNormal(TruncatedNormal::whole(self.label.clone(), self.exact))]
    }
}

impl Values for Normal {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Normal
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        log_density(self.standardised(point.value())) - libm::log(self.std_dev)
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (x, z) = (point.value(), self.standardised(point.value()).abs());
        z * (z + (x.abs() + self.mean.abs()) / self.std_dev) + 1.0 + libm::log(self.std_dev).abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().map_or(f64::NAN, |z| self.mean + self.std_dev * z))
    }

    fn standardised(&self, x: f64) -> f64 {
        (x - self.mean) / self.std_dev
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::Power(2.0); 2]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: self.mean, width: self.std_dev }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let (square, mean) = (0.5 / self.std_dev / self.std_dev, self.mean / self.std_dev / self.std_dev);
        Some([mean, -mean].map(|linear| TailDecay::new([(2.0, 0, square), (1.0, 0, linear)])))
    }
}

/// ln of the standard normal density.
pub(in crate::distribution) fn log_density(z: f64) -> f64 {
    const LOG_SQRT_TAU: f64 = 0.918_938_533_204_672_8;
    -0.5 * z * z - LOG_SQRT_TAU
}

/// X = ½ [δ² − ln(1+x)] + √(1+x) δ z + ½ x z².
pub(in crate::distribution) fn form_of_normals(source: Bell, model: Bell) -> LogRatioForm {
    let (ratio, square, distance) = compared(source, model);
    let logarithm = if square < FAR { 2.0 * source.std_dev.log_over(model.std_dev) } else { libm::log1p(square) };
    let constant = 0.5 * (distance * distance - logarithm);
    LogRatioForm::Normal { constant, linear: ratio * distance, square }
}

/// D = ½ [g(x) + δ²] and V = ½ x² + (1+x) δ², with 1 + x = σ₁²/σ₂², δ = (m₁−m₂)/σ₂, g(x) = x − ln(1+x).
pub(in crate::distribution) fn of_normals(source: Bell, model: Bell) -> ClosedForm {
    let (ratio, x, distance) = compared(source, model);
    let square = distance * distance;
    // Of a narrow P x is −1 but for rounding.
    let excess = if x < FAR { x - 2.0 * source.std_dev.log_over(model.std_dev) } else { log_excess(x) };
    ClosedForm::finite(0.5 * (excess + square), 0.5 * x * x + (ratio * distance) * (ratio * distance))
}

/// σ₁/σ₂, x and δ.
fn compared(source: Bell, model: Bell) -> (f64, f64, f64) {
    let ratio = source.std_dev.over(model.std_dev).to_f64();
    let distance = model.std_dev.measure(source.mean, model.mean);
    (ratio, source.std_dev.relative_to(model.std_dev) * (ratio + 1.0), distance)
}
