//! A source and a model over the same values.

mod behaviour;
mod discretised;
mod error;
mod markov;
mod points;
mod region_points;
mod regions;
mod resolution;
mod symbols;
mod values;

pub use behaviour::{Behaviour, BehaviourError};
pub use discretised::Discretised;
pub use error::PairError;
pub use markov::MarkovPair;
pub use points::{Moment, Points, WeighedPoint};
pub use regions::{NoRegions, RegionSum, Regions};
pub use symbols::{SymbolLaws, SymbolPair};
pub use values::{Uncovered, ValuePair};

use super::Distribution;
use crate::chain::ChainPair;
pub(crate) use resolution::resolved;
use std::sync::Arc;

/// The source P and the model Q, by what their sequences are made of.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let Pair::Symbols(coins) = &pair else { panic!("a coin has two symbols") };
/// assert_eq!(coins.log_ratios()[0], std::f64::consts::LN_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub enum Pair {
    /// Independent symbols of a finite alphabet.
    Symbols(SymbolPair),
    /// Independent counts, numbers, vectors or shares.
    Values(Arc<ValuePair>),
    /// Symbols of which each depends on the one before.
    Chains(MarkovPair),
}

impl Pair {
    /// The source P and the model Q, of any two families.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn of(source: impl Into<Distribution>, model: impl Into<Distribution>) -> Result<Self, PairError> {
        Self::new(Arc::new(source.into()), Arc::new(model.into()))
    }

    /// The same for distributions that may be shared.
    ///
    /// Independent symbols beside a Markov chain are a chain without memory; a binomial distribution beside symbols is one over the
    /// symbols 0, 1, … n.
    ///
    /// # Errors
    ///
    /// P and Q do not take the same values, or nothing that a double can hold is known of their log ratio.
    pub fn new(source: Arc<Distribution>, model: Arc<Distribution>) -> Result<Self, PairError> {
        if source.chain().is_some() || model.chain().is_some() {
            return MarkovPair::new(&source, &model).map(Self::Chains);
        }
        let (source, model) = match (source.is_finite(), model.is_finite()) {
            (true, false) => (Arc::clone(&source), model.over_alphabet().map(Arc::new).unwrap_or(model)),
            (false, true) => (source.over_alphabet().map(Arc::new).unwrap_or(source), Arc::clone(&model)),
            _ => (source, model),
        };
        if source.is_finite() && model.is_finite() {
            return SymbolPair::new(source, model).map(Self::Symbols);
        }
        let values = Arc::new(ValuePair::new(&source, &model)?);
        resolved(&source)?;
        Ok(Self::Values(values))
    }

    /// The same pair with P and Q in each other's place.
    ///
    /// # Errors
    ///
    /// KL(Q‖P) may be one that cannot be computed where KL(P‖Q) can.
    pub fn reversed(&self) -> Result<Self, PairError> {
        Self::new(Arc::clone(self.model()), Arc::clone(self.source()))
    }

    /// The distribution that sequences are sampled from.
    pub fn source(&self) -> &Arc<Distribution> {
        match self {
            Self::Symbols(pair) => pair.source(),
            Self::Values(pair) => pair.source(),
            Self::Chains(pair) => pair.source(),
        }
    }

    /// The distribution they are compared with.
    pub fn model(&self) -> &Arc<Distribution> {
        match self {
            Self::Symbols(pair) => pair.model(),
            Self::Values(pair) => pair.model(),
            Self::Chains(pair) => pair.model(),
        }
    }

    /// The pair of independent symbols, if it is one.
    pub fn symbols(&self) -> Option<&SymbolPair> {
        match self {
            Self::Symbols(pair) => Some(pair),
            Self::Values(_) | Self::Chains(_) => None,
        }
    }

    /// The pair of counts, numbers, vectors or shares, if it is one.
    pub fn values(&self) -> Option<&ValuePair> {
        match self {
            Self::Values(pair) => Some(pair),
            Self::Symbols(_) | Self::Chains(_) => None,
        }
    }

    /// The pair of chains, if it is one.
    pub fn chains(&self) -> Option<&Arc<ChainPair>> {
        match self {
            Self::Chains(pair) => Some(pair.chains()),
            Self::Symbols(_) | Self::Values(_) => None,
        }
    }
}
