//! What a result file holds: columns, the types of their fields, and rows.

mod column;
mod field;
mod row;

pub use column::{Column, Dimension};
pub use field::{Field, FieldValue};
pub use row::Row;
pub(super) use row::columns;
