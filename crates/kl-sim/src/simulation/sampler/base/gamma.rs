//! The gamma law.

use super::exponential::exponential;
use super::normal::normal;
use super::uniform::uniform;
use crate::simulation::words::Words;
use kl_math::numeric::log_excess;

/// Draws from the standard gamma law of one shape a > 0: density xᵃ⁻¹ e⁻ˣ/Γ(a) for x > 0.
///
/// For a ≥ 1 the cube method of Marsaglia & Tsang (2000), "A simple method for generating gamma variables": G = dv,
/// v = (1 + cx)³, with d = a − ⅓, c = 1/√(9d) and x normal, accepted with chance e^{x²/2 + d(1 − v + ln v)}. For a < 1,
/// G is one of shape a + 1 times U^{1/a} = e^{−E/a} with E exponential.
///
/// The law is the gamma one to 2e-14 in total variation, but for the steps of [`normal`] and [`exponential`] near zero
/// and the rounding of the number: the exponent of the chance is written so that nothing cancels, for a up to 1e300.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation::sampler) struct Gamma {
    /// d.
    scale: f64,
    log_scale: f64,
    /// c.
    spread: f64,
    /// a, if it is below 1.
    small: Option<f64>,
}

impl Gamma {
    /// The law of `shape` a, positive and finite.
    pub(in crate::simulation::sampler) fn new(shape: f64) -> Self {
        let small = (shape < 1.0).then_some(shape);
        let scale = if shape < 1.0 { shape + 2.0 / 3.0 } else { shape - 1.0 / 3.0 };
        Self { scale, log_scale: libm::log(scale), spread: 1.0 / (3.0 * scale.sqrt()), small }
    }

    /// A number G ≥ 0, right to a few ulp as a function of the random bits; 0 only where it would be below 5e-324.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        let root = 1.0 + self.deviation(stream);
        let number = self.scale * (root * root * root);
        match self.small {
            Some(shape) => number * libm::exp(-exponential(stream) / shape),
            None => number,
        }
    }

    /// ln G of the very number that [`draw`](Self::draw) would give: finite for a ≥ 1e-305.
    #[inline]
    pub(in crate::simulation::sampler) fn draw_log(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        let log = self.log_scale + 3.0 * libm::log1p(self.deviation(stream));
        match self.small {
            Some(shape) => log - exponential(stream) / shape,
            None => log,
        }
    }

    /// t = cx > −1, where d (1 + t)³ has the shape a, or a + 1.
    #[inline]
    fn deviation(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        loop {
            let x = normal(stream);
            let (t, square, height) = (self.spread * x, x * x, uniform(stream));
            // Their squeeze: nearly always no logarithm is needed.
            if t > -1.0 && (height < 1.0 - 0.0331 * square * square || self.is_below(height, t, square)) {
                return t;
            }
        }
    }

    /// Whether ln `height` < x²/2 + d (1 − v + ln v): with g(t) = t − ln(1 + t), 1 − v + ln v = −3 g(t) − 3t² − t³.
    #[cold]
    fn is_below(&self, height: f64, t: f64, square: f64) -> bool {
        libm::log(height) < 0.5 * square - self.scale * (3.0 * log_excess(t) + t * t * (3.0 + t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, gamma_chance, gamma_edges, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let first = |shape: f64| {
            let mut stream = stream();
            let first: [f64; 4] = std::array::from_fn(|_| Gamma::new(shape).draw(&mut stream));
            format!("{shape}: {first:?}")
        };
        insta::assert_snapshot!([0.01, 0.3, 1.0, 2.5, 1e6, 1e18].map(first).join("\n"), @"
        0.01: [7.253935449996465e-16, 1.9973611226017963e-23, 6.034029868876865e-17, 1.1505442082713586e-9]
        0.3: [0.03763827225315842, 0.24241827030953134, 0.39378028785289926, 0.8334224518937245]
        1: [0.03528027769497174, 0.36559637408557294, 1.338371895143036, 1.0083238971138326]
        2.5: [0.6048419816885298, 1.576000513288551, 3.2529244248479245, 2.744795367026814]
        1000000: [998470.5947752303, 999555.2072889159, 1000640.3598562577, 1000361.9448857474]
        1000000000000000000: [9.999999984701477e17, 9.999999995554746e17, 1.0000000006405563e18, 1.0000000003622342e18]
        ");
    }

    #[test]
    fn a_million_numbers_follow_each_law() {
        for shape in [1e-3, 1e-2, 0.3, 0.999, 1.0, 1.01, 2.5, 40.0, 1e6] {
            let (law, mut stream, edges) = (Gamma::new(shape), stream(), gamma_edges(shape));
            let chances: Vec<f64> = edges.iter().map(|&log| gamma_chance(shape, log)).collect();
            let draws = (0..1_000_000).map(|_| law.draw_log(&mut stream));
            assert_follows(draws, &edges, &chances, &format!("{shape}"));
        }
    }

    /// There the law is normal but for a skewness of 2e-7 or less.
    #[test]
    fn a_vast_shape_keeps_its_deviation() {
        for shape in [1e14, 1e18, 1e300] {
            let (law, mut stream) = (Gamma::new(shape), stream());
            let edges: Vec<f64> = (-40..=40).map(|step| f64::from(step) / 10.0).collect();
            let chance = |z: f64| 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
            let chances: Vec<f64> = edges.iter().map(|&edge| chance(edge)).collect();
            let draws = (0..1_000_000).map(|_| law.deviation(&mut stream) / law.spread);
            assert_follows(draws, &edges, &chances, &format!("{shape}"));
            let number = law.draw(&mut stream);
            assert!((number - shape).abs() < 6.0 * shape.sqrt() + 4e-16 * shape, "{number}");
        }
    }

    #[test]
    fn a_number_and_its_logarithm_are_of_the_same_bits() {
        for shape in [1e-3, 0.3, 1.0, 2.5, 1e6, 1e18] {
            let (law, mut numbers, mut logs) = (Gamma::new(shape), stream(), stream());
            for _ in 0..10_000 {
                let (number, log) = (law.draw(&mut numbers), law.draw_log(&mut logs));
                assert!(log.is_finite());
                if number > f64::MIN_POSITIVE {
                    assert!((libm::log(number) - log).abs() < 4e-16 * (4.0 + log.abs()), "{shape}: {number} {log}");
                } else {
                    assert!(log < -708.0);
                }
            }
        }
    }
}
