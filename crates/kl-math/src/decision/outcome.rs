//! What a test decides.

use serde::{Deserialize, Serialize};

/// The end of a test between P and Q.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Decision {
    /// For P.
    P,
    /// For Q.
    Q,
    /// The longest sequence has ended without a decision.
    Undecided,
}

impl Decision {
    /// Every end, in the order of files.
    pub const ALL: [Self; 3] = [Self::P, Self::Q, Self::Undecided];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::P => "P",
            Self::Q => "Q",
            Self::Undecided => "undecided",
        }
    }
}
