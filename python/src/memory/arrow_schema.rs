//! The schema of a table by the Arrow C data interface.
//!
//! # Source
//!
//! <https://arrow.apache.org/docs/format/CDataInterface.html>

use kl_runner::record::results::{DataColumn, DataTable, Values};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};

/// `ARROW_FLAG_NULLABLE`.
const NULLABLE: i64 = 2;

/// `struct ArrowSchema`.
#[repr(C)]
pub(super) struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    /// None if nothing is left to free, or if another one has taken over what there is.
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

// SAFETY: it owns what it points to, or that is static; nothing of it belongs to a thread.
unsafe impl Send for ArrowSchema {}

/// What the pointers of a schema point to.
struct Owned {
    name: CString,
    children: Vec<*mut ArrowSchema>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        for &child in &self.children {
            // SAFETY: each comes from `Box::into_raw` in `ArrowSchema::new`, and only this frees it. A child that a reader has moved
            // elsewhere has no `release` here.
            drop(unsafe { Box::from_raw(child) });
        }
    }
}

impl ArrowSchema {
    /// The schema of a table: a struct with a field for each column.
    pub(super) fn of_table(table: &DataTable) -> Self {
        Self::new(c"+s", "", 0, table.columns().iter().map(Self::of_column).collect())
    }

    fn of_column(column: &DataColumn) -> Self {
        let format = match column.values {
            Values::Integers(_) => c"l",
            Values::Reals(_) => c"g",
            // Offsets of 64 bits: ten million texts may have more than 2^31 bytes.
            Values::Texts(_) => c"U",
        };
        Self::new(format, &column.name, if column.is_optional { NULLABLE } else { 0 }, Vec::new())
    }

    fn new(format: &'static CStr, name: &str, flags: i64, children: Vec<Self>) -> Self {
        // A name in C ends at its first zero.
        let name = CString::new(name.replace('\0', "\u{fffd}")).unwrap_or_default();
        let children = children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
        let mut owned = Box::new(Owned { name, children });
        Self {
            format: format.as_ptr(),
            name: owned.name.as_ptr(),
            metadata: null(),
            flags,
            n_children: owned.children.len() as i64,
            children: owned.children.as_mut_ptr(),
            dictionary: null_mut(),
            release: Some(release),
            private_data: Box::into_raw(owned).cast(),
        }
    }
}

impl Drop for ArrowSchema {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: `release` is that of this schema, and nobody has called it, since it would be none.
            unsafe { release(self) }
        }
    }
}

/// Frees what a schema points to.
unsafe extern "C" fn release(schema: *mut ArrowSchema) {
    // SAFETY: the interface demands a pointer to a schema that is not released yet and that nobody else uses meanwhile.
    let Some(schema) = (unsafe { schema.as_mut() }) else { return };
    schema.release = None;
    let owned = std::mem::replace(&mut schema.private_data, null_mut()).cast::<Owned>();
    if !owned.is_null() {
        // SAFETY: it comes from `Box::into_raw` in `ArrowSchema::new`, and this was the only copy.
        drop(unsafe { Box::from_raw(owned) });
    }
}

/// The schema of a table for Python libraries.
pub(crate) fn schema_capsule<'py>(py: Python<'py>, table: &DataTable) -> PyResult<Bound<'py, PyCapsule>> {
    // The capsule drops what a reader has not moved elsewhere.
    PyCapsule::new_with_value(py, ArrowSchema::of_table(table), c"arrow_schema")
}
