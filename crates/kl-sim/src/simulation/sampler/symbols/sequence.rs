//! The `sequence` sampler: every symbol of every sequence.

use super::alias::AliasTable;
use super::leads::LeadSequence;
use super::split_tree::SplitTree;
use super::splits::SplitSequence;
use crate::estimator::Cost;
use crate::simulation::sampler::block_sizes::BlockSizes;
use crate::simulation::sampler::blocks::{Blocks, Sampler};
use crate::simulation::stream::{Role, StreamKey};
use kl_math::distribution::Distribution;
use kl_math::numeric::DoubleDouble;

/// All blocks of sequences of `n` symbols from one source.
///
/// A few symbols are told apart by splits, for which all places of some trials read random bits together; of many symbols
/// each has a leading number of its own. Either way each symbol's probability is right to 2⁻⁶⁴.
#[derive(Debug)]
pub struct SequenceBlocks {
    n: u64,
    /// How many symbols the alphabet has.
    size: usize,
    method: Method,
    source: StreamKey,
    refine: StreamKey,
}

/// How symbols are drawn. It follows from the number of symbols.
#[derive(Debug)]
enum Method {
    Splits(SplitTree),
    Leads(AliasTable),
}

/// Larger alphabets take a leading number a symbol.
const MOST_SPLIT: usize = 16;

impl SequenceBlocks {
    /// The sampler's name in files and in the keys of its streams.
    pub const NAME: &'static str = "sequence";

    /// The blocks of `seed`.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Self {
        let key = |role| StreamKey::new(seed, role, Self::NAME, n, source);
        Self::with_keys(source.mass_function().probabilities(), n, key(Role::Source), key(Role::Refine))
    }

    /// How many symbols the alphabet has.
    pub(in crate::simulation::sampler) fn size(&self) -> usize {
        self.size
    }

    /// The same from the streams of another sampler, which has these keys.
    pub(in crate::simulation::sampler) fn with_keys(
        probabilities: &[DoubleDouble],
        n: u64,
        source: StreamKey,
        refine: StreamKey,
    ) -> Self {
        let size = probabilities.len();
        let method = if size <= MOST_SPLIT {
            Method::Splits(SplitTree::new(probabilities))
        } else {
            Method::Leads(AliasTable::new(probabilities))
        };
        Self { n, size, method, source, refine }
    }
}

impl Blocks for SequenceBlocks {
    fn sizes(&self) -> BlockSizes {
        /// Counts that a batch holds: of a large alphabet short sequences come fewer at a time.
        const COUNTS: u64 = 1 << 20;
        let sequences = BlockSizes::of_sequences(self.n);
        BlockSizes { batch: sequences.batch.min(COUNTS / self.size.max(1) as u64).max(1), ..sequences }
    }

    fn cost(&self) -> Cost {
        /// Streams and buffers.
        const BLOCK: u128 = 500_000;
        let (n, size) = (u128::from(self.n), self.size as u128);
        let trial = match self.method {
            // Lanes of short sequences are counted one by one.
            Method::Splits(_) => 2_000 * size + 63 * size * n.min(64) + (18 + 9 * size) * n,
            // A table that is larger than the nearest memory takes longer.
            Method::Leads(_) => 400 * size + if self.size <= 1 << 10 { 750 } else { 1_900 } * n,
        };
        Cost { trial, block: BLOCK }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        let source = self.source.stream(block);
        match &self.method {
            Method::Splits(tree) => Box::new(SplitSequence::new(tree, self.size, self.n, source)),
            Method::Leads(table) => Box::new(LeadSequence::new(table, self.size, source, self.refine.stream(block))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::Detail;
    use crate::simulation::sampler::blocks::Segment;
    use kl_math::distribution::{Number, Parameter};

    fn source(weights: &[&str]) -> Distribution {
        let weights = weights.iter().map(|weight| Parameter::Number(Number::fraction(weight).unwrap())).collect();
        Distribution::read(&Parameter::List(weights)).unwrap()
    }

    /// One sequence of `length` symbols in segments of `step`.
    fn segments(length: u64, step: u64) -> impl Iterator<Item = Segment> {
        let starts = (0..length).step_by(step as usize);
        starts.map(move |start| Segment { trials: 1, start, end: length.min(start + step) })
    }

    /// The first `length` symbols of block 0, drawn in segments of `step`.
    fn symbols(source: &Distribution, length: u64, step: u64) -> Vec<u32> {
        let blocks = SequenceBlocks::new(57, source, length);
        let mut sampler = blocks.sampler(0);
        let mut symbols = Vec::new();
        for segment in segments(length, step) {
            symbols.extend_from_slice(sampler.draw(segment, Detail::Sequence).symbols());
        }
        symbols
    }

    /// Frozen draws, as `tests/reference/streams.py` makes them from the definition: a change here is
    /// value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_symbols_are_frozen() {
        let twenty = vec!["1/20"; 20];
        let (many, vocabulary) = (vec!["1/300"; 300], vec!["1/70000"; 70_000]);
        let drawn = [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/6"; 6], twenty, many, vocabulary]
            .map(|weights| format!("{:?}", symbols(&source(&weights), 24, 24)));
        insta::assert_snapshot!(drawn.join("\n"), @"
        [1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1]
        [1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        [1, 1, 5, 4, 5, 4, 3, 5, 5, 0, 4, 2, 0, 3, 1, 0, 0, 1, 1, 5, 4, 4, 0, 1]
        [11, 3, 3, 14, 6, 12, 9, 4, 18, 5, 17, 2, 3, 10, 14, 18, 16, 14, 6, 3, 16, 11, 12, 18]
        [59, 81, 168, 14, 223, 33, 83, 210, 70, 2, 271, 250, 155, 288, 260, 220, 266, 257, 15, 211, 22, 197, 83, 92]
        [52698, 36776, 26008, 7737, 45613, 38880, 11618, 65420, 42990, 55750, 4455, 22289, 5695, 1269, 67579, 50161, 14730, 9719, 40974, 20780, 63167, 62519, 34623, 29954]
        ");
    }

    /// The last trial that is drawn with the first ones, one of the next, and where a long sequence goes from one part to the next;
    /// from the same script.
    #[test]
    fn symbols_of_later_trials_and_parts_are_frozen() {
        let of = |weights: &[&str], n: u64, trial: usize| {
            let source = source(weights);
            let blocks = SequenceBlocks::new(57, &source, n);
            let mut sampler = blocks.sampler(0);
            let drawn = sampler.draw(Segment::whole(trial + 1, n), Detail::Sequence);
            drawn.symbols()[trial * n as usize..].to_vec()
        };
        let (die, border) = (["1/6"; 6], 1 << 15);
        let long = of(&["2/5", "3/5"], 40_000, 1)[border - 12..border + 12].to_vec();
        insta::assert_snapshot!(format!("{:?} {:?}\n{long:?}", of(&die, 10, 127), of(&die, 10, 130)), @"
        [0, 2, 4, 1, 4, 2, 4, 3, 0, 2] [2, 0, 1, 5, 3, 5, 3, 0, 2, 4]
        [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
        ");
    }

    /// Counted by whole vectors or symbol by symbol, in one segment or many: the same.
    #[test]
    fn counts_are_those_of_the_symbols() {
        let tiny = vec!["1/1000", "1/1000", "1/3", "1/500", "1988/3000"];
        for weights in
            [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["0/1", "1/1"], tiny, vec!["1/16"; 16], vec!["1/20"; 20]]
        {
            let source = source(&weights);
            for length in [1, 7, 8, 100, 3_001, 20_000, 70_001] {
                let alphabet = weights.len();
                let mut expected = vec![0; alphabet];
                symbols(&source, length, length).iter().for_each(|&symbol| expected[symbol as usize] += 1);
                for step in [length, 5, 1_024] {
                    let blocks = SequenceBlocks::new(57, &source, length);
                    let mut sampler = blocks.sampler(0);
                    let mut counts = vec![0; alphabet];
                    for segment in segments(length, step) {
                        let more = sampler.draw(segment, Detail::Totals).counts().flatten();
                        counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
                    }
                    assert_eq!(counts, expected, "{weights:?} {length} {step}");
                }
            }
        }
    }

    #[test]
    fn segments_do_not_change_the_symbols() {
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/20"; 20], vec!["1/300"; 300]] {
            let source = source(&weights);
            let whole = symbols(&source, 3_000, 3_000);
            assert_eq!(symbols(&source, 3_000, 7), whole);
            assert_eq!(symbols(&source, 3_000, 1_024), whole);
        }
    }

    /// Trials are the same however many are drawn together, and whatever was asked for of those before.
    #[test]
    fn trials_do_not_depend_on_their_batches() {
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/6"; 6], vec!["0/1", "1/1"], vec!["1/20"; 20]] {
            let (source, size) = (source(&weights), weights.len());
            for n in [1, 10, 300, 20_000] {
                let blocks = SequenceBlocks::new(57, &source, n);
                let mut whole = blocks.sampler(3);
                let drawn = whole.draw(Segment::whole(300, n), Detail::Sequence);
                let symbols = drawn.symbols().to_vec();
                let counts: Vec<Vec<u64>> = drawn.counts().map(<[u64]>::to_vec).collect();
                let mut sampler = blocks.sampler(3);
                let mut trial = 0;
                for (round, trials) in [1, 2, 1, 40, 1, 100, 3, 1].into_iter().enumerate() {
                    // Some whole, some in pieces; some with their symbols, some without.
                    let detail = if round % 3 == 1 { Detail::Sequence } else { Detail::Totals };
                    if trials == 1 {
                        let mut total = vec![0; size];
                        let pieces = [(0, n.div_ceil(3)), (n.div_ceil(3), n.div_ceil(2)), (n.div_ceil(2), n)];
                        for (start, end) in pieces.into_iter().filter(|(start, end)| start < end) {
                            let piece = sampler.draw(Segment { trials: 1, start, end }, detail);
                            total.iter_mut().zip(piece.counts().flatten()).for_each(|(total, count)| *total += count);
                        }
                        assert_eq!(total, counts[trial], "{weights:?} {n} {trial}");
                    } else {
                        let piece = sampler.draw(Segment::whole(trials, n), detail);
                        let found: Vec<Vec<u64>> = piece.counts().map(<[u64]>::to_vec).collect();
                        assert_eq!(found, counts[trial..][..trials], "{weights:?} {n} {trial}");
                        if detail == Detail::Sequence {
                            let places = trial * n as usize..(trial + trials) * n as usize;
                            assert_eq!(piece.symbols(), &symbols[places], "{weights:?} {n} {trial}");
                        }
                    }
                    trial += trials;
                }
            }
        }
    }

    /// A segment that starts at 0 begins the next trials, even if those before were not drawn to their end.
    #[test]
    fn trials_may_be_left_unfinished() {
        for (weights, n) in [(vec!["2/5", "3/5"], 10), (vec!["2/5", "3/5"], 100_000), (vec!["1/20"; 20], 10)] {
            let blocks = SequenceBlocks::new(57, &source(&weights), n);
            let mut sampler = blocks.sampler(0);
            for _ in 0..300 {
                let drawn = sampler.draw(Segment { trials: 1, start: 0, end: n / 2 }, Detail::Totals);
                assert_eq!(drawn.counts().flatten().sum::<u64>(), n / 2);
            }
        }
    }

    /// χ² of a million symbols against P, and of half a million pairs of neighbours against P × P, fixed seed. A right sampler
    /// exceeds the bound with chance 1e-9 (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x); a probability of
    /// a coin wrong by 0.005 is seen with chance above 0.99, and so is a coin that repeats its last toss once in fifty times.
    #[test]
    fn a_million_symbols_follow_their_law_and_forget_each_other() {
        let assert_follows = |counts: &[f64], probabilities: &[f64], what: &str| {
            let total: f64 = counts.iter().sum();
            let term = |(count, p): (&f64, &f64)| (count - total * p) * (count - total * p) / (total * p);
            let chi_square: f64 = counts.iter().zip(probabilities).map(term).sum();
            let (k, x) = ((counts.len() - 1) as f64, 20.7);
            assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{what}: {chi_square}");
        };
        let loaded = vec!["1/10", "1/5", "3/10", "3/20", "1/20", "1/5"];
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], loaded, vec!["1/20"; 20], vec!["1/300"; 300]] {
            let source = source(&weights);
            let p: Vec<f64> = source.mass_function().probabilities().iter().map(|p| p.to_f64()).collect();
            let drawn = symbols(&source, 1_000_000, 1 << 16);
            let mut counts = vec![0.0; p.len()];
            drawn.iter().for_each(|&symbol| counts[symbol as usize] += 1.0);
            assert_follows(&counts, &p, &format!("{weights:?}"));
            if p.len() <= 20 {
                let mut pairs = vec![0.0; p.len() * p.len()];
                for &[one, next] in drawn.as_chunks::<2>().0 {
                    pairs[p.len() * one as usize + next as usize] += 1.0;
                }
                let products: Vec<f64> = p.iter().flat_map(|one| p.iter().map(move |next| one * next)).collect();
                assert_follows(&pairs, &products, &format!("pairs of {weights:?}"));
            }
        }
    }
}
