//! Why results cannot be read.

use crate::record::FORMAT;
use std::io;
use std::path::PathBuf;

/// Why a results folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// Nothing has the name.
    #[error("there is no {}", .path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// A file has the name.
    #[error("{} is a file, and results are a folder", .path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// There is no manifest in it.
    #[error("{} holds no results: it has no manifest.json", .path.display())]
    NoResults {
        /// The folder.
        path: PathBuf,
    },
    /// Its trials were not recorded.
    #[error("{} holds no trials.csv: its trials were not recorded", .path.display())]
    NotRecorded {
        /// The folder.
        path: PathBuf,
    },
    /// It holds saved trials of another program.
    #[error("{} holds trials that `runner summarize` saved, not the results of a run", .path.display())]
    OfTrials {
        /// The folder.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{} was written by a newer version of this program (layout {format}; this one reads up to {FORMAT})", .path.display())]
    Newer {
        /// The folder.
        path: PathBuf,
        /// Its layout.
        format: u64,
    },
    /// The manifest cannot be read.
    #[error("{} cannot be read: {reason}", .path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A file is not the one that the manifest was written for.
    #[error("{} is not what manifest.json says: it was edited, cut short, or belongs to another run", .path.display())]
    Edited {
        /// The file.
        path: PathBuf,
    },
    /// Another run replaced the results while they were read.
    #[error("the results in {} were replaced while they were read", .path.display())]
    Replaced {
        /// The folder.
        path: PathBuf,
    },
    /// A file is missing.
    #[error("{} is missing, and manifest.json names it", .path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// A field breaks a rule.
    #[error("{}:{line}: {column} is {value:?}, and {rule}", .path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column.
        column: String,
        /// The text of the field.
        value: String,
        /// The rule.
        rule: &'static str,
    },
    /// A column is missing.
    #[error("{} has no column {column}", .path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// There is not enough memory for a file.
    #[error("to read {} {needed}", .path.display())]
    Memory {
        /// The file.
        path: PathBuf,
        /// The memory that it takes.
        needed: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl ResultsError {
    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "run the experiment first, as in `runner experiments/coin.toml`, or name the folder it wrote"
            }
            Self::NotAFolder { .. } => "name the folder that a run wrote, such as results/coin",
            Self::NoResults { .. } => {
                "name a folder that a run wrote, such as results/coin, or one that holds such folders"
            }
            Self::NotRecorded { .. } => {
                "run the experiment again with --record, as in `runner experiments/coin.toml --record`"
            }
            Self::OfTrials { .. } => "`runner report` and `runner check` take such a folder: name it with one of them",
            Self::Newer { .. } => "use that version, or run the experiment again with this one",
            Self::Manifest { .. }
            | Self::Edited { .. }
            | Self::NoFile { .. }
            | Self::NoColumn { .. }
            | Self::Cell { .. } => "run the experiment again, or restore the folder from a copy",
            Self::Replaced { .. } => "wait for the run to end, and read them again",
            Self::Memory { .. } => "allow the program more memory, or split the experiment over several files",
            Self::Io { .. } => "check that it is a file and that you may read it",
        }
    }
}
