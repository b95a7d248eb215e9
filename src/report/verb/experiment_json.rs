//! An experiment as JSON: a plan and a run of it have one shape.

use crate::plan::{Condition, Plan};
use crate::record::{Named, Overview, Rows, SummaryRow};
use crate::report::finding;
use crate::report::tables::{JsonRows, Lines, Selection, json_of};
use kl_sim::comparison::FALSE_ALARM;
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::path::Path;

/// The output of `runner run --json` for one experiment.
pub struct RunDocument<'a> {
    /// What was run.
    pub plan: &'a Plan,
    /// What the rows have in common.
    pub overview: &'a Overview,
    /// The rows of `summary.csv`.
    pub rows: Rows<'a>,
    /// The results folder.
    pub folder: &'a Path,
    /// The files that were written into it.
    pub files: &'a [String],
}

impl RunDocument<'_> {
    /// Writes the document; its schema is in `docs/json.md`.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, self)?;
        out.write_all(b"\n")
    }
}

impl Serialize for RunDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows: Vec<SummaryRow<'_>> = self.rows.iter().collect();
        let every_column = Selection { every_column: true, ..Selection::default() };
        let listing = every_column.listing(self.overview, &rows).map_err(S::Error::custom)?;
        let mut object = serializer.serialize_map(None)?;
        serialize_head("kl-runner/run/1", self.plan, &mut object)?;
        object.serialize_entry("verdict", finding::verdict(&rows).name())?;
        object.serialize_entry("false_alarm", &FALSE_ALARM)?;
        object.serialize_entry("finding", &finding::sentence(self.overview, self.rows))?;
        object.serialize_entry("folder", &self.folder.display().to_string())?;
        object.serialize_entry("files", self.files)?;
        object.serialize_entry("rows", &JsonRows(&Lines::Listing(listing)))?;
        object.end()
    }
}

/// Writes what the documents of a plan and of a run begin with.
pub(super) fn serialize_head<M: SerializeMap>(schema: &str, plan: &Plan, object: &mut M) -> Result<(), M::Error> {
    object.serialize_entry("schema", schema)?;
    object.serialize_entry("experiment", &plan.experiment)?;
    object.serialize_entry("question", &plan.question)?;
    object.serialize_entry("seed", &plan.seed.get())?;
    object.serialize_entry("sampler", plan.sampler.name())?;
    object.serialize_entry("unit", plan.unit.name())?;
    object.serialize_entry("conditions", &Conditions(plan))
}

/// The conditions, each an object that is dropped when it is written.
struct Conditions<'a>(&'a Plan);

impl Serialize for Conditions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let conditions = self.0.conditions.iter().enumerate();
        serializer.collect_seq(conditions.map(|(place, condition)| {
            let mut object = condition_json(place, condition);
            object.insert("settings".to_owned(), settings(self.0, condition).into());
            object
        }))
    }
}

/// The number of a condition, P, Q, N and the trials.
pub(super) fn condition_json(place: usize, condition: &Condition) -> Map<String, Value> {
    let values = [
        ("condition", json!(place + 1)),
        ("label", json!((!condition.label.is_empty()).then_some(&*condition.label))),
        ("p", Named::Distribution(condition.source()).label().into()),
        ("q", Named::Distribution(condition.model()).label().into()),
        ("n", condition.n.into()),
        ("trials", condition.trials.into()),
    ];
    values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a condition sets the keys of the grid and of the cases to.
pub(super) fn settings(plan: &Plan, condition: &Condition) -> Map<String, Value> {
    let values = condition.settings.iter().map(|setting| json_of(setting));
    plan.setting_names.iter().cloned().zip(values).collect()
}
