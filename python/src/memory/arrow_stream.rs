//! A table by the Arrow C stream interface: one batch of all rows.
//!
//! # Source
//!
//! <https://arrow.apache.org/docs/format/CStreamInterface.html>

use super::arrow_array::ArrowArray;
use super::arrow_schema::ArrowSchema;
use kl_runner::record::results::DataTable;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::{c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;

/// `EINVAL`.
const INVALID: c_int = 22;

/// `struct ArrowArrayStream`.
#[repr(C)]
struct ArrowArrayStream {
    get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    /// None if nothing is left to free, or if another one has taken over what there is.
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

// SAFETY: it owns a count of the table, which threads may share; nothing of it belongs to a thread.
unsafe impl Send for ArrowArrayStream {}

/// What a stream still has to give.
struct Rest {
    table: Arc<DataTable>,
    is_read: bool,
}

impl ArrowArrayStream {
    fn new(table: Arc<DataTable>) -> Self {
        Self {
            get_schema: Some(get_schema),
            get_next: Some(get_next),
            get_last_error: Some(get_last_error),
            release: Some(release),
            private_data: Box::into_raw(Box::new(Rest { table, is_read: false })).cast(),
        }
    }
}

impl Drop for ArrowArrayStream {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: `release` is that of this stream, and nobody has called it, since it would be none.
            unsafe { release(self) }
        }
    }
}

/// What a stream still has to give; none if it is released.
///
/// # Safety
///
/// As the interface demands: the pointer is to a stream of this file that nobody else uses meanwhile.
unsafe fn rest<'a>(stream: *mut ArrowArrayStream) -> Option<&'a mut Rest> {
    // SAFETY: the caller's promise; `private_data` comes from `Box::into_raw` in `new` and is null after `release`.
    unsafe { stream.as_ref()?.private_data.cast::<Rest>().as_mut() }
}

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: the interface demands a stream that nobody else uses meanwhile.
    let Some(rest) = (unsafe { rest(stream) }) else { return INVALID };
    // SAFETY: the interface demands room for a schema, with nothing in it that must be freed.
    unsafe { out.write(ArrowSchema::of_table(&rest.table)) };
    0
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: the interface demands a stream that nobody else uses meanwhile.
    let Some(rest) = (unsafe { rest(stream) }) else { return INVALID };
    let array = if rest.is_read { ArrowArray::end() } else { ArrowArray::of_table(&rest.table) };
    rest.is_read = true;
    // SAFETY: the interface demands room for an array, with nothing in it that must be freed.
    unsafe { out.write(array) };
    0
}

unsafe extern "C" fn get_last_error(_stream: *mut ArrowArrayStream) -> *const c_char {
    null()
}

/// Frees what a stream points to. Arrays that it gave hold counts of their own.
unsafe extern "C" fn release(stream: *mut ArrowArrayStream) {
    // SAFETY: the interface demands a pointer to a stream that is not released yet and that nobody else uses meanwhile.
    let Some(stream) = (unsafe { stream.as_mut() }) else { return };
    stream.release = None;
    let rest = std::mem::replace(&mut stream.private_data, null_mut()).cast::<Rest>();
    if !rest.is_null() {
        // SAFETY: it comes from `Box::into_raw` in `new`, and this was the only copy.
        drop(unsafe { Box::from_raw(rest) });
    }
}

/// The rows of a table for Python libraries.
pub(crate) fn stream_capsule(py: Python<'_>, table: Arc<DataTable>) -> PyResult<Bound<'_, PyCapsule>> {
    // The capsule drops what a reader has not moved elsewhere.
    PyCapsule::new_with_value(py, ArrowArrayStream::new(table), c"arrow_array_stream")
}
