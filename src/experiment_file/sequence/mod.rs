//! Sequences as text: one on each line, of any length.

mod alphabet;
mod reader;
mod script;
mod symbols;
mod values;

pub use alphabet::{SequenceTask, Unreadable, with_sequences};
pub use reader::{Line, SequenceReader};
pub use script::{Misread, Script};
pub use symbols::{PendingSymbol, SymbolScript};
pub use values::{PendingValue, ValueScript};
