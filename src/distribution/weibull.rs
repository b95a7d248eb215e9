//! The Weibull distribution: times to failure.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Chart, Point, Space, Values};
use crate::numeric::{exp_excess, hurwitz_zeta, log_excess, log_of_ratio};

/// Weibull(k, l) with survival e^−(x/l)ᵏ on x ≥ 0, by `shape` k > 0 and `scale` l > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Weibull {
    label: String,
    shape: f64,
    scale: f64,
}

impl Family for Weibull {
    const NAME: &'static str = "weibull";
    const PARAMETERS: &'static [&'static str] = &["shape", "scale"];
    const EXAMPLE: &'static str = "weibull = { shape = 1.5, scale = 1 }";
    const ANOTHER: &'static str = "weibull = { shape = 2, scale = 1.2 }";
    const LAW: &'static str = "of one shape";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (shape, scale) = (reading.number("shape", Rule::Positive), reading.number("scale", Rule::Positive));
        Ok(Self { shape, scale, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.shape, self.scale]
    }

    /// With s = k₂/k₁, c = 1 − s, a = k₂ ln(l₁/l₂), γ Euler's constant, and w = a + lnΓ(1+s):
    /// D = (e^w − 1 − w) + [lnΓ(1+s) − ln s − γc], both parts ≥ 0. V is that of c ln y + y (e^(a − c ln y) − 1), y standard
    /// exponential.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let c = (self.shape - model.shape) / self.shape;
        let a = model.shape * log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        let (log_gamma, bracket) = shape_terms(c, model.shape / self.shape);
        let mean = exp_excess(a + log_gamma) + bracket;
        Some(ClosedForm::finite(mean, variance(a, c)))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = −a + (eᵃ − 1) E for one shape.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let a = model.shape * log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        let form = LogRatioForm::Exponential { constant: -a, slope: libm::expm1(a) };
        (self.shape == model.shape).then_some(form)
    }

    /// X = −ln s − a + c ln y + y (e^(a − c ln y) − 1), y = (x/l₁)^k₁.
    fn log_ratio_at(&self, model: &Self, point: Point<'_>) -> f64 {
        let c = (self.shape - model.shape) / self.shape;
        let a = model.shape * log_of_ratio(self.scale, model.scale, self.scale - model.scale);
        let shapes = log_of_ratio(self.shape, model.shape, self.shape - model.shape);
        let log = self.shape * (point.log() - libm::log(self.scale));
        let (power, rise) = (libm::exp(log), libm::expm1(a - c * log));
        // A product of 0 and infinity is a small number, or a large one.
        let powers = if rise.is_finite() { power * rise } else { libm::exp(a + (1.0 - c) * log) - power };
        shapes - a + c * log + powers
    }
}

impl Values for Weibull {
    fn space(&self) -> Space {
        Space::Line
    }

    fn standard(&self) -> Standard {
        Standard::Exponential
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        // 0 is no value, as of the gamma law: the density may have a pole there.
        if !point.lies_in(self.support()) || point.log() == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        let log = self.shape * (point.log() - libm::log(self.scale));
        libm::log(self.shape) + log - libm::exp(log) - point.log()
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Log(draw.first().map_or(f64::NAN, |&e| libm::log(self.scale) + libm::log(e) / self.shape))
    }

    fn standardised(&self, x: f64) -> f64 {
        libm::exp(self.shape * log_of_ratio(x, self.scale, x - self.scale))
    }

    fn support(&self) -> [f64; 2] {
        [0.0, f64::INFINITY]
    }

    fn growth(&self) -> f64 {
        self.shape
    }

    fn chart(&self) -> Chart {
        Chart::Log { centre: libm::log(self.scale), width: 1.0 / self.shape }
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        let (log, power) = (self.shape - 1.0, libm::pow(self.scale, -self.shape));
        Some([Fall::new([(0.0, 1, log)]), Fall::new([(self.shape, 0, power), (0.0, 1, -log)])])
    }
}

/// lnΓ(1+s) and lnΓ(1+s) − ln s − γc, s = 1 − c: near c = 0 by R = Σ_{k≥2} (ζ(k)−1) cᵏ/k, ζ(k)−1 = ζ(k, 2), for lnΓ(2−c) = R − (1−γ)c.
fn shape_terms(c: f64, s: f64) -> (f64, f64) {
    const EULER: f64 = 0.577_215_664_901_532_9;
    if c.abs() > 0.5 {
        let log_gamma = libm::lgamma(1.0 + s);
        return (log_gamma, log_gamma - libm::log(s) - EULER * c);
    }
    let rest = (2..60u32).rev().fold(0.0, |sum, k| c * (sum + hurwitz_zeta(k, 2.0) / f64::from(k))) * c;
    (rest - (1.0 - EULER) * c, log_excess(-c) + rest)
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
