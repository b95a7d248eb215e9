//! The Laplace law.

use super::exponential::exponential;
use crate::simulation::words::Words;

/// A standard Laplace number, density e^{−|x|}/2: an [`exponential`] one with a sign from a bit of a word of its own.
///
/// As exact as that: 1e-14 in total variation but for the steps near zero. Never 0.
#[inline]
pub(in crate::simulation::sampler) fn laplace(stream: &mut (impl Words + ?Sized)) -> f64 {
    let size = exponential(stream);
    f64::from_bits(size.to_bits() | u64::from(stream.word() & 1) << 63)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| laplace(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[-0.25646416054706334, -1.5037277054186964, 0.751927025233568, 0.7050128251323518, 0.05959146198065334, 0.7197851756268008]");
    }

    #[test]
    fn a_million_numbers_follow_the_law() {
        let mut stream = stream();
        let edges: Vec<f64> = (-90..=90).map(|step| f64::from(step) / 10.0).collect();
        let half = |x: f64| 0.5 * libm::exp(-x.abs());
        let chances: Vec<f64> = edges.iter().map(|&x| if x < 0.0 { half(x) } else { 1.0 - half(x) }).collect();
        assert_follows((0..1_000_000).map(|_| laplace(&mut stream)), &edges, &chances, "laplace");
    }
}
