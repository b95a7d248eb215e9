//! One trial again, alone.

use super::sampler::{Blocks, Segment};
use crate::estimator::{Batch, Detail};

/// Where the random bytes of a trial are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialPlace {
    /// The block, from 0: the number of its streams.
    pub block: u64,
    /// How many trials of the block come before it.
    pub before: u64,
}

impl TrialPlace {
    /// The place of trial number `trial`, from 0.
    pub fn of(blocks: &dyn Blocks, trial: u64) -> Self {
        let block = blocks.sizes().block;
        Self { block: trial / block, before: trial % block }
    }
}

/// Draws trial number `trial`, from 0, of sequences of `n` symbols and hands it to `take` segment by segment. Only its block
/// is drawn, and of that only what comes before it.
///
/// ```
/// use kl_math::distribution::Distribution;
/// use kl_sim::estimator::Detail;
/// use kl_sim::simulation::{SequenceBlocks, replay};
/// let blocks = SequenceBlocks::new(57, &Distribution::of_weights(&[0.5, 0.5])?, 10);
/// let mut symbols = Vec::new();
/// let place = replay(&blocks, 10, 5_000, Detail::Sequence, |batch| symbols.extend_from_slice(batch.view.symbols()));
/// assert_eq!((symbols.len(), place.block), (10, 1));
/// # Ok::<(), kl_math::distribution::ParameterError>(())
/// ```
pub fn replay(blocks: &dyn Blocks, n: u64, trial: u64, detail: Detail, mut take: impl FnMut(&Batch<'_>)) -> TrialPlace {
    let sizes = blocks.sizes();
    let place = TrialPlace::of(blocks, trial);
    let mut sampler = blocks.sampler(place.block);
    let mut left = place.before + 1;
    while left > 0 {
        let is_last = left == 1;
        // What comes next does not depend on how many were drawn together.
        let together = if n <= sizes.segment { (left - 1).clamp(1, sizes.batch.max(1)) } else { 1 };
        let mut start = 0;
        while start < n {
            let segment = Segment { trials: together as usize, start, end: n.min(start + sizes.segment) };
            let view = sampler.draw(segment, detail);
            if is_last {
                let Segment { trials, start, end } = segment;
                take(&Batch { trials, first: trial, start, end, view, model: None });
            }
            start = segment.end;
        }
        left -= together;
    }
    place
}
