//! Sequences scored symbol by symbol.

use crate::estimator::{Batch, Detail, ScoredTrial, Scorer};
use kl_math::path::{PathEstimate, PathWalk};

/// Goes along each sequence of `n` symbols.
#[derive(Debug)]
pub(super) struct PathScorer {
    /// None where the pair has no such estimate, which is refused before.
    walk: Option<PathWalk>,
    n: u64,
}

impl PathScorer {
    pub(super) fn new(estimate: Option<&PathEstimate>, n: u64) -> Self {
        Self { walk: estimate.map(PathWalk::new), n }
    }
}

impl Scorer for PathScorer {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let Some(walk) = &mut self.walk else { return };
        let length = usize::try_from(batch.length()).unwrap_or(usize::MAX).max(1);
        for symbols in batch.view.symbols().chunks_exact(length) {
            if batch.start == 0 {
                walk.restart();
            }
            symbols.iter().for_each(|&symbol| walk.push(symbol as usize));
            if batch.end == self.n {
                scored.push(ScoredTrial::of(walk.estimate(), self.n));
            }
        }
    }

    fn running(&self, length: u64) -> f64 {
        let walk = self.walk.as_ref().filter(|walk| walk.length() == length);
        walk.map_or(f64::NAN, PathWalk::estimate)
    }
}
