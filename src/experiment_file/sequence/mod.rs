//! Sequences as text: one on each line, of any length.

mod models;
mod reader;
mod script;
mod symbols;
mod task;
mod values;

pub use models::{Likelihoods, ModelLine, Models};
pub use reader::{Line, SequenceReader};
pub use script::{Misread, Script};
pub use symbols::{PendingSymbol, SymbolScript};
pub use task::{SequenceTask, Unreadable, with_sequences};
pub use values::{PendingValue, ValueScript};
