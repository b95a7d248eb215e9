//! The columns of `summary.csv`, one entry each.

use super::{RuledOut, SummaryRow};
use crate::record::Overview;
use crate::record::schema::{Column, Dimension, Field, FieldKind, FieldType, FieldValue};
use kl_math::statistics::Unit;
use kl_sim::comparison::Method;
use kl_sim::estimator::Rate;

/// A column of `summary.csv`: its name, its unit, what it means, how people read it, and where the field of a row is.
#[derive(Clone, Copy, Debug)]
pub struct SummaryColumn {
    /// The name in the file, the unit and the meaning.
    pub column: Column,
    /// The name for people.
    pub heading: &'static str,
    /// How people read its fields.
    pub format: Format,
    source: Source,
}

/// How people read the fields of a column; files have every digit.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// Text, to the left.
    Text,
    /// The verdict, in its colour.
    Verdict,
    /// A whole number.
    Integer,
    /// A whole number that is shown in some rows only.
    IntegerIf(fn(&SummaryRow<'_>) -> bool),
    /// A number to so many significant digits.
    Digits(usize),
    /// A number to so many decimals.
    Decimals(usize),
    /// An expected count.
    Count,
    /// An estimate with its standard error.
    Estimate(fn(&SummaryRow<'_>) -> Option<f64>),
    /// A p-value, which in some rows is an upper bound.
    PValue(fn(&SummaryRow<'_>) -> bool),
}

/// Where the field of a column is.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// In the head of the experiment: the same in every row.
    Overview(FieldKind, fn(&Overview) -> FieldValue<'_>),
    /// In the row.
    Row {
        field_type: FieldType,
        value: for<'r> fn(&'r SummaryRow<'_>) -> FieldValue<'r>,
        read: fn(&mut SummaryRow<'static>, &str) -> Result<(), &'static str>,
        convert: fn(&mut SummaryRow<'_>, Dimension, Unit),
    },
}

impl SummaryColumn {
    /// The name in the file.
    pub fn name(&self) -> &'static str {
        self.column.name
    }

    /// Whether rows differ in it.
    pub fn is_of_rows(&self) -> bool {
        matches!(self.source, Source::Row { .. })
    }

    /// The field of a row.
    pub fn value<'r>(&self, row: &'r SummaryRow<'_>, overview: &'r Overview) -> FieldValue<'r> {
        match self.source {
            Source::Overview(_, value) => value(overview),
            Source::Row { value, .. } => value(row),
        }
    }

    /// Converts the field of a row from nats to `unit`.
    pub(super) fn convert(&self, row: &mut SummaryRow<'_>, unit: Unit) {
        if let Source::Row { convert, .. } = self.source {
            convert(row, self.column.dimension, unit);
        }
    }

    /// Reads the field of a row; the error is the rule that the text breaks.
    pub(super) fn read(
        &self,
        row: &mut SummaryRow<'static>,
        overview: &Overview,
        text: &str,
    ) -> Result<(), &'static str> {
        match self.source {
            Source::Overview(_, value) if value(overview).to_string() == text => Ok(()),
            Source::Overview(..) => Err("manifest.json says otherwise"),
            Source::Row { read, .. } => read(row, text),
        }
    }

    const fn new(
        name: &'static str,
        heading: &'static str,
        (dimension, format): (Dimension, Format),
        source: Source,
        meaning: &'static str,
    ) -> Self {
        let field_type = match source {
            Source::Overview(kind, _) => FieldType::required(kind),
            Source::Row { field_type, .. } => field_type,
        };
        Self { column: Column { name, field_type, dimension, meaning }, heading, format, source }
    }
}

/// The field that is this place in a row.
macro_rules! field {
    (|$row:ident| $place:expr) => {
        Source::Row {
            field_type: FieldType::of_place(|$row: &SummaryRow<'static>| &$place),
            value: |$row| Field::value(&$place),
            read: |$row, text| {
                $place = Field::read(text)?;
                Ok(())
            },
            convert: |$row, dimension, unit| Field::convert(&mut $place, dimension, unit),
        }
    };
}

const PLAIN: Dimension = Dimension::None;
const INFORMATION: Dimension = Dimension::Information;
const VARIANCE: Dimension = Dimension::Variance;

/// Every column of `summary.csv` but the settings, in its order.
#[rustfmt::skip]
pub static SUMMARY_COLUMNS: &[SummaryColumn] = {
    use Format::{Count, Decimals, Digits, Estimate, Integer, IntegerIf, PValue, Text};
    &[
        SummaryColumn::new("experiment", "experiment", (PLAIN, Text),
            Source::Overview(FieldKind::Text, |overview| FieldValue::Text(overview.experiment.as_str().into())),
            "The name of the experiment."),
        SummaryColumn::new("condition", "condition", (PLAIN, Integer), field!(|row| row.condition),
            "The place in the experiment, from 1."),
        SummaryColumn::new("p", "P", (PLAIN, Text), field!(|row| row.source),
            "The source: what sequences are sampled from."),
        SummaryColumn::new("q", "Q", (PLAIN, Text), field!(|row| row.model),
            "The model, which they are compared with."),
        SummaryColumn::new("n", "N", (PLAIN, Integer), field!(|row| row.n),
            "Symbols in a sequence."),
        SummaryColumn::new("trials", "trials", (PLAIN, Integer), field!(|row| row.comparison.trials),
            "R, the number of sequences."),
        SummaryColumn::new("seed", "seed", (PLAIN, Integer),
            Source::Overview(FieldKind::Integer, |overview| FieldValue::Integer(overview.seed)),
            "The seed of the random streams."),
        SummaryColumn::new("sampler", "sampler", (PLAIN, Text),
            Source::Overview(FieldKind::Text, |overview| FieldValue::Text(overview.sampler.as_str().into())),
            "How sequences are drawn: in full, or what suffices of them."),
        SummaryColumn::new("estimator", "estimator", (PLAIN, Text), field!(|row| row.estimator),
            "What is computed from each sequence."),
        SummaryColumn::new("unit", "unit", (PLAIN, Text), field!(|row| row.unit),
            "Nats (natural logarithms) or bits (base 2)."),
        SummaryColumn::new("closed_form", "closed form", (INFORMATION, Digits(6)), field!(|row| row.comparison.closed_form),
            "The estimand: KL(P‖Q) = Σ p ln(p/q) a symbol, by a formula, a sum or an integral. Of sequences with memory, the \
             exact mean of ln(P(seq)/Q(seq)) over N."),
        SummaryColumn::new("expected", "expected", (INFORMATION, Digits(6)), field!(|row| row.comparison.expected),
            "The exact mean of this estimator for this N; of a program of your own, what the experiment file says it is."),
        SummaryColumn::new("mean", "mean", (INFORMATION, Estimate(|row| row.comparison.mcse)), field!(|row| row.comparison.mean),
            "The mean of the R estimates, with its Monte Carlo standard error."),
        SummaryColumn::new("mcse", "mcse", (INFORMATION, Digits(2)), field!(|row| row.comparison.mcse),
            "The Monte Carlo standard error of the mean: √(closed-form variance / R), exact where that is known and finite, \
             else from the estimates."),
        SummaryColumn::new("bias", "bias", (INFORMATION, Estimate(|row| row.comparison.mcse)), field!(|row| row.comparison.bias),
            "Mean − closed form, with the standard error of the mean."),
        SummaryColumn::new("z", "z", (PLAIN, Decimals(1)), field!(|row| row.comparison.z),
            "(Mean − expected) / mcse."),
        SummaryColumn::new("p_value", "p-value",
            (PLAIN, PValue(|row| row.comparison.p_value_method == Some(Method::Bound))), field!(|row| row.comparison.p_value),
            "How often chance alone takes the mean at least so far from what is expected, in either direction: twice the smaller \
             tail of its law, as near as it can be had (p_value_method); ≤ where there is no more than a bound."),
        SummaryColumn::new("closed_form_variance", "exact variance", (VARIANCE, Digits(6)),
            field!(|row| row.comparison.closed_form_variance),
            "The exact variance of an estimate. For log_ratio V/N, with V the variance of ln(p/q) of one symbol."),
        SummaryColumn::new("variance", "variance", (VARIANCE, Estimate(|row| row.comparison.variance_mcse)),
            field!(|row| row.comparison.variance),
            "The sample variance of the estimates, divisor R − 1, with its standard error."),
        SummaryColumn::new("variance_mcse", "mcse of variance", (VARIANCE, Digits(2)), field!(|row| row.comparison.variance_mcse),
            "The exact standard error of the sample variance: Var √(2/(R − 1) + e/R), e the excess kurtosis of an estimate."),
        SummaryColumn::new("variance_ratio", "variance ratio",
            (PLAIN, Estimate(|row| Some(row.comparison.variance_mcse? / row.comparison.closed_form_variance?))),
            field!(|row| row.comparison.variance_ratio),
            "The variance over the exact one."),
        SummaryColumn::new("variance_p_value", "p of ratio", (PLAIN, PValue(|row| row.comparison.variance_p_value_method == Some(Method::Bound))),
            field!(|row| row.comparison.variance_p_value),
            "The same for the mean square distance of the estimates from what is expected (variance_p_value_method)."),
        SummaryColumn::new("rmse", "rmse", (INFORMATION, Estimate(|row| row.rmse_mcse())), field!(|row| row.comparison.rmse),
            "√((1/R) Σ (estimate − closed form)²)."),
        // Where no estimate can be infinite, people need not read that none is.
        SummaryColumn::new("infinite_trials", "infinite trials",
            (PLAIN, IntegerIf(|row| row.comparison.infinite_expected.is_some() || row.comparison.infinite_trials > 0)),
            field!(|row| row.comparison.infinite_trials),
            "How many estimates were infinite."),
        SummaryColumn::new("verdict", "verdict", (PLAIN, Format::Verdict), field!(|row| row.verdict),
            "agree: no test of the row failed, by Holm's procedure over all tests of the experiment with one false-alarm rate \
             of 1e-6 (the nominal tests of programs have another one), and estimates are those that they are to equal. disagree: \
             one did or they are not. infinite: KL(P‖Q) is, and the infinite trials are as many as they should be. \
             untested: nothing could be tested, for the reason given."),
        SummaryColumn::new("p_value_method", "method", (PLAIN, Text), field!(|row| row.comparison.p_value_method),
            "How the p-value was found: exact (from the law of all sequences together), saddlepoint (by Lugannani and Rice), bound (no \
             more than p_value_bound is known), or student (Student's t with the spread of the estimates, which is nominal)."),
        SummaryColumn::new("infinite_expected", "expected infinite", (PLAIN, Count), field!(|row| row.comparison.infinite_expected),
            "How many infinite estimates are expected: R (1 − (1 − m)^N), with m the probability under P of what Q rules out."),
        SummaryColumn::new("infinite_p_value", "p of infinite", (PLAIN, PValue(|_| false)),
            field!(|row| row.comparison.infinite_p_value),
            "How often chance alone takes their number, which is binomial, at least so far from that."),
        SummaryColumn::new("closed_form_source", "source", (PLAIN, Text), field!(|row| row.comparison.closed_form_source),
            "Where the closed form is from: a closed form, a finite sum, or quadrature."),
        SummaryColumn::new("closed_form_error", "error of closed form", (INFORMATION, Digits(2)),
            field!(|row| row.comparison.closed_form_error),
            "How far the closed form may be off, where it is not from a formula or has lost digits."),
        SummaryColumn::new("kl_rate", "KL rate", (INFORMATION, Digits(6)),
            Source::Row {
                field_type: FieldType::optional(FieldKind::Real),
                value: |row| FieldValue::of(row.comparison.rate.map(|rate| rate.mean)),
                read: |row, text| {
                    let mean = Option::<f64>::read(text)?;
                    row.comparison.rate = mean.map(|mean| Rate { mean, variance: None });
                    Ok(())
                },
                convert: |row, dimension, unit| row.comparison.rate.iter_mut().for_each(|rate| rate.mean.convert(dimension, unit)),
            },
            "Of sequences with memory: what the closed form tends to as N grows."),
        SummaryColumn::new("asymptotic_variance", "asymptotic variance", (VARIANCE, Digits(6)),
            Source::Row {
                field_type: FieldType::optional(FieldKind::Real),
                value: |row| FieldValue::of(row.comparison.rate.and_then(|rate| rate.variance)),
                read: |row, text| match (Option::read(text)?, &mut row.comparison.rate) {
                    (variance, Some(rate)) => {
                        rate.variance = variance;
                        Ok(())
                    }
                    (None, None) => Ok(()),
                    (Some(_), None) => Err("there is no kl_rate"),
                },
                convert: |row, dimension, unit| row.comparison.rate.iter_mut().for_each(|rate| rate.variance.convert(dimension, unit)),
            },
            "Of sequences with memory: what N times the exact variance tends to."),
        SummaryColumn::new("reverse_closed_form", "KL(Q‖P)", (INFORMATION, Digits(6)), field!(|row| row.reverse),
            "The divergence in the other direction: the surprise of believing P when Q is true."),
        SummaryColumn::new("ruled_out", "ruled out", (PLAIN, Text),
            Source::Row {
                field_type: FieldType::optional(FieldKind::Text),
                value: |row| row.ruled_out.as_ref().map_or(FieldValue::Missing, |found| FieldValue::Text(found.what.as_str().into())),
                read: |row, text| {
                    row.ruled_out = (!text.is_empty()).then(|| RuledOut { what: text.to_owned(), mass: f64::NAN });
                    Ok(())
                },
                convert: |_, _, _| (),
            },
            "What P can produce and Q cannot."),
        SummaryColumn::new("ruled_out_mass", "its probability", (PLAIN, Digits(6)),
            Source::Row {
                field_type: FieldType::optional(FieldKind::Real),
                value: |row| FieldValue::of(row.ruled_out.as_ref().map(|found| found.mass)),
                read: |row, text| match (Option::read(text)?, &mut row.ruled_out) {
                    (Some(mass), Some(found)) => {
                        found.mass = mass;
                        Ok(())
                    }
                    (None, None) => Ok(()),
                    (_, _) => Err("it is there if ruled_out is"),
                },
                convert: |_, _, _| (),
            },
            "How likely that is under P."),
        SummaryColumn::new("failed_trials", "failed trials", (PLAIN, IntegerIf(|row| row.comparison.failed_trials > 0)),
            field!(|row| row.comparison.failed_trials),
            "How many trials have no estimate: a program of your own gave none, or values for knn coincide. All numbers are of the \
             other trials."),
        SummaryColumn::new("reason", "reason", (PLAIN, Text), field!(|row| row.comparison.reason),
            "Why a row, or a part of it, is untested: what is not known, what doubles do not resolve, or why there is no estimate; or how \
             estimates differ from those that they are to equal."),
        SummaryColumn::new("p_value_bound", "bound of p-value", (PLAIN, PValue(|row| row.comparison.p_value_method != Some(Method::Exact))),
            field!(|row| row.comparison.p_value_bound),
            "The p-value where its law is known, else a number that it does not exceed, by Chernoff's bound or Cantelli's inequality. \
             Verdicts use it; none where the p-value is nominal."),
        SummaryColumn::new("variance_p_value_method", "method of p of ratio", (PLAIN, Text),
            field!(|row| row.comparison.variance_p_value_method),
            "How variance_p_value was found: exact, saddlepoint or bound, as for the mean."),
        SummaryColumn::new("variance_p_value_bound", "bound of p of ratio", (PLAIN, PValue(|_| true)),
            field!(|row| row.comparison.variance_p_value_bound),
            "A number that the p-value of the variance does not exceed. Verdicts use it."),
        SummaryColumn::new("label", "label", (PLAIN, Text),
            Source::Row {
                field_type: FieldType::optional(FieldKind::Text),
                value: |row| if row.label.is_empty() { FieldValue::Missing } else { FieldValue::Text(row.label.as_ref().into()) },
                read: |row, text| {
                    row.label = text.to_owned().into();
                    Ok(())
                },
                convert: |_, _, _| (),
            },
            "The name of the condition: the labels of its case and of its values in the grid, or nothing."),
    ]
};
