//! A row of `summary.csv`: one estimator in one condition.

use super::{DecisionRow, SUMMARY_COLUMNS};
use crate::experiment::ResultRow;
use crate::plan::Plan;
use crate::record::Label;
use crate::record::schema::{Field, FieldKind, FieldType, FieldValue, Row};
use kl_math::distribution::{Distribution, Pair};
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{Comparison, Performance, Verdict};
use std::borrow::Cow;

/// One row, in the unit of the experiment.
#[derive(Clone, Debug)]
pub struct SummaryRow<'a> {
    /// The condition, counted from 1: a label, not an identity.
    pub condition: usize,
    /// P.
    pub source: Named<'a>,
    /// Q.
    pub model: Named<'a>,
    /// Symbols in a sequence.
    pub n: u64,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The unit of the numbers that follow.
    pub unit: Unit,
    /// The comparison with theory, in that unit.
    pub comparison: Comparison,
    /// The verdict on it.
    pub verdict: Verdict,
    /// The values of the grid's and the cases' keys.
    pub settings: Cow<'a, [String]>,
    /// The name that the user gives the condition; empty if none.
    pub label: Cow<'a, str>,
    /// KL(Q‖P), if it is known; for sequences with memory divided by N, as KL(P‖Q) is.
    pub reverse: Option<f64>,
    /// What P can produce and Q cannot.
    pub ruled_out: Option<RuledOut>,
    /// The performance measures, if there are several estimators.
    pub measures: Vec<Performance>,
    /// What the test that decides by these estimates did, if one does.
    pub decisions: Vec<DecisionRow<'a>>,
}

impl SummaryRow<'_> {
    /// The Monte Carlo standard error of the root mean square error: that of `measures.csv`, or else what theory says it is at most.
    pub fn rmse_mcse(&self) -> Option<f64> {
        let measured = self.measures.iter().find(|found| found.measure == Measure::Rmse);
        measured.and_then(|found| found.mcse).or_else(|| self.comparison.rmse_mcse())
    }
}

impl Default for SummaryRow<'_> {
    fn default() -> Self {
        let none = || Named::Label(String::new());
        Self {
            condition: 0,
            source: none(),
            model: none(),
            n: 0,
            estimator: Cow::default(),
            unit: Unit::default(),
            comparison: Comparison::default(),
            verdict: Verdict::Untested,
            settings: Cow::default(),
            label: Cow::default(),
            reverse: None,
            ruled_out: None,
            measures: Vec::new(),
            decisions: Vec::new(),
        }
    }
}

/// A distribution, or its name in a row that was read.
#[derive(Clone, Debug)]
pub enum Named<'a> {
    /// The distribution itself.
    Distribution(&'a Distribution),
    /// Its [`Label`].
    Label(String),
}

impl Named<'_> {
    /// The label that rows show.
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::Distribution(distribution) => Label::new(&distribution.to_string()).shown().to_owned().into(),
            Self::Label(label) => label.as_str().into(),
        }
    }
}

impl PartialEq for Named<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Distribution(one), Self::Distribution(other)) => one == other,
            _ => self.label() == other.label(),
        }
    }
}

impl Field for Named<'_> {
    const TYPE: FieldType = FieldType::required(FieldKind::Text);

    fn value(&self) -> FieldValue<'_> {
        FieldValue::Text(self.label())
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(Self::Label(text.to_owned()))
    }
}

/// What P can produce and Q cannot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuledOut {
    /// In words: `the symbol T`, the first of several, or values.
    pub what: String,
    /// Its probability under P.
    pub mass: f64,
}

impl RuledOut {
    fn of(pair: &Pair) -> Option<Self> {
        let pair = match pair {
            Pair::Symbols(pair) => pair,
            Pair::Values(pair) => {
                return pair.uncovered().map(|uncovered| Self { what: uncovered.values, mass: uncovered.mass });
            }
            Pair::Chains(_) => return None,
        };
        let symbol = pair.uncovered().next()?;
        let (name, mass) = (pair.symbols().get(symbol)?, pair.source_probabilities().get(symbol)?.to_f64());
        let others = match pair.uncovered().count() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        Some(Self { what: format!("the symbol {name}{others}"), mass })
    }
}

/// The rows of one experiment.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Just measured. Each row is made when it is needed, since a large grid has a million of them.
    ResultRow {
        /// What was run.
        plan: &'a Plan,
        /// What was measured.
        measured: &'a [ResultRow],
        /// The verdict of each.
        verdicts: &'a [Verdict],
    },
    /// Read from a file.
    Saved(&'a [SummaryRow<'static>]),
}

impl<'a> Rows<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::ResultRow { measured, .. } => measured.len(),
            Self::Saved(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows, by condition and estimator.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SummaryRow<'a>> + use<'a> {
        let rows = *self;
        (0..rows.len()).filter_map(move |place| rows.get(place))
    }

    fn get(self, place: usize) -> Option<SummaryRow<'a>> {
        let (plan, measured, verdict) = match self {
            Self::ResultRow { plan, measured, verdicts } => (plan, measured.get(place)?, *verdicts.get(place)?),
            Self::Saved(rows) => return rows.get(place).cloned(),
        };
        let condition = plan.conditions.get(measured.condition)?;
        let mut row = SummaryRow {
            condition: measured.condition + 1,
            source: Named::Distribution(condition.source()),
            model: Named::Distribution(condition.model()),
            n: condition.n,
            estimator: (*measured.estimator).into(),
            unit: plan.unit,
            comparison: measured.comparison.clone(),
            verdict,
            settings: condition.settings.as_slice().into(),
            label: (*condition.label).into(),
            reverse: measured.reverse,
            ruled_out: condition.pair().and_then(|pair| RuledOut::of(pair)),
            measures: measured.measures.iter().map(|assessed| assessed.in_unit(plan.unit)).collect(),
            decisions: DecisionRow::of(condition, measured).into_iter().map(|row| row.in_unit(plan.unit)).collect(),
        };
        SUMMARY_COLUMNS.iter().for_each(|column| column.convert(&mut row, plan.unit));
        Some(row)
    }
}
