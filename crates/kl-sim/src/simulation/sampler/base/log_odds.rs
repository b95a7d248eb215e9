//! Beta numbers with their logarithms.

use super::batch::{BATCH, Longs};
use super::branchless::{exp, log_one_plus};
use super::layers::{Density, Layers, Sides};
use super::log_gamma::{FEW_TIMES, gamma_area};
use crate::simulation::words::Words;
use kl_math::numeric::exp_excess;

/// Draws ln X and ln(1 − X) from the beta law of one a, b > 0: density x^(a−1) (1−x)^(b−1)/B(a, b) for 0 < x < 1. Made once,
/// drawn from often.
///
/// The log odds ln(X/(1−X)) are drawn from their own density by [`Layers`]: the law is the beta one to 2e-14 in total
/// variation. Neither logarithm is ever infinite.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct LogShares {
    /// ln(a/b).
    centre: f64,
    layers: Box<Layers<LogOdds, 256>>,
}

impl LogShares {
    /// The law of a and b, positive and finite.
    pub(in crate::simulation::sampler) fn new(a: f64, b: f64) -> Self {
        Self { centre: libm::log(a) - libm::log(b), layers: Box::new(Layers::new(LogOdds::new(a, b))) }
    }

    /// ln X and ln(1 − X).
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> [f64; 2] {
        self.pair(self.layers.draw(stream))
    }

    /// ln(X/(1 − X)), with the digits near 0 that the difference of the two has lost.
    #[inline]
    pub(super) fn log_odds(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        self.centre + self.layers.draw(stream)
    }

    /// The same for a whole batch.
    #[inline]
    pub(super) fn fill_log_odds(&self, longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        self.layers.fill(longs, stream, numbers);
        numbers.iter_mut().for_each(|odds| *odds += self.centre);
    }

    #[inline]
    pub(super) fn fill(&self, longs: &Longs, stream: &mut (impl Words + ?Sized), pairs: &mut [[f64; 2]; BATCH]) {
        let mut odds = [0.0; BATCH];
        self.layers.fill(longs, stream, &mut odds);
        for (pair, odds) in pairs.iter_mut().zip(odds) {
            *pair = self.pair(odds);
        }
    }

    #[inline]
    fn pair(&self, odds: f64) -> [f64; 2] {
        let odds = self.centre + odds;
        let remainder = log_one_plus(exp(-odds.abs()));
        let (below, above) = if odds < 0.0 { (odds, 0.0) } else { (0.0, odds) };
        [below - remainder, -above - remainder]
    }
}

/// The density of y = ln(X/(1−X)) − ln(a/b), X of the beta law of a and b: e^{ay}/(1 + μ(e^y − 1))^{a+b}, μ = a/(a+b), up to
/// a factor. Its top is at 0, and its logarithm is concave for any a, b > 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogOdds {
    a: f64,
    b: f64,
    /// μ and 1 − μ.
    mean: f64,
    rest: f64,
}

impl LogOdds {
    pub(super) fn new(a: f64, b: f64) -> Self {
        Self { a, b, mean: a / (a + b), rest: b / (a + b) }
    }
}

impl Density for LogOdds {
    const SIDES: Sides = Sides::Both;

    /// With d = ln(X/μ) and e = ln((1−X)/(1−μ)) it is −a (e^d − 1 − d) − b (e^e − 1 − e), as a e^d + b e^e is a + b.
    fn log(&self, y: f64) -> f64 {
        if self.a + self.b < FEW_TIMES {
            // The same, short of the digits that differences lose.
            let whole = self.a + self.b;
            return if y < 0.0 {
                self.a * y - whole * log_mean_exp(self.mean, self.rest, y)
            } else {
                -self.b * y - whole * log_mean_exp(self.rest, self.mean, -y)
            };
        }
        let (log, log_rest) = (-log_mean_exp(self.rest, self.mean, -y), -log_mean_exp(self.mean, self.rest, y));
        -(self.a * exp_excess(log) + self.b * exp_excess(log_rest))
    }

    /// (a+b) (μ − X).
    fn slope(&self, y: f64) -> f64 {
        let (size, other, share) = if y < 0.0 { (y, self.rest, self.mean) } else { (-y, self.mean, self.rest) };
        let slope = self.a * self.rest * libm::expm1(size) / (other + share * libm::exp(size));
        if y < 0.0 { -slope } else { slope }
    }

    /// Γ(a) (e/a)ᵃ Γ(b) (e/b)ᵇ / (Γ(a+b) (e/(a+b))ᵃ⁺ᵇ).
    fn area(&self) -> f64 {
        let (large, small) = (self.a.max(self.b), self.a.min(self.b));
        gamma_area(small) * (gamma_area(large) / gamma_area(large + small))
    }
}

/// ln(p e^y + q), p + q = 1, in a form that loses no digits.
fn log_mean_exp(p: f64, q: f64, y: f64) -> f64 {
    /// From here on e^y may be larger than doubles are.
    const LARGE: f64 = 700.0;
    if y > LARGE {
        y + libm::log(p + q * libm::exp(-y))
    } else if p < 0.5 || y > -1.0 {
        libm::log1p(p * libm::expm1(y))
    } else {
        libm::log(q + p * libm::exp(y))
    }
}
