//! Independent symbols, one by one, from as few random bits as they take.

mod alias;
mod cumulative;
mod leads;
mod sequence;
mod share;
mod split_tree;
mod splits;
mod tosses;

pub(super) use cumulative::cumulative;
pub use sequence::SequenceBlocks;
