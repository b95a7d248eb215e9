//! What scorers are given: a segment of some trials, as a view of what was drawn.

/// How much of a sequence a scorer has to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The counts of the symbols, or the sums of the statistics of the values.
    #[default]
    Totals,
    /// Every symbol or value, in order, beside the totals.
    Sequence,
}

/// One row of numbers for each trial, one row after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows<'a, T> {
    width: usize,
    numbers: &'a [T],
}

impl<'a, T> Rows<'a, T> {
    /// Rows of `width` numbers each.
    pub fn new(width: usize, numbers: &'a [T]) -> Self {
        Self { width, numbers }
    }

    /// The length of a row.
    pub fn width(self) -> usize {
        self.width
    }

    /// The rows one after the other, as one slice.
    pub fn numbers(self) -> &'a [T] {
        self.numbers
    }

    /// Each row; none if rows have no numbers.
    pub fn iter(self) -> std::slice::ChunksExact<'a, T> {
        self.numbers.chunks_exact(self.width.max(1))
    }
}

/// What was drawn of each trial of a batch.
///
/// ```
/// use kl_sim::estimator::{Rows, View};
/// let view = View::Counts(Rows::new(2, &[3, 7, 4, 6]));
/// assert_eq!(view.counts().collect::<Vec<_>>(), [[3, 7], [4, 6]]);
/// assert!(view.draws().is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View<'a> {
    /// How often each symbol occurs in the segment.
    Counts(Rows<'a, u64>),
    /// The same, and the symbols themselves.
    Symbols {
        /// How often each symbol occurs in the segment.
        counts: Rows<'a, u64>,
        /// The symbols, trial by trial.
        symbols: &'a [u32],
    },
    /// The sum of each statistic over all values from the start of the trial to the end of the segment. It does not depend
    /// on how the sequence was divided into segments.
    Sums(Rows<'a, f64>),
    /// The same, and the draws of the base variable from which each value of the segment is made (see
    /// [`BaseVariable`](kl_math::distribution::BaseVariable)).
    Values {
        /// The sum of each statistic.
        sums: Rows<'a, f64>,
        /// The draws, trial by trial.
        draws: &'a [f64],
    },
}

impl<'a> View<'a> {
    /// The symbol counts of each trial; none where values are not symbols.
    pub fn counts(self) -> impl Iterator<Item = &'a [u64]> {
        let counts = match self {
            Self::Counts(counts) | Self::Symbols { counts, .. } => counts,
            Self::Sums(_) | Self::Values { .. } => Rows::new(0, &[][..]),
        };
        counts.iter()
    }

    /// All symbols, trial by trial; none where they were not drawn.
    pub fn symbols(self) -> &'a [u32] {
        if let Self::Symbols { symbols, .. } = self { symbols } else { &[] }
    }

    /// The sums of each trial; none of symbols.
    pub fn sums(self) -> impl Iterator<Item = &'a [f64]> {
        let sums = match self {
            Self::Sums(sums) | Self::Values { sums, .. } => sums,
            Self::Counts(_) | Self::Symbols { .. } => Rows::new(0, &[][..]),
        };
        sums.iter()
    }

    /// All draws of the base variable, trial by trial; none where they were not drawn.
    pub fn draws(self) -> &'a [f64] {
        if let Self::Values { draws, .. } = self { draws } else { &[] }
    }
}

/// Symbols or values `start`…`end`, counted from 0, of some trials' sequences.
///
/// Short sequences come whole and many at a time. A long one comes alone, segment after segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch<'a> {
    /// The number of trials; one if the segment is not the whole sequence.
    pub trials: usize,
    /// The number of the first of them, from 0.
    pub first: u64,
    /// The first symbol of the segment.
    pub start: u64,
    /// One past the last symbol of the segment.
    pub end: u64,
    /// What was drawn of the segment.
    pub view: View<'a>,
    /// The sample from Q beside each trial that ends with the segment, for scorers whose estimator asks for
    /// [`model_draws`](crate::estimator::Estimator::model_draws).
    pub model: Option<View<'a>>,
}

impl<'a> Batch<'a> {
    /// The number of symbols or values in the segment.
    pub fn length(&self) -> u64 {
        self.end - self.start
    }

    /// The symbol counts of each trial's segment.
    pub fn counts(&self) -> impl Iterator<Item = &'a [u64]> {
        self.view.counts()
    }

    /// The sums of each trial so far.
    pub fn sums(&self) -> impl Iterator<Item = &'a [f64]> {
        self.view.sums()
    }

    /// The symbol counts of each trial's sample from Q.
    pub fn model_counts(&self) -> impl Iterator<Item = &'a [u64]> {
        self.model.into_iter().flat_map(View::counts)
    }

    /// The draws that make each trial's sample from Q, one trial after the other.
    pub fn model_draws(&self) -> &'a [f64] {
        self.model.map_or(&[], View::draws)
    }
}
