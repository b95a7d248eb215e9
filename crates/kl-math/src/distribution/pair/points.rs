//! Where means of functions of the log ratio are summed.

use super::discretised::{MOST_COUNTS, breakpoints, means_of_counts};
use crate::distribution::values::{has_log_moment, parts};
use crate::distribution::{Distribution, Space, TailDecay, Value, ValuePair, Values};
use crate::numeric::{compensated, nodes};

/// A moment of the log ratio X, or of r = q/p, under P.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// E\[|X|ᵏ\].
    LogRatio(u32),
    /// E\[rᵏ\].
    Ratio(u32),
}

/// Points that P can take, with their weights: every count that matters, or the nodes of a quadrature that is refined until
/// nothing changes. Weights are kept as logarithms: far out r may be as large as a weight is small.
#[derive(Clone, Debug)]
pub struct Points {
    points: Vec<WeighedPoint>,
    /// Whether they are nodes of a quadrature.
    is_quadrature: bool,
}

/// A point and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeighedPoint {
    /// ln of its mass under P.
    pub log_mass: f64,
    /// X.
    pub ratio: f64,
    /// Whether it is one of every two, which with twice the mass are a coarser quadrature of their own.
    pub is_coarse: bool,
}

impl Moment {
    /// Whether it is finite, for P and Q with these values; none where it is not known.
    pub(in crate::distribution) fn is_finite(self, p: &dyn Values, q: &dyn Values) -> Option<bool> {
        match self {
            Self::LogRatio(_) if matches!(p.space(), Space::Vectors(_) | Space::Simplex(_)) => Some(true),
            Self::LogRatio(power) => Some(has_log_moment(p, q, f64::from(power))),
            Self::Ratio(0 | 1) => Some(true),
            Self::Ratio(power) => {
                let (decays, others) = (p.tail_decay()?, q.tail_decay()?);
                let mut ends = p.support().into_iter().zip(q.support()).zip(decays.iter().zip(&others));
                ends.try_fold(true, |so_far, ((end, other_end), (decay, other))| {
                    if end.is_finite() && p.space() == Space::Counts {
                        return Some(so_far);
                    }
                    // Within Q's support its density is neither 0 nor infinite.
                    let inside = TailDecay::default();
                    let other = if end == other_end { other } else { &inside };
                    let power = f64::from(power);
                    Some(so_far && other.weighted(power, decay, 1.0 - power).is_integrable(end.is_finite())?)
                })
            }
        }
    }
}

impl Points {
    /// Of two distributions over counts or on the line, where D is finite.
    pub(in crate::distribution) fn of(pair: &ValuePair, source: &Distribution, model: &Distribution) -> Option<Self> {
        let (p, q) = (source.values()?, model.values()?);
        // The largest power of r that has a mean: its sum or integral is the widest.
        let largest = [4, 3, 2].into_iter().find(|&power| Moment::Ratio(power).is_finite(p, q) == Some(true));
        let widest = f64::from(largest.unwrap_or(0));
        if Moment::LogRatio(1).is_finite(p, q) != Some(true) {
            return None;
        }
        match p.space() {
            Space::Counts => Self::of_counts(pair, p, widest),
            Space::Line => Self::of_densities(pair, p, q, widest),
            Space::Vectors(_) | Space::Simplex(_) => None,
        }
    }

    /// The points.
    pub fn points(&self) -> &[WeighedPoint] {
        &self.points
    }

    /// Σ of a function of the log of the mass and of X, and how far it may be off: the change from the coarser quadrature to
    /// the whole one, which is far larger than what the whole one is off by.
    pub fn sum(&self, term: impl Fn(f64, f64) -> f64) -> (f64, f64) {
        let whole = compensated(self.points.iter().map(|point| term(point.log_mass, point.ratio)));
        if !self.is_quadrature {
            return (whole, 0.0);
        }
        let coarse = self.points.iter().filter(|point| point.is_coarse);
        let half = compensated(coarse.map(|point| term(point.log_mass, point.ratio)));
        (whole, (whole - 2.0 * half).abs())
    }

    fn of_counts(pair: &ValuePair, p: &dyn Values, widest: f64) -> Option<Self> {
        /// Weights end so far below their largest, in nats, …
        const REACH: f64 = 100.0;
        /// … and probabilities so far below 1.
        const NEGLIGIBLE: f64 = -184.0;
        let [low, high] = p.support();
        let [first, last] = means_of_counts(p);
        let point = |k: f64| {
            let (log_mass, ratio) = (p.ln_prob(Value::Real(k)), pair.precise_log_ratio_at(Value::Real(k)));
            WeighedPoint { log_mass, ratio, is_coarse: true }
        };
        let weight = |point: &WeighedPoint| {
            point.log_mass + widest * (-point.ratio).max(0.0) + 8.0 * libm::log1p(point.ratio.abs())
        };
        if last - first >= MOST_COUNTS as f64 {
            return None;
        }
        let mut points: Vec<WeighedPoint> =
            std::iter::successors(Some(first), |k| Some(k + 1.0)).take_while(|&k| k <= last).map(point).collect();
        let top = points.iter().map(weight).fold(f64::NEG_INFINITY, f64::max);
        for (start, step) in [(first, -1.0), (last, 1.0)] {
            let (mut largest, mut last, mut k) = (top, f64::INFINITY, start + step);
            while (low..=high).contains(&k) {
                let next = point(k);
                let here = weight(&next);
                if (here < largest - REACH && here < last && next.log_mass < NEGLIGIBLE) || here.is_nan() {
                    break;
                }
                (largest, last) = (largest.max(here), here);
                points.push(next);
                if points.len() > MOST_COUNTS {
                    return None;
                }
                k += step;
            }
        }
        Some(Self { points, is_quadrature: false })
    }

    fn of_densities(pair: &ValuePair, p: &dyn Values, q: &dyn Values, widest: f64) -> Option<Self> {
        const FIRST_LEVEL: u32 = 6;
        const LAST_LEVEL: u32 = 11;
        let parts: Vec<_> =
            parts(p).into_iter().map(|(weight, part)| (weight, part, breakpoints(part, p, q))).collect();
        let at = |level: u32| {
            let mut points = Vec::new();
            let segments = parts.iter().flat_map(|(log_weight, part, ends)| {
                ends.windows(2).map(move |segment| (log_weight, part, nodes(segment, level)))
            });
            for (log_weight, part, segment) in segments {
                let (change, middle) = (part.change_of_variable(), segment.len() / 2);
                for (place, node) in segment.iter().enumerate() {
                    let (point, log_jacobian) = change.at(node.x);
                    let log_mass = libm::log(node.weight) + part.ln_prob(point) + log_jacobian + log_weight;
                    let ratio = pair.precise_log_ratio_at(point);
                    if log_mass > f64::NEG_INFINITY && ratio.is_finite() {
                        let is_coarse = place.abs_diff(middle).is_multiple_of(2);
                        points.push(WeighedPoint { log_mass, ratio, is_coarse });
                    }
                }
            }
            Self { points, is_quadrature: true }
        };
        let is_settled = |points: &Self| {
            let powers = (2..=widest as u32).map(f64::from).chain([0.0]);
            let mut sums = powers.map(|power| points.sum(|log_mass, ratio| libm::exp(log_mass - power * ratio)));
            let squares = points.sum(|log_mass, ratio| libm::exp(log_mass) * ratio * ratio);
            let is_small = |(whole, change): (f64, f64)| change <= 1e-11 * whole;
            is_small(squares) && sums.all(is_small)
        };
        let mut found = at(FIRST_LEVEL);
        for level in FIRST_LEVEL + 1..=LAST_LEVEL {
            if is_settled(&found) {
                break;
            }
            found = at(level);
        }
        // A narrow P that the nodes have missed is no law at all.
        const MASS_ROOM: f64 = 1e-9;
        let (mass, _) = found.sum(|log_mass, _| libm::exp(log_mass));
        ((mass - 1.0).abs() <= MASS_ROOM).then_some(found)
    }
}
