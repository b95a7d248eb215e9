//! Messages for mistakes, and plans made of files that are right.

mod families;
pub(crate) mod faults;
mod messages;
mod plans;
mod robustness;
mod schema;

use super::{Diagnostics, Override, Source, read};
use crate::plan::Plan;

/// A correct file.
pub(crate) const COIN: &str = "\
question = \"How far is a fair coin from a 60/40 coin?\"
seed   = 57
trials = 10_000
N      = [10, 100, 1_000]
P.categorical = { H = 0.5, T = 0.5 }
Q.categorical = { H = 0.4, T = 0.6 }
";

pub(crate) fn read_text(text: &str, overrides: &[Override]) -> Result<Plan, Diagnostics> {
    read(&Source { name: "coin.toml".into(), text: text.into() }, "coin", overrides)
}

pub(crate) fn plan(text: &str) -> Plan {
    let plan = read_text(text, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    schema::check(text, None);
    plan
}

/// The whole message for a wrong file.
pub(crate) fn message(text: &str) -> String {
    let mistakes = read_text(text, &[]).expect_err("a mistake");
    schema::check(text, Some(mistakes.titles().collect()));
    mistakes.to_string()
}
