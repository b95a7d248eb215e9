//! `runner schema`: the JSON Schema of experiment files.

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_json;
use crate::experiment_file::schema;
use clap::Args;

/// Print the JSON Schema of experiment files, by which editors complete and check them
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Prints the schema.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        show_json(&format!("{:#}\n", schema()))?;
        Ok(Outcome::Agreed)
    }
}
