//! How sequences are drawn.

mod binomial;
mod chain;
mod counting;
mod counts;
mod portions;
mod sequence;
mod shares;
mod standard;
mod sums;
mod tally;
mod thresholds;
mod values;

pub use chain::ChainBlocks;
pub use counts::CountsBlocks;
pub use portions::Portions;
pub use sequence::SequenceBlocks;
pub use standard::{exponential, normal};
pub use sums::SumBlocks;
pub use tally::{CountsTally, Take};
pub use values::ValueBlocks;

use crate::estimator::{Batch, View};
use std::ops::ControlFlow;

/// Draws the sequences of one block of trials, in order.
pub trait Sampler: Send {
    /// Fills `batch` with the stretch of symbols `start`…`end` of its next `trials` trials: their counts, and the
    /// symbols themselves if `view` asks for them. A stretch that starts at 0 begins a new trial.
    fn fill(&mut self, batch: &mut Batch, view: View);
}

/// The samplers of all blocks of one group of conditions: any block can be had anywhere, alone.
pub trait Blocks: Sync {
    /// How trials are cut up into blocks and batches.
    fn portions(&self) -> Portions;

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
