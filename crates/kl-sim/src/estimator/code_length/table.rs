//! Probabilities as whole numbers of 2⁻⁶².

use kl_math::numeric::DoubleDouble;

/// Probabilities are whole numbers of 2 to the minus this.
pub(super) const PRECISION: u32 = 62;

/// The probability one.
const WHOLE: u64 = 1 << PRECISION;

/// The same, as a double: it is exact.
const WHOLE_SIZE: f64 = 4_611_686_018_427_387_904.0;

/// The most symbols of an alphabet.
pub(super) const MOST_SYMBOLS: usize = 1 << 16;

/// Where the part of each symbol begins: p̂ᵢ = wᵢ/2⁶² with whole wᵢ, at least 1 where pᵢ > 0, else 0, and Σ wᵢ = 2⁶².
///
/// wᵢ is ⌊pᵢ 2⁶²⌋, or 1 where that is 0 and pᵢ is not. What is left over is shared by all symbols that have mass, the first ones
/// taking one more; what is too much is taken from the largest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// One more than there are symbols: the last is where all end.
    starts: Vec<u64>,
}

impl Table {
    /// The table of probabilities that sum to one.
    pub(super) fn new(masses: &[DoubleDouble]) -> Self {
        let part = |mass: &DoubleDouble| {
            let floor = u64::try_from(mass.to_fixed_64() >> (u64::BITS - PRECISION)).unwrap_or(WHOLE);
            if *mass > DoubleDouble::ZERO { floor.max(1) } else { 0 }
        };
        let mut parts: Vec<u64> = masses.iter().map(part).collect();
        let sum: u128 = parts.iter().map(|&part| u128::from(part)).sum();
        let whole = u128::from(WHOLE);
        let left = u64::try_from(whole.saturating_sub(sum)).unwrap_or(WHOLE);
        let surplus = u64::try_from(sum.saturating_sub(whole)).unwrap_or(WHOLE);
        let possible = parts.iter().map(|&part| u64::from(part > 0)).sum::<u64>().max(1);
        let (each, mut more) = (left / possible, left % possible);
        for part in parts.iter_mut().filter(|part| **part > 0) {
            *part += each + u64::from(more > 0);
            more = more.saturating_sub(1);
        }
        if let Some(largest) = parts.iter_mut().max() {
            *largest -= surplus.min(*largest);
        }
        let starts = parts.iter().scan(0, |end, &part| {
            *end += part;
            Some(*end)
        });
        Self { starts: std::iter::once(0).chain(starts).collect() }
    }

    /// Where the symbol begins and how wide it is, in parts of 2⁻⁶²; none if it has no mass.
    pub(super) fn part(&self, symbol: usize) -> Option<(u64, u64)> {
        let (start, end) = (*self.starts.get(symbol)?, *self.starts.get(symbol + 1)?);
        (start < end).then_some((start, end - start))
    }

    /// The symbol in whose part `unit` times the place lies; none beyond all parts.
    pub(super) fn symbol_at(&self, offset: u128, unit: u128) -> Option<usize> {
        let begun = self.starts.partition_point(|&start| unit * u128::from(start) <= offset);
        begun.checked_sub(1).filter(|&symbol| symbol + 1 < self.starts.len())
    }

    /// ln(p/p̂) of a symbol whose probability is `mass`; none if it has no mass.
    pub(super) fn log_error(&self, symbol: usize, mass: DoubleDouble) -> Option<f64> {
        let (_, width) = self.part(symbol)?;
        let (parts, width) = (mass.scaled(WHOLE_SIZE), DoubleDouble::from(u128::from(width)));
        let excess = (parts - width).to_f64() / width.to_f64();
        let is_near = excess.abs() < 0.5;
        Some(if is_near { libm::log1p(excess) } else { libm::log(parts.to_f64()) - libm::log(width.to_f64()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(masses: &[f64]) -> Table {
        Table::new(&masses.iter().map(|&mass| DoubleDouble::from(mass)).collect::<Vec<_>>())
    }

    #[test]
    fn parts_fill_the_whole() {
        for masses in [&[1.0][..], &[0.5, 0.0, 0.5], &[0.0, 1.0, 1e-300], &[1e-12, 1.0 - 1e-12], &[0.1; 10]] {
            let table = table(masses);
            let mut end = 0;
            for (symbol, &mass) in masses.iter().enumerate() {
                assert_eq!(table.part(symbol).is_some(), mass > 0.0);
                if let Some((start, width)) = table.part(symbol) {
                    assert_eq!(start, end);
                    end += width;
                    let error = table.log_error(symbol, DoubleDouble::from(mass)).unwrap();
                    // Two parts of 2⁻⁶² at most, where there are parts.
                    assert!(mass < 1e-18 || error.abs() <= 3.0 / mass / WHOLE_SIZE + 1e-15, "{mass} {error}");
                }
            }
            assert_eq!(end, WHOLE);
        }
    }

    #[test]
    fn every_mass_has_a_part() {
        assert_eq!(table(&[1e-300, 1.0]).part(0), Some((0, 1)));
        assert_eq!(table(&[1e-300, 1.0]).part(1), Some((1, WHOLE - 1)));
        let error = table(&[1e-300, 1.0]).log_error(0, DoubleDouble::from(1e-300)).unwrap();
        assert!((error - (62.0 * std::f64::consts::LN_2 - 300.0 * std::f64::consts::LN_10)).abs() < 1e-12);
        let many = Table::new(&vec![DoubleDouble::ratio(1, MOST_SYMBOLS as u64); MOST_SYMBOLS]);
        assert_eq!(many.part(MOST_SYMBOLS - 1), Some((WHOLE - (1 << 46), 1 << 46)));
        assert_eq!(many.part(MOST_SYMBOLS), None);
    }
}
