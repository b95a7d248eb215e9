//! The exponents at which the error rates of long sequences fall.

use crate::distribution::{LogRatioForm, Pair};
use crate::divergence::{CumulantFunction, Cumulants, FiniteCumulants, cumulant_function};
use crate::law::Normal;
use crate::numeric::DoubleDouble;
use std::f64::consts::TAU;
use std::sync::Arc;

/// What rounding may leave of ln 1, where K is known by a formula.
const ROUNDING: f64 = 1e-9;

/// K(u) = ln E_P\[e^{uX}; X finite\] of the log ratio X of one symbol, nats. Under Q it is K(u − 1).
#[derive(Clone, Debug)]
pub(super) struct Exponents {
    /// ln P(X finite).
    offset: f64,
    /// The mean of X where it is finite.
    mean: f64,
    /// K of X about it; none where X does not vary.
    function: Option<Arc<dyn CumulantFunction>>,
    /// Λ of N symbols lies at N times the first plus whole multiples of the second.
    lattice: Option<(f64, f64)>,
}

/// A value of the Legendre transform.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exponent {
    /// Nats per symbol: never negative.
    pub(super) value: f64,
    /// Where it is attained: below 0 under P, above 0 under Q, or 0 on the far side of the mean.
    pub(super) tilt: f64,
    /// The variance of X there.
    pub(super) curvature: f64,
}

impl Exponents {
    /// K of a pair; none of chains, of values where D is infinite, and where P and Q have no value in common.
    pub(super) fn of(pair: &Pair) -> Option<Self> {
        match pair {
            Pair::Chains(_) => None,
            Pair::Symbols(pair) => {
                let possible: Vec<(DoubleDouble, f64)> = pair
                    .source_probabilities()
                    .iter()
                    .copied()
                    .zip(pair.log_ratios().iter().copied())
                    .filter(|(mass, ratio)| *mass > DoubleDouble::ZERO && ratio.is_finite())
                    .collect();
                let lost: DoubleDouble = pair.uncovered().map(|symbol| pair.source_probabilities()[symbol]).sum();
                let whole: DoubleDouble = possible.iter().map(|&(mass, _)| mass).sum();
                if possible.is_empty() {
                    return None;
                }
                let mean: DoubleDouble =
                    possible.iter().map(|&(mass, ratio)| mass / whole * DoubleDouble::from(ratio)).sum();
                let centred = possible
                    .iter()
                    .map(|&(mass, ratio)| ((mass / whole).to_f64(), (DoubleDouble::from(ratio) - mean).to_f64()));
                let function = FiniteCumulants::new(centred.collect());
                let least = possible.iter().map(|&(_, ratio)| ratio).fold(f64::INFINITY, f64::min);
                let lattice = function.span().map(|span| (least, span));
                let function = (function.variance() > 0.0).then(|| Arc::new(function) as Arc<dyn CumulantFunction>);
                Some(Self { offset: libm::log1p(-lost.to_f64()), mean: mean.to_f64(), function, lattice })
            }
            Pair::Values(values) => {
                let mean = Cumulants::of(pair).mean;
                if values.uncovered().is_some() || !mean.is_finite() {
                    return None;
                }
                let function = cumulant_function(values);
                let varies = values.closed_form().variance != Some(0.0);
                if varies && function.is_none() {
                    return None;
                }
                let lattice = match values.form_of_law() {
                    Some(&LogRatioForm::Count { constant, slope, .. }) => Some((constant, slope.abs())),
                    _ => None,
                };
                Some(Self { offset: 0.0, mean, function, lattice })
            }
        }
    }

    /// The atoms of Λ next below `bound` and at or above it, where Λ lies on a lattice.
    pub(super) fn around(&self, n: f64, bound: f64) -> Option<(f64, f64)> {
        let (start, span) = self.lattice?;
        let steps = ((bound - n * start) / span).ceil();
        let at = |steps: f64| n * start + steps * span;
        Some((at(steps - 1.0), at(steps)))
    }

    /// The span of the lattice of Λ.
    pub(super) fn span(&self) -> Option<f64> {
        self.lattice.map(|(_, span)| span)
    }

    /// I(x) = sup_{u ≤ 0} ux − K(u): P_P(Λ ≤ Nx) ≤ e^{−N I(x)} (Chernoff 1952).
    pub(super) fn under_source(&self, x: f64) -> Exponent {
        let tilt = if x < self.mean { self.tilt(x, -self.end(false).max(1.0), 0.0) } else { 0.0 };
        Exponent { value: self.transform(tilt, x).max(0.0), tilt, curvature: self.curvature(tilt) }
    }

    /// I(x) = sup_{s ≥ 0} sx − K(s − 1): P_Q(Λ ≥ Nx) ≤ e^{−N I(x)}.
    pub(super) fn under_model(&self, x: f64) -> Exponent {
        let tilt = self.tilt(x, -1.0, self.end(true));
        // s = 0 is the whole mass that is finite.
        let value = if tilt == -1.0 { -self.value(-1.0) } else { x + self.transform(tilt, x) };
        Exponent { value: value.max(0.0), tilt: tilt + 1.0, curvature: self.curvature(tilt) }
    }

    /// ux − K(u).
    fn transform(&self, u: f64, x: f64) -> f64 {
        u * (x - self.mean) - self.offset - self.function.as_ref().map_or(0.0, |function| function.value(u))
    }

    /// How far tilts go: every tilt gives a bound, and beyond a million over the standard deviation rounding is all there is to gain.
    fn end(&self, upper: bool) -> f64 {
        const FARTHEST: f64 = 1e6;
        self.function
            .as_ref()
            .map_or(0.0, |function| function.end_of_domain(upper).min(FARTHEST / function.variance().sqrt()))
    }

    /// Chernoff information, −min K(u) over −1 ≤ u ≤ 0.
    pub(super) fn information(&self) -> f64 {
        -self.value(self.tilt(0.0, -1.0, 0.0))
    }

    /// An x, as large as doubles tell, at which the exponent under P is at least `wanted`, nats per symbol.
    pub(super) fn source_point(&self, wanted: f64) -> f64 {
        self.largest(|x| self.under_source(x).value >= wanted)
    }

    /// The fewest symbols for which bounds show that a test has alpha and beta of at most these: by the threshold Nx whose two bounds
    /// meet them at once, or by what one of P and Q cannot produce alone. Every longer sequence has such a threshold, too.
    pub(super) fn settled(&self, alpha: f64, beta: f64) -> f64 {
        let (log_alpha, log_beta) = (-libm::log(alpha), -libm::log(beta));
        let lengths = |x: f64| (log_alpha / self.under_source(x).value, log_beta / self.under_model(x).value);
        let x = self.largest(|x| {
            let (of_alpha, of_beta) = lengths(x);
            of_alpha <= of_beta
        });
        let (of_alpha, of_beta) = lengths(x);
        // Beyond all finite Λ beta is 0 and alpha the chance that Λ is finite; below them the other way round.
        let alone = [(log_alpha, self.offset), (log_beta, self.value(-1.0))]
            .map(|(wanted, log_mass)| if log_mass < -ROUNDING { wanted / -log_mass } else { f64::INFINITY });
        alone.into_iter().fold(of_alpha.max(of_beta), f64::min)
    }

    /// alpha and beta of the test with threshold Nx by the formula of Lugannani and Rice (1980), as if Λ had a density: for x between
    /// the means under Q and P.
    pub(super) fn saddlepoint(&self, n: f64, x: f64) -> [f64; 2] {
        /// Nearer to the mean the formula is the normal one but for less than it is off.
        const NEAR: f64 = 1e-3;
        [(self.under_source(x), self.offset), (self.under_model(x), self.value(-1.0))].map(|(found, log_mass)| {
            let w = (2.0 * n * (found.value + log_mass).max(0.0)).sqrt();
            let u = found.tilt.abs() * (n * found.curvature).sqrt();
            let tail = Normal::new(0.0, 1.0).upper_tail(w);
            let more = if w < NEAR { 0.0 } else { libm::exp(-0.5 * w * w) / TAU.sqrt() * (1.0 / u - 1.0 / w) };
            (tail + more).clamp(0.0, 1.0) * libm::exp(n * log_mass)
        })
    }

    /// About how many symbols it takes for alpha and beta of at most these by [`saddlepoint`](Self::saddlepoint).
    pub(super) fn about(&self, alpha: f64, beta: f64) -> f64 {
        const HALVINGS: usize = 60;
        let is_enough = |n: f64| {
            let x = self.largest(|x| self.saddlepoint(n, x)[0] <= alpha);
            self.saddlepoint(n, x)[1] <= beta
        };
        let (mut low, mut high) = (0.0, self.settled(alpha, beta));
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if high - low <= 0.25 {
                break;
            }
            if is_enough(middle) { high = middle } else { low = middle }
        }
        high
    }

    /// The largest x up to the mean under P of which `holds` is true, as it is of all smaller ones; the smallest value of X at least.
    fn largest(&self, holds: impl Fn(f64) -> bool) -> f64 {
        const HALVINGS: usize = 200;
        let deviation = self.function.as_ref().map_or(1.0, |function| function.variance().sqrt());
        let (mut low, mut high, mut width) = (self.mean - deviation, self.mean, deviation);
        for _ in 0..HALVINGS {
            if holds(low) {
                break;
            }
            (low, high, width) = (low - width, low, 2.0 * width);
        }
        for _ in 0..HALVINGS {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high {
                break;
            }
            if holds(middle) { low = middle } else { high = middle }
        }
        low
    }

    fn value(&self, u: f64) -> f64 {
        self.offset + u * self.mean + self.function.as_ref().map_or(0.0, |function| function.value(u))
    }

    fn curvature(&self, u: f64) -> f64 {
        self.function.as_ref().map_or(0.0, |function| function.curvature(u))
    }

    /// The u from `low` to `high` at which the tilted mean is x, or the nearer end: by Newton's steps, halving where these leave the
    /// interval that is known to hold it.
    fn tilt(&self, x: f64, low: f64, high: f64) -> f64 {
        /// Doublings of a step, and steps.
        const MOST: usize = 400;
        const SETTLED: f64 = 1e-15;
        let wanted = x - self.mean;
        let Some(function) = self.function.as_deref() else {
            return if wanted < 0.0 { low } else { high };
        };
        let first = (wanted / function.variance()).clamp(low, high);
        let (mut below, mut above) = (low, high);
        // Outward from the start until the mean is passed.
        let (mut u, mut step) = (first, (0.5 * first.abs()).max(f64::MIN_POSITIVE));
        let rises = function.slope(first) < wanted;
        for _ in 0..MOST {
            if (function.slope(u) < wanted) != rises {
                break;
            }
            if rises {
                below = u
            } else {
                above = u
            }
            if (rises && u >= high) || (!rises && u <= low) {
                return u;
            }
            u = (if rises { u + step } else { u - step }).clamp(low, high);
            step *= 2.0;
        }
        if rises {
            above = u
        } else {
            below = u
        }
        for _ in 0..MOST {
            let slope = function.slope(u);
            if slope < wanted {
                below = u
            } else {
                above = u
            }
            let next = u + (wanted - slope) / function.curvature(u);
            let next = if below < next && next < above { next } else { 0.5 * (below + above) };
            if (next - u).abs() <= SETTLED * u.abs() || next == u {
                return next;
            }
            u = next;
        }
        u
    }
}
