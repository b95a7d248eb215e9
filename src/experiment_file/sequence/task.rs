//! The script and the tally that a pair's sequences need, by the kind of pair.

use super::script::Script;
use super::symbols::SymbolScript;
use super::values::ValueScript;
use crate::experiment_file::words::pair_help;
use kl_math::distribution::{Pair, PairError};
use kl_sim::estimator::{ChainSequences, Sequences, SymbolSequences, ValueSequences};

/// What is done with sequences of any kind.
pub trait SequenceTask {
    /// What comes of it.
    type Output;

    /// Does it with sequences written in `script` and kept by `sequences`.
    fn run<W: Script, S: Sequences<Item = W::Item>>(self, script: &W, sequences: &S) -> Self::Output;
}

/// Why a pair has no sequences that can be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// A symbol that cannot be read from text.
    #[error("the symbol {symbol:?} cannot be read from text: it contains a space, a comma or a line break")]
    Symbol {
        /// The symbol.
        symbol: String,
    },
    /// P and Q that cannot be compared.
    #[error(transparent)]
    Pair(#[from] PairError),
}

impl Unreadable {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Symbol { .. } => "give it another name",
            Self::Pair(error) => pair_help(error),
        }
    }
}

/// Does a task with the sequences of a pair.
pub fn with_sequences<T: SequenceTask>(pair: &Pair, task: T) -> Result<T::Output, Unreadable> {
    let symbols = |symbols| SymbolScript::new(symbols).map_err(|symbol| Unreadable::Symbol { symbol });
    Ok(match pair {
        Pair::Symbols(coins) => task.run(&symbols(coins.symbols())?, &SymbolSequences::new(coins)?),
        Pair::Values(values) => task.run(&ValueScript::new(values.space()), &ValueSequences::new(values)?),
        Pair::Chains(chains) => task.run(&symbols(chains.states())?, &ChainSequences::new(chains)?),
    })
}
