//! Programs of the user's own: whether they may be started, and what is told of those that failed.

use crate::error::Error;
use crate::experiment::Failures;
use crate::plan::Plan;
use crate::report::grouped;
use crate::store::FAILURES;

/// So many failures of a condition are told.
const TOLD: usize = 3;

/// A file from elsewhere shall not start programs unasked.
pub(super) fn refuse_unless(allowed: bool, plans: &[Plan]) -> Result<(), Error> {
    let commands: Vec<String> = plans
        .iter()
        .flat_map(|plan| plan.programs().map(move |(name, program)| (&plan.experiment, name, &program.command)))
        .map(|(experiment, name, command)| {
            let words = command.iter().map(|word| shlex::try_quote(word).map_or(word.as_str().into(), |quoted| quoted));
            format!("{experiment}, {name}: {}", words.collect::<Vec<_>>().join(" "))
        })
        .collect();
    if allowed || commands.is_empty() { Ok(()) } else { Err(Error::Commands { commands }) }
}

/// What failed, condition by condition; empty if nothing did.
pub(super) fn told_failures(plan: &Plan, failures: &[Failures], folder: Option<&std::path::Path>) -> String {
    let mut text = String::new();
    for Failures { condition, estimator, failed, is_stopped } in failures {
        let trials = plan.conditions.get(*condition).map_or(0, |condition| condition.trials);
        let number = condition + 1;
        let (kind, count) = (if *is_stopped { "error" } else { "note" }, grouped(failed.len() as u64));
        let trials = grouped(trials);
        text.push_str(&format!("{kind}: the estimator `{estimator}` gave no estimate in {count} of {trials} trials"));
        text.push_str(&format!(
            " of condition {number}{}\n",
            if *is_stopped { ", and no more were asked for" } else { "" }
        ));
        for failed in failed.iter().take(TOLD) {
            text.push_str(&format!("  trial {}: {}\n", grouped(failed.trial + 1), failed.failure));
        }
        if let Some(first) = failed.first() {
            let again = format!("runner replay SPEC --condition {number} --trial {} --allow-commands", first.trial + 1);
            text.push_str(&format!("  help: once more, alone: {again}\n"));
        }
        if *is_stopped {
            text.push_str("  help: if so many failures are to be borne with, set max_failures beside its command\n");
        }
    }
    if let Some(folder) = folder.filter(|_| !text.is_empty()) {
        text.push_str(&format!("all failures are in {}\n", folder.join(FAILURES).display()));
    }
    text
}
