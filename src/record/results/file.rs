//! A result file that is read: its rows, each field at its place.

use super::ResultsError;
use crate::record::csv_file::CsvTable;
use crate::record::schema::{Field, Row};
use std::path::{Path, PathBuf};

/// The path and the text of a result file.
pub struct SavedFile {
    path: PathBuf,
    table: CsvTable,
}

impl SavedFile {
    /// The text of the file at `path`.
    pub fn new(path: PathBuf, table: CsvTable) -> Self {
        Self { path, table }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its columns.
    pub fn columns(&self) -> &[String] {
        &self.table.columns
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows.
    pub fn rows<R: Row>(&self) -> Result<Vec<R>, ResultsError> {
        let mut rows = Vec::with_capacity(self.len());
        self.each_row(|_, row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Reads the rows one by one, and calls `take` with each and its place, counted from 0.
    pub fn each_row<R: Row>(
        &self,
        mut take: impl FnMut(usize, R) -> Result<(), ResultsError>,
    ) -> Result<(), ResultsError> {
        let places = R::COLUMNS.iter().map(|column| self.place(column.name)).collect::<Result<Vec<_>, _>>()?;
        (0..self.len()).try_for_each(|row| take(row, R::read(&mut self.fields(row, &places))?))
    }

    /// The fields of a row, counted from 0, that are in the columns at these places.
    pub fn fields<'a>(&'a self, row: usize, places: &'a [usize]) -> FieldReader<'a> {
        FieldReader { file: self, row, places, next: 0 }
    }

    /// The error that there is no column of this name.
    pub fn no_column(&self, column: &str) -> ResultsError {
        ResultsError::NoColumn { path: self.path.clone(), column: column.to_owned() }
    }

    /// The error that the field at this place of a row breaks a rule.
    pub fn broken(&self, row: usize, place: usize, rule: &'static str) -> ResultsError {
        ResultsError::Cell {
            path: self.path.clone(),
            line: row + 2,
            column: self.columns().get(place).cloned().unwrap_or_default(),
            value: self.table.rows.cell(row, place).unwrap_or_default().to_owned(),
            rule,
        }
    }

    /// The place of a column.
    pub fn place(&self, column: &str) -> Result<usize, ResultsError> {
        let place = self.columns().iter().position(|name| name == column);
        place.ok_or_else(|| self.no_column(column))
    }
}

/// Reads the fields of a row one after the other.
pub struct FieldReader<'a> {
    file: &'a SavedFile,
    row: usize,
    places: &'a [usize],
    next: usize,
}

impl<'a> FieldReader<'a> {
    /// Reads the next field.
    pub fn next_field<T: Field>(&mut self) -> Result<T, ResultsError> {
        self.next_with(T::read)
    }

    /// Reads the next field with `read`, whose error is the rule that the text breaks.
    pub fn next_with<T>(&mut self, read: impl FnOnce(&'a str) -> Result<T, &'static str>) -> Result<T, ResultsError> {
        let place = self.places.get(self.next).copied().unwrap_or(usize::MAX);
        self.next += 1;
        // A row that is cut short has no cell there.
        let text = self.file.table.rows.cell(self.row, place).ok_or_else(|| self.file.no_column(self.column(place)))?;
        read(text).map_err(|rule| self.file.broken(self.row, place, rule))
    }

    fn column(&self, place: usize) -> &'a str {
        self.file.columns().get(place).map_or("", String::as_str)
    }
}
