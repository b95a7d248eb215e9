//! What a summary is asked for, as it is written on the command line and in the manifest of saved trials.

use super::{BigLimits, ColumnNames, CsvFormat, Settings, TrialColumn, Truth};
use kl_math::numeric::DoubleDouble;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::str::FromStr;

/// A finite number with the text that it was written as.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenNumber {
    text: String,
    value: DoubleDouble,
}

impl WrittenNumber {
    /// Its value.
    pub fn value(&self) -> DoubleDouble {
        self.value
    }
}

/// A text that is not a finite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an estimand is a finite number such as 0.0204")]
pub struct NotFinite;

impl FromStr for WrittenNumber {
    type Err = NotFinite;

    fn from_str(text: &str) -> Result<Self, NotFinite> {
        let value = text.parse::<DoubleDouble>().ok().filter(|number| number.to_f64().is_finite()).ok_or(NotFinite)?;
        Ok(Self { text: text.to_owned(), value })
    }
}

impl Serialize for WrittenNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for WrittenNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// What a summary of files of trials is asked for. Its keys are the flags of `runner summarize`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummarySpec {
    /// The column of estimates, or the pattern of a wide file.
    pub estimate_column: String,
    /// The column of standard errors, or its pattern.
    pub se_column: Option<String>,
    /// The column of lower limits.
    pub low_column: Option<String>,
    /// The column of upper limits.
    pub high_column: Option<String>,
    /// The column of p-values.
    pub p_column: Option<String>,
    /// The column of degrees of freedom.
    pub df_column: Option<String>,
    /// The column of estimands.
    pub truth_column: Option<String>,
    /// The column that names trials.
    pub trial_column: Option<String>,
    /// The columns that distinguish groups.
    pub by: Option<Vec<String>>,
    /// More codes for a missing number.
    pub missing: Vec<String>,
    /// The character between cells.
    pub delimiter: Option<char>,
    /// The decimal mark.
    pub decimal: char,
    /// The estimand of rows that have none.
    pub truth: Option<WrittenNumber>,
    /// The level of the intervals.
    pub level: f64,
    /// The value that is rejected if an interval does not contain it.
    pub null: WrittenNumber,
    /// The share that trimmed means leave out at either end.
    pub trim: Option<f64>,
    /// The group that precision is compared with.
    pub reference: Option<String>,
    /// Whether trials that lack a number are left out of all measures.
    #[serde(default)]
    pub complete: bool,
    /// Limits of estimates and of standard errors, in distances of the quartiles.
    pub drop_big: Option<[f64; 2]>,
}

impl SummarySpec {
    /// Where each number is.
    pub fn columns(&self) -> ColumnNames {
        let byte = |mark: char| u8::try_from(mark).ok();
        ColumnNames {
            estimate: self.estimate_column.clone(),
            std_error: self.se_column.clone(),
            limits: self.low_column.clone().zip(self.high_column.clone()).map(|(low, high)| [low, high]),
            p_value: self.p_column.clone(),
            degrees: self.df_column.clone(),
            truth: self.truth_column.clone().map_or(Truth::None, Truth::Column),
            trial: self.trial_column.clone().map_or(TrialColumn::Default, TrialColumn::Named),
            by: self.by.clone(),
            paired: self.reference.is_some(),
            format: CsvFormat {
                delimiter: self.delimiter.and_then(byte),
                decimal: byte(self.decimal).unwrap_or(b'.'),
                missing: self.missing.clone(),
            },
        }
    }

    /// What is asked of the trials.
    pub fn settings(&self) -> Settings<'_> {
        Settings {
            truth: self.truth.as_ref().map(WrittenNumber::value),
            level: self.level,
            null: self.null.value(),
            trim: self.trim,
            reference: self.reference.as_deref(),
        }
    }

    /// How far a number may be off.
    pub fn big_limits(&self) -> Option<BigLimits> {
        self.drop_big.map(|[estimate, std_error]| BigLimits { estimate, std_error })
    }

    /// The rule that a number of it breaks, if one does.
    pub fn mistake(&self) -> Option<&'static str> {
        let is_between = |part: f64, most: f64| (f64::MIN_POSITIVE..most).contains(&part);
        let is_above = |limits: [f64; 2]| limits.iter().all(|limit| *limit > 0.0);
        if !is_between(self.level, 1.0) {
            Some("`level` is not between 0 and 1")
        } else if self.trim.is_some_and(|trim| !(0.0..0.5).contains(&trim)) {
            Some("`trim` is not from 0 to less than 0.5")
        } else if !self.drop_big.is_none_or(is_above) {
            Some("`drop_big` is not above 0")
        } else {
            None
        }
    }
}
