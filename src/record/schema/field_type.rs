//! The type of the fields of a column, as readers of the file need it.

use super::Field;

/// What the fields of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Whole numbers, 0 or more.
    Integer,
    /// 1 or 0.
    Flag,
    /// Real numbers, each with a point or an exponent; `inf` and `-inf`.
    Real,
    /// Text.
    Text,
}

/// The type of the fields of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldType {
    /// What they hold.
    pub kind: FieldKind,
    /// Whether some may be missing: they are empty.
    pub is_optional: bool,
}

impl FieldType {
    /// The type of fields that always exist.
    pub const fn required(kind: FieldKind) -> Self {
        Self { kind, is_optional: false }
    }

    /// The type of fields that may be missing.
    pub const fn optional(kind: FieldKind) -> Self {
        Self { kind, is_optional: true }
    }

    /// The type of the field at a place in a row.
    pub const fn of_place<R, F: Field>(_place: fn(&R) -> &F) -> Self {
        F::TYPE
    }
}
