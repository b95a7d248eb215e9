//! How sequences are drawn.

mod binomial;
mod block_sizes;
mod chain;
mod counting;
mod counts;
mod sequence;
mod shares;
mod standard;
mod sums;
mod tally;
mod thresholds;
mod values;

pub use block_sizes::BlockSizes;
pub use chain::ChainBlocks;
pub use counts::CountsBlocks;
pub use sequence::SequenceBlocks;
pub use standard::{exponential, normal};
pub use sums::SumBlocks;
pub use tally::{CountsTally, Take};
pub use values::ValueBlocks;

use crate::estimator::{Detail, View};
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

/// The samplers of all blocks of one group of conditions: any block can be had anywhere, alone.
pub trait Blocks: Sync {
    /// How trials are cut up into blocks and batches.
    fn sizes(&self) -> BlockSizes;

    /// The sampler of block `block`.
    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_>;
}

/// Draws the symbol counts of all trials of a group at once.
pub trait Tally: Sync {
    /// Hands out the count vectors that occur, each once, with the number of trials that have it: `trials` in all.
    fn draw(&self, trials: u64, take: &mut Take<'_>) -> ControlFlow<()>;
}

/// Where the trials of a group come from.
pub enum Trials {
    /// Each is drawn.
    Each(Box<dyn Blocks>),
    /// Only how many have which counts.
    Tallied(Box<dyn Tally>),
}
