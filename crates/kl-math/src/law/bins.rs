//! Fixed bins for the histogram of the estimates, with the exact mass of each.

use super::{Atom, Law, SumLaw, TwoValues};
use std::ops::RangeInclusive;

/// The largest number of bins.
pub const MAX_BINS: usize = 512;

/// The number of bins that span the law where atoms share bins.
const GROUPED_BINS: u64 = 160;

/// Bins reach this many standard deviations to either side; values beyond have a bin of their own.
const REACH: f64 = 8.0;

/// One bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The smallest value in it, nats per symbol.
    pub lower: f64,
    /// The largest value in it; the same as `lower` for a single atom.
    pub upper: f64,
    /// Its probability under the exact law, where that is known.
    pub mass: Option<f64>,
}

/// Bins that together take every value, and the cuts between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    bins: Vec<Bin>,
    /// Bin i takes the values up to `cuts[i]`; the last takes the rest.
    cuts: Vec<f64>,
    guide: Guide,
}

/// Where among the cuts to look for a value, so that only few have to be compared with it.
#[derive(Clone, Debug, PartialEq)]
struct Guide {
    low: f64,
    /// Cells a nat.
    scale: f64,
    /// How many cuts lie in cells before each, and all of them.
    starts: Vec<u16>,
}

impl Guide {
    fn new(cuts: &[f64]) -> Self {
        const CELLS: usize = 1024;
        let finite = || cuts.iter().copied().filter(|cut| cut.abs() < f64::MAX);
        let (low, high) = (finite().next().unwrap_or(0.0), finite().next_back().unwrap_or(0.0));
        let scale = CELLS as f64 / (high - low);
        let mut guide = Self { low, scale: if scale.is_finite() { scale } else { 0.0 }, starts: vec![0; CELLS + 1] };
        for &cut in cuts {
            let cell = guide.cell(cut);
            guide.starts[cell + 1] += 1;
        }
        let mut before = 0;
        for start in &mut guide.starts {
            before += *start;
            *start = before;
        }
        guide
    }

    /// A value's cell: no lower than that of any lower value.
    fn cell(&self, value: f64) -> usize {
        // Below 0 and beyond the last cell, and NaN (∞ where the scale is 0), are cut to the ends.
        (((value - self.low) * self.scale) as usize).min(self.starts.len().saturating_sub(2))
    }
}

impl Bins {
    /// Bins of an estimate of mean `mean` and standard deviation `std_dev` that lies within `range`, nats per symbol; both
    /// are infinite where they are not known.
    ///
    /// A law of few atoms has a bin for each. One of many has bins of neighbouring atoms. Without a law the edges come from
    /// mean and deviation alone, or are powers of two where one of these is infinite, and the probabilities are unknown, except
    /// that of the infinite values.
    pub fn new(law: Option<&Law>, mean: f64, std_dev: f64, range: (f64, f64), infinite_mass: f64) -> Self {
        match law {
            Some(Law::TwoValues(law)) => Self::of_counts(law),
            Some(Law::Sum(law)) => Self::of_sum(law),
            Some(Law::Atoms(atoms)) => Self::of_atoms(atoms, mean, std_dev),
            None => Self::of_moments(mean, std_dev, range, infinite_mass),
        }
    }

    /// The bins, by rising value.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// The bin that `value` falls into.
    pub fn place(&self, value: f64) -> usize {
        let cell = self.guide.cell(value);
        match self.guide.starts.get(cell..cell + 2) {
            Some(&[start, end]) => {
                let (start, end) = (usize::from(start), usize::from(end));
                start + self.cuts[start..end].iter().filter(|&&cut| cut < value).count()
            }
            _ => self.cuts.partition_point(|&cut| cut < value),
        }
    }

    fn of_counts(law: &TwoValues) -> Self {
        let Some(binomial) = law.of_trials(1) else {
            return Self::from_bins(vec![Bin { lower: law.value(0), upper: law.value(law.n), mass: Some(1.0) }]);
        };
        let reach = REACH * binomial.std_dev() + REACH;
        let low = (binomial.mean() - reach).max(0.0) as u64;
        let high = ((binomial.mean() + reach) as u64).min(law.n);
        let inside = high - low + 1;
        let stride = if inside + 2 <= MAX_BINS as u64 { 1 } else { inside.div_ceil(GROUPED_BINS) };
        let mut counts: Vec<RangeInclusive<u64>> = Vec::new();
        if low > 0 {
            counts.push(0..=low - 1);
        }
        let mut start = low;
        while start <= high {
            let end = (start + stride - 1).min(high);
            counts.push(start..=end);
            start = end + 1;
        }
        if high < law.n {
            counts.push(high + 1..=law.n);
        }
        let mut bins: Vec<Bin> = counts
            .into_iter()
            .map(|counts| {
                let (one, other) = (law.value(*counts.start()), law.value(*counts.end()));
                let mass = binomial.mass_between(*counts.start(), *counts.end());
                Bin { lower: one.min(other), upper: one.max(other), mass: Some(mass) }
            })
            .collect();
        if law.first < law.second {
            bins.reverse();
        }
        Self::from_bins(bins)
    }

    fn of_sum(law: &SumLaw) -> Self {
        let (mean, std_dev) = law.moments();
        let [first, last] = law.support();
        // A bin takes the sums above one edge and up to the next; whole ones are counted by their stride.
        let width = 2.0 * REACH * std_dev / GROUPED_BINS as f64;
        let (start, step) = if law.is_whole() {
            let step = if 2.0 * REACH * (std_dev + 1.0) + 3.0 <= MAX_BINS as f64 { 1.0 } else { width.ceil() };
            ((mean - REACH * (std_dev + 1.0)).max(first).ceil() - 1.0, step)
        } else {
            (mean - REACH * std_dev, width)
        };
        let end = mean + REACH * (std_dev + if law.is_whole() { 1.0 } else { 0.0 });
        let inside = (0..MAX_BINS).map(|edge| start + edge as f64 * step).take_while(|edge| *edge < end);
        let mut edges: Vec<f64> = inside.filter(|edge| (first..last).contains(edge)).collect();
        let before_first = if law.is_whole() { first - 1.0 } else { first };
        edges.insert(0, before_first);
        edges.push(last);
        edges.dedup();
        let bins = edges.windows(2).filter_map(|pair| match *pair {
            [above, up_to] => {
                let least = if law.is_whole() { above + 1.0 } else { above };
                let (one, other) = (law.value(least), law.value(up_to));
                let mass = law.mass_between(above, up_to);
                Some(Bin { lower: one.min(other), upper: one.max(other), mass: Some(mass) })
            }
            _ => None,
        });
        let mut bins: Vec<Bin> = bins.collect();
        if !law.rises() {
            bins.reverse();
        }
        Self::from_bins(bins)
    }

    fn of_atoms(atoms: &[Atom], mean: f64, std_dev: f64) -> Self {
        let finite = atoms.iter().filter(|atom| atom.value.is_finite());
        let scale = finite.clone().map(|atom| atom.value.abs()).fold(0.0, f64::max);
        // Equal sums added in another order differ by rounding: they are one atom.
        let mut bins = gather(finite, |bin, atom| atom.value - bin.upper <= 1e-13 * scale);
        if bins.len() + 1 > MAX_BINS {
            let width = 2.0 * REACH * std_dev / GROUPED_BINS as f64;
            let cell = |value: f64| ((value - mean) / width).floor().clamp(-(GROUPED_BINS as f64), GROUPED_BINS as f64);
            let finite = atoms.iter().filter(|atom| atom.value.is_finite());
            bins = gather(finite, |bin, atom| cell(bin.lower) == cell(atom.value));
        }
        bins.extend(atoms.iter().filter(|atom| atom.value.is_infinite()).map(|atom| Bin {
            lower: atom.value,
            upper: atom.value,
            mass: Some(atom.mass),
        }));
        Self::from_bins(bins)
    }

    fn of_moments(mean: f64, std_dev: f64, range: (f64, f64), infinite_mass: f64) -> Self {
        let mut bins = Vec::new();
        let within = |edges: Vec<f64>| {
            let edges: Vec<f64> = edges.into_iter().filter(|edge| *edge > range.0 && *edge < range.1).collect();
            let lowers = std::iter::once(range.0).chain(edges.iter().copied());
            let uppers = edges.iter().copied().chain(std::iter::once(range.1));
            lowers.zip(uppers).map(|(lower, upper)| Bin { lower, upper, mass: None }).collect::<Vec<Bin>>()
        };
        if mean.is_finite() && std_dev > 0.0 && std_dev.is_finite() {
            let width = 2.0 * REACH * std_dev / GROUPED_BINS as f64;
            let half = (GROUPED_BINS / 2) as i32;
            bins = within((-half..=half).map(|step| mean + f64::from(step) * width).collect());
        } else if range.0 < range.1 && std_dev != 0.0 && infinite_mass == 0.0 {
            bins = within(powers_of_two());
        } else {
            let mass = Some(1.0 - infinite_mass);
            bins.push(Bin { lower: range.0, upper: range.1, mass });
        }
        if infinite_mass > 0.0 {
            bins.push(Bin { lower: f64::INFINITY, upper: f64::INFINITY, mass: Some(infinite_mass) });
        }
        Self::from_bins(bins)
    }

    /// Cuts midway between neighbours, so that rounding cannot move an atom across one.
    fn from_bins(bins: Vec<Bin>) -> Self {
        let cuts = bins
            .windows(2)
            .filter_map(|pair| match pair {
                [_, above] if above.lower.is_infinite() => Some(f64::MAX),
                [below, above] => Some(below.upper + 0.5 * (above.lower - below.upper)),
                _ => None,
            })
            .collect::<Vec<f64>>();
        Self { bins, guide: Guide::new(&cuts), cuts }
    }
}

/// Edges for values of any size, where no moments say which: ±2^−20 … ±2^40 and 0.
fn powers_of_two() -> Vec<f64> {
    let powers = std::iter::successors(Some(1.0 / f64::from(1 << 20)), |power| Some(2.0 * power)).take(61);
    let positive: Vec<f64> = powers.collect();
    positive.iter().rev().map(|power| -power).chain([0.0]).chain(positive.iter().copied()).collect()
}

/// Sorted atoms, those that belong together in one bin.
fn gather<'a>(atoms: impl Iterator<Item = &'a Atom>, together: impl Fn(&Bin, &Atom) -> bool) -> Vec<Bin> {
    let mut bins: Vec<Bin> = Vec::new();
    for atom in atoms {
        match bins.last_mut() {
            Some(bin) if together(bin, atom) => {
                bin.upper = atom.value;
                bin.mass = bin.mass.map(|mass| mass + atom.mass);
            }
            _ => bins.push(Bin { lower: atom.value, upper: atom.value, mass: Some(atom.mass) }),
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The guide leads to the bin that a search through all cuts finds.
        #[test]
        fn the_guide_only_saves_time(
            atoms in proptest::collection::vec((-1e3f64..1e3, 0u32..40), 1..400),
            values in proptest::collection::vec(-2e3f64..2e3, 20),
            has_infinite in any::<bool>(),
        ) {
            // Scaled down at random, so that many are crowded together.
            let mut atoms: Vec<f64> = atoms.into_iter().map(|(value, scale)| value / f64::from(1u32 << (scale % 31))).collect();
            atoms.sort_by(f64::total_cmp);
            let mut all: Vec<Atom> = atoms.iter().map(|&value| Atom { value, mass: 0.0 }).collect();
            if has_infinite {
                all.push(Atom { value: f64::INFINITY, mass: 0.0 });
            }
            let bins = Bins::of_atoms(&all, 0.0, 1.0);
            let ends = [f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 0.0];
            for value in atoms.iter().chain(&values).chain(&bins.cuts).copied().chain(ends) {
                prop_assert_eq!(bins.place(value), bins.cuts.partition_point(|&cut| cut < value), "{}", value);
            }
        }
    }
}
