//! The `sequence` sampler of Markov chains: every symbol of every sequence, counted by transitions.

mod lanes;
mod tables;
#[cfg(test)]
mod tests;
mod thresholds;

use super::block_sizes::BlockSizes;
use super::blocks::{Blocks, Sampler, Segment};
use crate::estimator::{Cost, Detail, Rows, View};
use crate::simulation::kernel::LANES;
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::chain::ChainLaw;
use kl_math::distribution::Distribution;
use lanes::Lanes;
use rand::Rng;
use tables::{LEFT_OVER, Tables};

/// All blocks of sequences of `n` states of one Markov chain.
///
/// A batch's counts are those of a trial's events: K for the first symbol, one of which is 1, and then K² for the
/// transitions, row by row. Its symbols are the states, 0…K−1.
///
/// One byte decides nearly always, by the thresholds
/// of the row of the state before; bytes of the stream of role `refine` settle the rest. Every transition probability
/// is right to 2⁻⁶⁴.
///
/// One state waits for the last, so 64 *lanes* are drawn at a time. Of short sequences each lane is a trial. A
/// long one is cut into chunks of 65,536 states, and these into 64 lanes that all set out from the state before
/// the chunk, as if it were known that they start there. Then, lane after lane, the right path is drawn from where the
/// lane before it ended, by the same bytes, and with fresh ones of `refine`, until it meets the lane's: from there on
/// the two are one. Both are chains with the right law, and what comes after they meet does not depend on what was
/// before, so the path has the right law, too (a coupling). Chains that meet late, such as ones that hardly ever leave
/// a state, take longer.
#[derive(Debug)]
pub struct ChainBlocks {
    n: u64,
    tables: Tables,
    source: StreamKey,
    refine: StreamKey,
}

/// Longer sequences are cut up.
const WHOLE: u64 = 1 << 12;

/// The number of states of a chunk.
const CHUNK: u64 = 1 << 16;

impl ChainBlocks {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "sequence";

    /// The blocks of sequences of `n` states of `law`, K ≤ 64, whose rows sum to one; `source` and `refine` are the
    /// keys of the streams.
    pub fn new(law: ChainLaw<'_>, n: u64, source: StreamKey, refine: StreamKey) -> Self {
        Self { n, tables: Tables::new(law), source, refine }
    }

    /// The blocks of `seed`, of a source whose law this is.
    pub fn of(seed: u64, source: &Distribution, law: ChainLaw<'_>, n: u64) -> Self {
        let key = |role| StreamKey::new(seed, role, Self::NAME, n, source);
        Self::new(law, n, key(Role::Source), key(Role::Refine))
    }

    /// How many counts a trial has: K + K².
    pub fn events(&self) -> usize {
        self.tables.events()
    }
}

impl Blocks for ChainBlocks {
    fn sizes(&self) -> BlockSizes {
        /// Counts that a batch holds.
        const COUNTS: u64 = 1 << 16;
        // To put down eight counts takes as long as a state.
        let events = self.events() as u64;
        let sequences = BlockSizes::of_sequences(self.n);
        let block = BlockSizes::of_sequences(self.n.max(events / 8)).block;
        BlockSizes { block, batch: sequences.batch.min(COUNTS / events.max(1)).max(1), ..sequences }
    }

    fn cost(&self) -> Cost {
        /// Streams and buffers.
        const BLOCK: u128 = 1_000_000;
        /// To put down a count.
        const EVENT: u128 = 200;
        // How late chains meet is not known.
        let state = match self.tables.states {
            0..=2 => 200,
            3..=4 => 450,
            5..=16 => 1_100,
            _ => 4_000,
        };
        Cost { trial: EVENT * self.events() as u128 + state * u128::from(self.n), block: BLOCK }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Chain {
            blocks: self,
            source: self.source.stream(block),
            refine: self.refine.stream(block),
            bytes: Vec::new(),
            drawn: Vec::new(),
            counts: vec![0; LANES * self.tables.stride()],
            totals: Vec::new(),
            symbols: Vec::new(),
            chunk: Chunk { length: 0, used: 0, from: self.tables.states, lane: LANES - 1, steps: 0 },
            done: 0,
        })
    }
}

/// The sampler of one block.
#[derive(Debug)]
struct Chain<'a> {
    blocks: &'a ChainBlocks,
    source: Stream,
    refine: Stream,
    /// The bytes of all lanes, step by step.
    bytes: Vec<[u8; LANES]>,
    /// Their states.
    drawn: Vec<[u8; LANES]>,
    /// The events of each lane.
    counts: Vec<u32>,
    chunk: Chunk,
    /// How much of the trial came in chunks before this one.
    done: u64,
    /// The last segment's counts, and its states if they were asked for.
    totals: Vec<u64>,
    symbols: Vec<u32>,
}

/// What can be taken of the trial at hand.
#[derive(Debug)]
struct Chunk {
    /// Its number of states.
    length: usize,
    /// The number of them that have been taken.
    used: usize,
    /// The state before the next.
    from: usize,
    /// The lane of the first one; a cut-up trial goes on in the next lanes.
    lane: usize,
    /// States a lane.
    steps: usize,
}

impl Sampler for Chain<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        let events = self.blocks.events();
        let (mut totals, mut symbols) = (std::mem::take(&mut self.totals), std::mem::take(&mut self.symbols));
        totals.clear();
        totals.resize(segment.trials * events, 0);
        symbols.clear();
        for counts in totals.chunks_exact_mut(events) {
            if segment.start == 0 {
                self.begin();
            }
            let mut left = segment.length();
            while left > 0 {
                if self.chunk.used == self.chunk.length {
                    self.advance();
                }
                let symbols = if detail == Detail::Sequence { Some(&mut symbols) } else { None };
                left -= self.take(left, counts, symbols);
            }
        }
        (self.totals, self.symbols) = (totals, symbols);
        let counts = Rows::new(events, self.totals.as_slice());
        match detail {
            Detail::Sequence => View::Symbols { counts, symbols: &self.symbols },
            Detail::Totals => View::Counts(counts),
        }
    }
}

impl Chain<'_> {
    /// Goes to the next trial.
    fn begin(&mut self) {
        let (n, states) = (self.blocks.n, self.blocks.tables.states);
        self.done = 0;
        if n > WHOLE {
            self.chunk = Chunk { length: 0, used: 0, from: states, lane: 0, steps: 0 };
            return;
        }
        let mut lane = self.chunk.lane + 1;
        if lane == LANES {
            lane = 0;
            self.run(n as usize, states, states);
        }
        self.chunk = Chunk { length: n as usize, used: 0, from: states, lane, steps: n as usize };
    }

    /// Goes to the next chunk of a trial that is cut up.
    fn advance(&mut self) {
        let (states, from) = (self.blocks.tables.states, self.chunk.from);
        let length = (self.blocks.n - self.done).clamp(1, CHUNK) as usize;
        let steps = length.div_ceil(LANES);
        let guess = if from == states { 0 } else { from };
        self.run(steps, from, guess);
        let mut before = from;
        for lane in 0..LANES {
            if lane > 0 {
                self.mend(lane, guess, before);
            }
            before = self.drawn.last().map_or(before, |row| usize::from(row[lane]));
        }
        // The last lanes may go beyond the end.
        self.chunk = Chunk { length, used: 0, from, lane: 0, steps };
        for place in length..LANES * steps {
            let event = self.blocks.tables.event(self.state(place - 1), self.state(place));
            *self.count(place / steps, event) -= 1;
        }
        self.done += length as u64;
    }

    /// Draws `steps` states of each lane: the first one's from `first`, those of all others from `other`.
    fn run(&mut self, steps: usize, first: usize, other: usize) {
        let tables = &self.blocks.tables;
        self.bytes.resize(steps, [0; LANES]);
        self.drawn.resize(steps, [0; LANES]);
        self.source.fill_bytes(self.bytes.as_flattened_mut());
        self.counts.fill(0);
        let mut rows = [256 * other as u16; LANES];
        rows[0] = 256 * first as u16;
        let mut lanes = Lanes { tables, rows, counts: &mut self.counts, refine: &mut self.refine };
        match &tables.few {
            Some(few) => {
                // The first step may have no state before it.
                let (first, rest) = self.bytes.split_at(1);
                let (before, after) = self.drawn.split_at_mut(1);
                lanes.look_up(first, before);
                if let &[before] = &*before {
                    lanes.compare(few, rest, before, after);
                }
            }
            None => lanes.look_up(&self.bytes, &mut self.drawn),
        }
    }

    /// Redraws a lane that set out from `guess` though it begins after `before`, until the two paths meet.
    fn mend(&mut self, lane: usize, guess: usize, before: usize) {
        let tables = &self.blocks.tables;
        let (mut wrong, mut right) = (guess, before);
        for step in 0..self.drawn.len() {
            if wrong == right {
                return;
            }
            let mut entry = tables.table[256 * right + usize::from(self.bytes[step][lane])];
            if entry == LEFT_OVER {
                entry = tables.settled(right as u16, &mut self.refine);
            }
            let old = usize::from(self.drawn[step][lane]);
            *self.count(lane, tables.event(wrong, old)) -= 1;
            *self.count(lane, (entry >> 16) as usize) += 1;
            self.drawn[step][lane] = (entry >> 8) as u8;
            (wrong, right) = (old, usize::from(self.drawn[step][lane]));
        }
    }

    fn count(&mut self, lane: usize, event: usize) -> &mut u32 {
        &mut self.counts[lane * self.blocks.tables.stride() + event]
    }

    /// A state of the chunk.
    fn state(&self, place: usize) -> usize {
        let Chunk { lane, steps, .. } = self.chunk;
        usize::from(self.drawn[place % steps][lane + place / steps])
    }

    /// Takes up to `most` states of the chunk: adds their events, and puts the states themselves where they are asked
    /// for.
    fn take(&mut self, most: u64, counts: &mut [u64], symbols: Option<&mut Vec<u32>>) -> u64 {
        let Chunk { length, used, lane, steps, .. } = self.chunk;
        let end = length.min(used.saturating_add(usize::try_from(most).unwrap_or(usize::MAX)));
        if used == 0 && end == length {
            let lanes = self.counts.chunks_exact(self.blocks.tables.stride());
            for lane in lanes.skip(lane).take(length.div_ceil(steps)) {
                counts.iter_mut().zip(lane).for_each(|(count, &more)| *count += u64::from(more));
            }
        } else {
            let mut from = self.chunk.from;
            for place in used..end {
                let next = self.state(place);
                counts[self.blocks.tables.event(from, next)] += 1;
                from = next;
            }
        }
        if let Some(symbols) = symbols {
            symbols.extend((used..end).map(|place| self.state(place) as u32));
        }
        self.chunk.from = self.state(end - 1);
        self.chunk.used = end;
        (end - used) as u64
    }
}
