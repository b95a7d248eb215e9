//! The lengths that conditions are crossed with.

use crate::experiment_file::diagnostics::Report;
use crate::experiment_file::grid::{Axis, repeated};
use crate::experiment_file::keys::Keys;
use std::collections::HashMap;

/// Whether the axis is N alone: it is crossed last and has no column.
pub(super) fn is_length_axis(axis: &Axis) -> bool {
    axis.paths.len() == 1 && axis.length_column().is_some()
}

/// The lengths of the sequences, the innermost axis.
pub(super) enum Lengths {
    /// The same lengths for every point of the grid.
    Crossed(Vec<u64>),
    /// One length for each case, the outermost axis.
    ByCase(Vec<u64>),
    /// Each condition's test has its own longest sequence.
    ByTest,
}

impl Lengths {
    pub(super) fn of(keys: &Keys, report: &mut Report) -> Self {
        if let Some((cases, column)) = keys.cases.as_ref().and_then(|cases| Some((cases, cases.length_column()?))) {
            let lengths = cases.lengths(column, report).into_iter().map(|(length, _)| length).collect();
            // Cases that set N alone are crossed like any other list of lengths.
            return if is_length_axis(cases) { Self::Crossed(lengths) } else { Self::ByCase(lengths) };
        }
        let Some(axis) = keys.grid.iter().find(|axis| is_length_axis(axis)) else {
            return Self::Crossed(keys.lengths.clone().unwrap_or_default());
        };
        let lengths = axis.lengths(0, report);
        let mut seen = HashMap::new();
        for &(length, place) in &lengths {
            if let Some(earlier) = seen.insert(length, place) {
                report.push_first(repeated(axis, &length.to_string(), place, earlier));
            }
        }
        Self::Crossed(lengths.into_iter().map(|(length, _)| length).collect())
    }

    /// The lengths at a point of the grid; `longest` is what a test has there, if it ends by itself.
    pub(super) fn at<'a>(&'a self, digits: &[usize], longest: &'a Option<u64>) -> &'a [u64] {
        match self {
            Self::ByTest => longest.as_slice(),
            Self::Crossed(lengths) => lengths,
            Self::ByCase(lengths) => digits.first().and_then(|&case| lengths.get(case..=case)).unwrap_or_default(),
        }
    }

    /// The factor by which the lengths multiply the number of conditions.
    pub(super) fn factor(&self) -> usize {
        match self {
            Self::Crossed(lengths) => lengths.len(),
            Self::ByCase(_) | Self::ByTest => 1,
        }
    }
}
