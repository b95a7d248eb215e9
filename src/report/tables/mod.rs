//! Tables: of results by name, and what a table is whatever it is printed as.

mod column;
mod data;
mod filter;
mod listing;
mod pivot;
mod rounding;
mod selection;
mod selection_error;
mod table;
mod terminal;
mod value;

pub(super) use column::{ResultColumn, rank as column_rank};
pub use data::{ExperimentData, ExperimentTable, Lines, write_csv, write_json};
pub(in crate::report) use data::{JsonRows, json_of};
pub use filter::Filter;
pub use listing::Listing;
pub use pivot::Pivot;
pub use rounding::{
    counted, fixed, grouped, grouped_decimal, json_number, p_value, signed, significant, significant_padded,
    with_error, with_error_in_parentheses,
};
pub use selection::Selection;
pub use selection_error::SelectionError;
pub use table::{Align, Cell, Column, Table, Tone};
pub use terminal::wrapped;
pub use value::{ErrorStyle, Value};
