//! The `sequence` sampler of values that are not symbols: every value of every sequence.

mod sums;

pub use sums::SumBlocks;

use super::base::{
    BaseSampler, binomial_draw, cauchy, dirichlet_draw, exponential, gamma_draw, laplace, normal, uniform,
};
use super::block_sizes::BlockSizes;
use super::blocks::{Blocks, Sampler, Segment};
use super::symbols::SequenceBlocks;
use crate::estimator::{Detail, Rows, View};
use crate::simulation::stream::{Role, Stream, StreamKey};
use kl_math::distribution::Distribution;

/// All blocks of sequences of `n` values from one source.
///
/// A value is made from one or more standard numbers, drawn one after the other from the stream of role `source`. Sums of
/// their statistics are taken over chunks of 1024 values and then over the chunks, so that they keep their digits however
/// long a sequence is, and do not depend on the segments it comes in.
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

    fn sampler(&self, block: u64) -> Box<dyn Sampler + '_> {
        Box::new(Values {
            blocks: self,
            stream: self.source.stream(block),
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
    /// Of the current chunk.
    chunk: Vec<f64>,
    /// Values seen.
    seen: u64,
}

/// The number of values of a chunk.
const CHUNK: u64 = 1024;

impl Sums {
    fn clear(&mut self, statistics: usize) {
        self.chunks.clear();
        self.chunks.resize(statistics, 0.0);
        self.chunk.clear();
        self.chunk.resize(statistics, 0.0);
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
            for (whole, part) in self.chunks.iter_mut().zip(&mut self.chunk) {
                *whole += std::mem::take(part);
            }
        }
    }

    /// All of them.
    fn sums(&self) -> impl Iterator<Item = f64> {
        self.chunks.iter().zip(&self.chunk).map(|(whole, part)| whole + part)
    }
}

impl Sampler for Values<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        self.sums.clear();
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        for _ in 0..segment.trials {
            if segment.start == 0 {
                self.so_far.clear(self.blocks.statistics());
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
            BaseSampler::Laplace | BaseSampler::Cauchy | BaseSampler::Uniform => 0,
            BaseSampler::Normal | BaseSampler::Gamma(_) => 2,
            BaseSampler::Dirichlet(parts) => parts.len(),
            BaseSampler::Normals { dimensions } => dimensions + dimensions * (dimensions + 1) / 2,
            _ => 1,
        }
    }
}

impl Values<'_> {
    /// The next `length` values of the trial.
    fn next(&mut self, length: u64, kept: Option<&mut Vec<f64>>) {
        match &self.blocks.base {
            BaseSampler::Exponential => self.single(length, kept, exponential),
            BaseSampler::Normal => self.each(length, kept, |stream| [normal(stream)], |[z]| [z, z * z]),
            BaseSampler::Gamma(gamma) => {
                self.each(length, kept, |stream| gamma_draw(gamma, stream), |draw| draw);
            }
            BaseSampler::Laplace => self.each(length, kept, |stream| [laplace(stream)], |_| []),
            BaseSampler::Cauchy => self.each(length, kept, |stream| [cauchy(stream)], |_| []),
            BaseSampler::Uniform => self.each(length, kept, |stream| [uniform(stream)], |_| []),
            BaseSampler::Poisson(poisson) => self.single(length, kept, |stream| poisson.draw(stream)),
            BaseSampler::NegativeBinomial(law) => self.single(length, kept, |stream| law.draw(stream)),
            BaseSampler::Binomial(law) => self.single(length, kept, |stream| law.draw(stream) as f64),
            BaseSampler::Table(table) => self.single(length, kept, |stream| binomial_draw(table, stream)),
            BaseSampler::Normals { dimensions } => {
                let draw = |stream: &mut Stream, z: &mut [f64]| z.iter_mut().for_each(|z| *z = normal(stream));
                self.several(length, kept, *dimensions, draw, products);
            }
            BaseSampler::Dirichlet(parts) => {
                let draw = |stream: &mut Stream, logs: &mut [f64]| dirichlet_draw(parts, stream, logs);
                let add = |logs: &[f64], sums: &mut [f64]| sums.iter_mut().zip(logs).for_each(|(sum, log)| *sum += log);
                self.several(length, kept, parts.len(), draw, add);
            }
        }
    }

    /// Numbers that are their own statistic.
    fn single(&mut self, length: u64, kept: Option<&mut Vec<f64>>, mut draw: impl FnMut(&mut Stream) -> f64) {
        self.each(length, kept, |stream| [draw(stream)], |draw| draw);
    }

    fn each<const W: usize, const S: usize>(
        &mut self,
        length: u64,
        mut kept: Option<&mut Vec<f64>>,
        mut draw: impl FnMut(&mut Stream) -> [f64; W],
        statistics: impl Fn([f64; W]) -> [f64; S],
    ) {
        let mut left = length;
        while left > 0 {
            let count = self.so_far.left_in_chunk(left);
            let mut sums: [f64; S] = self.so_far.chunk.first_chunk().copied().unwrap_or([0.0; S]);
            for _ in 0..count {
                let numbers = draw(&mut self.stream);
                if let Some(kept) = &mut kept {
                    kept.extend_from_slice(&numbers);
                }
                for (sum, statistic) in sums.iter_mut().zip(statistics(numbers)) {
                    *sum += statistic;
                }
            }
            self.so_far.chunk.copy_from_slice(&sums);
            self.so_far.advance(count);
            left -= count;
        }
    }

    /// Values of `width` numbers each.
    fn several(
        &mut self,
        length: u64,
        mut kept: Option<&mut Vec<f64>>,
        width: usize,
        mut draw: impl FnMut(&mut Stream, &mut [f64]),
        add: impl Fn(&[f64], &mut [f64]),
    ) {
        let mut numbers = vec![0.0; width];
        for _ in 0..length {
            draw(&mut self.stream, &mut numbers);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(&numbers);
            }
            add(&numbers, &mut self.so_far.chunk);
            self.so_far.advance(1);
        }
    }
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
