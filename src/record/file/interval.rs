//! `intervals.csv`: a hundred intervals of each estimator in each condition, ranked by how far off they are.

use super::{FinishedRun, ReadInto, ResultFile};
use crate::plan::Plan;
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use kl_math::numeric::normal_quantile;
use kl_math::statistics::RankedInterval;
use std::borrow::Cow;
use std::io;

/// One interval of one estimator in one condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IntervalRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The part of the trials whose estimate is fewer of its own standard errors off, in percent.
    pub centile: f64,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// The ends of the interval.
    pub ends: (f64, f64),
    /// Whether it holds the estimand.
    pub holds: bool,
}

/// An interval that was read from a file, in the unit of the experiment.
pub type SavedInterval = IntervalRow<'static>;

columns! { IntervalRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "estimator", None, row.estimator, "What is computed from each sequence.";
    "centile", None, row.centile, "The part of the trials whose estimate is fewer of its own standard errors off, in percent.";
    "estimate", Information, row.estimate, "The estimate.";
    "std_error", Information, row.std_error, "The standard error that comes with it.";
    "low", Information, row.ends.0, "The lower end of the interval, estimate − z std_error.";
    "high", Information, row.ends.1, "The upper end of the interval, estimate + z std_error.";
    "holds", None, row.holds, "1 if the interval holds the closed form, else 0.";
}

impl<'a> IntervalRow<'a> {
    /// The interval that reaches `z` standard errors to either side of an estimate of `truth`, in nats.
    fn new(condition: usize, estimator: &'a str, ranked: RankedInterval, z: f64, truth: f64) -> Self {
        let RankedInterval { centile, estimate, std_error } = ranked;
        let reach = z * std_error;
        let (ends, holds) = ((estimate - reach, estimate + reach), (estimate - truth).abs() <= reach);
        Self { condition, estimator: estimator.into(), centile, estimate, std_error, ends, holds }
    }
}

/// `intervals.csv`.
pub(super) struct IntervalFile;

impl ResultFile for IntervalFile {
    fn name(&self) -> &'static str {
        "intervals.csv"
    }

    fn content(&self) -> &'static str {
        "A hundred of each estimator's intervals in each condition, ranked by how many standard errors the estimate is off, for \
         zip plots."
    }

    fn columns(&self) -> Vec<Column> {
        IntervalRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("there is a `level`, and estimates have standard errors")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.level.is_some()
    }

    fn has_rows(&self, run: &FinishedRun<'_>) -> bool {
        run.measured.iter().any(|measured| !measured.ranked.is_empty())
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        let Some(level) = run.plan.level else { return Ok(()) };
        let z = normal_quantile(0.5 * (1.0 - level.get()));
        for measured in run.measured {
            let truth = measured.comparison.estimand();
            for &ranked in &measured.ranked {
                rows.push(IntervalRow::new(measured.condition + 1, &measured.estimator, ranked, z, truth))?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.intervals = file.rows()?;
            Ok(())
        })
    }
}
