//! How many trials fell into each bin.

use crate::statistics::Summary;

/// Counts by bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
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
