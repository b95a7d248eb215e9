//! Moments of two estimates of each trial.

use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};

/// What differs by so small a part of its terms differs by rounding: estimates that are the same but for it.
const ROUNDING: f64 = 1e-12;

/// Power sums of the estimates a and b that two estimators make of the same trials, each about a centre of its own that
/// lies near its mean: Σ (a−α)ⁱ (b−β)ʲ with i + j ≤ 4, as far as performance measures need them.
///
/// ```
/// use kl_math::statistics::JointMoments;
/// let mut moments = JointMoments::about([2.0, 2.0]);
/// for (a, b) in [(1.0, 1.5), (3.0, 2.5), (5.0, 3.5), (-1.0, 0.5)] {
///     moments.push([a, b], 1);
/// }
/// // b strays half as far as a.
/// let (gain, error) = moments.precision_gain().expect("four trials");
/// assert!((gain - 300.0).abs() < 1e-10 && error < 1e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct JointMoments {
    #[serde(skip)]
    centres: [f64; 2],
    count: u64,
    /// The sums of powers 1 to 4 of each.
    powers: [[f64; 4]; 2],
    /// Σ ab, Σ a²b, Σ ab², Σ a²b².
    products: [f64; 4],
}

/// Central moments of one of the two, about its sample mean: Σ dᵏ/n for k = 2, 3, 4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CentralMoments {
    /// How many there are.
    pub count: f64,
    /// The sample mean less the centre.
    pub deviation: f64,
    /// Σ d²/n, Σ d³/n, Σ d⁴/n.
    pub powers: [f64; 3],
}

impl JointMoments {
    /// No trial yet.
    pub fn about(centres: [f64; 2]) -> Self {
        Self { centres, count: 0, powers: [[0.0; 4]; 2], products: [0.0; 4] }
    }

    /// About which values the powers are taken.
    pub fn centres(&self) -> [f64; 2] {
        self.centres
    }

    /// The finite estimates of `trials` more trials.
    pub fn push(&mut self, estimates: [f64; 2], trials: u64) {
        let times = trials as f64;
        let [a, b] = [estimates[0] - self.centres[0], estimates[1] - self.centres[1]];
        let (aa, bb) = (a * a, b * b);
        self.count += trials;
        for (sums, (x, xx)) in self.powers.iter_mut().zip([(a, aa), (b, bb)]) {
            for (sum, power) in sums.iter_mut().zip([x, xx, xx * x, xx * xx]) {
                *sum += times * power;
            }
        }
        for (sum, product) in self.products.iter_mut().zip([a * b, aa * b, a * bb, aa * bb]) {
            *sum += times * product;
        }
    }

    /// The moments of the first or the second about its own mean; none without a trial.
    pub fn central(&self, which: usize) -> Option<CentralMoments> {
        let sums = self.powers.get(which).filter(|_| self.count > 0)?;
        let count = self.count as f64;
        let [m1, m2, m3, m4] = sums.map(|sum| sum / count);
        let square = m1 * m1;
        Some(CentralMoments {
            count,
            deviation: m1,
            powers: [
                (m2 - square).max(0.0),
                m3 - 3.0 * m1 * m2 + 2.0 * m1 * square,
                (m4 - 4.0 * m1 * m3 + 6.0 * square * m2 - 3.0 * square * square).max(0.0),
            ],
        })
    }

    /// 100 \[(S_a/S_b)² − 1\] in percent, how many more trials a needs to be as exact as b, and its standard error: that of the
    /// infinitesimal jackknife, 100 (S_a/S_b)² √(Σ(aᵢ²/M_a − bᵢ²/M_b)²/(n(n−1))) with aᵢ, bᵢ the distances from the sample means
    /// and M the means of their squares. It assumes no law (Efron 1982, chapter 6; the measure is Morris, White & Crowther
    /// 2019, table 6). None with fewer than four trials, or where b does not stray.
    pub fn precision_gain(&self) -> Option<(f64, f64)> {
        let [a, b] = [self.central(0)?, self.central(1)?];
        let (square_a, square_b) = (a.powers[0], b.powers[0]);
        if self.count < 4 || square_b <= 0.0 || square_a <= 0.0 {
            return None;
        }
        let count = a.count;
        let (m, k) = (a.deviation, b.deviation);
        let [ab, aab, abb, aabb] = self.products.map(|sum| sum / count);
        let [aa, bb] = [self.powers[0][1] / count, self.powers[1][1] / count];
        // Σ (a−m)² (b−k)²/n.
        let both =
            aabb - 2.0 * k * aab - 2.0 * m * abb + k * k * aa + m * m * bb + 4.0 * m * k * ab - 3.0 * m * m * k * k;
        let terms = [
            a.powers[2] / (square_a * square_a),
            -2.0 * both / (square_a * square_b),
            b.powers[2] / (square_b * square_b),
        ];
        let size: f64 = terms.iter().map(|term| term.abs()).sum();
        let spread = Some(terms.iter().sum::<f64>()).filter(|&spread| spread > ROUNDING * size).unwrap_or(0.0);
        let ratio = square_a / square_b;
        let excess = Some(ratio - 1.0).filter(|excess| excess.abs() > ROUNDING).unwrap_or(0.0);
        Some((100.0 * excess, 100.0 * ratio * (spread / (count - 1.0)).sqrt()))
    }
}

impl Summary for JointMoments {
    fn merge(&mut self, later: Self) {
        self.count += later.count;
        for (sums, more) in self.powers.iter_mut().zip(later.powers) {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        self.products.iter_mut().zip(later.products).for_each(|(sum, more)| *sum += more);
    }
}

impl Restore for JointMoments {
    fn restore(self, empty: &Self, trials: u64) -> Option<Self> {
        let is_number = self.powers.as_flattened().iter().chain(&self.products).all(|sum| !sum.is_nan());
        (self.count <= trials && is_number).then_some(Self { centres: empty.centres, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: [[f64; 2]; 7] =
        [[0.3, -1.0], [1.9, 0.4], [-0.7, 0.2], [0.05, 2.5], [0.8, -0.6], [2.2, 1.1], [-1.4, 0.9]];

    fn moments() -> JointMoments {
        let mut moments = JointMoments::about([0.5, 0.25]);
        PAIRS.iter().for_each(|&pair| moments.push(pair, 1));
        moments
    }

    #[test]
    fn central_moments_are_those_of_two_passes() {
        for which in 0..2 {
            let values = PAIRS.map(|pair| pair[which]);
            let mean = values.iter().sum::<f64>() / 7.0;
            let found = moments().central(which).unwrap();
            assert!((found.deviation + [0.5, 0.25][which] - mean).abs() < 1e-15);
            for (power, found) in (2..5).zip(found.powers) {
                let direct =
                    values.iter().map(|value| (0..power).fold(1.0, |all, _| all * (value - mean))).sum::<f64>() / 7.0;
                assert!((direct - found).abs() < 1e-14, "{power}");
            }
        }
    }

    /// Against trial after trial left out, by finite differences of the weight of each trial.
    #[test]
    fn the_error_of_a_gain_is_what_single_trials_move() {
        let gain_of = |weights: &[f64]| {
            let total: f64 = weights.iter().sum();
            let square = |which: usize| {
                let mean = PAIRS.iter().zip(weights).map(|(pair, weight)| weight * pair[which]).sum::<f64>() / total;
                PAIRS.iter().zip(weights).map(|(pair, w)| w * (pair[which] - mean) * (pair[which] - mean)).sum::<f64>()
                    / total
            };
            100.0 * (square(0) / square(1) - 1.0)
        };
        let even = [1.0 / 7.0; 7];
        let step = 1e-6;
        let influence = |trial: usize| {
            let mut weights = even.map(|weight| weight * (1.0 - step));
            weights[trial] += step;
            (gain_of(&weights) - gain_of(&even)) / step
        };
        let squares: f64 = (0..7).map(|trial| influence(trial) * influence(trial)).sum();
        let (gain, error) = moments().precision_gain().unwrap();
        assert!((gain - gain_of(&even)).abs() < 1e-10);
        assert!((error / (squares / 42.0).sqrt() - 1.0).abs() < 1e-4, "{error} {}", (squares / 42.0).sqrt());
    }

    /// Two estimators that are one but for rounding: neither is the more exact.
    #[test]
    fn rounding_is_no_gain() {
        let mut moments = JointMoments::about([0.5, 0.5]);
        PAIRS.iter().for_each(|&[a, _]| moments.push([a, a * (1.0 + f64::EPSILON)], 1));
        assert_eq!(moments.precision_gain(), Some((0.0, 0.0)));
    }

    #[test]
    fn trials_that_come_apart_merge() {
        let (mut some, mut more) = (JointMoments::about([0.5, 0.25]), JointMoments::about([0.5, 0.25]));
        PAIRS[..3].iter().for_each(|&pair| some.push(pair, 1));
        PAIRS[3..].iter().for_each(|&pair| more.push(pair, 1));
        some.merge(more);
        let (one, other) = (some.precision_gain().unwrap(), moments().precision_gain().unwrap());
        assert!((one.0 - other.0).abs() < 1e-12 && (one.1 - other.1).abs() < 1e-12);
        let mut twice = JointMoments::about([0.5, 0.25]);
        PAIRS.iter().for_each(|&pair| twice.push(pair, 2));
        assert!((twice.precision_gain().unwrap().0 - other.0).abs() < 1e-12);
    }
}
