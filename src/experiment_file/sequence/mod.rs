//! Sequences as text: one on each line, of any length.

mod reader;
mod script;
mod symbols;
mod values;

pub use reader::{Line, SequenceReader};
pub use script::{Misread, Script};
pub use symbols::{PendingSymbol, SymbolScript};
pub use values::{PendingValue, ValueScript};
