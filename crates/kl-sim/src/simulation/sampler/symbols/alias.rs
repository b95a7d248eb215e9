//! Many symbols, each from two or four bytes.

use crate::simulation::stream::Stream;
use kl_math::numeric::DoubleDouble;

/// Walker's table (Vose 1991): a number picks a column, a fraction one of the column's two symbols.
///
/// The lowest bits of a leading number are the column, the next ones the fraction's first bits. If these are as the
/// threshold's first bits, 64 bits of another stream settle the symbol. Each symbol's probability is right to 2⁻⁶⁴: it is
/// ⌊2⁶⁴⁺ᶜ p⌋ 2⁻⁶⁴⁻ᶜ with 2ᶜ columns, and the most frequent symbol has what is missing.
#[derive(Clone, Debug)]
pub(super) struct AliasTable {
    lead: Lead,
    column_bits: u32,
    /// A column's threshold, as far as the lead has bits for it, above the other symbol.
    columns: Vec<u32>,
    /// What is left of the thresholds.
    rest: Vec<u64>,
}

/// The leading number, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Up to 256 symbols.
    TwoBytes,
    /// More.
    FourBytes,
}

/// Alphabets up to this size take two bytes a symbol.
pub(super) const FEW_SYMBOLS: usize = 256;

/// Bits of a column for its other symbol, at least; the threshold has the rest of 32.
const SYMBOL_BITS: u32 = 16;

impl AliasTable {
    pub(super) fn new(probabilities: &[DoubleDouble]) -> Self {
        let column_bits = probabilities.len().max(FEW_SYMBOLS).next_power_of_two().ilog2();
        let lead = if probabilities.len() <= FEW_SYMBOLS { Lead::TwoBytes } else { Lead::FourBytes };
        let (shares, others) = columns(probabilities, column_bits);
        let (bits, symbol_bits) = (lead.fraction_bits(column_bits), symbol_bits(column_bits));
        // Sixteen bits have no room for a full column's threshold; its other symbol is its own.
        let highest = if lead == Lead::TwoBytes { 1 << bits } else { (1 << bits) - 1 };
        let column =
            |(&share, &other): (&u128, &u32)| ((share >> (64 - bits)).min(highest) as u32) << symbol_bits | other;
        let columns = shares.iter().zip(&others).map(column).collect();
        let rest = shares.iter().map(|&share| (share & (u128::from(u64::MAX) >> bits)) as u64).collect();
        Self { lead, column_bits, columns, rest }
    }

    pub(super) fn lead(&self) -> Lead {
        self.lead
    }

    /// The symbol of a leading number.
    #[inline(always)]
    pub(super) fn symbol(&self, lead: u32, refine: &mut Stream) -> u32 {
        let place = lead as usize & (self.columns.len() - 1);
        let fraction = lead >> self.column_bits & self.lead.fraction_mask(self.column_bits);
        self.symbol_of(fraction, place, self.columns[place], refine)
    }

    /// Adds the symbols of leading numbers of two bytes to `counts`.
    pub(super) fn count(&self, leads: &[[u8; 2]], refine: &mut Stream, counts: &mut [[u32; FEW_SYMBOLS]; 4]) {
        // Arrays of this length need no check of their bounds.
        let Some(columns) = self.columns.first_chunk::<FEW_SYMBOLS>() else { return };
        let mut symbol = |[place, fraction]: [u8; 2]| {
            let place = usize::from(place);
            usize::from(self.symbol_of(u32::from(fraction), place, columns[place], refine) as u8)
        };
        // Equal symbols in a row do not wait for each other in tables of their own.
        let [first, second, third, fourth] = counts;
        let (fours, last) = leads.as_chunks::<4>();
        for &[a, b, c, d] in fours {
            let symbols = [symbol(a), symbol(b), symbol(c), symbol(d)];
            first[symbols[0]] += 1;
            second[symbols[1]] += 1;
            third[symbols[2]] += 1;
            fourth[symbols[3]] += 1;
        }
        last.iter().for_each(|&lead| first[symbol(lead)] += 1);
    }

    #[inline(always)]
    fn symbol_of(&self, fraction: u32, place: usize, column: u32, refine: &mut Stream) -> u32 {
        let symbol_bits = symbol_bits(self.column_bits);
        let threshold = column >> symbol_bits;
        if fraction == threshold {
            return self.settle(place, refine);
        }
        // Half of the time one, half of the time the other: without a branch, which could not be foreseen.
        let is_own = u32::from(fraction < threshold);
        (column ^ ((column ^ place as u32) & is_own.wrapping_neg())) & ((1 << symbol_bits) - 1)
    }

    /// The symbol where the fraction's first bits are the threshold's.
    #[cold]
    fn settle(&self, place: usize, refine: &mut Stream) -> u32 {
        let bits = self.lead.fraction_bits(self.column_bits);
        let fraction = u64::from_le_bytes(refine.array()) >> bits;
        if fraction < self.rest[place] {
            place as u32
        } else {
            self.columns[place] & ((1 << symbol_bits(self.column_bits)) - 1)
        }
    }
}

impl Lead {
    fn fraction_bits(self, column_bits: u32) -> u32 {
        match self {
            Self::TwoBytes => 16 - column_bits,
            Self::FourBytes => 32 - symbol_bits(column_bits),
        }
    }

    fn fraction_mask(self, column_bits: u32) -> u32 {
        (1 << self.fraction_bits(column_bits)) - 1
    }
}

/// Bits of a column for its other symbol.
fn symbol_bits(column_bits: u32) -> u32 {
    column_bits.max(SYMBOL_BITS)
}

/// For each of 2^`bits` columns the probability of its own symbol, in units of 2⁻⁶⁴, and its other symbol.
fn columns(probabilities: &[DoubleDouble], bits: u32) -> (Vec<u128>, Vec<u32>) {
    const FULL: u128 = 1 << 64;
    let count = 1usize << bits;
    let scale = DoubleDouble::from(count as u128);
    // ⌊2⁶⁴⁺ᶜ p⌋ from its whole columns and the rest.
    let weight = |&p: &DoubleDouble| {
        let scaled = p * scale;
        let whole = DoubleDouble::from((p.to_fixed_64() >> (64 - bits)).min(count as u128));
        whole.to_f64() as u128 * FULL + (scaled - whole).to_fixed_64()
    };
    let mut shares: Vec<u128> = probabilities.iter().map(weight).collect();
    shares.resize(count, 0);
    let mut most = 0;
    for (symbol, &share) in shares.iter().enumerate() {
        most = if share > shares[most] { symbol } else { most };
    }
    let sum: u128 = shares.iter().sum();
    shares[most] = (shares[most] + count as u128 * FULL).saturating_sub(sum);
    let mut others: Vec<u32> = (0..count as u32).collect();
    let (mut short, mut long): (Vec<usize>, Vec<usize>) = (0..count).rev().partition(|&symbol| shares[symbol] < FULL);
    while let (Some(one), Some(&other)) = (short.pop(), long.last()) {
        others[one] = other as u32;
        shares[other] -= FULL - shares[one];
        if shares[other] < FULL {
            long.pop();
            short.push(other);
        }
    }
    shares.iter_mut().for_each(|share| *share = (*share).min(FULL));
    (shares, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: u128) -> DoubleDouble {
        DoubleDouble::from(value)
    }

    /// The chance of each symbol, from the table alone.
    fn chances(table: &AliasTable, symbols: usize) -> Vec<DoubleDouble> {
        let columns = table.rest.len();
        let bits = table.lead.fraction_bits(table.column_bits);
        let symbol_bits = symbol_bits(table.column_bits);
        let mut chances = vec![DoubleDouble::ZERO; symbols];
        for (place, (&column, &rest)) in table.columns.iter().zip(&table.rest).enumerate() {
            let all = number(1u128 << 64);
            let own = number((u128::from(column >> symbol_bits) << (64 - bits)) + u128::from(rest)) / all;
            let whole = number(columns as u128);
            if own > DoubleDouble::ZERO {
                chances[place] += own / whole;
            }
            let other = column & ((1 << symbol_bits) - 1);
            if own < DoubleDouble::ONE {
                chances[other as usize] += (DoubleDouble::ONE - own) / whole;
            }
        }
        chances
    }

    #[test]
    fn every_chance_is_right_to_64_bits() {
        let uneven =
            |count: u64| (1..=count).map(|k| DoubleDouble::ratio(2 * k, count * (count + 1))).collect::<Vec<_>>();
        let rare = |count: u64| {
            let mut rare = vec![DoubleDouble::ratio(1, 1_000_000_000_000); count as usize];
            rare[7] = DoubleDouble::ONE - DoubleDouble::ratio(count - 1, 1_000_000_000_000);
            rare
        };
        for probabilities in [
            vec![DoubleDouble::ratio(1, 20); 20],
            vec![DoubleDouble::ratio(1, 256); 256],
            uneven(17),
            uneven(256),
            uneven(300),
            uneven(5_000),
            uneven(65_536),
            uneven(65_537),
            uneven(200_000),
            rare(20),
            rare(1_000),
            rare(70_000),
        ] {
            let table = AliasTable::new(&probabilities);
            for (chance, p) in chances(&table, probabilities.len()).into_iter().zip(&probabilities) {
                let error = (chance - *p).to_f64();
                assert!(error.abs() <= 1.0 / 18_446_744_073_709_551_616.0, "{p:?}: {error:e}");
            }
        }
    }

    #[test]
    fn a_symbol_without_mass_is_never_drawn() {
        let mut probabilities = vec![DoubleDouble::ratio(1, 18); 20];
        [probabilities[0], probabilities[19]] = [DoubleDouble::ZERO; 2];
        let found = chances(&AliasTable::new(&probabilities), 20);
        assert_eq!([found[0], found[19]], [DoubleDouble::ZERO; 2]);
    }

    #[test]
    fn the_leading_number_grows_with_the_alphabet() {
        let lead = |count: u64| AliasTable::new(&vec![DoubleDouble::ratio(1, count); count as usize]).lead();
        assert_eq!([17, 256, 257].map(lead), [Lead::TwoBytes, Lead::TwoBytes, Lead::FourBytes]);
    }
}
