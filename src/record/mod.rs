//! The files that a run leaves: what each holds, in the unit the user chose; how it is written and read.
//!
//! A column is one entry in its file's code, and a result file is one file of code in [`mod@file`] and one line in
//! [`RESULT_FILES`]: writing, reading, replacing and comparing go over that list.

pub mod csv_file;
mod digest;
mod estimates;
pub mod file;
mod in_memory;
mod label;
mod manifest;
mod overview;
mod recorder;
pub mod results;
mod saved_trials;
pub mod schema;

pub use csv_file::{Durable, TableReader, io_error};
pub use digest::{HashingReader, hex};
pub use estimates::{GroupEstimates, WithEstimates};
pub use file::{
    ApproximationRow, DecisionRow, FinishedRun, LengthRow, Named, RESULT_FILES, ResultFile, Rows, RuledOut, SavedBin,
    SavedCurvePoint, SavedInterval, SavedPoint, SummaryRow, TrialRow, predicted_size, result_file, trial_encoding,
    write_summary,
};
pub use in_memory::{MemoryFile, results_in_memory};
pub use label::Label;
pub use manifest::{Difference, FORMAT, Manifest, ManifestError, Stamp};
pub use overview::Overview;
pub use recorder::Recorder;
pub use results::{MANIFEST, ResultsError, ResultsReader, SavedResults};
pub use saved_trials::{MEASURES, SavedTrials, SavedTrialsError, TrialsManifest, trials_name};
pub use schema::{Column, FieldValue, Row};
