//! The binomial law to full relative accuracy, far into its tails and for any number of trials.

use std::f64::consts::TAU;

use super::gauss_legendre::{NEGLIGIBLE_PART, segment_integral};
use crate::numeric::{DoubleDouble, deviance_part, stirling_error};

/// How much the rigorous p-value is rounded upward, relatively: it bounds the error of every tail.
///
/// The parts, each as a relative error of a tail not below 1e-308 (u = 2⁻⁵³, λ the fall of the log-mass
/// per step, σ the standard deviation):
/// * the log-mass at the inner end, at most 800 in size, some thirty roundings: 30 · 800 u < 3e-12;
/// * then for σ ≤ 1000 the recurrence, 5 roundings for each of at most 10⁴ terms: 5·10⁴ u < 6e-12;
/// * or for σ > 1000, where λ ≤ 0.041, what Euler–Maclaurin leaves out, 31 λ⁶/967 680 < 2e-13 and the
///   skewness in f‴, (7/5760) 4λ³/σ² < 4e-13; and the error of 8-point Gauss–Legendre on segments at most
///   2/λ and σ long, < 1e-13;
/// * what is cut off: < 1e-14.
///
/// A complement 1 − x with x ≤ ¾ multiplies the error of x by at most 3: together below 4e-11.
const TAIL_ERROR: f64 = 1e-10;

/// Below this log-mass even 2⁵³ equal terms sum to less than the least positive double, e^−744.4.
const NEGLIGIBLE_LOG: f64 = -800.0;

/// Up to this standard deviation a tail is summed term by term; beyond, by Euler–Maclaurin.
const DIRECT_DEVIATION: f64 = 1000.0;

/// The law of X, the number of successes in n independent trials: P(X = k) = C(n, k) pᵏ qⁿ⁻ᵏ.
///
/// Every probability has a relative error below 1e-10, for n ≤ 2⁵³ and any p, as long as it is a
/// normal double; smaller ones fade into the subnormal numbers and to 0. None is negative, above 1
/// or NaN. A call takes less than a millisecond whatever n is.
///
/// The mass has the saddle-point form of Loader (2000), "Fast and accurate computation of binomial
/// probabilities": with d = k − np, h(t) = (1+t) ln(1+t) − t and Stirling's remainder δ,
///
/// ln P(X = k) = δ(n) − δ(k) − δ(n−k) − np·h(d/np) − nq·h(−d/nq) + ½ ln(n / (2π k (n−k))),
///
/// where no term cancels another. A tail is the mass at its inner end times a sum of ratios, all
/// positive and falling.
///
/// ```
/// use kl_math::law::Binomial;
/// use kl_math::numeric::DoubleDouble;
/// let half = DoubleDouble::ratio(1, 2);
/// let coins = Binomial::new(10, half, half);
/// assert!((coins.upper_tail(9) - 11.0 / 1024.0).abs() < 1e-15);
/// assert!((coins.two_sided_p_value(9) - 22.0 / 1024.0).abs() < 1e-11);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binomial {
    trials: u64,
    success: DoubleDouble,
    failure: DoubleDouble,
}

impl Binomial {
    /// The law of `trials` ≤ 2⁵³ trials, each a success with probability `success`;
    /// `success` + `failure` = 1 to 106 bits, both in [0, 1].
    pub fn new(trials: u64, success: DoubleDouble, failure: DoubleDouble) -> Self {
        Self { trials, success, failure }
    }

    /// n.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// n p.
    pub fn mean(&self) -> f64 {
        self.trials as f64 * self.success.to_f64()
    }

    /// √(n p q).
    pub fn std_dev(&self) -> f64 {
        (self.mean() * self.failure.to_f64()).sqrt()
    }

    /// P(X = k), the exponential of [`log_mass`](Self::log_mass): 0 for k > n. Relative error below
    /// 3e-12 while it is a normal double.
    pub fn mass(&self, k: u64) -> f64 {
        libm::exp(self.log_mass(k)).min(1.0)
    }

    /// ln P(X = k), −∞ where that is impossible; error below 4e-15 · (1 + |ln P(X = k)|).
    pub fn log_mass(&self, k: u64) -> f64 {
        let n = self.trials as f64;
        if k > self.trials {
            f64::NEG_INFINITY
        } else if self.trials == 0 {
            0.0
        } else if k == 0 {
            n * log_probability(self.failure, self.success)
        } else if k == self.trials {
            n * log_probability(self.success, self.failure)
        } else {
            self.log_density(k as f64, (self.trials - k) as f64, self.offset(k))
        }
    }

    /// ln [P(X = k)/P(X = m)], m the [`mode`](Self::mode): what [`log_mass`](Self::log_mass) says, without the
    /// part that both share. Error below 1e-15 · (1 + |itself|) where k and m are inside (0, n), else that of
    /// `log_mass`.
    pub fn log_mass_from_mode(&self, k: u64) -> f64 {
        let mode = self.mode();
        let is_inside = |k: u64| 0 < k && k < self.trials;
        if !(is_inside(k) && is_inside(mode)) {
            return self.log_mass(k) - self.log_mass(mode);
        }
        let parts = |k: u64| {
            let (n, offset) = (self.trials as f64, self.offset(k));
            let deviance =
                deviance_part(offset, n * self.success.to_f64()) + deviance_part(-offset, n * self.failure.to_f64());
            (deviance, stirling_error(k as f64) + stirling_error((self.trials - k) as f64))
        };
        let ((here, correction), (top, top_correction)) = (parts(k), parts(mode));
        let spread = (mode as f64 / k as f64) * ((self.trials - mode) as f64 / (self.trials - k) as f64);
        (top - here) + (top_correction - correction) + 0.5 * libm::log(spread)
    }

    /// P(X = k+1)/P(X = k), k < n.
    pub fn ratio_above(&self, k: u64) -> f64 {
        (self.trials - k) as f64 / (k + 1) as f64 * self.odds()
    }

    /// p/q.
    pub fn odds(&self) -> f64 {
        (self.success / self.failure).to_f64()
    }

    /// P(X = k)/P(X = m), m the [`mode`](Self::mode), for all k from the first returned on at which that is at least
    /// `least`; to 26 digits for up to 10⁴ of them, by the ratios of neighbours.
    ///
    /// ```
    /// use kl_math::law::Binomial;
    /// use kl_math::numeric::DoubleDouble;
    /// let half = DoubleDouble::ratio(1, 2);
    /// let (first, weights) = Binomial::new(4, half, half).weights(1e-40);
    /// assert_eq!((first, weights[1]), (0, DoubleDouble::ratio(4, 6)));
    /// ```
    pub fn weights(&self, least: f64) -> (u64, Vec<DoubleDouble>) {
        let (n, mode) = (self.trials, self.mode());
        let whole = |k: u64| DoubleDouble::from(k as f64);
        let mut above = Vec::new();
        let (mut k, mut weight) = (mode, DoubleDouble::ONE);
        let odds = self.success / self.failure;
        while k < n {
            weight = weight * odds * whole(n - k) / whole(k + 1);
            k += 1;
            if weight.to_f64() < least {
                break;
            }
            above.push(weight);
        }
        let mut weights = Vec::new();
        let (mut k, mut weight) = (mode, DoubleDouble::ONE);
        let odds = self.failure / self.success;
        while k > 0 {
            weight = weight * odds * whole(k) / whole(n - k + 1);
            if weight.to_f64() < least {
                break;
            }
            k -= 1;
            weights.push(weight);
        }
        weights.reverse();
        weights.push(DoubleDouble::ONE);
        weights.extend(above);
        (k, weights)
    }

    /// P(X ≤ k), within 1e-10 of itself.
    pub fn lower_tail(&self, k: u64) -> f64 {
        self.mass_between(0, k)
    }

    /// P(X ≥ k), within 1e-10 of itself.
    pub fn upper_tail(&self, k: u64) -> f64 {
        self.mass_between(k, self.trials)
    }

    /// P(low ≤ X ≤ high), within 1e-10 of itself; 0 if low > high.
    ///
    /// On one side of the mode it is summed outward. Around the mode it is one less what lies outside,
    /// unless that is most of it; then both sides are summed.
    pub fn mass_between(&self, low: u64, high: u64) -> f64 {
        let (n, mode) = (self.trials, self.mode());
        let high = high.min(n);
        if low > high {
            return 0.0;
        }
        let (above, below) = (self, self.reflected());
        let mass = if low > mode {
            above.outward(low, high)
        } else if high < mode {
            below.outward(n - high, n - low)
        } else {
            let outside = above.outward(high + 1, n) + below.outward(n - low + 1, n);
            if outside <= 0.75 {
                1.0 - outside
            } else {
                above.outward(mode, high) + below.outward(n - mode + 1, n - low)
            }
        };
        mass.min(1.0)
    }

    /// min(1, 2 min(P(X ≤ k), P(X ≥ k))), rounded upward: never below the truth, and above it by 2e-10
    /// of itself at most.
    ///
    /// Where the truth is less than the least normal double it is that double, 2.2e-308; it is 0 only
    /// where k is impossible (p = 0 < k, p = 1 with k < n, or k > n).
    pub fn two_sided_p_value(&self, k: u64) -> f64 {
        let none = self.success == DoubleDouble::ZERO;
        let all = self.failure == DoubleDouble::ZERO;
        if k > self.trials || (none && k > 0) || (all && k < self.trials) {
            return 0.0;
        }
        let tail = self.lower_tail(k).min(self.upper_tail(k));
        (2.0 * tail * (1.0 + TAIL_ERROR)).clamp(f64::MIN_POSITIVE, 1.0)
    }

    /// The law of n − X.
    fn reflected(&self) -> Self {
        Self { trials: self.trials, success: self.failure, failure: self.success }
    }

    /// ⌊(n+1) p⌋, give or take one by rounding: a tail's terms still fall, but for a part 1/n of one.
    pub fn mode(&self) -> u64 {
        let mode = (DoubleDouble::from(self.trials as f64 + 1.0) * self.success).to_f64();
        (mode as u64).min(self.trials)
    }

    /// k − np, in which up to fifteen digits cancel, right to the last bit.
    fn offset(&self, k: u64) -> f64 {
        (DoubleDouble::from(k as f64) - DoubleDouble::from(self.trials as f64) * self.success).to_f64()
    }

    /// Loader's form of ln P(X = x), which is smooth in x between 0 and n. `y` is n − x and `offset` x − np:
    /// near 2⁵³ the difference of the rounded n and x would be too coarse for either.
    fn log_density(&self, x: f64, y: f64, offset: f64) -> f64 {
        let n = self.trials as f64;
        let deviance =
            deviance_part(offset, n * self.success.to_f64()) + deviance_part(-offset, n * self.failure.to_f64());
        let correction = stirling_error(n) - stirling_error(x) - stirling_error(y);
        correction - deviance + 0.5 * libm::log(n / (TAU * x * y))
    }

    /// P(low ≤ X ≤ high) for low ≥ mode; 0 if low > high.
    fn outward(&self, low: u64, high: u64) -> f64 {
        let first = self.log_mass(low);
        if low > high || first < NEGLIGIBLE_LOG {
            return 0.0;
        }
        let variance = self.trials as f64 * self.success.to_f64() * self.failure.to_f64();
        let deviation = variance.sqrt();
        let ratio = if deviation <= DIRECT_DEVIATION {
            self.sum_of_ratios(low, high)
        } else {
            self.integral_of_ratios(low, high, first, deviation)
        };
        libm::exp(first + libm::log(ratio))
    }

    /// Σ P(X = j) / P(X = low) over low ≤ j ≤ high, by P(X = j+1) / P(X = j) = (n−j) p / ((j+1) q).
    fn sum_of_ratios(&self, low: u64, high: u64) -> f64 {
        let odds = self.odds();
        let (mut term, mut sum) = (1.0, 1.0);
        for j in low..high {
            term *= (self.trials - j) as f64 / (j + 1) as f64 * odds;
            sum += term;
            if term < NEGLIGIBLE_PART * sum {
                break;
            }
        }
        sum
    }

    /// The same sum for a large deviation σ, by Euler–Maclaurin at the midpoints a = low − ½, b = high + ½:
    /// Σ f(j) = ∫ f dx + [g(a) − g(b)], g = f′/24 − 7 f‴/5760 + …, where f′ = λf and nearly
    /// f‴ = (λ³ − 3λ/σ²) f.
    fn integral_of_ratios(&self, low: u64, high: u64, log_first: f64, deviation: f64) -> f64 {
        let (start, rest) = (low as f64 - 0.5, (self.trials - low) as f64 + 0.5);
        let offset = self.offset(low) - 0.5;
        let density = |s: f64| libm::exp(self.log_density(start + s, rest - s, offset + s) - log_first);
        // λ = ln [P(X = x+½) / P(X = x−½)] is the slope of the log-density at x up to O(x⁻²).
        let end_correction = |s: f64| {
            let (p, q) = (self.success.to_f64(), self.failure.to_f64());
            let slope = libm::log1p((p - 0.5 - (offset + s)) / ((start + s + 0.5) * q));
            density(s) * slope / 24.0 * (1.0 - (slope * slope - 3.0 / (deviation * deviation)) * 7.0 / 240.0)
        };
        let length = (high - low + 1) as f64;
        let mut sum = end_correction(0.0);
        let mut position = 0.0;
        while position < length {
            // The density falls by about e² over a segment, or the segment is one deviation long.
            let width = 2.0 * deviation / (2.0 + (offset + position).abs() / deviation);
            let half = 0.5 * width.min(length - position);
            let integral = segment_integral(position, half, density);
            sum += integral;
            position += 2.0 * half;
            if integral < NEGLIGIBLE_PART * sum {
                break;
            }
        }
        sum - end_correction(position)
    }
}

/// ln p, accurate for p near 1 too.
fn log_probability(p: DoubleDouble, complement: DoubleDouble) -> f64 {
    if p.to_f64() > 0.5 { libm::log1p(-complement.to_f64()) } else { libm::log(p.to_f64()) }
}

#[cfg(test)]
mod tests;
