//! A CSV file that is read, as text: whole, or row by row.

use super::{COMPONENT, ESTIMATOR};
use kl_math::numeric::{NoMemory, ask_for};
use std::collections::TryReserveError;
use std::io::{self, Read};

/// A CSV file as text: the names of its columns, and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvTable {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The cells of each row; a row cut short has fewer than there are columns.
    pub rows: CsvRows,
}

/// The cells of many rows in one text, which takes little more memory than the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvRows {
    /// All cells, one after the other.
    text: String,
    /// Where each cell ends in its row's text.
    ends: Vec<u32>,
    /// Of each row where its text ends, and its cells.
    rows: Vec<(usize, usize)>,
}

impl CsvRows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The cell at a place of a row, both from 0.
    pub fn cell(&self, row: usize, place: usize) -> Option<&str> {
        let (text_start, start) = match row.checked_sub(1) {
            Some(before) => *self.rows.get(before)?,
            None => (0, 0),
        };
        let &(text_end, end) = self.rows.get(row)?;
        let ends = self.ends.get(start..end)?;
        let from = place.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
        let to = *ends.get(place)?;
        self.text.get(text_start..text_end)?.get(from as usize..to as usize)
    }

    /// Adds a row; the cell at `component` goes into the one before it, in brackets.
    fn push(&mut self, record: &csv::StringRecord, component: Option<usize>) -> Result<(), TryReserveError> {
        let start = self.text.len();
        self.text.try_reserve(record.as_slice().len() + 2)?;
        self.ends.try_reserve(record.len())?;
        self.rows.try_reserve(1)?;
        for (place, cell) in record.iter().enumerate() {
            if component == Some(place) {
                self.ends.pop();
                self.text.push('[');
                self.text.push_str(cell);
                self.text.push(']');
            } else {
                self.text.push_str(cell);
            }
            self.ends.push(u32::try_from(self.text.len() - start).unwrap_or(u32::MAX));
        }
        self.rows.push((self.text.len(), self.ends.len()));
        Ok(())
    }
}

impl CsvTable {
    /// Reads a file; an empty one has no columns. An estimator and its component are one cell, `k3_as_loss[H]`.
    ///
    /// ```
    /// use kl_runner::record::csv_file::CsvTable;
    /// let table = CsvTable::parse(&b"n,mean\n10,0.5\n100\n"[..])?;
    /// assert_eq!((table.cell(0, "mean"), table.cell(1, "mean")), (Some("0.5"), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(input: impl Read) -> csv::Result<Self> {
        /// Memory that rows and tables of them will take, as a multiple of the text.
        const GROWTH: u64 = 5;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        let mut record = csv::StringRecord::new();
        let mut table = Self::default();
        if reader.read_record(&mut record)? {
            table.columns = record.iter().map(str::to_owned).collect();
        }
        let is_component = |names: &[String]| names.iter().map(String::as_str).eq([ESTIMATOR, COMPONENT]);
        let component = table.columns.windows(2).position(is_component).map(|estimator| estimator + 1);
        if let Some(component) = component {
            table.columns.remove(component);
        }
        let needed = |table: &Self| GROWTH * table.rows.text.len() as u64;
        while reader.read_record(&mut record)? {
            let pushed = table.rows.push(&record, component);
            pushed.map_err(|_| io::Error::from(NoMemory { bytes: needed(&table) }))?;
        }
        ask_for(needed(&table)).map_err(io::Error::from)?;
        Ok(table)
    }

    /// A cell by its row, from 0, and its column's name.
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        self.rows.cell(row, self.columns.iter().position(|name| name == column)?)
    }
}

/// Returns the I/O error behind an error of CSV, so that its kind is kept.
pub fn io_error(error: csv::Error) -> io::Error {
    if !error.is_io_error() {
        return error.into();
    }
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// Reads a CSV file row by row, as text.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_where_they_were() {
        let rows = [vec!["a", "", "β,c"], vec![], vec!["x"], vec!["", "", "", "more"], vec!["last", "of", "all"]];
        let mut all = CsvRows::default();
        rows.iter().for_each(|row| all.push(&csv::StringRecord::from(row.clone()), None).unwrap());
        assert_eq!(all.len(), rows.len());
        for (place, row) in rows.iter().enumerate() {
            let found: Vec<Option<&str>> = (0..5).map(|cell| all.cell(place, cell)).collect();
            let expected: Vec<Option<&str>> = (0..5).map(|cell| row.get(cell).copied()).collect();
            assert_eq!(found, expected, "row {place}");
        }
        assert_eq!(all.cell(rows.len(), 0), None);
    }

    #[test]
    fn the_kind_of_an_error_is_kept() {
        let of_pipe = io_error(csv::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)));
        assert_eq!(of_pipe.kind(), io::ErrorKind::BrokenPipe);
        let of_text = CsvTable::parse(&b"a\n\xff\n"[..]).map_err(io_error);
        assert_eq!(of_text.map_err(|error| error.kind()), Err(io::ErrorKind::Other));
    }

    #[test]
    fn an_empty_file_has_no_columns() {
        assert_eq!(CsvTable::parse(&b""[..]).unwrap(), CsvTable::default());
        let table = CsvTable::parse(&b"a,b\n"[..]).unwrap();
        assert_eq!((table.columns.len(), table.rows.is_empty()), (2, true));
    }
}
