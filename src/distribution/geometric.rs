//! The geometric distribution: how many failures before the first success.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
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
