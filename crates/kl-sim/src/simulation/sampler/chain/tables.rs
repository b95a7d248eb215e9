//! How the states of a chain are looked up.

use super::thresholds::Thresholds;
use crate::simulation::kernel::Ends;
use crate::simulation::stream::Stream;
use kl_math::chain::ChainLaw;

/// What each byte leads to, from each state.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) states: usize,
    /// How the next state is settled, by state; the last is for the first symbol.
    pub(super) rows: Vec<Thresholds>,
    /// What each byte leads to, by row: as many entries as a `u16` has values.
    pub(super) table: Box<[u32; 1 << 16]>,
    /// The same of each second byte.
    pub(super) second: Vec<u32>,
    pub(super) few: Option<FewStates>,
}

/// The entry of a byte that is left over. Others are 65536 times the event and 256 times the next state.
pub(super) const LEFT_OVER: u32 = 1;

/// Sizes of the counts of a lane: known in advance, they make the inner loop shorter. No power of two is among the
/// large ones, so that lanes do not push each other out of the cache.
pub(super) const STRIDES: [usize; 4] = [32, 112, 1_088, 4_176];

impl Tables {
    /// The tables of a law.
    pub(super) fn new(law: ChainLaw<'_>) -> Self {
        let states = law.initial.len();
        let probabilities = law.transition.chunks_exact(states.max(1)).chain([law.initial]);
        let rows: Vec<Thresholds> = probabilities.map(Thresholds::new).collect();
        let mut table = Box::new([LEFT_OVER; 1 << 16]);
        let found = |row, next: Option<u16>| next.map_or(LEFT_OVER, |next| entry(row, next, states));
        let entries = rows
            .iter()
            .enumerate()
            .flat_map(|(row, thresholds)| (0..=255).map(move |byte: u8| found(row, thresholds.owner(byte))));
        table.iter_mut().zip(entries).for_each(|(place, entry)| *place = entry);
        let second = rows
            .iter()
            .enumerate()
            .flat_map(|(row, thresholds)| (0..=255).map(move |byte| found(row, thresholds.second_owner(byte))));
        let second = second.collect();
        Self { states, table, second, few: FewStates::of(&rows), rows }
    }

    /// The number of events: K + K².
    pub(super) fn events(&self) -> usize {
        self.states + self.states * self.states
    }

    /// The counts kept for a lane, of which the first ones are of use.
    pub(super) fn stride(&self) -> usize {
        STRIDES.into_iter().find(|&stride| stride >= self.events()).unwrap_or(self.events())
    }

    /// The event of going from one state to the next; `states` stands for no state before.
    pub(super) fn event(&self, from: usize, next: usize) -> usize {
        event(from, next, self.states)
    }

    /// The entry of a byte that is left over, from other bytes.
    #[cold]
    pub(super) fn settled(&self, row: u16, refine: &mut Stream) -> u32 {
        let [byte] = refine.array();
        let row = usize::from(row);
        match self.second[256 * row + usize::from(byte)] {
            LEFT_OVER => entry(row, self.rows[row].settle_last(refine), self.states),
            entry => entry,
        }
    }
}

/// Few states: the next one is told by comparisons, of all lanes at once.
#[derive(Clone, Debug)]
pub(super) enum FewStates {
    Two(Ends<2>),
    Three(Ends<3>),
    Four(Ends<4>),
}

impl FewStates {
    /// None for other chains.
    fn of(rows: &[Thresholds]) -> Option<Self> {
        Some(match rows.len() - 1 {
            2 => Self::Two(ends(rows)),
            3 => Self::Three(ends(rows)),
            4 => Self::Four(ends(rows)),
            _ => return None,
        })
    }
}

fn ends<const K: usize>(rows: &[Thresholds]) -> Ends<K> {
    let mut ends = [[0; K]; K];
    for (ends, row) in ends.iter_mut().zip(rows) {
        ends.iter_mut().zip(row.ends()).for_each(|(place, &end)| *place = end as u16);
    }
    Ends::new(ends)
}

pub(super) fn event(from: usize, next: usize, states: usize) -> usize {
    if from == states { next } else { states * (from + 1) + next }
}

fn entry(from: usize, next: u16, states: usize) -> u32 {
    (event(from, usize::from(next), states) as u32) << 16 | u32::from(next) << 8
}
