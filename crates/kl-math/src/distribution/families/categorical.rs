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

/// Any probabilities over named symbols (`{ H = 0.5, T = 0.5 }`) or unnamed ones (`[0.5, 0.5]`).
///
/// ```
/// use kl_math::distribution::{Distribution, Number, Parameter};
/// let half = Parameter::Number(Number::new(0.5));
/// let coin = Distribution::read(&Parameter::List(vec![half.clone(), half])).expect("a coin");
/// assert_eq!(coin.to_string(), "categorical(0.5, 0.5)");
/// assert_eq!(coin.masses().alphabet().symbols(), ["H", "T"]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Categorical {
    label: String,
    masses: MassFunction,
}

impl Categorical {
    /// Masses under a name of their own.
    pub(in crate::distribution) fn labelled(label: String, masses: MassFunction) -> Self {
        Self { label, masses }
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
        let masses = MassFunction::new(alphabet, &weights).map_err(|fault| vec![ParameterError::here(fault)])?;
        let terms: Vec<String> = entries
            .iter()
            .filter_map(|(step, weight)| match (step, weight) {
                (Step::Key(symbol), Parameter::Number(number)) => Some(format!("{}={number}", shown(symbol))),
                (_, Parameter::Number(number)) => Some(number.to_string()),
                _ => None,
            })
            .collect();
        Ok(Self { label: format!("categorical({})", terms.join(", ")), masses })
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn normalised_parameters(&self) -> Vec<f64> {
        self.masses.probabilities().iter().map(|p| p.to_f64()).collect()
    }

    fn masses(&self) -> &MassFunction {
        &self.masses
    }
}
