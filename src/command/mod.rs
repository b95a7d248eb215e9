//! The verbs, a file each, and what they share. Each reads like the pipeline.

mod annotations;
mod browser;
mod command_line;
pub mod error;
mod flags;
mod interrupt;
mod outcome;
mod output;
mod pilots;
mod plans;
mod programs;
mod progress;
mod runs;
mod score_models;
mod start;
mod verb;

#[cfg(test)]
mod tests;

pub(crate) use command_line::CommandLine;
pub(crate) use interrupt::survive_file_size_limit;
pub use outcome::Outcome;
pub(crate) use output::{say, show, stderr_width};
pub use plans::read_plan;
pub use runs::{Overwrite, Runs};
