//! From sequences to estimates.

mod batch;
mod scored;
mod symbol_mean;
mod values;

pub use batch::{Batch, Detail, Rows, View};
pub use scored::{ScoredTrial, Scorer};
pub use symbol_mean::SymbolMeanScorer;
pub(super) use values::{each_value_scorer, value_scorer};
