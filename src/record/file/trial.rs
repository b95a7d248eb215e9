//! `trials.csv`: the estimate of every trial, on request.

use super::ResultFile;
use crate::experiment::Encoding;
use crate::plan::{Plan, Record};
use crate::record::schema::{Column, Row, columns};
use kl_math::statistics::Unit;
use kl_sim::estimator::ScoredTrial;
use kl_sim::simulation::Job;
use std::borrow::Cow;

/// One estimate. Rows are in the order of (P, N) group, trial, condition, estimator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrialRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// The trial, counted from 1.
    pub trial: u64,
    /// Symbols in the sequence; where a test ends it, up to there.
    pub n: u64,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The estimate, if there is one.
    pub estimate: Option<f64>,
}

columns! { TrialRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "trial", None, row.trial, "The number of the trial, from 1.";
    "n", None, row.n, "Symbols in the sequence; where a test ends it, up to there.";
    "estimator", None, row.estimator, "What is computed from each sequence.";
    "estimate", Information, row.estimate, "The estimate; empty where the trial has none.";
}

/// `trials.csv`.
pub(super) struct TrialFile;

impl ResultFile for TrialFile {
    fn name(&self) -> &'static str {
        "trials.csv"
    }

    fn content(&self) -> &'static str {
        "Every estimate. More trials extend the file, and earlier rows stay."
    }

    fn columns(&self) -> Vec<Column> {
        TrialRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("trials are recorded: `record = \"csv\"` or `--record`")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.record == Record::Csv
    }

    fn encoding(&self) -> Option<Encoding> {
        Some(trial_encoding)
    }
}

/// Appends the rows of the trials from `first`, counted from 0.
pub fn trial_encoding(unit: Unit, job: &Job<'_>, first: u64, scored: &[ScoredTrial], text: &mut Vec<u8>) {
    for (trial, scored) in (first + 1..).zip(scored.chunks_exact(job.estimations.len().max(1))) {
        for (cell, scored) in job.estimations.iter().zip(scored) {
            let (condition, estimator) = (cell.condition + 1, cell.by.name().into());
            // The engine marks a trial without an estimate by NaN.
            let estimate = Some(scored.estimate).filter(|estimate| !estimate.is_nan());
            TrialRow { condition, trial, n: scored.length, estimator, estimate }.in_unit(unit).append_to(text);
        }
    }
}

/// Returns about how many bytes `trials.csv` of `plan` takes: an estimate prints as some twenty characters.
pub fn predicted_size(plan: &Plan) -> u128 {
    const ESTIMATE_AND_COMMAS: u128 = 20 + 5;
    let digits = |number: u64| u128::from(number.max(1).ilog10() + 1);
    let names: u128 = plan.estimators.iter().map(|estimator| estimator.name().len() as u128).sum();
    let conditions = plan.conditions.iter().enumerate().map(|(index, condition)| {
        let row = digits(index as u64 + 1) + digits(condition.trials) + digits(condition.n) + ESTIMATE_AND_COMMAS;
        u128::from(condition.trials) * (row * plan.estimators.len() as u128 + names)
    });
    conditions.sum()
}
