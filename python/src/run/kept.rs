//! The estimates of all trials, in memory.

use crate::table::TableData;
use kl_runner::record::GroupEstimates;
use kl_runner::record::results::DataTable;
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;

/// The estimates that a run has kept. Rows are made of them when they are asked for.
#[pyclass(frozen, module = "kl_runner._kl_runner")]
pub(crate) struct KeptEstimates {
    groups: Vec<GroupEstimates>,
}

impl KeptEstimates {
    pub(super) fn new(groups: Vec<GroupEstimates>) -> Self {
        Self { groups }
    }
}

#[pymethods]
impl KeptEstimates {
    /// What `trials.csv` would hold.
    fn table(&self, py: Python<'_>) -> PyResult<TableData> {
        let table = py.detach(|| DataTable::of_trials(&self.groups));
        table.map(TableData::new).map_err(|error| PyMemoryError::new_err(error.to_string()))
    }
}
