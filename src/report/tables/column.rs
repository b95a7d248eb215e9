//! The columns that a table of results may have.

use super::{Align, Cell, Column, ErrorStyle, Tone, Value};
use crate::outside::printable;
use crate::record::file::{Format, MEASURE_COLUMNS, MeasureColumn, SUMMARY_COLUMNS, SummaryColumn};
use crate::record::schema::Dimension;
use crate::record::{FieldValue, Overview, SummaryRow};
use crate::report::finding::has_unseen_variance;
use crate::report::shown::LABEL;
use kl_math::numeric::shortest_real;
use kl_math::statistics::Unit;
use kl_sim::comparison::{Performance, Verdict};

/// The columns of a table for which none are named, apart from the settings, N, and whatever else differs between rows.
pub(super) const DEFAULT_COLUMNS: [&str; 15] = [
    "closed_form",
    "mean",
    "bias",
    "expected",
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

/// Those that say something only where the exact mean of an estimator is not the closed form.
pub(super) const OF_OWN_MEANS: [&str; 2] = ["bias", "expected"];

/// What a narrow terminal shows first of a table of results; the others come after these.
const FIRST_COLUMNS: [&str; 11] = [
    "verdict",
    "mean",
    "expected",
    "closed_form",
    "z",
    "p_value",
    "infinite_trials",
    "infinite_expected",
    "bias",
    "infinite_p_value",
    "variance_ratio",
];

/// The place of a column of this name among those that a narrow terminal may leave out; none for what names the row.
pub(in crate::report) fn rank(name: &str) -> Option<usize> {
    let name = name.strip_prefix("mcse of ").unwrap_or(name);
    let others = || DEFAULT_COLUMNS.iter().position(|other| *other == name).map(|place| FIRST_COLUMNS.len() + place);
    FIRST_COLUMNS.iter().position(|first| *first == name).or_else(others)
}

/// A column of a table of results.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) enum ResultColumn<'a> {
    /// A column of `summary.csv`.
    Summary(&'static SummaryColumn),
    /// A measure of `measures.csv`.
    Measure(&'static MeasureColumn),
    /// A key of the grid or of the cases.
    Setting {
        /// The key.
        name: &'a str,
        /// Its place among the settings of a row.
        place: usize,
    },
}

impl<'a> ResultColumn<'a> {
    /// Every column, the settings last. What all rows have in common stands above a table.
    pub(super) fn all(overview: &'a Overview) -> impl Iterator<Item = Self> {
        let settings = overview.setting_names.iter().enumerate();
        Self::summary()
            .chain(Self::measures())
            .chain(settings.map(|(place, name)| Self::Setting { name: name.as_str(), place }))
    }

    /// The columns of `summary.csv` in which rows differ.
    pub(in crate::report) fn summary() -> impl Iterator<Item = Self> {
        SUMMARY_COLUMNS.iter().filter(|column| column.is_of_rows()).map(Self::Summary)
    }

    /// The measures of `measures.csv`.
    pub(in crate::report) fn measures() -> impl Iterator<Item = Self> {
        MEASURE_COLUMNS.iter().map(Self::Measure)
    }

    /// The column of this name, in a file or for people; a setting first.
    pub(super) fn named(name: &str, overview: &'a Overview) -> Option<Self> {
        let setting =
            Self::all(overview).find(|column| matches!(column, Self::Setting { name: key, .. } if *key == name));
        let is_named = |column: &Self| {
            let (key, heading) = (column.name(), column.heading());
            !matches!(column, Self::Setting { .. }) && (key.eq_ignore_ascii_case(name) || heading == name)
        };
        setting.or_else(|| Self::all(overview).find(is_named))
    }

    /// The name in files.
    pub(in crate::report) fn name(self) -> &'a str {
        match self {
            Self::Summary(column) => column.name(),
            Self::Measure(column) => column.measure.name(),
            Self::Setting { name, .. } => name,
        }
    }

    /// The name for people.
    pub(in crate::report) fn heading(self) -> &'a str {
        match self {
            Self::Summary(column) => column.heading,
            Self::Measure(column) => column.heading,
            Self::Setting { name, .. } => name,
        }
    }

    /// What it means.
    pub(in crate::report) fn meaning(self) -> &'static str {
        match self {
            Self::Summary(column) => column.column.meaning,
            Self::Measure(column) => column.meaning,
            Self::Setting { .. } => "A key that varies between conditions.",
        }
    }

    /// The head in a table of results in `unit`.
    pub(super) fn head(self, unit: Unit) -> Column {
        let (dimension, align) = match self {
            Self::Summary(column) if matches!(column.format, Format::Text | Format::Verdict) => {
                (column.column.dimension, Align::Left)
            }
            Self::Summary(column) => (column.column.dimension, Align::Right),
            Self::Measure(column) => (column.dimension(), Align::Right),
            Self::Setting { name: LABEL, .. } => (Dimension::None, Align::Left),
            Self::Setting { .. } => (Dimension::None, Align::Right),
        };
        Column {
            key: self.name().to_owned(),
            name: self.heading().to_owned(),
            unit: dimension.unit(unit),
            align,
            rank: None,
        }
    }

    /// The cell in a row.
    pub(super) fn cell(self, row: &SummaryRow<'_>, overview: &Overview) -> Cell {
        let tone = match self {
            Self::Summary(column) if matches!(column.format, Format::Verdict) => tone(row.verdict),
            _ => Tone::Plain,
        };
        Cell { value: self.value(row, overview), tone, raw: Some(self.raw(row, overview)), whole: None }
    }

    /// The field of a row as files have it.
    pub(super) fn raw(self, row: &SummaryRow<'_>, overview: &Overview) -> String {
        match self {
            Self::Summary(column) => column.value(row, overview).to_string(),
            Self::Measure(column) => {
                assessed(column, row).map(|found| shortest_real(found.estimate)).unwrap_or_default()
            }
            Self::Setting { place, .. } => row.settings.get(place).cloned().unwrap_or_default(),
        }
    }

    /// The field of a row as people read it.
    pub(super) fn value(self, row: &SummaryRow<'_>, overview: &Overview) -> Value {
        match self {
            Self::Summary(column) => shown(column, row, overview),
            Self::Measure(column) => {
                assessed(column, row).map_or(Value::None, |found| estimate(found.estimate, found.mcse))
            }
            Self::Setting { place, .. } => row.settings.get(place).map_or(Value::None, |setting| text(setting)),
        }
    }
}

fn shown(column: &SummaryColumn, row: &SummaryRow<'_>, overview: &Overview) -> Value {
    match (column.value(row, overview), column.format) {
        (FieldValue::Text(found), _) => text(&found),
        (FieldValue::Integer(_), Format::IntegerIf(is_shown)) if !is_shown(row) => Value::None,
        (FieldValue::Integer(number), _) => Value::Whole(number),
        (FieldValue::Number(number), Format::Decimals(decimals)) => Value::Fixed(number, decimals),
        (FieldValue::Number(number), Format::Digits(digits)) => Value::Exact(number, digits),
        (FieldValue::Number(number), Format::Count) => Value::Count(number),
        (FieldValue::Number(value), Format::Estimate(error)) => match error(row) {
            Some(error) if has_unseen_variance(row) && error > value.abs() => Value::Observed { value, error },
            error => estimate(value, error),
        },
        (FieldValue::Number(value), Format::PValue(is_bound)) => Value::PValue { value, is_bound: is_bound(row) },
        (FieldValue::Number(number), _) => Value::Exact(number, 6),
        (FieldValue::Missing, _) => Value::None,
    }
}

fn assessed<'r>(column: &MeasureColumn, row: &'r SummaryRow<'_>) -> Option<&'r Performance> {
    row.measures.iter().find(|assessed| assessed.measure == column.measure)
}

fn estimate(value: f64, error: Option<f64>) -> Value {
    Value::Estimate { value, error, style: ErrorStyle::PlusMinus }
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::None } else { Value::Text(printable(text)) }
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

    #[test]
    fn the_default_columns_exist() {
        let names: Vec<&str> =
            ResultColumn::summary().chain(ResultColumn::measures()).map(ResultColumn::name).collect();
        assert!(DEFAULT_COLUMNS.iter().all(|name| names.contains(name)));
    }

    /// No two columns have one name or heading, so that each can be chosen.
    #[test]
    fn names_are_unique() {
        let all = || ResultColumn::summary().chain(ResultColumn::measures());
        for column in all() {
            let same = |other: &ResultColumn<'_>| {
                other.name().eq_ignore_ascii_case(column.name()) || other.heading() == column.heading()
            };
            assert_eq!(all().filter(same).count(), 1, "{}", column.name());
        }
    }
}
