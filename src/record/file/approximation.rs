//! `approximations.csv`: what approximations say of tests, beside what is exact.

use super::{FinishedRun, ReadInto, ResultFile};
use crate::experiment::Approximated;
use crate::plan::Plan;
use crate::record::csv_file::RowWriter;
use crate::record::schema::{Column, Row, columns};
use std::borrow::Cow;
use std::io;

/// One approximation in one condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApproximationRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// Symbols in a sequence; of a sequential test at most.
    pub n: u64,
    /// Of what it is.
    pub quantity: Cow<'a, str>,
    /// The approximation.
    pub approximation: Cow<'a, str>,
    /// Whether it is a bound.
    pub bound: bool,
    /// What it says.
    pub value: f64,
    /// The exact value.
    pub exact: Option<f64>,
    /// The first over the second.
    pub ratio: Option<f64>,
    /// −ln(value)/N.
    pub exponent: Option<f64>,
    /// −ln(exact)/N.
    pub exact_exponent: Option<f64>,
}

/// A row that was read from a file, in the unit of the experiment.
pub type SavedApproximation = ApproximationRow<'static>;

columns! { ApproximationRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "n", None, row.n, "Symbols in a sequence; of a sequential test at most.";
    "quantity", None, row.quantity, "Of what it is: alpha, the chance to decide Q though P is true; beta, the chance to decide P though Q \
        is true; mean_error, the mean of the two of a test that decides for the likelier; decides_P, the chance to decide P where a third \
        law is true; mean_length, the mean number of symbols.";
    "approximation", None, row.approximation, "The name of the approximation: see the method page on decisions.";
    "bound", None, row.bound, "1 if the exact value is never above it, else 0.";
    "value", None, row.value, "What it says.";
    "exact", None, row.exact, "The exact value; empty where it is not known.";
    "ratio", None, row.ratio, "value/exact.";
    "exponent", Information, row.exponent, "−ln(value)/N, in the unit of the experiment per symbol; empty of a length.";
    "exact_exponent", Information, row.exact_exponent, "−ln(exact)/N likewise.";
}

/// `approximations.csv`.
pub(super) struct ApproximationFile;

impl ResultFile for ApproximationFile {
    fn name(&self) -> &'static str {
        "approximations.csv"
    }

    fn content(&self) -> &'static str {
        "What approximations and bounds say of the chances of an error and of the mean length of the test of each condition, beside the \
         exact values."
    }

    fn columns(&self) -> Vec<Column> {
        ApproximationRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("trials decide between P and Q: there is `[decide]` or `[stop]`")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.has_decisions()
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for found in run.measured {
            let (Some(decided), Some(condition)) = (&found.decided, run.plan.conditions.get(found.condition)) else {
                continue;
            };
            for &Approximated { quantity, name, is_bound, value, exponent, exact, exact_exponent } in
                &decided.beyond.approximations
            {
                rows.push(ApproximationRow {
                    condition: found.condition + 1,
                    n: condition.n,
                    quantity: quantity.into(),
                    approximation: name.into(),
                    bound: is_bound,
                    value,
                    exact,
                    ratio: exact.map(|exact| value / exact).filter(|ratio| ratio.is_finite()),
                    exponent,
                    exact_exponent,
                })?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(|file, results| {
            results.approximations = file.rows()?;
            Ok(())
        })
    }
}
