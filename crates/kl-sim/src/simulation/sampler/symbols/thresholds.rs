//! From uniform bits to symbols, with probabilities right to 2⁻⁶⁴.

use crate::simulation::stream::Stream;
use kl_math::numeric::DoubleDouble;

/// How uniform bits become symbols.
///
/// A leading number of w bits decides nearly always: symbol k owns ⌊2ʷ pₖ⌋ of its 2ʷ values, in symbol order from 0. The
/// few values that are left over belong to nobody: they are settled by bytes of another stream. First one byte, whose
/// values are owned in the same way according to what the symbols still lack; if that is left over too, a 64-bit
/// number, which is compared with thresholds. Each symbol's probability is right to 2⁻⁶⁴.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Thresholds {
    lead: Lead,
    /// One past the last leading value of each symbol.
    ends: Vec<u64>,
    /// The owner of each value of the second byte, none for those left over again.
    second: Vec<Option<u16>>,
    /// ⌊2⁶⁴ · the share of symbols up to this one in what is then left over⌋.
    last: Vec<u128>,
}

/// The leading number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::simulation::sampler) enum Lead {
    /// A coin of one half: one bit, 0 for the first symbol.
    Bit,
    /// Up to 16 symbols: one byte.
    Byte,
    /// Up to 256 symbols: two bytes, little-endian.
    TwoBytes,
    /// Larger alphabets: four bytes, little-endian.
    FourBytes,
}

impl Lead {
    fn bits(self) -> u32 {
        match self {
            Self::Bit => 1,
            Self::Byte => 8,
            Self::TwoBytes => 16,
            Self::FourBytes => 32,
        }
    }
}

impl Thresholds {
    pub(in crate::simulation::sampler) fn new(probabilities: &[DoubleDouble]) -> Self {
        let half = DoubleDouble::ratio(1, 2);
        let lead = match probabilities.len() {
            2 if probabilities.iter().all(|&mass| mass == half) => Lead::Bit,
            ..=16 => Lead::Byte,
            17..=256 => Lead::TwoBytes,
            _ => Lead::FourBytes,
        };
        Self::with_lead(lead, probabilities)
    }

    /// The same with a leading number that the caller picks: one too short for the alphabet leaves more over.
    pub(in crate::simulation::sampler) fn with_lead(lead: Lead, probabilities: &[DoubleDouble]) -> Self {
        let (ends, lacking) = owned(probabilities, lead.bits());
        let (second_ends, lacking) = owned(&lacking, 8);
        let second = (0..256).map(|value| owner(&second_ends, value)).collect();
        Self { lead, ends, second, last: cumulative(&lacking) }
    }

    pub(in crate::simulation::sampler) fn lead(&self) -> Lead {
        self.lead
    }

    /// One past the last leading value of each symbol: what lies beyond the last is left over.
    pub(in crate::simulation::sampler) fn ends(&self) -> &[u64] {
        &self.ends
    }

    /// The symbol that owns a leading value, unless it is left over.
    pub(in crate::simulation::sampler) fn owner(&self, value: u64) -> Option<u16> {
        owner(&self.ends, value)
    }

    /// The symbol of a leading value that is left over.
    pub(in crate::simulation::sampler) fn settle(&self, refine: &mut Stream) -> u16 {
        let [byte] = refine.array();
        self.second_owner(byte).unwrap_or_else(|| self.settle_last(refine))
    }

    /// The symbol that owns a second byte, unless that is left over, too.
    pub(in crate::simulation::sampler) fn second_owner(&self, byte: u8) -> Option<u16> {
        self.second.get(usize::from(byte)).copied().flatten()
    }

    /// The symbol where the second byte is left over, too.
    pub(in crate::simulation::sampler) fn settle_last(&self, refine: &mut Stream) -> u16 {
        let uniform = u128::from(u64::from_le_bytes(refine.array()));
        self.last.partition_point(|&end| end <= uniform) as u16
    }
}

fn owner(ends: &[u64], value: u64) -> Option<u16> {
    let symbol = ends.partition_point(|&end| end <= value);
    (symbol < ends.len()).then_some(symbol as u16)
}

/// One past the last of the 2^`bits` values that each symbol owns, and the symbols' shares of what is left over (0
/// where nothing is).
fn owned(probabilities: &[DoubleDouble], bits: u32) -> (Vec<u64>, Vec<DoubleDouble>) {
    let values = DoubleDouble::from(u128::from(1u64 << bits));
    let count = |mass: DoubleDouble| (mass.to_fixed_64() >> (64 - bits)) as u64;
    let mut end = 0;
    let ends: Vec<u64> = probabilities
        .iter()
        .map(|&mass| {
            end += count(mass);
            end
        })
        .collect();
    let left_over = (1u64 << bits) - end.min(1 << bits);
    let share = |&mass: &DoubleDouble| {
        let lack = mass * values - DoubleDouble::from(u128::from(count(mass)));
        let is_some = left_over > 0 && lack > DoubleDouble::ZERO;
        if is_some { lack / DoubleDouble::from(u128::from(left_over)) } else { DoubleDouble::ZERO }
    };
    (ends, probabilities.iter().map(share).collect())
}

/// ⌊2⁶⁴ Σ_{j≤k} pⱼ⌋, 2⁶⁴ from the last symbol with mass on: rounding must not leave a sliver for any beyond it.
pub(in crate::simulation::sampler) fn cumulative(probabilities: &[DoubleDouble]) -> Vec<u128> {
    let last = probabilities.iter().rposition(|mass| *mass > DoubleDouble::ZERO).unwrap_or(0);
    let mut sum = DoubleDouble::ZERO;
    let threshold = |(symbol, &mass): (usize, &DoubleDouble)| {
        sum += mass;
        if symbol >= last { 1 << 64 } else { sum.to_fixed_64() }
    };
    probabilities.iter().enumerate().map(threshold).collect()
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
        let values = 1u64 << thresholds.lead.bits();
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
    fn the_leading_number_grows_with_the_alphabet() {
        assert_eq!(of(&[(1, 2), (1, 2)]).lead, Lead::Bit);
        assert_eq!(of(&[(2, 5), (3, 5)]).lead, Lead::Byte);
        assert_eq!(of(&[(1, 20); 20]).lead, Lead::TwoBytes);
        assert_eq!(of(&[(1, 300); 300]).lead, Lead::FourBytes);
    }

    #[test]
    fn values_have_owners_in_symbol_order_and_few_are_left_over() {
        let quarter = of(&[(1, 4), (3, 4)]);
        assert!((0..256).all(|byte| quarter.owner(byte) == Some(u16::from(byte >= 64))));
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
        assert!((0..256).all(|byte| sure.owner(byte) == Some(0)));
    }
}
