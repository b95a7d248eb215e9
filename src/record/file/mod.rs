//! The result files: one file of code each.

mod summary_column;
mod summary_row;

pub use approximation::{ApproximationRow, SavedApproximation};
pub use curve::{CurveRow, SavedCurvePoint};
pub use decision::DecisionRow;
pub use failure::FailureRow;
pub use histogram::{HistogramBin, SavedBin};
pub use interval::{IntervalRow, SavedInterval};
pub use length::{LengthRow, SavedLength};
pub use measure::{MEASURE_COLUMNS, MeasureColumn, MeasureRow};
pub use path::{PathRow, SavedPoint};
pub use summary::{summary_header, write_summary};
pub use summary_column::{Format, SUMMARY_COLUMNS, SummaryColumn};
pub use summary_row::{Named, Rows, RuledOut, SummaryRow};
pub use trial::{TrialRow, predicted_size, trial_encoding};

use super::csv_file::{ESTIMATOR, RowWriter, with_component};
use super::results::{ResultsError, SavedFile, SavedResults};
use super::schema::{Column, FieldsMatch, table_schema};
use crate::experiment::{Encoding, Failures, ResultRow};
use crate::plan::Plan;
use kl_sim::comparison::Verdict;
use kl_sim::simulation::{Cancel, GroupOutcome, Job};
use std::borrow::Cow;
use std::io;

macro_rules! result_files {
    ($($module:ident::$file:ident,)*) => {
        $(mod $module;)*

        /// Every file that a run may leave besides its manifest, in the order in which they are listed, read and replaced.
        /// No others are ever replaced or removed.
        pub const RESULT_FILES: &[&dyn ResultFile] = &[$(&$module::$file),*];
    };
}

// The result files: one file and one line each.
result_files! {
    summary::SummaryFile,
    histogram::HistogramFile,
    path::PathFile,
    measure::MeasureFile,
    interval::IntervalFile,
    trial::TrialFile,
    failure::FailureFile,
    curve::CurveFile,
    decision::DecisionFile,
    length::LengthFile,
    approximation::ApproximationFile,
}

/// Returns the result file of that name, if there is one.
pub fn result_file(name: &str) -> Option<&'static dyn ResultFile> {
    RESULT_FILES.iter().copied().find(|file| file.name() == name)
}

/// Takes the rows of a file into the results that reports are made from.
pub type ReadInto = fn(&SavedFile, &mut SavedResults) -> Result<(), ResultsError>;

/// A CSV file of the results: its schema, when it exists, how it is written and read.
pub trait ResultFile: Sync {
    /// The name within the results folder.
    fn name(&self) -> &'static str;

    /// What it holds, as a sentence for documents.
    fn content(&self) -> &'static str;

    /// Its columns.
    fn columns(&self) -> Vec<Column>;

    /// Its schema for programs that read it: a Table Schema of the standard Data Package.
    fn schema(&self) -> serde_json::Value {
        let columns = self.columns();
        // Estimators of a gradient have a component, too.
        let has_estimators = columns.iter().any(|column| column.name == ESTIMATOR);
        let fields_match = if has_estimators { FieldsMatch::Subset } else { FieldsMatch::Exact };
        table_schema(self.name(), self.content(), &columns, fields_match)
    }

    /// In words, when it exists; none if it always does.
    fn condition(&self) -> Option<&'static str> {
        None
    }

    /// Whether a run of `plan` may leave it. Then it is started with the run.
    fn is_planned(&self, _plan: &Plan) -> bool {
        true
    }

    /// Whether the run that started it leaves it.
    fn has_rows(&self, _run: &FinishedRun<'_>) -> bool {
        true
    }

    /// The names of the columns of a run of `plan`.
    fn header(&self, plan: &Plan) -> Vec<Cow<'static, str>> {
        let columns = self.columns();
        let names = columns.iter().map(|column| column.name);
        with_component(names, plan.has_components()).map(|name| name.to_owned().into()).collect()
    }

    /// How the estimates of single trials are encoded, if it holds them.
    fn encoding(&self) -> Option<Encoding> {
        None
    }

    /// Writes what a group of conditions gives.
    fn write_group(&self, _group: &FinishedGroup<'_>, _rows: &mut RowWriter<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes what is known at the end of the run only.
    fn write_run(&self, _run: &FinishedRun<'_>, _rows: &mut RowWriter<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Reads it for reports; none if reports only check that it is complete.
    fn read(&self) -> Option<ReadInto> {
        None
    }
}

/// A group of conditions whose trials are done.
pub struct FinishedGroup<'a> {
    /// What was simulated.
    pub job: &'a Job<'a>,
    /// What came of it.
    pub outcome: &'a GroupOutcome,
    /// Theory may take long: a run that is cancelled needs no more of it.
    pub cancel: &'a Cancel,
}

/// A run that is complete.
#[derive(Clone, Copy, Debug)]
pub struct FinishedRun<'a> {
    /// What was run.
    pub plan: &'a Plan,
    /// The comparisons, by condition and estimator.
    pub measured: &'a [ResultRow],
    /// The verdict of each.
    pub verdicts: &'a [Verdict],
    /// Trials without an estimate.
    pub failures: &'a [Failures],
}

impl<'a> FinishedRun<'a> {
    /// The rows of `summary.csv`.
    pub fn rows(&self) -> Rows<'a> {
        Rows::ResultRow { plan: self.plan, measured: self.measured, verdicts: self.verdicts }
    }
}

#[cfg(test)]
mod tests;
