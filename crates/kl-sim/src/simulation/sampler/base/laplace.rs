//! The Laplace law.

use super::batch::{BATCH, Longs};
use super::exponential::EXPONENTIAL;
use crate::simulation::words::Words;

/// A standard Laplace number, density e^{−|x|}/2: an exponential one with a sign.
///
/// As exact as [`exponential`](super::exponential): 1e-14 in total variation but for the steps. Never 0.
#[inline]
pub(in crate::simulation::sampler) fn laplace(stream: &mut (impl Words + ?Sized)) -> f64 {
    EXPONENTIAL.draw_mirrored(stream)
}

/// The same for a whole batch.
#[inline]
pub(super) fn fill_laplace(longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
    EXPONENTIAL.fill_mirrored(longs, stream, numbers);
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
        insta::assert_snapshot!(format!("{first:?}"), @"[-2.102772259602817, 0.257547695765939, -0.29422851769406555, 0.2029793836709118, 0.9974454169313728, -0.3915060611059]");
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
