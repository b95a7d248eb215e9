//! `runner estimators`: which estimators there are.

use super::{Outcome, show, show_json};
use crate::cli::EstimatorsArguments;
use crate::error::Error;
use crate::report::EstimatorsReport;

pub(super) fn estimators(arguments: &EstimatorsArguments) -> Result<Outcome, Error> {
    let report = EstimatorsReport;
    if arguments.json {
        show_json(&format!("{:#}\n", report.json()))?
    } else {
        show(&report.to_string())?
    };
    Ok(Outcome::Agreed)
}
