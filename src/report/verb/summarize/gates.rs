//! Gates and the groups that are beyond them.

use crate::external_trials::{Gate, GateResult};
use crate::report::{Align, Cell, ErrorStyle, Table, Value, counted, grouped, json_number, printable};
use kl_math::numeric::shortest;
use serde_json::{Map, Value as Json, json};
use std::fmt;

/// The largest number of groups that are shown.
const SHOWN: usize = 60;

/// What came of the gates.
pub struct GatesReport<'a> {
    /// The columns that define the groups.
    pub by: &'a [String],
    /// The gates.
    pub gates: &'a [Gate],
    /// Each gate with each group.
    pub results: &'a [GateResult<'a>],
}

impl GatesReport<'_> {
    /// Those that fail.
    pub fn failed(&self) -> impl Iterator<Item = &GateResult<'_>> {
        self.results.iter().filter(|result| !result.passes())
    }

    /// The value of the key `gates` of the JSON document.
    pub(super) fn json(&self) -> Json {
        let result = |result: &GateResult<'_>| {
            let keys = self.by.iter().cloned().zip(result.group.keys.iter().map(|key| key.as_str().into()));
            json!({
                "gate": result.gate.kind.name,
                "limit": json_number(result.gate.limit),
                "by": Json::Object(keys.collect::<Map<_, _>>()),
                "value": json_number(result.value),
                "mcse": result.mcse.map(json_number),
                "passes": result.passes(),
            })
        };
        self.results.iter().map(result).collect()
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.column("gate", Align::Left);
        self.by.iter().for_each(|key| table.column(printable(key), Align::Left));
        table.column("value", Align::Right);
        table.column("limit", Align::Left);
        for result in self.failed().take(SHOWN) {
            let keys = result.group.keys.iter().map(|key| Cell::from(printable(key)));
            let name = Cell::from(result.gate.kind.name);
            let cells = [value(result).into(), limit(&result.gate).into()];
            table.row(std::iter::once(name).chain(keys).chain(cells).collect());
        }
        table
    }
}

impl fmt::Display for GatesReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, all) = (self.failed().count() as u64, self.results.len() as u64);
        if failed == 0 {
            let gates: Vec<String> =
                self.gates.iter().map(|gate| format!("{} {}", gate.kind.name, shortest(gate.limit))).collect();
            return writeln!(out, "gates: all groups keep the limits {}", gates.join(", "));
        }
        let are = if failed == 1 { "is beyond its limit" } else { "are beyond their limits" };
        writeln!(out, "gates: {} of {} {are}:\n", grouped(failed), counted(all, "value"))?;
        write!(out, "{}", self.table())?;
        let hidden = failed.saturating_sub(SHOWN as u64);
        if hidden > 0 { writeln!(out, "  … and {hidden} more with --format json") } else { Ok(()) }
    }
}

pub(in crate::report::verb) fn value(result: &GateResult<'_>) -> Value {
    match result.mcse {
        Some(_) => Value::Estimate { value: result.value, error: result.mcse, style: ErrorStyle::PlusMinus },
        None => Value::Exact(result.value, 6),
    }
}

pub(in crate::report::verb) fn limit(gate: &Gate) -> String {
    format!("{} {}", gate.kind.side.words(), shortest(gate.limit))
}
