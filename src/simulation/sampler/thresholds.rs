//! From uniform bits to symbols, with probabilities right to 2⁻⁶⁴.

use crate::numeric::DoubleDouble;

/// Symbol k is drawn where the thresholds T₁ ≤ T₂ ≤ … leave a uniform 64-bit number U with Tₖ ≤ U < Tₖ₊₁,
/// T = ⌊2⁶⁴ Σ_{j<k} pⱼ⌋. The leading bits of U decide nearly always; only where a threshold lies inside
/// their bucket are the others drawn.
#[derive(Debug)]
pub(super) struct Thresholds {
    /// The thresholds between neighbouring symbols; 2⁶⁴ where no mass is left.
    cuts: Vec<u128>,
    lead: Lead,
}

/// How many bits are drawn first.
#[derive(Debug)]
pub(super) enum Lead {
    /// A coin of one half: one bit, 0 for the first symbol.
    Bit,
    /// Up to 16 symbols: one byte. Which symbol each of its 256 values decides.
    Byte(Vec<Decision>),
    /// Up to 256 symbols: two bytes, little-endian.
    TwoBytes(Vec<Decision>),
    /// Larger alphabets: four bytes, little-endian.
    FourBytes,
}

/// What leading bits say: a symbol, or that a threshold lies inside their bucket.
pub(super) type Decision = Option<u16>;

impl Thresholds {
    pub(super) fn new(masses: &[DoubleDouble]) -> Self {
        // No mass further on: rounding must not leave a sliver for an impossible symbol.
        let last = masses.iter().rposition(|mass| *mass > DoubleDouble::ZERO).unwrap_or(0);
        let mut below = DoubleDouble::ZERO;
        let mut cuts = Vec::with_capacity(masses.len());
        for (symbol, &mass) in masses.iter().enumerate().take(masses.len().saturating_sub(1)) {
            below += mass;
            cuts.push(if symbol >= last { 1 << 64 } else { below.to_fixed_64() });
        }
        let mut thresholds = Self { cuts, lead: Lead::FourBytes };
        thresholds.lead = match masses.len() {
            2 if thresholds.cuts == [1 << 63] => Lead::Bit,
            ..=16 => Lead::Byte(thresholds.decisions(8)),
            17..=256 => Lead::TwoBytes(thresholds.decisions(16)),
            _ => Lead::FourBytes,
        };
        thresholds
    }

    pub(super) fn lead(&self) -> &Lead {
        &self.lead
    }

    /// What the leading `bits` bits `value` decide.
    pub(super) fn decide(&self, value: u64, bits: u32) -> Decision {
        let (low, high) = (self.symbol(value << (64 - bits)), self.symbol((value << (64 - bits)) | (u64::MAX >> bits)));
        (low == high).then_some(low)
    }

    /// The symbol of the leading `bits` bits `value` followed by the leading bits of `more`.
    pub(super) fn settle(&self, value: u64, bits: u32, more: u64) -> u16 {
        self.symbol((value << (64 - bits)) | (more >> bits))
    }

    fn symbol(&self, uniform: u64) -> u16 {
        self.cuts.partition_point(|&cut| cut <= u128::from(uniform)) as u16
    }

    fn decisions(&self, bits: u32) -> Vec<Decision> {
        (0..1u64 << bits).map(|value| self.decide(value, bits)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thresholds(masses: &[(u64, u64)]) -> Thresholds {
        Thresholds::new(&masses.iter().map(|&(a, b)| DoubleDouble::ratio(a, b)).collect::<Vec<_>>())
    }

    /// How many of the 2⁶⁴ values of U give each symbol, read off the thresholds.
    fn measures(thresholds: &Thresholds) -> Vec<u128> {
        let ends = thresholds.cuts.iter().copied().chain([1 << 64]);
        let starts = [0].into_iter().chain(thresholds.cuts.iter().copied());
        starts.zip(ends).map(|(start, end)| end - start).collect()
    }

    #[test]
    fn a_die_is_fair_to_the_last_of_64_bits() {
        for measure in measures(&thresholds(&[(1, 6); 6])) {
            assert!(measure.abs_diff((1 << 64) / 6) <= 1);
        }
    }

    #[test]
    fn a_coin_of_one_half_takes_a_bit_and_others_a_byte() {
        assert!(matches!(thresholds(&[(1, 2), (1, 2)]).lead, Lead::Bit));
        assert!(matches!(thresholds(&[(2, 5), (3, 5)]).lead, Lead::Byte(_)));
        assert!(matches!(thresholds(&[(1, 20); 20]).lead, Lead::TwoBytes(_)));
        assert!(matches!(thresholds(&[(1, 300); 300]).lead, Lead::FourBytes));
    }

    #[test]
    fn only_a_bucket_with_a_threshold_inside_needs_more_bits() {
        let quarter = thresholds(&[(1, 4), (3, 4)]);
        assert!((0..256).all(|byte| quarter.decide(byte, 8) == Some(u16::from(byte >= 64))));
        let third = thresholds(&[(1, 3), (2, 3)]);
        assert_eq!((0..256).filter(|&byte| third.decide(byte, 8).is_none()).collect::<Vec<_>>(), [85]);
        // ⌊2⁶⁴/3⌋ = 0x5555…: below it the first symbol, from it on the second.
        assert_eq!(third.settle(0x55, 8, 0x5555_5555_5555_54ff), 0);
        assert_eq!(third.settle(0x55, 8, 0x5555_5555_5555_55ff), 1);
    }

    #[test]
    fn a_symbol_without_mass_is_never_drawn() {
        let gaps = thresholds(&[(0, 1), (1, 3), (0, 1), (2, 3), (0, 1)]);
        let measured = measures(&gaps);
        assert_eq!((measured[0], measured[2], measured[4]), (0, 0, 0));
        assert_eq!(measured.iter().sum::<u128>(), 1 << 64);
    }
}
