//! A source and a model whose symbols depend on the one before.

use super::error::PairError;
use super::symbols::matched;
use super::values::taken_by;
use crate::chain::{ChainLaw, ChainPair};
use crate::distribution::Distribution;
use crate::numeric::DoubleDouble;
use std::sync::Arc;

/// Two Markov chains over the same states. Independent symbols are a chain without memory.
#[derive(Clone, Debug)]
pub struct MarkovPair {
    source: Arc<Distribution>,
    model: Arc<Distribution>,
    chains: Arc<ChainPair>,
}

impl MarkovPair {
    pub(super) fn new(source: &Distribution, model: &Distribution) -> Result<Self, PairError> {
        let (p, q) = (source.over_states(), model.over_states());
        let (Some(source_chain), Some(model_chain)) =
            (p.as_ref().and_then(Distribution::chain), q.as_ref().and_then(Distribution::chain))
        else {
            return Err(PairError::Spaces { source_space: taken_by(source), model_space: taken_by(model) });
        };
        let order = matched(source_chain.alphabet(), model_chain.alphabet())?;
        let states = order.len();
        let law = model_chain.law();
        let initial: Vec<DoubleDouble> = order.iter().map(|&state| law.initial[state]).collect();
        let rows = order.iter().flat_map(|&from| order.iter().map(move |&to| from * states + to));
        let transition: Vec<DoubleDouble> = rows.map(|place| law.transition[place]).collect();
        let model_law = ChainLaw { initial: &initial, transition: &transition };
        let chains = Arc::new(ChainPair::new(source_chain.law(), model_law)?);
        let (source, model) = (Arc::new(p.unwrap_or(source.clone())), Arc::new(q.unwrap_or(model.clone())));
        Ok(Self { source, model, chains })
    }

    /// The same pair with P and Q in each other's place.
    ///
    /// # Errors
    ///
    /// KL(Q‖P) may be one that a double cannot hold where KL(P‖Q) is not.
    pub fn reversed(&self) -> Result<Self, PairError> {
        Self::new(&self.model, &self.source)
    }

    /// The source P, a Markov chain.
    pub fn source(&self) -> &Arc<Distribution> {
        &self.source
    }

    /// The model Q, a Markov chain.
    pub fn model(&self) -> &Arc<Distribution> {
        &self.model
    }

    /// The states, in P's order.
    pub fn states(&self) -> &[String] {
        self.source.chain().map_or(&[], |chain| chain.alphabet().symbols())
    }

    /// Their probabilities, with Q's states in P's order.
    pub fn chains(&self) -> &Arc<ChainPair> {
        &self.chains
    }
}
