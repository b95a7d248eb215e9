//! Random bits for many numbers at once.

use crate::simulation::words::Words;

/// Numbers that are drawn at once.
pub(in crate::simulation::sampler) const BATCH: usize = 256;

/// A number of 64 bits for each number of a batch.
pub(super) type Longs = [u64; BATCH];

/// The next longs, from eight bytes each.
#[inline]
pub(super) fn fill_longs(stream: &mut (impl Words + ?Sized)) -> Longs {
    let mut bytes = [[0; size_of::<u64>()]; BATCH];
    stream.fill_bytes(bytes.as_flattened_mut());
    bytes.map(u64::from_le_bytes)
}
