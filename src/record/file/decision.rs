//! `decisions.csv`: what the tests of trials decided, beside the exact chances.

use super::{FinishedRun, ReadInto, ResultFile, SummaryRow};
use crate::experiment::{ResultRow, TruthName};
use crate::plan::{Condition, DECIDING, FixedKind, Plan, PlannedTest};
use crate::record::csv_file::RowWriter;
use crate::record::results::{ResultsError, SavedFile, SavedResults};
use crate::record::schema::{Column, Row, columns};
use kl_math::decision::Decision;
use kl_sim::comparison::{DecisionComparison, DecisionTheory};
use std::borrow::Cow;
use std::io;
use std::sync::Arc;

/// One end of the test of a condition, under one truth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecisionRow<'a> {
    /// The condition, counted from 1.
    pub condition: usize,
    /// How the test is made.
    pub test: Cow<'a, str>,
    /// What the sequences are drawn from.
    pub truth: Cow<'a, str>,
    /// The end.
    pub outcome: Cow<'a, str>,
    /// Which error it is, if it is one.
    pub error: Option<Arc<str>>,
    /// How many trials there were.
    pub trials: u64,
    /// How many of them ended so, if there were any.
    pub observed: Option<u64>,
    /// The part of them.
    pub rate: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// The chance.
    pub exact: Option<f64>,
    /// How far it may be off.
    pub exact_error: Option<f64>,
    /// A bound of the two-sided p-value of the number.
    pub p_value: Option<f64>,
    /// What the chance is surely no more than.
    pub bound: Option<f64>,
    /// Between which values of Λ a test goes on; of fixed length, the threshold twice.
    pub limits: (Option<f64>, Option<f64>),
    /// How far Λ lies beyond the limit on average where the test ends so.
    pub overshoot: Option<f64>,
    /// The chance to decide Q at the atom of the threshold that would make the chance of a wrong Q what is wanted.
    pub randomisation: Option<f64>,
    /// The mean length of sequences.
    pub mean_length: Option<f64>,
    /// Its Monte Carlo standard error.
    pub length_mcse: Option<f64>,
    /// The exact mean.
    pub expected_length: Option<f64>,
    /// How far that may be off.
    pub length_error: Option<f64>,
    /// How many standard errors the mean is off.
    pub length_z: Option<f64>,
    /// The smallest length of a fixed test that keeps both chances of an error that are wanted.
    pub smallest_n: Option<u64>,
}

columns! { DecisionRow<'_>, |row|
    "condition", None, row.condition, "The place in the experiment, from 1.";
    "test", None, row.test, "How the test is made: of fixed length `neyman_pearson` (alpha), `threshold` or `bayes` (prior); sequential \
        `wald` (alpha and beta), `limits`, `peeking` (z) or `mixture_sprt` (tau).";
    "truth", None, row.truth, "What the sequences are drawn from: P, Q, or a third law S.";
    "outcome", None, row.outcome, "What the test decides: P, Q, or nothing up to `max` (undecided).";
    "error", None, row.error, "alpha where Q is decided though P is true, beta where P is decided though Q is true; else empty.";
    "trials", None, row.trials, "The number of trials; 0 where the row has theory alone.";
    "observed", None, row.observed, "In how many trials the test ended so.";
    "rate", None, row.rate, "The part of the trials, observed/trials.";
    "mcse", None, row.mcse, "The standard error of the rate, √(c(1 − c)/trials): c is the exact chance, or the rate where that is not known.";
    "exact", None, row.exact, "The exact chance; empty where it is not known.";
    "exact_error", None, row.exact_error, "How far the exact chance may be off.";
    "p_value", None, row.p_value, "Two-sided p-value of the number of trials, which is binomial: the largest that `exact_error` leaves.";
    "bound", None, row.bound, "What the chance of an error is surely no more than, by Wald's inequality: e^lower for alpha, e^−upper for \
        beta, in nats; alpha itself for mixture_sprt.";
    "lower", Information, row.limits.0, "At or below which Σ ln(p/q) of the sequence Q is decided; of fixed length the threshold; empty \
        where it moves.";
    "upper", Information, row.limits.1, "At or above which Σ ln(p/q) of the sequence P is decided; of fixed length the threshold; empty \
        where it moves.";
    "overshoot", Information, row.overshoot, "How far Σ ln(p/q) lies beyond the limit on average where a sequential test decides so, exactly; \
        empty where limits move.";
    "randomisation", None, row.randomisation, "The chance to decide Q where the log ratio is the smallest one that decides P, which \
        would make alpha exactly what is wanted. The trials do not do so: their alpha is that or less.";
    "mean_length", None, row.mean_length, "The mean number of symbols up to the end of the test.";
    "length_mcse", None, row.length_mcse, "Its standard error: exact where the law of the length is known.";
    "expected_length", None, row.expected_length, "The exact mean number; empty where it is not known.";
    "length_error", None, row.length_error, "How far that may be off.";
    "length_z", None, row.length_z, "(mean_length − expected_length)/length_mcse.";
    "smallest_n", None, row.smallest_n, "The smallest number of symbols at which a test of fixed length keeps the alpha and the beta \
        that are wanted; empty where they are not, or it is not known.";
}

impl<'a> DecisionRow<'a> {
    /// The same row with texts of its own.
    fn into_owned(self) -> DecisionRow<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let (test, truth, outcome) = (own(self.test), own(self.truth), own(self.outcome));
        DecisionRow { test, truth, outcome, ..self }
    }

    /// The rows of one condition, in nats: of what was simulated, and of Q where only theory is; none if nothing is decided by the
    /// estimates.
    pub(super) fn of(condition: &'a Condition, found: &'a ResultRow) -> Vec<Self> {
        let (Some(test), Some(decided)) = (condition.test.as_deref(), found.decided.as_deref()) else {
            return Vec::new();
        };
        let place = found.condition;
        let simulated = decided.found.as_ref();
        let mut rows = rows_of(condition, (place, test), decided.truth, simulated, decided.theory.as_ref());
        if let Some(theory) = &decided.beyond.under_model {
            rows.extend(rows_of(condition, (place, test), TruthName::Q, None, Some(theory)));
        }
        rows.iter_mut().for_each(|row| row.smallest_n = decided.beyond.smallest_n);
        rows
    }
}

fn rows_of<'a>(
    condition: &Condition,
    (place, test): (usize, &'a PlannedTest),
    truth: TruthName,
    simulated: Option<&DecisionComparison>,
    theory: Option<&DecisionTheory>,
) -> Vec<DecisionRow<'a>> {
    let law = theory.and_then(|theory| theory.law.as_deref());
    let fixed = test.rule().is_none().then_some(condition.n as f64);
    let ends = Decision::ALL.into_iter().filter(|&decision| decision != Decision::Undecided || fixed.is_none());
    let row = |decision: Decision| {
        let outcome = simulated.and_then(|found| found.outcomes.iter().find(|outcome| outcome.decision == decision));
        let error = match (truth, decision) {
            (TruthName::P, Decision::Q) => "alpha",
            (TruthName::Q, Decision::P) => "beta",
            _ => "",
        };
        let error = Some(error).filter(|error| !error.is_empty());
        DecisionRow {
            condition: place + 1,
            test: test.name().into(),
            truth: truth.name().into(),
            outcome: decision.name().into(),
            error: error.map(Into::into),
            trials: simulated.map_or(0, |found| found.trials),
            observed: outcome.map(|outcome| outcome.observed),
            rate: outcome.map(|outcome| outcome.rate),
            mcse: outcome.map(|outcome| outcome.mcse),
            exact: theory.map(|theory| theory.chance(decision)),
            exact_error: theory.map(|theory| theory.error),
            p_value: outcome.and_then(|outcome| outcome.p_value),
            bound: error.and_then(|error| test.bound(error)),
            limits: test.limits(),
            overshoot: law.and_then(|law| law.overshoot(decision)),
            randomisation: match test {
                PlannedTest::Fixed(planned) => match &planned.kind {
                    FixedKind::NeymanPearson { found, .. } => Some(found.randomisation),
                    FixedKind::Threshold | FixedKind::Bayes => None,
                },
                PlannedTest::Sequential(_) => None,
            },
            mean_length: simulated.map(|found| found.mean_length),
            length_mcse: simulated.and_then(|found| found.length_mcse).or(fixed.map(|_| 0.0)),
            expected_length: law.map(|law| law.mean_length()).or(fixed),
            length_error: law.map(|law| law.length_error()).or(fixed.map(|_| 0.0)),
            length_z: simulated.and_then(|found| found.length_z),
            smallest_n: None,
        }
    };
    ends.map(row).collect()
}

/// `decisions.csv`.
pub(super) struct DecisionFile;

impl ResultFile for DecisionFile {
    fn name(&self) -> &'static str {
        "decisions.csv"
    }

    fn content(&self) -> &'static str {
        "What the test of each condition decides, a row for each decision: how often in the trials, and the exact chance. Where nothing \
         is drawn from Q, its rows have theory alone."
    }

    fn columns(&self) -> Vec<Column> {
        DecisionRow::COLUMNS.to_vec()
    }

    fn condition(&self) -> Option<&'static str> {
        Some("trials decide between P and Q: there is `[decide]` or `[stop]`")
    }

    fn is_planned(&self, plan: &Plan) -> bool {
        plan.has_decisions()
    }

    fn write_run(&self, run: &FinishedRun<'_>, rows: &mut RowWriter<'_>) -> io::Result<()> {
        for found in run.measured {
            if let Some(condition) = run.plan.conditions.get(found.condition) {
                DecisionRow::of(condition, found).into_iter().try_for_each(|row| rows.push(row))?;
            }
        }
        Ok(())
    }

    fn read(&self) -> Option<ReadInto> {
        Some(read)
    }
}

/// Gives each row of `summary.csv` its decisions; both files are by condition.
fn read(file: &SavedFile, results: &mut SavedResults) -> Result<(), ResultsError> {
    let mut rows = results.rows.iter_mut().peekable();
    file.each_row(|place, decision: DecisionRow<'_>| {
        let is_of = |row: &SummaryRow<'_>| row.condition == decision.condition && row.estimator == DECIDING;
        while rows.next_if(|row| !is_of(row)).is_some() {}
        let row = rows.peek_mut().ok_or_else(|| file.broken(place, 0, "a row of summary.csv has that condition"))?;
        // Of fixed length one end alone is tested.
        let is_fixed = decision.limits.0.is_some() && decision.limits.0 == decision.limits.1;
        let tested = decision.p_value.filter(|_| !is_fixed || decision.outcome == Decision::Q.name());
        row.comparison.decision_p_values.extend(tested);
        row.decisions.push(decision.into_owned());
        Ok(())
    })
}
