//! A result file as a table whose columns other libraries read in place.

use crate::memory::{NumberBuffer, schema_capsule, stream_capsule};
use kl_runner::record::results::{DataColumn, DataTable, Values};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList, PyString};
use std::sync::Arc;

/// The columns of a result file.
#[pyclass(frozen, module = "kl_runner._kl_runner")]
pub(crate) struct TableData {
    table: Arc<DataTable>,
}

impl TableData {
    pub(crate) fn new(table: DataTable) -> Self {
        Self { table: Arc::new(table) }
    }

    fn column(&self, place: usize) -> PyResult<&DataColumn> {
        self.table.columns().get(place).ok_or_else(|| PyIndexError::new_err("there is no such column"))
    }
}

#[pymethods]
impl TableData {
    /// The names of the columns.
    fn names(&self) -> Vec<&str> {
        self.table.columns().iter().map(|column| column.name.as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.table.len()
    }

    /// The numbers of a column; None if it has texts.
    fn numbers(&self, column: usize) -> Option<NumberBuffer> {
        NumberBuffer::new(&self.table, column)
    }

    /// The values of a column from row `start` to before row `stop`; None for a missing one.
    fn values<'py>(&self, py: Python<'py>, column: usize, start: usize, stop: usize) -> PyResult<Bound<'py, PyList>> {
        let rows = start..stop.min(self.table.len()).max(start);
        match &self.column(column)?.values {
            Values::Integers(numbers) => PyList::new(py, numbers.get(rows).unwrap_or_default()),
            Values::Reals(reals) => PyList::new(py, rows.map(|row| reals.get(row))),
            Values::Texts(texts) => PyList::new(py, rows.map(|row| texts.get(row).map(|text| PyString::new(py, text)))),
        }
    }

    /// The rows by the Arrow C stream interface, always in the schema of the table.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A request is to be met if that can be done: readers cast what they get.
        let _ = requested_schema;
        stream_capsule(py, Arc::clone(&self.table))
    }

    /// The schema by the Arrow C data interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.table)
    }
}
