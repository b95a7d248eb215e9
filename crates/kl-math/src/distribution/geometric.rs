//! The geometric distribution: how many failures before the first success.

use super::Distribution;
use super::closed_form::ClosedForm;
use super::fall::Fall;
use super::family::Family;
use super::form::{CountLaw, LogRatioForm};
use super::negative_binomial::NegativeBinomial;
use super::parameter::{Parameter, ParameterError, ParameterErrors};
use super::reading::{Reading, Rule};
use super::standard::Standard;
use super::values::{Point, Space, Values};
use crate::numeric::{DoubleDouble, Positive, log_gap};

/// Geometric(p), `p` in (0, 1]: P(k) = p (1−p)ᵏ, k = 0, 1, 2, … failures.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometric {
    label: String,
    p: f64,
    exact: DoubleDouble,
}

impl Geometric {
    /// Failures before the first success, which has probability p above 0.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Geometric;
    /// assert!(Geometric::new(0.2).is_ok() && Geometric::new(0.0).is_err());
    /// ```
    pub fn new(p: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("p", p.into())])
    }
}

impl Family for Geometric {
    const NAME: &'static str = "geometric";
    const PARAMETERS: &'static [&'static str] = &["p"];
    const EXAMPLE: &'static str = "geometric = { p = 0.2 }";
    const ANOTHER: &'static str = "geometric = { p = 0.3 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let mut reading = Reading::of::<Self>(written)?;
        let exact = reading.exact("p", Rule::PositiveProbability);
        Ok(Self { p: exact.to_f64(), exact, label: reading.finish()? })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.p]
    }

    fn closed_form(&self, model: &Self) -> Option<ClosedForm> {
        Some(of_failures(1.0, self.exact, model.exact))
    }

    /// The negative binomial law of one success.
    fn other_names(&self) -> Vec<Distribution> {
        vec![Distribution::NegativeBinomial(NegativeBinomial::of_one(self.label.clone(), self.p, self.exact))]
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        form_of_failures(1.0, self.exact, model.exact)
    }
}

impl Geometric {
    /// Of this chance.
    pub(super) fn of_chance(label: String, p: f64, exact: DoubleDouble) -> Self {
        Self { label, p, exact }
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
pub(super) fn form_of_failures(successes: f64, p: DoubleDouble, q: DoubleDouble) -> Option<LogRatioForm> {
    let [chances, failures] =
        [[p, q], [DoubleDouble::ONE - p, DoubleDouble::ONE - q]].map(|pair| pair.map(Positive::new));
    let constant = successes * chances[0].log_over(chances[1]);
    if p == DoubleDouble::ONE {
        return Some(LogRatioForm::Constant(constant));
    }
    let count = CountLaw::NegativeBinomial { successes, success: p.to_f64() };
    let slope = || failures[0].log_over(failures[1]);
    (q < DoubleDouble::ONE).then(|| LogRatioForm::Count { count, constant, slope: slope() })
}

/// D = r [ln(p/q) + (1−p)/p ln((1−p)/(1−q))] and V = r (1−p)/p² ln²((1−p)/(1−q)) for the failures before r successes.
pub(super) fn of_failures(successes: f64, p: DoubleDouble, q: DoubleDouble) -> ClosedForm {
    if p == DoubleDouble::ONE {
        return ClosedForm::finite(-successes * libm::log(q.to_f64()), 0.0);
    }
    if q == DoubleDouble::ONE {
        return ClosedForm::INFINITE;
    }
    let [failure, other] = [p, q].map(|chance| Positive::new(DoubleDouble::ONE - chance));
    // Each over p, which may be tiny: squares of what is tiny are none.
    let slope = failure.log_over(other) / p.to_f64();
    let variance = successes * failure.to_f64() * slope * slope;
    ClosedForm::finite(bernoulli(successes, Positive::new(p), p, q), variance)
}

/// n/u times KL of two Bernoulli distributions, 0 < p < 1 and 0 < q < 1: n/u [q h(d/q) + (1−q) h(−d/(1−q))], d = p − q.
pub(super) fn bernoulli(n: f64, unit: Positive, p: DoubleDouble, q: DoubleDouble) -> f64 {
    let term = |mass: DoubleDouble, other: DoubleDouble| {
        let (mass, other) = (Positive::new(mass), Positive::new(other));
        let (t, share) = (mass.relative_to(other), |part: Positive| n * part.over(unit).to_f64());
        // h(t) = (1+t) ln(1+t) − t; beyond 1e6 its product with a tiny mass may not be what it should.
        if t < 1e6 { share(other) * log_gap(t) } else { share(mass) * (mass.log_over(other) - 1.0) + share(other) }
    };
    term(p, q) + term(DoubleDouble::ONE - p, DoubleDouble::ONE - q)
}
