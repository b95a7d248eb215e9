//! What can be done with a member of any family.

use super::families::{Categorical, Distribution, FamilyEntry, MarkovChain};
use super::family::Family;
use super::parameter::{Expected, Fault, Parameter, ParameterError, Step};
use std::sync::Arc;

impl Distribution {
    /// A categorical distribution over unnamed symbols, or the first thing that is wrong with its probabilities.
    ///
    /// ```
    /// use kl_math::distribution::Distribution;
    /// assert_eq!(Distribution::of_weights(&[0.25, 0.75])?.to_string(), "categorical(0.25, 0.75)");
    /// assert!(Distribution::of_weights(&[0.25, 0.7]).is_err());
    /// # Ok::<(), kl_math::distribution::ParameterError>(())
    /// ```
    pub fn of_weights(weights: &[f64]) -> Result<Self, ParameterError> {
        Self::read(&weights.into()).map_err(|faults| {
            let unsaid = || ParameterError::here(Fault::FamilyCount { found: 0 });
            faults.into_iter().next().unwrap_or_else(unsaid)
        })
    }

    /// The chain, if its symbols have a memory.
    pub fn chain(&self) -> Option<&MarkovChain> {
        match self {
            Self::MarkovChain(chain) => Some(chain),
            _ => None,
        }
    }

    /// The same as a chain: independent symbols are one without memory.
    pub(in crate::distribution) fn over_states(&self) -> Option<Self> {
        match self {
            Self::MarkovChain(_) => Some(self.clone()),
            _ => MarkovChain::independent(self.to_string(), self.mass_function()).map(Self::MarkovChain),
        }
    }

    /// The two as members of one family, where the law of one has a name in that of the other: what is known of one family is then
    /// known of them.
    pub(in crate::distribution) fn in_one_family(
        source: &Arc<Self>,
        model: &Arc<Self>,
    ) -> Option<(Arc<Self>, Arc<Self>)> {
        if source.family() == model.family() {
            return None;
        }
        let named = |side: &Self, family: &str| side.other_names().into_iter().find(|name| name.family() == family);
        // P as it is written where that can be: its values are made by its family.
        if let Some(model) = named(model, source.family()) {
            return Some((Arc::clone(source), Arc::new(model)));
        }
        named(source, model.family()).map(|source| (Arc::new(source), Arc::clone(model)))
    }

    /// Whether its values are a finite alphabet, whose symbols can be sampled and scored one by one.
    pub fn is_finite(&self) -> bool {
        self.mass_function().alphabet().size() > 0
    }

    /// The same over a finite alphabet of counts, 0, 1, … n, if it is binomial with so few.
    pub(in crate::distribution) fn over_alphabet(&self) -> Option<Self> {
        match self {
            Self::Binomial(binomial) => binomial.over_alphabet().map(Self::Categorical),
            _ => None,
        }
    }

    /// Reads a list of probabilities, or a table whose one key is the family and whose value is its parameters.
    ///
    /// # Errors
    ///
    /// Every fault, each with its path.
    pub fn read(written: &Parameter) -> Result<Self, Vec<ParameterError>> {
        match written {
            Parameter::List(_) => Categorical::read(written).map(Self::Categorical),
            Parameter::Table(entries) => match entries.as_slice() {
                [(name, parameters)] => match FamilyEntry::named(name) {
                    Some(family) => (family.read)(parameters).map_err(|faults| {
                        faults.into_iter().map(|fault| fault.under(Step::Key(name.clone()))).collect()
                    }),
                    None => Err(vec![ParameterError::at(name, Fault::UnknownFamily { name: name.clone() })]),
                },
                several => Err(vec![ParameterError::here(Fault::FamilyCount { found: several.len() })]),
            },
            other => {
                let fault = Fault::WrongKind { expected: Expected::Distribution, found: other.kind() };
                Err(vec![ParameterError::here(fault)])
            }
        }
    }
}
