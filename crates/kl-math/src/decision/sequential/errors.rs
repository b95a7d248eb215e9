//! A test that has been followed approximately, and how far that may be off.

use super::tally::Tally;

/// What an approximation finds.
#[derive(Debug)]
pub(super) struct Approximation {
    pub(super) tally: Tally,
    pub(super) errors: Errors,
}

/// How far each chance, E τ and E[Λ_τ/τ] may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Errors {
    pub(super) chance: f64,
    /// Symbols.
    pub(super) length: f64,
    /// Nats.
    pub(super) rate: f64,
}

impl Errors {
    /// How far two approximations are apart.
    pub(super) fn between(coarse: &Tally, fine: &Tally) -> Self {
        Self {
            chance: fine.apart(coarse),
            length: (fine.lengths()[0] - coarse.lengths()[0]).abs(),
            rate: (fine.rates().0 - coarse.rates().0).abs(),
        }
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self { chance: factor * self.chance, length: factor * self.length, rate: factor * self.rate }
    }

    /// The larger ones.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            chance: self.chance.max(other.chance),
            length: self.length.max(other.length),
            rate: self.rate.max(other.rate),
        }
    }
}
