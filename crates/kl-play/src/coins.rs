//! The two coins.

use kl_math::distribution::{Categorical, SymbolPair};
use kl_math::divergence::Cumulants;
use kl_math::law::Law;
use kl_math::numeric::Unit;

/// Chances of heads are given in parts of this: whole numbers say the same in a page and in an experiment file.
const WHOLE: u32 = 10_000;

/// More than the atoms of the longest sequence.
const MOST_ATOMS: u64 = 65_536;

/// A pair of coins, each of which may fall either way.
///
/// It is held as symbols and no more: a [`Pair`](kl_math::distribution::Pair) may be of any family, and would bring their mathematics
/// into the page.
#[derive(Clone, Debug)]
pub struct Coins {
    pub(crate) pair: SymbolPair,
    pub(crate) reversed: SymbolPair,
}

impl Coins {
    /// Coins that fall heads in so many of 10,000 tosses; none if one of them always falls the same way.
    pub fn of(p: u32, q: u32) -> Option<Self> {
        let pair = SymbolPair::of(coin(p)?, coin(q)?).ok()?;
        let reversed = pair.reversed().ok()?;
        Some(Self { pair, reversed })
    }

    /// KL(P‖Q) in nats and in bits, KL(Q‖P) in nats and in bits, and the log ratios ln(p/q) of heads and of tails.
    pub fn divergences(&self) -> Vec<f64> {
        let of = |pair: &SymbolPair| {
            let nats = Cumulants::of_symbols(pair).mean;
            [nats, Unit::Bits.of_nats(nats)]
        };
        of(&self.pair).into_iter().chain(of(&self.reversed)).chain(self.pair.log_ratios().iter().copied()).collect()
    }

    /// The exact law of L of `n` tosses of P.
    pub(crate) fn law_of_l(&self, n: u64) -> Option<Law> {
        law(&self.pair, n)
    }
}

/// The exact law of the mean log ratio of `n` tosses of the first coin.
pub(crate) fn law(pair: &SymbolPair, n: u64) -> Option<Law> {
    Law::of_symbols(pair.source_probabilities(), pair.log_ratios(), n, MOST_ATOMS)
}

/// A coin with the symbols and the digits that an experiment file has: `{ H = 0.9, T = 0.1 }`.
fn coin(heads: u32) -> Option<Categorical> {
    let share = |parts: u32| f64::from(parts) / f64::from(WHOLE);
    let tails = WHOLE.checked_sub(heads).filter(|&tails| tails > 0 && heads > 0)?;
    Categorical::new([share(heads), share(tails)]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_come_in_both_units() {
        let found = Coins::of(5_000, 4_000).unwrap().divergences();
        let expected = [0.020_410_997, 0.029_446_844, 0.020_135_514, 0.029_049_406, 0.223_143_551, -0.182_321_557];
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn a_coin_can_fall_either_way() {
        for (p, q) in [(0, 5_000), (5_000, 10_000), (10_001, 5_000), (5_000, u32::MAX)] {
            assert!(Coins::of(p, q).is_none());
        }
        assert!(Coins::of(1, 9_999).is_some());
    }
}
