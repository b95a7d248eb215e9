//! Samples, counts and log-probabilities that another program made, as `runner estimate` reads them.

mod count_list;
mod error;
mod kind;
mod log_probabilities;
mod numbers;
mod symbols;
mod table;

pub use count_list::CountList;
pub use error::SampleError;
pub use kind::{Guess, Kind, guess_kind};
pub use log_probabilities::LogProbabilities;
pub use numbers::read_numbers;
pub use symbols::{SymbolCounts, Texts};
pub use table::{SampleColumns, SampleRow, SampleTable};
