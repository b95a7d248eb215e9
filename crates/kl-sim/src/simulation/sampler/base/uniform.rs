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
        insta::assert_snapshot!(format!("{first:?}"), @"[0.33473527129819336, 0.18420097013415548, 0.35869213655495724, 0.25306094984739647, 0.7704345421028721, 0.7563833391050051]");
    }

    #[test]
    fn a_million_numbers_are_uniform() {
        let mut stream = stream();
        let edges: Vec<f64> = [1e-4].into_iter().chain((1..1_000).map(|step| f64::from(step) / 1_000.0)).collect();
        assert_follows((0..1_000_000).map(|_| uniform(&mut stream)), &edges, &edges, "uniform");
    }
}
