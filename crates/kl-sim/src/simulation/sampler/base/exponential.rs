//! The exponential law of mean 1.

use super::ziggurat::Ziggurat;
use crate::simulation::words::Words;
use rand::Rng;
use std::sync::LazyLock;

/// Where the tail starts: the r for which 256 layers of equal area end at the top.
const EDGE: f64 = 7.697_117_470_131_05;

/// (r + 1) e^−r.
const AREA: f64 = 0.003_949_659_822_581_557;

/// Places in a layer: 2⁵⁷, of which the odd ones are used, so that none is 0.
const BITS: u32 = 57;

static ZIGGURAT: LazyLock<Ziggurat> =
    LazyLock::new(|| Ziggurat::new(EDGE, AREA, density, |height| -libm::log(height), BITS));

/// An exponential number of mean 1, density e^−x for x > 0: a ziggurat (Marsaglia & Tsang 2000), one 64-bit word a
/// number 98 times in a hundred.
///
/// Always positive, at least 1e-19. Near zero the places it can take are 2⁻⁵⁶ times a layer's width apart, at most
/// 1.2e-16 and another for each of 256 layers; but for those steps and the rounding of a product the law is the
/// exponential one to 1e-14 in total variation. The tail has no end.
#[inline]
pub fn exponential(stream: &mut (impl Rng + ?Sized)) -> f64 {
    let word = stream.long();
    let (layer, place, size) = placed(word);
    if place < layer { size } else { settle(word, stream) }
}

/// The first place of the layer that is not inside, the place, and the number there.
#[inline]
fn placed(word: u64) -> (u64, u64, f64) {
    // Bits 0 … 7 are the layer, 8 … 63 the place.
    let layer = ZIGGURAT.layer(word as u8);
    let place = word >> (64 - BITS) | 1;
    (layer.inside, place, place as i64 as f64 * layer.step)
}

/// The number of a word that lies in the tail or at the curve, or another.
#[cold]
#[inline(never)]
fn settle(mut word: u64, stream: &mut (impl Words + ?Sized)) -> f64 {
    // Beyond the edge the law is the same again.
    let mut start = 0.0;
    loop {
        let (inside, place, size) = placed(word);
        if place < inside {
            return start + size;
        }
        if word as u8 == 0 {
            start += EDGE;
        } else if ZIGGURAT.height(word as u8, stream.unit()) < density(size) {
            return start + size;
        }
        word = stream.long();
    }
}

fn density(x: f64) -> f64 {
    libm::exp(-x)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let mut stream = stream();
        let first: [f64; 6] = std::array::from_fn(|_| exponential(&mut stream));
        insta::assert_snapshot!(format!("{first:?}"), @"[0.25646416054706334, 0.7226319184218825, 0.3445606390289196, 0.751927025233568, 0.22383277235697005, 0.3248998798000171]");
    }

    #[test]
    fn layers_have_equal_areas() {
        ZIGGURAT.assert_equal_areas(AREA, BITS);
    }

    /// Intervals narrower than most wedges, small numbers and the tail, past a second edge.
    #[test]
    fn ten_million_numbers_are_exponential() {
        let mut stream = stream();
        let small = [1e-5, 1e-4, 1e-3];
        let edges: Vec<f64> = small.into_iter().chain((1..=420).map(|step| f64::from(step) / 35.0)).collect();
        let chances: Vec<f64> = edges.iter().map(|&edge| -libm::expm1(-edge)).collect();
        assert_follows((0..10_000_000).map(|_| exponential(&mut stream)), &edges, &chances, "exponential");
    }

    /// Numbers below 1e-12 are too rare to wait for: the places themselves.
    #[test]
    fn the_least_number_is_positive() {
        let least = (0..=255).map(|layer| placed(layer).2).fold(f64::INFINITY, f64::min);
        assert!(least > 1e-19, "{least}");
    }
}
