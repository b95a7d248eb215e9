//! A CSV file that is being written, as fast as its numbers can be encoded.

use super::{Durable, RowEncoder};
use crate::record::schema::{FieldValue, Row};
use kl_math::statistics::Unit;
use sha2::Sha256;
use std::io::{self, Write};

/// A CSV file that is being written.
pub struct CsvWriter<W: Write> {
    unit: Unit,
    out: W,
    /// Rows that are not handed to `out` yet.
    buffer: Vec<u8>,
}

/// Bytes that are handed on at a time.
const CHUNK: usize = 1 << 16;

impl<W: Write> CsvWriter<W> {
    /// Starts with the names of the columns; the numbers of the rows will be in `unit`.
    pub fn new<'a>(unit: Unit, columns: impl IntoIterator<Item = &'a str>, out: W) -> Self {
        let mut buffer = Vec::with_capacity(CHUNK + 256);
        let mut header = RowEncoder::new(&mut buffer);
        columns.into_iter().for_each(|column| header.field(&FieldValue::Text(column.into())));
        header.end();
        Self { unit, out, buffer }
    }

    /// Goes on with a file that has a header already.
    pub fn resume(unit: Unit, out: W) -> Self {
        Self { unit, out, buffer: Vec::with_capacity(CHUNK + 256) }
    }

    /// The writer of its rows.
    pub fn rows(&mut self) -> RowWriter<'_> {
        RowWriter { unit: self.unit, out: &mut self.out, buffer: &mut self.buffer }
    }

    /// Appends rows that are encoded already, in the unit of the file.
    pub fn append(&mut self, rows: &[u8]) -> io::Result<()> {
        self.rows().flush()?;
        self.out.write_all(rows)
    }

    /// Writes what is buffered and returns the file.
    pub fn finish(mut self) -> io::Result<W> {
        self.rows().flush()?;
        Ok(self.out)
    }
}

impl<W: Durable> CsvWriter<W> {
    /// How many bytes are written, and the state of their digest.
    pub fn written(&mut self) -> io::Result<(u64, Sha256)> {
        self.rows().flush()?;
        Ok((self.out.written(), self.out.hash()))
    }

    /// Makes sure that they outlast the program. Returns the name of the file that has them, if there is one.
    pub fn keep(&mut self) -> io::Result<Option<String>> {
        self.rows().flush()?;
        self.out.keep()
    }
}

/// Writes rows of any kind to a [`CsvWriter`].
pub struct RowWriter<'a> {
    unit: Unit,
    out: &'a mut dyn Write,
    buffer: &'a mut Vec<u8>,
}

impl RowWriter<'_> {
    /// Writes a row whose numbers are in nats.
    pub fn push(&mut self, row: impl Row) -> io::Result<()> {
        row.in_unit(self.unit).append_to(self.buffer);
        self.flush_if_full()
    }

    /// Writes the fields of a row whose numbers are in the unit of the file.
    pub fn push_fields<'a>(&mut self, fields: impl IntoIterator<Item = FieldValue<'a>>) -> io::Result<()> {
        let mut row = RowEncoder::new(self.buffer);
        fields.into_iter().for_each(|field| row.field(&field));
        row.end();
        self.flush_if_full()
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
