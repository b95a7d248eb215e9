//! `runner selftest`: the Monte Carlo standard errors, checked by a simulation of many studies.

use crate::check::selftest::{Selftest, calibration_cases};
use crate::command::error::Error;
use crate::command::outcome::Outcome;
use crate::command::output::show_report;
use crate::report::SelftestReport;
use clap::Args;

const EXIT_CODES: &str = "\
Exit codes:
  0    every standard error is calibrated
  1    some standard error is not";

/// Check the Monte Carlo standard errors by a simulation of many studies
#[derive(Args, Clone, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Seed of the random streams; another seed draws other studies
    #[arg(long, value_name = "SEED", default_value_t = 57)]
    seed: u64,

    /// Studies per law; more studies detect smaller errors
    #[arg(long, value_name = "COUNT", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(4_000..=100_000_000))]
    repeats: u64,
}

impl Arguments {
    /// Runs every calibration case.
    pub(crate) fn execute(&self) -> Result<Outcome, Error> {
        let selftest = Selftest::run(&calibration_cases(), self.seed, self.repeats);
        show_report(SelftestReport(&selftest))?;
        Ok(if selftest.passes() { Outcome::Agreed } else { Outcome::Disagreed })
    }
}
