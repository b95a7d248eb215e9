//! CSV files of rows of one kind.

use crate::statistics::Unit;
use std::io::Write;
use std::marker::PhantomData;

/// A row of a CSV file.
pub trait Row {
    /// The names of its columns.
    const COLUMNS: &'static [&'static str];

    /// Its fields, in `unit`.
    fn fields(&self, unit: Unit) -> Vec<String>;
}

/// A CSV file of rows of one kind, in one unit.
pub struct Sheet<R, W: Write> {
    unit: Unit,
    writer: csv::Writer<W>,
    rows: PhantomData<R>,
}

impl<R: Row, W: Write> Sheet<R, W> {
    /// Starts with the header.
    pub fn new(unit: Unit, out: W) -> csv::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(R::COLUMNS)?;
        Ok(Self { unit, writer, rows: PhantomData })
    }

    /// One more row.
    pub fn push(&mut self, row: &R) -> csv::Result<()> {
        self.writer.write_record(row.fields(self.unit))
    }

    /// Writes what is buffered and gives the file back.
    pub fn finish(self) -> csv::Result<W> {
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }
}
