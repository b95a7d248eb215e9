//! The `counts` sampler: how often each symbol occurs in a sequence, without the sequence.

mod shares;
mod splits;
mod tally;

pub use tally::CountsTally;

use super::binomial::{BinomialDraw, BinomialTable, GROUP};
use super::block_sizes::BlockSizes;
use super::blocks::{Blocks, Sampler, Segment};
use super::symbols::SequenceBlocks;
use crate::estimator::{Cost, Detail, Rows, View};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::distribution::Distribution;
use kl_math::law::Binomial;
use kl_math::numeric::DoubleDouble;
use shares::Shares;
use splits::{Splits, Tries};

/// All blocks of the symbol counts of sequences of `n` symbols from one source.
///
/// The counts are multinomial, and are drawn by binomial numbers: how many of the symbols of a set are in one half of it,
/// or how many of those that are left are the next symbol. The law of what is drawn is within 1e-12 of theirs in
/// total variation: a number from a table is within 5e-14 of its own law and most are far nearer, one drawn at once within
/// 1e-15, and sequences that are counted within N·2⁻⁶⁴.
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
    /// A few symbols, or many of each: the alphabet halved again and again.
    Splits(Splits),
    /// Many symbols, and many more of each: one binomial number after the other.
    Draws(Shares),
    /// Many symbols, of which few occur often: the sequence, counted.
    Symbols(SequenceBlocks),
}

/// So few symbols are always drawn by splits.
const FEW_SYMBOLS: usize = 16;

/// More symbols are, too, where the sequence has this many for each of them.
const SYMBOLS_A_SPLIT: u64 = 8;

/// The number of symbols that take as long as a binomial number that is drawn at once.
const SYMBOLS_A_DRAW: u64 = 256;

/// The number of symbols that take as long as a number from a table.
const SYMBOLS_A_LOOK: u64 = 16;

/// log₂ of the bytes of a coin's table.
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

    /// The blocks of samples of as many symbols as these counts have, drawn again from their shares with replacement. `what` tells one
    /// sample from another.
    ///
    /// ```
    /// use kl_sim::estimator::Detail;
    /// use kl_sim::simulation::{Blocks, CountsBlocks, Segment};
    /// let blocks = CountsBlocks::of_resamples(57, "source", &[3, 0, 7]);
    /// let mut sampler = blocks.sampler(0);
    /// let drawn = sampler.draw(Segment::whole(4, 10), Detail::Totals);
    /// assert!(drawn.counts().all(|counts| counts.iter().sum::<u64>() == 10 && counts[1] == 0));
    /// ```
    pub fn of_resamples(seed: u64, what: &str, counts: &[u64]) -> Self {
        let n = counts.iter().sum();
        let probabilities: Vec<DoubleDouble> = counts.iter().map(|&count| DoubleDouble::ratio(count, n)).collect();
        let source = StreamKey::of_resamples(seed, what, n, counts);
        let refine = StreamKey::of_resamples(seed, &format!("{what} refine"), n, counts);
        Self::with_keys(&probabilities, n, source, refine)
    }

    /// The key of those streams.
    pub(in crate::simulation) fn model_key(seed: u64, probabilities: &[DoubleDouble], m: u64) -> StreamKey {
        StreamKey::of_model(seed, Role::Model, Self::NAME, m, probabilities)
    }

    fn with_keys(probabilities: &[DoubleDouble], n: u64, source: StreamKey, refine: StreamKey) -> Self {
        let symbols = probabilities.iter().filter(|&&mass| mass > DoubleDouble::ZERO).count();
        let has_splits = symbols <= FEW_SYMBOLS || n >= SYMBOLS_A_SPLIT * symbols as u64;
        let method = if let &[success, failure] = probabilities {
            Method::Coin(BinomialTable::new(Binomial::new(n, success, failure), TABLE_BITS))
        } else if let Some(splits) = has_splits.then(|| Splits::new(probabilities, n)).flatten() {
            Method::Splits(splits)
        } else if n > SYMBOLS_A_DRAW * symbols as u64 || symbols < 2 {
            Method::Draws(Shares::of(probabilities))
        } else {
            Method::Symbols(SequenceBlocks::with_keys(probabilities, n, source, refine))
        };
        Self { method, n, alphabet: probabilities.len(), source, refine }
    }
}

/// How many symbols the ones before this share leave over, nearly always.
impl Blocks for CountsBlocks {
    fn sizes(&self) -> BlockSizes {
        let (cost, size) = match &self.method {
            Method::Coin(_) => (SYMBOLS_A_LOOK, 2),
            Method::Splits(splits) => (SYMBOLS_A_LOOK * splits.symbols() as u64, splits.symbols()),
            Method::Draws(shares) => (SYMBOLS_A_DRAW * shares.list.len() as u64, shares.symbols.len()),
            Method::Symbols(sequences) => (self.n, sequences.size()),
        };
        let sizes = BlockSizes::of_trials(self.n, cost, size);
        match self.method {
            // Whole groups.
            Method::Splits(_) => {
                let group = GROUP as u64;
                let block = sizes.block.max(group);
                BlockSizes { block, batch: sizes.batch.next_multiple_of(group).min(block), ..sizes }
            }
            _ => sizes,
        }
    }

    fn table_bytes(&self) -> u64 {
        if let Method::Splits(splits) = &self.method { splits.bytes() } else { 0 }
    }

    fn cost(&self) -> Cost {
        /// Streams and buffers.
        const BLOCK: u128 = 500_000;
        /// A look into a coin's table.
        const LOOK: u128 = 700;
        /// A split, for each bit of N: longer sequences have more tables, that lie further away.
        const SPLIT: u128 = 500;
        /// The tables of so many splits lie far away in any case.
        const MANY: usize = 64;
        const FAR_SPLIT: u128 = 2_500;
        /// A binomial number that is drawn at once.
        const DRAW: u128 = 260_000;
        let trial = match &self.method {
            Method::Coin(_) => LOOK,
            Method::Splits(splits) => {
                let split = if splits.symbols() > MANY { FAR_SPLIT } else { SPLIT };
                split * u128::from(1 + self.n.ilog2()) * splits.symbols() as u128
            }
            Method::Draws(shares) => DRAW * shares.list.len() as u128 + 500 * self.alphabet as u128,
            Method::Symbols(sequences) => return sequences.cost(),
        };
        Cost { trial, block: BLOCK }
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
            tries: Tries::new(),
            ahead: Vec::new(),
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
    tries: Tries,
    /// Those of a group of which only some were asked for: the next ones, one after the other.
    ahead: Vec<u64>,
}

impl Sampler for Counts<'_> {
    fn draw(&mut self, segment: Segment, _: Detail) -> View<'_> {
        let alphabet = self.blocks.alphabet;
        let mut all = std::mem::take(&mut self.counts);
        all.clear();
        all.resize(segment.trials * alphabet, 0);
        match &self.blocks.method {
            Method::Coin(table) => self.toss(table, &mut all),
            Method::Splits(splits) => self.split(splits, &mut all),
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

    fn split(&mut self, splits: &Splits, mut counts: &mut [u64]) {
        let group = GROUP * self.blocks.alphabet;
        while !counts.is_empty() {
            if self.ahead.is_empty() && counts.len() >= group {
                let (now, later) = counts.split_at_mut(group);
                splits.draw(&mut self.tries, &mut self.source, &mut self.refine, now);
                counts = later;
                continue;
            }
            if self.ahead.is_empty() {
                self.ahead.resize(group, 0);
                splits.draw(&mut self.tries, &mut self.source, &mut self.refine, &mut self.ahead);
            }
            let ready = self.ahead.len().min(counts.len());
            let (now, later) = counts.split_at_mut(ready);
            now.iter_mut().zip(self.ahead.drain(..ready)).for_each(|(count, ahead)| *count = ahead);
            counts = later;
        }
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
            Method::Splits(_) => "splits",
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
        coin [[4, 6], [3, 7], [7, 3], [5, 5], [3, 7], [2, 8], [3, 7], [3, 7], [3, 7], [2, 8], [2, 8], [4, 6]]
        coin [[400000041879, 599999958121], [400000852187, 599999147813], [400000006371, 599999993629], [399998925990, 600001074010]]
        splits [[2, 0, 3, 1, 0, 4], [3, 2, 3, 1, 0, 1], [1, 0, 5, 0, 0, 4]]
        splits [[100200, 199915, 299608, 149845, 49894, 200538], [99928, 200257, 299928, 150613, 49400, 199874], [99887, 200436, 299647, 149528, 50266, 200236]]
        symbols [[0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 2, 0, 0, 1, 0, 1, 1, 1, 1, 2], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 2, 2, 0, 1, 0, 3, 0]]
        splits [[4853, 9486, 14383, 18859, 23646, 28460, 33371, 38220, 42790, 47538, 52261, 57278, 62107, 66646, 71512, 76330, 80826, 86216, 90193, 95025], [4624, 9628, 14293, 18832, 23866, 28338, 33140, 38450, 42667, 47772, 52661, 57409, 61746, 66549, 71691, 76216, 80867, 85512, 90511, 95228]]
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
        for (weights, n) in [
            (vec![0.4, 0.6], 1_000),
            (vec![0.5, 0.3, 0.2], 1_000),
            (vec![0.02; 50], 20_000),
            (vec![0.02; 50], 1_000_000_000_000),
        ] {
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
