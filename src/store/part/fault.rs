//! What is wrong with the parts of a run.

use super::file::PartError;
use super::folder::number_of;
use super::header::Mismatch;
use crate::outside::printable;
use std::path::{Path, PathBuf};

/// Why parts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PartFault {
    /// Some parts are not there.
    #[error("missing: {} {numbers} of {of}", if .numbers.contains([',', '-']) { "parts" } else { "part" })]
    Missing {
        /// Their numbers, as `5,9-12`.
        numbers: String,
        /// How many parts there are.
        of: u32,
    },
    /// A part is still worked on, or was interrupted.
    #[error("unfinished: {} has {percent} % of its part", shown(.path))]
    Unfinished {
        /// Its file.
        path: PathBuf,
        /// How much of it is done.
        percent: u128,
    },
    /// A file cannot be read as a part.
    #[error("damaged: {}: {source}", shown(.path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PartError,
    },
    /// The rows of a part are not those that were written.
    #[error("damaged: the rows of {} in {}: {source}", shown(.part), shown(.path))]
    Rows {
        /// The part.
        part: PathBuf,
        /// The file with the rows.
        path: PathBuf,
        /// Why.
        source: PartError,
    },
    /// A part of something else.
    #[error("{} {mismatch}", shown(.path))]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// Of what.
        mismatch: Mismatch,
    },
    /// Two files are one part and hold different things.
    #[error("{} and {} are the same part with different contents", shown(.path), shown(.other))]
    Differ {
        /// One.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// The checkpoint of a run cannot be gone on with.
    #[error(transparent)]
    OfRun(Box<PartFault>),
    /// There is no part.
    #[error("{} holds no part", shown(.folder))]
    None {
        /// The folder.
        folder: PathBuf,
    },
    /// There are parts of several M.
    #[error("the parts of {} do not go together to all", .of.iter().map(u32::to_string).collect::<Vec<_>>().join(" and of "))]
    Mixed {
        /// The several M.
        of: Vec<u32>,
    },
}

impl PartFault {
    /// Whether there is nothing wrong but that a part is not done.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Unfinished { .. } | Self::None { .. })
    }

    /// Whether another part has the same fault: one step mends both.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mismatch { mismatch, .. }, Self::Mismatch { mismatch: other, .. }) => mismatch == other,
            _ => false,
        }
    }

    /// The next step for the user.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "run `runner shard` for each; `runner merge … --missing` prints them for `sbatch --array=`"
            }
            Self::Unfinished { .. } => {
                "wait for it, or if nobody works on it start the same `runner shard` again: it goes on from there"
            }
            Self::OfRun(fault) => match fault.as_ref() {
                Self::Mismatch { .. } => {
                    "give the same file and flags as there, leave out --resume to start anew, or choose another folder with --out"
                }
                _ => "leave out --resume to start anew, or choose another folder with --out",
            },
            Self::Damaged { source: PartError::Io(_), .. } => {
                "move it away, or make it a file that can be read; then start `runner shard` for this part"
            }
            Self::Damaged { path, .. } if number_of(path).is_none() => "move it away: it has not the name of a part",
            Self::Damaged { .. } | Self::Rows { .. } => "start the same `runner shard` again: it makes the part anew",
            Self::Mismatch { mismatch, .. } => match mismatch {
                Mismatch::Spec { keys } if matches!(keys.as_slice(), [key] if key == "trials") => {
                    "give the same --trials as `runner shard` had, or choose another folder of parts"
                }
                Mismatch::Spec { keys } if matches!(keys.as_slice(), [key] if key == "record") => {
                    "give --record as `runner shard` had it, or choose another folder of parts"
                }
                Mismatch::Seed { .. } | Mismatch::Spec { .. } | Mismatch::Experiment { .. } => {
                    "give the same file and the same flags as there, or choose another folder of parts"
                }
                Mismatch::Program { .. } | Mismatch::Streams { .. } => {
                    "use one version of the program for all parts; move parts of another version away"
                }
                Mismatch::Cut | Mismatch::Range { .. } => "move it away and make the part anew",
            },
            Self::Differ { .. } => {
                "move one of them away; if both are of the same program, one machine computes wrongly"
            }
            Self::None { .. } => "make parts with `runner shard`, or say with --parts where they are",
            Self::Mixed { .. } => "say with --of which M you mean, and --missing prints what is missing",
        }
    }
}

/// Something that is worth knowing and no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartNote {
    /// A file is an exact copy of another one.
    Copy {
        /// The file.
        path: PathBuf,
        /// The other one.
        other: PathBuf,
    },
    /// A part is not needed: others cover its blocks.
    NotNeeded {
        /// Its file.
        path: PathBuf,
    },
    /// A file could not be used and its part is made anew.
    Anew {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl std::fmt::Display for PartNote {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Copy { path, other } => write!(out, "{} is a copy of {}", shown(path), shown(other)),
            Self::NotNeeded { path } => write!(out, "{} is not needed: other parts have its blocks", shown(path)),
            Self::Anew { path, why } => write!(out, "{} is of no use ({}): starting anew", shown(path), printable(why)),
        }
    }
}

/// A path in one line.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}
