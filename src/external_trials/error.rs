//! Why external trials cannot be summarized.

use kl_math::numeric::NoMemory;

/// An error in a file of trials.
#[derive(Debug, thiserror::Error)]
pub enum TrialsError {
    /// It has no line.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// It has no rows.
    #[error("{name} has no row below its first line, which names the columns")]
    NoRows {
        /// The file.
        name: String,
    },
    /// It lacks a column.
    #[error("{name}:1: there is no column {column:?}; there are {}", quoted(.columns))]
    NoColumn {
        /// The file.
        name: String,
        /// The name of the column.
        column: String,
        /// The columns that it has.
        columns: Vec<String>,
        /// The next step.
        help: String,
    },
    /// Two columns have one name.
    #[error("{name}:1: two columns are named {column:?}")]
    TwoColumns {
        /// The file.
        name: String,
        /// Their name.
        column: String,
    },
    /// Cells break rules; each is reported on its own.
    #[error("{count} mistakes in {name}")]
    Cells {
        /// The file.
        name: String,
        /// The first mistakes.
        first: Vec<CellMistake>,
        /// The number of mistakes.
        count: u64,
    },
    /// No group has the reference.
    #[error("no {column} is {reference:?}; there are {}", quoted(.found))]
    NoReference {
        /// The column.
        column: String,
        /// The reference.
        reference: String,
        /// The values that the column has.
        found: Vec<String>,
    },
    /// There is a reference, and no groups.
    #[error("--reference names a value of the last column of --by, and there is no such column")]
    NothingToRefer,
    /// Trials without names cannot be paired, since groups differ in size.
    #[error(
        "{group} has {count} rows and {reference} {reference_count}: without a column of trials rows cannot be paired"
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
        /// A column that may name the trials.
        candidate: Option<String>,
    },
    /// Rows without a named column of trials are in different orders.
    #[error("rows of {group} and {reference} are paired by position, and {column:?} differs within pairs")]
    OutOfOrder {
        /// A group.
        group: String,
        /// The reference.
        reference: String,
        /// The column that may name the trials.
        column: String,
    },
    /// No column matches the patterns of a wide file.
    #[error("{name}:1: no columns match {patterns}; there are {}", quoted(.columns))]
    NoWide {
        /// The file.
        name: String,
        /// The patterns.
        patterns: String,
        /// The columns that it has.
        columns: Vec<String>,
    },
    /// A pattern of a wide file has other braces than the rest.
    #[error("{pattern:?} is not a pattern like the other: each has one word in braces, the same in all")]
    Pattern {
        /// The pattern.
        pattern: String,
    },
    /// The groups of several files are distinguished by different columns.
    #[error("the groups of {first} are by {} and those of {other} by {}", listed(.first_by), listed(.other_by))]
    DifferentGroups {
        /// A file.
        first: String,
        /// Its columns.
        first_by: Vec<String>,
        /// Another file.
        other: String,
        /// Its columns.
        other_by: Vec<String>,
    },
    /// A gate is on a measure that a group does not have.
    #[error("--{gate} cannot be judged: {group} has no {measure}")]
    NoMeasure {
        /// The gate.
        gate: &'static str,
        /// The group in words.
        group: String,
        /// The measure in words.
        measure: &'static str,
        /// What the measure takes.
        needs: &'static str,
    },
    /// There is not enough memory for the trials.
    #[error("{name}:{line}: no memory is left for the trials from here on")]
    Memory {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
    },
    /// There is not enough memory for the measures.
    #[error("to summarize {trials} trials {needed}")]
    TooMany {
        /// The number of trials.
        trials: u64,
        /// The memory that is needed.
        needed: NoMemory,
    },
    /// The file cannot be read.
    #[error("cannot read {name}")]
    Unreadable {
        /// The file.
        name: String,
        /// The error of the system.
        source: std::io::Error,
    },
}

impl TrialsError {
    /// The next step for the user.
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
            Self::Unpaired { candidate: Some(column), .. } | Self::OutOfOrder { column, .. } => {
                format!("if it names the trials, add `--trial-column {column}`")
            }
            Self::Unpaired { .. } => {
                "number the trials in a column and name it with --trial-column, or leave out --reference".to_owned()
            }
            Self::NoWide { .. } => {
                "write the names with a word in braces for what differs, as in --wide 'theta_{method},se_{method}'"
                    .to_owned()
            }
            Self::Pattern { .. } => "write, for instance, 'theta_{method}' and 'se_{method}'".to_owned(),
            Self::DifferentGroups { .. } => "name columns that both have with --by".to_owned(),
            Self::NoMeasure { needs, .. } => format!("it takes {needs}"),
            Self::Unreadable { .. } => "check the path, or use - for standard input".to_owned(),
            Self::Memory { .. } | Self::TooMany { .. } => {
                "summarize a part of it at a time, or allow the program more memory".to_owned()
            }
            Self::Cells { .. } => return None,
        })
    }
}

/// A cell or a row that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellMistake {
    /// The line, from 1.
    pub line: u64,
    /// The column of a cell.
    pub column: Option<String>,
    /// The text that was found.
    pub found: String,
    /// The rule.
    pub rule: &'static str,
    /// What to write instead.
    pub help: String,
}

impl CellMistake {
    /// Says what is wrong in the file `name`, and where.
    ///
    /// ```
    /// use kl_runner::external_trials::CellMistake;
    /// let (column, found) = (Some("estimate".to_owned()), "one".to_owned());
    /// let mistake = CellMistake { line: 3, column, found, rule: "an estimate is a number", help: "write 1".into() };
    /// assert_eq!(mistake.message("trials.csv"), "trials.csv:3, column estimate: \"one\": an estimate is a number");
    /// ```
    pub fn message(&self, name: &str) -> String {
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

/// Names of columns in a sentence, safe for a terminal.
fn listed(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { quoted(names) }
}
