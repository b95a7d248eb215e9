//! `runner estimators`: the estimators.

use crate::command::error::Error;
use crate::command::flags::Json;
use crate::command::outcome::Outcome;
use crate::report::EstimatorsReport;
use clap::Args;

/// List the estimators: name, meaning, settings, and an example of each
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Prints the list.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let report = EstimatorsReport;
        self.json.print(|| report.json(), report)?;
        Ok(Outcome::Agreed)
    }
}
