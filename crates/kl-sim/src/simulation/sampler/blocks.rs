//! What samplers of trials have in common.

use super::block_sizes::BlockSizes;
use crate::estimator::{Cost, Detail, View};
use std::ops::ControlFlow;

/// Draws the sequences of one block of trials, in order.
pub trait Sampler: Send {
    /// Draws a segment: at least as much of it as `detail` asks for. A segment that starts at 0 begins new trials.
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_>;
}

/// Symbols or values `start`…`end`, counted from 0, of each of the next `trials` trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The number of trials; one if the segment is not the whole sequence.
    pub trials: usize,
    /// The first symbol.
    pub start: u64,
    /// One past the last symbol.
    pub end: u64,
}

impl Segment {
    /// The whole sequences of `n` symbols of `trials` trials.
    pub fn whole(trials: usize, n: u64) -> Self {
        Self { trials, start: 0, end: n }
    }

    /// The number of symbols of each trial.
    pub fn length(self) -> u64 {
        self.end - self.start
    }
}

/// The samplers of all blocks of one group of conditions. Any block can be drawn alone, on any thread.
pub trait Blocks: Sync {
    /// The sizes of blocks and batches.
    fn sizes(&self) -> BlockSizes;

    /// About how many bytes its tables take at most, where that is much.
    fn table_bytes(&self) -> u64 {
        0
    }

    /// About how long it takes to draw a trial; no result depends on it. By default that of a sampler that has not been measured:
    /// what a block's size says.
    fn cost(&self) -> Cost {
        Cost { trial: 0, block: BlockSizes::USUAL_COST }
    }

    /// The sampler of block `block`.
    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_>;
}

/// Receives symbol counts and the number of trials that have them; may stop the draw.
pub type Take<'a> = dyn FnMut(&[u64], u64) -> ControlFlow<()> + 'a;

/// Draws the symbol counts of all trials of a group at once.
pub trait Tally: Sync {
    /// Passes each count vector that occurs to `take` once, with the number of trials that have it: `trials` in all.
    fn draw(&self, trials: u64, take: &mut Take<'_>) -> ControlFlow<()>;

    /// About how many count vectors occur among so many trials, at most; no result depends on it.
    fn vectors(&self, trials: u64) -> u64 {
        trials
    }

    /// About how long it takes to draw one of them, in picoseconds.
    fn cost_of_a_vector(&self) -> u128 {
        500_000
    }
}
