//! `runner init`: a commented experiment file to start from.

use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show;
use clap::Args;

/// The template; it runs as it is.
const TEMPLATE: &str = include_str!("template.toml");

/// Print a commented experiment file to start from
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {}

impl Arguments {
    /// Prints the template.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        show(TEMPLATE)?;
        Ok(Outcome::Agreed)
    }
}
