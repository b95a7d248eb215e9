//! Independent symbols, one by one, from as few random bits as they take.

mod counting;
mod sequence;
mod thresholds;

pub use sequence::SequenceBlocks;
pub(super) use thresholds::{Lead, Thresholds, cumulative};
