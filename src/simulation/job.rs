//! What the engine is given for a group of conditions, and what it gives back.

use crate::distribution::Pair;
use crate::estimator::Estimator;
use crate::law::Bins;
use crate::numeric::DoubleDouble;
use crate::statistics::{CountSums, Histogram, Moments, Summary};

/// One estimator in one condition.
pub struct Cell<'a> {
    /// Which condition of the plan, counted from 0.
    pub condition: usize,
    /// P and Q.
    pub pair: &'a Pair,
    /// The estimator.
    pub estimator: &'static dyn Estimator,
    /// Bins for a histogram of the estimates, if one is wanted.
    pub bins: Option<Bins>,
    /// The value about which moments of the estimates are summed, where sums of counts do not give them.
    pub centre: Option<f64>,
    /// Whether estimates can be infinite and are to be counted.
    pub counts_infinite: bool,
    /// Whether the running estimate of the first trials is wanted.
    pub wants_path: bool,
}

/// A group of cells that are scored from the same sequences.
pub struct Job<'a> {
    /// P's probabilities.
    pub masses: &'a [DoubleDouble],
    /// Symbols a sequence.
    pub n: u64,
    /// How many sequences.
    pub trials: u64,
    /// The cells.
    pub cells: Vec<Cell<'a>>,
}

impl Cell<'_> {
    /// Whether each trial's estimate is needed.
    pub(super) fn needs_estimates(&self) -> bool {
        self.bins.is_some() || self.centre.is_some() || self.counts_infinite
    }

    pub(super) fn empty_summary(&self) -> CellSummary {
        CellSummary {
            infinite: 0,
            histogram: self.bins.as_ref().map(|bins| Histogram::empty(bins.bins().len())),
            moments: self.centre.map(Moments::about),
        }
    }

    pub(super) fn push(&self, summary: &mut CellSummary, estimate: f64) {
        if let (Some(bins), Some(histogram)) = (&self.bins, &mut summary.histogram) {
            histogram.push(bins.place(estimate));
        }
        if estimate.is_infinite() {
            summary.infinite += 1;
        } else if let Some(moments) = &mut summary.moments {
            moments.push(estimate);
        }
    }
}

/// What is kept of one cell's estimates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellSummary {
    /// How many were infinite, if that was counted.
    pub infinite: u64,
    /// How many fell into each bin, if bins were given.
    pub histogram: Option<Histogram>,
    /// Their moments, if a centre was given.
    pub moments: Option<Moments>,
}

/// What is kept of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSummary {
    /// Sums of the symbol counts.
    pub sums: CountSums,
    /// A summary of each cell.
    pub cells: Vec<CellSummary>,
}

impl Job<'_> {
    /// The summary of no trial.
    pub fn empty_summary(&self) -> GroupSummary {
        GroupSummary {
            sums: CountSums::new(self.masses, self.n),
            cells: self.cells.iter().map(Cell::empty_summary).collect(),
        }
    }
}

impl Summary for GroupSummary {
    fn merge(&mut self, later: Self) {
        self.sums.merge(later.sums);
        for (cell, later) in self.cells.iter_mut().zip(later.cells) {
            cell.merge(later);
        }
    }
}

impl Summary for CellSummary {
    fn merge(&mut self, later: Self) {
        self.infinite += later.infinite;
        if let (Some(histogram), Some(later)) = (&mut self.histogram, later.histogram) {
            histogram.merge(later);
        }
        if let (Some(moments), Some(later)) = (&mut self.moments, later.moments) {
            moments.merge(later);
        }
    }
}
