//! A probability, bit by bit.

use kl_math::numeric::DoubleDouble;

/// A probability p < 1 as 128 bits: p = Σ bₗ 2⁻ˡ, l from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share(u128);

impl Share {
    /// a/(a + b), within 2⁻¹⁰⁰.
    ///
    /// A share that rounding alone keeps from a multiple of 2⁻¹⁶ is taken for that multiple, for its few bits settle sooner.
    pub(super) fn of(a: DoubleDouble, b: DoubleDouble) -> Self {
        const NEAR: u128 = 1 << 28;
        const STEP: u128 = 1 << 112;
        let share = a / (a + b);
        let high = share.to_fixed_64().min(u128::from(u64::MAX));
        let scale = DoubleDouble::from(1u128 << 64);
        let low = (share * scale - DoubleDouble::from(high)).to_fixed_64().min(u128::from(u64::MAX));
        let bits = high << 64 | low;
        let below = bits / STEP * STEP;
        Self(match bits - below {
            over if over < NEAR && below > 0 => below,
            over if STEP - over < NEAR => below.checked_add(STEP).unwrap_or(bits),
            _ => bits,
        })
    }

    /// How many bits there are up to the last that is 1.
    pub(super) fn levels(self) -> u32 {
        if self.0 == 0 { 0 } else { 128 - self.0.trailing_zeros() }
    }

    /// Whether the bit of a level, counted from 0, is 1.
    pub(super) fn bit(self, level: u32) -> bool {
        self.0 << level >> 127 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first bits as text, and how many there are.
    fn bits(a: DoubleDouble, b: DoubleDouble) -> (String, u32) {
        let share = Share::of(a, b);
        ((0..share.levels().min(12)).map(|level| if share.bit(level) { '1' } else { '0' }).collect(), share.levels())
    }

    #[test]
    fn bits_are_those_of_the_probability() {
        let ratio = DoubleDouble::ratio;
        for (a, b, expected, levels) in [
            (ratio(1, 2), ratio(1, 2), "1", 1),
            (ratio(1, 4), ratio(3, 4), "01", 2),
            (ratio(5, 8), ratio(3, 8), "101", 3),
            // Halves stay halves, whatever was rounded.
            (ratio(1, 6), ratio(1, 6), "1", 1),
            (ratio(1, 300), ratio(3, 300), "01", 2),
            (ratio(1, 10) * ratio(1, 3), ratio(1, 30), "1", 1),
        ] {
            assert_eq!(bits(a, b), (expected.to_owned(), levels), "{a:?} {b:?}");
        }
        assert_eq!(bits(ratio(2, 5), ratio(3, 5)).0, "011001100110");
        assert_eq!(bits(ratio(1, 3), ratio(2, 3)).0, "010101010101");
    }

    #[test]
    fn bits_are_right_to_the_hundredth() {
        for (a, b) in [(2u128, 3u128), (1, 2), (1, 1_000_000), (999_999, 1), (355, 113), (1, 6)] {
            let (whole, part) = (a + b, a);
            let share = Share::of(DoubleDouble::from(part), DoubleDouble::from(b)).0;
            // Long division, bit by bit.
            let (mut expected, mut rest) = (0u128, part);
            for _ in 0..128 {
                rest *= 2;
                expected = expected << 1 | u128::from(rest >= whole);
                rest %= whole;
            }
            assert!(share.abs_diff(expected) < 1 << 28, "{a} {b}: {share:x} {expected:x}");
        }
    }

    /// What is near a half but not one by rounding stays what it is.
    #[test]
    fn near_halves_are_no_halves() {
        for power in [30, 60, 90] {
            let over = DoubleDouble::ratio(1, 1 << (power / 2)) * DoubleDouble::ratio(1, 1 << (power / 2));
            let half = DoubleDouble::ratio(1, 2);
            assert_eq!(Share::of(half + over, half - over).0, (1 << 127) + (1 << (128 - power)));
        }
    }

    /// A rare symbol is not lost.
    #[test]
    fn small_shares_keep_their_leading_bits() {
        let rare = Share::of(DoubleDouble::from(1e-30), DoubleDouble::ONE).0;
        let expected = 340_282_366u128; // 2^128 · 1e-30
        assert!(rare.abs_diff(expected) <= 1, "{rare}");
        assert_eq!(Share::of(DoubleDouble::ZERO, DoubleDouble::ONE).levels(), 0);
    }
}
