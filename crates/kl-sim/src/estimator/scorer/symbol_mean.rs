//! Means over independent symbols, from their counts.

use super::batch::{Batch, Detail};
use super::scored::{ScoredTrial, Scorer};
use kl_math::statistics::each_occurring;
use std::borrow::Cow;

/// The mean over the sequence of one function of the symbol: Σ nᵢ xᵢ/N, summed in symbol order.
#[derive(Debug)]
pub struct SymbolMeanScorer<'a> {
    values: Cow<'a, [f64]>,
    n: u64,
    /// The counts so far of a sequence that comes in segments.
    so_far: Vec<u64>,
    has_std_errors: bool,
}

impl<'a> SymbolMeanScorer<'a> {
    /// Scores sequences of `n` symbols by `values`, one for each symbol.
    pub fn new(values: Cow<'a, [f64]>, n: u64) -> Self {
        let so_far = vec![0; values.len()];
        Self { values, n, so_far, has_std_errors: false }
    }
}

impl SymbolMeanScorer<'_> {
    /// The same with the sample standard error of each estimate, √(Σ nᵢ (xᵢ − mean)²/(N(N−1))); none of one symbol.
    #[must_use]
    pub fn with_std_errors(self) -> Self {
        Self { has_std_errors: true, ..self }
    }

    fn scored(&self, counts: &[u64]) -> ScoredTrial {
        let (estimate, n) = (symbol_mean(counts, &self.values, self.n), self.n as f64);
        let std_error = || {
            let mut squares = 0.0;
            each_occurring(counts, |symbol, count| {
                if let Some(value) = self.values.get(symbol) {
                    squares += count as f64 * ((value - estimate) * (value - estimate));
                }
            });
            (squares / n / (n - 1.0)).sqrt()
        };
        let std_error = (self.has_std_errors && self.n > 1 && estimate.is_finite()).then(std_error);
        ScoredTrial { std_error, ..ScoredTrial::of(estimate, self.n) }
    }
}

/// Σ nᵢ xᵢ/N over the symbols that occur: an infinite value counts only where its symbol does.
fn symbol_mean(counts: &[u64], values: &[f64], n: u64) -> f64 {
    /// Most symbols of a larger alphabet do not occur in short sequences.
    const FEW: usize = 32;
    if counts.len() > FEW {
        return occurring_mean(counts, values, n);
    }
    // Counts are below 2⁶³, and signed numbers convert faster.
    let sum: f64 = counts.iter().zip(values).map(|(&count, &value)| count as i64 as f64 * value).sum();
    if sum.is_finite() {
        return sum / n as f64;
    }
    occurring_mean(counts, values, n)
}

/// The same, of the symbols that occur alone.
fn occurring_mean(counts: &[u64], values: &[f64], n: u64) -> f64 {
    let mut sum = 0.0;
    each_occurring(counts, |symbol, count| {
        if let Some(value) = values.get(symbol) {
            sum += count as i64 as f64 * value;
        }
    });
    // +∞ − ∞: both an impossible symbol and one that Q cannot produce. Impossible under P comes first.
    if sum.is_nan() { f64::NEG_INFINITY } else { sum / n as f64 }
}

impl Scorer for SymbolMeanScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Totals
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        if batch.start == 0 && batch.end == self.n {
            scored.extend(batch.counts().map(|counts| self.scored(counts)));
            return;
        }
        for counts in batch.counts() {
            for (total, count) in self.so_far.iter_mut().zip(counts) {
                *total += count;
            }
        }
        if batch.end == self.n {
            scored.push(self.scored(&self.so_far));
            self.so_far.fill(0);
        }
    }

    fn running(&self, length: u64) -> f64 {
        symbol_mean(&self.so_far, &self.values, length)
    }
}
