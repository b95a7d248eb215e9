//! The Cauchy law.

use super::batch::{BATCH, Longs};
use super::normal::{fill_normal, normal};
use crate::simulation::words::Words;

/// A standard Cauchy number, density 1/[π (1 + x²)]: the ratio of two [`normal`] ones.
///
/// But for the steps of the normal numbers near zero and the rounding of the ratio, the law is the Cauchy one to 3e-14
/// in total variation. A size beyond t, chance 2/(πt), comes in steps of 1e-15·t of itself: fine ones as far as any
/// run of 10¹² numbers reaches. Neither 0 nor infinite.
#[inline]
pub(in crate::simulation::sampler) fn cauchy(stream: &mut (impl Words + ?Sized)) -> f64 {
    let above = normal(stream);
    above / normal(stream)
}

/// The same for two batches of longs.
#[inline]
pub(super) fn fill_cauchy(longs: [&Longs; 2], stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
    let mut below = [0.0; BATCH];
    fill_normal(longs[0], stream, numbers);
    fill_normal(longs[1], stream, &mut below);
    numbers.iter_mut().zip(below).for_each(|(number, below)| *number /= below);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| cauchy(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[-4.746770547921411, -1.1812221806293908, -1.2778173797697652, 2.589130141209116, -1.0099813996432616, -1.3378811917833235]");
    }

    /// As far out as 2 in 10⁵ numbers are, either side.
    #[test]
    fn a_million_numbers_follow_the_law() {
        let mut stream = stream();
        let edges: Vec<f64> = (-60..=60).map(|step| libm::sinh(f64::from(step) / 6.0)).collect();
        let chance = |x: f64| libm::atan2(1.0, -x) / std::f64::consts::PI;
        let chances: Vec<f64> = edges.iter().map(|&x| chance(x)).collect();
        assert_follows((0..3_000_000).map(|_| cauchy(&mut stream)), &edges, &chances, "cauchy");
    }
}
