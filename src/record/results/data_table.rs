//! A result file as columns of numbers and texts.

use super::data_column::FieldFault;
use super::{DataColumn, Reals, ResultsError, ResultsReader, Texts, Values};
use crate::outside::WithinLines;
use crate::record::GroupEstimates;
use crate::record::file::{TrialRow, result_file};
use crate::record::schema::{Column, FieldKind, FieldType, Row};
use kl_math::numeric::{NoMemory, ask_for};
use std::io::{self, Read};

/// A result file that is read column by column: few allocations, however many rows it has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataTable {
    rows: usize,
    columns: Vec<DataColumn>,
}

impl DataTable {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// What `trials.csv` would hold of these groups.
    pub fn of_trials(groups: &[GroupEstimates]) -> Result<Self, NoMemory> {
        let rows: usize = groups.iter().map(|group| group.estimates.len()).sum();
        let names: usize = groups.iter().map(|group| group.rows().map(|row| row.3.len()).sum::<usize>()).sum();
        // Five columns of eight bytes, which are filled to their length.
        ask_for(48 * rows as u64 + names as u64)?;
        let (mut condition, mut trial, mut n) = (Vec::new(), Vec::new(), Vec::new());
        [&mut condition, &mut trial, &mut n].into_iter().for_each(|column: &mut Vec<i64>| column.reserve(rows));
        let (mut estimator, mut estimate) = (Texts::with_capacity(rows, names), Reals::with_capacity(rows));
        for group in groups {
            for (of, number, length, name, value) in group.rows() {
                condition.push(of as i64 + 1);
                trial.push(number as i64 + 1);
                n.push(length as i64);
                estimator.push(Some(name)).map_err(FieldFault::memory)?;
                estimate.push(Some(value).filter(|value| !value.is_nan())).map_err(FieldFault::memory)?;
            }
        }
        let values = [
            Values::Integers(condition),
            Values::Integers(trial),
            Values::Integers(n),
            Values::Texts(estimator),
            Values::Reals(estimate),
        ];
        let columns = TrialRow::COLUMNS.iter().zip(values).map(|(column, values)| DataColumn {
            name: column.name.to_owned(),
            is_optional: column.field_type.is_optional,
            values,
        });
        Ok(Self { rows, columns: columns.collect() })
    }

    /// The columns, in the order of the file.
    pub fn columns(&self) -> &[DataColumn] {
        &self.columns
    }
}

impl ResultsReader {
    /// Reads a file that the manifest names as a table: columns of the types that its schema says. Columns that the schema leaves to
    /// each experiment, the settings, are of numbers if all their fields are numbers.
    pub fn table(&self, name: &str) -> Result<DataTable, ResultsError> {
        let columns = result_file(name).map(|file| file.columns()).unwrap_or_default();
        let path = self.folder().join(name);
        let parsed = self.read(name, |input| parse(input, &columns))?;
        parsed.map_err(|fault| match fault {
            Fault::NoColumn(column) => ResultsError::NoColumn { path, column },
            Fault::Cell { line, column, value, rule } => ResultsError::Cell { path, line, column, value, rule },
        })
    }
}

/// What is wrong with a file whose bytes may still be those that a run wrote.
enum Fault {
    NoColumn(String),
    Cell { line: usize, column: String, value: String, rule: &'static str },
}

/// Settings are texts until all of them are read.
const SETTING: FieldType = FieldType::optional(FieldKind::Text);

fn parse(input: &mut dyn Read, schema: &[Column]) -> csv::Result<Result<DataTable, Fault>> {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader =
        builder.has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(WithinLines::new(input));
    let mut record = csv::StringRecord::new();
    reader.read_record(&mut record)?;
    if let Some(missing) = schema.iter().find(|column| record.iter().all(|name| name != column.name)) {
        return Ok(Err(Fault::NoColumn(missing.name.to_owned())));
    }
    let mut types = Vec::new();
    let mut columns = Vec::new();
    for name in &record {
        let fixed = schema.iter().find(|column| column.name == name).map(|column| column.field_type);
        let field_type = fixed.unwrap_or(SETTING);
        types.push((field_type, fixed.is_none()));
        columns.push(DataColumn {
            name: name.to_owned(),
            is_optional: field_type.is_optional,
            values: Values::empty(field_type),
        });
    }
    let mut rows = 0;
    while reader.read_record(&mut record)? {
        for (place, (column, &(field_type, _))) in columns.iter_mut().zip(&types).enumerate() {
            // A row that is cut short has no field there.
            let Some(text) = record.get(place) else { return Ok(Err(Fault::NoColumn(column.name.clone()))) };
            match column.values.push(text, field_type) {
                Ok(()) => {}
                Err(FieldFault::Memory(error)) => return Err(io::Error::from(error).into()),
                Err(FieldFault::Rule(rule)) => {
                    let (line, column, value) = (rows + 2, column.name.clone(), text.to_owned());
                    return Ok(Err(Fault::Cell { line, column, value, rule }));
                }
            }
        }
        rows += 1;
    }
    for (column, _) in columns.iter_mut().zip(&types).filter(|(_, (_, is_setting))| *is_setting) {
        let empty = Values::empty(SETTING);
        if let Values::Texts(texts) = std::mem::replace(&mut column.values, empty) {
            column.values = Values::of_setting(texts).map_err(|fault| match fault {
                FieldFault::Memory(error) => io::Error::from(error),
                FieldFault::Rule(rule) => io::Error::other(rule),
            })?;
        }
    }
    Ok(Ok(DataTable { rows, columns }))
}
