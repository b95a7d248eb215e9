//! The `counts` sampler: how often each symbol occurs in a sequence, without the sequence.

mod shares;
mod tally;

pub use tally::CountsTally;

use super::binomial::{BinomialDraw, BinomialLadder, BinomialTable, WIDEST};
use super::block_sizes::BlockSizes;
use super::blocks::{Blocks, Sampler, Segment};
use super::symbols::SequenceBlocks;
use crate::estimator::{Detail, Rows, View};
use crate::simulation::stream::{Role, Stream, StreamKey};
use crate::simulation::words::Words;
use kl_math::distribution::Distribution;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use shares::{Share, Shares};
use std::ops::RangeInclusive;

/// All blocks of the symbol counts of sequences of `n` symbols from one source.
///
/// The counts are multinomial. The first symbol's is Bin(N, p₁), the next one's, given the first, Bin(N − n₁, p₂/(1 − p₁)),
/// and so on; the last takes what is left. The law of what is drawn is within 1e-12 of theirs in total variation: a number
/// from a table is within 5e-14 of its own law and most are far nearer, one drawn at once within 1e-15, and sequences
/// that are counted within N·2⁻⁶⁴.
#[derive(Debug)]
pub struct CountsBlocks {
    method: Method,
    n: u64,
    alphabet: usize,
    source: StreamKey,
    refine: StreamKey,
}

/// How the counts are drawn. It follows from N and P; each has draws of its own.
#[derive(Debug)]
enum Method {
    /// Of two symbols, the first one's count.
    Coin(BinomialTable),
    /// A few symbols: the first one's count from a table, the next ones' each from a ladder.
    Ladders { first: BinomialTable, next: Vec<BinomialLadder>, symbols: Vec<usize> },
    /// Many symbols, and many more of each: one binomial number after the other.
    Draws(Shares),
    /// Many symbols, of which few occur often: the sequence, counted.
    Symbols(SequenceBlocks),
}

/// More symbols would take too many tables.
const MAX_LADDERS: usize = 16;

/// The number of symbols that take as long as a binomial number that is drawn at once.
const SYMBOLS_A_DRAW: u64 = 256;

/// The number of symbols that take as long as a number from a table.
const SYMBOLS_A_LOOK: u64 = 16;

/// log₂ of the bytes of the first symbol's table.
const TABLE_BITS: u32 = 13;

impl CountsBlocks {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "counts";

    /// The blocks of `seed`.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Self {
        let key = |role| StreamKey::new(seed, role, Self::NAME, n, source);
        Self::with_keys(source.mass_function().probabilities(), n, key(Role::Source), key(Role::Refine))
    }

    /// The blocks of the samples of `m` symbols from a model with these probabilities, which go with the trials of a group:
    /// their streams are no others'.
    pub fn of_model(seed: u64, probabilities: &[DoubleDouble], m: u64) -> Self {
        let refine = StreamKey::of_model(seed, Role::ModelRefine, Self::NAME, m, probabilities);
        Self::with_keys(probabilities, m, Self::model_key(seed, probabilities, m), refine)
    }

    /// The key of those streams.
    pub(in crate::simulation) fn model_key(seed: u64, probabilities: &[DoubleDouble], m: u64) -> StreamKey {
        StreamKey::of_model(seed, Role::Model, Self::NAME, m, probabilities)
    }

    fn with_keys(probabilities: &[DoubleDouble], n: u64, source: StreamKey, refine: StreamKey) -> Self {
        let table = |success, failure| BinomialTable::new(Binomial::new(n, success, failure), TABLE_BITS);
        let method = if let &[success, failure] = probabilities {
            Method::Coin(table(success, failure))
        } else {
            let shares = Shares::of(probabilities);
            match shares.list.split_first() {
                Some((first, others)) if shares.symbols.len() <= MAX_LADDERS && ranges_fit(others, n) => {
                    Method::Ladders {
                        first: table(first.success, first.failure),
                        next: others
                            .iter()
                            .map(|share| BinomialLadder::new(share.success, share.failure, range(share, n)))
                            .collect(),
                        symbols: shares.symbols,
                    }
                }
                _ if n > SYMBOLS_A_DRAW * shares.list.len() as u64 => Method::Draws(shares),
                _ => Method::Symbols(SequenceBlocks::with_keys(probabilities, n, source, refine)),
            }
        };
        Self { method, n, alphabet: probabilities.len(), source, refine }
    }
}

/// How many symbols the ones before this share leave over, nearly always.
fn range(share: &Share, n: u64) -> RangeInclusive<u64> {
    /// Beyond this many standard deviations a number is drawn at once instead: one in twenty million.
    const REACH: f64 = 5.5;
    let law = Binomial::new(n, share.left_over, DoubleDouble::ONE - share.left_over);
    let reach = (REACH * law.std_dev()) as u64 + 4;
    law.mode().saturating_sub(reach)..=(law.mode() + reach).min(n)
}

fn ranges_fit(shares: &[Share], n: u64) -> bool {
    shares.iter().map(|share| range(share, n)).all(|range| range.end() - range.start() < WIDEST)
}

impl Blocks for CountsBlocks {
    fn sizes(&self) -> BlockSizes {
        let (cost, size) = match &self.method {
            Method::Coin(_) => (SYMBOLS_A_LOOK, 2),
            Method::Ladders { symbols, .. } => (3 * SYMBOLS_A_LOOK * symbols.len() as u64, symbols.len()),
            Method::Draws(shares) => (SYMBOLS_A_DRAW * shares.list.len() as u64, shares.symbols.len()),
            Method::Symbols(sequences) => (self.n, sequences.size()),
        };
        BlockSizes::of_trials(self.n, cost, size)
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        if let Method::Symbols(sequences) = &self.method {
            return sequences.sampler(block);
        }
        Box::new(Counts {
            blocks: self,
            source: self.source.stream(block),
            refine: self.refine.stream(block),
            counts: Vec::new(),
        })
    }
}

/// The sampler of one block.
#[derive(Debug)]
struct Counts<'a> {
    blocks: &'a CountsBlocks,
    source: Stream,
    refine: Stream,
    /// Those drawn last.
    counts: Vec<u64>,
}

impl Sampler for Counts<'_> {
    fn draw(&mut self, segment: Segment, _: Detail) -> View<'_> {
        let alphabet = self.blocks.alphabet;
        let mut all = std::mem::take(&mut self.counts);
        all.clear();
        all.resize(segment.trials * alphabet, 0);
        match &self.blocks.method {
            Method::Coin(table) => self.toss(table, &mut all),
            Method::Ladders { first, next, symbols } => {
                all.chunks_exact_mut(alphabet).for_each(|counts| self.climb(first, next, symbols, counts));
            }
            Method::Draws(shares) => all.chunks_exact_mut(alphabet).for_each(|counts| self.part(shares, counts)),
            // These have a sampler of their own.
            Method::Symbols(_) => {}
        }
        self.counts = all;
        View::Counts(Rows::new(alphabet, &self.counts))
    }
}

impl Counts<'_> {
    fn toss(&mut self, table: &BinomialTable, counts: &mut [u64]) {
        let n = self.blocks.n;
        let (mut trials, _) = counts.as_chunks_mut::<2>();
        while !trials.is_empty() {
            let (words, _) = self.source.bytes(4 * trials.len() as u64).as_chunks::<4>();
            let (now, later) = trials.split_at_mut(words.len());
            for (counts, &word) in now.iter_mut().zip(words) {
                let first = table.draw(u32::from_le_bytes(word), &mut self.refine);
                *counts = [first, n - first];
            }
            trials = later;
        }
    }

    fn climb(&mut self, first: &BinomialTable, next: &[BinomialLadder], symbols: &[usize], counts: &mut [u64]) {
        let mut left = self.blocks.n;
        let mut symbols = symbols.iter();
        let mut take = |count: u64| {
            if let Some(&symbol) = symbols.next() {
                counts[symbol] = count;
            }
        };
        let count = first.draw(self.source.word(), &mut self.refine);
        take(count);
        left -= count;
        for ladder in next {
            let count = ladder.draw(left, &mut self.source, &mut self.refine);
            take(count);
            left -= count;
        }
        take(left);
    }

    fn part(&mut self, shares: &Shares, counts: &mut [u64]) {
        let mut left = self.blocks.n;
        for (&symbol, share) in shares.symbols.iter().zip(&shares.list) {
            if left == 0 {
                return;
            }
            let law = Binomial::new(left, share.success, share.failure);
            counts[symbol] = BinomialDraw::new(law).draw(&mut self.refine);
            left -= counts[symbol];
        }
        if let Some(&last) = shares.symbols.last() {
            counts[last] = left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts of the first `trials` trials of block 1.
    fn counts(weights: &[f64], n: u64, trials: usize) -> (&'static str, Vec<Vec<u64>>) {
        let source = Distribution::of_weights(weights).unwrap();
        let blocks = CountsBlocks::new(57, &source, n);
        let method = match blocks.method {
            Method::Coin(_) => "coin",
            Method::Ladders { .. } => "ladders",
            Method::Draws(_) => "draws",
            Method::Symbols(_) => "symbols",
        };
        let mut sampler = blocks.sampler(1);
        let drawn = sampler.draw(Segment::whole(trials, n), Detail::Totals);
        (method, drawn.counts().map(<[u64]>::to_vec).collect())
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_counts_are_frozen() {
        let rising: Vec<f64> = (1..=20).map(|weight| f64::from(weight) / 210.0).collect();
        let six = [0.1, 0.2, 0.3, 0.15, 0.05, 0.2];
        let drawn = [
            counts(&[0.4, 0.6], 10, 12),
            counts(&[0.4, 0.6], 1_000_000_000_000, 4),
            counts(&six, 10, 3),
            counts(&six, 1_000_000, 3),
            counts(&rising, 12, 2),
            counts(&rising, 1_000_000, 2),
        ];
        let shown: Vec<String> = drawn.iter().map(|(method, counts)| format!("{method} {counts:?}")).collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        coin [[6, 4], [4, 6], [4, 6], [4, 6], [7, 3], [5, 5], [6, 4], [4, 6], [6, 4], [4, 6], [6, 4], [4, 6]]
        coin [[399999239205, 600000760795], [400000283312, 599999716688], [400000397673, 599999602327], [400000689911, 599999310089]]
        ladders [[1, 3, 1, 1, 2, 2], [0, 0, 2, 3, 0, 5], [1, 3, 3, 1, 0, 2]]
        ladders [[99974, 200414, 299863, 149680, 50010, 200059], [100563, 199481, 299060, 150531, 50229, 200136], [99893, 199679, 300457, 150440, 49495, 200036]]
        symbols [[0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 1, 1, 2, 0, 0, 3, 2, 0], [0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 3, 2, 0, 1, 0, 2, 0]]
        draws [[4651, 9375, 14362, 19177, 23774, 28345, 33408, 38223, 42582, 47713, 52492, 56812, 62492, 66879, 71375, 76079, 80928, 85662, 90430, 95241], [4820, 9508, 14158, 18927, 23858, 28490, 33472, 38387, 43058, 47921, 52701, 56974, 61937, 66247, 71227, 76245, 80849, 85611, 90459, 95151]]
        ");
    }

    #[test]
    fn counts_sum_to_the_length_and_what_has_no_mass_never_occurs() {
        for weights in [&[0.0, 0.3, 0.7, 0.0][..], &[0.0, 0.0, 1.0], &[1.0, 0.0], &[0.0, 1.0], &[1e-300, 1.0, 0.0]] {
            for n in [1, 10, 100_000, 1_000_000_000_000] {
                for counts in counts(weights, n, 50).1 {
                    assert_eq!(counts.iter().sum::<u64>(), n, "{weights:?}");
                    assert!(counts.iter().zip(weights).all(|(&count, &weight)| count == 0 || weight > 1e-200));
                }
            }
        }
    }

    /// What comes next does not depend on how many were asked for.
    #[test]
    fn batches_do_not_change_the_counts() {
        for (weights, n) in [(vec![0.4, 0.6], 1_000), (vec![0.5, 0.3, 0.2], 1_000), (vec![0.02; 50], 20_000)] {
            let source = Distribution::of_weights(&weights).unwrap();
            let blocks = CountsBlocks::new(57, &source, n);
            let drawn = |sizes: &[usize]| {
                let mut sampler = blocks.sampler(0);
                let mut counts = Vec::new();
                for &size in sizes {
                    counts.extend(sampler.draw(Segment::whole(size, n), Detail::Totals).counts().flatten().copied());
                }
                counts
            };
            assert_eq!(drawn(&[300]), drawn(&[1, 7, 92, 200]));
        }
    }
}
