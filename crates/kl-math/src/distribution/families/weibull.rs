//! The Weibull distribution: times to failure.

use super::exponential::names_of_exponential;
use crate::distribution::{
    BaseVariable, ChangeOfVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, Growth,
    LogRatioForm, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{
    DoubleDouble, Positive, digamma_gap, exp_excess, hurwitz_zeta, log_excess, log_gamma, log_gamma_gap, log_of_ratio,
    precise_log_gamma,
};

/// The Weibull distribution: times to failure.
///
/// # Density
///
/// k/l (x/l)^(k−1) e^−(x/l)ᵏ for x > 0.
///
/// # Parameters
///
/// - `shape`: k > 0.
/// - `scale`: l > 0.
///
/// # Mean and variance
///
/// l Γ(1+1/k) and l² [Γ(1+2/k) − Γ(1+1/k)²].
///
/// # D and V, in nats and nats²
///
/// D = ln(k₁/l₁^k₁) − ln(k₂/l₂^k₂) + (k₁−k₂)(ln l₁ − γ/k₁) + (l₁/l₂)^k₂ Γ(k₂/k₁+1) − 1, γ Euler's constant; V from the moments
/// of y, yˢ and ln y, y standard exponential, s = k₂/k₁.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let found = kl(&Weibull::new(1.0, 2.0)?, &Weibull::new(1.0, 1.0)?)?;
/// assert!((found.mean - (1.0 - std::f64::consts::LN_2)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Bauckhage 2013, "Computing the Kullback–Leibler divergence between two Weibull distributions".
#[derive(Clone, Debug, PartialEq)]
pub struct Weibull {
    label: String,
    shape: f64,
    scale: f64,
    /// As they are written.
    exact: [Positive; 2],
}

impl Weibull {
    /// By shape and scale, both positive.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Weibull;
    /// assert!(Weibull::new(1.5, 1.0).is_ok() && Weibull::new(0.0, 1.0).is_err());
    /// ```
    pub fn new(shape: impl Into<Parameter>, scale: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("shape", shape.into()), ("scale", scale.into())])
    }

    /// The shape k.
    pub fn shape(&self) -> f64 {
        self.shape
    }

    /// The scale l.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The mean, l Γ(1+1/k).
    pub fn mean(&self) -> f64 {
        self.scale * libm::exp(log_gamma(1.0 + 1.0 / self.shape))
    }

    /// The variance, l² [Γ(1+2/k) − Γ(1+1/k)²].
    pub fn variance(&self) -> f64 {
        let step = 1.0 / self.shape;
        let excess = log_gamma_gap(1.0, 2.0 * step) - 2.0 * log_gamma_gap(1.0, step);
        self.mean() * self.mean() * libm::expm1(excess)
    }

    /// ln of the density at x, −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.ln_prob(Value::Real(x))
    }
}

impl Family for Weibull {
    const NAME: &'static str = "weibull";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("shape", Domain::Positive), Declaration::number("scale", Domain::Positive)];
    const EXAMPLES: [Example; 2] = [
        &[("shape", Sample::Number(1.5)), ("scale", Sample::Number(1.0))],
        &[("shape", Sample::Number(2.0)), ("scale", Sample::Number(1.2))],
    ];
    const LAW: &'static str = "of one shape";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let ((shape, exact_shape), (scale, exact_scale)) = (given.positive("shape"), given.positive("scale"));
        Ok(Self { shape, scale, exact: [exact_shape, exact_scale], label: given.label() })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.shape, self.scale]
    }

    /// See `of_weibulls`.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let [shape, scale] = self.exact;
        let [other_shape, other_scale] = model.exact;
        // Far from 1 both parts of w are large, and e to it is made of what they leave.
        let a = other_shape.to_double_double() * scale.precise_log_over(other_scale);
        let log = shape.log_over(other_shape);
        Some(of_weibulls(other_shape.over(shape).to_f64(), log, other_shape.relative_to(shape), a))
    }

    /// The exponential law, if the shape is 1.
    fn other_names(&self) -> Vec<Distribution> {
        let [shape, scale] = self.exact;
        if shape != Positive::ONE {
            return Vec::new();
        }
        let rate = scale.reciprocal();
        names_of_exponential(&self.label, rate.to_f64(), rate)
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = −a + (eᵃ − 1) E for one shape.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let ([shape, scale], [other, other_scale]) = (self.exact, model.exact);
        let a = model.shape * scale.log_over(other_scale);
        let form = LogRatioForm::Exponential { constant: -a, slope: libm::expm1(a) };
        (shape == other).then_some(form)
    }

    /// X = −ln s − a + c ln y + y (e^(a − c ln y) − 1), y = (x/l₁)^k₁.
    fn log_ratio_at(&self, model: &Self, point: Value<'_>) -> f64 {
        let ([shape, scale], [other, other_scale]) = (self.exact, model.exact);
        let a = model.shape * scale.log_over(other_scale);
        let log = self.shape * (point.log() - libm::log(self.scale));
        log_ratio_of_weibulls(log, shape.log_over(other), other.relative_to(shape), a)
    }
}

impl Weibull {
    /// The exponential law of this scale.
    pub(in crate::distribution) fn of_shape_one(label: String, scale: Positive) -> Self {
        Self { label, shape: 1.0, scale: scale.to_f64(), exact: [Positive::ONE, scale] }
    }
}

impl Values for Weibull {
    fn space(&self) -> Space {
        Space::Line
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Exponential
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        // 0 is no value, as of the gamma law: the density may have a pole there.
        if !point.lies_in(self.support()) || point.log() == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        let log = self.shape * (point.log() - libm::log(self.scale));
        libm::log(self.shape) + log - libm::exp(log) - point.log()
    }

    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        let (log, scale) = (point.log(), libm::log(self.scale));
        let power = libm::exp(self.shape * (log - scale));
        let parts = self.shape * (log.abs() + scale.abs());
        parts + power * (1.0 + parts) + libm::log(self.shape).abs() + log.abs()
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Log(draw.first().map_or(f64::NAN, |&e| libm::log(self.scale) + libm::log(e) / self.shape))
    }

    fn standardised(&self, x: f64) -> f64 {
        libm::exp(self.shape * log_of_ratio(x, self.scale, x - self.scale))
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn growth(&self) -> [Growth; 2] {
        [Growth::SLOW, Growth::Power(self.shape)]
    }

    fn tail_power(&self) -> [f64; 2] {
        [self.shape, f64::INFINITY]
    }

    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Log { centre: libm::log(self.scale), width: 1.0 / self.shape }
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        let (log, power) = (self.shape - 1.0, libm::pow(self.scale, -self.shape));
        Some([TailDecay::new([(0.0, 1, log)]), TailDecay::new([(self.shape, 0, power), (0.0, 1, -log)])])
    }
}

/// With s = k₂/k₁, c = 1 − s, a = k₂ ln(l₁/l₂), γ Euler's constant, and w = a + lnΓ(1+s):
/// D = (e^w − 1 − w) + [lnΓ(1+s) − ln s − γc], both parts ≥ 0. V is that of c ln y + y (e^(a − c ln y) − 1), y standard
/// exponential.
pub(super) fn of_weibulls(s: f64, log_shapes: f64, excess: f64, a: DoubleDouble) -> ClosedForm {
    let c = -excess;
    let (log_gamma, bracket) = shape_terms(c, s, log_shapes);
    let w = a + log_gamma;
    let (high, rest) = (w.to_f64(), w.remainder());
    let mean = exp_excess(high) + rest * libm::expm1(high) + bracket;
    let power = libm::exp(high) * (1.0 + rest);
    let variance =
        if c.abs() > 0.5 || power > FAR_POWER { far_variance(a, c, s, power) } else { variance(a.to_f64(), c) };
    ClosedForm::finite(mean, variance)
}

/// X = −ln s − a + c ln y + y (e^(a − c ln y) − 1), from ln y, −ln s and −c.
pub(super) fn log_ratio_of_weibulls(log: f64, log_shapes: f64, excess: f64, a: f64) -> f64 {
    let c = -excess;
    let (power, rise) = (libm::exp(log), libm::expm1(a - c * log));
    // A product of 0 and infinity is a small number, or a large one.
    let powers = if rise.is_finite() { power * rise } else { libm::exp(a + (1.0 - c) * log) - power };
    log_shapes - a + c * log + powers
}

/// Beyond this e^w, or where the shapes are far apart, V is summed from its parts, of which none then cancels.
const FAR_POWER: f64 = 8.0;

/// lnΓ(1+s) and lnΓ(1+s) − ln s − γc, s = 1 − c, `log` = −ln s: near c = 0 by R = Σ_{k≥2} (ζ(k)−1) cᵏ/k, ζ(k)−1 = ζ(k, 2), for
/// lnΓ(2−c) = R − (1−γ)c.
fn shape_terms(c: f64, s: f64, log: f64) -> (DoubleDouble, f64) {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if c.abs() > 0.5 {
        let log_gamma = precise_log_gamma(DoubleDouble::ONE + DoubleDouble::from(s));
        return (log_gamma, log_gamma.to_f64() + log - EULER * c);
    }
    let rest = (2..60u32).rev().fold(0.0, |sum, k| c * (sum + hurwitz_zeta(k, 2.0) / f64::from(k))) * c;
    (DoubleDouble::from(rest - (1.0 - EULER) * c), log_excess(-c) + rest)
}

/// c² ζ(2) + 1 − 2c + E² [Γ(1+2s)/Γ(1+s)² − 1] + 2E [c (ψ(1+s) + γ) − s] with E = e^w = eᵃ Γ(1+s): the same variance from the
/// moments of y, yˢ and ln y.
fn far_variance(a: DoubleDouble, c: f64, s: f64, power: f64) -> f64 {
    /// Γ(1+2s)/Γ(1+s)² may be beyond a double from here on, where the 1 that is taken off is no part of it.
    const LARGE: f64 = 30.0;
    const ZETA_2: f64 = 1.644_934_066_848_226_4;
    let square = if s > LARGE {
        let log = a * DoubleDouble::TWO + precise_log_gamma(DoubleDouble::ONE + DoubleDouble::from(2.0 * s));
        libm::exp(log.to_f64()) * (1.0 + log.remainder()) - power * power
    } else {
        power * (power * libm::expm1(log_gamma_gap(1.0, 2.0 * s) - 2.0 * log_gamma_gap(1.0, s)))
    };
    let mixed = c * digamma_gap(1.0, s) - s;
    c * c * ZETA_2 + 1.0 - 2.0 * c + square + 2.0 * power * mixed
}

/// The variance of f(y) = c ln y + y (e^(a − c ln y) − 1) under e^−y, by the trapezoidal rule in u = ln y: the integrand
/// falls like e^u to the left and like e^(−e^u) to the right, and is analytic, so that the rule's error is below an ulp.
fn variance(a: f64, c: f64) -> f64 {
    const STEP: f64 = 1.0 / 32.0;
    const LEFT: i32 = -60 * 32;
    const RIGHT: i32 = 7 * 32;
    let f = |u: f64| c * u + libm::exp(u) * libm::expm1(a - c * u);
    let sum = |term: &dyn Fn(f64) -> f64| {
        let at = |step: i32| {
            let u = f64::from(step) * STEP;
            let weight = libm::exp(u - libm::exp(u)) * STEP;
            if weight > 0.0 { weight * term(u) } else { 0.0 }
        };
        (LEFT..=RIGHT).map(at).sum::<f64>()
    };
    let mean = sum(&f);
    sum(&|u| (f(u) - mean) * (f(u) - mean))
}
