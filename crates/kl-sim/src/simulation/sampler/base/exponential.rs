//! The exponential law of mean 1.

use super::batch::{BATCH, Longs};
use super::layers::{Density, Layers, Sides};
use crate::simulation::words::Words;
use rand::Rng;
use std::sync::LazyLock;

/// Also the layers of the Laplace law.
pub(super) static EXPONENTIAL: LazyLock<Layers<Exponential, 1024>> = LazyLock::new(|| Layers::new(Exponential));

/// An exponential number of mean 1, density e^−x for x > 0: a layer and a place in it, 996 times in a thousand.
///
/// Always positive, at least 1e-19. In each of 1,020 layers the places it can take are 2⁻⁵³ times the layer's width apart, at
/// most 1e-15; but for those steps and the rounding of a product the law is the exponential one to 1e-14 in total variation.
/// The tail has no end.
#[inline]
pub fn exponential(stream: &mut (impl Rng + ?Sized)) -> f64 {
    EXPONENTIAL.draw(stream)
}

/// The same for a whole batch.
#[inline]
pub(super) fn fill_exponential(longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
    EXPONENTIAL.fill(longs, stream, numbers);
}

/// e^−x for x > 0.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Exponential;

impl Density for Exponential {
    const SIDES: Sides = Sides::Above;

    fn log(&self, x: f64) -> f64 {
        -x
    }

    fn slope(&self, _: f64) -> f64 {
        -1.0
    }

    fn area(&self) -> f64 {
        1.0
    }
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
        insta::assert_snapshot!(format!("{first:?}"), @"[1.859030084268545, 0.12877384788296953, 0.3156706202622725, 0.10148969183545589, 0.4987227084656863, 0.5230284184420745]");
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
        let least = EXPONENTIAL.least_place();
        assert!(least > 1e-19, "{least}");
    }
}
