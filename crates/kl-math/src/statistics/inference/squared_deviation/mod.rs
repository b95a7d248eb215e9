//! A rigorous test of the variance: the tail of (1/R) Σ (Lᵢ − D)².

mod density;

use super::interpolated::Interpolated;
use super::tail_bound::{from_exponent, two_sided_bound};
use super::{TailMethod, two_sided_p_value};
use crate::divergence::{CumulantFunction, FiniteCumulants};
use crate::law::Atom;
use density::SquareOfMean;
use std::sync::{Arc, OnceLock};

/// The law of g² = (L − D)²/Var\[L\], as far as a Chernoff bound needs it. E\[g²\] = 1.
///
/// A z-test of S² will not do: at a nominal 1e-7 it fires four thousand times per million on two trials.
#[derive(Clone, Debug)]
pub struct SquaredDeviation(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// Every atom of the estimate's law is known.
    Exact(FiniteCumulants),
    /// The law has too many atoms, but L is a mean of N copies of a symbol's log ratio.
    Mean(MeanOfSymbols),
    /// L is a mean of independent contributions, whose squares need have no exponential mean.
    Capped(Capped),
}

#[derive(Clone, Debug)]
struct MeanOfSymbols {
    /// K of a symbol's log ratio about D, or a function that is nowhere smaller.
    symbol: FiniteCumulants,
    /// The same of the values themselves, for the lower tail; none if they are too many.
    ungathered: Option<FiniteCumulants>,
    variance: f64,
    n: f64,
    /// E\[g⁴\] = 3 + excess kurtosis.
    fourth_moment: f64,
}

impl SquaredDeviation {
    /// From the exact law of an estimate with this mean and variance.
    ///
    /// Of very many atoms the squares g² are gathered: e^{±ug²} is convex in g², so that both tails stay bounds. (To gather the
    /// estimates would enlarge their variance: a right variance would then look too small.)
    pub fn exact(atoms: &[Atom], mean: f64, variance: f64) -> Self {
        let squares: Vec<(f64, f64)> = atoms
            .iter()
            .map(|atom| {
                let deviation = atom.value - mean;
                (atom.mass, deviation * deviation / variance - 1.0)
            })
            .collect();
        Self(Kind::Exact(FiniteCumulants::new(squares).gathered_beyond(MOST_SQUARES)))
    }

    /// From the law of one symbol: K of its log ratio about D, its variance V, and E\[g⁴\] of the estimate from
    /// `n` symbols.
    ///
    /// Of large alphabets the values are gathered, which can only enlarge K: that will do for the upper tail. The lower one
    /// needs the values themselves, or where these are too many, or gathered already, the fourth moment alone.
    pub fn of_mean(symbol: &FiniteCumulants, variance: f64, n: u64, fourth_moment: f64) -> Self {
        let is_listed = symbol.value_count() <= MOST_LISTED && !symbol.is_gathered();
        let ungathered = is_listed.then(|| symbol.clone());
        let symbol = symbol.gathered_beyond(MOST_TILTED);
        Self(Kind::Mean(MeanOfSymbols { symbol, ungathered, variance, n: n as f64, fourth_moment }))
    }

    /// From K of one of `count` independent contributions about its mean, of which L is the mean; `variance` is that of one
    /// of them, `fourth_moment` the E\[g⁴\] of the estimate.
    ///
    /// This does for any K: g² may have no exponential mean, as where L has an exponential tail.
    pub fn of_contributions(
        cumulants: Arc<dyn CumulantFunction>,
        variance: f64,
        count: u64,
        fourth_moment: f64,
    ) -> Self {
        let count = count as f64;
        let scale = 1.0 / (count * variance).sqrt();
        Self(Kind::Capped(Capped { scale, cumulants, count, fourth_moment, near: OnceLock::new() }))
    }

    /// An upper bound of the two-sided p-value of `ratio` = (1/R) Σ (Lᵢ − D)²/Var\[L\] over `trials` trials.
    ///
    /// ```
    /// use kl_math::law::Atom;
    /// use kl_math::statistics::SquaredDeviation;
    /// // Two fair tosses, scored ±1: L is −1, 0 or 1 and has variance ½.
    /// let atoms = [(-1.0, 0.25), (0.0, 0.5), (1.0, 0.25)].map(|(value, mass)| Atom { value, mass });
    /// let law = SquaredDeviation::exact(&atoms, 0.0, 0.5);
    /// assert_eq!(law.two_sided_p_value(1.0, 100), 1.0);
    /// // Only L = 0 in 20 trials: truly 2^−20, twice that two-sided.
    /// let p = law.two_sided_p_value(0.0, 20);
    /// assert!(p >= 1.907e-6 && p < 1.908e-6);
    /// ```
    pub fn two_sided_p_value(&self, ratio: f64, trials: u64) -> f64 {
        let trials = trials as f64;
        if (ratio - 1.0).abs() <= ROUNDING_OF_SQUARES {
            return 1.0;
        }
        match &self.0 {
            Kind::Exact(square) => two_sided_bound(square, ratio - 1.0, trials),
            Kind::Mean(law) if ratio > 1.0 => {
                // Where L is near normal, (1 − 1/ratio)/2 is the best s.
                let gain = |s: f64| s * ratio - law.upper_cumulant(s);
                let best = maximum(gain, 1.2 * (0.5 - 0.5 / ratio).min(LARGEST_TILT));
                from_exponent(trials * best, trials * ROUNDING)
            }
            Kind::Capped(law) if ratio > 1.0 => (2.0 * law.above(ratio, trials)).min(1.0),
            Kind::Capped(law) => (2.0 * below(ratio, law.fourth_moment, trials)).min(1.0),
            Kind::Mean(law) => {
                // For a ratio just below 1 the best u is half of `near`; beyond 1/E[g⁴] nothing is gained.
                let near = 2.0 * (1.0 - ratio) / (law.fourth_moment - 1.0).max(f64::MIN_POSITIVE);
                let gain = |u: f64| -u * ratio - lower_cumulant_near(u, law.fourth_moment);
                let small = maximum(gain, near.min(1.0 / law.fourth_moment));
                // Where L is near normal, (1/ratio − 1)/2 is the best u.
                let large = law.ungathered.as_ref().map_or(0.0, |symbol| {
                    let gain = |u: f64| -u * ratio - law.lower_cumulant(symbol, u);
                    maximum(gain, (0.6 / ratio - 0.6).min(LARGEST_FALL))
                });
                let best = small.max(large);
                from_exponent(trials * best, trials * best * ROUNDING)
            }
        }
    }
}

impl SquaredDeviation {
    /// The two-sided p-value of `ratio` over `trials` trials as near as it can be had: see
    /// [`two_sided_p_value`](super::two_sided_p_value), with K of g². None where nothing better than the bound is known, and
    /// where g² is constant.
    ///
    /// Where the atoms of L are known, K is a sum over them. Else L has a density, √(n/(2πK″(ŝ))) exp(−n(ŝx − K(ŝ))) with its own
    /// K, which is normalised so that it has the moments of L up to the fourth; with rare and far symbols, of each of their
    /// counts. Where tails of L fall no faster than exponentially, g² has no K above 0, and only a ratio below 1 a p-value.
    ///
    /// ```
    /// use kl_math::law::Atom;
    /// use kl_math::statistics::{SquaredDeviation, TailMethod};
    /// // Two fair tosses, scored ±1, of which half are 0: 45 or fewer of 100 have a square above 0 with chance 0.1841.
    /// let atoms = [(-1.0, 0.25), (0.0, 0.5), (1.0, 0.25)].map(|(value, mass)| Atom { value, mass });
    /// let law = SquaredDeviation::exact(&atoms, 0.0, 0.5);
    /// let (p, method) = law.near_p_value(0.9, 100).expect("enough trials");
    /// assert!((p - 0.368_202).abs() < 1e-6 && method == TailMethod::Exact);
    /// ```
    pub fn near_p_value(&self, ratio: f64, trials: u64) -> Option<(f64, TailMethod)> {
        let of = |function: &dyn CumulantFunction| two_sided_p_value(function, ratio - 1.0, trials as f64);
        match &self.0 {
            Kind::Exact(square) => of(square),
            _ if (trials as f64) < super::FEWEST_TERMS => None,
            Kind::Mean(law) => {
                let symbol = law.ungathered.as_ref().unwrap_or(&law.symbol);
                of(&SquareOfMean::of(symbol, law.n, law.fourth_moment)?)
            }
            Kind::Capped(law) if ratio > 1.0 && !law.cumulants.has_exponential_squares() => None,
            Kind::Capped(law) if law.cumulants.is_costly() => None,
            Kind::Capped(law) => of(&SquareOfMean::of(law.cumulants.as_ref(), law.count, law.fourth_moment)?),
        }
    }

    /// Whether g² is 1 throughout: there is no variance to test.
    pub fn is_constant(&self) -> bool {
        matches!(&self.0, Kind::Exact(square) if square.variance().sqrt() <= ROUNDING_OF_SQUARES)
    }
}

/// Tilts of g² end at 1.2 times this; at ½ a normal g² has no exponential moment.
const LARGEST_TILT: f64 = 0.375;

/// Falls of g² go no further: by then the trapezoidal rule has nothing more to say.
const LARGEST_FALL: f64 = 200.0;

/// How far g² may be from 1 by rounding alone: where L takes two values at equal distance from D, g² is always 1.
const ROUNDING_OF_SQUARES: f64 = 1e-12;

/// What rounding may add to a cumulant: logarithms of sums of some hundred positive terms near one.
const ROUNDING: f64 = 1e-14;

/// Squares of more atoms than this are gathered.
const MOST_SQUARES: usize = 4096;

/// A symbol's law of more values than this is gathered for the upper tail.
const MOST_TILTED: usize = 256;

/// The lower tail asks some thousand times for the characteristic function of a symbol: of more values it does without.
const MOST_LISTED: usize = 1024;

impl MeanOfSymbols {
    /// An upper bound of ln E\[e^{s g²}\], s > 0, within 1e-12 of it where the law is near normal.
    ///
    /// e^{s g²} is the mean of e^{√(2s) G g} over a standard normal G, so that ln E\[e^{s g²}\] = ln E_G\[exp(N
    /// K(√(2s) G/√(NV)))\]. That mean is taken by the trapezoidal rule with step ½: by Poisson's summation
    /// its relative error is below 2 Σ exp(−2π²m²/h²) < 1e-33, whatever g. Far out, where terms are
    /// negligible unless the law has a heavy tail, whole stretches are bounded by their largest term, K being
    /// convex.
    fn upper_cumulant(&self, s: f64) -> f64 {
        const STEP: f64 = 0.5;
        /// Terms e^−60 below the largest are stretches' business.
        const NEGLIGIBLE: f64 = 60.0;
        const STRETCH: f64 = 1.05;
        /// Steps to a side: enough for any law that is near normal.
        const STEPS: usize = 400;
        let scale = libm::sqrt(2.0 * s) / libm::sqrt(self.n * self.variance);
        let log_mgf = |x: f64| self.n * self.symbol.value(scale * x);
        let mut sum = LogSum::default();
        sum.push(0.0);
        for side in [1.0, -1.0] {
            // Beyond this point x²/2 outgrows the steepest possible log_mgf.
            let turn = 2.0 * self.n * scale * self.symbol.extreme(side > 0.0).abs();
            let mut peak = 0.0f64;
            let mut x = 0.0;
            for _ in 0..STEPS {
                x += STEP;
                let exponent = log_mgf(side * x) - 0.5 * x * x;
                sum.push(exponent);
                peak = peak.max(exponent);
                if exponent < peak - NEGLIGIBLE {
                    break;
                }
            }
            x += STEP;
            while x < turn + 100.0 {
                let end = STRETCH * x;
                let terms = (end - x) / STEP + 1.0;
                sum.push(libm::log(terms) + log_mgf(side * end) - 0.5 * x * x);
                x = end;
            }
        }
        const LOG_SQRT_TAU: f64 = 0.918_938_533_204_672_8;
        sum.value() + libm::log(STEP) - LOG_SQRT_TAU
    }

    /// An upper bound of ln E\[e^{−u g²}\], u > 0, good at any u.
    ///
    /// As above with imaginary tilts: e^{−u g²} is the mean of cos(√(2u) G g), and its expectation that of the
    /// N-th power of a symbol's characteristic function. The trapezoidal rule now adds Σ e^{−(z+2πm/h)²/2} ≥ 0 to
    /// e^{−z²/2}, z = √(2u) g: it can only be too large.
    fn lower_cumulant(&self, symbol: &FiniteCumulants, u: f64) -> f64 {
        const STEP: f64 = 0.125;
        /// A standard normal lies beyond 9 with chance 2e-19.
        const STEPS: u32 = 72;
        let scale = (2.0 * u).sqrt() / (self.n * self.variance).sqrt();
        let term = |k: u32| {
            let x = f64::from(k) * STEP;
            let (log_size, angle) = symbol.characteristic(scale * x);
            libm::exp(self.n * log_size - 0.5 * x * x) * libm::cos(self.n * angle)
        };
        let sum = 1.0 + 2.0 * (1..=STEPS).map(term).sum::<f64>();
        const SQRT_TAU: f64 = 2.506_628_274_631_000_5;
        libm::log(sum * STEP / SQRT_TAU + ROUNDING)
    }
}

/// An upper bound of ln E\[e^{−u g²}\], u > 0, from e^{−z} ≤ 1 − z + z²/2: exact to second order in u.
fn lower_cumulant_near(u: f64, fourth_moment: f64) -> f64 {
    libm::log1p(-u + 0.5 * u * u * fourth_moment)
}

/// A bound of P((1/R) Σ g² ≤ `ratio`) for a ratio below 1, from E\[g⁴\] alone.
fn below(ratio: f64, fourth_moment: f64, trials: f64) -> f64 {
    let best = maximum(|u| -u * ratio - lower_cumulant_near(u, fourth_moment), 1.0 / fourth_moment);
    0.5 * from_exponent(trials * best, trials * ROUNDING)
}

/// A mean of independent contributions of which little more than K is known.
#[derive(Clone, Debug)]
struct Capped {
    cumulants: Arc<dyn CumulantFunction>,
    /// 1/√(count · variance): ln E\[e^{x g}\] = count · K(scale · x).
    scale: f64,
    count: f64,
    fourth_moment: f64,
    /// The same near 0, if it is smooth there: made when it is first asked for.
    near: OnceLock<Option<Interpolated>>,
}

impl Capped {
    /// A bound of P((1/R) Σ g² ≥ `ratio`) for a ratio above 1: the best over a cap M of P(some |g| > M) + P(Σ g² ≥ R
    /// `ratio`, no |g| > M); or Cantelli's inequality, where that says more.
    fn above(&self, ratio: f64, trials: f64) -> f64 {
        const FIRST_CAP: f64 = 3.0;
        const NEXT_CAP: f64 = 1.25;
        const CAPS: usize = 24;
        let excess = ratio - 1.0;
        let square = excess * excess * trials / (self.fourth_moment - 1.0).max(f64::MIN_POSITIVE);
        if square < 2.0 * std::f64::consts::LN_2 {
            // Twice e^(−z²/2) is no less than 1: so near there is nothing to be said.
            return 1.0;
        }
        let mut best = 1.0 / (1.0 + square);
        if self.cumulants.is_costly() {
            return best;
        }
        let left_out = trials * self.count * self.cumulants.left_out();
        let caps = std::iter::successors(Some(FIRST_CAP), |cap| Some(cap * NEXT_CAP));
        for cap in caps.take(CAPS) {
            let outside = trials * self.beyond(cap);
            if outside >= best {
                continue;
            }
            let gain = |u: f64| u * ratio - self.capped_cumulant(u, cap);
            let exponent = maximum(gain, 1.2 * (0.5 - 0.5 / ratio).min(LARGEST_TILT));
            let inside = 0.5 * from_exponent(trials * exponent, trials * CAPPED_ROUNDING);
            best = best.min(outside + inside + left_out);
            if outside < 1e-3 * inside {
                break;
            }
        }
        best
    }

    /// A bound of P(|g| > `cap`): Chernoff's, or from the fourth moment where that says more.
    fn beyond(&self, cap: f64) -> f64 {
        let side = |upper: bool| {
            let sign = if upper { 1.0 } else { -1.0 };
            let domain_end = (self.cumulants.end_of_domain(upper) / self.scale).min(4.0 * cap);
            libm::exp(-maximum(|x| x * cap - self.log_mgf(sign * x), domain_end))
        };
        (side(true) + side(false)).min(self.fourth_moment / (cap * cap * cap * cap))
    }

    /// ln E\[e^{x g}\].
    fn log_mgf(&self, x: f64) -> f64 {
        /// Within this a cap of ten is served.
        const NEAR: f64 = 20.0;
        let exact = |x: f64| self.count * self.cumulants.value(self.scale * x);
        let domain_end = self.cumulants.end_of_domain(true).min(self.cumulants.end_of_domain(false)) / self.scale;
        let near = || if domain_end > NEAR { Interpolated::new(exact, NEAR) } else { None };
        let near = self.near.get_or_init(near).as_ref();
        near.and_then(|near| near.value(x)).unwrap_or_else(|| exact(x))
    }

    /// An upper bound of ln E\[e^{u g²}; |g| ≤ `cap`\], u > 0, as [`MeanOfSymbols::upper_cumulant`] finds one without a
    /// cap. Of the integral over G only |G| ≤ √(2u) cap + 8 is needed: what lies beyond is less than 2e-15 of the whole for
    /// every g within the cap.
    fn capped_cumulant(&self, u: f64, cap: f64) -> f64 {
        const STEP: f64 = 0.5;
        const LOG_SQRT_TAU: f64 = 0.918_938_533_204_672_8;
        let scale = (2.0 * u).sqrt();
        let steps = ((scale * cap + 8.0) / STEP).ceil() as usize;
        let mut sum = LogSum::default();
        sum.push(0.0);
        for step in 1..=steps {
            let x = step as f64 * STEP;
            for x in [x, -x] {
                let log_mgf = self.log_mgf(scale * x);
                if log_mgf == f64::INFINITY {
                    return log_mgf;
                }
                sum.push(log_mgf - 0.5 * x * x);
            }
        }
        sum.value() + libm::log(STEP) - LOG_SQRT_TAU + 2e-15
    }
}

/// What rounding may add to a capped cumulant: sums of exponentials of numbers up to some hundred.
const CAPPED_ROUNDING: f64 = 1e-13;

/// ln Σ e^x over the x pushed so far.
#[derive(Debug, Default)]
struct LogSum {
    top: f64,
    scaled: f64,
}

impl LogSum {
    fn push(&mut self, exponent: f64) {
        if exponent > self.top {
            self.scaled *= libm::exp(self.top - exponent);
            self.top = exponent;
        }
        self.scaled += libm::exp(exponent - self.top);
    }

    fn value(&self) -> f64 {
        self.top + libm::log(self.scaled)
    }
}

/// The largest value of a concave function on [0, high], by golden sections; any point gives a bound.
fn maximum(gain: impl Fn(f64) -> f64, high: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let (mut low, mut high) = (0.0, high);
    let mut left = high - GOLDEN * (high - low);
    let mut right = low + GOLDEN * (high - low);
    let (mut at_left, mut at_right) = (gain(left), gain(right));
    let mut best = at_left.max(at_right);
    for _ in 0..24 {
        if at_left < at_right {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = gain(right);
        } else {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = gain(left);
        }
        best = best.max(at_left).max(at_right);
    }
    best
}

#[cfg(test)]
mod tests;
