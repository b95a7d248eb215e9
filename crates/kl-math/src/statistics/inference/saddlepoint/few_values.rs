//! Tails of a sum of copies of a variable that takes few values, summed over the ways in which the copies fall upon them.

use crate::law::Binomial;
use crate::numeric::{DoubleDouble, log_poisson_mass};

/// More values than this are not tried.
pub(super) const MOST_VALUES: usize = 8;

/// So many ways are summed at the most, and terms of binomial laws.
const MOST_STEPS: f64 = 32_768.0;

/// Where a tail is smaller, what is left out of the binomial laws may matter.
const LEAST: f64 = 1e-25;

/// What rounding may do to a value, as a part of the size of all.
const ROUNDING: f64 = 2e-12;

/// The tails of the mean of `count` copies beyond `deviation`, in its direction and in the other one, an atom there in both;
/// `terms` are mass and value, `size` is that of what the values are computed from, and `tilt` the s at which the tilted mean is
/// `deviation`. None where that would take too many steps.
///
/// The counts of all values but the two most probable are gone through; given these, the count of one of the two is binomial.
pub(super) fn tails(terms: &[(f64, f64)], size: f64, deviation: f64, count: f64, tilt: f64) -> Option<[f64; 2]> {
    const LARGEST: f64 = 1e6;
    if !(2..=MOST_VALUES).contains(&terms.len()) || count > LARGEST {
        return None;
    }
    let sign = if deviation < 0.0 { -1.0 } else { 1.0 };
    let mut values: Vec<(f64, f64)> = terms.iter().map(|&(mass, value)| (mass, sign * value)).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let top = values.iter().map(|&(_, value)| tilt.abs() * value).fold(f64::NEG_INFINITY, f64::max);
    let tilted = |(mass, value): (f64, f64)| mass * libm::exp(tilt.abs() * value - top);
    let whole: f64 = values.iter().map(|&value| tilted(value)).sum();
    let (rare, pair) = values.split_at(values.len() - 2);
    let &[one, other] = pair else { return None };
    let (low, high) = if one.1 < other.1 { (one, other) } else { (other, one) };
    let ranges: Vec<(u64, u64)> = rare.iter().map(|&value| range(count * tilted(value) / whole, count)).collect();
    let ways: f64 = ranges.iter().map(|(fewest, most)| (most - fewest + 1) as f64).product();
    let both = low.0 + high.0;
    let totals = rare.iter().map(|&value| tilted(value) / whole).sum::<f64>();
    let laws = ranges.iter().map(|(fewest, most)| (most - fewest + 1) as f64).sum::<f64>();
    let laws = laws.min(2.0 * REACH * (count * totals * (1.0 - totals)).sqrt() + 2.0 * ROOM);
    let width = (2.0 * 13.6 * (count * low.0 * high.0).sqrt() / both + 40.0).min(count);
    if ways + laws * width > MOST_STEPS {
        return None;
    }
    let weights =
        |((mass, _), (fewest, most)): (&(f64, f64), &(u64, u64))| poisson_weights(count * mass, *fewest, *most);
    let places = rare.iter().zip(&ranges).zip(rare.iter().zip(&ranges).map(weights));
    let places = places.map(|((&(_, value), &(fewest, _)), weights)| Place { value, fewest, weights });
    let tolerance = ROUNDING * size * count;
    let mut sums = Sums {
        n: count as u64,
        threshold: deviation.abs() * count - tolerance,
        room: 2.0 * tolerance,
        low: low.1,
        step: high.1 - low.1,
        share: [DoubleDouble::from(high.0 / both), DoubleDouble::from(low.0 / both)],
        mean: count * both,
        tables: std::collections::BTreeMap::new(),
        tails: [0.0; 2],
    };
    sums.go_through(&places.collect::<Vec<Place>>(), 0, 0.0, 1.0);
    let scale = libm::exp(log_poisson_mass(count, count));
    let [outer, atom] = sums.tails.map(|tail| tail / scale);
    (outer > LEAST).then_some([outer, 1.0 - outer + atom])
}

/// Counts that matter to a tail lie within so many standard deviations of their tilted mean, and so many more: those beyond add
/// less than 1e-7 of it.
const REACH: f64 = 6.0;
const ROOM: f64 = 7.0;

/// The counts that matter, of this mean.
fn range(mean: f64, count: f64) -> (u64, u64) {
    let reach = REACH * mean.sqrt() + ROOM;
    ((mean - reach).max(0.0) as u64, (mean + reach).min(count) as u64)
}

/// The chances of these counts for a Poisson law.
fn poisson_weights(mean: f64, fewest: u64, most: u64) -> Vec<f64> {
    let mut weight = libm::exp(log_poisson_mass(fewest as f64, mean));
    let next = |count: u64| {
        let this = weight;
        weight *= mean / (count + 1) as f64;
        this
    };
    (fewest..=most).map(next).collect()
}

/// A value whose counts are gone through.
struct Place {
    value: f64,
    fewest: u64,
    /// By the count from the fewest on.
    weights: Vec<f64>,
}

/// P(X ≥ k) of a binomial law for k from the first on.
struct Table {
    first: u64,
    tails: Vec<f64>,
}

impl Table {
    fn of(law: &Binomial) -> Self {
        /// Less probable counts are left out.
        const LEAST: f64 = 1e-40;
        let mode = law.mode();
        let top = law.mass(mode);
        let (odds, n) = (law.odds(), law.trials());
        let (mut above, mut term) = (Vec::new(), top);
        let mut k = mode;
        while k < n && term > LEAST {
            term *= (n - k) as f64 / (k + 1) as f64 * odds;
            above.push(term);
            k += 1;
        }
        let mut below = vec![top];
        let (mut k, mut term) = (mode, top);
        while k > 0 && term > LEAST {
            term *= k as f64 / ((n - k + 1) as f64 * odds);
            below.push(term);
            k -= 1;
        }
        let first = mode - (below.len() - 1) as u64;
        below.reverse();
        below.extend(above);
        let mut sum = 0.0;
        for term in below.iter_mut().rev() {
            sum += *term;
            *term = sum;
        }
        Self { first, tails: below }
    }

    fn upper_tail(&self, k: f64) -> f64 {
        if k <= self.first as f64 {
            1.0
        } else {
            self.tails.get(k as usize - self.first as usize).copied().unwrap_or(0.0)
        }
    }
}

/// What the ways come to.
struct Sums {
    n: u64,
    /// Sums from here on are in the tail, and those within the room above it are the atom.
    threshold: f64,
    room: f64,
    /// The smaller of the two most probable values, and how much larger the other one is.
    low: f64,
    step: f64,
    /// The chances of the larger and of the smaller one, given one of both.
    share: [DoubleDouble; 2],
    /// The mean number of both.
    mean: f64,
    tables: std::collections::BTreeMap<u64, (f64, Table)>,
    tails: [f64; 2],
}

impl Sums {
    /// Goes through the counts of `places`; those before them have taken so many copies, of this sum and weight.
    fn go_through(&mut self, places: &[Place], taken: u64, sum: f64, weight: f64) {
        let Some((place, rest)) = places.split_first() else { return self.add(taken, sum, weight) };
        for (count, &own) in (place.fewest..).zip(&place.weights) {
            if taken + count > self.n {
                break;
            }
            self.go_through(rest, taken + count, sum + count as f64 * place.value, weight * own);
        }
    }

    fn add(&mut self, taken: u64, sum: f64, weight: f64) {
        let left = self.n - taken;
        let (mean, share) = (self.mean, self.share);
        let table = || {
            let law = Binomial::new(left, share[0], share[1]);
            (libm::exp(log_poisson_mass(left as f64, mean)), Table::of(&law))
        };
        let (chance, table) = self.tables.entry(taken).or_insert_with(table);
        let needed = (self.threshold - sum - left as f64 * self.low) / self.step;
        let (first, next) = (needed.ceil(), (needed + self.room / self.step).floor() + 1.0);
        let (tail, beyond) = (table.upper_tail(first), if next > first { table.upper_tail(next) } else { f64::NAN });
        let weight = weight * *chance;
        self.tails[0] += weight * tail;
        if next > first {
            self.tails[1] += weight * (tail - beyond);
        }
    }
}
