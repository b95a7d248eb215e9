//! `summary.csv`: one row per condition and estimator, complete in itself.

use super::{Label, Overview};
use crate::experiment::Measured;
use crate::plan::Plan;
use kl_math::distribution::{Distribution, Pair};
use kl_math::numeric::shortest;
use kl_math::statistics::Unit;
use kl_sim::comparison::{Assessed, Comparison, Method, Verdict};
use kl_sim::estimator::Rate;
use std::borrow::Cow;
use std::io::Write;

/// One row, in the unit of the experiment.
#[derive(Clone, Debug)]
pub struct SummaryRow<'a> {
    /// Which condition, counted from 1: a label, not an identity.
    pub condition: usize,
    /// P.
    pub source: Named<'a>,
    /// Q.
    pub model: Named<'a>,
    /// Symbols a sequence.
    pub n: u64,
    /// The estimator's name.
    pub estimator: Cow<'a, str>,
    /// The unit of all that follows.
    pub unit: Unit,
    /// What was found beside what theory says, in that unit.
    pub comparison: Comparison,
    /// What it amounts to.
    pub verdict: Verdict,
    /// The values of the grid's and the cases' keys.
    pub settings: Cow<'a, [String]>,
    /// KL(Q‖P), if it is known; of sequences with memory over N, as KL(P‖Q) is.
    pub reverse: Option<f64>,
    /// What P can produce and Q cannot.
    pub ruled_out: Option<RuledOut>,
    /// How the estimator does beside another, if there are several.
    pub measures: Vec<Assessed>,
}

/// A distribution, or its name in a saved row.
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

/// What P can produce and Q cannot.
#[derive(Clone, Debug, PartialEq)]
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
        let (name, mass) = (pair.symbols().get(symbol)?, pair.source_masses().get(symbol)?.to_f64());
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
    /// Just measured. Each is made when it is looked at: a large grid has a million of them.
    Measured {
        /// What was run.
        plan: &'a Plan,
        /// What was measured.
        measured: &'a [Measured],
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
            Self::Measured { measured, .. } => measured.len(),
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
            Self::Measured { plan, measured, verdicts } => (plan, measured.get(place)?, *verdicts.get(place)?),
            Self::Saved(rows) => return rows.get(place).cloned(),
        };
        let condition = plan.conditions.get(measured.condition)?;
        Some(SummaryRow {
            condition: measured.condition + 1,
            source: Named::Distribution(condition.source()),
            model: Named::Distribution(condition.model()),
            n: condition.n,
            estimator: (*measured.estimator).into(),
            unit: plan.unit,
            comparison: in_unit(measured.comparison.clone(), plan.unit),
            verdict,
            settings: condition.settings.as_slice().into(),
            reverse: measured.reverse.map(|nats| plan.unit.of_nats(nats)),
            ruled_out: condition.pair().and_then(|pair| RuledOut::of(pair)),
            measures: measured.measures.iter().map(|assessed| assessed.in_unit(plan.unit)).collect(),
        })
    }
}

/// Estimates, means and standard errors divide by the unit, variances by its square; z, ratios and p-values
/// stay.
fn in_unit(nats: Comparison, unit: Unit) -> Comparison {
    let linear = |value: Option<f64>| value.map(|value| unit.of_nats(value));
    let square = |value: Option<f64>| value.map(|value| unit.of_square_nats(value));
    Comparison {
        closed_form: linear(nats.closed_form),
        closed_form_error: linear(nats.closed_form_error),
        rate: nats.rate.map(|rate| Rate { mean: unit.of_nats(rate.mean), variance: square(rate.variance) }),
        expected: linear(nats.expected),
        mean: linear(nats.mean),
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
pub(super) const COLUMNS: [&str; 25] = [
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
pub(super) const MORE_COLUMNS: [&str; 12] = [
    "p_value_method",
    "infinite_expected",
    "infinite_p_value",
    "closed_form_source",
    "closed_form_error",
    "kl_rate",
    "asymptotic_variance",
    "reverse_closed_form",
    "ruled_out",
    "ruled_out_mass",
    "failed_trials",
    "reason",
];

/// Writes the rows of one experiment as CSV.
pub struct SummaryWriter<'a, W: Write> {
    overview: &'a Overview,
    writer: csv::Writer<W>,
}

impl<'a, W: Write> SummaryWriter<'a, W> {
    /// Starts with the header.
    pub fn new(overview: &'a Overview, out: W) -> csv::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(columns(&overview.setting_names))?;
        Ok(Self { overview, writer })
    }

    /// One more row.
    pub fn push(&mut self, row: &SummaryRow<'_>) -> csv::Result<()> {
        self.writer.write_record(row.fields(self.overview))
    }

    /// Writes what is buffered and gives the file back.
    pub fn finish(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// The columns, those of the settings among them.
pub fn columns(setting_names: &[String]) -> impl Iterator<Item = &str> {
    COLUMNS.into_iter().chain(setting_names.iter().map(String::as_str)).chain(MORE_COLUMNS)
}

impl SummaryRow<'_> {
    /// The row as text, a field for each of the [`columns`].
    pub fn fields(&self, overview: &Overview) -> Vec<String> {
        let (row, found) = (self, &self.comparison);
        let number = |value: Option<f64>| value.map(shortest).unwrap_or_default();
        let fixed = [
            overview.experiment.clone(),
            row.condition.to_string(),
            row.source.label().into_owned(),
            row.model.label().into_owned(),
            row.n.to_string(),
            found.trials.to_string(),
            overview.seed.to_string(),
            overview.sampler.clone(),
            row.estimator.clone().into_owned(),
            row.unit.name().to_owned(),
            number(found.closed_form),
            number(found.expected),
            number(found.mean),
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
            found.p_value_method.map_or("", Method::name).to_owned(),
            number(found.infinite_expected),
            number(found.infinite_p_value),
            found.closed_form_source.name().to_owned(),
            number(found.closed_form_error),
            number(found.rate.map(|rate| rate.mean)),
            number(found.rate.and_then(|rate| rate.variance)),
            number(row.reverse),
            row.ruled_out.as_ref().map(|ruled_out| ruled_out.what.clone()).unwrap_or_default(),
            number(row.ruled_out.as_ref().map(|ruled_out| ruled_out.mass)),
            found.failed_trials.to_string(),
            found.reason.as_deref().unwrap_or_default().to_owned(),
        ];
        fixed.into_iter().chain(row.settings.iter().cloned()).chain(more).collect()
    }
}
