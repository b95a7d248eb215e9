//! The cumulant generating function of a centred variable with finitely many values.

use super::{CumulantFunction, lattice};
use crate::numeric::{exp_excess, exp_excess_of, sine_excess};

/// K(s) = ln E\[e^{sY}\] of a variable Y with E\[Y\] = 0, which takes finitely many values.
///
/// The zero mean is used, not computed: with it E\[e^{sY}\] = 1 + Σ p φ(sy), φ(z) = eᶻ − 1 − z ≥ 0, so that
/// K keeps all its digits where s is small, which is where the bounds of many trials live.
///
/// ```
/// use kl_math::divergence::{CumulantFunction, FiniteCumulants};
/// // Y = ±1 with equal chances: K(s) = ln cosh s.
/// let k = FiniteCumulants::new(vec![(0.5, 1.0), (0.5, -1.0)]);
/// assert!((k.value(1e-9) / 0.5e-18 - 1.0).abs() < 1e-12);
/// assert!((k.slope(1.0) - 0.761_594_155_955_764_9).abs() < 1e-15);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FiniteCumulants {
    /// Mass and value, the probabilities positive.
    terms: Vec<(f64, f64)>,
    largest: f64,
    smallest: f64,
    left_out: f64,
    /// Of what the values are computed from.
    size: f64,
    /// The values were split, so that their variance is larger than that of the variable.
    is_gathered: bool,
}

impl FiniteCumulants {
    /// The function of a variable with these (mass, value) pairs; probabilities of zero are left out, and values that
    /// differ by less than 1e-12 of the largest are taken for one, their mean, if nothing is lost by that.
    pub fn new(terms: Vec<(f64, f64)>) -> Self {
        Self::of_distinct(merged(terms))
    }

    /// The same, of values that are computed from others of this size: see [`scale`](CumulantFunction::scale).
    #[must_use]
    pub fn with_size(self, size: f64) -> Self {
        Self { size: self.size.max(size), ..self }
    }

    fn of_distinct(terms: Vec<(f64, f64)>) -> Self {
        let largest = terms.iter().map(|&(_, value)| value).fold(f64::NEG_INFINITY, f64::max);
        let smallest = terms.iter().map(|&(_, value)| value).fold(f64::INFINITY, f64::min);
        Self {
            terms,
            largest,
            smallest,
            left_out: 0.0,
            size: f64::max(largest.abs(), smallest.abs()),
            is_gathered: false,
        }
    }

    /// The same, of values that are computed from numbers of this size: their rounding is a part of it.
    #[must_use]
    pub fn sized(self, size: f64) -> Self {
        Self { size: self.size.max(size), ..self }
    }

    /// A function that is nowhere smaller than that of a variable with very many values, some of them far out. Whatever
    /// more there is of it has at most the mass `left_out`; `size` is that of what the values are computed from.
    ///
    /// Each value is split between the two points next to it so that its mean stays: every exponential is convex, so its mean
    /// can only grow (Jensen). The distances of the points grow with theirs from 0: a fiftieth of a standard deviation near it.
    #[must_use]
    pub fn gathered(terms: Vec<(f64, f64)>, left_out: f64, size: f64) -> Self {
        const POINTS_A_UNIT: f64 = 50.0;
        let deviation = terms.iter().map(|&(mass, value)| mass * value * value).sum::<f64>().sqrt();
        let point = |place: f64| deviation * libm::sinh(place / POINTS_A_UNIT);
        let mut probabilities: std::collections::BTreeMap<i64, f64> = std::collections::BTreeMap::new();
        for (mass, value) in terms {
            let place = (POINTS_A_UNIT * libm::asinh(value / deviation)).floor();
            let (below, above) = (point(place), point(place + 1.0));
            let share = ((value - below) / (above - below)).clamp(0.0, 1.0);
            *probabilities.entry(place as i64).or_default() += mass * (1.0 - share);
            *probabilities.entry(place as i64 + 1).or_default() += mass * share;
        }
        // The points are as far apart as they should be; where the largest is far out, others are not the same.
        let terms =
            probabilities.into_iter().filter(|&(_, mass)| mass > 0.0).map(|(place, mass)| (mass, point(place as f64)));
        // The largest values are so rare that their rounding is no part of any mean.
        Self { left_out, size: size + deviation, is_gathered: true, ..Self::of_distinct(terms.collect()) }
    }

    /// The same function, of values that stand for those of a continuous variable: they are not taken one by one.
    #[must_use]
    pub(crate) fn of_continuum(terms: Vec<(f64, f64)>) -> Self {
        Self { is_gathered: true, ..Self::of_distinct(terms) }
    }

    /// E\[|Y|\].
    pub fn mean_size(&self) -> f64 {
        self.terms.iter().map(|&(mass, value)| mass * value.abs()).sum()
    }

    /// How many values Y takes.
    pub fn value_count(&self) -> usize {
        self.terms.len()
    }

    /// Whether K is only a bound, from values that were [gathered](Self::gathered): it is then no bound of anything in which
    /// the values of Y are not tilted by an exponential, such as the lower tail of Y².
    pub fn is_gathered(&self) -> bool {
        self.is_gathered
    }

    /// The same function, or if there are more than `count` values one that is nowhere smaller, see [`gathered`](Self::gathered).
    #[must_use]
    pub fn gathered_beyond(&self, count: usize) -> Self {
        if self.terms.len() <= count {
            return self.clone();
        }
        Self::gathered(self.terms.clone(), self.left_out, self.size)
    }

    /// ln |E\[e^{itY}\]| and the angle of E\[e^{itY}\], accurate near t = 0, where they are −t²K″/2 and −t³K‴/6.
    pub fn characteristic(&self, t: f64) -> (f64, f64) {
        let (loss, sine) = self.terms.iter().fold((0.0, 0.0), |(loss, sine), &(mass, y)| {
            let half = libm::sin(0.5 * t * y);
            (loss + mass * 2.0 * half * half, sine + mass * sine_excess(t * y))
        });
        let log_size = 0.5 * libm::log1p(loss * (loss - 2.0) + sine * sine);
        (log_size, libm::atan2(sine, 1.0 - loss))
    }

    /// The largest value of Y, or the smallest.
    pub fn extreme(&self, upper: bool) -> f64 {
        if upper { self.largest } else { self.smallest }
    }

    /// How far the next value is from the largest, or from the smallest; 0 if there is none.
    pub fn gap(&self, upper: bool) -> f64 {
        let end = self.extreme(upper);
        let distances = self.terms.iter().map(|&(_, y)| (y - end).abs()).filter(|&distance| distance > 0.0);
        distances.reduce(f64::min).unwrap_or(0.0)
    }

    fn top(&self, s: f64) -> f64 {
        if s >= 0.0 { s * self.largest } else { s * self.smallest }
    }
}

impl CumulantFunction for FiniteCumulants {
    fn value(&self, s: f64) -> f64 {
        let top = self.top(s);
        if top < 500.0 {
            return libm::log1p(self.terms.iter().map(|&(mass, y)| mass * exp_excess(s * y)).sum());
        }
        top + libm::log(self.terms.iter().map(|&(mass, y)| mass * libm::exp(s * y - top)).sum())
    }

    fn slope(&self, s: f64) -> f64 {
        let top = self.top(s);
        let sums = if top < 500.0 {
            self.terms.iter().fold((0.0, 1.0), |(above, below), &(mass, y)| {
                let rise = libm::expm1(s * y);
                (above + mass * y * rise, below + mass * exp_excess_of(s * y, rise))
            })
        } else {
            self.terms.iter().fold((0.0, 0.0), |(above, below), &(mass, y)| {
                let weight = mass * libm::exp(s * y - top);
                (above + weight * y, below + weight)
            })
        };
        sums.0 / sums.1
    }

    fn variance(&self) -> f64 {
        // With one value only, Y is 0 and whatever lies beside it is rounding.
        if self.terms.len() < 2 { 0.0 } else { self.terms.iter().map(|&(mass, y)| mass * y * y).sum() }
    }

    fn curvature(&self, s: f64) -> f64 {
        let (top, slope) = (self.top(s), self.slope(s));
        let (above, below) = self.terms.iter().fold((0.0, 0.0), |(above, below), &(mass, y)| {
            let weight = mass * libm::exp(s * y - top);
            (above + weight * (y - slope) * (y - slope), below + weight)
        });
        above / below
    }

    fn shape(&self, s: f64) -> (f64, f64) {
        let (top, slope) = (self.top(s), self.slope(s));
        let mut sums = [0.0; 4];
        for &(mass, y) in &self.terms {
            let (weight, distance) = (mass * libm::exp(s * y - top), y - slope);
            let square = distance * distance;
            let powers = [1.0, square, square * distance, square * square];
            sums.iter_mut().zip(powers).for_each(|(sum, power)| *sum += weight * power);
        }
        let [whole, second, third, fourth] = sums;
        let variance = second / whole;
        (third / whole / (variance * variance.sqrt()), fourth / whole / (variance * variance) - 3.0)
    }

    fn values(&self) -> Option<&[(f64, f64)]> {
        (!self.is_gathered).then_some(&self.terms)
    }

    fn points(&self) -> Option<&[(f64, f64)]> {
        Some(&self.terms)
    }

    fn span(&self) -> Option<f64> {
        let values = self.values()?;
        lattice::span(values.iter().map(|&(_, value)| value))
    }

    fn has_exponential_squares(&self) -> bool {
        /// The ends of a bounded variable are more probable than what is left out of an unbounded one.
        const CUT: f64 = 1e-30;
        let is_end = |end: Option<&(f64, f64)>| end.is_some_and(|&(mass, _)| mass > CUT);
        self.left_out == 0.0 || (is_end(self.terms.first()) && is_end(self.terms.last()))
    }

    fn scale(&self) -> f64 {
        self.size
    }

    fn left_out(&self) -> f64 {
        self.left_out
    }

    fn end_of_domain(&self, upper: bool) -> f64 {
        /// Tilts go no further than to where the end of the range outweighs the next value by e^50: beyond it nothing is
        /// gained.
        const FARTHEST: f64 = 50.0;
        let gap = self.gap(upper);
        // With one value only, Y is 0 and whatever lies beside it is rounding.
        if gap == 0.0 { 0.0 } else { FARTHEST / gap }
    }
}

/// Values closer than this part of the largest differ by rounding alone.
const SAME: f64 = 1e-12;

/// … unless putting them together took more than this part of the variance away, which rare and large values may dominate.
const LOST: f64 = 1e-20;

/// The terms with a mass, by rising value, those that differ by rounding alone as one at their mean.
fn merged(mut terms: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    terms.retain(|&(mass, _)| mass > 0.0);
    terms.sort_by(|a, b| a.1.total_cmp(&b.1));
    let scale = terms.iter().map(|&(_, value)| value.abs()).fold(0.0, f64::max);
    let most: f64 = LOST * terms.iter().map(|&(mass, value)| mass * value * value).sum::<f64>();
    let mut merged: Vec<(f64, f64)> = Vec::with_capacity(terms.len());
    let mut start = f64::NEG_INFINITY;
    for (mass, value) in terms {
        match merged.last_mut() {
            Some(last) if value - start <= SAME * scale && mass * (value - last.1) * (value - last.1) <= most => {
                last.1 += (value - last.1) * (mass / (last.0 + mass));
                last.0 += mass;
            }
            _ => {
                start = value;
                merged.push((mass, value));
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> FiniteCumulants {
        let value = |k: i32| libm::sin(f64::from(k) * 1.7);
        let terms: Vec<(f64, f64)> = (0..1000).map(|k| (0.001, value(k))).collect();
        let mean: f64 = terms.iter().map(|(mass, value)| mass * value).sum();
        FiniteCumulants::new(terms.into_iter().map(|(mass, value)| (mass, value - mean)).collect())
    }

    #[test]
    fn values_that_differ_by_rounding_alone_are_one() {
        let function = FiniteCumulants::new(vec![(0.5, 1.0), (0.25, -1.0), (0.25, -1.0 - 4e-16)]);
        assert_eq!(function.terms.len(), 2);
        assert!((function.gap(true) - 2.0).abs() < 1e-15 && (function.gap(false) - 2.0).abs() < 1e-15);
    }

    /// Gathering keeps the mean and raises K everywhere, but not by much.
    #[test]
    fn a_gathered_variable_is_an_upper_bound() {
        let (exact, gathered) = (many(), many().gathered_beyond(256));
        assert!(gathered.is_gathered() && !exact.is_gathered() && gathered.value_count() <= 256);
        assert!(gathered.terms.iter().map(|(mass, value)| mass * value).sum::<f64>().abs() < 1e-14);
        for s in [-30.0, -3.0, -0.3, 0.3, 3.0, 30.0] {
            let excess = gathered.value(s) / exact.value(s) - 1.0;
            assert!((-1e-12..3e-3).contains(&excess), "{s}: {excess:e}");
        }
    }

    #[test]
    fn slope_and_curvature_are_the_derivatives() {
        let function = many();
        for s in [-2.0, 0.5, 700.0] {
            let step = 1e-5;
            let slope = (function.value(s + step) - function.value(s - step)) / (2.0 * step);
            let curvature = (function.slope(s + step) - function.slope(s - step)) / (2.0 * step);
            assert!(
                (function.slope(s) - slope).abs() < 1e-8 && (function.curvature(s) - curvature).abs() < 1e-6,
                "{s}"
            );
        }
    }
}
