//! Memory of tables that other libraries read in place: the only unsafe code of the package.
//!
//! A column is shared by a reference count. Whoever reads it, by the buffer protocol or by the Arrow C data interface, holds a count,
//! so that the column lives as long as its last reader.

mod arrow_array;
mod arrow_schema;
mod arrow_stream;
mod buffer;

pub(crate) use arrow_schema::schema_capsule;
pub(crate) use arrow_stream::stream_capsule;
pub(crate) use buffer::NumberBuffer;
