//! The columns that a table of results may have: what they are called, what they hold, and what they mean.

use super::{Align, Cell, Column, ErrorStyle, Tone, Value, printable};
use crate::record::{Overview, SummaryRow};
use kl_math::numeric::shortest;
use kl_math::statistics::{Measure, Unit};
use kl_sim::comparison::{Method, Verdict};

/// The power of the unit that numbers of a column are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    /// A plain number, or words.
    None,
    /// Nats or bits.
    Linear,
    /// Nats² or bits².
    Square,
}

impl Power {
    fn of(self, unit: Unit) -> Option<String> {
        match self {
            Self::None => None,
            Self::Linear => Some(unit.name().to_owned()),
            Self::Square => Some(format!("{}²", unit.name())),
        }
    }
}

/// A column of `summary.csv` as people read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnKind {
    /// Its name in the file.
    pub name: &'static str,
    /// Its name for people.
    pub heading: &'static str,
    /// The unit of its numbers.
    pub power: Power,
    /// What it means, and by which formula.
    pub meaning: &'static str,
    value: fn(&SummaryRow<'_>) -> Value,
}

const fn column(
    name: &'static str,
    heading: &'static str,
    power: Power,
    meaning: &'static str,
    value: fn(&SummaryRow<'_>) -> Value,
) -> ColumnKind {
    ColumnKind { name, heading, power, meaning, value }
}

fn exact(value: Option<f64>) -> Value {
    value.map_or(Value::None, |value| Value::Exact(value, 6))
}

fn rough(value: Option<f64>) -> Value {
    value.map_or(Value::None, |value| Value::Exact(value, 2))
}

fn estimate(value: Option<f64>, error: Option<f64>) -> Value {
    value.map_or(Value::None, |value| Value::Estimate { value, error, style: ErrorStyle::PlusMinus })
}

fn p_value(value: Option<f64>, is_bound: bool) -> Value {
    value.map_or(Value::None, |value| Value::PValue { value, is_bound })
}

fn words(text: &str) -> Value {
    if text.is_empty() { Value::None } else { Value::Text(printable(text)) }
}

/// Every column of `summary.csv` but the settings.
pub(super) const COLUMNS: [ColumnKind; 34] = [
    column("condition", "condition", Power::None, "The place in the experiment, from 1.", |row| {
        Value::Whole(row.condition as u64)
    }),
    column("p", "P", Power::None, "The source: what sequences are sampled from.", |row| words(&row.source.label())),
    column("q", "Q", Power::None, "The model: what they are held against.", |row| words(&row.model.label())),
    column("n", "N", Power::None, "Symbols in a sequence.", |row| Value::Whole(row.n)),
    column("trials", "trials", Power::None, "R, the number of sequences.", |row| Value::Whole(row.comparison.trials)),
    column("estimator", "estimator", Power::None, "What is computed from each sequence.", |row| words(&row.estimator)),
    column("unit", "unit", Power::None, "Nats (natural logarithms) or bits (base 2).", |row| words(row.unit.name())),
    column(
        "closed_form",
        "closed form",
        Power::Linear,
        "The estimand: KL(P‖Q) = Σ p ln(p/q) a symbol, by a formula, a sum or an integral. Of sequences with memory, the exact mean of \
         ln(P(seq)/Q(seq)) over N.",
        |row| exact(row.comparison.closed_form),
    ),
    column("expected", "expected", Power::Linear, "The exact mean of this estimator for this N.", |row| {
        exact(row.comparison.expected)
    }),
    column("mean", "mean", Power::Linear, "The mean of the R estimates, with its Monte Carlo standard error.", |row| {
        estimate(row.comparison.mean, row.comparison.mcse)
    }),
    column(
        "mcse",
        "mcse",
        Power::Linear,
        "The Monte Carlo standard error of the mean: √(closed-form variance / R), exact where that is known and finite, else from the \
         estimates.",
        |row| rough(row.comparison.mcse),
    ),
    column("bias", "bias", Power::Linear, "Mean − closed form, with the standard error of the mean.", |row| {
        estimate(row.comparison.bias, row.comparison.mcse)
    }),
    column("z", "z", Power::None, "(Mean − expected) / mcse.", |row| {
        row.comparison.z.map_or(Value::None, |z| Value::Fixed(z, 1))
    }),
    column(
        "p_value",
        "p-value",
        Power::None,
        "How often chance alone takes the mean at least so far from what is expected, in either direction: from the exact law of all \
         sequences together, or (≤) by Chernoff's bound.",
        |row| p_value(row.comparison.p_value, row.comparison.p_value_method == Some(Method::Bound)),
    ),
    column(
        "closed_form_variance",
        "exact variance",
        Power::Square,
        "The exact variance of an estimate. For log_ratio V/N, with V the variance of ln(p/q) of one symbol.",
        |row| exact(row.comparison.closed_form_variance),
    ),
    column(
        "variance",
        "variance",
        Power::Square,
        "The sample variance of the estimates, divisor R − 1, with its standard error.",
        |row| estimate(row.comparison.variance, row.comparison.variance_mcse),
    ),
    column(
        "variance_mcse",
        "mcse of variance",
        Power::Square,
        "The exact standard error of the sample variance: Var √(2/(R − 1) + e/R), e the excess kurtosis of an estimate.",
        |row| rough(row.comparison.variance_mcse),
    ),
    column("variance_ratio", "variance ratio", Power::None, "The variance over the exact one.", |row| {
        let found = &row.comparison;
        let error = found.variance_mcse.zip(found.closed_form_variance).map(|(error, variance)| error / variance);
        estimate(found.variance_ratio, error)
    }),
    column(
        "variance_p_value",
        "p of ratio",
        Power::None,
        "The same for the mean square distance of the estimates from what is expected: never below the truth.",
        |row| p_value(row.comparison.variance_p_value, true),
    ),
    column("rmse", "rmse", Power::Linear, "√((1/R) Σ (estimate − closed form)²).", |row| {
        row.comparison.rmse.map_or(Value::None, |rmse| Value::Exact(rmse, 4))
    }),
    column("infinite_trials", "infinite trials", Power::None, "How many estimates were infinite.", |row| {
        let found = &row.comparison;
        // Where none can be, there is nothing to tell.
        let told = found.infinite_expected.is_some() || found.infinite_trials > 0;
        if told { Value::Whole(found.infinite_trials) } else { Value::None }
    }),
    column("verdict", "verdict", Power::None, VERDICTS, |row| words(row.verdict.name())),
    column("p_value_method", "method", Power::None, "Where the p-value is from: exact, or a bound.", |row| {
        words(row.comparison.p_value_method.map_or("", Method::name))
    }),
    column(
        "infinite_expected",
        "expected infinite",
        Power::None,
        "How many infinite estimates are expected: R (1 − (1 − m)^N), with m the probability under P of what Q rules out.",
        |row| row.comparison.infinite_expected.map_or(Value::None, Value::Count),
    ),
    column(
        "infinite_p_value",
        "p of infinite",
        Power::None,
        "How often chance alone takes their number, which is binomial, at least so far from that.",
        |row| p_value(row.comparison.infinite_p_value, false),
    ),
    column("closed_form_source", "source", Power::None, "Where the closed form is from.", |row| {
        words(row.comparison.closed_form_source.name())
    }),
    column(
        "closed_form_error",
        "error of closed form",
        Power::Linear,
        "How far the closed form may be off, where it is no formula or has lost digits.",
        |row| rough(row.comparison.closed_form_error),
    ),
    column(
        "kl_rate",
        "KL rate",
        Power::Linear,
        "Of sequences with memory: what the closed form tends to as N grows.",
        |row| exact(row.comparison.rate.map(|rate| rate.mean)),
    ),
    column(
        "asymptotic_variance",
        "asymptotic variance",
        Power::Square,
        "Of sequences with memory: what N times the exact variance tends to.",
        |row| exact(row.comparison.rate.and_then(|rate| rate.variance)),
    ),
    column(
        "reverse_closed_form",
        "KL(Q‖P)",
        Power::Linear,
        "The divergence in the other direction: the surprise of believing P when Q is true.",
        |row| exact(row.reverse),
    ),
    column("ruled_out", "ruled out", Power::None, "What P can produce and Q cannot.", |row| {
        row.ruled_out.as_ref().map_or(Value::None, |ruled_out| words(&ruled_out.what))
    }),
    column("ruled_out_mass", "its probability", Power::None, "How likely that is under P.", |row| {
        exact(row.ruled_out.as_ref().map(|ruled_out| ruled_out.mass))
    }),
    column(
        "failed_trials",
        "failed trials",
        Power::None,
        "How many trials have no estimate: all that is said of estimates is of the others.",
        |row| {
            let failed = row.comparison.failed_trials;
            if failed > 0 { Value::Whole(failed) } else { Value::None }
        },
    ),
    column(
        "reason",
        "reason",
        Power::None,
        "Why a row, or a part of it, is untested: what is not known, what doubles do not resolve, or why there is no estimate.",
        |row| words(row.comparison.reason.as_deref().unwrap_or_default()),
    ),
];

const VERDICTS: &str = "agree: no test of the row failed, by Holm's procedure over all tests of the experiment with one false-alarm rate \
                        of 1e-6. disagree: one did. infinite: KL(P‖Q) is, and the infinite trials are as many as they should be. \
                        untested: nothing could be tested, for the reason given.";

/// Measures of several estimators, beside those that `summary.csv` has.
pub(super) const MEASURES: [(Measure, ColumnKind); 17] = [
    (
        Measure::RelativeBias,
        column("relative_bias", "relative bias", Power::None, "Bias / closed form, with its standard error.", |row| {
            measured(row, Measure::RelativeBias)
        }),
    ),
    (
        Measure::EmpiricalSe,
        column(
            "empirical_se",
            "empirical SE",
            Power::Linear,
            "The standard deviation of the estimates, with its standard error: exact where the law is known well enough, else of any law.",
            |row| measured(row, Measure::EmpiricalSe),
        ),
    ),
    (
        Measure::Mse,
        column(
            "mse",
            "MSE",
            Power::Square,
            "The mean of (estimate − closed form)², with its standard error.",
            |row| measured(row, Measure::Mse),
        ),
    ),
    (
        Measure::Nonpositive,
        column(
            "nonpositive",
            "P(estimate ≤ 0)",
            Power::None,
            "The part of the estimates that are 0 or less: sequences that do not speak for P.",
            |row| measured(row, Measure::Nonpositive),
        ),
    ),
    (
        Measure::Quantile5,
        column(
            "quantile_5",
            "5 % quantile",
            Power::Linear,
            "A twentieth of the estimates are below, with its standard error where they have a density.",
            |row| measured(row, Measure::Quantile5),
        ),
    ),
    (
        Measure::Quantile25,
        column("quantile_25", "25 % quantile", Power::Linear, "A quarter of the estimates are below.", |row| {
            measured(row, Measure::Quantile25)
        }),
    ),
    (
        Measure::Median,
        column("median", "median", Power::Linear, "Half of the estimates are below.", |row| {
            measured(row, Measure::Median)
        }),
    ),
    (
        Measure::Quantile75,
        column("quantile_75", "75 % quantile", Power::Linear, "A quarter of the estimates are above.", |row| {
            measured(row, Measure::Quantile75)
        }),
    ),
    (
        Measure::Quantile95,
        column("quantile_95", "95 % quantile", Power::Linear, "A twentieth of the estimates are above.", |row| {
            measured(row, Measure::Quantile95)
        }),
    ),
    (
        Measure::ModelSe,
        column(
            "model_se",
            "average SE",
            Power::Linear,
            "√(mean of se²), se the standard error that comes with each estimate.",
            |row| measured(row, Measure::ModelSe),
        ),
    ),
    (
        Measure::ModelSeError,
        column("model_se_error", "error of SE, %", Power::None, "100 (average SE / empirical SE − 1).", |row| {
            measured(row, Measure::ModelSeError)
        }),
    ),
    (
        Measure::Coverage,
        column(
            "coverage",
            "coverage",
            Power::None,
            "The part of the intervals estimate ± z se that hold the closed form.",
            |row| measured(row, Measure::Coverage),
        ),
    ),
    (
        Measure::BiasEliminatedCoverage,
        column(
            "bias_eliminated_coverage",
            "bias-eliminated coverage",
            Power::None,
            "The part of them that hold the estimator's exact mean.",
            |row| measured(row, Measure::BiasEliminatedCoverage),
        ),
    ),
    (
        Measure::Rejection,
        column("rejection", "rejection of 0", Power::None, "The part of them that do not hold 0.", |row| {
            measured(row, Measure::Rejection)
        }),
    ),
    (
        Measure::ExactSeCoverage,
        column(
            "exact_se_coverage",
            "coverage, exact SE",
            Power::None,
            "The part of the intervals estimate ± z σ that hold the closed form, σ the exact standard deviation of an estimate.",
            |row| measured(row, Measure::ExactSeCoverage),
        ),
    ),
    (
        Measure::ExactSeRejection,
        column(
            "exact_se_rejection",
            "rejection, exact SE",
            Power::None,
            "The part of those that do not hold 0.",
            |row| measured(row, Measure::ExactSeRejection),
        ),
    ),
    (
        Measure::PrecisionGain,
        column(
            "precision_gain",
            "precision gain, %",
            Power::None,
            "How many percent more trials the reference estimator needs to be as exact as this one over the same sequences: \
             100 [(S of the reference / S)² − 1], with the infinitesimal jackknife's standard error.",
            |row| measured(row, Measure::PrecisionGain),
        ),
    ),
];

fn measured(row: &SummaryRow<'_>, measure: Measure) -> Value {
    let found = row.measures.iter().find(|assessed| assessed.measure == measure);
    found.map_or(Value::None, |found| estimate(Some(found.estimate), found.mcse))
}

/// The columns of a table that nobody has chosen others for, settings and N aside.
pub(super) const USUAL: [&str; 13] = [
    "closed_form",
    "mean",
    "z",
    "p_value",
    "infinite_trials",
    "infinite_expected",
    "infinite_p_value",
    "variance_ratio",
    "variance_p_value",
    "precision_gain",
    "coverage",
    "failed_trials",
    "verdict",
];

/// A column of a table of results: one of [`COLUMNS`], or a setting by its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen {
    /// One that every experiment has.
    Kind(&'static ColumnKind),
    /// What a key of the grid or of the cases is set to.
    Setting(usize),
}

impl Chosen {
    /// The column of that name in `summary.csv`; `N` is `n`.
    pub(super) fn named(name: &str, overview: &Overview) -> Option<Self> {
        let setting = || overview.setting_names.iter().position(|setting| setting == name).map(Self::Setting);
        let same =
            |kind: &&ColumnKind| kind.name == name || kind.name.eq_ignore_ascii_case(name) || kind.heading == name;
        let measures = MEASURES.iter().map(|(_, kind)| kind);
        setting().or_else(|| COLUMNS.iter().chain(measures).find(same).map(Self::Kind))
    }

    /// Every column's name in files.
    pub(super) fn names(overview: &Overview) -> impl Iterator<Item = &str> {
        let measures = MEASURES.iter().map(|(_, kind)| kind);
        COLUMNS.iter().chain(measures).map(|kind| kind.name).chain(overview.setting_names.iter().map(String::as_str))
    }

    /// Its name in files.
    pub(super) fn name(self, overview: &Overview) -> &str {
        match self {
            Self::Kind(kind) => kind.name,
            Self::Setting(place) => overview.setting_names.get(place).map_or("", String::as_str),
        }
    }

    /// Its head in a table.
    pub(super) fn head(self, overview: &Overview) -> Column {
        match self {
            Self::Kind(kind) => {
                let is_text = matches!(kind.name, "p" | "q" | "estimator" | "unit" | "verdict" | "p_value_method")
                    || matches!(kind.name, "closed_form_source" | "ruled_out" | "reason");
                let align = if is_text { Align::Left } else { Align::Right };
                Column {
                    key: kind.name.to_owned(),
                    name: kind.heading.to_owned(),
                    unit: kind.power.of(overview.unit),
                    align,
                }
            }
            Self::Setting(_) => {
                let name = self.name(overview).to_owned();
                Column { key: name.clone(), name, unit: None, align: Align::Right }
            }
        }
    }

    /// Its cell in a row. `raw` is how the file spells it.
    pub(super) fn cell(self, row: &SummaryRow<'_>, raw: Option<String>) -> Cell {
        let value = match self {
            Self::Kind(kind) => (kind.value)(row),
            Self::Setting(place) => row.settings.get(place).map_or(Value::None, |setting| words(setting)),
        };
        let tone = match self {
            Self::Kind(kind) if kind.name == "verdict" => tone(row.verdict),
            _ => Tone::Plain,
        };
        // A measure is in another file than the row.
        let measure = MEASURES.iter().find(|(_, kind)| kind.name == self.kind_name());
        let raw = match measure.and_then(|(measure, _)| row.measures.iter().find(|found| found.measure == *measure)) {
            Some(found) => Some(shortest(found.estimate)),
            None => raw,
        };
        Cell { value, tone, raw }
    }

    fn kind_name(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.name,
            Self::Setting(_) => "",
        }
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Agree => Tone::Good,
        Verdict::Disagree => Tone::Bad,
        Verdict::Infinite | Verdict::Untested => Tone::Notable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::columns;

    /// Every column of the file can be shown; the experiment, the seed and the sampler are told once, above the table.
    #[test]
    fn every_column_of_the_file_is_here() {
        let named: Vec<&str> = COLUMNS.iter().map(|kind| kind.name).collect();
        let in_file: Vec<&str> =
            columns(&[]).filter(|name| !["experiment", "seed", "sampler"].contains(name)).collect();
        assert_eq!(named, in_file);
        let measures = MEASURES.map(|(_, kind)| kind.name);
        assert!(USUAL.iter().all(|name| named.contains(name) || measures.contains(name)));
    }
}
