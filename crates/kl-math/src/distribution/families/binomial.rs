//! The binomial distribution: successes among several tries.

use super::categorical::Categorical;
use super::geometric::bernoulli;
use crate::distribution::{
    Alphabet, BaseVariable, ClosedForm, CountLaw, Declaration, Domain, Example, Family, LogRatioForm, MAX_SYMBOLS,
    MassFunction, Parameter, ParameterError, ParameterErrors, Sample, Space, TailDecay, Value, Values,
};
use crate::numeric::{DoubleDouble, Positive, log_binomial_mass};

/// The binomial distribution: successes among several trials.
///
/// # Probabilities
///
/// P(k) = C(n, k) pᵏ (1−p)ⁿ⁻ᵏ, k = 0, 1, … n.
///
/// # Parameters
///
/// - `n`: the number of trials, a whole number from 1 to 10¹².
/// - `p`: the probability of a success, from 0 to 1.
///
/// # Mean and variance
///
/// n p and n p (1−p).
///
/// # D and V, in nats and nats²
///
/// For one n: D = n [p ln(p/q) + (1−p) ln((1−p)/(1−q))], V = n p (1−p) ln²(p(1−q)/(q(1−p))). D is infinite where P has more
/// trials than Q; for fewer it is a sum over all counts.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (Binomial::new(10.0, 0.5)?, Binomial::new(10.0, 0.25)?);
/// assert!((kl(&p, &q)?.mean / 1.438_410_362_258_904_6 - 1.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// The sum of n independent Bernoulli log ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Binomial {
    label: String,
    n: f64,
    p: f64,
    exact: DoubleDouble,
}

impl Binomial {
    /// Successes in n tries (a whole number up to 10¹²), each with probability p from 0 to 1.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Binomial;
    /// assert!(Binomial::new(10.0, 0.3).is_ok() && Binomial::new(10.5, 0.3).is_err());
    /// ```
    pub fn new(n: impl Into<Parameter>, p: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("n", n.into()), ("p", p.into())])
    }

    /// The number of trials.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The probability of a success.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// The mean, n p.
    pub fn mean(&self) -> f64 {
        self.n * self.p
    }

    /// The variance, n p (1−p).
    pub fn variance(&self) -> f64 {
        self.n * self.p * (DoubleDouble::ONE - self.exact).to_f64()
    }

    /// ln of the probability of the count k, −∞ where it cannot occur.
    pub fn ln_probability(&self, k: u64) -> f64 {
        self.ln_prob(Value::Real(k as f64))
    }
}

impl Family for Binomial {
    const NAME: &'static str = "binomial";
    const PARAMETERS: &'static [Declaration] =
        &[Declaration::number("n", Domain::Count), Declaration::number("p", Domain::Probability)];
    const EXAMPLES: [Example; 2] = [
        &[("n", Sample::Number(10.0)), ("p", Sample::Number(0.3))],
        &[("n", Sample::Number(10.0)), ("p", Sample::Number(0.4))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let exact = given.exact("p");
        Ok(Self { n: given.number("n"), p: exact.to_f64(), exact, label: given.label() })
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
            let ratio = self.log_of_odds(model);
            let whole = bernoulli(self.n, Positive::ONE, self.exact, model.exact);
            return self.among(model, ClosedForm::finite(whole, self.n * p * (1.0 - p) * ratio * ratio));
        };
        let one = if one.mean.is_infinite() { ClosedForm::INFINITE } else { one };
        if p == 0.0 {
            // Only Q's tries matter.
            return Some(one.times(model.n));
        }
        self.among(model, one.times(self.n))
    }

    fn values(&self) -> Option<&dyn Values> {
        Some(self)
    }

    /// X = n ln((1−p)/(1−q)) + k ln(p(1−q)/(q(1−p))) for one n.
    fn form(&self, model: &Self) -> Option<LogRatioForm> {
        let (p, q, n) = (self.p, model.p, self.n);
        if p == 0.0 {
            return (q < 1.0).then(|| LogRatioForm::Constant(-model.n * libm::log1p(-q)));
        }
        if n != model.n || q == 0.0 || (q == 1.0 && p < 1.0) {
            return None;
        }
        if p == 1.0 {
            return Some(LogRatioForm::Constant(-n * libm::log(q)));
        }
        let [failure, other] = [self.exact, model.exact].map(|chance| Positive::new(DoubleDouble::ONE - chance));
        let (slope, constant) = (self.log_of_odds(model), n * failure.log_over(other));
        Some(LogRatioForm::Count { count: CountLaw::Binomial { tries: n, success: p }, constant, slope })
    }
}

impl Binomial {
    /// `known` if P and Q have the same number of trials; infinite if P has more.
    fn among(&self, model: &Self, known: ClosedForm) -> Option<ClosedForm> {
        if self.n > model.n {
            return Some(ClosedForm::INFINITE);
        }
        (self.n == model.n).then_some(known)
    }

    /// ln of the odds' ratio, p(1−q) over q(1−p).
    fn log_of_odds(&self, model: &Self) -> f64 {
        let of = |p: DoubleDouble, q: DoubleDouble| Positive::new(p).times(Positive::new(DoubleDouble::ONE - q));
        of(self.exact, model.exact).log_over(of(model.exact, self.exact))
    }

    /// The same as a categorical distribution over the symbols 0, 1, … n, where an alphabet is large enough for them.
    pub(in crate::distribution) fn over_alphabet(&self) -> Option<Categorical> {
        if self.n >= MAX_SYMBOLS as f64 {
            return None;
        }
        let n = self.n as usize;
        let success = DoubleDouble::from(self.p);
        let odds = |share: DoubleDouble, other: DoubleDouble| share / other;
        let whole = |k: usize| DoubleDouble::from(k as f64);
        // From the mode outward by the ratios of neighbours, to 26 digits.
        let mode = ((self.n + 1.0) * self.p).floor().min(self.n) as usize;
        let failure = DoubleDouble::ONE - success;
        let mut weights = vec![DoubleDouble::ZERO; n + 1];
        weights[mode] = DoubleDouble::ONE;
        for k in mode + 1..=n {
            weights[k] = weights[k - 1] * odds(success, failure) * whole(n - k + 1) / whole(k);
        }
        for k in (0..mode).rev() {
            weights[k] = weights[k + 1] * odds(failure, success) * whole(k + 1) / whole(n - k);
        }
        let sum: DoubleDouble = weights.iter().copied().sum();
        let probabilities = weights.into_iter().map(|weight| weight / sum).collect();
        let symbols: Vec<String> = (0..=n).map(|k| k.to_string()).collect();
        Some(Categorical::labelled(self.label.clone(), MassFunction::exact(Alphabet::named(symbols), probabilities)))
    }
}

impl Values for Binomial {
    fn space(&self) -> Space {
        Space::Counts
    }

    fn base_variable(&self) -> BaseVariable {
        BaseVariable::Binomial { tries: self.n as u64, success: self.p }
    }

    fn ln_prob(&self, point: Value<'_>) -> f64 {
        let k = point.value();
        log_binomial_mass(k, self.n - k, self.p, 1.0 - self.p)
    }

    fn value<'a>(&self, draw: &'a [f64], _room: &'a mut Vec<f64>) -> Value<'a> {
        Value::Real(draw.first().copied().unwrap_or(f64::NAN))
    }

    fn support(&self) -> [f64; 2] {
        [if self.p < 1.0 { 0.0 } else { self.n }, if self.p > 0.0 { self.n } else { 0.0 }]
    }

    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        Some([TailDecay::default(), TailDecay::default()])
    }
}
