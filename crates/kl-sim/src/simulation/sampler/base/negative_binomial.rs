//! The negative binomial law.

use super::batch::{BATCH, fill_longs};
use super::exponential::{exponential, fill_exponential};
use super::gamma::Gamma;
use super::poisson::poisson_once;
use crate::simulation::sampler::binomial::{CountLaw, Table};
use crate::simulation::words::Words;
use kl_math::numeric::{DoubleDouble, deviance_part, stirling_error};
use std::f64::consts::TAU;

/// Draws the number of failures before the r-th success, any real r > 0: P(X = k) = Γ(k+r)/(k! Γ(r)) pʳ qᵏ for
/// k = 0, 1, 2, …
///
/// * r = 1, the geometric law: ⌊E/−ln q⌋ with E exponential. Exact but for E's own error and steps, and the rounding
///   of the quotient: a number is another than it should be with a chance of some 1e-16/p.
/// * r > 1, where the law is log-concave, and a deviation up to 10¹²: by a look into a table, made as those of the
///   binomial law are, within 2e-13 of the law in total variation.
/// * else a Poisson number whose mean is q/p times a gamma number, within 2e-13 but for the rounding of that mean.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct NegativeBinomial(Method);

#[derive(Debug)]
enum Method {
    Nothing,
    /// −ln q.
    Geometric(f64),
    Table(Box<Table<Law>>),
    /// The odds q/p.
    Mixture(Gamma, f64),
}

/// The widest law that has a table.
const WIDEST: f64 = 1e12;

/// The largest mean of a law that has a table: all values are doubles.
const LARGEST: f64 = 1e15;

/// log₂ of the bytes of the table.
const TABLE_BITS: u32 = 13;

impl NegativeBinomial {
    /// The law of `successes` r > 0 and chances of `success` p ≥ 1e-290 and `failure` q = 1 − p. The smaller of the
    /// two is taken at its word, and the other for what it leaves of 1.
    pub(in crate::simulation::sampler) fn new(successes: f64, success: f64, failure: f64) -> Self {
        let law = Law::new(successes, success, failure);
        let mean = law.mean.to_f64();
        Self(if failure <= 0.0 {
            Method::Nothing
        } else if successes == 1.0 {
            Method::Geometric(if success < failure { -libm::log1p(-success) } else { -libm::log(failure) })
        } else if successes > 1.0 && law.std_dev() < WIDEST && mean < LARGEST {
            Method::Table(Box::new(Table::new(law, TABLE_BITS)))
        } else {
            Method::Mixture(Gamma::new(successes), failure / success)
        })
    }

    /// A number: whole, as a double.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        match &self.0 {
            Method::Nothing => 0.0,
            Method::Geometric(rate) => (exponential(stream) / rate).floor(),
            Method::Table(table) => table.draw_from(stream) as i64 as f64,
            Method::Mixture(gamma, odds) => poisson_once(gamma.draw(stream) * odds, stream),
        }
    }

    /// A number for each place.
    pub(super) fn fill(&self, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        match &self.0 {
            Method::Geometric(rate) => {
                fill_exponential(&fill_longs(stream), stream, numbers);
                // Below 2⁶³ a cast is the same as `floor`, and quicker.
                if *rate > 1e-15 {
                    numbers.iter_mut().for_each(|number| *number = (*number / rate) as i64 as f64);
                } else {
                    numbers.iter_mut().for_each(|number| *number = (*number / rate).floor());
                }
            }
            Method::Table(table) => table.fill(stream, numbers),
            _ => numbers.fill_with(|| self.draw(stream)),
        }
    }
}

/// The law of some r ≥ 1.
#[derive(Clone, Copy, Debug)]
struct Law {
    successes: f64,
    success: f64,
    failure: f64,
    /// rq/p: of a large one not even the last digit is lost.
    mean: DoubleDouble,
    /// δ(r).
    remainder: f64,
}

impl Law {
    fn new(successes: f64, success: f64, failure: f64) -> Self {
        let (p, q) = (DoubleDouble::from(success), DoubleDouble::from(failure));
        let (p, q) = if success < failure { (p, DoubleDouble::ONE - p) } else { (DoubleDouble::ONE - q, q) };
        let mean = DoubleDouble::from(successes) * q / p;
        let remainder = if successes >= 1.0 { stirling_error(successes) } else { 0.0 };
        Self { successes, success: p.to_f64(), failure: q.to_f64(), mean, remainder }
    }
}

impl CountLaw for Law {
    fn last(&self) -> u64 {
        u64::MAX
    }

    /// ⌊(r−1) q/p⌋, or a neighbour whose mass is the same but for rounding.
    fn mode(&self) -> u64 {
        ((self.successes - 1.0) / self.successes * self.mean.to_f64()) as u64
    }

    fn std_dev(&self) -> f64 {
        (self.mean.to_f64() / self.success).sqrt()
    }

    /// In the form of Loader (2000), "Fast and accurate computation of binomial probabilities": with n = k + r,
    /// d = k − nq = p (k − rq/p), h and δ as for the binomial law,
    /// δ(n) − δ(k) − δ(r) − nq h(d/nq) − np h(−d/np) + ½ ln(r/(2π k n)). Error below 4e-15 · (1 + |itself|).
    fn log_mass(&self, k: u64) -> f64 {
        let (r, p, q) = (self.successes, self.success, self.failure);
        if k == 0 {
            return r * if q < p { libm::log1p(-q) } else { libm::log(p) };
        }
        let number = k as f64;
        let n = number + r;
        let offset = p * (DoubleDouble::from(number) - self.mean).to_f64();
        let correction = stirling_error(n) - stirling_error(number) - self.remainder;
        correction - (deviance_part(offset, n * q) + deviance_part(-offset, n * p))
            + 0.5 * libm::log(r / n / (TAU * number))
    }

    fn ratios(&self) -> impl Fn(u64) -> f64 {
        let (r, q) = (self.successes, self.failure);
        move |k| (k as f64 + r) / (k as f64 + 1.0) * q
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, count_chances, gamma_chance, gamma_edges, stream};
    use super::*;

    /// Frozen draws: a change here is value-breaking and bumps `STREAM_VERSION`.
    #[test]
    fn the_first_numbers_are_frozen() {
        let first = |(successes, success): (f64, f64)| {
            let (law, mut stream) = (NegativeBinomial::new(successes, success, 1.0 - success), stream());
            let first: [f64; 6] = std::array::from_fn(|_| law.draw(&mut stream));
            format!("{successes} {success}: {first:?}")
        };
        let laws =
            [(0.3, 0.25), (0.3, 1e-6), (1.0, 0.25), (1.0, 1e-6), (5.5, 0.25), (5.5, 1e-6), (1e4, 0.01), (3.0, 1.0)];
        insta::assert_snapshot!(laws.map(first).join("\n"), @"
        0.3 0.25: [0.0, 3.0, 0.0, 0.0, 0.0, 4.0]
        0.3 0.000001: [37420.0, 508177.0, 5009.0, 273632.0, 127146.0, 54511.0]
        1 0.25: [6.0, 0.0, 1.0, 0.0, 1.0, 1.0]
        1 0.000001: [1859029.0, 128773.0, 315670.0, 101489.0, 498722.0, 523028.0]
        5.5 0.25: [9.0, 22.0, 13.0, 9.0, 17.0, 6.0]
        5.5 0.000001: [3369734.0, 7281705.0, 4636732.0, 3365272.0, 5604314.0, 2651382.0]
        10000 0.01: [981019.0, 998269.0, 987845.0, 980984.0, 991820.0, 976430.0]
        3 1: [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        ");
    }

    #[test]
    fn a_million_numbers_follow_each_law() {
        let laws =
            [(0.01, 0.1), (0.3, 0.25), (0.3, 0.01), (0.9, 0.9), (1.0, 0.75), (1.0, 0.3), (1.0, 1e-3), (1.01, 0.01)];
        for (r, p) in laws.into_iter().chain([(5.5, 0.25), (5.5, 1e-3), (30.0, 0.999), (1e4, 0.5), (1e4, 0.01)]) {
            let (law, mut stream, q) = (NegativeBinomial::new(r, p, 1.0 - p), stream(), 1.0 - p);
            let log_mass = |k: f64| {
                let constant = r * libm::log(p) - libm::lgamma(r);
                libm::lgamma(k + r) - libm::lgamma(k + 1.0) + constant + k * libm::log1p(-p)
            };
            let (edges, chances) = count_chances(log_mass, r * q / p, (r * q).sqrt() / p);
            let draws = (0..1_000_000).map(|_| law.draw(&mut stream));
            assert_follows(draws, &edges, &chances, &format!("{r} {p}"));
        }
    }

    /// There p times the number has nearly the gamma law, with an error of some p.
    #[test]
    fn rare_successes_make_a_gamma_law() {
        for (r, p) in [(0.3, 1e-9), (1.0, 1e-9), (1.5, 1e-9), (5.5, 1e-9), (5.5, 1e-14), (1e3, 1e-9)] {
            let (law, mut stream, edges) = (NegativeBinomial::new(r, p, 1.0 - p), stream(), gamma_edges(r));
            // Smaller numbers are few, and p is no trifle to them.
            let edges: Vec<f64> = edges.into_iter().filter(|&log| log > libm::log(2_000.0 * p)).collect();
            let chances: Vec<f64> = edges.iter().map(|&log| gamma_chance(r, log)).collect();
            let draws = (0..300_000).map(|_| libm::log(law.draw(&mut stream) * p));
            assert_follows(draws, &edges, &chances, &format!("{r} {p}"));
        }
    }

    /// By mpmath, to 17 digits: the formula with 60 digits.
    #[test]
    fn masses_are_those_of_the_law() {
        let cases = [
            (1.5, 0.3, 0, -1.805959206488904),
            (1.5, 0.3, 4, -2.3321166073378174),
            (1.25, 0.75, 30, -40.99469701008495),
            (5.5, 0.2, 20, -3.219042329324002),
            (5.5, 1e-09, 4000000000, -22.44275517843187),
            (10000.0, 0.01, 1001000, -10.741900975040817),
            (10000.0, 0.9, 1000, -9.613734084193743),
            (1000000000000.0, 0.5, 1000003000000, -17.33102155645214),
            (1e+18, 0.9999999999999997, 345, -4.052213005990943),
            (37.25, 0.001, 36000, -9.62434239538619),
        ];
        for (r, p, k, expected) in cases {
            let found = Law::new(r, p, 1.0 - p).log_mass(k);
            assert!((found - expected).abs() < 4e-15 * (1.0 + expected.abs()), "{r} {p} {k}: {found} {expected}");
        }
    }

    #[test]
    fn any_law_can_be_drawn_from() {
        for r in [1e-3, 0.5, 1.0, 1.0 + 1e-9, 40.0, 1e9, 1e15, 1e18] {
            for (p, q) in
                [(1.0, 0.0), (1.0, 1e-300), (1.0 - 1e-12, 1e-12), (0.5, 0.5), (1e-12, 1.0 - 1e-12), (1e-200, 1.0)]
            {
                let (law, mut stream) = (NegativeBinomial::new(r, p, q), stream());
                let (mean, deviation) = (r * (q / p), (r * q).sqrt() / p);
                for _ in 0..200 {
                    let number = law.draw(&mut stream);
                    assert!(number >= 0.0 && number == number.floor(), "{r} {p}: {number}");
                    let reach = 1e-3 + 400.0 * deviation + 1e-15 * mean;
                    assert!((number - mean).abs() <= reach, "{r} {p}: {number} {mean} {deviation}");
                }
            }
        }
    }
}
