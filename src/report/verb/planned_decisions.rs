//! What tests will decide and how long they take, before they run.

use crate::check::PlannedDecisions;
use crate::plan::Plan;
use crate::report::shown::Shown;
use crate::report::{Align, Cell, Table, grouped, json_number, printable, significant};
use kl_math::decision::Decision;
use serde_json::{Value, json};

/// At most this many rows are shown.
const SHOWN: usize = 60;

/// The table; none where nothing is decided.
pub(super) fn planned_table(plan: &Plan, decisions: &[PlannedDecisions], rate_error: f64) -> Option<Table> {
    if decisions.is_empty() {
        return None;
    }
    let condition = |planned: &PlannedDecisions| plan.conditions.get(planned.condition);
    let shown = Shown::of(
        &plan.setting_names,
        decisions.iter().filter_map(condition).map(|condition| (&*condition.label, condition.settings.as_slice())),
    );
    let is_sequential = decisions.iter().filter_map(condition).any(|condition| condition.rule().is_some());
    let mut table = Table::new();
    for name in shown.names() {
        table.column(name, Align::Left);
    }
    table.column(if is_sequential { "max" } else { "N" }, Align::Right);
    table.column("true", Align::Left);
    for decision in Decision::ALL {
        let name = match decision {
            Decision::Undecided => "undecided".to_owned(),
            decision => format!("decides {}", decision.name()),
        };
        table.column(name, Align::Right);
    }
    table.column("expected length", Align::Right);
    table.column("smallest N", Align::Right);
    table.column(format!("trials for rates ± {rate_error}"), Align::Right);
    for planned in decisions.iter().take(SHOWN) {
        let Some(condition) = condition(planned) else { continue };
        let settings = shown.values(&condition.label, &condition.settings);
        let mut cells: Vec<Cell> = settings.iter().map(|value| printable(value).into()).collect();
        cells.push(grouped(condition.n).into());
        cells.push(planned.truth.name().into());
        for decision in Decision::ALL {
            let is_news =
                decision != Decision::Undecided || planned.chance(decision).is_some_and(|chance| chance > 1e-9);
            let chance = planned.chance(decision).filter(|_| is_news).map(|chance| significant(chance, 4));
            cells.push(chance.unwrap_or_default().into());
        }
        let length = planned.expected_length.filter(|_| is_sequential).map(|length| significant(length, 6));
        cells.push(length.unwrap_or_default().into());
        cells.push(planned.smallest_n.map(grouped).unwrap_or_default().into());
        cells.push(grouped(planned.trials).into());
        table.row(cells);
    }
    Some(table.without_empty_columns())
}

/// The same as JSON.
pub(super) fn planned_json(decisions: &[PlannedDecisions]) -> Value {
    let one = |planned: &PlannedDecisions| {
        let chance = |decision| planned.chance(decision).map(json_number);
        json!({
            "condition": planned.condition + 1,
            "truth": planned.truth.name(),
            "decides_p": chance(Decision::P),
            "decides_q": chance(Decision::Q),
            "undecided": chance(Decision::Undecided),
            "expected_length": planned.expected_length.map(json_number),
            "smallest_n": planned.smallest_n,
            "trials": planned.trials,
        })
    };
    decisions.iter().map(one).collect()
}
