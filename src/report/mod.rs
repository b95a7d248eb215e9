//! Floor 4: rows for people. It knows rows, not how their numbers arose.

mod finding;
mod progress;
mod rounding;
mod table;
mod terminal;

pub use progress::Progress;
pub use rounding::{fixed, grouped, grouped_decimal, p_value, significant, with_error};
pub use table::{Align, Cell, Table, Tone};
pub use terminal::{Report, conditions};
