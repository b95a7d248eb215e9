//! Linear maps of what is known in each state, applied many times.

use crate::numeric::DoubleDouble;

/// An entry of a map that is not 0: to, from, coefficient.
pub(super) type Entry = (usize, usize, DoubleDouble);

/// A linear map, by its entries.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    pub(super) size: usize,
    pub(super) entries: Vec<Entry>,
}

/// Products of numbers that are worth a wait: some seconds.
const MOST_PRODUCTS: u128 = 100_000_000;

impl Operator {
    /// The vector after so many applications; none where that takes too long.
    pub(super) fn applied(&self, times: u64, vector: Vec<DoubleDouble>) -> Option<Vec<DoubleDouble>> {
        if !self.is_quick(times) {
            return None;
        }
        let [one_by_one, by_squares] = self.products(times);
        if one_by_one <= by_squares {
            return Some((0..times).fold(vector, |vector, _| self.once(&vector)));
        }
        let mut matrix = vec![DoubleDouble::ZERO; self.size * self.size];
        for &(to, from, coefficient) in &self.entries {
            matrix[to * self.size + from] += coefficient;
        }
        let (mut vector, mut left) = (vector, times);
        while left > 0 {
            if left & 1 == 1 {
                vector = product(&matrix, &vector, self.size, 1);
            }
            left >>= 1;
            if left > 0 {
                matrix = product(&matrix, &matrix, self.size, self.size);
            }
        }
        Some(vector)
    }

    /// Whether so many applications take no longer than some seconds.
    pub(super) fn is_quick(&self, times: u64) -> bool {
        self.products(times).iter().any(|&products| products <= MOST_PRODUCTS)
    }

    /// The products of numbers that it takes one by one, and by squares.
    fn products(&self, times: u64) -> [u128; 2] {
        let (size, entries) = (self.size as u128, self.entries.len() as u128);
        let squares = times.checked_ilog2().map_or(0, u128::from);
        [entries * u128::from(times), size * size * size * squares + size * size * (squares + 1)]
    }

    fn once(&self, vector: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut after = vec![DoubleDouble::ZERO; self.size];
        for &(to, from, coefficient) in &self.entries {
            after[to] += coefficient * vector[from];
        }
        after
    }
}

/// A square matrix times one of so many columns, both row by row.
fn product(left: &[DoubleDouble], right: &[DoubleDouble], size: usize, columns: usize) -> Vec<DoubleDouble> {
    let mut found = vec![DoubleDouble::ZERO; size * columns];
    for (row, found) in left.chunks_exact(size).zip(found.chunks_exact_mut(columns)) {
        for (&factor, other) in row.iter().zip(right.chunks_exact(columns)) {
            if factor != DoubleDouble::ZERO {
                found.iter_mut().zip(other).for_each(|(sum, &other)| *sum += factor * other);
            }
        }
    }
    found
}
