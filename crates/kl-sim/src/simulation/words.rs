//! The numbers that samplers read from a generator.

use rand::Rng;

/// Words, and uniform numbers made from them, of any generator. Those of a [`Stream`](super::Stream) are its next bytes.
pub(super) trait Words: Rng {
    /// Thirty-two random bits.
    #[inline]
    fn word(&mut self) -> u32 {
        self.next_u32()
    }

    /// Sixty-four random bits.
    #[inline]
    fn long(&mut self) -> u64 {
        self.next_u64()
    }

    /// A multiple of 2⁻⁵³ in (0, 1].
    #[inline]
    fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        ((self.next_u64() >> 11) + 1) as f64 * STEP
    }
}

impl<R: Rng + ?Sized> Words for R {}
