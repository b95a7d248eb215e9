//! A probability mass function over a finite alphabet.

use super::parameter::{Fault, Probability, normalised};
use crate::numeric::DoubleDouble;
use std::sync::{Arc, LazyLock};

/// The largest alphabet: 2²¹ symbols, which is beyond all vocabularies of language models.
pub const MAX_SYMBOLS: usize = 1 << 21;

/// The symbols of an alphabet and whether the user named them.
///
/// Unnamed symbols are matched by position, named ones by name; two unnamed ones are shown as H and T,
/// more as 1…K.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    symbols: Arc<[String]>,
    named: bool,
}

/// Two unnamed symbols: one allocation for all of them, and a grid may have a million.
static COIN: LazyLock<Arc<[String]>> = LazyLock::new(|| Arc::new(["H".into(), "T".into()]));

impl Alphabet {
    /// `size` symbols without names of their own.
    pub fn unnamed(size: usize) -> Self {
        let symbols = match size {
            2 => Arc::clone(&COIN),
            _ => (1..=size).map(|symbol| symbol.to_string()).collect(),
        };
        Self { symbols, named: false }
    }

    /// Symbols with names; the caller has made sure that they differ.
    pub fn named(symbols: impl Into<Arc<[String]>>) -> Self {
        Self { symbols: symbols.into(), named: true }
    }

    /// The symbols, in order.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// How many symbols there are.
    pub fn size(&self) -> usize {
        self.symbols.len()
    }

    /// Whether the names are the user's own.
    pub fn is_named(&self) -> bool {
        self.named
    }
}

/// Probabilities over an [`Alphabet`], which sum to one to 106 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct MassFunction {
    alphabet: Alphabet,
    probabilities: Vec<DoubleDouble>,
}

impl MassFunction {
    /// Normalises weights that sum to one within 1e-9; refuses others, naming the sum.
    pub fn new(alphabet: Alphabet, weights: &[Probability]) -> Result<Self, Fault> {
        let found = weights.len();
        if !(2..=MAX_SYMBOLS).contains(&found) {
            return Err(Fault::AlphabetSize { found, least: 2, most: MAX_SYMBOLS });
        }
        let probabilities = normalised(weights)?;
        Ok(Self { alphabet, probabilities })
    }

    /// No symbols: what a family has whose values are no finite alphabet.
    pub fn none() -> &'static Self {
        static NONE: LazyLock<MassFunction> =
            LazyLock::new(|| MassFunction { alphabet: Alphabet::named(Vec::new()), probabilities: Vec::new() });
        &NONE
    }

    /// Probabilities that the caller knows to sum to one exactly, such as p and 1 − p.
    pub(super) fn exact(alphabet: Alphabet, probabilities: Vec<DoubleDouble>) -> Self {
        Self { alphabet, probabilities }
    }

    /// The alphabet.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// The probability of each symbol, in the alphabet's order.
    pub fn probabilities(&self) -> &[DoubleDouble] {
        &self.probabilities
    }
}
