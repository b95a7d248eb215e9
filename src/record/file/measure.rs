//! `measures.csv`: the performance of several estimators, in long form.

use super::SummaryRow;
use super::{FinishedRun, ReadInto, ResultFile};
use crate::plan::Plan;
use crate::record::csv_file::RowWriter;
use crate::record::results::{ResultsError, SavedFile, SavedResults};
use crate::record::schema::{Column, Dimension, Row, columns};
use kl_math::statistics::Measure;
use kl_sim::comparison::Performance;
use kl_sim::estimator::split_component;
use std::borrow::Cow;
use std::io;

/// A performance measure of one estimator in one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The measure.
    pub assessed: Performance,
}

impl Default for MeasureRow<'_> {
    fn default() -> Self {
        let assessed = Performance { measure: Measure::Bias, estimate: 0.0, mcse: None, expected: None };
        Self { condition: 0, estimator: Cow::default(), assessed }
    }
}

columns! { MeasureRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "estimator", None, row.estimator, "What is computed from each sequence.";
    "measure", None, row.assessed.measure, "The name of the measure.";
    "estimate", OfMeasure, row.assessed.estimate, "The measure, estimated from the trials.";
    "mcse", OfMeasure, row.assessed.mcse, "Its Monte Carlo standard error, which does not assume normal estimates; empty where \
        the trials are not enough for one.";
    "expected", OfMeasure, row.assessed.expected, "The exact measure; empty where it is not known.";
}

/// `measures.csv`.
pub(super) struct MeasureFile;

impl ResultFile for MeasureFile {
    fn name(&self) -> &'static str {
        "measures.csv"
    }

    fn content(&self) -> &'static str {
        "The performance measures of each estimator (Morris, White & Crowther 2019), a row for each measure."
    }

    fn columns(&self) -> Vec<Column> {
        MeasureRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("there are several estimators, or a `level`")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.has_measures()
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for measured in run.measured {
            for assessed in &measured.measures {
                let estimator: Cow<'_, str> = match split_component(&measured.estimator) {
                    // Of all components together: the column of the component is empty.
                    (estimator, Some(_)) if assessed.measure.is_of_gradient() => format!("{estimator}[]").into(),
                    _ => (*measured.estimator).into(),
                };
                rows.push(MeasureRow {
                    condition: measured.condition + 1,
                    estimator,
                    assessed: assessed.in_unit(run.plan.unit),
                })?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(read)
    }
}

/// Gives each row of `summary.csv` its measures; both files are by condition and estimator.
fn read(file: &SavedFile, results: &mut SavedResults) -> Result<(), ResultsError> {
    let mut rows = results.rows.iter_mut().peekable();
    file.each_row(|place, measure: MeasureRow<'_>| {
        let is_of = |row: &SummaryRow<'_>| match split_component(&measure.estimator) {
            // What is of all components stands behind what is of each.
            (estimator, Some("")) => split_component(&row.estimator).0 == estimator,
            _ => row.estimator == measure.estimator,
        };
        while rows.next_if(|row| row.condition != measure.condition || !is_of(row)).is_some() {}
        let row = rows.peek_mut().ok_or_else(|| file.broken(place, 0, "a row of summary.csv has that condition"))?;
        row.measures.push(measure.assessed);
        Ok(())
    })
}

/// A measure as a column of a table, beside those of `summary.csv`.
#[derive(Clone, Copy, Debug)]
pub struct MeasureColumn {
    /// The measure, which names the column and has a dimension.
    pub measure: Measure,
    /// The name for people.
    pub heading: &'static str,
    /// What it means, by which formula.
    pub meaning: &'static str,
}

impl MeasureColumn {
    /// How its numbers depend on the unit of the experiment.
    pub fn dimension(&self) -> Dimension {
        match self.measure.dimension() {
            0 => Dimension::None,
            1 => Dimension::Information,
            _ => Dimension::Variance,
        }
    }
}

const fn column(measure: Measure, heading: &'static str, meaning: &'static str) -> MeasureColumn {
    MeasureColumn { measure, heading, meaning }
}

/// The measures that `summary.csv` does not have.
pub static MEASURE_COLUMNS: &[MeasureColumn] = &[
    column(Measure::RelativeBias, "relative bias", "Bias / closed form, with its standard error."),
    column(
        Measure::EmpiricalSe,
        "empirical SE",
        "The standard deviation of the estimates, with its standard error: exact where the law is known well enough, else of any law.",
    ),
    column(Measure::Mse, "MSE", "The mean of (estimate − closed form)², with its standard error."),
    column(
        Measure::Nonpositive,
        "P(estimate ≤ 0)",
        "The part of the estimates that are 0 or less: sequences that do not speak for P.",
    ),
    column(
        Measure::Quantile5,
        "5 % quantile",
        "A twentieth of the estimates are below, with its standard error where they have a density.",
    ),
    column(Measure::Quantile25, "25 % quantile", "A quarter of the estimates are below."),
    column(Measure::Median, "median", "Half of the estimates are below."),
    column(Measure::Quantile75, "75 % quantile", "A quarter of the estimates are above."),
    column(Measure::Quantile95, "95 % quantile", "A twentieth of the estimates are above."),
    column(Measure::ModelSe, "average SE", "√(mean of se²), se the standard error that comes with each estimate."),
    column(Measure::ModelSeError, "error of SE, %", "100 (average SE / empirical SE − 1)."),
    column(Measure::Coverage, "coverage", "The part of the intervals estimate ± z se that hold the closed form."),
    column(
        Measure::BiasEliminatedCoverage,
        "bias-eliminated coverage",
        "The part of them that hold the estimator's exact mean.",
    ),
    column(Measure::Rejection, "rejection of 0", "The part of them that do not hold 0."),
    column(
        Measure::ExactSeCoverage,
        "coverage, exact SE",
        "The part of the intervals estimate ± z σ that hold the closed form, σ the exact standard deviation of an estimate.",
    ),
    column(Measure::ExactSeRejection, "rejection, exact SE", "The part of those that do not hold 0."),
    column(
        Measure::EffectiveSampleSize,
        "effective sample size",
        "How many symbols from P tell as much as the N weighed ones from S, N (mean w)²/(mean w²).",
    ),
    column(
        Measure::BiasNorm,
        "‖bias‖",
        "The length of the bias of an estimated gradient, over all components; its standard error is a bound.",
    ),
    column(
        Measure::CovarianceTrace,
        "trace of covariance",
        "The sum of the variances of all components of an estimated gradient; its standard error is a bound.",
    ),
    column(
        Measure::Cosine,
        "cosine",
        "That of the angle between the mean of an estimated gradient and the true one; its standard error is a bound.",
    ),
    column(
        Measure::NoiseToSignal,
        "noise/signal",
        "√(trace of the covariance) over the length of the true gradient; its standard error is a bound.",
    ),
    column(
        Measure::PrecisionGain,
        "precision gain, %",
        "How many percent more trials the reference estimator needs to be as exact as this one over the same sequences: \
         100 [(S of the reference / S)² − 1], with the infinitesimal jackknife's standard error.",
    ),
];
