//! The geometric distribution: how many failures before the first success.

use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::{CountLaw, LogRatioForm};
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{log_gap, log_of_ratio};

/// Geometric(p), `p` in (0, 1]: P(k) = p (1−p)ᵏ, k = 0, 1, 2, … failures.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometric {
    label: String,
    p: f64,
}

impl Family for Geometric {
    const NAME: &'static str = "geometric";
    const PARAMETERS: &'static [&'static str] = &["p"];
    const EXAMPLE: &'static str = "geometric = { p = 0.2 }";
    const ANOTHER: &'static str = "geometric = { p = 0.3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let p = reading.number("p", Rule::PositiveProbability);
        Ok(Self { p, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.p]
    }

    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_failures(self.p, model.p))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        form_of_failures(1.0, self.p, model.p)
    }
}

impl Values for Geometric {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn standard(&self) -> Standard {
        Standard::NegativeBinomial { successes: 1.0, success: self.p }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        let k = point.value();
        match k {
            0.0 => libm::log(self.p),
            k if k > 0.0 => libm::log(self.p) + k * libm::log1p(-self.p),
            _ => f64::NEG_INFINITY,
        }
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        support_of_failures(self.p)
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        Some([Fall::default(), Fall::new([(1.0, 0, -libm::log1p(-self.p))])])
    }
}

/// There are none where success is certain.
pub(super) fn support_of_failures(p: f64) -> [f64; 2] {
    [0.0, if p < 1.0 { f64::INFINITY } else { 0.0 }]
}

/// X = r ln(p/q) + k ln((1−p)/(1−q)).
pub(super) fn form_of_failures(successes: f64, p: f64, q: f64) -> Option<LogRatioForm> {
    let constant = successes * log_of_ratio(p, q, p - q);
    if p == 1.0 {
        return Some(LogRatioForm::Constant(constant));
    }
    let count = CountLaw::NegativeBinomial { successes, success: p };
    let slope = || log_of_ratio(1.0 - p, 1.0 - q, q - p);
    (q < 1.0).then(|| LogRatioForm::Count { count, constant, slope: slope() })
}

/// D = [p ln(p/q) + (1−p) ln((1−p)/(1−q))]/p and V = (1−p)/p² ln²((1−p)/(1−q)) for the failures before one success.
pub(super) fn of_failures(p: f64, q: f64) -> ClosedForm {
    if p == 1.0 {
        return ClosedForm::finite(-libm::log(q), 0.0);
    }
    if q == 1.0 {
        return ClosedForm::INFINITE;
    }
    let ratio = log_of_ratio(1.0 - p, 1.0 - q, q - p);
    ClosedForm::finite(bernoulli(p, q) / p, (1.0 - p) / (p * p) * ratio * ratio)
}

/// KL of two Bernoulli distributions, 0 < q < 1: q h(d/q) + (1−q) h(−d/(1−q)), d = p − q.
pub(super) fn bernoulli(p: f64, q: f64) -> f64 {
    let d = p - q;
    let term = |mass: f64, other: f64, d: f64| {
        let t = d / other;
        // h(t) = (1+t) ln(1+t) − t; beyond 1e6 its product with a tiny mass may not be what it should.
        if t < 1e6 { other * log_gap(t) } else { mass * log_of_ratio(mass, other, d) - d }
    };
    term(p, q, d) + term(1.0 - p, 1.0 - q, -d)
}
