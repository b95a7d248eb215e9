//! The limits of an experiment.

/// The most trials of a condition.
pub const MAX_TRIALS: u64 = 1_000_000_000_000_000;

/// The longest sequence.
pub const MAX_LENGTH: u64 = 1_000_000_000_000;

/// The most conditions of an experiment.
pub const MAX_CONDITIONS: u64 = 1_000_000;

/// At most this many conditions, the first ones, write their laws and paths.
pub const DETAILED_CONDITIONS: usize = 1000;

/// The most vectors of symbol counts in a tally.
pub const MAX_TALLIED: u128 = 1 << 18;
