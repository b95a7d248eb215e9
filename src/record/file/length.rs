//! `lengths.csv`: after how many symbols sequential tests end.

use super::{FinishedRun, ReadInto, ResultFile};
use crate::plan::{DECIDING, Plan};
use crate::record::csv_file::RowWriter;
use crate::record::results::run_of;
use crate::record::schema::{Column, Row, columns};
use kl_sim::comparison::LengthQuantile;
use std::borrow::Cow;
use std::io;

/// A quantile of the length of sequences.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LengthRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// What the sequences are drawn from.
    pub truth: Cow<'a, str>,
    /// The level.
    pub level: f64,
    /// The quantile of the trials.
    pub observed: u64,
    /// The exact quantile.
    pub exact: Option<u64>,
    /// How many trials were no longer than that.
    pub at_most: Option<u64>,
    /// A bound of the two-sided p-value of that number.
    pub p_value: Option<f64>,
}

/// A row that was read from a file.
pub type SavedLength = LengthRow<'static>;

columns! { LengthRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "truth", None, row.truth, "What the sequences are drawn from: P, Q, or a third law S.";
    "level", None, row.level, "The part of all tests that end by then.";
    "observed", None, row.observed, "The quantile in the trials: the smallest number of symbols by which so many tests ended, above \
        4,096 to 12 binary digits.";
    "exact", None, row.exact, "The exact quantile; empty where the law of the length is not known.";
    "at_most", None, row.at_most, "The number of trials that ended by the exact quantile, to 12 binary digits upwards.";
    "p_value", None, row.p_value, "Two-sided p-value of that number, which is binomial: the largest that the error of theory leaves.";
}

/// `lengths.csv`.
pub(super) struct LengthFile;

impl ResultFile for LengthFile {
    fn name(&self) -> &'static str {
        "lengths.csv"
    }

    fn content(&self) -> &'static str {
        "After how many symbols the tests of each condition end: quantiles in the trials, and exact ones."
    }

    fn columns(&self) -> Vec<Column> {
        LengthRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("tests end by themselves: there is `[stop]`")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.conditions.iter().any(|condition| condition.rule().is_some())
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for found in run.measured {
            let Some(decided) = found.decided.as_deref() else { continue };
            let quantiles = decided.found.iter().flat_map(|decisions| &decisions.quantiles);
            for &LengthQuantile { level, observed, exact, at_most, p_value } in quantiles {
                let (condition, truth) = (found.condition + 1, decided.truth.name().into());
                rows.push(LengthRow { condition, truth, level, observed, exact, at_most, p_value })?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.lengths = file.rows()?;
            for row in results.rows.iter_mut().filter(|row| row.estimator == DECIDING) {
                let own = run_of(&results.lengths, |length| length.condition == row.condition);
                row.comparison.decision_p_values.extend(own.iter().filter_map(|length| length.p_value));
            }
            Ok(())
        })
    }
}
