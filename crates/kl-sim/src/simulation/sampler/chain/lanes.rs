//! Sixteen lanes drawn at once.

use super::tables::{LEFT_OVER, STRIDES, Tables, TwoStates};
use crate::simulation::stream::Stream;

/// Lanes drawn at a time.
pub(super) const LANES: usize = 16;

/// Lanes that a table is looked up for at a time.
const FEW: usize = 4;

/// The lanes at work.
pub(super) struct Lanes<'a> {
    pub(super) tables: &'a Tables,
    /// 256 times the last state of each.
    pub(super) rows: [u16; LANES],
    pub(super) counts: &'a mut [u32],
    pub(super) refine: &'a mut Stream,
}

impl Lanes<'_> {
    /// By the table.
    pub(super) fn look_up(&mut self, bytes: &[[u8; LANES]], drawn: &mut [[u8; LANES]]) {
        match STRIDES.iter().position(|&stride| stride == self.tables.stride()) {
            Some(0) => self.look_up_in::<{ STRIDES[0] }>(bytes, drawn),
            Some(1) => self.look_up_in::<{ STRIDES[1] }>(bytes, drawn),
            Some(2) => self.look_up_in::<{ STRIDES[2] }>(bytes, drawn),
            _ => self.look_up_in::<{ STRIDES[3] }>(bytes, drawn),
        }
    }

    fn look_up_in<const STRIDE: usize>(&mut self, bytes: &[[u8; LANES]], drawn: &mut [[u8; LANES]]) {
        let (tables, table) = (self.tables, &*self.tables.table);
        let (counts, _) = self.counts.as_chunks_mut::<STRIDE>();
        let (counts, _) = counts.as_chunks_mut::<FEW>();
        // A few lanes at a time: as many as the registers hold, and enough not to wait for memory.
        for (few, counts) in counts.iter_mut().enumerate() {
            let mut rows: [u16; FEW] = std::array::from_fn(|lane| self.rows[few * FEW + lane]);
            for (bytes, drawn) in bytes.iter().zip(&mut *drawn) {
                let (bytes, drawn) = (&bytes.as_chunks::<FEW>().0[few], &mut drawn.as_chunks_mut::<FEW>().0[few]);
                for lane in 0..FEW {
                    let mut entry = table[usize::from(rows[lane] | u16::from(bytes[lane]))];
                    if entry == LEFT_OVER {
                        entry = tables.settled(rows[lane] >> 8, self.refine);
                    }
                    counts[lane][(entry >> 16) as usize] += 1;
                    rows[lane] = entry as u16;
                    drawn[lane] = (entry >> 8) as u8;
                }
            }
            self.rows[few * FEW..][..FEW].copy_from_slice(&rows);
        }
    }

    /// Of two states, by comparison, eight lanes a word; `from` are the states before.
    pub(super) fn compare(
        &mut self,
        two: TwoStates,
        bytes: &[[u8; LANES]],
        from: [u8; LANES],
        drawn: &mut [[u8; LANES]],
    ) {
        let [cuts, overs] = [two.cuts, two.over].map(|[first, second]| [spread(first), spread(first ^ second)]);
        let mut was = words(&from);
        // A byte counts up to 255.
        for (bytes, drawn) in bytes.chunks(255).zip(drawn.chunks_mut(255)) {
            let before = was;
            // How often state 1 came, and how often after state 1.
            let (mut ones, mut both) = ([0u64; WORDS], [0u64; WORDS]);
            for (bytes, drawn) in bytes.iter().zip(drawn) {
                let now = words(bytes);
                let masks = was.map(|word| word * 255);
                let mut is: [u64; WORDS] =
                    std::array::from_fn(|word| at_least(now[word], cuts[0] ^ masks[word] & cuts[1]));
                let left_over: [u64; WORDS] =
                    std::array::from_fn(|word| all_ones(now[word], overs[0] ^ masks[word] & overs[1]));
                if left_over != [0; WORDS] {
                    self.settle(two, bytes, was, &mut is);
                }
                for word in 0..WORDS {
                    ones[word] += is[word];
                    both[word] += is[word] & was[word];
                }
                drawn.as_chunks_mut().0.iter_mut().zip(is).for_each(|(drawn, is)| *drawn = is.to_le_bytes());
                was = is;
            }
            let steps = bytes.len() as u32;
            let number = |words: [u64; WORDS], lane: usize| u32::from(words[lane / 8].to_le_bytes()[lane % 8]);
            let (lanes, _) = self.counts.as_chunks_mut::<{ STRIDES[0] }>();
            for (lane, [_, _, stay, rise, fall, keep, ..]) in lanes.iter_mut().enumerate() {
                let [ones, both] = [ones, both].map(|words| number(words, lane));
                let left = ones + number(before, lane) - number(was, lane);
                *stay += steps + both - left - ones;
                *rise += ones - both;
                *fall += left - both;
                *keep += both;
            }
        }
    }

    /// The next states of the lanes whose bytes are left over.
    #[cold]
    fn settle(&mut self, two: TwoStates, bytes: &[u8; LANES], was: [u64; WORDS], is: &mut [u64; WORDS]) {
        for (lane, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 255) {
            let (word, shift) = (lane / 8, lane % 8 * 8);
            let row = (was[word] >> shift & 1) as usize;
            if two.over[row] != 0 {
                let next = u64::from(self.tables.rows[row].settle(self.refine));
                is[word] = is[word] & !(1 << shift) | next << shift;
            }
        }
    }
}

/// Words of eight lanes, a byte each.
const WORDS: usize = LANES / 8;

/// The top bit of each byte.
const TOPS: u64 = spread(0x80);

/// A byte, eight times.
const fn spread(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

fn words(lanes: &[u8; LANES]) -> [u64; WORDS] {
    let (bytes, _) = lanes.as_chunks::<8>();
    std::array::from_fn(|word| u64::from_le_bytes(bytes[word]))
}

/// 1 in each byte where `a` ≥ `b`.
pub(super) fn at_least(a: u64, b: u64) -> u64 {
    // The top bits are set aside, so that no byte borrows from the next.
    let lower = (a | TOPS) - (b & !TOPS);
    ((a & !b | !(a ^ b) & lower) & TOPS) >> 7
}

/// 0 unless some byte of `a` is 255 where that of `of` is 255, too; those of `of` are 0 or 255.
pub(super) fn all_ones(a: u64, of: u64) -> u64 {
    // Where such a byte is, zero: the one place from which a byte borrows first.
    let rest = !(a & of);
    rest.wrapping_sub(spread(1)) & !rest & TOPS
}
