//! The negative binomial distribution: how many failures before several successes.

use super::Distribution;
use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::LogRatioForm;
use super::geometric::{Geometric, form_of_failures, of_failures, support_of_failures};
use super::parameter::{Parameter, ParameterError, ParameterErrors};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{DoubleDouble, log_binomial_mass};

/// NegativeBinomial(r, p): P(k) = Γ(k+r)/(k! Γ(r)) pʳ (1−p)ᵏ, k = 0, 1, 2, … failures; `r` > 0 need not be whole, `p` in
/// (0, 1].
#[derive(Clone, Debug, PartialEq)]
pub struct NegativeBinomial {
    label: String,
    r: f64,
    p: f64,
    exact: DoubleDouble,
}

impl NegativeBinomial {
    /// Failures before r > 0 successes, each of which has probability p above 0.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::NegativeBinomial;
    /// assert!(NegativeBinomial::new(2.5, 0.2).is_ok() && NegativeBinomial::new(0.0, 0.2).is_err());
    /// ```
    pub fn new(r: impl Into<Parameter>, p: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("r", r.into()), ("p", p.into())])
    }
}

impl Family for NegativeBinomial {
    const NAME: &'static str = "negative_binomial";
    const PARAMETERS: &'static [&'static str] = &["r", "p"];
    const EXAMPLE: &'static str = "negative_binomial = { r = 3, p = 0.2 }";
    const ANOTHER: &'static str = "negative_binomial = { r = 3, p = 0.3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let (r, exact) = (reading.number("r", Rule::Positive), reading.exact("p", Rule::PositiveProbability));
        Ok(Self { r, p: exact.to_f64(), exact, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.r, self.p]
    }

    /// r times the geometric one's, for one r. Two different ones have none.
    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        (self.r == model.r).then(|| of_failures(self.r, self.exact, model.exact))
    }

    /// Of one success the geometric law.
    fn other_names(&self) -> Vec<Distribution> {
        if self.r != 1.0 {
            return Vec::new();
        }
        vec![Distribution::Geometric(Geometric::of_chance(self.label.clone(), self.p, self.exact))]
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// None for different r.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        if self.r == model.r { form_of_failures(self.r, self.exact, model.exact) } else { None }
    }
}

impl NegativeBinomial {
    /// Of one success, with this chance.
    pub(super) fn of_one(label: String, p: f64, exact: DoubleDouble) -> Self {
        Self { label, r: 1.0, p, exact }
    }
}

impl Values for NegativeBinomial {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn standard(&self) -> Standard {
        Standard::NegativeBinomial { successes: self.r, success: self.p }
    }

    fn ln_prob(&self, point: Point<'_>) -> f64 {
        let k = point.value();
        if k < 0.0 {
            return f64::NEG_INFINITY;
        }
        log_binomial_mass(k, self.r, 1.0 - self.p, self.p) - libm::log1p(k / self.r)
    }

    fn point<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Point<'a> {
        Point::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        support_of_failures(self.p)
    }

    fn falls(&self) -> Option<[Fall; 2]> {
        Some([Fall::default(), Fall::new([(1.0, 0, -libm::log1p(-self.p)), (0.0, 1, 1.0 - self.r)])])
    }
}
