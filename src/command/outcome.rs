//! How a command ended, and its exit code.

/// How a command ended, if it could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every estimate agrees with theory.
    Agreed,
    /// Some estimate disagrees with theory, or a committed result changed.
    Disagreed,
    /// There was nothing to compare with: a spec changed, or committed results are missing.
    Changed,
    /// A check could miss a bias that it must detect.
    Inconclusive,
    /// An estimator of the user's own failed too often; the other results are kept.
    Stopped,
    /// A signal of this number stopped it.
    Interrupted(u8),
}

impl Outcome {
    /// The exit code of whatever could not run.
    pub const COULD_NOT_RUN: u8 = 2;

    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Agreed => 0,
            Self::Disagreed => 1,
            Self::Stopped => Self::COULD_NOT_RUN,
            Self::Changed => 3,
            Self::Inconclusive => 4,
            Self::Interrupted(signal) => 128 + signal,
        }
    }
}
