//! The standard normal law.

use super::exponential::exponential;
use super::ziggurat::Ziggurat;
use crate::simulation::words::Words;
use rand::Rng;
use std::sync::LazyLock;

/// Where the tail starts: the r for which 256 layers of equal area end at the top.
const EDGE: f64 = 3.654_152_885_361_009;

/// r e^{−r²/2} + ∫ᵣ^∞ e^{−x²/2} dx.
const AREA: f64 = 0.004_928_673_233_974_655;

/// Places in a layer: 2⁵³, of which the odd ones are used, so that none is 0 and all are doubles.
const BITS: u32 = 53;

static ZIGGURAT: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(EDGE, AREA, density, |height| (-2.0 * libm::log(height)).sqrt(), BITS));

/// A standard normal number, density e^{−x²/2}/√(2π): a ziggurat (Marsaglia & Tsang 2000), one 64-bit word a number 99
/// times in a hundred.
///
/// The places it can take near zero are 2⁻⁵² times a layer's width apart, at most 9e-16; but for those steps and the
/// rounding of a product the law is the normal one to 1e-14 in total variation. Never 0; ± have the same chance bit for
/// bit. The tail has no end.
#[inline]
pub fn normal(stream: &mut (impl Rng + ?Sized)) -> f64 {
    loop {
        let word = stream.long();
        // Bits 0 … 7 are the layer, 8 is the sign, 12 … 63 the place.
        let layer = ZIGGURAT.layer(word as u8);
        let place = word >> (64 - BITS) | 1;
        let size = place as i64 as f64 * layer.step;
        let settled = if place < layer.inside { Some(size) } else { settle(word as u8, size, stream) };
        if let Some(size) = settled {
            return f64::from_bits(size.to_bits() | (word & 0x100) << 55);
        }
    }
}

/// The size of a number that lies in the tail or at the curve, or none: then it is rejected.
#[cold]
fn settle(layer: u8, size: f64, stream: &mut (impl Words + ?Sized)) -> Option<f64> {
    if layer == 0 {
        return Some(tail(stream));
    }
    (ZIGGURAT.height(layer, stream.unit()) < density(size)).then_some(size)
}

/// A normal number from the edge on, by Marsaglia (1964), "Generating a variable from the tail of the normal
/// distribution".
fn tail(stream: &mut (impl Words + ?Sized)) -> f64 {
    loop {
        let (beyond, height) = (exponential(stream) / EDGE, exponential(stream));
        if 2.0 * height > beyond * beyond {
            return EDGE + beyond;
        }
    }
}

fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x)
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
        insta::assert_snapshot!(format!("{first:?}"), @"[0.32203680198802875, -0.4626289226826829, -0.39583172277026996, -0.5428369019342638, 0.4082607529937505, -0.5101804282234078]");
    }

    #[test]
    fn layers_have_equal_areas() {
        ZIGGURAT.assert_equal_areas(AREA, BITS);
    }

    /// Intervals of 1/64 deviation, narrower than most wedges, and the tails.
    #[test]
    fn ten_million_numbers_are_normal() {
        let mut stream = stream();
        let edges: Vec<f64> = (-269..=269).map(|step| f64::from(step) / 64.0).collect();
        let chances: Vec<f64> = edges.iter().map(|&edge| chance(edge)).collect();
        assert_follows((0..10_000_000).map(|_| normal(&mut stream)), &edges, &chances, "normal");
    }

    #[test]
    fn the_tail_is_that_of_the_normal_law() {
        let mut stream = stream();
        let edges: Vec<f64> = (1..20).map(|step| EDGE + f64::from(step) / 16.0).collect();
        let beyond = |x: f64| chance(-x) / chance(-EDGE);
        let chances: Vec<f64> = edges.iter().map(|&edge| 1.0 - beyond(edge)).collect();
        assert_follows((0..1_000_000).map(|_| tail(&mut stream)), &edges, &chances, "tail");
    }
}
