//! One symbol after the other: what each takes of what those before it left over.

use kl_math::numeric::DoubleDouble;

/// The symbols that have mass, and the parts that all but the last of them take.
#[derive(Debug)]
pub(super) struct Shares {
    pub(super) symbols: Vec<usize>,
    pub(super) list: Vec<Share>,
}

/// A symbol's part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// This symbol's part of what the symbols before it leave over.
    pub(super) success: DoubleDouble,
    /// The later ones' part of it.
    pub(super) failure: DoubleDouble,
}

impl Shares {
    pub(super) fn of(probabilities: &[DoubleDouble]) -> Self {
        let symbols: Vec<usize> =
            (0..probabilities.len()).filter(|&symbol| probabilities[symbol] > DoubleDouble::ZERO).collect();
        // Sums from the end, so that nothing cancels.
        let mut later = DoubleDouble::ZERO;
        let mut list = Vec::with_capacity(symbols.len());
        for &symbol in symbols.iter().rev() {
            let left_over = later + probabilities[symbol];
            if later > DoubleDouble::ZERO {
                list.push(Share { success: probabilities[symbol] / left_over, failure: later / left_over });
            }
            later = left_over;
        }
        list.reverse();
        Self { symbols, list }
    }
}
