//! The results folder: locked while a run works in it, its files replaced all or none.

mod earlier;
mod folder;
mod leftovers;
mod staged;

pub use crate::record::MANIFEST;
pub use earlier::{Earlier, Held, Loss};
pub use folder::{PARTIAL, ResultsFolder, StoreError};
pub use staged::{StagedFile, write_file};
