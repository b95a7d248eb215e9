//! ChaCha with eight rounds, by whole blocks.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Bytes of a ChaCha block.
const BLOCK_BYTES: usize = 64;

/// A stream of ChaCha8 blocks: those of [`ChaCha8Rng`], made by the machine's vectors where it has some.
#[derive(Clone, Debug)]
pub(in crate::simulation) struct ChaCha8 {
    key: [u8; 32],
    /// The nonce.
    stream: u64,
    /// The number of the next block.
    block: u64,
}

impl ChaCha8 {
    /// The blocks of a stream of this key, from the first.
    pub(in crate::simulation) fn new(key: [u8; 32], stream: u64) -> Self {
        Self { key, stream, block: 0 }
    }

    /// How many bytes were made.
    pub(in crate::simulation) fn position(&self) -> u64 {
        self.block.wrapping_mul(BLOCK_BYTES as u64)
    }

    /// Goes on with block number `block`.
    pub(in crate::simulation) fn seek(&mut self, block: u64) {
        self.block = block;
    }

    /// Fills `out` with the next blocks. Its length is a multiple of 64.
    pub(in crate::simulation) fn fill(&mut self, out: &mut [u8]) {
        let blocks = out.len() / BLOCK_BYTES;
        debug_assert_eq!(blocks * BLOCK_BYTES, out.len(), "whole blocks only");
        let done = self.fill_by_vectors(out);
        self.fill_plainly(&mut out[done * BLOCK_BYTES..], done as u64);
        self.block = self.block.wrapping_add(blocks as u64);
    }

    /// How many of the blocks the machine's vectors made.
    #[cfg(target_arch = "x86_64")]
    fn fill_by_vectors(&self, out: &mut [u8]) -> usize {
        super::x86::fill_chacha(&self.key, self.stream, self.block, out)
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn fill_by_vectors(&self, _: &mut [u8]) -> usize {
        0
    }

    fn fill_plainly(&self, out: &mut [u8], done: u64) {
        if !out.is_empty() {
            let mut plain = ChaCha8Rng::from_seed(self.key);
            plain.set_stream(self.stream);
            // In words of four bytes.
            plain.set_word_pos(u128::from(self.block.wrapping_add(done)) * (BLOCK_BYTES as u128 / 4));
            plain.fill_bytes(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blocks_are_those_of_the_plain_generator(
            key in any::<[u8; 32]>(),
            stream in any::<u64>(),
            start in prop_oneof![Just(0), Just(u64::from(u32::MAX) - 5), Just(u64::MAX - 7), any::<u64>()],
            sizes in proptest::collection::vec(0usize..40, 1..6),
        ) {
            let mut blocks = ChaCha8 { key, stream, block: start };
            for size in sizes {
                let mut expected = vec![0; size * BLOCK_BYTES];
                for (k, block) in expected.chunks_exact_mut(BLOCK_BYTES).enumerate() {
                    blocks.fill_plainly(block, k as u64);
                }
                let mut found = vec![0; size * BLOCK_BYTES];
                blocks.fill(&mut found);
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// The first block of key 0 and stream 0, as the eSTREAM test vectors of ChaCha8 with 256 bits have it.
    #[test]
    fn the_first_block_is_the_published_one() {
        let mut block = [0; BLOCK_BYTES];
        ChaCha8::new([0; 32], 0).fill(&mut block);
        let first: String = block[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(first, "3e00ef2f895f40d67f5bb8e81f09a5a1");
    }
}
