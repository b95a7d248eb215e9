//! The uniform law.

use crate::simulation::words::Words;

/// A uniform number in the open interval (0, 1): an odd multiple of 2⁻⁵³, each with the same chance 2⁻⁵².
///
/// Each is the middle of one of 2⁵² intervals, exact as a double; 1 − u has the very same law.
#[inline]
pub(in crate::simulation::sampler) fn uniform(stream: &mut (impl Words + ?Sized)) -> f64 {
    uniform_of(stream.long())
}

/// The number that 64 random bits stand for.
#[inline]
pub(super) fn uniform_of(long: u64) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    (long >> 11 | 1) as i64 as f64 * STEP
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| uniform(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[0.7848034673765317, 0.17594604342999542, 0.0778145614466016, 0.02772077818091756, 0.8966097831072662, 0.16086685534547607]");
    }

    #[test]
    fn a_million_numbers_are_uniform() {
        let mut stream = stream();
        let edges: Vec<f64> = [1e-4].into_iter().chain((1..1_000).map(|step| f64::from(step) / 1_000.0)).collect();
        assert_follows((0..1_000_000).map(|_| uniform(&mut stream)), &edges, &edges, "uniform");
    }
}
