//! Binomial numbers of one chance and a number of tries that varies.

use super::BinomialTable;
use super::draw::BinomialDraw;
use crate::simulation::stream::Stream;
use crate::simulation::words::Words;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use std::ops::RangeInclusive;

/// Draws Bin(n, p) for one p and any n.
///
/// A sum of independent numbers of the laws Bin(a, p) and Bin(b, p) has the law Bin(a + b, p). So n is taken apart into the
/// least expected number of tries and the digits, to the base 32, of what is above it, and the numbers for each, from
/// tables, are added. What n lies outside of the range is drawn at once, without tables.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct BinomialLadder {
    success: DoubleDouble,
    failure: DoubleDouble,
    range: RangeInclusive<u64>,
    /// For the least number of tries, unless that is none.
    base: Option<BinomialTable>,
    /// For each digit from the lowest, the tables of its values 1, 2, …
    rungs: Vec<Vec<BinomialTable>>,
}

/// log₂ of the digits' base.
const DIGIT_BITS: u32 = 5;

/// The widest range: three digits.
pub(in crate::simulation::sampler) const WIDEST: u64 = 1 << (3 * DIGIT_BITS);

impl BinomialLadder {
    /// Tables for n within `range`, which is narrower than [`WIDEST`]; `success` + `failure` = 1.
    pub(in crate::simulation::sampler) fn new(
        success: DoubleDouble,
        failure: DoubleDouble,
        range: RangeInclusive<u64>,
    ) -> Self {
        let table = |n: u64, bits: u32| BinomialTable::new(Binomial::new(n, success, failure), bits);
        let most = range.end() - range.start();
        let digits = (0u32..).map(|digit| digit * DIGIT_BITS).take_while(|&shift| most >> shift > 0);
        // Laws of a few tries have few values: a small table is enough, and stays in the nearest memory.
        let rung = |shift: u32| {
            let values = 1..=(most >> shift).min((1 << DIGIT_BITS) - 1);
            values.map(|value| table(value << shift, if shift == 0 { 8 } else { 11 })).collect()
        };
        let rungs = digits.map(rung).collect();
        let base = (*range.start() > 0).then(|| table(*range.start(), 12));
        Self { success, failure, base, rungs, range }
    }

    /// One number for `n` tries: words of `source`, and whatever more of `refine` it takes.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, n: u64, source: &mut Stream, refine: &mut Stream) -> u64 {
        if !self.range.contains(&n) {
            return self.draw_at_once(n, refine);
        }
        let mut sum = self.base.as_ref().map_or(0, |base| base.draw(source.word(), refine));
        let mut left = n - self.range.start();
        for rung in &self.rungs {
            let digit = (left & ((1 << DIGIT_BITS) - 1)) as usize;
            left >>= DIGIT_BITS;
            if let Some(table) = digit.checked_sub(1).and_then(|place| rung.get(place)) {
                sum += table.draw(source.word(), refine);
            }
        }
        sum
    }

    #[cold]
    fn draw_at_once(&self, n: u64, refine: &mut Stream) -> u64 {
        BinomialDraw::new(Binomial::new(n, self.success, self.failure)).draw(refine)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// One digit, two, three; at the ends of the range, within it and outside.
    #[test]
    fn draws_follow_the_law_of_any_number_of_tries() {
        for (low, high) in [(0, 9), (0, 200), (600, 790), (900_000, 920_000)] {
            let (success, failure) = (DoubleDouble::ratio(3, 10), DoubleDouble::ratio(7, 10));
            let ladder = BinomialLadder::new(success, failure, low..=high);
            let (mut source, mut refine) = (stream(low), stream(high));
            for n in [low, low + 1, low + 31, low + 32, (low + high) / 2, high, high + 1, low.saturating_sub(1)] {
                let draws: Vec<u64> = (0..50_000).map(|_| ladder.draw(n, &mut source, &mut refine)).collect();
                assert_follows(&Binomial::new(n, success, failure), &draws, &format!("{low} {high} {n}"));
            }
        }
    }
}
