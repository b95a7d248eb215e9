//! The standard normal law.

use super::batch::{BATCH, Longs};
use super::layers::{Density, Layers, Sides};
use crate::simulation::words::Words;
use rand::Rng;
use std::sync::LazyLock;

/// The layers of a normal number's size.
static HALF_NORMAL: LazyLock<Layers<HalfNormal, 1024>> = LazyLock::new(|| Layers::new(HalfNormal));

/// A standard normal number, density e^{−x²/2}/√(2π): a layer and a place in it, 997 times in a thousand.
///
/// In each of 1,021 layers the places it can take are 2⁻⁵³ times the layer's width apart, at most 5e-16; but for those steps and
/// the rounding of a product the law is the normal one to 1e-14 in total variation. Never 0; ± have the same chance bit for
/// bit. The tail has no end.
#[inline]
pub fn normal(stream: &mut (impl Rng + ?Sized)) -> f64 {
    HALF_NORMAL.draw_mirrored(stream)
}

/// The same for a whole batch.
#[inline]
pub(super) fn fill_normal(longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
    HALF_NORMAL.fill_mirrored(longs, stream, numbers);
}

/// e^{−x²/2} √(2/π) for x > 0.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct HalfNormal;

impl Density for HalfNormal {
    const SIDES: Sides = Sides::Above;

    fn log(&self, x: f64) -> f64 {
        -0.5 * x * x
    }

    fn slope(&self, x: f64) -> f64 {
        -x
    }

    /// √(π/2).
    fn area(&self) -> f64 {
        1.253_314_137_315_500_3
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    fn chance(x: f64) -> f64 {
        0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| normal(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[-1.5298521630126458, 0.32229326182251655, -0.44452531617055235, 0.37632659076355635, 0.6405565157325765, -0.50128956287008]");
    }

    /// Intervals of 1/64 deviation, narrower than most wedges, and the tails.
    #[test]
    fn ten_million_numbers_are_normal() {
        let mut stream = stream();
        let edges: Vec<f64> = (-269..=269).map(|step| f64::from(step) / 64.0).collect();
        let chances: Vec<f64> = edges.iter().map(|&edge| chance(edge)).collect();
        assert_follows((0..10_000_000).map(|_| normal(&mut stream)), &edges, &chances, "normal");
    }
}
