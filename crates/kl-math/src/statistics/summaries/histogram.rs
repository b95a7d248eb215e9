//! How many trials fell into each bin.

use super::sparse;
use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// Counts by bin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    #[serde(with = "sparse")]
    counts: Vec<u64>,
}

impl Histogram {
    /// No trial in any of `bins` bins.
    pub fn empty(bins: usize) -> Self {
        Self { counts: vec![0; bins] }
    }

    /// `trials` more trials in `bin`.
    pub fn push(&mut self, bin: usize, trials: u64) {
        if let Some(count) = self.counts.get_mut(bin) {
            *count += trials;
        }
    }

    /// All trials; none are left here.
    pub fn take(&mut self) -> Self {
        let empty = Self::empty(self.counts.len());
        std::mem::replace(self, empty)
    }

    /// The count of each bin.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }
}

impl Summary for Histogram {
    fn merge(&mut self, later: Self) {
        for (count, more) in self.counts.iter_mut().zip(later.counts) {
            *count += more;
        }
    }
}

impl Restore for Histogram {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let all = self.counts.iter().try_fold(0u64, |sum, &count| sum.checked_add(count))?;
        (all <= trials && self.counts.len() == empty.counts.len()).then_some(self)
    }
}
