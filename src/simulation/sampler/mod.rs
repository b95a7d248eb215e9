//! How sequences are drawn.

mod counting;
mod sequence;
mod thresholds;

pub use sequence::SequenceBlocks;

use crate::estimator::{Batch, View};

/// Draws the sequences of one block of trials, in order.
pub trait Sampler: Send {
    /// Fills `batch` with the stretch of symbols `start`…`end` of its next `trials` trials: their counts, and the
    /// symbols themselves if `view` asks for them. A stretch that starts at 0 begins a new trial.
    fn fill(&mut self, batch: &mut Batch, view: View);
}

/// The samplers of all blocks of one group of conditions: any block can be had anywhere, alone.
pub trait Blocks: Sync {
    /// The sampler of block `block`.
    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_>;
}
