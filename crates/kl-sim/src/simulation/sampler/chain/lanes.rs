//! All lanes drawn at once.

use super::tables::{FewStates, LEFT_OVER, STRIDES, Tables, event};
use crate::simulation::kernel::{Ends, LANES, MOST_STEPS, Row, Walk, step_lanes};
use crate::simulation::stream::Stream;

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

    /// Of few states, by comparisons; `from` are the states before.
    pub(super) fn compare(&mut self, few: &FewStates, bytes: &[Row], from: Row, drawn: &mut [Row]) {
        match few {
            FewStates::Two(ends) => self.compare_of(ends, bytes, from, drawn),
            FewStates::Three(ends) => self.compare_of(ends, bytes, from, drawn),
            FewStates::Four(ends) => self.compare_of(ends, bytes, from, drawn),
        }
    }

    fn compare_of<const K: usize>(&mut self, ends: &Ends<K>, bytes: &[Row], from: Row, drawn: &mut [Row]) {
        let (tables, stride) = (self.tables, self.tables.stride());
        let (mut is, mut totals) = (from, [[[0u32; LANES]; K]; K]);
        for (bytes, drawn) in bytes.chunks(MOST_STEPS).zip(drawn.chunks_mut(MOST_STEPS)) {
            let mut tally = [[[0; LANES]; K]; K];
            let mut settle = |from: usize| tables.rows[from].settle(self.refine) as u8;
            let settle = &mut settle;
            step_lanes(ends, bytes, &mut Walk { is: &mut is, drawn, tally: &mut tally, settle });
            for (totals, tally) in totals.iter_mut().flatten().zip(tally.iter().flatten()) {
                totals.iter_mut().zip(tally).for_each(|(total, &more)| *total += u32::from(more));
            }
        }
        for (lane, counts) in self.counts.chunks_exact_mut(stride).enumerate() {
            for (from, totals) in totals.iter().enumerate() {
                let counts = &mut counts[event(from, 0, K)..][..K];
                for (to, count) in counts.iter_mut().enumerate() {
                    *count += totals[to][lane] - totals.get(to + 1).map_or(0, |beyond| beyond[lane]);
                }
            }
        }
    }
}
