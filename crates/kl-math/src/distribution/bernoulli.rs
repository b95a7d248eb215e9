//! The Bernoulli distribution: one toss of a coin.

use super::family::Family;
use super::mass_function::{Alphabet, MassFunction, Probability};
use super::parameter::{Fault, Number, Parameter, ParameterError, ParameterErrors, Step};
use crate::numeric::DoubleDouble;
use std::sync::{Arc, LazyLock};

/// One allocation for all of them: a grid may have a million.
static SYMBOLS: LazyLock<Arc<[String]>> = LazyLock::new(|| Arc::new(["1".into(), "0".into()]));

/// Bernoulli(p): the symbol 1 with probability p, the symbol 0 with probability 1 − p.
///
/// ```
/// use kl_math::distribution::{Distribution, Number, Parameter};
/// let p = Parameter::Number(Number::fraction("1/3")?);
/// let coin = Parameter::Table(vec![("bernoulli".into(), Parameter::Table(vec![("p".into(), p)]))]);
/// let coin = Distribution::read(&coin).expect("a coin");
/// assert_eq!(coin.to_string(), "bernoulli(p=1/3)");
/// assert_eq!(coin.masses().alphabet().symbols(), ["1", "0"]);
/// # Ok::<(), kl_math::distribution::FractionError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bernoulli {
    written: Number,
    success: Probability,
    masses: MassFunction,
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
}

impl Family for Bernoulli {
    const NAME: &'static str = "bernoulli";
    const PARAMETERS: &'static [&'static str] = &["p"];
    const EXAMPLE: &'static str = "bernoulli = { p = 0.5 }";
    const ANOTHER: &'static str = "bernoulli = { p = 0.4 }";

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let [p] = Self::keys(written)?;
        let success = Probability::read(p).map_err(|error| vec![error.under(Step::Key("p".into()))])?;
        let Parameter::Number(written) = p.clone() else {
            return Err(vec![ParameterError::here(Fault::no_probability(p))]);
        };
        let failure = DoubleDouble::ONE - success.value();
        let alphabet = Alphabet::named(Arc::clone(&SYMBOLS));
        let masses = MassFunction::exact(alphabet, vec![success.value(), failure]);
        Ok(Self { written, success, masses })
    }

    fn label(&self) -> String {
        format!("bernoulli(p={})", self.written)
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        vec![self.success.value().to_f64()]
    }

    fn masses(&self) -> &MassFunction {
        &self.masses
    }
}
