//! Programs of the user's own: whether they may be started; and what is told of trials without an estimate.

use super::run::shown_path;
use crate::error::Error;
use crate::experiment::Failures;
use crate::outside::printable;
use crate::plan::Plan;
use crate::report::grouped;
use kl_sim::simulation::Failure;
use std::path::Path;

/// Where programs are looked for.
const WHERE: &str =
    "check the command: a name with a `/` is a path from the experiment file's folder, any other is looked for in PATH";

/// So many failures of a condition are told.
const TOLD: usize = 3;

/// A file from elsewhere shall not start programs unasked.
pub(super) fn refuse_unless(allowed: bool, plans: &[Plan]) -> Result<(), Error> {
    let commands: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.programs().map(move |(name, program)| (&plan.experiment, name, &program.command)))
        .map(|(experiment, name, command)| {
            let words = command.iter().map(|word| shlex::try_quote(word).map_or(word.as_str().into(), |quoted| quoted));
            printable(&format!("{experiment}, {name}: {}", words.collect::<Vec<_>>().join(" ")))
        })
        .collect();
    if allowed || commands.is_empty() { Ok(()) } else { Err(Error::Commands { commands }) }
}

/// Which trials have no estimate, condition by condition; empty if all have. `folder` is where they are listed.
pub(super) fn told_failures(plan: &Plan, failures: &[Failures], folder: Option<&Path>) -> String {
    let mut text: String = failures.iter().map(|failures| told(plan, failures)).collect();
    let listed = failures.iter().any(|failures| !failures.failed.is_empty());
    if let Some(folder) = folder.filter(|_| listed) {
        text.push_str(&format!("all failures are in {}\n", shown_path(&folder.join("failures.csv"))));
    }
    text
}

fn told(plan: &Plan, failures: &Failures) -> String {
    let Failures { condition, estimator, count, failed, is_stopped, has_row } = failures;
    let trials = plan.conditions.get(*condition).map_or(0, |condition| condition.trials);
    let (kind, number) = (if *is_stopped { "error" } else { "note" }, condition + 1);
    let mut text = format!(
        "{kind}: the estimator `{}` gave no estimate in {} of {} trials of condition {number}",
        printable(estimator),
        grouped(*count),
        grouped(trials)
    );
    text.push_str(if *is_stopped { ", and no more were asked for" } else { "" });
    text.push_str(if *has_row { "\n" } else { ": it has no row\n" });
    for failed in failed.iter().take(TOLD) {
        text.push_str(&format!("  trial {}: {}\n", grouped(failed.trial + 1), printable(&failed.failure.to_string())));
    }
    // Where no program is, nothing comes of a second try.
    let is_missing = failed.iter().any(|failed| matches!(failed.failure, Failure::CannotStart { .. }));
    if is_missing {
        text.push_str(&format!("  help: {WHERE}\n"));
        return text;
    }
    if let Some(first) = failed.first() {
        let again = format!("runner replay SPEC --condition {number} --trial {} --allow-commands", first.trial + 1);
        text.push_str(&format!("  help: once more, alone: {again}\n"));
    }
    let is_shifted =
        failed.iter().any(|failed| matches!(failed.failure, Failure::Surplus { .. } | Failure::TooMuch { .. }));
    if is_shifted {
        text.push_str("  help: of each trial write one line, and none of the first line that is read\n");
    } else if *is_stopped {
        text.push_str("  help: if so many failures are to be borne with, set max_failures beside its command\n");
    }
    text
}
