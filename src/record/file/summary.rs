//! `summary.csv`: one row per condition and estimator, complete in itself.

use super::{FinishedRun, ReadInto, ResultFile, SUMMARY_COLUMNS, SummaryColumn, SummaryRow};
use crate::plan::Plan;
use crate::record::Overview;
use crate::record::csv_file::{CsvWriter, ESTIMATOR, RowWriter, with_component};
use crate::record::results::{FieldReader, ResultsError, SavedFile, SavedResults};
use crate::record::schema::{Column, FieldValue, FieldsMatch, table_schema};
use kl_sim::estimator::split_component;
use std::borrow::Cow;
use std::io::{self, Write};

/// The settings, one column for each key of the grid and of the cases, stand behind this column.
const BEFORE_SETTINGS: &str = "verdict";

/// `summary.csv`.
pub(super) struct SummaryFile;

impl ResultFile for SummaryFile {
    fn name(&self) -> &'static str {
        "summary.csv"
    }

    fn content(&self) -> &'static str {
        "One row per condition and estimator, complete in itself. Join rows by `p`, `q`, `n` and the keys that vary, each of \
         which is a column behind `verdict`. A value that does not exist is empty."
    }

    fn columns(&self) -> Vec<Column> {
        SUMMARY_COLUMNS.iter().map(|column| column.column).collect()
    }

    fn schema(&self) -> serde_json::Value {
        // The settings are columns, too.
        table_schema(self.name(), self.content(), &self.columns(), FieldsMatch::Subset)
    }

    fn header(&self, plan: &Plan) -> Vec<Cow<'static, str>> {
        let names = summary_header(&plan.setting_names);
        with_component(names, plan.has_components()).map(|name| name.to_owned().into()).collect()
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        let overview = Overview::of_plan(run.plan);
        run.rows().iter().try_for_each(|row| rows.push_fields(row.cells(&overview)))
    }

    fn read(&self) -> Option<ReadInto> {
        Some(read)
    }
}

/// Returns the names of the columns of `summary.csv`, with those of the settings.
pub fn summary_header(setting_names: &[String]) -> impl Iterator<Item = &str> {
    let (before, behind) = SUMMARY_COLUMNS.split_at(fixed_before_settings());
    let names = |column: &'static SummaryColumn| column.name();
    before.iter().map(names).chain(setting_names.iter().map(String::as_str)).chain(behind.iter().map(names))
}

fn fixed_before_settings() -> usize {
    let place = SUMMARY_COLUMNS.iter().position(|column| column.name() == BEFORE_SETTINGS);
    place.map_or(SUMMARY_COLUMNS.len(), |place| place + 1)
}

/// Writes rows of one experiment as `summary.csv`.
pub fn write_summary<'a, W: Write>(
    overview: &Overview,
    rows: impl IntoIterator<Item = SummaryRow<'a>>,
    out: W,
) -> io::Result<W> {
    let header = with_component(summary_header(&overview.setting_names), overview.has_components());
    let mut writer = CsvWriter::new(overview.unit, header, out);
    rows.into_iter().try_for_each(|row| writer.rows().push_fields(row.cells(overview)))?;
    writer.finish()
}

impl SummaryRow<'_> {
    /// The fields as the file has them: an estimator of a gradient and its component are two.
    fn cells<'r>(&'r self, overview: &'r Overview) -> impl Iterator<Item = FieldValue<'r>> {
        let component = split_component(&self.estimator).1;
        let names = summary_header(&overview.setting_names);
        self.fields(overview).zip(names).flat_map(move |(field, name)| match component.filter(|_| name == ESTIMATOR) {
            Some(component) => {
                let estimator = FieldValue::Text(split_component(&self.estimator).0.into());
                [Some(estimator), Some(FieldValue::Text(component.into()))].into_iter().flatten()
            }
            None => [Some(field), None].into_iter().flatten(),
        })
    }

    /// Returns the fields of the row, one for each name of [`summary_header`].
    pub fn fields<'r>(&'r self, overview: &'r Overview) -> impl Iterator<Item = FieldValue<'r>> {
        let (before, behind) = SUMMARY_COLUMNS.split_at(fixed_before_settings());
        let field = move |column: &'static SummaryColumn| column.value(self, overview);
        let settings = self.settings.iter().map(|setting| FieldValue::Text(setting.as_str().into()));
        before.iter().map(field).chain(settings).chain(behind.iter().map(field))
    }
}

fn read(file: &SavedFile, results: &mut SavedResults) -> Result<(), ResultsError> {
    let fixed = fixed_before_settings();
    let settings = file.columns().len().saturating_sub(SUMMARY_COLUMNS.len());
    let names = file.columns().iter().skip(fixed).take(settings).cloned();
    results.overview.setting_names = names.collect();
    let header = summary_header(&results.overview.setting_names);
    let mut pairs = header.enumerate().map(|(place, name)| (name, file.columns().get(place)));
    if let Some((name, _)) = pairs.find(|(name, found)| found.is_none_or(|found| found != name)) {
        return Err(file.no_column(name));
    }
    let places: Vec<usize> = (0..file.columns().len()).collect();
    let rows = (0..file.len()).map(|row| read_row(&mut file.fields(row, &places), &results.overview));
    results.rows = rows.collect::<Result<_, _>>()?;
    Ok(())
}

fn read_row(fields: &mut FieldReader<'_>, overview: &Overview) -> Result<SummaryRow<'static>, ResultsError> {
    let mut row = SummaryRow::default();
    let (before, behind) = SUMMARY_COLUMNS.split_at(fixed_before_settings());
    for column in before {
        fields.next_with(|text| column.read(&mut row, overview, text))?;
    }
    let settings = overview.setting_names.iter().map(|_| fields.next_with(|text| Ok(text.to_owned())));
    row.settings = settings.collect::<Result<Vec<_>, _>>()?.into();
    for column in behind {
        fields.next_with(|text| column.read(&mut row, overview, text))?;
    }
    Ok(row)
}
