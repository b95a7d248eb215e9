//! `failures.csv`: the trials in which a program of the user's own gave no estimate.

use super::{FinishedRun, ResultFile};
use crate::plan::Plan;
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use std::borrow::Cow;
use std::io;

/// A trial without an estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FailureRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// What went wrong.
    pub failure: Cow<'a, str>,
}

columns! { FailureRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "trial", None, row.trial, "The number of the trial, from 1.";
    "estimator", None, row.estimator, "The program that gave no estimate.";
    "failure", None, row.failure, "What went wrong.";
}

/// `failures.csv`.
pub(super) struct FailureFile;

impl ResultFile for FailureFile {
    fn name(&self) -> &'static str {
        "failures.csv"
    }

    fn content(&self) -> &'static str {
        "The trials in which a program of your own gave no estimate, and why; of more than 10,000 the first."
    }

    fn columns(&self) -> Vec<Column> {
        FailureRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("a program of your own failed")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.programs().next().is_some()
    }

    fn has_rows(&self, run: &FinishedRun<'_>) -> bool {
        run.failures.iter().any(|failures| !failures.failed.is_empty())
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for failures in run.failures {
            for (trial, failure) in failures.failed.iter() {
                rows.push(FailureRow {
                    condition: failures.condition + 1,
                    trial: trial + 1,
                    estimator: failures.estimator.as_str().into(),
                    failure: failure.to_string().into(),
                })?;
            }
        }
        Ok(())
    }
}
