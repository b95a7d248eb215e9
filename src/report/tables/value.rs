//! What a cell of a table may hold.

use super::{fixed, grouped, grouped_decimal, p_value, significant, with_error, with_error_in_parentheses};
use std::fmt;

/// A number with what is known of its precision, or words.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// What does not exist.
    #[default]
    None,
    /// Words, or numbers that somebody has written.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A number that is known to its last digit, to so many significant ones.
    Exact(f64, usize),
    /// A number to so many decimals.
    Fixed(f64, usize),
    /// An expected count.
    Count(f64),
    /// A number with its standard error.
    Estimate {
        /// The number.
        value: f64,
        /// Its standard error, if it has one.
        error: Option<f64>,
        /// How the two are written.
        style: ErrorStyle,
    },
    /// A number with an exact standard error that the number itself does not show: to four digits, although the error is larger.
    Observed {
        /// The number.
        value: f64,
        /// The exact standard error.
        error: f64,
    },
    /// The standard error of an estimate, rounded as beside it.
    ErrorOf {
        /// The number.
        value: f64,
        /// Its standard error.
        error: f64,
    },
    /// A p-value, or no more than that.
    PValue {
        /// The number.
        value: f64,
        /// Whether the truth may be smaller.
        is_bound: bool,
    },
}

/// How an estimate and its standard error are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ErrorStyle {
    /// 0.5108 ± 0.0035.
    #[default]
    PlusMinus,
    /// 0.5108(35).
    Parentheses,
    /// 0.5108: the error has a column of its own.
    Columns,
}

impl Value {
    /// Whether it is a number, or nothing where a number might be.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Text(text) => text.parse::<f64>().is_ok(),
            Self::Observed { .. } => false,
            _ => true,
        }
    }

    /// The standard error of an estimate, as a value of its own.
    pub(super) fn error(&self) -> Self {
        match *self {
            Self::Estimate { value, error: Some(error), .. } => Self::ErrorOf { value, error },
            _ => Self::None,
        }
    }
}

/// As people read it.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&match *self {
            Self::None => String::new(),
            Self::Text(ref text) => text.clone(),
            Self::Whole(number) => grouped(number),
            Self::Exact(value, digits) => significant(value, digits),
            Self::Fixed(value, decimals) => fixed(value, decimals),
            Self::Count(count) => grouped_decimal(count),
            Self::Estimate { value, error, style: ErrorStyle::PlusMinus } => with_error(value, error),
            Self::Estimate { value, error, style: ErrorStyle::Parentheses } => with_error_in_parentheses(value, error),
            Self::Estimate { value, error, style: ErrorStyle::Columns } => parts(value, error).0,
            Self::Observed { value, error } => {
                format!("{} ± {}", significant(value, 4), significant(error, 2))
            }
            Self::ErrorOf { value, error } => match parts(value, Some(error)).1 {
                // As 5.8e-8 and not 0.058e-6.
                shared if shared.contains('e') => significant(error, 2),
                plain => plain,
            },
            Self::PValue { value, is_bound: false } => p_value(value),
            Self::PValue { value, is_bound: true } => format!("≤ {}", p_value(value)),
        })
    }
}

/// A number and its error apart, each with the power of ten that they share.
fn parts(value: f64, error: Option<f64>) -> (String, String) {
    let both = with_error(value, error);
    let (inner, power) = match both.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inner, power)) => (inner, power),
        None => (both.as_str(), ""),
    };
    let (value, error) = inner.split_once(" ± ").unwrap_or((inner, ""));
    let with_power = |number: &str| if number.is_empty() { String::new() } else { format!("{number}{power}") };
    (with_power(value), with_power(error))
}
