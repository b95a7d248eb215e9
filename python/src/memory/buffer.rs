//! A column of numbers by Python's buffer protocol.

use kl_runner::record::results::{DataTable, Values};
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_int, c_void};
use std::ptr::null_mut;
use std::sync::Arc;

/// A column of numbers that `memoryview` and numpy read in place.
#[pyclass(frozen, module = "kl_runner._kl_runner")]
pub(crate) struct NumberBuffer {
    table: Arc<DataTable>,
    column: usize,
    /// The number of items, where views of the buffer find it.
    shape: [ffi::Py_ssize_t; 1],
    /// The bytes from one item to the next.
    strides: [ffi::Py_ssize_t; 1],
}

/// The bytes of an item.
const ITEM: ffi::Py_ssize_t = 8;

impl NumberBuffer {
    /// The column at this place, if it has numbers.
    pub(crate) fn new(table: &Arc<DataTable>, column: usize) -> Option<Self> {
        let shape = [isize::try_from(table.len()).ok()?];
        let buffer = Self { table: Arc::clone(table), column, shape, strides: [ITEM] };
        buffer.items().is_some().then_some(buffer)
    }

    /// The items, and their type as the module `struct` writes it.
    fn items(&self) -> Option<(*const c_void, &'static CStr)> {
        match &self.table.columns().get(self.column)?.values {
            Values::Integers(numbers) => Some((numbers.as_ptr().cast(), c"q")),
            Values::Reals(reals) => Some((reals.numbers().as_ptr().cast(), c"d")),
            Values::Texts(_) => None,
        }
    }
}

#[pymethods]
impl NumberBuffer {
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        // SAFETY: Python gives room for a view, or null.
        let Some(view) = (unsafe { view.as_mut() }) else { return Err(PyBufferError::new_err("there is no view")) };
        // What a failed request must leave.
        view.obj = null_mut();
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            return Err(PyBufferError::new_err("the columns of a table can be read only"));
        }
        let this = slf.get();
        let (items, format) = this.items().ok_or_else(|| PyBufferError::new_err("a column of texts has no buffer"))?;
        let is_wanted = |flag: c_int| flags & flag == flag;
        view.buf = items.cast_mut();
        view.len = this.shape.iter().product::<ffi::Py_ssize_t>() * ITEM;
        view.readonly = 1;
        view.itemsize = ITEM;
        view.ndim = 1;
        // Python reads these only. They are in the object, which the view holds, or static.
        view.format = if is_wanted(ffi::PyBUF_FORMAT) { format.as_ptr().cast_mut() } else { null_mut() };
        view.shape = if is_wanted(ffi::PyBUF_ND) { this.shape.as_ptr().cast_mut() } else { null_mut() };
        view.strides = if is_wanted(ffi::PyBUF_STRIDES) { this.strides.as_ptr().cast_mut() } else { null_mut() };
        view.suboffsets = null_mut();
        view.internal = null_mut();
        view.obj = slf.into_any().into_ptr();
        Ok(())
    }
}
