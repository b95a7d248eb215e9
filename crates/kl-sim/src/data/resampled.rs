//! Samples of symbols drawn again from the shares of a given one.

use crate::estimator::Detail;
use crate::simulation::{Blocks, CountsBlocks, Segment};

/// Passes the counts of `resamples` samples, each as large as the given one and drawn from its shares with replacement, to `take`, one
/// after the other. `what` tells one sample from another.
pub(super) fn each_resample(seed: u64, what: &str, counts: &[u64], resamples: u64, mut take: impl FnMut(&[u64])) {
    let n: u64 = counts.iter().sum();
    let blocks = CountsBlocks::of_resamples(seed, what, counts);
    let sizes = blocks.sizes();
    let (mut left, mut block) = (resamples, 0);
    while left > 0 {
        let mut sampler = blocks.sampler(block);
        let mut of_block = sizes.block.min(left);
        left -= of_block;
        block += 1;
        while of_block > 0 {
            if n > sizes.segment {
                take(&in_segments(n, sizes.segment, counts.len(), |segment, total| {
                    let view = sampler.draw(segment, Detail::Totals);
                    view.counts()
                        .for_each(|counts| total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count));
                }));
                of_block -= 1;
                continue;
            }
            let batch = sizes.batch.min(of_block).max(1);
            let view = sampler.draw(Segment::whole(usize::try_from(batch).unwrap_or(1), n), Detail::Totals);
            view.counts().for_each(&mut take);
            of_block -= batch;
        }
    }
}

/// The counts of one sample that is drawn segment by segment.
fn in_segments(n: u64, segment: u64, alphabet: usize, mut draw: impl FnMut(Segment, &mut [u64])) -> Vec<u64> {
    let mut total = vec![0; alphabet];
    let mut start = 0;
    while start < n {
        let end = n.min(start + segment);
        draw(Segment { trials: 1, start, end }, &mut total);
        start = end;
    }
    total
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
            let (mut drawn, mut first) = (0u64, 0u64);
            each_resample(57, "source", &counts, 200, |resample| {
                assert_eq!((resample.len(), resample.iter().sum::<u64>()), (counts.len(), n));
                assert!(resample.iter().zip(&counts).all(|(&drawn, &count)| count > 0 || drawn == 0));
                drawn += 1;
                first += resample[0];
            });
            assert_eq!(drawn, 200);
            let (expected, share) = (200.0 * counts[0] as f64, counts[0] as f64 / n as f64);
            // Six standard deviations.
            assert!((first as f64 - expected).abs() <= 6.0 * (expected * (1.0 - share)).sqrt(), "{first} {expected}");
        }
    }

    #[test]
    fn resamples_of_p_and_q_and_of_two_seeds_differ() {
        let drawn = |seed, what| {
            let mut all = Vec::new();
            each_resample(seed, what, &[5, 4, 3], 20, |counts| all.push(counts.to_vec()));
            all
        };
        assert_eq!(drawn(57, "source"), drawn(57, "source"));
        assert_ne!(drawn(57, "source"), drawn(57, "model"));
        assert_ne!(drawn(57, "source"), drawn(58, "source"));
    }
}
