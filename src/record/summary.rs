//! `summary.csv`: one row per condition and estimator, complete in itself.

use super::Label;
use crate::comparison::{Comparison, Method, Verdict};
use crate::distribution::Pair;
use crate::estimator::Rate;
use crate::experiment::Measured;
use crate::numeric::shortest;
use crate::plan::Plan;
use crate::statistics::Unit;
use std::io::Write;

/// One row, in the unit of the experiment.
#[derive(Clone, Debug)]
pub struct SummaryRow<'a> {
    /// Which condition, counted from 1: a label, not an identity.
    pub condition: usize,
    /// P and Q.
    pub pair: &'a Pair,
    /// Symbols a sequence.
    pub n: u64,
    /// The estimator's name.
    pub estimator: &'static str,
    /// The unit of all that follows.
    pub unit: Unit,
    /// What was found beside what theory says, in that unit.
    pub comparison: Comparison,
    /// What it amounts to.
    pub verdict: Verdict,
    /// The values of the grid's and the cases' keys.
    pub settings: &'a [String],
}

/// The rows of one experiment, each made when it is looked at: a large grid has a million of them.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    plan: &'a Plan,
    measured: &'a [Measured],
    verdicts: &'a [Verdict],
}

impl<'a> Rows<'a> {
    /// The rows of what was measured, with the verdict of each.
    pub fn new(plan: &'a Plan, measured: &'a [Measured], verdicts: &'a [Verdict]) -> Self {
        Self { plan, measured, verdicts }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.measured.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.measured.is_empty()
    }

    /// The rows, by condition and estimator.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SummaryRow<'a>> + use<'a> {
        let plan = self.plan;
        self.measured.iter().zip(self.verdicts).filter_map(move |(measured, &verdict)| {
            let condition = plan.conditions.get(measured.condition)?;
            Some(SummaryRow {
                condition: measured.condition + 1,
                pair: &condition.pair,
                n: condition.n,
                estimator: measured.estimator,
                unit: plan.unit,
                comparison: in_unit(measured.comparison.clone(), plan.unit),
                verdict,
                settings: &condition.settings,
            })
        })
    }
}

/// Estimates, means and standard errors divide by the unit, variances by its square; z, ratios and p-values
/// stay.
fn in_unit(nats: Comparison, unit: Unit) -> Comparison {
    let linear = |value: Option<f64>| value.map(|value| unit.of_nats(value));
    let square = |value: Option<f64>| value.map(|value| unit.of_square_nats(value));
    Comparison {
        closed_form: unit.of_nats(nats.closed_form),
        closed_form_error: linear(nats.closed_form_error),
        rate: nats.rate.map(|rate| Rate { mean: unit.of_nats(rate.mean), variance: square(rate.variance) }),
        expected: linear(nats.expected),
        mean: unit.of_nats(nats.mean),
        mcse: linear(nats.mcse),
        bias: linear(nats.bias),
        rmse: linear(nats.rmse),
        closed_form_variance: square(nats.closed_form_variance),
        variance: square(nats.variance),
        variance_mcse: square(nats.variance_mcse),
        ..nats
    }
}

/// The columns before the settings.
const COLUMNS: [&str; 25] = [
    "experiment",
    "condition",
    "p",
    "q",
    "n",
    "trials",
    "seed",
    "sampler",
    "estimator",
    "unit",
    "closed_form",
    "expected",
    "mean",
    "mcse",
    "bias",
    "z",
    "p_value",
    "closed_form_variance",
    "variance",
    "variance_mcse",
    "variance_ratio",
    "variance_p_value",
    "rmse",
    "infinite_trials",
    "verdict",
];

/// The columns after the settings.
const MORE_COLUMNS: [&str; 7] = [
    "p_value_method",
    "infinite_expected",
    "infinite_p_value",
    "closed_form_source",
    "closed_form_error",
    "kl_rate",
    "asymptotic_variance",
];

/// Writes the rows of one experiment as CSV.
pub struct SummaryWriter<'a, W: Write> {
    plan: &'a Plan,
    writer: csv::Writer<W>,
}

impl<'a, W: Write> SummaryWriter<'a, W> {
    /// Starts with the header.
    pub fn new(plan: &'a Plan, out: W) -> csv::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        let settings = plan.setting_names.iter().map(String::as_str);
        writer.write_record(COLUMNS.into_iter().chain(settings).chain(MORE_COLUMNS))?;
        Ok(Self { plan, writer })
    }

    /// One more row.
    pub fn push(&mut self, row: &SummaryRow<'_>) -> csv::Result<()> {
        let found = &row.comparison;
        let number = |value: Option<f64>| value.map(shortest).unwrap_or_default();
        let method = match found.p_value_method {
            Some(Method::Exact) => "exact",
            Some(Method::Bound) => "bound",
            None => "",
        };
        let fixed = [
            self.plan.experiment.clone(),
            row.condition.to_string(),
            Label::new(&row.pair.source().to_string()).shown().to_owned(),
            Label::new(&row.pair.model().to_string()).shown().to_owned(),
            row.n.to_string(),
            found.trials.to_string(),
            self.plan.seed.to_string(),
            self.plan.sampler.name().to_owned(),
            row.estimator.to_owned(),
            row.unit.name().to_owned(),
            shortest(found.closed_form),
            number(found.expected),
            shortest(found.mean),
            number(found.mcse),
            number(found.bias),
            number(found.z),
            number(found.p_value),
            number(found.closed_form_variance),
            number(found.variance),
            number(found.variance_mcse),
            number(found.variance_ratio),
            number(found.variance_p_value),
            number(found.rmse),
            found.infinite_trials.to_string(),
            row.verdict.name().to_owned(),
        ];
        let more = [
            method.to_owned(),
            number(found.infinite_expected),
            number(found.infinite_p_value),
            found.closed_form_source.name().to_owned(),
            number(found.closed_form_error),
            number(found.rate.map(|rate| rate.mean)),
            number(found.rate.and_then(|rate| rate.variance)),
        ];
        self.writer.write_record(fixed.iter().chain(row.settings).chain(&more))
    }

    /// Writes what is buffered and gives the file back.
    pub fn finish(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}
