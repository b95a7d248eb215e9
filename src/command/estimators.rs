//! `runner estimators`: which estimators there are.

use super::{Outcome, show};
use crate::cli::EstimatorsArguments;
use crate::error::Error;
use crate::report::EstimatorsReport;

pub(super) fn estimators(arguments: &EstimatorsArguments) -> Result<Outcome, Error> {
    let report = EstimatorsReport;
    show(&if arguments.json { format!("{:#}\n", report.json()) } else { report.to_string() })?;
    Ok(Outcome::Agreed)
}
