//! Functions of a count, computed where they are first needed.

use std::fmt;
use std::sync::OnceLock;

/// A function of a count, from a table where counts are not huge: it is the same number either way.
///
/// The table grows by chunks, on any thread: what a chunk holds follows from the function alone.
pub(super) struct Table {
    of: Box<dyn Fn(u64) -> f64 + Send + Sync>,
    chunks: Box<[OnceLock<Chunk>]>,
}

/// The numbers of counts that follow one another.
type Chunk = Box<[f64; CHUNK as usize]>;

/// This many counts are computed together.
const CHUNK: u64 = 64;

/// Larger counts are in no table.
const TABLED: u64 = 1 << 20;

impl Table {
    /// A table of `of` for counts up to `most`.
    pub(super) fn new(most: u64, of: impl Fn(u64) -> f64 + Send + Sync + 'static) -> Self {
        let chunks = most.min(TABLED - 1) / CHUNK + 1;
        Self { of: Box::new(of), chunks: (0..chunks).map(|_| OnceLock::new()).collect() }
    }

    #[inline]
    pub(super) fn get(&self, count: u64) -> f64 {
        let chunk = self.chunks.get(usize::try_from(count / CHUNK).unwrap_or(usize::MAX));
        let Some(chunk) = chunk else { return (self.of)(count) };
        let values = chunk.get().unwrap_or_else(|| self.fill(count / CHUNK, chunk));
        values[(count % CHUNK) as usize]
    }

    #[cold]
    #[inline(never)]
    fn fill<'a>(&self, place: u64, chunk: &'a OnceLock<Chunk>) -> &'a Chunk {
        chunk.get_or_init(|| Box::new(std::array::from_fn(|offset| (self.of)(place * CHUNK + offset as u64))))
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("counts", &(self.chunks.len() as u64 * CHUNK)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_function_within_the_table_and_beyond() {
        let of = |count: u64| libm::log(count as f64) - 0.25;
        for most in [0, 63, 64, 1_000, u64::MAX] {
            let table = Table::new(most, of);
            for count in [0, 1, 63, 64, 65, 999, TABLED - 1, TABLED, 1 << 52] {
                assert_eq!(table.get(count).to_bits(), of(count).to_bits(), "{most} {count}");
                assert_eq!(table.get(count).to_bits(), of(count).to_bits(), "{most} {count} again");
            }
        }
    }
}
