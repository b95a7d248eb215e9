//! The cumulant generating function of a whole sequence's log ratio.

use super::pair::ChainPair;
use super::stationary::members;
use super::steps::{Steps, Way};
use crate::numeric::exp_excess;

/// ln E\[e^{sS}\] at one s, and its slope there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainCumulant {
    /// K(s) = ln E\[e^{sS}\], +∞ where that is infinite, −∞ where S is surely infinite and s < 0.
    pub value: f64,
    /// K′(s); +∞ beside an infinite value.
    pub slope: f64,
}

impl ChainPair {
    /// K(s) = ln E\[e^{sS}\] and K′(s) for S of `n` symbols, n ≥ 1, in time O(K³ log n); s is finite.
    ///
    /// K(0) = 0 and K′(0) = E\[S\]. Where S can be +∞, K is infinite for s > 0, and for s < 0 such sequences add
    /// nothing.
    ///
    /// While all |s ln(p/q)| ≤ 1 it is s·E\[S\] plus an excess ≥ 0, each right to about 1e-14 of itself however near Q
    /// is to P (near s = −1, where K is 0 if P and Q cover each other, the two cancel). For larger s it is within about
    /// 1e-15 of n times the largest |s ln(p/q)|.
    ///
    /// ```
    /// use kl_math::chain::{ChainLaw, ChainPair};
    /// use kl_math::numeric::DoubleDouble;
    /// let [half, quarter, rest] = [0.5, 0.25, 0.75].map(DoubleDouble::from);
    /// let source = ChainLaw { initial: &[half; 2], transition: &[half; 4] };
    /// let model = ChainLaw { initial: &[half; 2], transition: &[quarter, rest, half, half] };
    /// // E[Q(x)/P(x)] = 1: K(−1) = 0.
    /// assert!(ChainPair::new(source, model)?.cumulant(100, -1.0).value.abs() < 1e-13);
    /// # Ok::<(), kl_math::chain::ChainError>(())
    /// ```
    pub fn cumulant(&self, n: u64, s: f64) -> ChainCumulant {
        let is_infinite = self.can_be_infinite(n);
        if s == 0.0 {
            return ChainCumulant { value: 0.0, slope: self.mean(n, is_infinite) };
        }
        if is_infinite && s > 0.0 {
            return ChainCumulant { value: f64::INFINITY, slope: f64::INFINITY };
        }
        let finite = || self.log_ratios.iter().filter(|ratio| ratio.is_finite());
        let largest = finite().fold(0.0, |largest, ratio| f64::max(largest, ratio.abs()));
        if is_infinite || largest * s.abs() > 1.0 { self.tilted(n, s) } else { self.near(n, s) }
    }

    /// For small s·ln(p/q): by excesses over the mean.
    pub(super) fn near(&self, n: u64, s: f64) -> ChainCumulant {
        let tilt = Tilt { s };
        let steps = Steps::of(self.entries(|mean| Excess { mean, ..Excess::default() }), &tilt);
        let ends = steps.after(n.saturating_sub(1), vec![Excess::default(); self.states], &|row, ends| {
            tilt.mixed(row.iter().map(|entry| (entry.mass, tilt.joined(&entry.value, &ends[entry.to]))))
        });
        let whole = tilt.mixed(
            self.first_entries()
                .map(|(to, mass, mean)| (mass, tilt.joined(&Excess { mean, ..Excess::default() }, &ends[to]))),
        );
        let mean = self.mean(n, false);
        ChainCumulant { value: s * mean + whole.value, slope: mean + whole.slope }
    }

    /// For any s: sums of p e^{s ln(p/q)} and of that times ln(p/q), scaled.
    pub(super) fn tilted(&self, n: u64, s: f64) -> ChainCumulant {
        let (centre, steps) = (self.centre(), n.saturating_sub(1));
        let power = |mass: f64, ratio: f64| libm::log(mass) + s * (ratio - centre);
        let finite = |from| self.row(from).filter(|(_, _, ratio)| ratio.is_finite());
        // States that P never sees must not set the scale.
        let visited = || members(self.visited);
        let scale = visited().flat_map(finite).map(|(_, mass, ratio)| power(mass, ratio));
        let scale = scale.fold(f64::NEG_INFINITY, f64::max);
        let mut column = Scaled { log: 0.0, sums: vec![[1.0, 0.0]; self.states] };
        if steps > 0 && scale > f64::NEG_INFINITY {
            let mut matrix = Scaled { log: scale, sums: vec![[0.0; 2]; self.states * self.states] };
            for from in visited() {
                for (to, mass, ratio) in finite(from) {
                    let weight = libm::exp(power(mass, ratio) - scale);
                    matrix.sums[from * self.states + to] = [weight, weight * (ratio - centre)];
                }
            }
            let mut left = steps;
            while left > 0 {
                if left & 1 == 1 {
                    column = matrix.times(&column, self.states);
                }
                left >>= 1;
                if left > 0 {
                    matrix = matrix.times(&matrix, self.states);
                }
            }
        } else if steps > 0 {
            column.sums.fill([0.0; 2]);
        }
        // ln of each first symbol's part, and the mean of the rest of the sequence under the tilted law.
        let parts = self.first().filter(|(_, _, ratio)| ratio.is_finite()).map(|(to, mass, ratio)| {
            let [weight, moment] = column.sums[to];
            (libm::log(mass) + s * ratio + libm::log(weight), ratio + moment / weight)
        });
        let parts: Vec<(f64, f64)> = parts.filter(|(log, _)| *log > f64::NEG_INFINITY).collect();
        let top = parts.iter().fold(f64::NEG_INFINITY, |top, (log, _)| f64::max(top, *log));
        let weights = || parts.iter().map(|(log, mean)| (libm::exp(log - top), mean));
        let sum: f64 = weights().map(|(weight, _)| weight).sum();
        if sum == 0.0 {
            return ChainCumulant { value: f64::NEG_INFINITY, slope: f64::INFINITY };
        }
        let moment: f64 = weights().map(|(weight, mean)| weight * mean).sum();
        let centred = steps as f64 * centre;
        ChainCumulant { value: top + libm::log(sum) + column.log + s * centred, slope: centred + moment / sum }
    }
}

/// The mean of a way's sum, what ln E\[e^{s·sum}\] is above s·mean, and how much its slope is above the mean.
#[derive(Clone, Copy, Debug, Default)]
struct Excess {
    mean: f64,
    value: f64,
    slope: f64,
}

/// The excesses at one s.
struct Tilt {
    s: f64,
}

impl Way for Tilt {
    type Value = Excess;

    fn joined(&self, first: &Excess, second: &Excess) -> Excess {
        Excess { mean: first.mean + second.mean, value: first.value + second.value, slope: first.slope + second.slope }
    }

    fn mixed(&self, ways: impl Iterator<Item = (f64, Excess)> + Clone) -> Excess {
        let (mut mean, mut value) = (0.0, 0.0);
        for (chance, way) in ways.clone() {
            mean += chance * way.mean;
            value += chance * way.value;
        }
        let rise = |way: &Excess| (way.value - value) + self.s * (way.mean - mean);
        let top = ways.clone().map(|(_, way)| rise(&way)).fold(f64::NEG_INFINITY, f64::max);
        // The rises have mean 0: so ln Σ chance·e^rise = ln(1 + Σ chance·(e^rise − 1 − rise)).
        let shift = if top > 1.0 { top } else { 0.0 };
        let (mut sum, mut slope, fall) = (0.0, 0.0, libm::exp(-shift));
        for (chance, way) in ways {
            let rise = rise(&way);
            let (excess, growth) = if shift == 0.0 {
                let excess = exp_excess(rise);
                (excess, rise + excess)
            } else {
                let power = libm::exp(rise - shift);
                (power, power - fall)
            };
            sum += chance * excess;
            slope += chance * ((growth + fall) * way.slope + growth * (way.mean - mean));
        }
        if shift == 0.0 {
            Excess { mean, value: value + libm::log1p(sum), slope: slope / (1.0 + sum) }
        } else {
            Excess { mean, value: value + shift + libm::log(sum), slope: slope / sum }
        }
    }
}

/// Sums of e^{s·sum} and of that times the sum, all times e^{−log}.
struct Scaled {
    log: f64,
    sums: Vec<[f64; 2]>,
}

impl Scaled {
    /// A matrix times a matrix or a column, scaled again.
    fn times(&self, other: &Self, states: usize) -> Self {
        let columns = other.sums.len() / states;
        let mut sums = vec![[0.0; 2]; other.sums.len()];
        for (row, sums) in self.sums.chunks_exact(states).zip(sums.chunks_exact_mut(columns)) {
            for ([weight, moment], others) in row.iter().zip(other.sums.chunks_exact(columns)) {
                if *weight > 0.0 {
                    for (sum, other) in sums.iter_mut().zip(others) {
                        sum[0] += weight * other[0];
                        sum[1] += weight * other[1] + moment * other[0];
                    }
                }
            }
        }
        let top = sums.iter().fold(0.0, |top, sum| f64::max(top, sum[0]));
        if top > 0.0 {
            sums.iter_mut().flatten().for_each(|sum| *sum /= top);
        }
        Self { log: self.log + other.log + if top > 0.0 { libm::log(top) } else { 0.0 }, sums }
    }
}
