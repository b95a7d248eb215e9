//! The Poisson law.

use super::batch::BATCH;
use super::normal::normal;
use super::uniform::uniform;
use crate::simulation::sampler::binomial::{CountLaw, Table};
use crate::simulation::words::Words;
use kl_math::numeric::{deviance_part, stirling_error};
use std::f64::consts::TAU;

/// Draws from the Poisson law of one mean λ ≥ 0: P(X = k) = e^−λ λᵏ/k!, k = 0, 1, 2, …
///
/// For λ < 10¹⁵ by a look into a table, made as those of the binomial law are: the law is within 1.5e-13 of the Poisson
/// one in total variation. From there on from a normal number with the correction for the skewness, within 1e-16,
/// rounded to a double beyond 2⁵³.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Poisson(Method);

#[derive(Debug)]
enum Method {
    Nothing,
    Table(Box<Table<Law>>),
    Vast(f64),
}

/// From this mean on the law is a normal one with its first correction.
const VAST: f64 = 1e15;

/// log₂ of the bytes of the table.
const TABLE_BITS: u32 = 13;

impl Poisson {
    /// The law of `mean` λ, finite and not negative.
    pub(in crate::simulation::sampler) fn new(mean: f64) -> Self {
        Self(if mean <= 0.0 {
            Method::Nothing
        } else if mean < VAST {
            Method::Table(Box::new(Table::new(Law { mean }, TABLE_BITS)))
        } else {
            Method::Vast(mean)
        })
    }

    /// A number: whole, as a double.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        match &self.0 {
            Method::Nothing => 0.0,
            Method::Table(table) => table.draw_from(stream) as i64 as f64,
            Method::Vast(mean) => vast(*mean, stream),
        }
    }

    /// A number for each place.
    pub(super) fn fill(&self, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        match &self.0 {
            Method::Table(table) => table.fill(stream, numbers),
            _ => numbers.fill_with(|| self.draw(stream)),
        }
    }
}

/// One number of the Poisson law of any `mean` λ ≥ 0, finite, without a table.
///
/// For λ < 20 the least k with U ≤ P(X ≤ k), summed up; then Hörmann's (1993) PTRS, "The transformed rejection method
/// for generating Poisson random variables"; from 10¹⁵ on as [`Poisson`] has it. Within 1.5e-13 of the Poisson law in
/// total variation.
#[inline]
pub(super) fn poisson_once(mean: f64, stream: &mut (impl Words + ?Sized)) -> f64 {
    if mean < SMALL {
        sum_up(mean, stream)
    } else if mean < VAST {
        Rejection::new(mean).draw(stream)
    } else {
        vast(mean, stream)
    }
}

/// The least k with U ≤ P(X ≤ k). Past the mode it ends where nothing but rounding can be left.
#[inline]
fn sum_up(mean: f64, stream: &mut (impl Words + ?Sized)) -> f64 {
    let (mut left, mut mass, mut number) = (stream.unit(), libm::exp(-mean), 0);
    for reciprocal in &RECIPROCALS {
        if left <= mass || (mass < 1e-17 && f64::from(number) > mean) {
            break;
        }
        left -= mass;
        number += 1;
        mass *= mean * reciprocal;
    }
    f64::from(number)
}

/// 1, ½, ⅓, …: divisions would take most of the time.
const RECIPROCALS: [f64; 128] = {
    let mut reciprocals = [1.0; 128];
    let mut place = 1;
    while place < reciprocals.len() {
        reciprocals[place] = 1.0 / (place + 1) as f64;
        place += 1;
    }
    reciprocals
};

/// Below this mean summing up is faster than rejection.
const SMALL: f64 = 20.0;

/// The nearest whole number to λ + √λ z + (z² − 1)/6, z normal: the expansion of Cornish & Fisher (1938) to the first
/// correction. What it leaves out is a share of some 0.1/λ of the law in total variation.
fn vast(mean: f64, stream: &mut (impl Words + ?Sized)) -> f64 {
    let whole = mean.floor();
    let z = normal(stream);
    whole + (mean.sqrt() * z + (z * z - 1.0) / 6.0 + (mean - whole)).round()
}

/// The law of one mean λ, 0 < λ < 2⁵³.
#[derive(Clone, Copy, Debug)]
struct Law {
    mean: f64,
}

impl Law {
    /// ln P(X = k) in the form of Loader (2000), "Fast and accurate computation of binomial probabilities":
    /// −λ h(d/λ) − δ(k) − ½ ln(2πk), with d = k − λ, h(t) = (1+t) ln(1+t) − t and Stirling's remainder δ. Error below
    /// 4e-15 · (1 + |itself|).
    fn log_mass_at(&self, k: f64, offset: f64) -> f64 {
        let mean = self.mean;
        if k == 0.0 {
            return -mean;
        }
        -deviance_part(offset, mean) - stirling_error(k) - 0.5 * libm::log(TAU * k)
    }
}

impl CountLaw for Law {
    fn last(&self) -> u64 {
        u64::MAX
    }

    fn mode(&self) -> u64 {
        self.mean as u64
    }

    fn std_dev(&self) -> f64 {
        self.mean.sqrt()
    }

    fn log_mass(&self, k: u64) -> f64 {
        self.log_mass_at(k as f64, k as f64 - self.mean)
    }

    fn ratios(&self) -> impl Fn(u64) -> f64 {
        let mean = self.mean;
        move |k| mean / (k as f64 + 1.0)
    }
}

/// Hörmann's constants for one mean λ ≥ 10: k = ⌊(2a/s + b) U + λ + 0.43⌋ with U uniform within ±½ and s = ½ − |U|.
#[derive(Clone, Copy, Debug)]
struct Rejection {
    law: Law,
    /// ⌊λ⌋ and the rest: that of the sums is kept apart, so that no digit is lost.
    whole: f64,
    part: f64,
    a: f64,
    b: f64,
}

/// His hat is up to 0.6 % below the law's probabilities in some places; this one is so much higher, and nowhere below.
const RAISE: f64 = 1.01;

/// From this s on a number is taken at once if its height is at most [`Rejection::sure`].
const SURE_FROM: f64 = 0.07;

impl Rejection {
    #[inline]
    fn new(mean: f64) -> Self {
        let b = 0.931 + 2.53 * mean.sqrt();
        let whole = mean.floor();
        Self { law: Law { mean }, whole, part: mean - whole, a: 0.02483 * b - 0.059, b }
    }

    #[inline]
    fn sure(&self) -> f64 {
        (0.9277 - 3.6224 / (self.b - 2.0)) / RAISE
    }

    /// k − ⌊λ⌋.
    #[inline]
    fn steps(&self, place: f64, s: f64) -> f64 {
        ((2.0 * self.a / s + self.b) * place + (self.part + 0.43)).floor()
    }

    /// ln of the chance to take k, which is at most 0.
    fn log_chance(&self, steps: f64, s: f64) -> f64 {
        let (k, b) = (self.whole + steps, self.b);
        if k < 0.0 {
            return f64::NEG_INFINITY;
        }
        let hat = RAISE * (1.1239 + 1.1328 / (b - 3.4)) / (self.a / (s * s) + b);
        self.law.log_mass_at(k, steps - self.part) - libm::log(hat)
    }

    #[inline]
    fn draw(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        loop {
            let (place, height) = (uniform(stream) - 0.5, stream.unit());
            let s = 0.5 - place.abs();
            let steps = self.steps(place, s);
            if (s >= SURE_FROM && height <= self.sure()) || libm::log(height) <= self.log_chance(steps, s) {
                return self.whole + steps;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, count_chances, stream};
    use super::*;

    /// The edges k + ½ and P(X ≤ k): by sums, or for vast means by Edgeworth's series, whose error is some 1/λ.
    fn chances(mean: f64) -> (Vec<f64>, Vec<f64>) {
        if mean < 1e5 {
            let log_mass = |k: f64| k * libm::log(mean) - mean - libm::lgamma(k + 1.0);
            return count_chances(log_mass, mean, mean.sqrt());
        }
        let deviation = mean.sqrt();
        let chance = |x: f64| {
            let density = libm::exp(-0.5 * x * x) / TAU.sqrt();
            0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2) - density * (x * x - 1.0) / (6.0 * deviation)
        };
        let edge = |step: i32| (mean + f64::from(step) / 20.0 * deviation).floor() + 0.5;
        let edges: Vec<f64> = (-90..=90).map(edge).collect();
        let chances = edges.iter().map(|edge| chance((edge - mean) / deviation)).collect();
        (edges, chances)
    }

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let first = |mean: f64| {
            let (law, mut table, mut once) = (Poisson::new(mean), stream(), stream());
            let first: [f64; 6] = std::array::from_fn(|_| law.draw(&mut table));
            let at_once: [f64; 6] = std::array::from_fn(|_| poisson_once(mean, &mut once));
            format!("{mean}: {first:?} {at_once:?}")
        };
        insta::assert_snapshot!([0.0, 0.1, 3.0, 30.0, 1e3, 1e9, 1e14, 1e15].map(first).join("\n"), @"
        0: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0] [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        0.1: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0] [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        3: [1.0, 4.0, 2.0, 1.0, 3.0, 1.0] [4.0, 1.0, 1.0, 0.0, 5.0, 1.0]
        30: [25.0, 34.0, 28.0, 25.0, 31.0, 22.0] [35.0, 20.0, 38.0, 26.0, 22.0, 22.0]
        1000: [970.0, 1026.0, 993.0, 970.0, 1007.0, 956.0] [1028.0, 945.0, 1047.0, 975.0, 956.0, 955.0]
        1000000000: [999971139.0, 1000026119.0, 999992983.0, 999971069.0, 1000006054.0, 999956842.0] [1000028044.0, 999944667.0, 1000046972.0, 999975605.0, 999956314.0, 999955339.0]
        100000000000000: [99999990570099.0, 100000008234374.0, 99999997560350.0, 99999991058690.0, 100000002155277.0, 99999986396144.0] [100000008868317.0, 99999982502080.0, 100000014853830.0, 99999992285638.0, 99999986185191.0, 99999985877051.0]
        1000000000000000: [999999951621827.0, 1000000010191808.0, 999999985942875.0, 1000000011900492.0, 1000000020256175.0, 999999984147832.0] [999999951621827.0, 1000000010191808.0, 999999985942875.0, 1000000011900492.0, 1000000020256175.0, 999999984147832.0]
        ");
    }

    const MEANS: [f64; 15] =
        [0.01, 0.1, 1.0, 3.0, 9.99, 19.99, 20.0, 30.0, 60.5, 1e3, 1e4 + 0.3, 1e9, 1e12 + 0.5, 9.9e14, 2.5e15];

    #[test]
    fn a_million_numbers_of_a_table_follow_each_law() {
        for mean in MEANS {
            let (law, mut stream, (edges, chances)) = (Poisson::new(mean), stream(), chances(mean));
            let draws = (0..1_000_000).map(|_| law.draw(&mut stream));
            assert_follows(draws, &edges, &chances, &format!("{mean}"));
        }
    }

    #[test]
    fn a_million_numbers_drawn_at_once_follow_each_law() {
        for mean in MEANS {
            let (mut stream, (edges, chances)) = (stream(), chances(mean));
            let draws = (0..1_000_000).map(|_| poisson_once(mean, &mut stream));
            assert_follows(draws, &edges, &chances, &format!("{mean}"));
        }
    }

    /// By mpmath, to 17 digits: the formula with 60 digits.
    #[test]
    fn masses_are_those_of_the_law() {
        let cases = [
            (0.1, 3, -8.799514748210193),
            (3.0, 1, -1.9013877113318902),
            (3.0, 40, -69.37614816803301),
            (30.0, 17, -5.6847179618802475),
            (1000.0, 1100, -9.26174480492892),
            (1000000000.0, 999900000, -16.28068812426155),
            (123456789.125, 123456000, -10.237158235873128),
            (1000000000000.0, 1000003000000, -19.23444609117353),
            (900000000000000.0, 900000100000000, -23.691201878180905),
            (1e-300, 2, -1382.2442029769873),
        ];
        for (mean, k, expected) in cases {
            let found = Law { mean }.log_mass(k);
            assert!((found - expected).abs() < 4e-15 * (1.0 + expected.abs()), "{mean} {k}: {found} {expected}");
        }
    }

    /// The hat covers the law, with room between the points of a fine grid, and what is taken at once would be taken
    /// anyway: for means from 10 up.
    #[test]
    fn no_chance_is_above_one_and_sure_ones_are_sure() {
        let means = (0..1_000).map(|step| 10.0 * libm::exp(f64::from(step) * 0.0322)).take_while(|&mean| mean < VAST);
        for mean in means.chain((0..400).map(|step| 10.0 + f64::from(step) / 100.0)) {
            let rejection = Rejection::new(mean);
            for step in 1..2_000 {
                // Finer towards the ends, where s is small.
                let s = 0.5 * libm::pow(f64::from(step) / 2_000.0, 3.0);
                for place in [0.5 - s, s - 0.5] {
                    let steps = rejection.steps(place, s);
                    let chance = rejection.log_chance(steps, s);
                    assert!(chance <= -0.004, "{mean} {place}: {chance}");
                    assert!(s < SURE_FROM || chance >= libm::log(rejection.sure()), "{mean} {place}: {chance}");
                }
            }
        }
    }

    #[test]
    fn any_mean_can_be_drawn_from() {
        for mean in [0.0, 5e-324, 1e-300, 1e-9, 1e17, 1e100, 1e300] {
            let (law, mut stream) = (Poisson::new(mean), stream());
            for _ in 0..1_000 {
                for number in [law.draw(&mut stream), poisson_once(mean, &mut stream)] {
                    assert!((number - mean).abs() <= 1e-3 + 7.0 * mean.sqrt() + 2e-16 * mean, "{mean}: {number}");
                }
            }
        }
    }
}
