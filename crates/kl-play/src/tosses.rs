//! Tosses of P with the program's own streams.

use crate::Coins;
use kl_math::law::{Bins, Law};
use kl_sim::estimator::Detail;
use kl_sim::simulation::{Blocks, Segment, SequenceBlocks, TrialPlace, replay};

/// An L no further from 0 than this part of the largest log ratio favours neither coin: it is not 0 by rounding alone.
const TIE: f64 = 1e-12;

impl Coins {
    /// The tosses of trial number `trial`, from 1: 0 for heads, 1 for tails. They are those that `runner replay` shows.
    pub fn toss(&self, seed: u64, trial: u64, n: u64) -> Vec<u32> {
        let blocks = SequenceBlocks::new(seed, self.pair.source(), n);
        let mut tosses = Vec::new();
        replay(&blocks, n, trial.saturating_sub(1), Detail::Sequence, |batch| {
            tosses.extend_from_slice(batch.view.symbols());
        });
        tosses
    }

    /// Of the trials from number `first` on, counted from 1: how many there are in each bin of [`law`](Self::law); then how many
    /// favour Q, and how many heads there are in all of them.
    pub fn toss_many(&self, seed: u64, first: u64, trials: u64, n: u64) -> Option<Vec<f64>> {
        let (law, bins) = (self.law_of_l(n)?, self.bins(n)?);
        let log_ratios = self.pair.log_ratios();
        let tie = TIE * log_ratios.iter().map(|ratio| ratio.abs()).fold(0.0, f64::max);
        let (mut found, mut favour_q, mut heads) = (vec![0.0; bins.bins().len()], 0.0, 0.0);
        let value = |counts: &[u64]| match (&law, counts) {
            // The law counts the side whose log ratio is its first value.
            (Law::TwoValues(law), &[heads, tails]) => {
                law.value(if log_ratios.first() == Some(&law.first) { heads } else { tails })
            }
            _ => 0.0,
        };
        self.each_count(seed, first.saturating_sub(1), trials, n, &mut |counts| {
            let value = value(counts);
            if let Some(bin) = found.get_mut(bins.place(value)) {
                *bin += 1.0;
            }
            if value < -tie {
                favour_q += 1.0;
            }
            heads += counts.first().map_or(0.0, |&heads| heads as f64);
        });
        found.extend([favour_q, heads]);
        Some(found)
    }

    /// The bins of the estimates' exact law.
    pub(crate) fn bins(&self, n: u64) -> Option<Bins> {
        Some(Bins::new(Some(&self.law_of_l(n)?), 0.0, 0.0, (0.0, 0.0), 0.0))
    }

    /// Hands the counts of heads and tails of each of these trials to `take`; trials are counted from 0.
    fn each_count(&self, seed: u64, first: u64, trials: u64, n: u64, take: &mut dyn FnMut(&[u64])) {
        let blocks = SequenceBlocks::new(seed, self.pair.source(), n);
        let sizes = blocks.sizes();
        let (mut next, end) = (first, first.saturating_add(trials));
        while next < end {
            let TrialPlace { block, before } = TrialPlace::of(&blocks, next);
            let mut sampler = blocks.sampler(block);
            let last = end.min((block + 1) * sizes.block);
            // What comes before in the block is drawn, too.
            let mut trial = next - before;
            while trial < last {
                let together = if n <= sizes.segment { (last - trial).clamp(1, sizes.batch.max(1)) } else { 1 };
                let mut so_far = vec![[0, 0]; together as usize];
                let mut start = 0;
                while start < n {
                    let segment = Segment { trials: together as usize, start, end: n.min(start + sizes.segment) };
                    let view = sampler.draw(segment, Detail::Totals);
                    for (so_far, counts) in so_far.iter_mut().zip(view.counts()) {
                        so_far.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
                    }
                    start = segment.end;
                }
                let wanted = so_far.iter().zip(trial..).filter(|&(_, number)| number >= next);
                wanted.for_each(|(counts, _)| take(counts));
                trial += together;
            }
            next = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One at a time or many at once, from anywhere in a block on, over the ends of blocks and with short segments.
    #[test]
    fn many_trials_are_the_single_ones() {
        for (first, trials, n) in [(1, 300, 10), (4_000, 200, 10), (2, 3, 10_000), (1, 2, 200_000)] {
            let coins = Coins::of(3_000, 4_000).unwrap();
            let mut counts = Vec::new();
            coins.each_count(57, first - 1, trials, n, &mut |found| counts.push(found[0]));
            let heads = |trial: u64| coins.toss(57, trial, n).iter().filter(|&&symbol| symbol == 0).count() as u64;
            let single: Vec<u64> = (first..first + trials).map(heads).collect();
            assert_eq!(counts, single, "{trials} trials of {n} from {first}");
        }
    }

    /// The program finds the same share of sequences that favour Q: 135,627 of a million are expected.
    #[test]
    fn all_trials_fall_into_a_bin() {
        let found = Coins::of(5_000, 4_000).unwrap().toss_many(57, 1, 4_000, 100).unwrap();
        let [bins @ .., favour_q, heads] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(bins.iter().sum::<f64>(), 4_000.0);
        // Four standard errors: a correct program fails one time in 16,000.
        assert!((favour_q - 542.5).abs() < 4.0 * 21.7 && (heads - 200_000.0).abs() < 4.0 * 316.3);
    }

    #[test]
    fn equal_coins_never_tell() {
        let coins = Coins::of(2_500, 2_500).unwrap();
        let found = coins.toss_many(1, 1, 50, 20).unwrap();
        assert_eq!((found.len(), found[0], found[1]), (3, 50.0, 0.0));
    }
}
