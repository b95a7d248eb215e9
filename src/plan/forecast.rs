//! What a part of a run takes, before it is begun.

use std::num::NonZeroU32;

/// What one of so many parts takes, and how even the parts are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartForecast {
    /// How many parts there are.
    pub of: NonZeroU32,
    /// The cost of the longest, where the mean is 1.
    pub longest: f64,
    /// How many of them have nothing to do.
    pub empty: u32,
    /// The bytes of memory that the largest takes at most, or nearly so.
    pub memory: u64,
    /// The bytes of its files, about.
    pub files: u64,
}
