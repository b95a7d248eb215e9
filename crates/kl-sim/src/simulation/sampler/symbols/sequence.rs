//! The `sequence` sampler: every symbol of every sequence.

use super::counting::{add_below, ones};
use super::thresholds::{Lead, Thresholds};
use crate::estimator::{Detail, Rows, View};
use crate::simulation::sampler::block_sizes::BlockSizes;
use crate::simulation::sampler::blocks::{Blocks, Sampler, Segment};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::distribution::Distribution;
use kl_math::numeric::DoubleDouble;

/// All blocks of sequences of `n` symbols from one source.
///
/// The leading number of each symbol comes from the stream of role `source`. Where it is left over, bytes from the stream
/// of role `refine` settle the symbol: in the order of the sequence, though for the counts only their number matters.
#[derive(Debug)]
pub struct SequenceBlocks {
    n: u64,
    thresholds: Thresholds,
    /// The owner of each two-byte value, [`UNOWNED`] for those left over; empty for other leads.
    owners: Vec<u16>,
    source: StreamKey,
    refine: StreamKey,
}

/// No owner: alphabets with a table have at most 256 symbols.
const UNOWNED: u16 = u16::MAX;

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
        self.thresholds.ends().len()
    }

    /// The same from the streams of another sampler, which has these keys.
    pub(in crate::simulation::sampler) fn with_keys(
        probabilities: &[DoubleDouble],
        n: u64,
        source: StreamKey,
        refine: StreamKey,
    ) -> Self {
        let thresholds = Thresholds::new(probabilities);
        let values = if thresholds.lead() == Lead::TwoBytes { 1 << 16 } else { 0 };
        let owners = (0..values).map(|value| thresholds.owner(value).unwrap_or(UNOWNED)).collect();
        Self { n, thresholds, owners, source, refine }
    }
}

impl Blocks for SequenceBlocks {
    fn sizes(&self) -> BlockSizes {
        /// Counts that a batch holds: of a large alphabet short sequences come fewer at a time.
        const COUNTS: u64 = 1 << 20;
        let sequences = BlockSizes::of_sequences(self.n);
        BlockSizes { batch: sequences.batch.min(COUNTS / self.size().max(1) as u64).max(1), ..sequences }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        // Bytes begin at 0, so the first symbol's is no bound; an end of 256 is none either.
        let inner = self.thresholds.ends().iter().filter_map(|&end| u8::try_from(end).ok()).collect();
        Box::new(Sequence {
            blocks: self,
            source: self.source.stream(block),
            refine: self.refine.stream(block),
            spare: Spare::default(),
            inner,
            below: Vec::new(),
            counts: Vec::new(),
            symbols: Vec::new(),
        })
    }
}

/// The sampler of one block.
#[derive(Debug)]
struct Sequence<'a> {
    blocks: &'a SequenceBlocks,
    source: Stream,
    refine: Stream,
    spare: Spare,
    /// The ends of the symbols' bytes, as far as they are bytes.
    inner: Vec<u8>,
    /// How many bytes of a segment lay below each.
    below: Vec<u64>,
    /// The last segment's counts, and its symbols if they were asked for.
    counts: Vec<u64>,
    symbols: Vec<u16>,
}

/// Bits of a byte that the last segment left over; a new trial starts on a new byte.
#[derive(Debug, Default)]
struct Spare {
    bits: u8,
    count: u32,
}

impl Sampler for Sequence<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        let (length, alphabet) = (segment.length(), self.blocks.size());
        let (mut counts, mut symbols) = (std::mem::take(&mut self.counts), std::mem::take(&mut self.symbols));
        counts.clear();
        counts.resize(segment.trials * alphabet, 0);
        symbols.clear();
        for counts in counts.chunks_exact_mut(alphabet) {
            if segment.start == 0 {
                self.spare = Spare::default();
            }
            match detail {
                Detail::Sequence => self.each(length, |symbol| {
                    counts[usize::from(symbol)] += 1;
                    symbols.push(symbol);
                }),
                Detail::Totals => self.count(length, counts),
            }
        }
        (self.counts, self.symbols) = (counts, symbols);
        let counts = Rows::new(alphabet, self.counts.as_slice());
        match detail {
            Detail::Sequence => View::Symbols { counts, symbols: &self.symbols },
            Detail::Totals => View::Counts(counts),
        }
    }
}

impl Sequence<'_> {
    /// The counts of the next `length` symbols of the trial.
    fn count(&mut self, length: u64, counts: &mut [u64]) {
        match self.blocks.thresholds.lead() {
            Lead::Bit => self.count_bits(length, counts),
            Lead::Byte => self.count_bytes(length, counts),
            Lead::TwoBytes | Lead::FourBytes => self.each(length, |symbol| counts[usize::from(symbol)] += 1),
        }
    }

    /// Without a look at any single byte: how many are below the end of each symbol's, and how many are left over.
    fn count_bytes(&mut self, length: u64, counts: &mut [u64]) {
        self.below.clear();
        self.below.resize(self.inner.len(), 0);
        let mut left = length;
        while left > 0 {
            let bytes = self.source.bytes(left);
            left -= bytes.len() as u64;
            add_below(bytes, &self.inner, &mut self.below);
        }
        // Where ends are no bytes, nothing lies beyond them.
        let belows = self.below.iter().copied().chain(std::iter::repeat(length));
        let mut before = 0;
        for (count, below) in counts.iter_mut().zip(belows) {
            *count = below - before;
            before = below;
        }
        for _ in before..length {
            counts[usize::from(self.settled())] += 1;
        }
    }

    /// A fair coin: the ones are the second symbol.
    fn count_bits(&mut self, length: u64, counts: &mut [u64]) {
        let mut second = 0;
        let mut left = length;
        while left > 0 && (self.spare.count > 0 || left < 8) {
            second += u64::from(self.next_bit());
            left -= 1;
        }
        while left >= 8 {
            let bytes = self.source.bytes(left / 8);
            left -= 8 * bytes.len() as u64;
            second += ones(bytes);
        }
        for _ in 0..left {
            second += u64::from(self.next_bit());
        }
        if let [first, other] = counts {
            (*first, *other) = (length - second, second);
        }
    }

    /// The next `length` symbols of the trial, one by one.
    fn each(&mut self, length: u64, mut take: impl FnMut(u16)) {
        let blocks = self.blocks;
        match blocks.thresholds.lead() {
            Lead::Bit => (0..length).for_each(|_| take(self.next_bit())),
            Lead::Byte => {
                for _ in 0..length {
                    let [byte] = self.source.array();
                    take(blocks.thresholds.owner(u64::from(byte)).unwrap_or_else(|| self.settled()));
                }
            }
            Lead::TwoBytes => {
                // As an array it needs no check of its bounds.
                let Some(owners) = blocks.owners.first_chunk::<{ 1 << 16 }>() else { return };
                let mut left = length;
                while left > 0 {
                    // Whole pairs: what is made at a time is even, and so is all that was taken of it.
                    let (pairs, _) = self.source.bytes(2 * left).as_chunks::<2>();
                    left -= pairs.len() as u64;
                    for &pair in pairs {
                        let owner = owners[usize::from(u16::from_le_bytes(pair))];
                        take(if owner == UNOWNED { blocks.thresholds.settle(&mut self.refine) } else { owner });
                    }
                }
            }
            Lead::FourBytes => {
                for _ in 0..length {
                    let value = u32::from_le_bytes(self.source.array());
                    take(blocks.thresholds.owner(u64::from(value)).unwrap_or_else(|| self.settled()));
                }
            }
        }
    }

    fn settled(&mut self) -> u16 {
        self.blocks.thresholds.settle(&mut self.refine)
    }

    /// The next toss of a fair coin, lowest bit of a byte first.
    fn next_bit(&mut self) -> u16 {
        if self.spare.count == 0 {
            let [bits] = self.source.array();
            self.spare = Spare { bits, count: 8 };
        }
        let bit = u16::from(self.spare.bits & 1);
        self.spare.bits >>= 1;
        self.spare.count -= 1;
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn symbols(source: &Distribution, length: u64, step: u64) -> Vec<u16> {
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
        let many = vec!["1/300"; 300];
        let drawn = [vec!["1/2", "1/2"], vec!["2/5", "3/5"], vec!["1/6"; 6], twenty, many]
            .map(|weights| format!("{:?}", symbols(&source(&weights), 24, 24)));
        insta::assert_snapshot!(drawn.join("\n"), @r"
        [0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0]
        [0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0]
        [3, 5, 0, 2, 0, 3, 4, 3, 1, 4, 4, 0, 3, 2, 0, 5, 1, 4, 3, 5, 4, 1, 5, 4]
        [1, 2, 5, 6, 14, 3, 7, 13, 3, 3, 16, 4, 1, 7, 7, 7, 17, 4, 17, 11, 11, 17, 7, 10]
        [93, 46, 212, 80, 227, 113, 282, 202, 106, 172, 26, 112, 293, 44, 16, 196, 155, 123, 182, 146, 254, 132, 299, 117]
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
            for length in [1, 7, 8, 100, 3_001, 20_000] {
                let alphabet = weights.len();
                let mut expected = vec![0; alphabet];
                symbols(&source, length, length).iter().for_each(|&symbol| expected[usize::from(symbol)] += 1);
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

    /// χ² of a million symbols against P, fixed seed. A right sampler exceeds the bound with chance 1e-9
    /// (Laurent & Massart 2000: χ²_k ≥ k + 2√(kx) + 2x with chance ≤ e^−x); a probability of a coin wrong by 0.005
    /// is seen with chance above 0.99.
    #[test]
    fn a_million_symbols_follow_their_law() {
        let loaded = vec!["1/10", "1/5", "3/10", "3/20", "1/20", "1/5"];
        for weights in [vec!["1/2", "1/2"], vec!["2/5", "3/5"], loaded, vec!["1/20"; 20], vec!["1/300"; 300]] {
            let source = source(&weights);
            let mut counts = vec![0.0; weights.len()];
            symbols(&source, 1_000_000, 1 << 16).iter().for_each(|&symbol| counts[usize::from(symbol)] += 1.0);
            let chi_square: f64 = (counts.iter().zip(source.mass_function().probabilities()))
                .map(|(count, p)| {
                    let expected = 1e6 * p.to_f64();
                    (count - expected) * (count - expected) / expected
                })
                .sum();
            let (k, x) = ((weights.len() - 1) as f64, 20.7);
            assert!(chi_square < k + 2.0 * (k * x).sqrt() + 2.0 * x, "{weights:?}: {chi_square}");
        }
    }
}
