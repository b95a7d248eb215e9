//! The rows of a table by the Arrow C data interface.

use kl_runner::record::results::{DataTable, Validity, Values};
use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::Arc;

/// `struct ArrowArray`.
#[repr(C)]
pub(super) struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    /// None if nothing is left to free, or if another one has taken over what there is.
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

/// What the pointers of an array point to.
struct Owned {
    /// The buffers are in it. A child that a reader keeps when the others are gone needs a count of its own.
    _table: Arc<DataTable>,
    buffers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        for &child in &self.children {
            // SAFETY: each comes from `Box::into_raw` in `ArrowArray::new`, and only this frees it. A child that a reader has moved
            // elsewhere has no `release` here.
            drop(unsafe { Box::from_raw(child) });
        }
    }
}

impl ArrowArray {
    /// All rows of a table: a struct with a child for each column. The buffers are those of the table.
    pub(super) fn of_table(table: &Arc<DataTable>) -> Self {
        let children = table.columns().iter().map(|column| Self::of_column(table, &column.values)).collect();
        Self::new(table, 0, vec![null()], children)
    }

    fn of_column(table: &Arc<DataTable>, values: &Values) -> Self {
        let bits = |validity: &Validity| validity.bits().map_or(null(), |bits| bits.as_ptr().cast());
        let (missing, buffers) = match values {
            Values::Integers(numbers) => (0, vec![null(), numbers.as_ptr().cast()]),
            Values::Reals(reals) => {
                (reals.validity().missing(), vec![bits(reals.validity()), reals.numbers().as_ptr().cast()])
            }
            Values::Texts(texts) => {
                let (offsets, text) = (texts.offsets().as_ptr().cast(), texts.text().as_ptr().cast());
                (texts.validity().missing(), vec![bits(texts.validity()), offsets, text])
            }
        };
        Self::new(table, missing, buffers, Vec::new())
    }

    fn new(table: &Arc<DataTable>, missing: usize, buffers: Vec<*const c_void>, children: Vec<Self>) -> Self {
        let children = children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect();
        let mut owned = Box::new(Owned { _table: Arc::clone(table), buffers, children });
        Self {
            length: table.len() as i64,
            null_count: missing as i64,
            offset: 0,
            n_buffers: owned.buffers.len() as i64,
            n_children: owned.children.len() as i64,
            buffers: owned.buffers.as_mut_ptr(),
            children: owned.children.as_mut_ptr(),
            dictionary: null_mut(),
            release: Some(release),
            private_data: Box::into_raw(owned).cast(),
        }
    }

    /// The array that ends a stream.
    pub(super) fn end() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: null_mut(),
            children: null_mut(),
            dictionary: null_mut(),
            release: None,
            private_data: null_mut(),
        }
    }
}

impl Drop for ArrowArray {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: `release` is that of this array, and nobody has called it, since it would be none.
            unsafe { release(self) }
        }
    }
}

/// Frees what an array points to.
unsafe extern "C" fn release(array: *mut ArrowArray) {
    // SAFETY: the interface demands a pointer to an array that is not released yet and that nobody else uses meanwhile.
    let Some(array) = (unsafe { array.as_mut() }) else { return };
    array.release = None;
    let owned = std::mem::replace(&mut array.private_data, null_mut()).cast::<Owned>();
    if !owned.is_null() {
        // SAFETY: it comes from `Box::into_raw` in `ArrowArray::new`, and this was the only copy.
        drop(unsafe { Box::from_raw(owned) });
    }
}
