//! Binomial numbers of one chance and a number of tries that varies.

use super::BinomialTable;
use super::draw::BinomialDraw;
use crate::simulation::stream::Stream;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// This many numbers are drawn together.
pub(in crate::simulation::sampler) const GROUP: usize = 64;

/// Draws Bin(n, p) for one p and any n.
///
/// A sum of independent numbers of the laws Bin(a, p) and Bin(b, p) has the law Bin(a + b, p). In a narrow range each n has a
/// table of its own. In a wide one n is divided into a whole number of steps above the least number of tries and what is
/// left, and the numbers of both, from tables, are added. An n outside of the range is drawn at once, without tables.
///
/// Tables are made when they are first needed: most numbers of tries are rare. They follow from n and p alone.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct BinomialLadder {
    success: DoubleDouble,
    failure: DoubleDouble,
    range: RangeInclusive<u64>,
    /// log₂ of a step.
    step_bits: u32,
    steps: Tables,
    /// Of what is left of a step: none where a step is one.
    left: Tables,
}

/// A table for each of some numbers of tries.
#[derive(Debug)]
struct Tables {
    slots: Box<[OnceLock<BinomialTable>]>,
    /// The tries of the first slot, and log₂ of how many the next one has more.
    first: u64,
    step_bits: u32,
    /// log₂ of the bytes of each.
    bits: u32,
    /// Whether 16 random bits settle a number.
    is_short: bool,
}

/// A narrower range has a table for each number of tries.
const NARROW: u64 = 256;

/// A wider range would take too many tables.
pub(in crate::simulation::sampler) const WIDEST: u64 = 1 << 15;

impl BinomialLadder {
    /// For n within `range`, which is narrower than [`WIDEST`]; `success` + `failure` = 1.
    pub(in crate::simulation::sampler) fn new(
        success: DoubleDouble,
        failure: DoubleDouble,
        range: RangeInclusive<u64>,
    ) -> Self {
        let width = range.end() - range.start();
        let step_bits = if width < NARROW { 0 } else { width.ilog2() / 2 + 1 };
        let deviation = |n: u64| Binomial::new(n, success, failure).std_dev();
        let steps = Tables::new(*range.start(), step_bits, (width >> step_bits) + 1, deviation(*range.end()));
        let left = Tables::new(0, 0, if step_bits == 0 { 0 } else { 1 << step_bits }, deviation(1 << step_bits));
        Self { success, failure, range, step_bits, steps, left }
    }

    /// A bound of how far the law of a number is from its own in total variation.
    pub(in crate::simulation::sampler) fn error(&self) -> f64 {
        let error = |n: u64| BinomialTable::error(Binomial::new(n, self.success, self.failure).std_dev());
        error(*self.range.end()) + if self.step_bits == 0 { 0.0 } else { error(1 << self.step_bits) }
    }

    /// The most bytes that its tables take.
    pub(in crate::simulation::sampler) fn bytes(&self) -> u64 {
        let tables = |tables: &Tables, n: u64| {
            let spread = Binomial::new(n, self.success, self.failure).std_dev();
            tables.slots.len() as u64 * (400 + (1 << tables.bits) + 176 * spread.min(200.0) as u64)
        };
        tables(&self.steps, *self.range.end()) + tables(&self.left, 1 << self.step_bits)
    }

    /// Numbers for `tries` each: from so many random words, and whatever more of `refine` it takes.
    pub(in crate::simulation::sampler) fn draw(
        &self,
        tries: &[u64; GROUP],
        source: &mut Stream,
        refine: &mut Stream,
        numbers: &mut [u64; GROUP],
    ) {
        let (start, width) = (*self.range.start(), self.range.end() - self.range.start());
        let words = self.steps.words(source);
        for ((number, &n), word) in numbers.iter_mut().zip(tries).zip(words) {
            let above = n.wrapping_sub(start);
            *number = if above <= width {
                self.table(&self.steps, above >> self.step_bits).map_or(0, |table| table.draw(word, refine))
            } else {
                self.draw_at_once(n, refine)
            };
        }
        if self.step_bits == 0 {
            return;
        }
        let (words, mask) = (self.left.words(source), (1 << self.step_bits) - 1);
        for ((number, &n), word) in numbers.iter_mut().zip(tries).zip(words) {
            let above = n.wrapping_sub(start);
            if above <= width {
                *number += self.table(&self.left, above & mask).map_or(0, |table| table.draw(word, refine));
            }
        }
    }

    #[inline]
    fn table<'a>(&self, tables: &'a Tables, place: u64) -> Option<&'a BinomialTable> {
        let slot = tables.slots.get(place as usize)?;
        Some(slot.get().unwrap_or_else(|| self.make(tables, place, slot)))
    }

    #[cold]
    #[inline(never)]
    fn make<'a>(&self, tables: &Tables, place: u64, slot: &'a OnceLock<BinomialTable>) -> &'a BinomialTable {
        let n = tables.first + (place << tables.step_bits);
        slot.get_or_init(|| BinomialTable::new(Binomial::new(n, self.success, self.failure), tables.bits))
    }

    #[cold]
    #[inline(never)]
    fn draw_at_once(&self, n: u64, refine: &mut Stream) -> u64 {
        BinomialDraw::new(Binomial::new(n, self.success, self.failure)).draw(refine)
    }
}

impl Tables {
    /// `count` tables, for laws of which none has a larger standard deviation.
    fn new(first: u64, step_bits: u32, count: u64, deviation: f64) -> Self {
        // At most 255 values are cells of one each or, where that loses less, of at most 2⁵.
        let is_short = deviation < 31.0;
        let bits = match deviation {
            small if small < 3.0 => 9,
            middle if middle < 6.0 => 10,
            _ if is_short => 11,
            _ => 12,
        };
        Self { slots: (0..count).map(|_| OnceLock::new()).collect(), first, step_bits, bits, is_short }
    }

    /// The next random words, in the highest bits.
    fn words(&self, source: &mut Stream) -> [u32; GROUP] {
        if self.is_short {
            let bytes: [u8; 2 * GROUP] = source.array();
            std::array::from_fn(|place| u32::from_le_bytes([0, 0, bytes[2 * place], bytes[2 * place + 1]]))
        } else {
            let bytes: [u8; 4 * GROUP] = source.array();
            std::array::from_fn(|place| {
                let place = 4 * place;
                u32::from_le_bytes([bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3]])
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    fn ladder(low: u64, high: u64) -> BinomialLadder {
        BinomialLadder::new(DoubleDouble::ratio(3, 10), DoubleDouble::ratio(7, 10), low..=high)
    }

    /// A table each, and steps; at the ends of the range, within it and outside.
    #[test]
    fn draws_follow_the_law_of_any_number_of_tries() {
        for (low, high) in [(0, 9), (0, 200), (600, 790), (100, 2_000), (900_000, 920_000)] {
            let ladder = ladder(low, high);
            let (mut source, mut refine) = (stream(low), stream(high));
            let some = [low, low + 1, low + 31, low + 32, (low + high) / 2, high, high + 1, low.saturating_sub(1)];
            let mut draws = vec![Vec::new(); some.len()];
            let mut numbers = [0; GROUP];
            // All of them in each group, at places that change.
            for turn in 0..6_250 {
                let of = |place: usize| (place + turn) % some.len();
                ladder.draw(&std::array::from_fn(|place| some[of(place)]), &mut source, &mut refine, &mut numbers);
                numbers.iter().enumerate().for_each(|(place, &number)| draws[of(place)].push(number));
            }
            for (&n, draws) in some.iter().zip(&draws) {
                assert_eq!(draws.len(), 50_000);
                let law = Binomial::new(n, ladder.success, ladder.failure);
                assert_follows(&law, draws, &format!("{low} {high} {n}"));
            }
        }
    }

    /// Sixteen bits settle a number only if a table's bits and those of its cells are no more.
    #[test]
    fn short_words_are_long_enough() {
        for (low, high) in
            [(0, 9), (0, 255), (600, 790), (3_000, 3_200), (4_400, 4_600), (100, 2_000), (900_000, 920_000)]
        {
            let ladder = ladder(low, high);
            for tables in [&ladder.steps, &ladder.left] {
                for place in 0..tables.slots.len() as u64 {
                    let table = ladder.table(tables, place).unwrap();
                    assert!(table.word_bits() <= if tables.is_short { 16 } else { 32 }, "{low} {high} {place}");
                }
            }
        }
    }
}
