//! Tables for programs: CSV and JSON, every number to its last digit.

use super::{Cell, Column, Table, finding::sentence, json_number};
use crate::record::{Overview, Rows};
use serde_json::{Map, Value as Json, json};

/// An experiment's table.
#[derive(Clone, Debug)]
pub struct ExperimentTable<'a> {
    /// What the rows have in common.
    pub overview: &'a Overview,
    /// All of its rows.
    pub rows: Rows<'a>,
    /// The table.
    pub table: Table,
}

impl ExperimentTable<'_> {
    fn position(&self, key: &str) -> Option<usize> {
        self.table.columns().iter().position(|column| column.key == key)
    }
}

/// One CSV file of several experiments: the columns of all, empty where an experiment has none of the name.
pub fn table_csv(tables: &[ExperimentTable<'_>]) -> csv::Result<String> {
    let mut names: Vec<&str> = Vec::new();
    let many = tables.len() > 1 && !tables.iter().all(|table| table.position("experiment").is_some());
    names.extend(many.then_some("experiment"));
    for column in tables.iter().flat_map(|table| table.table.columns()) {
        if !names.contains(&column.key.as_str()) {
            names.push(&column.key);
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&names)?;
    for table in tables {
        for row in table.table.rows() {
            let field = |name: &&str| match table.position(name) {
                Some(place) => row.get(place).map(Cell::raw).unwrap_or_default(),
                None if *name == "experiment" => table.overview.experiment.clone(),
                None => String::new(),
            };
            writer.write_record(names.iter().map(field))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The same as JSON; the schema is in `docs/json.md`.
pub fn table_json(tables: &[ExperimentTable<'_>]) -> Json {
    let experiments = tables.iter().map(|table| {
        let rows = table.table.rows().iter().map(|row| {
            let entry = |(column, cell): (&Column, &Cell)| (column.key.clone(), json_of(&cell.raw()));
            Json::Object(table.table.columns().iter().zip(row).map(entry).collect::<Map<_, _>>())
        });
        json!({
            "experiment": table.overview.experiment,
            "question": table.overview.question,
            "seed": table.overview.seed,
            "sampler": table.overview.sampler,
            "unit": table.overview.unit.name(),
            "finding": sentence(table.overview.unit, table.rows),
            "rows": rows.collect::<Vec<_>>(),
        })
    });
    json!({ "schema": "kl-runner/report/1", "experiments": experiments.collect::<Vec<_>>() })
}

/// A field of a file: nothing, a number, or words.
fn json_of(field: &str) -> Json {
    if field.is_empty() {
        return Json::Null;
    }
    if let Ok(whole) = field.parse::<u64>() {
        return whole.into();
    }
    field.parse::<f64>().map_or_else(|_| field.into(), json_number)
}
