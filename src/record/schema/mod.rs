//! What a result file holds: columns, the types of their fields, and rows.

mod column;
mod field;
mod field_type;
mod row;
mod table_schema;

pub use column::{Column, Dimension};
pub use field::{Field, FieldValue};
pub use field_type::{FieldKind, FieldType};
pub use row::Row;
pub(super) use row::columns;
pub use table_schema::{FieldsMatch, table_schema};
