//! Programs of the user's own: whether they may be started, and messages about trials without an estimate.

use super::output::shown_path;
use crate::command::error::Error;
use crate::experiment::{Failures, ResultRow};
use crate::outside::printable;
use crate::plan::{Plan, PlannedEstimator};
use crate::programs::Failure;
use crate::report::{grouped, significant};
use kl_math::numeric::shortest;
use std::path::Path;

/// Advice for a program that cannot be found.
const SEARCH_HELP: &str =
    "check the command: a name with a `/` is a path from the experiment file's folder, any other is looked for in PATH";

/// The largest number of failures of a condition that are listed.
const SHOWN: usize = 3;

/// Refuses to start programs without permission: an experiment file may come from elsewhere.
pub(super) fn refuse_unless<'a>(allowed: bool, plans: impl IntoIterator<Item = &'a Plan>) -> Result<(), Error> {
    let commands: Vec<String> = plans
        .into_iter()
        .flat_map(|plan| plan.programs().map(move |program| (&plan.experiment, program)))
        .filter_map(|(experiment, program)| Some((experiment, &program.name, program.command()?)))
        .map(|(experiment, name, command)| {
            let words =
                command.words.iter().map(|word| shlex::try_quote(word).map_or(word.as_str().into(), |quoted| quoted));
            printable(&format!("{experiment}, {name}: {}", words.collect::<Vec<_>>().join(" ")))
        })
        .collect();
    if allowed || commands.is_empty() { Ok(()) } else { Err(Error::Commands { commands }) }
}

/// Describes the trials without an estimate, by condition; empty if there are none. `folder` has the full list.
pub(super) fn describe_failures(plan: &Plan, failures: &[Failures], folder: Option<&Path>) -> String {
    let mut text: String = failures.iter().map(|failures| describe(plan, failures)).collect();
    let listed = failures.iter().any(|failures| !failures.failed.is_empty());
    if let Some(folder) = folder.filter(|_| listed) {
        text.push_str(&format!("all failures are in {}\n", shown_path(&folder.join("failures.csv"))));
    }
    text
}

/// Describes where estimates are not those that they are to equal: of each estimator in its first condition; empty if there are
/// none.
pub(super) fn describe_differences(plan: &Plan, rows: &[ResultRow]) -> String {
    let differing = |estimator: &PlannedEstimator| {
        rows.iter().find(|row| {
            let differs = row.comparison.same_as.as_ref().is_some_and(|found| found.differing > 0);
            differs && *row.estimator == *estimator.name()
        })
    };
    plan.estimators.iter().filter_map(|estimator| describe_difference(plan, estimator, differing(estimator)?)).collect()
}

fn describe_difference(plan: &Plan, estimator: &PlannedEstimator, row: &ResultRow) -> Option<String> {
    let found = row.comparison.same_as.as_ref()?;
    let first = found.first?;
    let (tolerance, permission) = match estimator.program() {
        Some(program) => {
            (format!("the tolerance {:e}", program.claims.same_as.as_ref()?.tolerance), " --allow-commands")
        }
        None => (format!("{}, which is proved", significant(plan.unit.of_nats(found.within), 3)), ""),
    };
    let shown = |estimate: Option<f64>| {
        estimate.map_or_else(|| "no estimate".to_owned(), |nats| shortest(plan.unit.of_nats(nats)))
    };
    let (name, reference, condition) = (printable(estimator.name()), &found.reference, row.condition + 1);
    Some(format!(
        "error: the estimator `{name}` is not the same as {reference}: {} of {} estimates of condition {condition} differ by more \
         than {tolerance}\n  trial {}: `{name}` gave {}, {reference} {}, in {}\n  help: to replay it: runner replay {} \
         --condition {condition} --trial {}{permission}\n",
        grouped(found.differing),
        grouped(found.compared),
        grouped(first.trial + 1),
        shown(first.estimate),
        shown(first.expected),
        plan.unit.name(),
        file_of(plan),
        first.trial + 1
    ))
}

/// The experiment file as a word of a command.
fn file_of(plan: &Plan) -> String {
    let quoted = shlex::try_quote(&plan.file).map_or_else(|_| plan.file.clone(), |quoted| quoted.into_owned());
    printable(&quoted)
}

fn describe(plan: &Plan, failures: &Failures) -> String {
    let Failures { condition, estimator, count, failed, is_stopped, has_row } = failures;
    let trials = plan.conditions.get(*condition).map_or(0, |condition| condition.trials);
    let (kind, number) = (if *is_stopped { "error" } else { "note" }, condition + 1);
    let mut text = format!(
        "{kind}: the estimator `{}` gave no estimate in {} of {} trials of condition {number}",
        printable(estimator),
        grouped(*count),
        grouped(trials)
    );
    text.push_str(if *is_stopped { ", and was stopped" } else { "" });
    text.push_str(if *has_row { "\n" } else { ": it has no row in summary.csv\n" });
    for (trial, failure) in failed.iter().take(SHOWN) {
        text.push_str(&format!("  trial {}: {}\n", grouped(trial + 1), printable(&failure.to_string())));
    }
    // A missing program cannot be replayed.
    let is_missing = failed.iter().any(|(_, failure)| matches!(failure, Failure::CannotStart { .. }));
    if is_missing {
        text.push_str(&format!("  help: {SEARCH_HELP}\n"));
        return text;
    }
    if let Some((first, _)) = failed.first() {
        let again =
            format!("runner replay {} --condition {number} --trial {} --allow-commands", file_of(plan), first + 1);
        text.push_str(&format!("  help: to replay one of them: {again}\n"));
    }
    let is_shifted =
        failed.iter().any(|(_, failure)| matches!(failure, Failure::Surplus { .. } | Failure::TooMuch { .. }));
    if is_shifted {
        text.push_str("  help: write one line for each trial, and none for the first line that is read\n");
    } else if *is_stopped {
        text.push_str("  help: to tolerate this many failures, set max_failures beside its command\n");
    }
    text
}
