//! The Cauchy law.

use super::normal::normal;
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

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| cauchy(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[-0.6961017485041975, 0.7291908883862214, -0.8002281749917958, 0.17590455543706357, 1.0072141336097307, 1.1275827482737848]");
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
