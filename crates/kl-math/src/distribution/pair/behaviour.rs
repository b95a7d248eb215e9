//! Sequences that are drawn from another distribution than P.

use super::symbols::SymbolLaws;
use super::{Pair, PairError};
use crate::distribution::Distribution;
use crate::numeric::DoubleDouble;
use std::fmt;
use std::sync::Arc;

/// P, Q, and S, what sequences are drawn from: another policy, or a proposal.
///
/// ```
/// use kl_math::distribution::{Behaviour, Bernoulli, Pair};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let behaviour = Behaviour::new(pair, Bernoulli::new(0.75)?.into())?;
/// let laws = behaviour.symbols().expect("a coin");
/// assert_eq!(laws.drawn.expect("S is not P")[0].to_f64(), 0.75);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Behaviour {
    target: Pair,
    /// S and Q.
    drawn: Arc<Pair>,
    /// S and P.
    weights: Pair,
    /// ln(p/q) in S's order, of symbols.
    log_ratios: Box<[f64]>,
}

/// Why sequences from S say nothing of P and Q.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct BehaviourError {
    error: PairError,
    /// Whether it is S beside P, else S beside Q.
    is_weight: bool,
}

/// What is wrong with the pair, said of S.
impl fmt::Display for BehaviourError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renamed = |word: &str| match word {
            "P" => "S".to_owned(),
            "Q" if self.is_weight => "P".to_owned(),
            word => word.to_owned(),
        };
        let words: Vec<String> = self.error.to_string().split(' ').map(renamed).collect();
        f.write_str(&words.join(" "))
    }
}

impl BehaviourError {
    /// What is wrong, said of S in P's place.
    pub fn error(&self) -> &PairError {
        &self.error
    }
}

impl Behaviour {
    /// The pair P and Q, and S.
    ///
    /// # Errors
    ///
    /// S does not take the same values as P and Q.
    pub fn new(target: Pair, behaviour: Distribution) -> Result<Self, BehaviourError> {
        Self::shared(target, &Arc::new(behaviour))
    }

    /// The same of an S that may be shared.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn shared(target: Pair, behaviour: &Arc<Distribution>) -> Result<Self, BehaviourError> {
        let against = |side: &Arc<Distribution>, is_weight| {
            Pair::new(Arc::clone(behaviour), Arc::clone(side)).map_err(|error| BehaviourError { error, is_weight })
        };
        let (weights, drawn) = (against(target.source(), true)?, Arc::new(against(target.model(), false)?));
        let mut behaviour = Self { target, drawn, weights, log_ratios: Box::default() };
        if let (Some(source), Some(model)) = (behaviour.weights.symbols(), behaviour.drawn.symbols()) {
            behaviour.log_ratios =
                super::symbols::log_ratios(source.model_probabilities(), model.model_probabilities());
        }
        Ok(behaviour)
    }

    /// P and Q.
    pub fn target(&self) -> &Pair {
        &self.target
    }

    /// S and Q: sequences are drawn from the source of this pair.
    pub fn drawn(&self) -> &Arc<Pair> {
        &self.drawn
    }

    /// S and P: its log ratio is −ln w.
    pub fn weights(&self) -> &Pair {
        &self.weights
    }

    /// Whether S is Q.
    pub fn is_model(&self) -> bool {
        let bits = |of: &Distribution| of.normalised_parameters().into_iter().map(|x| (x + 0.0).to_bits()).collect();
        let (drawn, model): (Vec<u64>, Vec<u64>) = (bits(self.drawn.source()), bits(self.target.model()));
        self.drawn.source().family() == self.target.model().family() && drawn == model
    }

    /// S, P and Q in S's order, if they are of independent symbols.
    pub fn symbols(&self) -> Option<SymbolLaws<'_>> {
        let (source, model) = (self.weights.symbols()?, self.drawn.symbols()?);
        Some(SymbolLaws {
            drawn: Some(source.source_probabilities()),
            source: source.model_probabilities(),
            model: model.model_probabilities(),
            log_ratios: &self.log_ratios,
        })
    }

    /// The place in S's order of the symbol at that place in P's.
    pub fn place_in_drawn(&self, place: usize) -> usize {
        let (Some(of_target), Some(of_drawn)) = (self.target.symbols(), self.drawn.symbols()) else { return place };
        let alphabet = |side: &Distribution| side.mass_function().alphabet().is_named();
        if !alphabet(self.target.source()) || !alphabet(self.drawn.source()) {
            return place;
        }
        let name = of_target.symbols().get(place);
        of_drawn.symbols().iter().position(|symbol| Some(symbol) == name).unwrap_or(place)
    }

    /// The symbols that P can produce and S cannot, by their places in S's order.
    pub fn unseen(&self) -> Vec<usize> {
        let Some(laws) = self.symbols() else { return Vec::new() };
        let places = laws.source.iter().zip(laws.drawn.unwrap_or_default()).enumerate();
        let is_unseen = |&(_, (&p, &s)): &(usize, (&DoubleDouble, &DoubleDouble))| {
            p > DoubleDouble::ZERO && s == DoubleDouble::ZERO
        };
        places.filter(is_unseen).map(|(place, _)| place).collect()
    }
}
