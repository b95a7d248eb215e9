//! One trial again, alone.

use super::sampler::Blocks;
use crate::estimator::{Batch, View};

/// Where the random bytes of a trial are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialPlace {
    /// The block, from 0: the number of its streams.
    pub block: u64,
    /// How many trials of the block come before it.
    pub before: u64,
}

impl TrialPlace {
    /// That of trial number `trial`, from 0.
    pub fn of(blocks: &dyn Blocks, trial: u64) -> Self {
        let block = blocks.portions().block;
        Self { block: trial / block, before: trial % block }
    }
}

/// Draws trial number `trial`, from 0, of sequences of `n` symbols over `alphabet` symbols, and hands it out stretch by
/// stretch. Only its block is drawn, and of that only what comes before it.
///
/// ```
/// use kl_math::distribution::Distribution;
/// use kl_sim::estimator::View;
/// use kl_sim::simulation::{SequenceBlocks, replay};
/// let blocks = SequenceBlocks::new(57, &Distribution::of_weights(&[0.5, 0.5])?, 10);
/// let mut symbols = Vec::new();
/// let place = replay(&blocks, 10, 2, 5_000, View::Symbols, |batch| symbols.extend_from_slice(&batch.symbols));
/// assert_eq!((symbols.len(), place.block), (10, 1));
/// # Ok::<(), kl_math::distribution::ParameterError>(())
/// ```
pub fn replay(
    blocks: &dyn Blocks,
    n: u64,
    alphabet: usize,
    trial: u64,
    view: View,
    mut take: impl FnMut(&Batch),
) -> TrialPlace {
    let portions = blocks.portions();
    let place = TrialPlace::of(blocks, trial);
    let mut sampler = blocks.sampler(place.block);
    let mut batch = Batch { alphabet, ..Batch::default() };
    let mut left = place.before + 1;
    while left > 0 {
        let is_last = left == 1;
        // What comes next does not depend on how many were drawn together.
        let together = if n <= portions.stretch { (left - 1).clamp(1, portions.batch.max(1)) } else { 1 };
        batch.trials = together as usize;
        batch.first = trial + 1 - left;
        batch.end = 0;
        while batch.end < n {
            batch.start = batch.end;
            batch.end = n.min(batch.start + portions.stretch);
            sampler.fill(&mut batch, view);
            if is_last {
                take(&batch);
            }
        }
        left -= together;
    }
    place
}
