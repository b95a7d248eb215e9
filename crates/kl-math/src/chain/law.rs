//! A Markov chain as plain numbers.

use crate::numeric::DoubleDouble;

/// A Markov chain as plain numbers.
#[derive(Clone, Copy, Debug)]
pub struct ChainLaw<'a> {
    /// The probability of each state as the first symbol: K of them.
    pub initial: &'a [DoubleDouble],
    /// The K×K matrix of transition probabilities, row by row; each row sums to one.
    pub transition: &'a [DoubleDouble],
}

/// First symbols and transitions, each row divided by its sum.
pub(super) fn events(side: ChainLaw<'_>) -> Vec<DoubleDouble> {
    let rows = side.transition.chunks_exact(side.initial.len().max(1));
    let normalised = |row: &[DoubleDouble]| {
        let sum: DoubleDouble = row.iter().copied().sum();
        row.iter().map(|&mass| if sum > DoubleDouble::ZERO { mass / sum } else { mass }).collect::<Vec<_>>()
    };
    [side.initial].into_iter().chain(rows).flat_map(normalised).collect()
}
