//! Parts of a run, as files: what is done of the blocks of a plan, so that it can be gone on with or put together elsewhere.
//!
//! A file begins with a line of JSON for people and programs, then come the summaries of its blocks, group by group, and at the end the
//! SHA-256 of all before it. Nothing in it is trusted.

mod checkpoint;
mod cover;
mod fault;
mod file;
mod folder;
mod forecast;
mod header;
mod merged;
mod segments;

pub use checkpoint::{Checkpoint, Interval};
pub use fault::{PartFault, PartNote};
pub(super) use file::{PartError, PartReader};
pub use folder::{Gathered, PartState, PartsFolder};
pub use header::Identity;
pub use merged::MergedParts;
pub use segments::Segments;
