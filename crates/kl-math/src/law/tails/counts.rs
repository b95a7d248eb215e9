//! Probabilities of sets of counts, to full relative accuracy, for a law known by its mass.

use super::gauss_legendre::{NEGLIGIBLE_PART, segment_integral};
use super::p_value::two_sided;

/// Below this log-mass even 10¹⁸ equal terms sum to less than the least positive double, e^−744.4.
const NEGLIGIBLE_LOG: f64 = -800.0;

/// Masses of sets up to this size, and of counts up to it, are summed one by one.
const DIRECT: f64 = 1000.0;

/// So they are where the log-mass changes by more than this from one count to the next, …
const STEEP: f64 = 0.02;

/// … or its slope by more than this.
const BENT: f64 = 1e-4;

/// Beyond, not every whole number is a double.
const WHOLE: f64 = 4_503_599_627_370_496.0; // 2^52

/// A law on the counts 0, 1, 2, …, whose mass rises to a mode and then falls.
///
/// A set beside the mode is summed outward from its inner end, a positive multiple of the first mass: one by one, by
/// the ratios of neighbours, where there are few probabilities or they change quickly; elsewhere by Euler–Maclaurin at
/// midpoints, Σ f(j) = ∫f + [g(low − ½) − g(high + ½)], g = f′/24 − 7 f‴/5760 + …, of a smooth f that agrees with the
/// probabilities. What that leaves out, 31 f⁽⁵⁾/967 680 and on, is < 3e-13 f where |f′/f| ≤ 0.02 and |(f′/f)′| ≤ 1e-4.
///
/// A point is a count k and a shift s from it, so that neighbours can be told apart beyond 2⁵³ too.
pub(super) trait Counts {
    /// The count of the largest mass, give or take rounding.
    fn mode(&self) -> f64;

    /// The logarithm of the mass at k ≥ 0.
    fn log_mass_at(&self, k: f64) -> f64;

    /// ln f at k + s > 0.
    fn log_density(&self, k: f64, s: f64) -> f64;

    /// The slope of ln f at k + s ≥ 1000, within 1e-13.
    fn slope(&self, k: f64, s: f64) -> f64;

    /// Nearly the slope of the slope, at k + s ≥ 1000.
    fn curvature(&self, k: f64, s: f64) -> f64;

    /// The mass at k + 1 by that at k.
    fn ratio(&self, k: f64) -> f64;

    /// P(X ≤ x).
    fn below(&self, x: f64) -> f64 {
        self.between(0.0, x)
    }

    /// P(X ≥ x).
    fn above(&self, x: f64) -> f64 {
        self.between(x, f64::INFINITY)
    }

    /// P(low ≤ X ≤ high); 0 where no count is.
    ///
    /// On one side of the mode it is summed outward. Around the mode it is one less what lies outside, unless that is
    /// most of it; then both sides are summed.
    fn between(&self, low: f64, high: f64) -> f64 {
        let (low, high, mode) = (low.ceil().max(0.0), high.floor(), self.mode());
        if high.is_nan() || low > high || low == f64::INFINITY {
            return 0.0;
        }
        let size = (high - low) + 1.0;
        let mass = if low > mode {
            self.outward(1.0, low, 0.0, size)
        } else if high < mode {
            self.outward(-1.0, high, 0.0, size)
        } else {
            let above = if high < f64::INFINITY { self.outward(1.0, high, 1.0, f64::INFINITY) } else { 0.0 };
            let outside = above + self.outward(-1.0, low, -1.0, low);
            if outside <= 0.75 {
                1.0 - outside
            } else {
                self.outward(1.0, mode, 0.0, high - mode + 1.0) + self.outward(-1.0, mode, -1.0, mode - low)
            }
        };
        mass.clamp(0.0, 1.0)
    }

    /// The p-value of x, 0 where `is_impossible`.
    fn p_value(&self, x: f64, is_impossible: bool) -> f64 {
        if is_impossible { 0.0 } else { two_sided(self.below(x), self.above(x)) }
    }

    /// The sum of `size` probabilities from k + `shift` on, upward for `sign` 1 and downward for −1.
    fn outward(&self, sign: f64, k: f64, shift: f64, size: f64) -> f64 {
        let (k, shift) = if k < WHOLE { (k + shift, 0.0) } else { (k, shift) };
        if size <= 0.0 || k + shift < 0.0 {
            return 0.0;
        }
        let first = if shift == 0.0 { self.log_mass_at(k) } else { self.log_density(k, shift) };
        if first.is_nan() || first < NEGLIGIBLE_LOG {
            return 0.0;
        }
        let is_smooth = |s: f64| {
            size > DIRECT && k + s >= DIRECT && self.slope(k, s).abs() <= STEEP && self.curvature(k, s).abs() <= BENT
        };
        let density = |u: f64| libm::exp(self.log_density(k, shift + sign * u) - first);
        // f′/24 − 7 f‴/5760, outward.
        let correction = |u: f64| {
            let s = shift + sign * u;
            let (slope, curvature) = (sign * self.slope(k, s), self.curvature(k, s));
            density(u) * slope / 24.0 * (1.0 - (slope * slope + 3.0 * curvature) * 7.0 / 240.0)
        };
        // So many probabilities are in the sum, and `term` is the next one.
        let (mut done, mut sum, mut term) = (0.0, 0.0, 1.0);
        while done < size {
            let here = shift + sign * done;
            if !is_smooth(here) {
                sum += term;
                done += 1.0;
                let next = k + here;
                term *= if sign > 0.0 { self.ratio(next) } else { 1.0 / self.ratio(next - 1.0) };
                if term.is_nan() || term <= NEGLIGIBLE_PART * sum {
                    break;
                }
                continue;
            }
            // As many segments as are smooth, each of a whole number of counts.
            sum += correction(done - 0.5);
            let mut is_over = false;
            while done < size && !is_over && is_smooth(shift + sign * done) {
                let s = shift + sign * done;
                let bend = self.curvature(k, s).abs().sqrt();
                let width = (2.0 / (2.0 * bend + self.slope(k, s).abs())).min(0.25 * (k + s)).floor();
                let width = width.max(1.0).min(size - done);
                let part = segment_integral(done - 0.5, 0.5 * width, density);
                sum += part;
                done += width;
                is_over = part.is_nan() || part <= NEGLIGIBLE_PART * sum;
            }
            sum -= correction(done - 0.5);
            if is_over {
                break;
            }
            if done < size {
                term = density(done);
            }
        }
        libm::exp(first + libm::log(sum))
    }
}
