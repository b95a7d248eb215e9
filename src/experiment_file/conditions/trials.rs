//! The number of trials of each condition, where it follows from a goal.

use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::keys::{Keys, Trials};
use crate::experiment_file::value::grouped;
use crate::plan::{Aim, Condition, Goal, Unreachable};

/// Gives each condition its number of trials.
pub(crate) fn assign_trials(keys: &Keys, conditions: &mut [Condition], report: &mut Report) {
    let Some(Trials::Aimed { aim, place }) = keys.trials else { return };
    let goal = match aim.goal {
        Goal::Mcse(error) => Goal::Mcse(error / keys.unit.of_nats(1.0)),
        other => other,
    };
    // A test of the mean and one of the variance for each row, as `runner plan` counts them.
    let estimators: Vec<_> = keys.estimators.iter().map(|listed| listed.estimator.clone()).collect();
    let tests = 2 * conditions.len() * estimators.len();
    let level = keys.check.false_alarm.get() / tests.max(1) as f64;
    for (index, condition) in conditions.iter_mut().enumerate() {
        let Some(pair) = condition.sampled_pair() else { continue };
        let aim = Aim { goal, ..aim };
        let able = estimators.iter().enumerate().filter(|(place, _)| condition.refusal_of(*place).is_none());
        let able: Vec<_> = able.map(|(_, estimator)| estimator.clone()).collect();
        match aim.trials(pair, condition.n, &able, level) {
            Ok(trials) => condition.trials = trials,
            Err(reason) => {
                let why = match reason {
                    Unreachable::InfiniteMean => "KL(P‖Q) is infinite",
                    Unreachable::NoVariance => "the variance of the estimate is infinite or not known",
                    Unreachable::NoMean => "KL(P‖Q) is 0, so nothing can be measured relative to it",
                };
                let title = format!("no number of trials is enough in condition {}: {why}", grouped(index as u128 + 1));
                report.push(Diagnostic::new(title).at(place).help("write a number of trials, such as trials = 10_000"));
                return;
            }
        }
    }
}
