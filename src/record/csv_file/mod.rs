//! CSV files of results: the text of rows, written and read.

mod durable;
mod encoder;
mod table;
mod writer;

pub use durable::Durable;
pub use encoder::RowEncoder;
pub use encoder::with_component;
pub(in crate::record) use encoder::{COMPONENT, ESTIMATOR};
pub use table::{CsvRows, CsvTable, TableReader, io_error};
pub use writer::{CsvWriter, RowWriter};
