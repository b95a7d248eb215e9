//! Why data cannot be used for an estimate.

use crate::external_trials::TrialsError;

/// An error in given data.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file cannot be read as a table, or cells break rules.
    #[error(transparent)]
    Table(#[from] TrialsError),
    /// Several columns, and none is named.
    #[error("{name}:1: no column is named, and there are {}", quoted(.columns))]
    WhichColumn {
        /// The file.
        name: String,
        /// The columns that it has.
        columns: Vec<String>,
    },
    /// Several columns without names.
    #[error("{name}:{line}: the first line names the columns, and all of its cells are numbers")]
    NoNames {
        /// The file.
        name: String,
        /// The line.
        line: u64,
    },
    /// A column has no value.
    #[error("{name}: {what} no value")]
    NoValues {
        /// The file.
        name: String,
        /// What has none, with its verb.
        what: String,
    },
    /// There are not two groups.
    #[error("{name}: the column {column:?} has {}", groups_found(.found))]
    Groups {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// Its values.
        found: Vec<String>,
    },
    /// A group that is named and is not there.
    #[error("{name}: no row of the column {column:?} is {group:?}; there are {}", quoted(.found))]
    NoGroup {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The group.
        group: String,
        /// Its values.
        found: Vec<String>,
    },
    /// A list of counts that is none.
    #[error("{flag} {item:?}: {rule}")]
    Counts {
        /// The flag.
        flag: &'static str,
        /// The part of the list.
        item: String,
        /// The rule.
        rule: &'static str,
        /// What to write.
        help: &'static str,
    },
    /// Symbols that cannot be matched.
    #[error("{what}")]
    Symbols {
        /// What does not match.
        what: String,
        /// What to write.
        help: String,
    },
    /// What is named does not go together.
    #[error("{what}")]
    Usage {
        /// What is missing or too much.
        what: String,
        /// What to write.
        help: String,
    },
}

impl SampleError {
    /// The next step for the user.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Table(TrialsError::Empty { .. } | TrialsError::NoRows { .. }) => {
                "write a line of column names and one for each value, such as `x` and `0.25`".to_owned()
            }
            Self::Table(error) => return error.help(),
            Self::WhichColumn { .. } => {
                "name one with --column, or several, as in --column x,y, for vectors".to_owned()
            }
            Self::NoNames { .. } => "add a line of names, or name columns with --column".to_owned(),
            Self::NoValues { .. } => "every cell stands for a missing value: name another column".to_owned(),
            Self::Groups { .. } => "choose two with --p-group and --q-group".to_owned(),
            Self::NoGroup { .. } => "name one of those".to_owned(),
            Self::Counts { help, .. } => (*help).to_owned(),
            Self::Symbols { help, .. } | Self::Usage { help, .. } => help.clone(),
        })
    }
}

/// Names, safe for a terminal; long lists are cut.
pub(super) fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

fn groups_found(found: &[String]) -> String {
    match found {
        [one] => format!("one group, {one:?}, and two are compared"),
        several => format!("{} groups, and two are compared: {}", several.len(), quoted(several)),
    }
}
