//! Where P has more mass than Q, and where Q has more.

use super::region_points::{RegionPoint, Sides, ULP};
use crate::distribution::{Space, ValuePair};
use crate::numeric::CompensatedSum;

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
    /// What rounding may do to the masses beyond an end of the other's support.
    edges: [f64; 2],
    /// Whether counts are left out that P and Q hardly take, and that their powers may depend on.
    has_gap: bool,
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
        let sides = Sides::new(pair, [source, model], [p, q]);
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

    /// So many counts as doubles tell apart, each e^−184 at the most, are less than an ulp of a sum with a larger logarithm.
    const FAR: f64 = -100.0;

    /// Whether counts that are left out may be a part of Σ pᵃ q¹⁻ᵃ with this logarithm, for an order from 0 to 1.
    pub fn may_lack(&self, log: f64) -> bool {
        self.has_gap && log < Self::FAR
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
        let unsure = self.unsure(side);
        if unsure > 0.0 {
            found.rounding += unsure * most;
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
        let unsure = [0, 1].map(|side| self.unsure(side)).into_iter().fold(0.0, f64::max);
        // What is missed has at most the power of all: 1 where the order is at most 1.
        let missed = if unsure > 0.0 { unsure * libm::exp(-log.min(0.0)) } else { 0.0 };
        RegionSum {
            value: log,
            size: log.abs(),
            change: found.change / found.value,
            rounding: found.rounding / found.value + missed,
        }
    }

    /// The slope of ln Σ pᵃ q¹⁻ᵃ in a, the mean of X under the law with probabilities in proportion to pᵃ q¹⁻ᵃ.
    pub fn tilted_mean(&self, order: f64) -> f64 {
        let log = |side: usize, point: &RegionPoint| {
            point.log_mass + if side == 0 { order - 1.0 } else { order } * point.ratio
        };
        let all =
            || [0, 1].into_iter().flat_map(|side| self.region(side).map(move |point| (log(side, point), point.ratio)));
        let common = || all().filter(|(_, ratio)| ratio.is_finite());
        let top = common().map(|(log, _)| log).fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut whole) = (CompensatedSum::default(), CompensatedSum::default());
        for (log, ratio) in common() {
            let weight = libm::exp(log - top);
            if weight > 0.0 {
                sum.push(weight * ratio);
                whole.push(weight);
            }
        }
        sum.value() / whole.value()
    }

    fn missing(&self, side: usize) -> f64 {
        self.missing.get(side).copied().unwrap_or_default()
    }

    /// The mass that may count on the wrong side of an end, or not at all.
    fn unsure(&self, side: usize) -> f64 {
        self.missing(side) + self.edges.get(side).copied().unwrap_or_default()
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

    /// With what the masses miss of 1; counts have no edges.
    fn checked(sides: [Vec<RegionPoint>; 2], edges: Option<[f64; 2]>) -> Result<Self, NoRegions> {
        /// A narrow law that the nodes have missed is no law at all.
        const ROOM: f64 = 1e-9;
        let is_quadrature = edges.is_some();
        let mut found =
            Self { sides, is_quadrature, missing: [0.0; 2], edges: edges.unwrap_or_default(), has_gap: false };
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
        /// Masses and powers end so far below 1, in nats.
        const NEGLIGIBLE: f64 = -184.0;
        let of = |negligible: f64| match [0, 1].map(|side| sides.counts(side, largest, negligible)) {
            [Some(of_source), Some(of_model)] => Self::checked([of_source, of_model], None),
            _ => Err(NoRegions::TooWide),
        };
        let found = of(NEGLIGIBLE)?;
        // As the logarithm is convex in the order and nowhere above 0, between orders 0 and 1 it is nowhere below twice that of 1/2.
        let least = 2.0 * found.log_power(0.5).value;
        if least > Self::FAR || least.is_infinite() {
            return Ok(found);
        }
        // Counts between P and Q may have most of a power that is so small. Of each it is no more than the larger of p and q.
        Ok(of(NEGLIGIBLE + least).unwrap_or(Self { has_gap: true, ..found }))
    }

    fn of_densities(sides: &Sides<'_>, is_settled: impl Fn(&Self) -> bool) -> Result<Self, NoRegions> {
        const FIRST_LEVEL: u32 = 5;
        const LAST_LEVEL: u32 = 11;
        let segments = [0, 1].map(|side| sides.segments(side));
        let edges = [0, 1].map(|side| sides.edges(side));
        let at = |level: u32| {
            let points = [0, 1].map(|side| {
                let of_side = segments.get(side).map(Vec::as_slice).unwrap_or_default();
                of_side.iter().flat_map(|segment| sides.nodes(side, segment, level)).collect()
            });
            Self::checked(points, Some(edges))
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
