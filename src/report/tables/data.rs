//! Tables for programs: CSV and JSON, every number to its last digit.

use super::{Cell, Column, Listing, Table, json_number};
use crate::record::{Overview, Rows};
use crate::report::finding::sentence;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::io::{self, Write};

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

/// What programs read of an experiment.
pub struct ExperimentData<'a> {
    /// What the rows have in common.
    pub overview: &'a Overview,
    /// All of its rows.
    pub rows: Rows<'a>,
    /// Those that were chosen.
    pub lines: Lines<'a>,
}

/// Rows of cells, made before or when they are looked at.
pub enum Lines<'a> {
    /// Made before.
    Table(Table),
    /// Made one by one.
    Listing(Listing<'a>),
}

impl Lines<'_> {
    fn columns(&self) -> Vec<Column> {
        match self {
            Self::Table(table) => table.columns().to_vec(),
            Self::Listing(listing) => listing.columns(),
        }
    }

    fn rows(&self) -> Box<dyn Iterator<Item = Cow<'_, [Cell]>> + '_> {
        match self {
            Self::Table(table) => Box::new(table.rows().iter().map(|row| Cow::from(row.as_slice()))),
            Self::Listing(listing) => Box::new(listing.rows().map(Cow::from)),
        }
    }
}

/// One CSV file of several experiments: the columns of all, empty where an experiment has none of the name.
pub fn write_csv(tables: &[ExperimentData<'_>], out: impl Write) -> csv::Result<()> {
    let columns: Vec<Vec<Column>> = tables.iter().map(|table| table.lines.columns()).collect();
    let position = |columns: &[Column], key: &str| columns.iter().position(|column| column.key == key);
    let mut names: Vec<&str> = Vec::new();
    let many = tables.len() > 1 && !columns.iter().all(|columns| position(columns, "experiment").is_some());
    names.extend(many.then_some("experiment"));
    for column in columns.iter().flatten() {
        if !names.contains(&column.key.as_str()) {
            names.push(&column.key);
        }
    }
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&names)?;
    for (table, columns) in tables.iter().zip(&columns) {
        let places: Vec<Option<usize>> = names.iter().map(|name| position(columns, name)).collect();
        for row in table.lines.rows() {
            let field = |(name, place): (&&str, &Option<usize>)| match place {
                Some(place) => row.get(*place).map(Cell::raw).unwrap_or_default(),
                None if *name == "experiment" => table.overview.experiment.clone(),
                None => String::new(),
            };
            writer.write_record(names.iter().zip(&places).map(field))?;
        }
    }
    Ok(writer.flush()?)
}

/// The same as JSON; the schema is in `docs/json.md`.
pub fn write_json(tables: &[ExperimentData<'_>], mut out: impl Write) -> io::Result<()> {
    let document = Document { schema: "kl-runner/report/1", experiments: tables };
    serde_json::to_writer_pretty(&mut out, &document)?;
    out.write_all(b"\n")
}

#[derive(serde::Serialize)]
struct Document<'a> {
    schema: &'static str,
    experiments: &'a [ExperimentData<'a>],
}

impl Serialize for ExperimentData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(7))?;
        object.serialize_entry("experiment", &self.overview.experiment)?;
        object.serialize_entry("question", &self.overview.question)?;
        object.serialize_entry("seed", &self.overview.seed)?;
        object.serialize_entry("sampler", &self.overview.sampler)?;
        object.serialize_entry("unit", self.overview.unit.name())?;
        object.serialize_entry("finding", &sentence(self.overview, self.rows))?;
        object.serialize_entry("rows", &JsonRows(&self.lines))?;
        object.end()
    }
}

/// The rows of a table, each an object that is dropped when it is written.
pub(in crate::report) struct JsonRows<'a>(pub(in crate::report) &'a Lines<'a>);

impl Serialize for JsonRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.0.columns();
        serializer.collect_seq(self.0.rows().map(|row| {
            let entry = |(column, cell): (&Column, &Cell)| (column.key.clone(), json_of(&cell.raw()));
            columns.iter().zip(row.iter()).map(entry).collect::<Map<_, _>>()
        }))
    }
}

/// A field of a file: nothing, a number, or words.
pub(in crate::report) fn json_of(field: &str) -> Json {
    if field.is_empty() {
        return Json::Null;
    }
    if let Ok(whole) = field.parse::<u64>() {
        return whole.into();
    }
    field.parse::<f64>().map_or_else(|_| field.into(), json_number)
}
