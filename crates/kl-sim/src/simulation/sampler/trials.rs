//! Which sampler draws the trials of a group.

use super::{Blocks, ChainBlocks, CountsBlocks, CountsTally, SequenceBlocks, SumBlocks, Tally, ValueBlocks};
use kl_math::distribution::Distribution;
use std::ops::Range;

/// How much of each sequence is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SamplerKind {
    /// Every symbol or value.
    #[default]
    Sequence,
    /// The counts of the symbols, or the sums of the statistics of the values.
    Counts,
    /// The number of trials with each vector of counts, for all trials at once.
    Tally,
}

impl SamplerKind {
    /// Every sampler.
    pub const ALL: [Self; 3] = [Self::Sequence, Self::Counts, Self::Tally];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => SequenceBlocks::NAME,
            Self::Counts => CountsBlocks::NAME,
            Self::Tally => CountsTally::NAME,
        }
    }

    /// Whether symbols and values are drawn in order.
    pub fn is_ordered(self) -> bool {
        self == Self::Sequence
    }
}

/// The source of a group's trials.
pub enum Trials {
    /// Each trial is drawn.
    Each(Box<dyn Blocks>),
    /// All trials are drawn at once: only the number with each vector of counts is known.
    Tallied(Box<dyn Tally>),
}

impl Trials {
    /// Trials of `n` symbols or values from `source`.
    ///
    /// A Markov chain is always drawn symbol by symbol, and values whose sums have no known law value by value.
    ///
    /// ```
    /// use kl_math::distribution::Normal;
    /// use kl_sim::simulation::{SamplerKind, Trials};
    /// let trials = Trials::new(57, &Normal::new(0.0, 1.0)?.into(), 100, SamplerKind::Sequence);
    /// assert!(matches!(trials, Trials::Each(_)));
    /// # Ok::<(), kl_math::distribution::ParameterErrors>(())
    /// ```
    pub fn new(seed: u64, source: &Distribution, n: u64, kind: SamplerKind) -> Self {
        if let Some(chain) = source.chain() {
            return Self::Each(Box::new(ChainBlocks::of(seed, source, chain.law(), n)));
        }
        let sums = if kind == SamplerKind::Sequence { None } else { SumBlocks::new(seed, source, n) };
        if let Some(sums) = sums {
            return Self::Each(Box::new(sums));
        }
        if let Some(values) = ValueBlocks::new(seed, source, n) {
            return Self::Each(Box::new(values));
        }
        match kind {
            SamplerKind::Sequence => Self::Each(Box::new(SequenceBlocks::new(seed, source, n))),
            SamplerKind::Counts => Self::Each(Box::new(CountsBlocks::new(seed, source, n))),
            SamplerKind::Tally => Self::Tallied(Box::new(CountsTally::new(seed, source, n))),
        }
    }

    /// How many blocks this many trials come in. What is drawn all at once is one.
    pub fn blocks(&self, trials: u64) -> u64 {
        match self {
            Self::Each(blocks) => trials.div_ceil(blocks.sizes().block),
            Self::Tallied(_) => 1,
        }
    }

    /// How many of `trials` trials are in some blocks.
    pub fn within(&self, blocks: &Range<u64>, trials: u64) -> u64 {
        let before = |block: u64| match self {
            Self::Each(blocks) => block.saturating_mul(blocks.sizes().block).min(trials),
            Self::Tallied(_) => block.min(1) * trials,
        };
        before(blocks.end).saturating_sub(before(blocks.start))
    }
}
