//! Floor 3: what a run leaves, row by row: the schemas of its files, in the unit the user chose.

mod failures;
mod intervals;
mod label;
mod law;
mod manifest;
mod measures;
mod overview;
mod path;
mod reading;
mod recorder;
mod results;
mod saved;
mod sheet;
mod summary;
mod trial;

pub use failures::write_failures;
pub use intervals::IntervalRow;
pub use label::Label;
pub use law::LawRow;
pub use manifest::{Difference, FORMAT, Manifest, ManifestError, Stamp, hex};
pub use measures::MeasureRow;
pub use overview::Overview;
pub use path::PathRow;
pub use reading::{Hashed, MANIFEST, ResultsReader};
pub use recorder::{Recorded, Recorder};
pub use results::{ResultsError, SavedBin, SavedInterval, SavedPoint, SavedResults};
pub use saved::{SavedRows, SavedTable, TableReader, io_error};
pub use sheet::{Line, Row, Sheet};
pub use summary::{Named, Rows, RuledOut, SummaryRow, SummaryWriter, columns};
pub use trial::{TrialRow, predicted_size};
