//! The flags that say what the data are and how files are written.

use crate::command::verb::summarize::{decimal, delimiter};
use crate::external_trials::CsvFormat;
use clap::Args;

/// What the data are, and how files are written.
#[derive(Args, Clone, Debug)]
pub(super) struct DataFlags {
    /// The column of values, or several, separated by commas, for vectors [default: the only one]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(super) column: Vec<String>,

    /// The column that tells a sample from P and one from Q apart, in one file
    #[arg(long, value_name = "NAME")]
    pub(super) group_column: Option<String>,

    /// The group that is the sample from P [default: the first in the file]
    #[arg(long, value_name = "VALUE", requires = "group_column")]
    pub(super) p_group: Option<String>,

    /// The group that is the sample from Q [default: the other one]
    #[arg(long, value_name = "VALUE", requires = "group_column")]
    pub(super) q_group: Option<String>,

    /// How often each symbol was seen from P, such as 12,30,8 or a=12,b=30,c=8
    #[arg(long, value_name = "COUNTS", conflicts_with_all = ["files", "column", "group_column"])]
    pub(super) p_counts: Option<String>,

    /// How often each symbol was seen from Q
    #[arg(long, value_name = "COUNTS", requires = "p_counts", conflicts_with = "q")]
    pub(super) q_counts: Option<String>,

    /// P, if it is known, too: adds the estimators from ln(p/q)
    #[arg(long, value_name = "DISTRIBUTION", requires = "q", allow_hyphen_values = true)]
    pub(super) p: Option<String>,

    /// Q, if it is known
    #[arg(long, value_name = "DISTRIBUTION", allow_hyphen_values = true)]
    pub(super) q: Option<String>,

    /// Values are symbols; with a number, that many are possible [default: for texts and few different whole numbers]
    #[arg(long, value_name = "K", num_args = 0..=1, require_equals = true, conflicts_with = "numbers", value_parser = clap::value_parser!(u32).range(2..))]
    pub(super) symbols: Option<Option<u32>>,

    /// Values are numbers
    #[arg(long)]
    pub(super) numbers: bool,

    /// All symbols that are possible, separated by commas [default: those that were seen, or those of --q]
    #[arg(long, value_name = "SYMBOLS", value_delimiter = ',', conflicts_with_all = ["numbers", "q", "p_counts"])]
    pub(super) alphabet: Option<Vec<String>>,

    /// More codes for a missing value, beside NA, NaN, `.`, NULL, None and nothing
    #[arg(long, value_name = "CODES", value_delimiter = ',', allow_hyphen_values = true)]
    pub(super) missing: Vec<String>,

    /// The character between cells, or `tab` [default: the one of comma, semicolon and tab that the first line has most of]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    pub(super) delimiter: Option<u8>,

    /// The decimal mark, `.` or `,`
    #[arg(long, value_name = "MARK", default_value = ".", value_parser = decimal)]
    pub(super) decimal: u8,
}

impl DataFlags {
    /// How files are written.
    pub(super) fn format(&self) -> CsvFormat {
        CsvFormat { delimiter: self.delimiter, decimal: self.decimal, missing: self.missing.clone() }
    }

    /// The number of possible symbols, if it is given.
    pub(super) fn size(&self) -> Option<usize> {
        self.symbols.flatten().map(|size| size as usize)
    }
}
