//! `runner selftest`: are the standard errors what they claim to be?

use super::{Outcome, show};
use crate::cli::SelftestArguments;
use crate::error::Error;
use crate::report::SelftestReport;
use crate::selftest::{Selftest, claims};

pub(super) fn selftest(arguments: &SelftestArguments) -> Result<Outcome, Error> {
    let selftest = Selftest::run(&claims(), arguments.seed, arguments.repeats);
    show(&SelftestReport(&selftest).to_string())?;
    Ok(if selftest.passes() { Outcome::Agreed } else { Outcome::Disagreed })
}
