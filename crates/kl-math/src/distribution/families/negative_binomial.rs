//! The negative binomial distribution: how many failures before several successes.

use super::geometric::{Geometric, form_of_failures, of_failures, support_of_failures};
use crate::distribution::{
    BaseVariable, ClosedForm, Declaration, Distribution, Domain, Example, Family, LogRatioForm, Parameter,
    ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, log_binomial_mass};

/// The negative binomial distribution: failures before several successes.
///
/// # Probabilities
///
/// P(k) = Γ(k+r)/(k! Γ(r)) pʳ (1−p)ᵏ, k = 0, 1, 2, …
///
/// # Parameters
///
/// - `r`: the number of successes, above 0; it need not be whole.
/// - `p`: the probability of a success, above 0 and up to 1.
///
/// # Mean and variance
///
/// r (1−p)/p and r (1−p)/p².
///
/// # D and V, in nats and nats²
///
/// For one r: r times those of the [`Geometric`] distribution. For two different r D and V are sums over all counts.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (NegativeBinomial::new(2.0, 0.5)?, NegativeBinomial::new(2.0, 0.25)?);
/// let one = kl(&Geometric::new(0.5)?, &Geometric::new(0.25)?)?.mean;
/// assert!((kl(&p, &q)?.mean / (2.0 * one) - 1.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Johnson, Kemp & Kotz 2005, *Univariate Discrete Distributions*, chapter 5.
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

    /// The number of successes.
    pub fn r(&self) -> f64 {
        self.r
    }

    /// The probability of a success.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// The mean, r (1−p)/p.
    pub fn mean(&self) -> f64 {
        self.r * (DoubleDouble::ONE - self.exact).to_f64() / self.p
    }

    /// The variance, r (1−p)/p².
    pub fn variance(&self) -> f64 {
        self.mean() / self.p
    }

    /// ln of the probability of the count k, −∞ where it cannot occur.
    pub fn ln_probability(&self, k: u64) -> f64 {
        self.ln_prob(Value::Real(k as f64))
    }
}

impl Family for NegativeBinomial {
    const NAME: &'static str = "negative_binomial";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("r", Domain::Positive), Declaration::number("p", Domain::PositiveProbability)];
    const EXAMPLES: [Example; 2] = [
        &[("r", Sample::Number(3.0)), ("p", Sample::Number(0.2))],
        &[("r", Sample::Number(3.0)), ("p", Sample::Number(0.3))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = given.exact("p");
        Ok(Self { r: given.number("r"), p: exact.to_f64(), exact, label: given.label() })
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
    pub(in crate::distribution) fn of_one(label: String, p: f64, exact: DoubleDouble) -> Self {
        Self { label, r: 1.0, p, exact }
    }
}

impl Values for NegativeBinomial {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::NegativeBinomial { successes: self.r, success: self.p }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let k = point.value();
        if k < 0.0 {
            return f64::NEG_INFINITY;
        }
        log_binomial_mass(k, self.r, 1.0 - self.p, self.p) - libm::log1p(k / self.r)
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        support_of_failures(self.p)
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::new([(1.0, 0, -libm::log1p(-self.p)), (0.0, 1, 1.0 - self.r)])])
    }
}
