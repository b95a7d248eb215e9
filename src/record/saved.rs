//! A file of a results folder read back, cell by cell.

use std::io::Read;

/// A CSV file as text: the names of its columns, and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedTable {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells of each row; a row cut short has fewer than there are columns.
    pub rows: Vec<Vec<String>>,
}

impl SavedTable {
    /// Reads a file; an empty one has no columns.
    ///
    /// ```
    /// use kl_runner::record::SavedTable;
    /// let table = SavedTable::parse(&b"n,mean\n10,0.5\n100\n"[..])?;
    /// assert_eq!((table.cell(0, "mean"), table.cell(1, "mean")), (Some("0.5"), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(input: impl Read) -> csv::Result<Self> {
        let mut reader = TableReader::new(input)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(row);
        }
        Ok(Self { columns: reader.columns, rows })
    }

    /// A cell by its row, from 0, and its column's name.
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.rows.get(row)?.get(place).map(String::as_str)
    }
}

/// The same row by row.
pub struct TableReader<R> {
    reader: csv::Reader<R>,
    columns: Vec<String>,
}

impl<R: Read> TableReader<R> {
    /// Reads the names of the columns.
    pub fn new(input: R) -> csv::Result<Self> {
        let mut builder = csv::ReaderBuilder::new();
        let reader = builder.has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(input);
        let mut table = Self { reader, columns: Vec::new() };
        table.columns = table.next_row()?.unwrap_or_default();
        Ok(table)
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The cells of the next row, if there is one.
    pub fn next_row(&mut self) -> csv::Result<Option<Vec<String>>> {
        let mut record = csv::StringRecord::new();
        let is_there = self.reader.read_record(&mut record)?;
        Ok(is_there.then(|| record.iter().map(str::to_owned).collect()))
    }

    /// What it was read from.
    pub fn into_inner(self) -> R {
        self.reader.into_inner()
    }
}
