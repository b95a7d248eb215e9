//! The number of trials of each condition, where it follows from a goal.

use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::keys::{Keys, Listed, Trials};
use crate::experiment_file::value::grouped;
use crate::plan::{Aim, Condition, Goal, Pilot, Unreachable};

/// Gives each condition the number of trials that theory says. Where theory gives no variance, a pilot has to.
pub(crate) fn assign_trials(keys: &Keys, conditions: &mut [Condition], report: &mut Report) -> Pilot {
    let Some(Trials::Aimed { aim, place }) = keys.trials else { return Pilot::None };
    let goal = match aim.goal {
        Goal::Mcse(error) => Goal::Mcse(error / keys.unit.of_nats(1.0)),
        other => other,
    };
    let aim = Aim { goal, ..aim };
    // A test of the mean and one of the variance for each row, as `runner plan` counts them.
    let tests = 2 * conditions.len() * keys.estimators.len();
    let level = keys.check.false_alarm.get() / tests.max(1) as f64;
    // The means of users' programs are tested by Student's t, which have a rate of their own.
    let claims_mean =
        |listed: &Listed| listed.estimator.program().is_some_and(|program| program.claims.expected.is_some());
    let claimed = conditions.len() * keys.estimators.iter().filter(|listed| claims_mean(listed)).count();
    let nominal_level = keys.check.nominal_false_alarm.get() / claimed.max(1) as f64;
    let mut rows = Vec::new();
    for (index, condition) in conditions.iter_mut().enumerate() {
        let Some(pair) = condition.sampled_pair() else { continue };
        let mut most_needed = 2;
        for (estimator, listed) in keys.estimators.iter().enumerate() {
            if condition.refusal_of(estimator).is_some() {
                continue;
            }
            let bound = condition.bound.as_ref().and_then(|bound| bound.get(estimator));
            match aim.trials(&bound.unwrap_or(&listed.estimator).theory(pair, condition.n), level) {
                Ok(Some(trials)) => most_needed = most_needed.max(trials),
                Ok(None) => rows.push((index, estimator)),
                Err(Unreachable::UnknownExpectation) if claims_mean(listed) => rows.push((index, estimator)),
                Err(reason) => {
                    let (title, help) = unreachable(reason, listed.estimator.name(), index);
                    report.push(Diagnostic::new(title).at(place).help(help));
                    return Pilot::None;
                }
            }
        }
        condition.trials = most_needed.min(aim.most);
    }
    if rows.is_empty() { Pilot::None } else { Pilot::Pending { aim, rows, level: nominal_level } }
}

/// The mistake of a goal that an estimator cannot reach, and what to write instead.
fn unreachable(reason: Unreachable, estimator: &str, condition: usize) -> (String, &'static str) {
    const NUMBER: &str = "write a number of trials, such as trials = 10_000";
    const ERROR: &str = "aim at a standard error with `mcse` or `relative_error`, or write a number of trials";
    let condition = grouped(condition as u128 + 1);
    let of_condition = |why: &str| format!("no number of trials is enough in condition {condition}: {why}");
    let of_estimator =
        |why: &str| format!("no number of trials is enough for `{estimator}` in condition {condition}: {why}");
    match reason {
        Unreachable::InfiniteMean => (of_condition("KL(P‖Q) is infinite"), NUMBER),
        Unreachable::NoMean => (
            of_condition("KL(P‖Q) is 0, so nothing can be measured relative to it"),
            "aim at a standard error in nats or bits, such as trials = { mcse = 1e-4 }, or write a number of trials",
        ),
        Unreachable::InfiniteEstimates(chance) => {
            let chance = if chance < 1e-3 { format!("{chance:.1e}") } else { format!("{chance:.3}") };
            (of_estimator(&format!("its estimates are infinite with probability {chance}")), NUMBER)
        }
        Unreachable::InfiniteExpectation => (of_estimator("the mean of its estimates is infinite"), NUMBER),
        Unreachable::InfiniteVariance => (of_estimator("the variance of its estimates is infinite"), NUMBER),
        Unreachable::UnknownExpectation => {
            (of_estimator("the mean of its estimates is not known here, so `runner check` cannot detect a bias"), ERROR)
        }
        Unreachable::NoBound => (
            of_estimator("no bound of the tails of its estimates is known, so `runner check` cannot detect a bias"),
            ERROR,
        ),
    }
}
