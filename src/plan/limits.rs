//! How large an experiment may be.

/// The most trials a condition may have.
pub const MAX_TRIALS: u64 = 1_000_000_000_000_000;

/// The longest sequence.
pub const MAX_LENGTH: u64 = 1_000_000_000_000;

/// The most conditions an experiment may have.
pub const MAX_CONDITIONS: u64 = 1_000_000;

/// The most symbol counts that one tally lists.
pub const MAX_TALLIED: u128 = 1 << 18;
