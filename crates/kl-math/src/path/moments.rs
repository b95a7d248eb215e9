//! Exact mean and variance.

use super::estimate::PathEstimate;
use super::operator::{Entry, Operator};
use super::registers::{Change, REGISTERS, Registers, at_start};
use crate::numeric::DoubleDouble;

/// The exact mean and variance of an estimate, in nats and nats².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathMoments {
    /// E\[estimate\].
    pub mean: f64,
    /// Var\[estimate\].
    pub variance: f64,
    /// √E\[estimate²\], the size of what it is computed from.
    pub size: f64,
}

/// What is closer to 0 than this part of what it is the difference of is 0 but for the rounding of 106 bits.
const ROUNDING: f64 = 1e-24;

/// Sequences that are summed over, at most.
const MOST_SEQUENCES: u64 = 65_536;

impl PathEstimate {
    /// Mean and variance from `n` symbols, n ≥ 1; none where that takes too long, where a moment is beyond the doubles, and of one
    /// symbol where there are no others to average.
    ///
    /// Computed to 106 bits, symbol by symbol or by squares of the map of one: right to 1e-12 of themselves. Weights that are cut or
    /// normalised along the sequence are summed over all sequences, of which there may be 65,536.
    pub fn moments(&self, n: u64) -> Option<PathMoments> {
        if n == 0 || !self.has_length(n) {
            return None;
        }
        if !self.is_linear() {
            let law = self.law(n, MOST_SEQUENCES)?;
            let (mean, variance) = (law.mean(), law.variance());
            return Some(PathMoments { mean, variance, size: (mean * mean + variance).sqrt() });
        }
        let kept = self.kept(n);
        let mean = self.expectation(n, &kept.map_first())?;
        let square = self.expectation(n, &kept.map_second())?;
        let variance = square - mean * mean;
        if !mean.to_f64().is_finite() || !variance.to_f64().is_finite() {
            return None;
        }
        let (size, is_gone) = (square.to_f64().max(0.0), |part: f64, of: f64| part <= ROUNDING * of);
        let variance = if is_gone(variance.to_f64(), size) { 0.0 } else { variance.to_f64() };
        let is_zero = is_gone(mean.to_f64() * mean.to_f64(), ROUNDING * size);
        Some(PathMoments { mean: if is_zero { 0.0 } else { mean.to_f64() }, variance, size: size.sqrt() })
    }

    /// The mean alone: longer sequences, sooner.
    pub fn mean(&self, n: u64) -> Option<f64> {
        if n == 0 || !self.has_length(n) {
            return None;
        }
        if !self.is_linear() {
            return Some(self.law(n, MOST_SEQUENCES)?.mean());
        }
        let mean = self.expectation(n, &self.kept(n).map_first())?.to_f64();
        mean.is_finite().then_some(mean)
    }

    /// A number that |estimate| from `n` symbols never exceeds; none where it is not linear, where that takes too long, and beyond the
    /// doubles.
    ///
    /// Each register grows by no more than the largest parts of all events let it.
    pub fn reach(&self, n: u64) -> Option<f64> {
        if n == 0 || !self.has_length(n) || !self.is_linear() {
            return None;
        }
        let kept = self.kept(n);
        let size = kept.places.len();
        let mut largest = vec![DoubleDouble::ZERO; size * size];
        for (.., change) in &kept.changes {
            for (to, parts) in kept.entries(change).iter().enumerate() {
                for (from, part) in parts {
                    let place = &mut largest[to * size + from];
                    *place = if part.abs() > *place { part.abs() } else { *place };
                }
            }
        }
        let entries = largest.iter().enumerate().map(|(place, &part)| (place / size, place % size, part));
        let entries = entries.filter(|(.., part)| *part > DoubleDouble::ZERO).collect();
        let start = kept.places.iter().map(|&place| at_start()[place]).collect();
        let ends = Operator { size, entries }.applied(n, start)?;
        let reach: DoubleDouble = kept.places.iter().zip(ends).map(|(&place, end)| kept.of[place].abs() * end).sum();
        Some(reach.to_f64()).filter(|reach| reach.is_finite())
    }

    /// The registers that the estimate depends on.
    fn kept(&self, n: u64) -> Kept {
        let mut changes = Vec::new();
        let mut pattern = [[false; REGISTERS]; REGISTERS];
        for row in (0..self.laws().rows()).filter(|&row| self.laws().is_reached(row)) {
            for (symbol, event) in self.laws().row(row).iter().enumerate().filter(|(_, event)| event.can_happen()) {
                let change = self.change(row, symbol, event, n);
                change.iter().for_each(|&(to, from, _)| pattern[to][from] = true);
                changes.push((row, symbol, event.drawn, change));
            }
        }
        let of = self.of_registers(n);
        let mut is_kept = of.map(|part| part != DoubleDouble::ZERO);
        for _ in 0..REGISTERS {
            for (to, parts) in pattern.iter().enumerate() {
                if is_kept[to] {
                    is_kept.iter_mut().zip(parts).for_each(|(kept, &part)| *kept |= part);
                }
            }
        }
        let places = (0..REGISTERS).filter(|&register| is_kept[register]).collect();
        Kept { places, changes, of }
    }

    /// E\[f · z\] after `n` symbols.
    fn expectation(&self, n: u64, map: &Map) -> Option<DoubleDouble> {
        let (size, operator) = (map.start.len(), self.operator(map));
        if size == 0 {
            return Some(DoubleDouble::ZERO);
        }
        let mut vector = vec![DoubleDouble::ZERO; operator.size];
        vector[..size].copy_from_slice(&map.start);
        let vector = operator.applied(n, vector)?;
        let parts = vector.chunks_exact(size).flat_map(|known| known.iter().zip(&map.of));
        Some(parts.map(|(&known, &of)| known * of).sum())
    }

    /// What one symbol does to what is known at each row: the start is one of them where it is not the only one.
    fn operator(&self, map: &Map) -> Operator {
        let (laws, size) = (self.laws(), map.start.len());
        let place = |row: usize, register: usize| row * size + register;
        let entries = map.steps.iter().flat_map(|(row, symbol, parts)| {
            let after = laws.after(*symbol);
            parts.iter().map(move |&(to, from, part)| (place(after, to), place(*row, from), part))
        });
        Operator { size: laws.rows() * size, entries: gathered(entries.collect()) }
    }

    /// Whether the mean from `n` symbols can be had.
    pub(super) fn has_mean(&self, n: u64) -> bool {
        self.is_linear() && self.operator(&self.kept(n).map_first()).is_quick(n)
    }
}

/// Entries of one place summed.
fn gathered(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|&(to, from, _)| (to, from));
    entries
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter_map(|same| {
            let &(to, from, _) = same.first()?;
            Some((to, from, same.iter().map(|&(.., part)| part).sum()))
        })
        .collect()
}

/// The registers that matter, and what events do to them.
struct Kept {
    places: Vec<usize>,
    /// Row, symbol, its probability, and what it does.
    changes: Vec<(usize, usize, DoubleDouble, Change)>,
    of: Registers,
}

/// What is to be propagated: at the start, at each event, and what is read at the end.
struct Map {
    start: Vec<DoubleDouble>,
    /// Row, symbol, and the entries of its map times its probability.
    steps: Vec<(usize, usize, Vec<Entry>)>,
    of: Vec<DoubleDouble>,
}

impl Kept {
    /// The entries of a change that matter, among the registers that do.
    fn entries(&self, change: &Change) -> Vec<Vec<(usize, DoubleDouble)>> {
        let place = |register: usize| self.places.iter().position(|&kept| kept == register);
        let mut entries = vec![Vec::new(); self.places.len()];
        for &(to, from, part) in change {
            if let (Some(to), Some(from)) = (place(to), place(from)) {
                entries[to].push((from, part));
            }
        }
        entries
    }

    /// Of the registers themselves.
    fn map_first(&self) -> Map {
        let start = at_start();
        let step = |(row, symbol, mass, change): &(usize, usize, DoubleDouble, Change)| {
            let entries = self.entries(change);
            let parts = entries
                .iter()
                .enumerate()
                .flat_map(|(to, parts)| parts.iter().map(move |&(from, part)| (to, from, *mass * part)));
            (*row, *symbol, parts.collect())
        };
        Map {
            start: self.places.iter().map(|&place| start[place]).collect(),
            steps: self.changes.iter().map(step).collect(),
            of: self.places.iter().map(|&place| self.of[place]).collect(),
        }
    }

    /// Of their products, each pair once.
    fn map_second(&self) -> Map {
        let count = self.places.len();
        let pairs: Vec<(usize, usize)> = (0..count).flat_map(|a| (a..count).map(move |b| (a, b))).collect();
        let place = |a: usize, b: usize| {
            let (low, high) = (a.min(b), a.max(b));
            low * count - low * (low + 1) / 2 + high
        };
        let step = |(row, symbol, mass, change): &(usize, usize, DoubleDouble, Change)| {
            let entries = self.entries(change);
            let mut parts = Vec::new();
            for (to, &(a, b)) in pairs.iter().enumerate() {
                for &(first, of_first) in &entries[a] {
                    for &(second, of_second) in &entries[b] {
                        parts.push((to, place(first, second), *mass * of_first * of_second));
                    }
                }
            }
            (*row, *symbol, gathered(parts))
        };
        let start = at_start();
        let of = |a: usize, b: usize| {
            let product = self.of[self.places[a]] * self.of[self.places[b]];
            if a == b { product } else { DoubleDouble::TWO * product }
        };
        Map {
            start: pairs.iter().map(|&(a, b)| start[self.places[a]] * start[self.places[b]]).collect(),
            steps: self.changes.iter().map(step).collect(),
            of: pairs.iter().map(|&(a, b)| of(a, b)).collect(),
        }
    }
}
