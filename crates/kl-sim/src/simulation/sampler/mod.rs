//! How sequences are drawn, and single values.

mod base;
mod binomial;
mod block_sizes;
mod blocks;
mod chain;
mod counts;
mod family;
mod symbols;
mod trials;
mod values;

pub use base::{exponential, normal};
pub use block_sizes::BlockSizes;
pub use blocks::{Blocks, Sampler, Segment, Take, Tally};
pub use chain::ChainBlocks;
pub use counts::{CountsBlocks, CountsTally};
pub use family::{FamilySampler, Sampled, SymbolSampler};
pub use symbols::SequenceBlocks;
pub use trials::{SamplerKind, Trials};
pub use values::{SumBlocks, ValueBlocks};
