//! `runner families`: the families of distributions.

use crate::command::error::Error;
use crate::command::flags::Json;
use crate::command::outcome::Outcome;
use crate::report::FamiliesReport;
use clap::Args;

/// List the families of distributions: parameters, what is exact, and an example of each
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Prints the list.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let report = FamiliesReport::new();
        self.json.print(|| report.json(), &report)?;
        Ok(Outcome::Agreed)
    }
}
