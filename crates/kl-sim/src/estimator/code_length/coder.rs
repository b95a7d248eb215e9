//! A range coder with whole numbers of 126 bits, which codes to single bits.

use super::bits::Bits;
use super::table::{PRECISION, Table};

/// The number of bits that the ends of the interval are known to.
const WINDOW: u32 = 126;

const MASK: u128 = (1 << WINDOW) - 1;

/// How many bits of an interval of this size are settled, so that without them its size is in (2¹²⁵, 2¹²⁶].
fn settled(range: u128) -> u32 {
    (range - 1).leading_zeros() - (u128::BITS - WINDOW)
}

/// Turns symbols into bits: the interval \[low, low + range) of \[0, 1) becomes the part of it that is the symbol's, and bits that
/// all of it has in common are put down (Rissanen 1976; Martin 1979).
///
/// Between symbols 2¹²⁵ < range ≤ 2¹²⁶, in units of 2⁻¹²⁶ times 2 to the minus the bits put down. A symbol of weight w of 2⁶² takes
/// ⌊range/2⁶²⌋ w: more than 1 − 2⁻⁶³ of the share that is its due, so it costs at most 2⁻⁶² bits too many.
#[derive(Clone, Debug)]
pub(super) struct Encoder {
    low: u128,
    range: u128,
    bits: Bits,
}

impl Default for Encoder {
    fn default() -> Self {
        Self { low: 0, range: 1 << WINDOW, bits: Bits::default() }
    }
}

impl Encoder {
    /// Begins anew.
    pub(super) fn restart(&mut self) {
        (self.low, self.range) = (0, 1 << WINDOW);
        self.bits.clear();
    }

    /// Codes a symbol; none, and nothing done, if it has no mass.
    pub(super) fn push(&mut self, table: &Table, symbol: usize) -> Option<()> {
        let (start, width) = table.part(symbol)?;
        let unit = self.range >> PRECISION;
        self.low += unit * u128::from(start);
        self.range = unit * u128::from(width);
        self.carry();
        let count = settled(self.range);
        self.bits.push(u64::try_from(self.low >> (WINDOW - count)).unwrap_or_default(), count);
        self.low = (self.low & (MASK >> count)) << count;
        self.range <<= count;
        Some(())
    }

    fn carry(&mut self) {
        if self.low > MASK {
            self.bits.carry();
            self.low &= MASK;
        }
    }

    /// The fewest bits after which whatever follows lies in the interval, and how many they are: at most 2.
    fn ending(&self) -> (u128, u32) {
        let first = |count: u32| {
            let step = 1 << (WINDOW - count);
            (self.low.div_ceil(step) * step, step)
        };
        let fits = |&count: &u32| {
            let (start, step) = first(count);
            start + step <= self.low + self.range
        };
        let count = (0..2).find(fits).unwrap_or(2);
        (first(count).0, count)
    }

    /// The number of bits of the code if it ends here.
    pub(super) fn length(&self) -> u64 {
        self.bits.len() + u64::from(self.ending().1)
    }

    /// Ends the code.
    pub(super) fn finish(&mut self) -> &Bits {
        let (start, count) = self.ending();
        self.low = start;
        self.carry();
        self.bits.push(u64::try_from(self.low >> (WINDOW - count)).unwrap_or_default(), count);
        &self.bits
    }
}

/// Turns the bits of an [`Encoder`] back into symbols.
#[derive(Clone, Debug)]
pub(super) struct Decoder<'a> {
    bits: &'a Bits,
    /// The next bit to read.
    position: u64,
    /// How far the code is into the interval.
    offset: u128,
    range: u128,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bits: &'a Bits) -> Self {
        const HALF: u32 = WINDOW / 2;
        let offset = (u128::from(bits.read(0, HALF)) << HALF) | u128::from(bits.read(u64::from(HALF), HALF));
        Self { bits, position: u64::from(WINDOW), offset, range: 1 << WINDOW }
    }

    /// The next symbol; none if no symbol has such a code.
    pub(super) fn next(&mut self, table: &Table) -> Option<usize> {
        let unit = self.range >> PRECISION;
        let symbol = table.symbol_at(self.offset, unit)?;
        let (start, width) = table.part(symbol)?;
        self.offset -= unit * u128::from(start);
        self.range = unit * u128::from(width);
        let count = settled(self.range);
        self.offset = (self.offset << count) | u128::from(self.bits.read(self.position, count));
        self.position += u64::from(count);
        self.range <<= count;
        Some(symbol)
    }
}
