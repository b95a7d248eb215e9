//! Samples of symbols drawn again from the shares of a given one.

use crate::estimator::Detail;
use crate::simulation::{Blocks, CountsBlocks, Sampler, Segment};

/// Samples as large as a given one, drawn from its shares with replacement, one after the other.
pub(super) struct Resamples<'a> {
    blocks: &'a CountsBlocks,
    n: u64,
    sampler: Box<dyn Sampler + 'a>,
    /// The block of that sampler, and how many samples it has left.
    block: u64,
    left: u64,
    counts: Vec<u64>,
}

impl<'a> Resamples<'a> {
    /// Those of `blocks`, of `n` symbols each.
    pub(super) fn new(blocks: &'a CountsBlocks, n: u64) -> Self {
        Self { blocks, n, sampler: blocks.sampler(0), block: 0, left: blocks.sizes().block, counts: Vec::new() }
    }

    /// The counts of the next one.
    pub(super) fn next(&mut self) -> &[u64] {
        let sizes = self.blocks.sizes();
        if self.left == 0 {
            self.block += 1;
            self.sampler = self.blocks.sampler(self.block);
            self.left = sizes.block;
        }
        self.left -= 1;
        self.counts.clear();
        // A long one comes in segments.
        let mut start = 0;
        while start < self.n {
            let end = self.n.min(start + sizes.segment);
            let view = self.sampler.draw(Segment { trials: 1, start, end }, Detail::Totals);
            for counts in view.counts() {
                self.counts.resize(counts.len(), 0);
                self.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            start = end;
        }
        &self.counts
    }
}

/// Mean and spread of numbers that come one by one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
    is_infinite: bool,
}

impl Spread {
    pub(super) fn push(&mut self, value: f64) {
        if !value.is_finite() {
            self.is_infinite = true;
            return;
        }
        self.count += 1.0;
        let offset = value - self.mean;
        self.mean += offset / self.count;
        self.squares += offset * (value - self.mean);
    }

    /// The mean and the standard deviation, if all numbers are finite and there are two.
    pub(super) fn moments(&self) -> Option<(f64, f64)> {
        (!self.is_infinite && self.count > 1.0).then(|| (self.mean, (self.squares / (self.count - 1.0)).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By symbols counted one by one in several segments, by splits, by binomial numbers and by a coin's table.
    #[test]
    fn every_resample_is_as_large_as_the_data_and_has_their_mean() {
        let many: Vec<u64> = (0..9_000).map(|place| 5 + place % 7).collect();
        for counts in [vec![3, 7], vec![5, 0, 1, 4], many, vec![1; 40], vec![12, 0, 0]] {
            let n: u64 = counts.iter().sum();
            let mut first = 0u64;
            let blocks = CountsBlocks::of_resamples(57, "source", &counts);
            let mut resamples = Resamples::new(&blocks, n);
            for _ in 0..200 {
                let resample = resamples.next();
                assert_eq!((resample.len(), resample.iter().sum::<u64>()), (counts.len(), n));
                assert!(resample.iter().zip(&counts).all(|(&drawn, &count)| count > 0 || drawn == 0));
                first += resample[0];
            }
            let (expected, share) = (200.0 * counts[0] as f64, counts[0] as f64 / n as f64);
            // Six standard deviations.
            assert!((first as f64 - expected).abs() <= 6.0 * (expected * (1.0 - share)).sqrt(), "{first} {expected}");
        }
    }

    #[test]
    fn resamples_of_p_and_q_and_of_two_seeds_differ() {
        let drawn = |seed, what| {
            let blocks = CountsBlocks::of_resamples(seed, what, &[5, 4, 3]);
            let mut resamples = Resamples::new(&blocks, 12);
            // More than one block.
            (0..5_000).map(|_| resamples.next().to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(57, "source"), drawn(57, "source"));
        assert_ne!(drawn(57, "source"), drawn(57, "model"));
        assert_ne!(drawn(57, "source"), drawn(58, "source"));
    }
}
