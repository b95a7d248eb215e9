//! The results folder: locked while a run works in it, its files replaced all or none. And the parts of a run.

mod earlier;
mod finished;
mod folder;
mod interrupted;
mod leftovers;
mod part;
mod saved_trials;
mod staged;

pub use crate::record::MANIFEST;
pub use earlier::{Earlier, Held, Loss};
pub use finished::write_results;
pub use folder::{PARTIAL, ResultsFolder, StoreError};
pub use interrupted::Interrupted;
pub use part::{
    Checkpoint, Gathered, Identity, Interval, MergedParts, PartFault, PartNote, PartState, PartsFolder, Segments,
};
pub use saved_trials::{SaveError, TrialsFolder};
pub use staged::{StagedFile, write_file};
