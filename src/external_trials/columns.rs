//! Which column of a file holds what.

use super::CsvFormat;
use kl_math::numeric::DoubleDouble;
use std::collections::HashMap;

/// The names of the columns of a file.
///
/// A name with a word in braces, such as `theta_{method}`, stands for several columns of a wide file, one for each method.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnNames {
    /// The column of estimates.
    pub estimate: String,
    /// The column of their standard errors; the default is `se`, if there is such a column.
    pub std_error: Option<String>,
    /// The columns of the limits of intervals.
    pub limits: Option<[String; 2]>,
    /// The column of p-values.
    pub p_value: Option<String>,
    /// The column of degrees of freedom.
    pub degrees: Option<String>,
    /// The estimand of each row.
    pub truth: Truth,
    /// The column that names trials.
    pub trial: TrialColumn,
    /// The columns that distinguish groups; the default is those of `condition` and `estimator` that exist.
    pub by: Option<Vec<String>>,
    /// Whether rows of different groups are paired.
    pub paired: bool,
    /// How the file is written.
    pub format: CsvFormat,
}

impl Default for ColumnNames {
    fn default() -> Self {
        Self {
            estimate: "estimate".to_owned(),
            std_error: None,
            limits: None,
            p_value: None,
            degrees: None,
            truth: Truth::None,
            trial: TrialColumn::Default,
            by: None,
            paired: false,
            format: CsvFormat::default(),
        }
    }
}

/// Which column names the trials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrialColumn {
    /// `trial`, if there is such a column.
    #[default]
    Default,
    /// The one of this name.
    Named(String),
}

/// Where the estimand of a row is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Truth {
    /// Not in the file.
    #[default]
    None,
    /// In the column of this name.
    Column(String),
    /// By the text in the column `condition`; none of a condition whose estimand is infinite.
    OfConditions(HashMap<String, Option<DoubleDouble>>),
}
