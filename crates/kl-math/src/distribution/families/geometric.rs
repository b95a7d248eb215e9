//! The geometric distribution: how many failures before the first success.

use super::negative_binomial::NegativeBinomial;
use crate::distribution::{
    BaseVariable, ClosedForm, CountLaw, Declaration, Distribution, Domain, Example, Family, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, log_gap};

/// The geometric distribution: failures before the first success.
///
/// # Probabilities
///
/// P(k) = p (1−p)ᵏ, k = 0, 1, 2, …
///
/// # Parameters
///
/// - `p`: the probability of a success, above 0 and up to 1.
///
/// # Mean and variance
///
/// (1−p)/p and (1−p)/p².
///
/// # D and V, in nats and nats²
///
/// D = ln(p/q) + (1−p)/p ln((1−p)/(1−q)), V = (1−p)/p² ln²((1−p)/(1−q)).
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (Geometric::new(0.5)?, Geometric::new(0.25)?);
/// assert!((kl(&p, &q)?.mean - std::f64::consts::LN_2 + (1.5f64).ln()).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// The log ratio is linear in k; D and V follow from the two moments.
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

    /// The probability of a success.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// The mean, (1−p)/p.
    pub fn mean(&self) -> f64 {
        (DoubleDouble::ONE - self.exact).to_f64() / self.p
    }

    /// The variance, (1−p)/p².
    pub fn variance(&self) -> f64 {
        self.mean() / self.p
    }

    /// ln of the probability of the count k, −∞ where it cannot occur.
    pub fn ln_probability(&self, k: u64) -> f64 {
        self.ln_prob(Value::Real(k as f64))
    }
}

impl Family for Geometric {
    const NAME: &'static str = "geometric";
    const PARAMETERS: &'static [Declaration] = &[Declaration::number("p", Domain::PositiveProbability)];
    const EXAMPLES: [Example; 2] = [&[("p", Sample::Number(0.2))], &[("p", Sample::Number(0.3))]];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = given.exact("p");
        Ok(Self { p: exact.to_f64(), exact, label: given.label() })
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
    pub(in crate::distribution) fn of_chance(label: String, p: f64, exact: DoubleDouble) -> Self {
        Self { label, p, exact }
    }
}

impl Values for Geometric {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::NegativeBinomial { successes: 1.0, success: self.p }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let k = point.value();
        match k {
            0.0 => libm::log(self.p),
            k if k > 0.0 => libm::log(self.p) + k * libm::log1p(-self.p),
            _ => f64::NEG_INFINITY,
        }
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        support_of_failures(self.p)
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::new([(1.0, 0, -libm::log1p(-self.p))])])
    }
}

/// There are none where success is certain.
pub(in crate::distribution) fn support_of_failures(p: f64) -> [f64; 2] {
    [0.0, if p < 1.0 { f64::INFINITY } else { 0.0 }]
}

/// X = r ln(p/q) + k ln((1−p)/(1−q)).
pub(in crate::distribution) fn form_of_failures(
    successes: f64,
    p: DoubleDouble,
    q: DoubleDouble,
) -> Option<LogRatioForm> {
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
pub(in crate::distribution) fn of_failures(successes: f64, p: DoubleDouble, q: DoubleDouble) -> ClosedForm {
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
pub(in crate::distribution) fn bernoulli(n: f64, unit: Positive, p: DoubleDouble, q: DoubleDouble) -> f64 {
    let term = |mass: DoubleDouble, other: DoubleDouble| {
        let (mass, other) = (Positive::new(mass), Positive::new(other));
        let (t, share) = (mass.relative_to(other), |part: Positive| n * part.over(unit).to_f64());
        // h(t) = (1+t) ln(1+t) − t; beyond 1e6 its product with a tiny mass may not be what it should.
        if t < 1e6 { share(other) * log_gap(t) } else { share(mass) * (mass.log_over(other) - 1.0) + share(other) }
    };
    term(p, q) + term(DoubleDouble::ONE - p, DoubleDouble::ONE - q)
}
