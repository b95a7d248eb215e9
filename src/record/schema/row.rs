//! Rows of result files: a type whose columns are declared once.

use super::Column;
use crate::record::csv_file::RowEncoder;
use crate::record::results::{FieldReader, ResultsError};
use kl_math::statistics::Unit;

/// A row of a result file. `columns!` implements it.
pub trait Row: Sized {
    /// The columns.
    const COLUMNS: &'static [Column];

    /// Converts the numbers from nats to `unit`.
    #[must_use]
    fn in_unit(self, unit: Unit) -> Self;

    /// Writes the fields in the order of the columns.
    fn encode(&self, row: &mut RowEncoder<'_>);

    /// Reads the fields in the order of the columns.
    fn read(fields: &mut FieldReader<'_>) -> Result<Self, ResultsError>;

    /// Appends the row as a line of CSV.
    #[inline]
    fn append_to(&self, text: &mut Vec<u8>) {
        let mut row = RowEncoder::new(text);
        self.encode(&mut row);
        row.end();
    }
}

/// Declares the columns of a row: an entry has the name, the dimension, the field and the meaning.
///
/// The field is a place within the row, and its type is a [`Field`](super::Field): with that the column is converted to the unit,
/// written, and read back.
macro_rules! columns {
    ($kind:ty, |$row:ident| $($name:literal, $dimension:ident, $place:expr, $meaning:literal;)*) => {
        impl $crate::record::schema::Row for $kind {
            const COLUMNS: &'static [$crate::record::schema::Column] = &[$($crate::record::schema::Column {
                name: $name,
                field_type: $crate::record::schema::FieldType::of_place(|$row: &$kind| &$place),
                dimension: $crate::record::schema::Dimension::$dimension,
                meaning: $meaning,
            }),*];

            #[inline]
            fn in_unit(mut self, unit: kl_math::statistics::Unit) -> Self {
                let $row = &mut self;
                $($crate::record::schema::Field::convert(
                    &mut $place,
                    $crate::record::schema::Dimension::$dimension,
                    unit,
                );)*
                self
            }

            #[inline]
            fn encode(&self, encoder: &mut $crate::record::csv_file::RowEncoder<'_>) {
                let $row = self;
                $(encoder.field_of($name, &$crate::record::schema::Field::value(&$place));)*
            }

            fn read(
                fields: &mut $crate::record::results::FieldReader<'_>,
            ) -> Result<Self, $crate::record::results::ResultsError> {
                let mut filled = Self::default();
                let $row = &mut filled;
                $($place = fields.next_field()?;)*
                Ok(filled)
            }
        }
    };
}

pub(in crate::record) use columns;
