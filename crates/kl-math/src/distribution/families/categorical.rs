//! The categorical distribution: one throw of any die.

use crate::distribution::{
    Alphabet, Declaration, Example, Expected, Family, Fault, MassFunction, Parameter, ParameterError, ParameterErrors,
    Probability, Sample, Step,
};
use std::collections::HashSet;

/// A symbol as it stands in a label: in quotes if it could be taken for something else.
fn shown(symbol: &str) -> String {
    let plain = symbol.chars().all(|c| c.is_alphanumeric() || "_-+.".contains(c));
    if plain { symbol.to_owned() } else { format!("{symbol:?}") }
}

/// The categorical distribution: one throw of any die.
///
/// # Probabilities
///
/// P(symbol i) = pᵢ, over named or unnamed symbols. Unnamed ones are called H and T, or 1, 2, … K.
///
/// # Parameters
///
/// Two or more probabilities, by name or in a list. They must sum to 1 within 1e-9, and are divided by their sum.
///
/// # D and V, in nats and nats²
///
/// D = Σ pᵢ ln(pᵢ/qᵢ), V = Σ pᵢ ln²(pᵢ/qᵢ) − D². D is infinite where some pᵢ > 0 has qᵢ = 0; a symbol with pᵢ = 0 adds nothing.
///
/// # Example
///
/// ```
/// use kl_math::prelude::*;
/// let p = Categorical::named([("sun", 0.5), ("rain", 0.25), ("snow", 0.25)])?;
/// let q = Categorical::named([("rain", 0.25), ("snow", 0.5), ("sun", 0.25)])?;
/// assert_eq!(kl(&p, &q)?.mean, 0.25 * std::f64::consts::LN_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// Cover & Thomas 2006, *Elements of Information Theory*, section 2.3.
#[derive(Clone, Debug, PartialEq)]
pub struct Categorical {
    label: String,
    probabilities: MassFunction,
}

impl Categorical {
    /// Probabilities under a label of their own.
    pub(in crate::distribution) fn labelled(label: String, probabilities: MassFunction) -> Self {
        Self { label, probabilities }
    }
}

impl Categorical {
    /// Unnamed symbols with these probabilities, which sum to 1 within 1e-9; they are divided by their sum.
    ///
    /// # Errors
    ///
    /// Every number that is no probability; or a sum that is not 1.
    ///
    /// ```
    /// use kl_math::distribution::Categorical;
    /// assert!(Categorical::new([0.2, 0.3, 0.5]).is_ok() && Categorical::new([0.2, 0.3]).is_err());
    /// ```
    pub fn new(probabilities: impl Into<Parameter>) -> Result<Self, ParameterErrors> {
        Ok(Self::read(&probabilities.into())?)
    }

    /// Named symbols.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and names that are empty or given twice.
    ///
    /// ```
    /// use kl_math::distribution::Categorical;
    /// let coin = Categorical::named([("H", 0.5), ("T", 0.5)])?;
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn named<S: Into<String>, P: Into<Parameter>>(
        probabilities: impl IntoIterator<Item = (S, P)>,
    ) -> Result<Self, ParameterErrors> {
        let entries = probabilities.into_iter().map(|(symbol, probability)| (symbol.into(), probability.into()));
        Ok(Self::read(&Parameter::Table(entries.collect()))?)
    }

    /// The symbols, in order.
    pub fn symbols(&self) -> &[String] {
        self.probabilities.alphabet().symbols()
    }

    /// The probability of each symbol.
    pub fn probabilities(&self) -> Vec<f64> {
        self.probabilities.probabilities().iter().map(|p| p.to_f64()).collect()
    }

    /// The probability of the symbol with this name; none if there is no such symbol.
    ///
    /// ```
    /// use kl_math::distribution::Categorical;
    /// let coin = Categorical::new([0.25, 0.75])?;
    /// assert_eq!((coin.probability("T"), coin.probability("edge")), (Some(0.75), None));
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn probability(&self, symbol: &str) -> Option<f64> {
        let place = self.symbols().iter().position(|known| known == symbol)?;
        self.probabilities.probabilities().get(place).map(|p| p.to_f64())
    }
}

impl Family for Categorical {
    const NAME: &'static str = "categorical";
    const PARAMETERS: &'static [Declaration] = &[];
    const EXAMPLES: [Example; 2] = [
        &[("H", Sample::Number(0.5)), ("T", Sample::Number(0.5))],
        &[("H", Sample::Number(0.4)), ("T", Sample::Number(0.6))],
    ];

    fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        let entries: Vec<(Step, &Parameter)> = match written {
            Parameter::List(weights) => {
                weights.iter().enumerate().map(|(i, weight)| (Step::Index(i), weight)).collect()
            }
            Parameter::Table(weights) => weights.iter().map(|(key, weight)| (Step::Key(key.clone()), weight)).collect(),
            other => {
                let fault = Fault::WrongKind { expected: Expected::Symbols, found: other.kind() };
                return Err(vec![ParameterError::here(fault)]);
            }
        };
        let mut faults = Vec::new();
        let mut weights = Vec::with_capacity(entries.len());
        let mut seen = HashSet::new();
        for (step, weight) in &entries {
            match Probability::read(weight) {
                Ok(weight) => weights.push(weight),
                Err(error) => faults.push(error.under(step.clone())),
            }
            if let Step::Key(symbol) = step {
                if symbol.is_empty() {
                    faults.push(ParameterError::here(Fault::NamelessSymbol).under(step.clone()));
                } else if !seen.insert(symbol) {
                    let fault = Fault::DuplicateSymbol { symbol: symbol.clone() };
                    faults.push(ParameterError::here(fault).under(step.clone()));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let alphabet = match written {
            Parameter::Table(weights) => {
                Alphabet::named(weights.iter().map(|(symbol, _)| symbol.clone()).collect::<Vec<_>>())
            }
            _ => Alphabet::unnamed(weights.len()),
        };
        let probabilities = MassFunction::new(alphabet, &weights).map_err(|fault| vec![ParameterError::here(fault)])?;
        let terms: Vec<String> = entries
            .iter()
            .filter_map(|(step, weight)| match (step, weight) {
                (Step::Key(symbol), Parameter::Number(number)) => Some(format!("{}={number}", shown(symbol))),
                (_, Parameter::Number(number)) => Some(number.to_string()),
                _ => None,
            })
            .collect();
        Ok(Self { label: format!("categorical({})", terms.join(", ")), probabilities })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.probabilities()
    }

    fn mass_function(&self) -> &MassFunction {
        &self.probabilities
    }
}
