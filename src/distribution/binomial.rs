//! The binomial distribution: successes among several tries.

use super::closed_form::ClosedForm;
use super::family::Family;
use super::geometric::bernoulli;
use super::parameter::{Parameter, ParameterError};
use super::reading::{Reading, Rule};
use crate::numeric::log_of_ratio;

/// Binomial(n, p): P(k) = C(n, k) pᵏ (1−p)ⁿ⁻ᵏ; `n` tries, from 1 to 10¹², each a success with probability `p`.
#[derive(Clone, Debug, PartialEq)]
pub struct Binomial {
    label: String,
    n: f64,
    p: f64,
}

impl Family for Binomial {
    const NAME: &'static str = "binomial";
    const PARAMETERS: &'static [&'static str] = &["n", "p"];
    const EXAMPLE: &'static str = "binomial = { n = 10, p = 0.3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (n, p) = (reading.number("n", Rule::Count), reading.number("p", Rule::Probability));
        Ok(Self { n, p, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.n, self.p]
    }

    /// n times the Bernoulli one's, for one n: D = p ln(p/q) + (1−p) ln((1−p)/(1−q)), V = p (1−p) ln²(p(1−q)/(q(1−p))).
    /// Infinite for n₁ > n₂ (and p > 0); n₁ < n₂ has none.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        let (p, q) = (self.p, model.p);
        let one = if p == 0.0 {
            ClosedForm::finite(-libm::log1p(-q), 0.0)
        } else if p == 1.0 {
            ClosedForm::finite(-libm::log(q), 0.0)
        } else if q == 0.0 || q == 1.0 {
            ClosedForm::INFINITE
        } else {
            // ln of the odds' ratio, p(1−q) over q(1−p).
            let (odds, other) = (p * (1.0 - q), q * (1.0 - p));
            let ratio = log_of_ratio(odds, other, p - q);
            ClosedForm::finite(bernoulli(p, q), p * (1.0 - p) * ratio * ratio)
        };
        let one = if one.mean.is_infinite() { ClosedForm::INFINITE } else { one };
        if p == 0.0 {
            // Only Q's tries matter.
            return Some(one.times(model.n));
        }
        if self.n > model.n {
            return Some(ClosedForm::INFINITE);
        }
        (self.n == model.n).then(|| one.times(self.n))
    }
}
