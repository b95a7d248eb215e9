//! The gamma distribution.

use super::exponential::names_of_exponential;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Growth,
    LogRatioForm, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{
    Positive, digamma, exp_excess, hurwitz_zeta, log_gap, stirling_error, stirling_gap, trigamma_excess,
};

/// The gamma distribution.
///
/// # Density
///
/// bᵃ xᵃ⁻¹ e^−bx/Γ(a) for x > 0.
///
/// # Parameters
///
/// - `shape`: a > 0.
/// - `rate`: b > 0; or `scale`: 1/b.
///
/// # Mean and variance
///
/// a/b and a/b².
///
/// # D and V, in nats and nats²
///
/// D = (a₁−a₂) ψ(a₁) − lnΓ(a₁) + lnΓ(a₂) + a₂ ln(b₁/b₂) + a₁ (b₂−b₁)/b₁, V = (a₁−a₂)² ψ′(a₁) + a₁ (b₂/b₁−1)² +
/// 2 (a₁−a₂)(b₂/b₁−1), computed in a form where nothing cancels.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Gamma::new(2.0, 1.0)?, &Gamma::new(2.0, 2.0)?)?;
/// assert!((found.mean - 2.0 * (1.0 - std::f64::consts::LN_2)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Penny 2001, "KL-divergences of normal, gamma, Dirichlet and Wishart densities".
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    label: String,
    shape: f64,
    rate: f64,
    exact: Parameters,
    constants: Constants,
}

/// What the density has at every value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Constants {
    log_rate: f64,
    log_shape: f64,
    /// ln of the density of the logarithm at its mode.
    top: f64,
}

impl Constants {
    fn of(shape: f64, rate: f64) -> Self {
        Self {
            log_rate: libm::log(rate),
            log_shape: libm::log(shape),
            top: 0.5 * libm::log(shape / std::f64::consts::TAU) - stirling_error(shape),
        }
    }
}

/// As they are written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Parameters {
    shape: Positive,
    rate: Positive,
}

impl Gamma {
    /// Positive numbers by shape and rate; their mean is shape/rate.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Gamma;
    /// assert!(Gamma::new(2.0, 1.5).is_ok() && Gamma::new(0.0, 1.0).is_err());
    /// ```
    pub fn new(shape: impl Into<Parameter>, rate: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("shape", shape.into()), ("rate", rate.into())])
    }

    /// Positive numbers by shape and scale; their mean is shape · scale.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Gamma;
    /// assert!(Gamma::with_scale(2.0, 3.0).is_ok() && Gamma::with_scale(2.0, 0.0).is_err());
    /// ```
    pub fn with_scale(shape: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("shape", shape.into()), ("scale", scale.into())])
    }

    /// The shape a.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The rate b.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The mean, a/b.
    pub fn mean(&self) -> f64 {
        self.shape / self.rate
    }

    /// The variance, a/b².
    pub fn variance(&self) -> f64 {
        self.shape / self.rate / self.rate
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Gamma {
    const NAME: &'static str = "gamma";
    const PARAMETERS: &'static [Declaration] = &[
        Declaration::number("shape", Domain::Positive),
        Declaration::number("rate", Domain::Positive),
        Declaration::number("scale", Domain::Positive).instead_of("rate"),
    ];
    const EXAMPLES: [Example; 2] = [
        &[("shape", Sample::Number(2.0)), ("rate", Sample::Number(1.0))],
        &[("shape", Sample::Number(3.0)), ("rate", Sample::Number(1.5))],
    ];
    const LAW: &'static str = "of one shape";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let ((shape, exact_shape), (rate, exact_rate)) = (given.positive("shape"), given.rate_or_scale()?);
        let exact = Parameters { shape: exact_shape, rate: exact_rate };
        Ok(Self { shape, rate, exact, constants: Constants::of(shape, rate), label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.shape, self.rate]
    }

    /// With r = b₂/b₁, m = a₁ r, s = a₂/m − 1, t = a₂/a₁ − 1, h(s) = (1+s) ln(1+s) − s and φ(x) = lnΓ(x) − x ln x + x, which is
    /// convex: D = m h(s) + [φ(a₂) − φ(a₁) − (a₂−a₁) φ′(a₁)] and V = t² a₁² φ″(a₁) + a₁ (s r)². All terms are ≥ 0, so that
    /// nothing cancels at any shape.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let Compared { mean, excess, distance, step } = self.compared(model);
        let (m, s) = (mean.to_f64(), excess);
        // Beyond 1e6 m may be too small for a double.
        let main = if s < 1e6 { m * log_gap(s) } else { model.shape * (model.exact.shape.log_over(mean) - 1.0) + m };
        let variance = step * step * trigamma_excess(self.shape) + self.shape * distance * distance;
        Some(ClosedForm::finite(main + stirling_gap(self.shape, model.shape, step * self.shape), variance))
    }

    /// The exponential law, if the shape is 1.
    fn other_names(&self) -> Vec<Distribution> {
        if self.exact.shape != Positive::ONE {
            return Vec::new();
        }
        names_of_exponential(&self.label, self.rate, self.exact.rate)
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = c − h ln G + y G, c = D + hψ(a₁) − y a₁.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let Compared { distance, step, .. } = self.compared(model);
        let (shape, shape_difference, slope) =
            (self.shape, step * self.shape, model.exact.rate.relative_to(self.exact.rate));
        let mean = self.closed_form(model)?.mean;
        let constant = mean + (shape_difference * digamma(shape) - slope * shape);
        Some(LogRatioForm::Gamma { shape, constant, shape_difference, slope, excess: -shape * distance })
    }
}

/// What two members differ by.
struct Compared {
    /// m = a₁ r.
    mean: Positive,
    /// s = a₂/m − 1.
    excess: f64,
    /// s r = a₂/a₁ − r.
    distance: f64,
    /// t = a₂/a₁ − 1.
    step: f64,
}

impl Gamma {
    /// The exponential law of this rate.
    pub(in crate::distribution) fn of_shape_one(label: String, rate: f64, exact: Positive) -> Self {
        let exact = Parameters { shape: Positive::ONE, rate: exact };
        Self { label, shape: 1.0, rate, exact, constants: Constants::of(1.0, rate) }
    }

    /// The law of 1/x of an inverse gamma x.
    pub(in crate::distribution) fn of_reciprocals(
        (shape, exact_shape): (f64, Positive),
        (rate, exact_rate): (f64, Positive),
    ) -> Self {
        let exact = Parameters { shape: exact_shape, rate: exact_rate };
        Self { label: String::new(), shape, rate, exact, constants: Constants::of(shape, rate) }
    }

    fn compared(&self, model: &Self) -> Compared {
        let (Parameters { shape, rate }, other) = (self.exact, model.exact);
        let ratio = other.rate.over(rate);
        let mean = shape.times(ratio);
        let (excess, step) = (other.shape.relative_to(mean), other.shape.relative_to(shape));
        let ratio = ratio.to_f64();
        // From 1e6 on nothing cancels, and one of the two may be beyond the doubles.
        let distance = if excess < 1e6 { excess * ratio } else { (step + 1.0) - ratio };
        Compared { mean, excess, distance, step }
    }
}

impl Values for Gamma {
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
        // With G = bx: ln of the density of ln G, about its mode.
        let Constants { log_rate, log_shape, top } = self.constants;
        let distance = log + log_rate - log_shape;
        top - self.shape * exp_excess(distance) - log
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (log, rate, shape) = (point.log(), libm::log(self.rate), libm::log(self.shape));
        let distance = log + rate - shape;
        let (parts, slope) = (log.abs() + rate.abs() + shape.abs(), self.shape * libm::expm1(distance).abs());
        slope * parts + self.shape * exp_excess(distance) + log.abs() + shape.abs() + 8.0
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Log(draw.first().map_or(f64::NAN, |log| log - self.constants.log_rate))
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
        [self.shape, f64::INFINITY]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Log {
            centre: digamma(self.shape) - libm::log(self.rate),
            width: hurwitz_zeta(2, self.shape).sqrt(),
        }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let log = self.shape - 1.0;
        Some([TailDecay::new([(0.0, 1, log)]), TailDecay::new([(1.0, 0, self.rate), (0.0, 1, -log)])])
    }
}
