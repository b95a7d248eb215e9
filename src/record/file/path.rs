//! `paths.csv`: the running estimate of the first trials.

use super::{FinishedGroup, ReadInto, ResultFile};
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

/// The estimate from the first symbols of a trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// The number of symbols.
    pub length: u64,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The estimate.
    pub estimate: f64,
    /// The exact mean of the estimate from that many symbols, if it is known.
    pub expected: Option<f64>,
    /// Its exact standard deviation, if it is known.
    pub std_dev: Option<f64>,
}

/// A point of a path that was read from a file, in the unit of the experiment.
pub type SavedPoint = PathRow<'static>;

columns! { PathRow<'_>, |point|
    "condition", None, point.condition, "The place in the experiment, from 1.";
    "trial", None, point.trial, "The number of the trial, from 1.";
    "length", None, point.length, "How many symbols the estimate is from.";
    "estimator", None, point.estimator, "What is computed from each sequence.";
    "estimate", Information, point.estimate, "The estimate from so many symbols.";
    "expected", Information, point.expected, "Its exact mean; empty where that is not known.";
    "std_dev", Information, point.std_dev, "Its exact standard deviation; empty where that is not known.";
}

/// `paths.csv`.
pub(super) struct PathFile;

impl ResultFile for PathFile {
    fn name(&self) -> &'static str {
        "paths.csv"
    }

    fn content(&self) -> &'static str {
        "The running estimate of the first eight trials at up to 200 lengths, beside its exact mean and standard deviation; no \
         rows unless the sampler is `sequence`, since counts have no order."
    }

    fn columns(&self) -> Vec<Column> {
        PathRow::COLUMNS.to_vec()
    }

    fn write_group(&self, group: &FinishedGroup<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        let (mut moments, mut known) = (HashMap::new(), HashMap::new());
        for point in &group.outcome.paths {
            if group.cancel.reason().is_some() {
                break;
            }
            let Some(cell) = group.job.estimations.get(point.estimation) else { continue };
            if point.estimate.is_nan() {
                // So few symbols have no estimate.
                continue;
            }
            let known = known.entry(point.estimation).or_insert_with(|| cell.by.running_moments(cell.pair));
            let (expected, std_dev) =
                *moments.entry((point.estimation, point.length)).or_insert_with(|| known(point.length));
            rows.push(PathRow {
                condition: cell.condition + 1,
                trial: point.trial + 1,
                length: point.length,
                estimator: cell.by.name().into(),
                estimate: point.estimate,
                expected,
                std_dev,
            })?;
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.points = file.rows()?;
            Ok(())
        })
    }
}
