//! The Bernoulli distribution: one toss of a coin.

use crate::distribution::{
    Alphabet, Declaration, Domain, Example, Family, MassFunction, Parameter, ParameterError, ParameterErrors, Sample,
};
use crate::numeric::DoubleDouble;
use std::sync::{Arc, LazyLock};

/// One allocation for all of them: a grid may have a million.
static SYMBOLS: LazyLock<Arc<[String]>> = LazyLock::new(|| Arc::new(["1".into(), "0".into()]));

/// The Bernoulli distribution: one toss of a coin.
///
/// # Probabilities
///
/// P(1) = p and P(0) = 1 − p, over the symbols `1` and `0`.
///
/// # Parameters
///
/// - `p`: a probability from 0 to 1.
///
/// # Mean and variance
///
/// p and p (1−p).
///
/// # D and V, in nats and nats²
///
/// D = p ln(p/q) + (1−p) ln((1−p)/(1−q)), V = p (1−p) ln²(p(1−q)/(q(1−p))).
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let (p, q) = (Bernoulli::new(0.5)?, Bernoulli::new(0.25)?);
/// assert!((kl(&p, &q)?.mean / 0.143_841_036_225_890_46 - 1.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Cover & Thomas 2006, *Elements of Information Theory*, example 2.3.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Bernoulli {
    label: String,
    success: DoubleDouble,
    probabilities: MassFunction,
}

impl Bernoulli {
    /// One toss with probability p of the symbol 1, from 0 to 1.
    ///
    /// # Errors
    ///
    /// Every parameter outside its domain.
    ///
    /// ```
    /// use kl_math::distribution::Bernoulli;
    /// assert!(Bernoulli::new(0.4).is_ok() && Bernoulli::new(1.5).is_err());
    /// ```
    pub fn new(p: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Self::of([("p", p.into())])
    }

    /// The probability of the symbol 1.
    pub fn p(&self) -> f64 {
        self.success.to_f64()
    }

    /// The mean of the symbol, p.
    pub fn mean(&self) -> f64 {
        self.p()
    }

    /// The variance of the symbol, p (1−p).
    pub fn variance(&self) -> f64 {
        self.p() * (DoubleDouble::ONE - self.success).to_f64()
    }

    /// ln of the probability of the symbol 1 or 0; −∞ for any other number.
    pub fn ln_probability(&self, k: u64) -> f64 {
        match k {
            0 => libm::log((DoubleDouble::ONE - self.success).to_f64()),
            1 => libm::log(self.p()),
            _ => f64::NEG_INFINITY,
        }
    }
}

impl Family for Bernoulli {
    const NAME: &'static str = "bernoulli";
    const PARAMETERS: &'static [Declaration] = &[Declaration::number("p", Domain::Probability)];
    const EXAMPLES: [Example; 2] = [&[("p", Sample::Number(0.5))], &[("p", Sample::Number(0.4))]];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let given = Self::given(written)?;
        let success = given.exact("p");
        let alphabet = Alphabet::named(Arc::clone(&SYMBOLS));
        let probabilities = MassFunction::exact(alphabet, vec![success, DoubleDouble::ONE - success]);
        Ok(Self { label: given.label(), success, probabilities })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.success.to_f64()]
    }

    fn mass_function(&self) -> &MassFunction {
        &self.probabilities
    }
}
