//! `runner families`: which distributions there are.

use super::{Outcome, show};
use crate::cli::FamiliesArguments;
use crate::error::Error;
use crate::report::FamiliesReport;

pub(super) fn families(arguments: &FamiliesArguments) -> Result<Outcome, Error> {
    let report = FamiliesReport::new();
    show(&if arguments.json { format!("{:#}\n", report.json()) } else { report.to_string() })?;
    Ok(Outcome::Agreed)
}
