//! Floor 3: the results folder: locked while a run works in it, its files replaced all or none.

mod folder;
mod staged;

pub use folder::{FAILURES, FILES, MANIFEST, PARTIAL, ResultsFolder, StoreError};
pub use staged::{StagedFile, write_file};
