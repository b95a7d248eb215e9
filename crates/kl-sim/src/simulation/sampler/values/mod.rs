//! The `sequence` sampler of values that are not symbols: every value of every sequence.

mod sums;

pub use sums::SumBlocks;

use super::base::BaseSampler;
use super::block_sizes::BlockSizes;
use super::blocks::{Blocks, Sampler, Segment};
use super::symbols::SequenceBlocks;
use crate::estimator::{Cost, Detail, Rows, View};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::distribution::Distribution;

/// All blocks of sequences of `n` values from one source.
///
/// A value is made from one or more standard numbers. A block's values are an endless row, made in batches from the stream
/// of role `source`: where trials end does not matter to it. Sums of the values' statistics are taken over chunks of 1024
/// values of a trial and then over the chunks, so that they keep their digits however long a sequence is, and do not depend
/// on the segments it comes in.
#[derive(Debug)]
pub struct ValueBlocks {
    n: u64,
    base: BaseSampler,
    width: usize,
    source: StreamKey,
}

impl ValueBlocks {
    /// The blocks of `seed`, of a source whose values are no symbols; none for another.
    pub fn new(seed: u64, source: &Distribution, n: u64) -> Option<Self> {
        Self::with_key(source, n, StreamKey::new(seed, Role::Source, SequenceBlocks::NAME, n, source))
    }

    /// The blocks of the samples of `m` values from a model, which go with the trials of a group; their streams are no others'.
    pub fn of_model(seed: u64, model: &Distribution, m: u64) -> Option<Self> {
        Self::with_key(model, m, Self::model_key(seed, model, m))
    }

    /// The key of those streams.
    pub(in crate::simulation) fn model_key(seed: u64, model: &Distribution, m: u64) -> StreamKey {
        StreamKey::new(seed, Role::Model, SequenceBlocks::NAME, m, model)
    }

    fn with_key(source: &Distribution, n: u64, key: StreamKey) -> Option<Self> {
        let standard = source.values()?.base_variable();
        Some(Self { n, base: BaseSampler::of(&standard), width: standard.width(), source: key })
    }
}

impl Blocks for ValueBlocks {
    fn sizes(&self) -> BlockSizes {
        BlockSizes::of_values(self.n, self.width)
    }

    fn cost(&self) -> Cost {
        /// Streams and buffers.
        const BLOCK: u128 = 1_000_000;
        /// Of each trial: its sums begin anew.
        const TRIAL: u128 = 6_000;
        const STATISTIC: u128 = 2_000;
        let trial = TRIAL + STATISTIC * self.statistics() as u128;
        Cost { trial: trial.saturating_add(self.base.cost().saturating_mul(u128::from(self.n))), block: BLOCK }
    }

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Values {
            blocks: self,
            stream: self.source.stream(block),
            ahead: Vec::new(),
            used: 0,
            so_far: Sums::default(),
            sums: Vec::new(),
            kept: Vec::new(),
        })
    }
}

/// The sampler of one block.
struct Values<'a> {
    blocks: &'a ValueBlocks,
    stream: Stream,
    /// The numbers of the last batch, and how many of them are used up.
    ahead: Vec<f64>,
    used: usize,
    /// Of the current trial.
    so_far: Sums,
    /// The last segment's sums, and its draws if they were asked for.
    sums: Vec<f64>,
    kept: Vec<f64>,
}

/// Sums of statistics over the values of a trial so far.
#[derive(Clone, Debug, Default)]
struct Sums {
    /// Of whole chunks.
    chunks: Vec<f64>,
    /// Of the current chunk: each the sum of so many lanes.
    chunk: Vec<f64>,
    lanes: usize,
    /// Values seen.
    seen: u64,
}

/// The number of values of a chunk.
const CHUNK: u64 = 1024;

/// Sums that are taken side by side: of every eighth value of a chunk. None waits for the others.
const LANES: usize = 8;

impl Sums {
    fn clear(&mut self, statistics: usize, lanes: usize) {
        self.chunks.clear();
        self.chunks.resize(statistics, 0.0);
        self.chunk.clear();
        self.chunk.resize(statistics * lanes, 0.0);
        self.lanes = lanes;
        self.seen = 0;
    }

    /// The number of the next `left` values that belong to the current chunk.
    fn left_in_chunk(&self, left: u64) -> u64 {
        left.min(CHUNK - self.seen % CHUNK)
    }

    /// Counts values whose statistics have been added to `chunk`.
    fn advance(&mut self, values: u64) {
        self.seen += values;
        if self.seen.is_multiple_of(CHUNK) {
            for (whole, lanes) in self.chunks.iter_mut().zip(self.chunk.chunks_exact_mut(self.lanes)) {
                *whole += together(lanes);
                lanes.fill(0.0);
            }
        }
    }

    /// All of them.
    fn sums(&self) -> impl Iterator<Item = f64> {
        self.chunks.iter().zip(self.chunk.chunks_exact(self.lanes)).map(|(whole, lanes)| whole + together(lanes))
    }
}

/// The sum of all lanes.
fn together(lanes: &[f64]) -> f64 {
    match *lanes {
        [a, b, c, d, e, f, g, h] => ((a + e) + (c + g)) + ((b + f) + (d + h)),
        _ => lanes.iter().sum(),
    }
}

impl Sampler for Values<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        self.sums.clear();
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        for _ in 0..segment.trials {
            if segment.start == 0 {
                self.so_far.clear(self.blocks.statistics(), self.blocks.lanes());
            }
            self.next(segment.length(), if detail == Detail::Sequence { Some(&mut kept) } else { None });
            self.sums.extend(self.so_far.sums());
        }
        self.kept = kept;
        let sums = Rows::new(self.blocks.statistics(), self.sums.as_slice());
        match detail {
            Detail::Sequence => View::Values { sums, draws: &self.kept },
            Detail::Totals => View::Sums(sums),
        }
    }
}

impl ValueBlocks {
    fn statistics(&self) -> usize {
        match &self.base {
            BaseSampler::Laplace
            | BaseSampler::Cauchy
            | BaseSampler::Uniform
            | BaseSampler::LogOdds(_)
            | BaseSampler::TruncatedNormal(_)
            | BaseSampler::Mixture(_) => 0,
            BaseSampler::Normal | BaseSampler::Gamma(_) | BaseSampler::AnyGamma(_) | BaseSampler::Beta(_) => 2,
            BaseSampler::Dirichlet(parts) => parts.len(),
            BaseSampler::Normals { dimensions } => dimensions + dimensions * (dimensions + 1) / 2,
            _ => 1,
        }
    }
}

impl ValueBlocks {
    /// Vectors have sums enough: one lane.
    fn lanes(&self) -> usize {
        if matches!(self.base, BaseSampler::Normals { .. } | BaseSampler::Dirichlet(_)) { 1 } else { LANES }
    }
}

impl Values<'_> {
    /// The next `length` values of the trial.
    fn next(&mut self, length: u64, mut kept: Option<&mut Vec<f64>>) {
        let width = self.blocks.width;
        let mut left = length;
        while left > 0 {
            if self.used == self.ahead.len() {
                self.blocks.base.refill(&mut self.stream, &mut self.ahead);
                self.used = 0;
            }
            let ready = ((self.ahead.len() - self.used) / width) as u64;
            let count = self.so_far.left_in_chunk(left).min(ready);
            let end = self.used + count as usize * width;
            let numbers = &self.ahead[self.used..end];
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(numbers);
            }
            self.blocks.add(numbers, &mut self.so_far);
            self.so_far.advance(count);
            self.used = end;
            left -= count;
        }
    }
}

impl ValueBlocks {
    /// Adds the statistics of values that come in one chunk.
    fn add(&self, numbers: &[f64], sums: &mut Sums) {
        match &self.base {
            BaseSampler::Laplace
            | BaseSampler::Cauchy
            | BaseSampler::Uniform
            | BaseSampler::LogOdds(_)
            | BaseSampler::TruncatedNormal(_)
            | BaseSampler::Mixture(_) => {}
            BaseSampler::Normal => add_each(numbers, sums, |&[z]: &[f64; 1]| [z, z * z]),
            BaseSampler::Gamma(_) | BaseSampler::AnyGamma(_) | BaseSampler::Beta(_) => {
                add_each(numbers, sums, |pair: &[f64; 2]| *pair);
            }
            BaseSampler::Normals { dimensions } => add_several(numbers, *dimensions, sums, products),
            BaseSampler::Dirichlet(parts) => add_several(numbers, parts.len(), sums, |logs, sums| {
                sums.iter_mut().zip(logs).for_each(|(sum, log)| *sum += log);
            }),
            _ => add_each(numbers, sums, |draw: &[f64; 1]| *draw),
        }
    }
}

/// Adds the `S` statistics of each draw of `W` numbers.
#[inline]
fn add_each<const W: usize, const S: usize>(
    numbers: &[f64],
    sums: &mut Sums,
    statistics: impl Fn(&[f64; W]) -> [f64; S],
) {
    let (draws, place) = (numbers.as_chunks::<W>().0, sums.seen as usize % LANES);
    let Some(all) = sums.chunk.as_chunks_mut::<LANES>().0.first_chunk_mut::<S>() else {
        return;
    };
    // Up to the next first lane, whole groups, and what is left.
    let (head, draws) = draws.split_at(((LANES - place) % LANES).min(draws.len()));
    let (groups, tail) = draws.as_chunks::<LANES>();
    for (draw, lane) in head.iter().zip(place..) {
        all.iter_mut().zip(statistics(draw)).for_each(|(lanes, statistic)| lanes[lane] += statistic);
    }
    let mut lanes = *all;
    for group in groups {
        for (lane, draw) in group.iter().enumerate() {
            lanes.iter_mut().zip(statistics(draw)).for_each(|(lanes, statistic)| lanes[lane] += statistic);
        }
    }
    *all = lanes;
    for (draw, lane) in tail.iter().zip(0..) {
        all.iter_mut().zip(statistics(draw)).for_each(|(lanes, statistic)| lanes[lane] += statistic);
    }
}

/// Adds the statistics of each draw of `width` numbers, in one lane.
fn add_several(numbers: &[f64], width: usize, sums: &mut Sums, add: impl Fn(&[f64], &mut [f64])) {
    numbers.chunks_exact(width).for_each(|draw| add(draw, &mut sums.chunk));
}

/// Adds each zᵢ, then zᵢzⱼ for j ≤ i, row by row.
fn products(z: &[f64], sums: &mut [f64]) {
    let (firsts, mut rows) = sums.split_at_mut(z.len());
    firsts.iter_mut().zip(z).for_each(|(sum, z)| *sum += z);
    for (i, &first) in z.iter().enumerate() {
        let (row, later) = std::mem::take(&mut rows).split_at_mut(i + 1);
        row.iter_mut().zip(z).for_each(|(sum, second)| *sum += first * second);
        rows = later;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kl_math::distribution::{Beta, Dirichlet, Exponential, Gamma, MultivariateNormal, Normal, Poisson};

    fn sources() -> Vec<Distribution> {
        vec![
            Normal::new(1.0, 2.0).unwrap().into(),
            Exponential::new(3.0).unwrap().into(),
            Gamma::new(2.5, 1.0).unwrap().into(),
            Beta::new(2.0, 3.0).unwrap().into(),
            Poisson::new(3.0).unwrap().into(),
            Dirichlet::new([1.0, 2.0, 3.0]).unwrap().into(),
            MultivariateNormal::new([0.0, 1.0], [[1.0, 0.5], [0.5, 2.0]]).unwrap().into(),
        ]
    }

    /// The draws and the sums of trials, drawn in these segments, several trials at once.
    fn drawn(blocks: &ValueBlocks, trials: usize, ends: &[u64]) -> (Vec<f64>, Vec<f64>) {
        let (mut sampler, mut draws, mut sums) = (blocks.sampler(0), Vec::new(), Vec::new());
        let mut start = 0;
        for &end in ends {
            let View::Values { sums: now, draws: part } =
                sampler.draw(Segment { trials, start, end }, Detail::Sequence)
            else {
                panic!("values were asked for")
            };
            draws.extend_from_slice(part);
            if end == blocks.n {
                sums.extend_from_slice(now.numbers());
            }
            start = end % blocks.n;
        }
        (draws, sums)
    }

    #[test]
    fn segments_and_batches_do_not_change_the_values() {
        for source in sources() {
            let blocks = ValueBlocks::new(57, &source, 2_500).unwrap();
            let whole = drawn(&blocks, 3, &[2_500]);
            assert_eq!(drawn(&blocks, 1, &[2_500, 2_500, 2_500]), whole, "{source}");
            let parts = [1, 3, 1_023, 1_025, 1_300, 2_500, 1_024, 2_048, 2_500, 7, 2_500];
            assert_eq!(drawn(&blocks, 1, &parts), whole, "{source}");
        }
    }

    /// To 1e-12 of the sizes that are added up.
    #[test]
    fn sums_are_those_of_the_draws() {
        for source in sources() {
            for n in [1, 7, 8, 13, 256, 1_025, 3_000] {
                let blocks = ValueBlocks::new(57, &source, n).unwrap();
                let (draws, sums) = drawn(&blocks, 3, &[n]);
                let trials = draws.chunks_exact(n as usize * blocks.width);
                for (trial, found) in trials.zip(sums.chunks_exact(blocks.statistics())) {
                    let (mut expected, mut sizes) = (vec![0.0; found.len()], vec![1.0; found.len()]);
                    for draw in trial.chunks_exact(blocks.width) {
                        let statistics = match &blocks.base {
                            BaseSampler::Normal => vec![draw[0], draw[0] * draw[0]],
                            BaseSampler::Normals { .. } => {
                                let mut all = vec![0.0; found.len()];
                                products(draw, &mut all);
                                all
                            }
                            _ => draw.to_vec(),
                        };
                        for ((sum, size), statistic) in expected.iter_mut().zip(&mut sizes).zip(statistics) {
                            *sum += statistic;
                            *size += statistic.abs();
                        }
                    }
                    for ((found, expected), size) in found.iter().zip(expected).zip(sizes) {
                        assert!((found - expected).abs() < 1e-12 * size, "{source} {n}: {found} {expected}");
                    }
                }
            }
        }
    }
}
