//! Where P has more mass than Q, and where Q has more.

use super::discretised::{MOST_COUNTS, breakpoints, means_of_counts};
use crate::distribution::values::parts;
use crate::distribution::{Distribution, Space, Value, ValuePair, Values};
use crate::numeric::{CompensatedSum, Node, nodes};

/// The values of P and those of Q with their masses, on counts or on the line: every count that matters, or the nodes of a
/// quadrature whose segments end where p = q.
///
/// A sum over the larger of p and q has bounded terms where D is infinite, too: p f(X) where p ≥ q, q f(X) elsewhere.
#[derive(Clone, Debug)]
pub struct Regions {
    /// The values of P, and those of Q.
    sides: [Vec<RegionPoint>; 2],
    /// Whether they are nodes of a quadrature.
    is_quadrature: bool,
    /// How far the masses of P, and those of Q, are from 1 beyond what rounding does.
    missing: [f64; 2],
}

/// A value and how much it counts.
#[derive(Clone, Copy, Debug)]
struct RegionPoint {
    /// ln of its mass.
    log_mass: f64,
    /// ln of its probability, or of the whole density there.
    ln_prob: f64,
    /// X, ±∞ where Q or P has no mass.
    ratio: f64,
    /// What rounding may do to X.
    noise: f64,
    /// What rounding may do to the mass, as a part of it.
    loss: f64,
    /// Whether it is one of every two, which with twice the mass are a coarser quadrature of their own.
    is_coarse: bool,
}

impl RegionPoint {
    /// A term, what rounding may do to it, and whether it is of the coarser quadrature. Far out a weight of 0 meets what is infinite.
    fn weighed(&self, weight: f64, value: f64, noise: f64) -> (f64, f64, bool) {
        if weight > 0.0 { (weight * value, weight * noise, self.is_coarse) } else { (0.0, 0.0, self.is_coarse) }
    }
}

/// A sum over values and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionSum {
    /// The sum.
    pub value: f64,
    /// The sum of the sizes of its terms.
    pub size: f64,
    /// The change from the coarser quadrature; 0 of counts.
    pub change: f64,
    /// What rounding may do, and what the masses miss.
    pub rounding: f64,
}

impl RegionSum {
    /// A bound of the error.
    pub fn error(self) -> f64 {
        /// A node's ulp covers a handful of operations, and the change covers the error of the finer quadrature.
        const MARGIN: f64 = 4.0;
        MARGIN * (self.change + self.rounding)
    }
}

/// Why there are no such sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRegions {
    /// Vectors or shares.
    Vectors,
    /// More counts than are summed.
    TooWide,
    /// The quadrature has missed some mass.
    Missed,
}

/// P and Q, and what X is at a value.
struct Sides<'a> {
    pair: &'a ValuePair,
    laws: [&'a Distribution; 2],
    values: [&'a dyn Values; 2],
    /// X is the difference of two logarithms, whose rounding it has.
    is_difference: bool,
    /// The size of the constant of X.
    constant: f64,
}

const ULP: f64 = f64::EPSILON;

impl Regions {
    /// For two distributions; `largest` is the largest order of ∫ pᵃ q¹⁻ᵃ that is asked for where that is finite. The nodes are
    /// refined until `is_settled`, or as often as it is worth.
    ///
    /// # Errors
    ///
    /// See [`NoRegions`].
    pub fn of(pair: &ValuePair, largest: f64, is_settled: impl Fn(&Self) -> bool) -> Result<Self, NoRegions> {
        let (source, model) = pair.compared();
        let (Some(p), Some(q)) = (source.values(), model.values()) else { return Err(NoRegions::Vectors) };
        let sides = Sides {
            pair,
            laws: [source, model],
            values: [p, q],
            is_difference: source.formula(model).is_none(),
            constant: pair.coefficients().map_or(0.0, |(constant, _)| constant.abs()),
        };
        match p.space() {
            Space::Counts => Self::of_counts(&sides, largest),
            Space::Line => Self::of_densities(&sides, is_settled),
            Space::Vectors(_) | Space::Simplex(_) => Err(NoRegions::Vectors),
        }
    }

    /// Whether the masses of P, and those of Q, sum to 1 but for rounding.
    pub fn is_whole(&self) -> bool {
        self.missing == [0.0; 2]
    }

    /// Σ of the larger of p and q times a function of X; `term` also gives the slope of that function, for what rounding of X does.
    pub fn sum(&self, term: impl Fn(f64) -> [f64; 2]) -> RegionSum {
        let [over_p, over_q] = [0, 1].map(|side| self.part(side, &term));
        RegionSum {
            value: over_p.value + over_q.value,
            size: over_p.size + over_q.size,
            change: over_p.change + over_q.change,
            rounding: over_p.rounding + over_q.rounding,
        }
    }

    /// The sum over the values where P has more mass (0), or Q has (1).
    pub fn part(&self, side: usize, term: impl Fn(f64) -> [f64; 2]) -> RegionSum {
        let mut most = 0.0_f64;
        let terms = self.region(side).map(|point| {
            let [value, slope] = term(point.ratio);
            most = most.max(value.abs());
            // Far out the function is flat where the rounding of X has no bound.
            let is_free = slope != 0.0 && point.ratio.is_finite();
            let noise = if is_free { slope.abs() * point.noise } else { 0.0 };
            point.weighed(libm::exp(point.log_mass), value, (point.loss + ULP) * value.abs() + noise)
        });
        let mut found = self.summed(terms);
        if self.missing(side) > 0.0 {
            found.rounding += self.missing(side) * most;
        }
        found
    }

    /// −E\[ln p\] under P (0), or −E\[ln q\] under Q (1).
    pub fn entropy(&self, side: usize) -> RegionSum {
        let points = self.sides.get(side).map(Vec::as_slice).unwrap_or_default();
        let terms = points.iter().map(|point| {
            // A part of the mass of each, and as much of the logarithm itself.
            let noise = point.loss * (1.0 + point.ln_prob.abs());
            point.weighed(libm::exp(point.log_mass), -point.ln_prob, noise)
        });
        let mut found = self.summed(terms);
        // Of a density that is 1 throughout no term has a size.
        found.size += 1.0;
        found.rounding += self.missing(side) * found.size;
        found
    }

    /// ln Σ pᵃ q¹⁻ᵃ, where that is finite; the error is that of the logarithm.
    pub fn log_power(&self, order: f64) -> RegionSum {
        let log = |side: usize, point: &RegionPoint| {
            let weight = if side == 0 { order - 1.0 } else { order };
            point.log_mass + weight * point.ratio
        };
        let logs = || [0, 1].into_iter().flat_map(|side| self.region(side).map(move |point| (side, point)));
        let is_common = |(_, point): &(usize, &RegionPoint)| point.ratio.is_finite();
        let top = logs().filter(is_common).map(|(side, point)| log(side, point)).fold(f64::NEG_INFINITY, f64::max);
        if top.is_infinite() {
            return RegionSum { value: top, size: 0.0, change: 0.0, rounding: 0.0 };
        }
        let terms = logs().filter(is_common).map(|(side, point)| {
            let weight = if side == 0 { order - 1.0 } else { order }.abs();
            let noise = point.loss + weight * point.noise + ULP * top.abs();
            point.weighed(libm::exp(log(side, point) - top), 1.0, noise)
        });
        let found = self.summed(terms);
        let log = top + libm::log(found.value);
        let missing = [0, 1].map(|side| self.missing(side)).into_iter().fold(0.0, f64::max);
        RegionSum {
            value: log,
            size: log.abs(),
            change: found.change / found.value,
            // What is missed has at most the power of all: 1 where the order is at most 1.
            rounding: found.rounding / found.value + missing * libm::exp(-log.min(0.0)),
        }
    }

    fn missing(&self, side: usize) -> f64 {
        self.missing.get(side).copied().unwrap_or_default()
    }

    /// The values where P has no less mass than Q (0), or Q has more (1).
    fn region(&self, side: usize) -> impl Iterator<Item = &RegionPoint> {
        let points = self.sides.get(side).map(Vec::as_slice).unwrap_or_default();
        points.iter().filter(move |point| (point.ratio < 0.0) == (side == 1))
    }

    /// The sum of terms, each with what rounding may do to it.
    fn summed(&self, terms: impl Iterator<Item = (f64, f64, bool)>) -> RegionSum {
        let (mut whole, mut half) = (CompensatedSum::default(), CompensatedSum::default());
        let (mut size, mut rounding) = (0.0, 0.0);
        for (value, noise, is_coarse) in terms {
            whole.push(value);
            if is_coarse {
                half.push(2.0 * value);
            }
            size += value.abs();
            rounding += noise;
        }
        let value = whole.value();
        let change = if self.is_quadrature { (value - half.value()).abs() } else { 0.0 };
        RegionSum { value, size, change, rounding }
    }

    /// With what the masses miss of 1.
    fn checked(sides: [Vec<RegionPoint>; 2], is_quadrature: bool) -> Result<Self, NoRegions> {
        /// A narrow law that the nodes have missed is no law at all.
        const ROOM: f64 = 1e-9;
        let mut found = Self { sides, is_quadrature, missing: [0.0; 2] };
        let missing = [0, 1].map(|side| {
            let points = found.sides.get(side).map(Vec::as_slice).unwrap_or_default();
            let sum =
                found.summed(points.iter().map(|point| point.weighed(libm::exp(point.log_mass), 1.0, point.loss)));
            let missing = (sum.value - 1.0).abs();
            if missing <= 4.0 * sum.rounding { 0.0 } else { missing }
        });
        found.missing = missing;
        if missing.iter().all(|missing| *missing <= ROOM) { Ok(found) } else { Err(NoRegions::Missed) }
    }

    fn of_counts(sides: &Sides<'_>, largest: f64) -> Result<Self, NoRegions> {
        let found = [0, 1].map(|side| sides.counts(side, largest));
        match found {
            [Some(of_source), Some(of_model)] => Self::checked([of_source, of_model], false),
            _ => Err(NoRegions::TooWide),
        }
    }

    fn of_densities(sides: &Sides<'_>, is_settled: impl Fn(&Self) -> bool) -> Result<Self, NoRegions> {
        const FIRST_LEVEL: u32 = 5;
        const LAST_LEVEL: u32 = 11;
        let segments = [0, 1].map(|side| sides.segments(side));
        let at = |level: u32| {
            let points = [0, 1].map(|side| {
                let of_side = segments.get(side).map(Vec::as_slice).unwrap_or_default();
                of_side.iter().flat_map(|segment| sides.nodes(side, segment, level)).collect()
            });
            Self::checked(points, true)
        };
        let mut found = at(FIRST_LEVEL);
        for level in FIRST_LEVEL + 1..=LAST_LEVEL {
            if found.as_ref().is_ok_and(&is_settled) {
                break;
            }
            found = at(level);
        }
        found
    }
}

/// A stretch of the change of variable of one component on which neither density has a kink and p − q one sign.
struct Segment<'a> {
    log_weight: f64,
    part: &'a dyn Values,
    ends: [f64; 2],
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

    /// The counts of P, or of Q; none where they are too many.
    fn counts(&self, side: usize, largest: f64) -> Option<Vec<RegionPoint>> {
        /// Masses and powers end so far below 1, in nats.
        const NEGLIGIBLE: f64 = -184.0;
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
                if (here < NEGLIGIBLE && here <= before) || here.is_nan() {
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

    fn segments(&self, side: usize) -> Vec<Segment<'_>> {
        /// The nodes between which p = q is looked for.
        const LEVEL: u32 = 4;
        let (own, other) = (self.own(side), self.own(1 - side));
        let mut segments = Vec::new();
        for (log_weight, part) in parts(own) {
            let change = part.change_of_variable();
            let ratio = |v: f64| self.ratio(change.at(v).0);
            // Where that is too small for a double X is rounding, and nothing else depends on it.
            let has_mass = |node: &Node| {
                let (point, log_jacobian) = change.at(node.x);
                node.weight * libm::exp(part.ln_prob(point) + log_jacobian) > 0.0
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

    fn nodes(&self, side: usize, segment: &Segment<'_>, level: u32) -> Vec<RegionPoint> {
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
