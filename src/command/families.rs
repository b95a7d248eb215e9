//! `runner families`: which distributions there are.

use super::{Outcome, show, show_json};
use crate::cli::FamiliesArguments;
use crate::error::Error;
use crate::report::FamiliesReport;

pub(super) fn families(arguments: &FamiliesArguments) -> Result<Outcome, Error> {
    let report = FamiliesReport::new();
    if arguments.json {
        show_json(&format!("{:#}\n", report.json()))?
    } else {
        show(&report.to_string())?
    };
    Ok(Outcome::Agreed)
}
