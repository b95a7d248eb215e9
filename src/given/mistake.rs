//! Why trials cannot be summarized.

use kl_math::numeric::NoMemory;

/// A file of trials that cannot be used, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum TrialsError {
    /// There is no line at all.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// There are no rows.
    #[error("{name} has no row below its first line, which names the columns")]
    NoRows {
        /// The file.
        name: String,
    },
    /// A column that is not there.
    #[error("{name}:1: there is no column {column:?}; there are {}", quoted(.columns))]
    NoColumn {
        /// The file.
        name: String,
        /// What was looked for.
        column: String,
        /// Those that are there.
        columns: Vec<String>,
        /// What else to say.
        help: String,
    },
    /// A column that is there twice.
    #[error("{name}:1: two columns are named {column:?}")]
    TwoColumns {
        /// The file.
        name: String,
        /// Their name.
        column: String,
    },
    /// Cells that are not what they should be; each is told on its own.
    #[error("{count} mistakes in {name}")]
    Cells {
        /// The file.
        name: String,
        /// The first ones.
        first: Vec<CellMistake>,
        /// How many there are.
        count: u64,
    },
    /// A reference that no group has.
    #[error("no {column} is {reference:?}; there are {}", quoted(.found))]
    NoReference {
        /// The column.
        column: String,
        /// What was asked for.
        reference: String,
        /// What there is.
        found: Vec<String>,
    },
    /// A reference where there are no groups.
    #[error("--reference names a value of the last column of --by, and there is no such column")]
    NothingToRefer,
    /// Trials without names of which groups have unequally many.
    #[error(
        "{group} has {count} rows and {reference} {reference_count}: without a column `trial` nothing says which belong together"
    )]
    Unpaired {
        /// A group.
        group: String,
        /// Its rows.
        count: u64,
        /// The reference.
        reference: String,
        /// Its rows.
        reference_count: u64,
    },
    /// The file has more trials than there is memory for.
    #[error("{name}:{line}: no memory is left for the trials from here on")]
    Memory {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
    },
    /// Their measures take more memory than there is.
    #[error("to summarize {trials} trials {needed}")]
    TooMany {
        /// How many there are.
        trials: u64,
        /// How much is needed.
        needed: NoMemory,
    },
    /// The file cannot be read.
    #[error("cannot read {name}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl TrialsError {
    /// What to do.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Empty { .. } | Self::NoRows { .. } => {
                "write a line of column names and one for each trial, such as `estimator,estimate` and `mle,0.25`"
                    .to_owned()
            }
            Self::NoColumn { help, .. } => help.clone(),
            Self::TwoColumns { .. } => "rename one".to_owned(),
            Self::NoReference { .. } => "name one of those".to_owned(),
            Self::NothingToRefer => "name the column of estimators, as in --by estimator".to_owned(),
            Self::Unpaired { .. } => "number the trials in a column `trial`, or leave out --reference".to_owned(),
            Self::Unreadable { .. } => "check the path, or use - for standard input".to_owned(),
            Self::Memory { .. } | Self::TooMany { .. } => {
                "summarize a part of it at a time, or allow the program more memory".to_owned()
            }
            Self::Cells { .. } => return None,
        })
    }
}

/// A cell, or a row, that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellMistake {
    /// The line, from 1.
    pub line: u64,
    /// The column, if it is a cell.
    pub column: Option<String>,
    /// What is there.
    pub found: String,
    /// What should be.
    pub rule: &'static str,
    /// What to write.
    pub help: String,
}

impl CellMistake {
    /// What is wrong in the file `name`, and where.
    ///
    /// ```
    /// use kl_runner::given::CellMistake;
    /// let (column, found) = (Some("estimate".to_owned()), "one".to_owned());
    /// let mistake = CellMistake { line: 3, column, found, rule: "an estimate is a number", help: "write 1".into() };
    /// assert_eq!(mistake.told("trials.csv"), "trials.csv:3, column estimate: \"one\": an estimate is a number");
    /// ```
    pub fn told(&self, name: &str) -> String {
        match &self.column {
            Some(column) => format!("{name}:{}, column {column}: {:?}: {}", self.line, self.found, self.rule),
            None => format!("{name}:{}: {}: {}", self.line, self.found, self.rule),
        }
    }
}

/// Names, safe for a terminal.
fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}
