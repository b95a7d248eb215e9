//! From bytes to states, with probabilities right to 2⁻⁶⁴.

use crate::simulation::sampler::symbols::cumulative;
use crate::simulation::stream::Stream;
use kl_math::numeric::DoubleDouble;

/// How bytes become symbols.
///
/// A byte decides nearly always: symbol k owns ⌊2⁸ pₖ⌋ of its values, in symbol order from 0. The few values that are left over
/// belong to nobody: they are settled by bytes of another stream. First one byte, whose values are owned in the same way
/// according to what the symbols still lack; if that is left over too, a 64-bit number, which is compared with thresholds.
/// Each symbol's probability is right to 2⁻⁶⁴.
#[derive(Debug)]
pub(super) struct Thresholds {
    /// One past the last byte of each symbol.
    ends: Vec<u64>,
    /// The owner of each value of the second byte, none for those left over again.
    second: Vec<Option<u16>>,
    /// ⌊2⁶⁴ · the share of symbols up to this one in what is then left over⌋.
    last: Vec<u128>,
}

impl Thresholds {
    pub(super) fn new(probabilities: &[DoubleDouble]) -> Self {
        let (ends, lacking) = owned(probabilities);
        let (second_ends, lacking) = owned(&lacking);
        let second = (0..=255).map(|value| owner(&second_ends, value)).collect();
        Self { ends, second, last: cumulative(&lacking) }
    }

    /// One past the last byte of each symbol: what lies beyond the last is left over.
    pub(super) fn ends(&self) -> &[u64] {
        &self.ends
    }

    /// The symbol that owns a byte, unless it is left over.
    pub(super) fn owner(&self, byte: u8) -> Option<u16> {
        owner(&self.ends, byte)
    }

    /// The symbol of a byte that is left over.
    pub(super) fn settle(&self, refine: &mut Stream) -> u16 {
        let [byte] = refine.array();
        self.second_owner(byte).unwrap_or_else(|| self.settle_last(refine))
    }

    /// The symbol that owns a second byte, unless that is left over, too.
    pub(super) fn second_owner(&self, byte: u8) -> Option<u16> {
        self.second.get(usize::from(byte)).copied().flatten()
    }

    /// The symbol where the second byte is left over, too.
    pub(super) fn settle_last(&self, refine: &mut Stream) -> u16 {
        let uniform = u128::from(u64::from_le_bytes(refine.array()));
        self.last.partition_point(|&end| end <= uniform) as u16
    }
}

fn owner(ends: &[u64], value: u8) -> Option<u16> {
    let symbol = ends.partition_point(|&end| end <= u64::from(value));
    (symbol < ends.len()).then_some(symbol as u16)
}

/// One past the last of the 256 values that each symbol owns, and the symbols' shares of what is left over (0 where nothing
/// is).
fn owned(probabilities: &[DoubleDouble]) -> (Vec<u64>, Vec<DoubleDouble>) {
    const VALUES: u64 = 1 << 8;
    let values = DoubleDouble::from(u128::from(VALUES));
    let count = |mass: DoubleDouble| (mass.to_fixed_64() >> (64 - 8)) as u64;
    let mut end = 0;
    let ends: Vec<u64> = probabilities
        .iter()
        .map(|&mass| {
            end += count(mass);
            end
        })
        .collect();
    let left_over = VALUES - end.min(VALUES);
    let share = |&mass: &DoubleDouble| {
        let lack = mass * values - DoubleDouble::from(u128::from(count(mass)));
        let is_some = left_over > 0 && lack > DoubleDouble::ZERO;
        if is_some { lack / DoubleDouble::from(u128::from(left_over)) } else { DoubleDouble::ZERO }
    };
    (ends, probabilities.iter().map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(probabilities: &[(u64, u64)]) -> Thresholds {
        Thresholds::new(&probabilities.iter().map(|&(a, b)| DoubleDouble::ratio(a, b)).collect::<Vec<_>>())
    }

    /// The chance of each symbol: by the values it owns, by the second bytes, and by the thresholds.
    fn chances(thresholds: &Thresholds) -> Vec<DoubleDouble> {
        let number = |value: u64| DoubleDouble::from(u128::from(value));
        let values = 256;
        let owned = |symbol: usize| thresholds.ends[symbol] - if symbol == 0 { 0 } else { thresholds.ends[symbol - 1] };
        let left_over = number(values - thresholds.ends.last().unwrap()) / number(values);
        let nobody = thresholds.second.iter().filter(|owner| owner.is_none()).count() as u64;
        let chance = |symbol: usize| {
            let second =
                thresholds.second.iter().filter(|&&owner| owner.map(usize::from) == Some(symbol)).count() as u64;
            let before = if symbol == 0 { 0 } else { thresholds.last[symbol - 1] };
            let last = DoubleDouble::from(thresholds.last[symbol] - before) / DoubleDouble::from(1u128 << 64);
            let of_rest = (number(second) + number(nobody) * last) / number(256);
            number(owned(symbol)) / number(values) + left_over * of_rest
        };
        (0..thresholds.ends.len()).map(chance).collect()
    }

    #[test]
    fn every_chance_is_right_to_64_bits() {
        let uneven: Vec<(u64, u64)> = (1..=300).map(|k| (k, 150 * 301)).collect();
        for probabilities in [
            vec![(1, 6); 6],
            vec![(1, 3), (2, 3)],
            vec![(1, 1_000_000), (999_999, 1_000_000)],
            vec![(1, 20); 20],
            uneven,
        ] {
            for (chance, (a, b)) in chances(&of(&probabilities)).into_iter().zip(probabilities) {
                let error = (chance - DoubleDouble::ratio(a, b)).to_f64();
                assert!(error.abs() <= 1.0 / 18_446_744_073_709_551_616.0, "{a}/{b}: {error:e}");
            }
        }
    }

    #[test]
    fn values_have_owners_in_symbol_order_and_few_are_left_over() {
        let quarter = of(&[(1, 4), (3, 4)]);
        assert!((0..=255).all(|byte| quarter.owner(byte) == Some(u16::from(byte >= 64))));
        let third = of(&[(1, 3), (2, 3)]);
        assert_eq!([84, 85, 254, 255].map(|byte| third.owner(byte)), [Some(0), Some(1), Some(1), None]);
        // 256/3 = 85 + 1/3 and 512/3 = 170 + 2/3: the value left over is the second symbol's twice as often.
        assert_eq!([84, 85, 254, 255].map(|byte| third.second[byte]), [Some(0), Some(1), Some(1), None]);
    }

    #[test]
    fn a_symbol_without_mass_is_never_drawn() {
        let found = chances(&of(&[(0, 1), (1, 3), (0, 1), (2, 3), (0, 1)]));
        assert_eq!([found[0], found[2], found[4]], [DoubleDouble::ZERO; 3]);
        let sure = of(&[(1, 1), (0, 1)]);
        assert!((0..=255).all(|byte| sure.owner(byte) == Some(0)));
    }
}
