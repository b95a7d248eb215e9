//! The flags that say how a file is written, and what its columns hold.

use crate::external_trials::{ColumnNames, CsvFormat, TrialColumn, Truth};
use clap::Args;

/// How files are written, and what their columns hold.
#[derive(Args, Clone, Debug)]
pub(super) struct ColumnFlags {
    /// The column of estimands, if they differ, also within a group: then errors are from the estimand of the row
    #[arg(long, value_name = "NAME")]
    pub(super) truth_column: Option<String>,

    /// The column of estimates [default: estimate]
    #[arg(long, value_name = "NAME")]
    pub(super) estimate_column: Option<String>,

    /// The column of the standard errors of the estimates [default: se, if there is one]
    #[arg(long, value_name = "NAME")]
    pub(super) se_column: Option<String>,

    /// The column of the lower limits of intervals, which outrank those from standard errors
    #[arg(long, value_name = "NAME", requires = "high_column")]
    pub(super) low_column: Option<String>,

    /// The column of the upper limits
    #[arg(long, value_name = "NAME", requires = "low_column")]
    pub(super) high_column: Option<String>,

    /// The column of p-values, which outrank intervals for the rejection rate: what is below 1 − level rejects
    #[arg(long, value_name = "NAME")]
    pub(super) p_column: Option<String>,

    /// The column of degrees of freedom: the intervals are estimate ± t se
    #[arg(long, value_name = "NAME")]
    pub(super) df_column: Option<String>,

    /// The columns of a wide file, of estimates and of standard errors, such as 'theta_{method},se_{method}'; the other flags of
    /// columns may have the same braces
    #[arg(long, value_name = "PATTERNS", value_parser = wide, conflicts_with_all = ["estimate_column", "se_column"])]
    pub(super) wide: Option<WidePatterns>,

    /// The column that names the trials, by which those of different groups are paired [default: trial, if there is one]
    #[arg(long, value_name = "NAME")]
    pub(super) trial_column: Option<String>,

    /// More codes for a missing number, beside NA, NaN, `.`, NULL, None and nothing
    #[arg(long, value_name = "CODES", value_delimiter = ',', allow_hyphen_values = true)]
    pub(super) missing: Vec<String>,

    /// The character between cells, or `tab` [default: the one of comma, semicolon and tab that the first line has most of]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(super) delimiter: Option<u8>,

    /// The decimal mark, `.` or `,`
    #[arg(long, value_name = "MARK", default_value = ".", value_parser = decimal)]
    pub(super) decimal: u8,

    /// The columns that define the groups, separated by commas [default: condition and estimator, if the file has these columns]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub(super) by: Option<Vec<String>>,
}

impl ColumnFlags {
    /// The column of estimates and that of standard errors, or their patterns.
    pub(super) fn estimate_and_se(&self) -> (String, Option<String>) {
        let (estimate, se_column) = match &self.wide {
            Some(WidePatterns { estimate, std_error }) => (Some(estimate), std_error.as_ref()),
            None => (self.estimate_column.as_ref(), self.se_column.as_ref()),
        };
        (estimate.cloned().unwrap_or_else(|| "estimate".to_owned()), se_column.cloned())
    }

    /// The names of the columns of a file whose estimands are `truth`.
    pub(super) fn columns(&self, truth: Truth, paired: bool) -> ColumnNames {
        let (estimate, std_error) = self.estimate_and_se();
        ColumnNames {
            estimate,
            std_error,
            limits: self.low_column.clone().zip(self.high_column.clone()).map(|(low, high)| [low, high]),
            p_value: self.p_column.clone(),
            degrees: self.df_column.clone(),
            truth,
            trial: self.trial_column.clone().map_or(TrialColumn::Default, TrialColumn::Named),
            by: self.by.clone(),
            paired,
            format: CsvFormat { delimiter: self.delimiter, decimal: self.decimal, missing: self.missing.clone() },
        }
    }
}

/// The patterns of the columns of a wide file.
#[derive(Clone, Debug)]
pub(super) struct WidePatterns {
    estimate: String,
    std_error: Option<String>,
}

fn wide(text: &str) -> Result<WidePatterns, String> {
    let patterns: Vec<&str> = text.split(',').map(str::trim).collect();
    let has_braces = patterns.iter().all(|pattern| pattern.contains('{') && pattern.contains('}'));
    match patterns.as_slice() {
        [estimate, rest @ ..] if has_braces && rest.len() <= 1 => {
            Ok(WidePatterns { estimate: (*estimate).to_owned(), std_error: rest.first().map(|&text| text.to_owned()) })
        }
        _ => Err("write one or two names with a word in braces, as in theta_{method},se_{method}; \
                  name limits with --low-column and --high-column"
            .to_owned()),
    }
}

pub(in crate::command::verb) fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n.+-".contains(byte) => Ok(*byte),
        _ => Err("a delimiter is one character such as ; or the word tab".to_owned()),
    }
}

pub(in crate::command::verb) fn decimal(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [mark @ (b'.' | b',')] => Ok(*mark),
        _ => Err("a decimal mark is . or ,".to_owned()),
    }
}
