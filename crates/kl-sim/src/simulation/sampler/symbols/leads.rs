//! Sequences over many symbols, from a leading number a symbol.

use super::alias::{AliasTable, FEW_SYMBOLS, Lead};
use crate::estimator::{Detail, Rows, View};
use crate::simulation::sampler::blocks::{Sampler, Segment};
use crate::simulation::stream::Stream;

/// The most symbols that are counted by 32 bits.
const MOST_COUNTED: u64 = 1 << 31;

/// The sampler of one block.
///
/// The leading numbers are those of the stream of role `source`, one after the other; what settles the few that decide
/// nothing is from the stream of role `refine`.
#[derive(Debug)]
pub(super) struct LeadSequence<'a> {
    table: &'a AliasTable,
    alphabet: usize,
    source: Stream,
    refine: Stream,
    /// The last segment's counts, and its symbols if they were asked for.
    counts: Vec<u64>,
    symbols: Vec<u32>,
}

impl<'a> LeadSequence<'a> {
    pub(super) fn new(table: &'a AliasTable, alphabet: usize, source: Stream, refine: Stream) -> Self {
        Self { table, alphabet, source, refine, counts: Vec::new(), symbols: Vec::new() }
    }

    /// The counts of the next `length` symbols of the trial.
    fn count(&mut self, length: u64, counts: &mut [u64]) {
        if self.table.lead() == Lead::FourBytes {
            return self.each(length, |symbol| counts[symbol as usize] += 1);
        }
        let mut left = length;
        while left > 0 {
            // A count of 32 bits holds what is made at a time.
            let mut few = [[0; FEW_SYMBOLS]; 4];
            let mut room = left.min(MOST_COUNTED);
            left -= room;
            while room > 0 {
                let (leads, _) = self.source.bytes(2 * room).as_chunks::<2>();
                room -= leads.len() as u64;
                self.table.count(leads, &mut self.refine, &mut few);
            }
            for few in few {
                counts.iter_mut().zip(few).for_each(|(count, more)| *count += u64::from(more));
            }
        }
    }

    /// The next `length` symbols of the trial.
    #[inline(always)]
    fn each(&mut self, length: u64, mut take: impl FnMut(u32)) {
        let mut left = length;
        while left > 0 {
            // Whole numbers: what is made at a time is a multiple of four bytes, and so is all that was taken of it.
            match self.table.lead() {
                Lead::TwoBytes => {
                    let (numbers, _) = self.source.bytes(2 * left).as_chunks::<2>();
                    left -= numbers.len() as u64;
                    for &number in numbers {
                        take(self.table.symbol(u32::from(u16::from_le_bytes(number)), &mut self.refine));
                    }
                }
                Lead::FourBytes => {
                    let (numbers, _) = self.source.bytes(4 * left).as_chunks::<4>();
                    left -= numbers.len() as u64;
                    for &number in numbers {
                        take(self.table.symbol(u32::from_le_bytes(number), &mut self.refine));
                    }
                }
            }
        }
    }
}

impl Sampler for LeadSequence<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        let (length, alphabet) = (segment.length(), self.alphabet);
        let (mut counts, mut symbols) = (std::mem::take(&mut self.counts), std::mem::take(&mut self.symbols));
        counts.clear();
        counts.resize(segment.trials * alphabet, 0);
        symbols.clear();
        for counts in counts.chunks_exact_mut(alphabet) {
            match detail {
                Detail::Sequence => self.each(length, |symbol| {
                    counts[symbol as usize] += 1;
                    symbols.push(symbol);
                }),
                Detail::Totals => self.count(length, counts),
            }
        }
        (self.counts, self.symbols) = (counts, symbols);
        let counts = Rows::new(alphabet, self.counts.as_slice());
        match detail {
            Detail::Sequence => View::Symbols { counts, symbols: &self.symbols },
            Detail::Totals => View::Counts(counts),
        }
    }
}
