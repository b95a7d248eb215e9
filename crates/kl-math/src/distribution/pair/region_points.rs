//! The values that sums over the larger of p and q run over.

use super::discretised::{MOST_COUNTS, breakpoints, means_of_counts};
use crate::distribution::values::parts;
use crate::distribution::{Distribution, Value, ValuePair, Values};
use crate::numeric::{Node, nodes};

pub(super) const ULP: f64 = f64::EPSILON;

/// A value and how much it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct RegionPoint {
    /// ln of its mass.
    pub(super) log_mass: f64,
    /// ln of its probability, or of the whole density there.
    pub(super) ln_prob: f64,
    /// X, ±∞ where Q or P has no mass.
    pub(super) ratio: f64,
    /// What rounding may do to X.
    pub(super) noise: f64,
    /// What rounding may do to the mass, as a part of it.
    pub(super) loss: f64,
    /// Whether it is one of every two, which with twice the mass are a coarser quadrature of their own.
    pub(super) is_coarse: bool,
}

impl RegionPoint {
    /// A term, what rounding may do to it, and whether it is of the coarser quadrature. Far out a weight of 0 meets what is infinite.
    pub(super) fn weighed(&self, weight: f64, value: f64, noise: f64) -> (f64, f64, bool) {
        if weight > 0.0 { (weight * value, weight * noise, self.is_coarse) } else { (0.0, 0.0, self.is_coarse) }
    }
}

/// P and Q, and what X is at a value.
pub(super) struct Sides<'a> {
    pair: &'a ValuePair,
    laws: [&'a Distribution; 2],
    values: [&'a dyn Values; 2],
    /// X is the difference of two logarithms, whose rounding it has.
    is_difference: bool,
    /// The size of the constant of X.
    constant: f64,
}

/// A stretch of the change of variable of one component on which neither density has a kink and p − q one sign.
pub(super) struct Segment<'a> {
    log_weight: f64,
    part: &'a dyn Values,
    ends: [f64; 2],
}

impl<'a> Sides<'a> {
    /// P and Q, and their values.
    pub(super) fn new(pair: &'a ValuePair, laws: [&'a Distribution; 2], values: [&'a dyn Values; 2]) -> Self {
        let [source, model] = laws;
        let is_difference = source.formula(model).is_none();
        let constant = pair.coefficients().map_or(0.0, |(constant, _)| constant.abs());
        Self { pair, laws, values, is_difference, constant }
    }
}

impl Sides<'_> {
    /// X at a value: +∞ where Q has no mass, −∞ where P has none.
    fn ratio(&self, point: Value<'_>) -> f64 {
        let [p, q] = self.values;
        if !point.lies_in(p.support()) {
            f64::NEG_INFINITY
        } else if !point.lies_in(q.support()) {
            f64::INFINITY
        } else {
            self.pair.precise_log_ratio_at(point)
        }
    }

    fn noise(&self, point: Value<'_>, ratio: f64) -> f64 {
        let [source, model] = self.laws;
        let sizes = || 1.0 + self.values.iter().map(|values| values.size_of_ln_prob(point)).sum::<f64>();
        match self.is_difference {
            true if ratio == 0.0 && self.pair.is_one_law() => 0.0,
            true => ULP * source.size_of_log_ratio(model, point).unwrap_or_else(sizes),
            false => ULP * (ratio.abs() + self.constant),
        }
    }

    fn own(&self, side: usize) -> &dyn Values {
        let [p, q] = self.values;
        if side == 0 { p } else { q }
    }

    /// The counts of P, or of Q, but for those whose masses and powers are below e^`negligible`; none where they are too many.
    pub(super) fn counts(&self, side: usize, largest: f64, negligible: f64) -> Option<Vec<RegionPoint>> {
        let own = self.own(side);
        let [low, high] = own.support();
        let [first, last] = means_of_counts(own);
        let point = |k: f64| {
            let value = Value::Real(k);
            let (ln_prob, ratio) = (own.ln_prob(value), self.ratio(value));
            let loss = ULP * (2.0 + own.size_of_ln_prob(value));
            let noise = self.noise(value, ratio);
            RegionPoint { log_mass: ln_prob, ln_prob, ratio, noise, loss, is_coarse: true }
        };
        // The power pᵃ q¹⁻ᵃ of the largest order.
        let weight = |point: &RegionPoint| match side {
            0 if point.ratio.is_finite() => point.log_mass + (largest - 1.0).max(0.0) * point.ratio.max(0.0),
            _ => point.log_mass,
        };
        if last - first >= MOST_COUNTS as f64 {
            return None;
        }
        let mut points: Vec<RegionPoint> =
            std::iter::successors(Some(first), |k| Some(k + 1.0)).take_while(|&k| k <= last).map(point).collect();
        for (start, step) in [(first, -1.0), (last, 1.0)] {
            let (mut before, mut k) = (f64::INFINITY, start + step);
            while (low..=high).contains(&k) {
                let next = point(k);
                let here = weight(&next);
                if (here < negligible && here <= before) || here.is_nan() {
                    break;
                }
                before = here;
                points.push(next);
                if points.len() > MOST_COUNTS {
                    return None;
                }
                k += step;
            }
        }
        Some(points)
    }

    pub(super) fn segments(&self, side: usize) -> Vec<Segment<'_>> {
        /// The nodes between which p = q is looked for.
        const LEVEL: u32 = 4;
        /// So far below 1, in nats, the digits of X before the point are no rounding.
        const FURTHEST: f64 = 1e6;
        let (own, other) = (self.own(side), self.own(1 - side));
        let mut segments = Vec::new();
        for (log_weight, part) in parts(own) {
            let change = part.change_of_variable();
            let ratio = |v: f64| self.ratio(change.at(v).0);
            // Where that is too small for a double only powers depend on it, and X may be rounding.
            let has_mass = |node: &Node| {
                let (point, log_jacobian) = change.at(node.x);
                let ln_prob = part.ln_prob(point);
                let is_sure = || ln_prob.abs() < FURTHEST && ratio(node.x).abs() > 1.0;
                node.weight * libm::exp(ln_prob + log_jacobian) > 0.0 || is_sure()
            };
            let mut ends = breakpoints(part, own, other);
            ends.extend(centres(part, [own, other]));
            sort(&mut ends);
            let crossings: Vec<f64> = ends
                .windows(2)
                .flat_map(|segment| nodes(segment, LEVEL))
                .filter(has_mass)
                .map(|node| (node.x, ratio(node.x)))
                .filter(|(_, ratio)| *ratio != 0.0 && !ratio.is_nan())
                .collect::<Vec<_>>()
                .windows(2)
                .filter_map(|two| match *two {
                    [(low, before), (high, after)] if (before < 0.0) != (after < 0.0) => {
                        Some(crossing(ratio, [low, high], before < 0.0))
                    }
                    _ => None,
                })
                .collect();
            ends.extend(crossings);
            sort(&mut ends);
            segments.extend(ends.windows(2).filter_map(|ends| match *ends {
                [low, high] => Some(Segment { log_weight, part, ends: [low, high] }),
                _ => None,
            }));
        }
        segments
    }

    /// The mass between the ends of the other's support and the doubles that stand for them.
    pub(super) fn edges(&self, side: usize) -> f64 {
        let (own, other) = (self.own(side), self.own(1 - side));
        let [low, high] = own.support();
        let at = |end: f64| {
            let masses = parts(own).into_iter().map(|(log_weight, part)| {
                let change = part.change_of_variable();
                let (point, log_jacobian) = change.at(change.place(end));
                libm::exp(part.ln_prob(point) + log_jacobian + log_weight) * change.rounding(end)
            });
            masses.filter(|mass| mass.is_finite()).sum::<f64>()
        };
        other.support().into_iter().filter(|end| low < *end && *end < high).map(at).sum()
    }

    pub(super) fn nodes(&self, side: usize, segment: &Segment<'_>, level: u32) -> Vec<RegionPoint> {
        let (part, own) = (segment.part, self.own(side));
        let change = part.change_of_variable();
        let all = nodes(&segment.ends, level);
        let middle = all.len() / 2;
        let point = |(place, node): (usize, &Node)| {
            let (point, log_jacobian) = change.at(node.x);
            let log_mass = libm::log(node.weight) + part.ln_prob(point) + log_jacobian + segment.log_weight;
            // A density that is infinite at an end is rounding next to it.
            if log_mass.is_nan() || log_mass.is_infinite() {
                return None;
            }
            let ratio = self.ratio(point);
            let loss = ULP * (2.0 + part.size_of_ln_prob(point) + 2.0 * log_jacobian.abs());
            let is_coarse = place.abs_diff(middle).is_multiple_of(2);
            let (ln_prob, noise) = (own.ln_prob(point), self.noise(point, ratio));
            (!ratio.is_nan()).then_some(RegionPoint { log_mass, ln_prob, ratio, noise, loss, is_coarse })
        };
        all.iter().enumerate().filter_map(point).collect()
    }
}

/// Where nodes are to be dense, too: the centre of each component of P and of Q, in terms of the change of variable of `part`.
fn centres(part: &dyn Values, both: [&dyn Values; 2]) -> Vec<f64> {
    let change = part.change_of_variable();
    let [low, high] = part.support().map(|end| change.place(end));
    let all = both.into_iter().flat_map(parts).map(|(_, other)| other.change_of_variable().at(0.0).0.value());
    all.map(|centre| change.place(centre)).filter(|v| low < *v && *v < high).collect()
}

fn sort(ends: &mut Vec<f64>) {
    ends.sort_by(f64::total_cmp);
    ends.dedup();
}

/// Where the sign of `ratio` changes between two places, by halving.
fn crossing(ratio: impl Fn(f64) -> f64, [mut low, mut high]: [f64; 2], rises: bool) -> f64 {
    loop {
        let middle = 0.5 * low + 0.5 * high;
        if middle <= low || middle >= high {
            return low;
        }
        if (ratio(middle) < 0.0) == rises {
            low = middle;
        } else {
            high = middle;
        }
    }
}
