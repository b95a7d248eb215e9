//! A file of a results folder read back, cell by cell.

use std::path::Path;

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
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("summary.csv");
    /// std::fs::write(&path, "n,mean\n10,0.5\n100\n")?;
    /// let table = SavedTable::read(&path)?;
    /// assert_eq!((table.cell(0, "mean"), table.cell(1, "mean")), (Some("0.5"), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(path: &Path) -> csv::Result<Self> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path)?;
        let mut rows = Vec::new();
        for record in reader.records() {
            rows.push(record?.iter().map(str::to_owned).collect());
        }
        let columns = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Ok(Self { columns, rows })
    }

    /// A cell by its row, from 0, and its column's name.
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.rows.get(row)?.get(place).map(String::as_str)
    }
}
